// The numbers of lists in texts of Word, whatever form they are stored in.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace tarn::document::office {

inline constexpr int kListLevels = 9;

// Where a paragraph stands in the lists.
struct ListPlace {
  std::string list;  // "" or "0": in none
  int level = -1;
};

struct ListLevel {
  std::string format = "decimal";  // as WordprocessingML names it: "upperRoman", "bullet"
  std::string text;                // "%1.%2)"
  int64_t start = 1;
  bool legal = false;  // the numbers above it are shown as decimal ones
};
using ListLevels = std::array<ListLevel, kListLevels>;

class Numbering {
 public:
  struct Label {
    bool listed = false;   // in a list that has a mark
    bool ordered = false;  // "3." alone, which Markdown can say
    int64_t number = 0;
    std::string text;  // "2.1", "(a)", "IV."; "" for a bullet
  };
  // Lists that share a form count on from each other, but at levels that begin anew.
  struct List {
    std::string form;
    std::map<int, int64_t> starts;
    std::map<int, ListLevel> own;
    std::set<int> begun = {};
  };

  void add_form(std::string id, ListLevels levels) { forms_[std::move(id)] = std::move(levels); }
  void add_list(std::string id, List list) { lists_[std::move(id)] = std::move(list); }
  // Counts the paragraph.
  Label next(const ListPlace& place);

 private:
  std::map<std::string, ListLevels> forms_;
  std::map<std::string, List> lists_;
  std::map<std::string, std::array<int64_t, kListLevels>> counts_;  // by form; -1: not begun
};

}  // namespace tarn::document::office
