// The words of one paragraph, heading or table cell, gathered piece by piece and written as Markdown inlines.
// Shape:   white space is collapsed; marks hug their words; only what would be read as markup is escaped, so that
//          identifiers such as max_connections stay searchable.
// Limits:  marks of one kind do not nest; links hold no links.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tarn::document {

enum class Mark { strong, emphasis, strike };

class InlineText {
 public:
  void add_text(std::string_view text);
  void open(Mark mark);
  void close(Mark mark);
  void open_code();
  void close_code();
  void open_link(std::string_view target);  // "" makes no link
  void close_link();
  void add_image(std::string_view text, std::string_view target);
  void add_break();      // <br>
  void add_separator();  // between the paragraphs of a table cell

  std::string_view last_text() const;  // what was added last, if it was text or code
  bool ends_with_quantity() const;     // "10", "n", "(a+b)": what a superscript raises to a power
  bool empty() const;                  // nothing to be seen
  bool is_task_mark() const;           // "[x] ", and its words are still to come
  // The paragraph; marks that are still open are closed here and open again in the next one.
  std::string take();
  // On one line, with '|' escaped: a table cell. Or a heading: one line, no links.
  std::string take_cell();
  std::string take_heading();

 private:
  enum class Kind { text, code, image, open, close, link, link_end, line_break, separator };
  struct Piece {
    Kind kind;
    Mark mark{};
    std::string text;
    std::string target;
  };
  enum class Form { paragraph, cell, heading };
  std::string render(Form form);
  void drop_idle_marks();
  std::string escaped(const Piece& piece, char before, char after) const;

  std::vector<Piece> pieces_;
  int code_depth_ = 0;
  int link_depth_ = 0;
  bool link_open_ = false;
  std::string link_target_;
  int open_marks_[3] = {0, 0, 0};
  // How often characters that could pair up as markup occur in the paragraph.
  bool stars_ = false, ticks_ = false, tildes_ = false;
};

// Puts a backslash where a line of a paragraph would begin another block.
std::string guard_line_starts(std::string_view paragraph);

}  // namespace tarn::document
