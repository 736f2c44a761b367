#include "document/markdown/block_scanner.h"

#include <algorithm>

#include "document/document.h"
#include "document/markdown/block_starts.h"

namespace tarn::document {
namespace {

constexpr size_t kTabStop = 4;
constexpr size_t kCodeIndent = 4;

// A place in one line, counted in bytes and in columns: a tab may be taken in part.
class Cursor {
 public:
  explicit Cursor(std::string_view line) : line_(line) {}

  // Columns of white space from here, and the first byte behind them.
  void measure() {
    next_ = at_;
    size_t column = column_;
    if (tab_left_ > 0) {
      ++next_;
      column += tab_left_;
    }
    for (; next_ < line_.size(); ++next_) {
      if (line_[next_] == ' ') {
        ++column;
      } else if (line_[next_] == '\t') {
        column += kTabStop - column % kTabStop;
      } else {
        break;
      }
    }
    indent_ = column - column_;
  }
  void skip_columns(size_t count) {
    while (count > 0 && at_ < line_.size()) {
      if (line_[at_] != '\t') {
        ++at_, ++column_, --count;
        continue;
      }
      const size_t width = tab_left_ > 0 ? tab_left_ : kTabStop - column_ % kTabStop;
      const size_t taken = std::min(width, count);
      column_ += taken;
      count -= taken;
      tab_left_ = width - taken;
      if (tab_left_ == 0) ++at_;
    }
  }
  void skip_indent() { skip_columns(indent_); }
  bool skip_one_space() {
    if (at_ >= line_.size() || (line_[at_] != ' ' && line_[at_] != '\t')) return false;
    skip_columns(1);
    return true;
  }

  size_t indent() const { return indent_; }
  size_t text_at() const { return next_; }                       // of the first character that is no space
  std::string_view rest() const { return line_.substr(next_); }  // from there
  bool blank() const { return next_ == line_.size() || rest() == "\r"; }
  char peek() const { return next_ < line_.size() ? line_[next_] : '\0'; }

 private:
  std::string_view line_;
  size_t at_ = 0, column_ = 0, tab_left_ = 0;
  size_t next_ = 0, indent_ = 0;
};

struct Container {
  bool quote = false;
  size_t offset = 0;  // columns that a list item's content stands in
  bool has_content = false;
};

enum class Leaf { none, paragraph, fenced, indented, html, table };

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::vector<Block> scan() {
    for (size_t at = 0; at < text_.size();) {
      const size_t newline = std::min(text_.find('\n', at), text_.size());
      line_start_ = at;
      line_end_ = newline;
      line(text_.substr(at, newline - at));
      at = newline + 1;
    }
    return std::move(blocks_);
  }

 private:
  int depth() const { return static_cast<int>(containers_.size()); }
  size_t matched_containers(Cursor& c);
  void line(std::string_view line);
  bool continues_leaf(Cursor& c, std::string_view line);
  bool starts_leaf(Cursor& c, std::string_view line);
  bool starts_container(Cursor& c);
  void underline_paragraph(Cursor& c);
  bool opens_table(Cursor& c);
  void close_unmatched();

  // Starts a block of one line and marks what it lies in as not empty.
  Block& add(BlockKind kind) {
    for (Container& container : containers_) container.has_content = true;
    Block block;
    block.kind = kind;
    block.depth = depth();
    block.begins_item = begins_item_;
    block.start = line_start_;
    block.end = line_end_;
    return blocks_.emplace_back(block);
  }
  void extend() { blocks_.back().end = line_end_; }

