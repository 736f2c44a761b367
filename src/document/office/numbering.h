// The styles of a Word document as far as they say what a paragraph is, and the numbers of its lists.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "document/office/html.h"

namespace tarn::document::office {

struct ListPlace {
  std::string num_id;  // "" or "0": in no list
  int level = -1;
};
ListPlace list_place(pugi::xml_node paragraph_properties);

// What styles say of a paragraph or its characters.
struct Style {
  std::string based_on;
  bool title = false, quote = false, code = false;
  int heading = 0;  // 1 to 9
  ListPlace list;
  int strong = -1, emphasis = -1, strike = -1, hidden = -1;  // -1: not said
};

class Styles {
 public:
  Styles() = default;
  explicit Styles(pugi::xml_node root);
  // With what the styles that it is based on say; nothing for one that is not known.
  const Style& get(std::string_view id) const;
  const std::string& usual() const { return usual_; }

 private:
  std::map<std::string, Style, std::less<>> all_;
  std::string usual_;  // of paragraphs that name none
};

class Numbering {
 public:
  struct Label {
    bool listed = false;   // in a list that has a mark
    bool ordered = false;  // "3." alone, which Markdown can say
    int64_t number = 0;
    std::string text;  // "2.1", "(a)", "IV."; "" for a bullet
  };
  Numbering() = default;
  explicit Numbering(pugi::xml_node root);
  // Counts the paragraph.
  Label next(const ListPlace& place);

 private:
  static constexpr int kLevels = 9;
  struct Level {
    std::string format = "decimal", text;
    int64_t start = 1;
  };
  using Levels = std::array<Level, kLevels>;
  struct List {
    std::string abstract;
    std::map<int, int64_t> starts;  // of levels that begin anew with it
    std::map<int, Level> own;
    bool begun = false;
  };
  std::map<std::string, Levels> abstract_;
  std::map<std::string, List> lists_;
  std::map<std::string, std::array<int64_t, kLevels>> counts_;  // by abstract list; -1: not begun
};

}  // namespace tarn::document::office
