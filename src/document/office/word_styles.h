// The styles of a Word document as far as they say what a paragraph is, and its lists.
#pragma once

#include <map>
#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "document/office/html.h"
#include "document/office/numbering.h"

namespace tarn::document::office {

ListPlace list_place(pugi::xml_node paragraph_properties);

// What styles say of a paragraph or its characters.
struct Style {
  std::string based_on;
  bool title = false, quote = false, code = false;
  int heading = 0;  // 1 to 9
  ListPlace list;
  int strong = -1, emphasis = -1, strike = -1, hidden = -1;  // -1: not said
};

// What the names that Word gives its styles mean: "heading 2", "Title", "HTML Preformatted".
void name_style(std::string_view name, Style* style);
// What a style that is based on another does not say itself.
void base_style(const Style& other, Style* style);

// A paragraph as its style, its rank as a heading (0: none) and its place in a list want it.
void write_paragraph(const Style& style, int heading, const Numbering::Label& label, int level, std::string html,
                     Blocks* out);

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

Numbering read_numbering(pugi::xml_node root);

}  // namespace tarn::document::office
