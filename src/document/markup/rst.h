// A file of reStructuredText on its way to Markdown, block by block: what the files rst_*.cc are parts of.
// Shape:   rst.cc (blocks), rst_lists.cc, rst_directives.cc (what begins with ".. "), rst_table_directives.cc;
//          rst_names.cc (what the file says once), rst_inline (marks within a paragraph), rst_tables (drawn tables).
// Limits:  kMaxNesting of blocks in each other: what lies deeper is text.
// Errors:  none: what is no markup is text.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "document/document.h"
#include "document/markup/lines.h"
#include "document/markup/placed_blocks.h"
#include "document/markup/rst_inline.h"
#include "json/value.h"

namespace tarn::document::markup {

// A line of one sign, as below a title.
bool is_adornment(std::string_view line);
bool is_explicit(std::string_view line);  // ".. " and "__ "

// Bytes of a line's marker with the blanks behind it; 0 where it has none.
size_t bullet(std::string_view line);
size_t enumerator(std::string_view line);
size_t field(std::string_view line);   // ":name: value"
size_t option(std::string_view line);  // "-a, --all=X  what it does"

// The end of an item that begins at `i`: behind the last line that is as far in.
size_t item_end(const Lines& lines, size_t i, size_t indent);
// The lines of an item, its marker taken away.
Lines item_lines(const Lines& lines, size_t i, size_t end, size_t marker);
// Likewise where the lines behind the first may be in as far as they like.
Lines marked_lines(const Lines& lines, size_t i, size_t end, size_t marker);

// Targets, substitutions, and the titles that stand below labels.
RstNames rst_names(const Lines& lines);

struct Directive {
  std::string name;     // without its domain, in lower case
  bool domain = false;  // it names one: "py:class"
  Lines arguments;
  std::vector<std::pair<std::string, std::string>> options;
  Lines content;
  uint32_t line = 0;
  std::string get(std::string_view option) const;  // "" where it is not given
  std::string argument() const { return joined(arguments); }
};

class Rst {
 public:
  explicit Rst(Document* d) : d_(d) {}
  void read(std::string_view text);

 private:
  // Each takes the block that begins at line `i`, and gives the line behind it.
  size_t block(const Lines& lines, size_t i, bool top);
  size_t list(const Lines& lines, size_t i, bool ordered);
  size_t fields(const Lines& lines, size_t i, bool top);
  size_t definitions(const Lines& lines, size_t i);
  size_t options(const Lines& lines, size_t i);
  size_t literal_block(const Lines& lines, size_t i, std::string_view language);
  size_t line_block(const Lines& lines, size_t i);
  size_t explicit_markup(const Lines& lines, size_t i);

  void blocks(const Lines& lines, bool top);
  void led(std::string lead, const Lines& lines, uint32_t line);  // blocks behind a name in bold
  void paragraph(std::string_view text, uint32_t line);
  void heading(char mark, bool over, std::string_view text, uint32_t line);
  void settle(uint32_t line);
  bool bibliographic(const std::string& name, const std::string& value);

  void run(const Directive& d);
  void note(const std::string& name, const Lines& lines, uint32_t line);
  void code(const Directive& d, std::string_view language);
  void since_version(const Directive& d);
  void toctree(const Directive& d);
  void description(const Directive& d);

  void table(Table texts, uint32_t line);
  void table_directive(const Directive& d);

  Document* d_;
  std::string text_, title_, language_;
  std::string lead_;  // what is to stand before the next paragraph, in bold
  RstNames names_;
  PlacedBlocks blocks_;
  std::vector<std::pair<char, bool>> styles_;  // of headings, outermost first
  json::Value includes_ = json::Value::array(), generated_ = json::Value::array();
  int deep_ = 0, left_out_ = 0;
  bool any_ = false;
};

}  // namespace tarn::document::markup
