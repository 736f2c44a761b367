// A file of AsciiDoc on its way to Markdown, block by block: what the files asciidoc_*.cc are parts of.
// Shape:   asciidoc.cc (blocks), asciidoc_header.cc (what the file says of itself), asciidoc_fences.cc (blocks between
//          fences), asciidoc_lists.cc, asciidoc_tables.cc; asciidoc_inline (marks within a paragraph).
// Limits:  kMaxNesting of blocks in each other: what lies deeper is text.
// Errors:  none: what is no markup is text.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "document/document.h"
#include "document/markup/asciidoc_inline.h"
#include "document/markup/lines.h"
#include "document/markup/placed_blocks.h"
#include "json/value.h"

namespace tarn::document::markup {

// "====": a line of at least four of one character, or "--", "|===".
bool is_fence(std::string_view line);
// The line that closes the fence at `i`; behind the last one where none does.
size_t fence_end(const Lines& lines, size_t i);
bool is_comment(std::string_view line);  // "// words"

// A list's marker: its kind ('*', '-', '.', '1', ':' …) with how deep, and where the words begin.
struct Marker {
  std::string kind;
  size_t words = 0;
  size_t term = 0;  // of a definition: where it ends
};
std::optional<Marker> marker_of(std::string_view line);

// What stands above a block: "[source,c]", ".Title".
struct BlockAttributes {
  std::vector<std::string> places;  // in their order: style, language
  std::map<std::string, std::string> named;
  std::string title;
  bool has(std::string_view option) const {
    for (const std::string& place : places) {
      if (place.find("%" + std::string(option)) != std::string::npos) return true;
    }
    for (const char* key : {"options", "opts"}) {
      const auto found = named.find(key);
      if (found != named.end() && found->second.find(option) != std::string::npos) return true;
    }
    return false;
  }
  std::string get(const std::string& key) const { return named.contains(key) ? named.at(key) : std::string(); }
  std::string style() const {
    return places.empty() ? std::string() : places[0].substr(0, places[0].find_first_of("#.%"));
  }
};
// Of what stands between brackets.
void add_attributes(std::string_view text, BlockAttributes* out);

// ":name: value": the name in lower case, and its value.
std::optional<std::pair<std::string, std::string_view>> attribute_of(std::string_view line);

// Of a title and the line below it; 0 where that does not underline it.
int setext_level(std::string_view title, std::string_view rule);
// "NOTE" → "Note"; "" where it is the name of no note.
std::string note_name(std::string_view style);

class AsciiDoc {
 public:
  explicit AsciiDoc(Document* d) : d_(d) { names_.footnotes = &footnotes_; }
  void read(std::string_view text);

 private:
  void learn(const Lines& lines);
  // Each takes what begins at line `i`, and gives the line behind it.
  size_t header(const Lines& lines);
  size_t steering(const Lines& lines, size_t i);
  size_t block(const Lines& lines, size_t i, bool top);
  size_t fenced_block(const Lines& lines, size_t i, const BlockAttributes& about);
  size_t list(const Lines& lines, size_t i);
  size_t item_text(const Lines& lines, size_t i, Lines text);
  size_t attached(const Lines& lines, size_t i);

  void blocks(const Lines& lines, bool top);
  void paragraph(std::string_view text, uint32_t line);
  void paragraph(const Lines& lines);
  void heading(int level, std::string_view text, uint32_t line);
  void note(const std::string& name, const BlockAttributes& about, const Lines& lines, uint32_t line, bool whole);
  void titled(const BlockAttributes& about, uint32_t line);
  void attribution(const BlockAttributes& about, uint32_t line);
  void include(std::string_view line);
  std::string language(const BlockAttributes& about);

  std::string cell(std::string_view text);
  void table(const Lines& lines, const BlockAttributes& about, char fence, uint32_t line);

  Document* d_;
  AsciiDocNames names_;
  PlacedBlocks blocks_;
  json::Value includes_ = json::Value::array(), footnotes_ = json::Value::array();
  int deep_ = 0, left_out_ = 0;
};

}  // namespace tarn::document::markup