  std::string_view text_;
  std::vector<Block> blocks_;
  std::vector<Container> containers_;
  Leaf leaf_ = Leaf::none;
  Fence fence_;
  int html_kind_ = 0;
  // The paragraph's last line, for a table's header; its lines' count.
  uint64_t last_line_start_ = 0;
  size_t last_line_text_ = 0;
  uint64_t last_line_end_ = 0;
  size_t paragraph_lines_ = 0;
  bool only_definitions_ = false;  // link reference definitions make no setext heading
  // The line at hand.
  uint64_t line_start_ = 0, line_end_ = 0;
  bool begins_item_ = false;
  bool text_only_ = false;
  bool unmatched_open_ = false;  // containers behind `matched_` are still open
  size_t matched_ = 0;
};

size_t Scanner::matched_containers(Cursor& c) {
  size_t i = 0;
  for (; i < containers_.size(); ++i) {
    c.measure();
    const Container& container = containers_[i];
    if (container.quote) {
      if (c.indent() >= kCodeIndent || c.peek() != '>') break;
      c.skip_columns(c.indent() + 1);
      c.skip_one_space();
    } else if (c.indent() >= container.offset) {
      c.skip_columns(container.offset);
    } else if (c.blank() && container.has_content) {
      c.skip_indent();
    } else {
      break;
    }
  }
  c.measure();
  return i;
}

void Scanner::close_unmatched() {
  if (!unmatched_open_) return;
  containers_.resize(matched_);
  leaf_ = Leaf::none;
  unmatched_open_ = false;
}

bool Scanner::continues_leaf(Cursor& c, std::string_view line) {
  switch (leaf_) {
    case Leaf::fenced:
      if (c.indent() < kCodeIndent && closes(fence_, c.rest())) leaf_ = Leaf::none;
      extend();
      return true;
    case Leaf::html:
      if (html_kind_ >= 6) {
        if (c.blank()) {
          leaf_ = Leaf::none;
          return false;
        }
      } else if (ends_html_block(html_kind_, line)) {
        leaf_ = Leaf::none;
      }
      if (!c.blank()) extend();
      return true;
    case Leaf::indented:
      if (c.blank()) return true;
      if (c.indent() >= kCodeIndent) {
        extend();
        return true;
      }
      leaf_ = Leaf::none;
      return false;
    case Leaf::paragraph:
    case Leaf::table:
      if (c.blank()) leaf_ = Leaf::none;
      return c.blank();
    case Leaf::none:
      return false;
  }
  return false;
}

void Scanner::underline_paragraph(Cursor& c) {
  Block& heading = blocks_.back();
  heading.kind = BlockKind::heading;
  heading.level = setext_level(c.rest());
  heading.text_end = last_line_end_;
  extend();
  leaf_ = Leaf::none;
}

bool Scanner::opens_table(Cursor& c) {
  const size_t cells = delimiter_cells(c.rest());
  if (cells == 0) return false;
  const std::string_view header = text_.substr(last_line_text_, last_line_end_ - last_line_text_);
  if (row_cells(header) != cells) return false;
  Block& block = blocks_.back();
  if (paragraph_lines_ > 1) {  // the paragraph ends before the header
    Block table = block;
    block.end = last_line_start_ - 1;
    table.start = last_line_start_;
    table.begins_item = false;
    blocks_.push_back(table);
  }
  blocks_.back().kind = BlockKind::table;
  extend();
  leaf_ = Leaf::table;
  return true;
}

bool Scanner::starts_leaf(Cursor& c, std::string_view line) {
  const bool in_paragraph = leaf_ == Leaf::paragraph && !unmatched_open_;
  if (c.indent() >= kCodeIndent) {
    if (leaf_ == Leaf::paragraph || c.blank()) return false;
    close_unmatched();
    add(BlockKind::code);
    leaf_ = Leaf::indented;
    return true;
  }
  const std::string_view rest = c.rest();
  if (const HeadingLine heading = atx_heading(rest); heading.level > 0) {
    close_unmatched();
    Block& block = add(BlockKind::heading);
    block.level = heading.level;
    block.text_start = line_start_ + c.text_at() + heading.text_start;
    block.text_end = line_start_ + c.text_at() + heading.text_end;
    leaf_ = Leaf::none;
    return true;
  }
  if (const Fence fence = opening_fence(rest); fence.mark) {
    close_unmatched();
    add(BlockKind::code);
    fence_ = fence;
    leaf_ = Leaf::fenced;
    return true;
  }
  if (const int kind = html_block_kind(rest); kind > 0 && (kind < 7 || !in_paragraph)) {
    close_unmatched();
    add(BlockKind::html);
    html_kind_ = kind;
    leaf_ = ends_html_block(kind, rest) ? Leaf::none : Leaf::html;
    return true;
  }
  if (in_paragraph && setext_level(rest) > 0) {
    // Under nothing but link definitions the line is text, whatever else it could be.
    text_only_ = only_definitions_;
    if (!text_only_) underline_paragraph(c);
    return !text_only_;
  }
  if (is_rule(rest)) {
    close_unmatched();
    add(BlockKind::rule);
    leaf_ = Leaf::none;
    return true;
  }
  return false;
}

bool Scanner::starts_container(Cursor& c) {
  if (c.indent() >= kCodeIndent || containers_.size() >= static_cast<size_t>(kMaxNesting)) return false;
  const bool in_paragraph = leaf_ == Leaf::paragraph && !unmatched_open_;
  if (c.peek() == '>') {
    close_unmatched();
    c.skip_columns(c.indent() + 1);
    c.skip_one_space();
    containers_.push_back({true, 0, false});
    leaf_ = Leaf::none;
    c.measure();
    return true;
  }
  int ordinal = -1;
  const std::string_view rest = c.rest();
  const size_t marker = list_marker(rest, &ordinal);
  if (marker == 0) return false;
  const bool empty = rest.find_first_not_of(" \t\r", marker) == std::string_view::npos;
  if (in_paragraph && (empty || ordinal > 1 || ordinal == 0)) return false;
  close_unmatched();
  size_t offset = c.indent() + marker;
  c.skip_columns(offset);
  Cursor ahead = c;
  ahead.measure();
  const size_t spaces = ahead.indent();
  if (empty || spaces > kCodeIndent) {
    offset += 1;
    c.skip_one_space();
  } else {
    offset += spaces;
    c.skip_columns(spaces);
  }
  for (Container& container : containers_) container.has_content = true;
  containers_.push_back({false, offset, false});
  leaf_ = Leaf::none;
  begins_item_ = true;
  c.measure();
  return true;
}

void Scanner::line(std::string_view line) {
  Cursor c(line);
  begins_item_ = text_only_ = false;
  matched_ = matched_containers(c);
  unmatched_open_ = matched_ < containers_.size();
  if (!unmatched_open_ && continues_leaf(c, line)) {
    // A quote's mark alone on a line is no blank line of the text.
    if (c.blank() && line.find_first_not_of(" \t\r") != std::string_view::npos) extend();
    return;
  }
  while (true) {
    // "- - -" is a rule, not three items: leaves that could be markers come first.
    if (starts_leaf(c, line)) return;
    if (text_only_ || !starts_container(c)) break;
  }
  if (leaf_ == Leaf::paragraph && !unmatched_open_ && c.indent() < kCodeIndent && opens_table(c)) return;
  if (unmatched_open_ && leaf_ == Leaf::paragraph && !c.blank()) {  // lazy continuation
    unmatched_open_ = false;
  } else {
    close_unmatched();
  }
  if (c.blank()) {
    if (leaf_ == Leaf::paragraph || leaf_ == Leaf::table) leaf_ = Leaf::none;
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) {  // only markers of containers
      add(BlockKind::paragraph);
      if (!containers_.empty()) containers_.back().has_content = containers_.back().quote;
    }
    return;
  }
  if (leaf_ == Leaf::paragraph || leaf_ == Leaf::table) {
    extend();
    ++paragraph_lines_;
  } else {
    Block& block = add(BlockKind::paragraph);
    block.text_start = line_start_ + c.text_at();
    leaf_ = Leaf::paragraph;
    paragraph_lines_ = 1;
    only_definitions_ = true;
  }
  const std::string_view rest = c.rest();
  const size_t bracket = rest.find("]:");
  only_definitions_ = only_definitions_ && rest.starts_with('[') && bracket != std::string_view::npos && bracket > 1;
  last_line_start_ = line_start_;
  last_line_text_ = line_start_ + c.text_at();
  last_line_end_ = line_end_;
}

}  // namespace

std::vector<Block> scan_blocks(std::string_view text) {
  std::vector<Block> blocks = Scanner(text).scan();
  find_html_headings(text, &blocks);
  return blocks;
}

}  // namespace tarn::document
