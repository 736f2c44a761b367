// Text of OpenDocument: what text documents and presentations share.
// Source:  OASIS OpenDocument 1.3, part 3.
#pragma once

#include <map>
#include <memory>
#include <pugixml.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "document/office/html.h"

namespace tarn::document::office {

class OdfText {
 public:
  OdfText() = default;
  // The styles of a file, those of its own first: which characters are bold, which paragraphs hold others' styles.
  void add_styles(pugi::xml_node root);

  void blocks(pugi::xml_node parent, Blocks* out, int depth = 0, int list_level = -1);
  void block(pugi::xml_node n, Blocks* out, int depth = 0, int list_level = -1);
  void flush_notes(Blocks* out);
  int64_t deleted() const { return deleted_; }
  const std::string& title() const { return title_; }  // of a paragraph in the style "Title"

 private:
  struct Style {
    std::string parent, name;
    int strong = -1, emphasis = -1, strike = -1;  // -1: not said
  };
  Marks marks_of(std::string_view style, Marks outer) const;
  std::string base_of(std::string_view style) const;  // "Heading_20_1", "Title": the first one that has a name
  void paragraph(pugi::xml_node p, Blocks* out, int depth, bool heading);
  void runs(pugi::xml_node parent, Marks marks, int depth);
  void list(pugi::xml_node n, Blocks* out, int depth, int level, std::string_view style);
  void table(pugi::xml_node n, Blocks* out, int depth);
  void rows(pugi::xml_node n, bool head, std::string* html, int depth);
  void frame(pugi::xml_node n, int depth);
  std::string aside(pugi::xml_node n, int depth);
  void note(pugi::xml_node n);
  void remark(pugi::xml_node n);
  void flush_after(Blocks* out);

  std::map<std::string, Style, std::less<>> styles_;
  std::map<std::string, int64_t, std::less<>> ordered_;  // "list style:level" that has numbers, and the first of them
  std::map<std::string, int64_t> next_;                  // of lists that others go on from, by "style:level" and "#id"
  Inline inline_;
  std::vector<std::string> after_, pending_;
  std::string title_;
  int notes_ = 0, cells_ = 0;
  int64_t deleted_ = 0;
};

}  // namespace tarn::document::office
