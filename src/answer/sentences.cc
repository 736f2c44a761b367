#include "answer/sentences.h"

#include <algorithm>
#include <map>
#include <string>

#include "answer/lines.h"
#include "base/ascii.h"
#include "text/analyzer.h"

namespace tarn::answer {
namespace {

// How many sentences before it a piece may draw in.
constexpr size_t kMaxBack = 2;
// A definition's term is a line of an item, no longer than this.
constexpr size_t kMaxTermBytes = 80;

// Nothing but the marks that close an emphasis or a quotation, and blanks.
bool is_marks(std::string_view text) { return text.find_first_not_of("*_~\"')” \t\r\n") == std::string_view::npos; }

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '>'; }

size_t indent_of(std::string_view line) { return line.size() - trim_left(line).size(); }

// Where lines of a paragraph stand for themselves: fields among each other, and after a hard break.
std::vector<size_t> line_starts(std::string_view block) {
  std::vector<size_t> starts{0};
  bool field_before = false;
  for (size_t at = 0; at < block.size();) {
    const size_t end = std::min(block.find('\n', at), block.size());
    const std::string_view line = block.substr(at, end - at);
    const bool field = is_field(line);
    if (at > 0) {
      const std::string_view before = block.substr(starts.back(), at - 1 - starts.back());
      const bool hard_break = before.ends_with("  ") || before.ends_with('\\');
      if (hard_break || (field && field_before)) starts.push_back(at);
    }
    field_before = field;
    at = end + 1;
  }
  return starts;
}

class Collector {
 public:
  explicit Collector(std::string_view text) : text_(text) {}

  void add(size_t start, size_t end, PieceKind kind) {
    while (start < end && is_blank(text_[start])) ++start;
    while (end > start && is_blank(text_[end - 1])) --end;
    if (start == end) return;
    if (end - start > (kind == PieceKind::table ? kMaxListBytes : kMaxQuoteBytes)) return;
    const std::string_view text = text_.substr(start, end - start);
    if (kind == PieceKind::prose && is_cut_emphasis(text)) return;
    Piece piece;
    piece.start = start;
    piece.end = end;
    piece.kind = kind;
    piece.block = block_;
    piece.list = list_;
    piece.is_step = is_step_;
    if (kind == PieceKind::prose) {
      piece.asks = is_question(text);
      piece.leads_in = piece.asks || text_[end - 1] == ':';
      piece.refers_back = begins_referring(text);
      piece.is_bare = words_outside_links(text) == 0 || ends_with_link(text);
    } else if (kind == PieceKind::table) {
      piece.header = header_;
    } else if (kind == PieceKind::heading) {
      piece.asks = piece.leads_in = is_question(text);
      piece.is_bare = !piece.asks && !states_something(text);
    }
    pieces_.push_back(piece);
  }

  void add_heading(size_t start, size_t end) {
    end_list();
    ++block_;
    while (start < end && (is_blank(text_[start]) || text_[start] == '#')) ++start;
    while (end > start && (is_blank(text_[end - 1]) || text_[end - 1] == '#')) --end;
    add(start, end, PieceKind::heading);
  }

  // Code that is too long for one quote comes in parts that blank lines or lines make.
  void add_code(size_t start, size_t end) {
    ++block_;
    while (end - start > kMaxQuoteBytes) {
      const std::string_view head = text_.substr(start, kMaxQuoteBytes);
      size_t cut = head.rfind("\n\n");
      if (cut == std::string_view::npos || cut == 0) cut = head.rfind('\n');
      if (cut == std::string_view::npos || cut == 0) return;
      add(start, start + cut, PieceKind::code);
      start += cut + 1;
    }
    add(start, end, PieceKind::code);
  }

  void begin_table(Span header) { header_ = header; }
  void add_row(size_t start, size_t end) {
    ++block_;
    add(start, end, PieceKind::table);
  }
  void end_table() { header_ = {}; }

  // `numbered`: the item's marker is a number.
  void begin_item(size_t indent, bool numbered) {
    if (list_ == 0 || indent < list_indent_ || (indent == list_indent_ && numbered != list_numbered_)) {
      list_ = ++lists_;
      list_indent_ = indent;
      list_numbered_ = numbered;
    }
    is_step_ = list_numbered_;
  }
  // A paragraph, table or code of this indent: does it end the list that is open?
  void begin_block(size_t indent) {
    if (list_ > 0 && indent <= list_indent_) end_list();
  }
  void end_list() {
    list_ = 0;
    is_step_ = false;
  }

  void add_prose(size_t start, size_t end, bool item) {
    ++block_;
    const size_t first = pieces_.size();
    const std::string_view block = text_.substr(start, end - start);
    const std::vector<size_t> lines = line_starts(block);
    for (size_t l = 0; l < lines.size(); ++l) {
      const size_t line_end = l + 1 < lines.size() ? lines[l + 1] : block.size();
      const std::vector<size_t> boundaries = text::sentence_boundaries(block.substr(lines[l], line_end - lines[l]));
      for (size_t i = 0; i < boundaries.size(); ++i) {
        const size_t at = start + lines[l] + boundaries[i];
        // The marks that close an emphasis or a quotation are of the sentence before them.
        while (i + 1 < boundaries.size() &&
               is_marks(block.substr(lines[l] + boundaries[i + 1], line_end - lines[l] - boundaries[i + 1]))) {
          ++i;
        }
        add(at, i + 1 < boundaries.size() ? start + lines[l] + boundaries[i + 1] : start + line_end, PieceKind::prose);
      }
    }
    if (item && pieces_.size() > first) {
      pieces_[first].refers_back = false;                // an item begins anew
      const size_t line = text_.rfind('\n', start) + 1;  // 0 where there is no line before
      pieces_[first].marker = pieces_[first].start - line - indent_of(text_.substr(line, start - line));
    }
    if (item && pieces_.size() == first + 1) {
      Piece& only = pieces_.back();
      const char last = text_[only.end - 1];
      if (only.end - only.start <= kMaxTermBytes && last != '.' && last != '!' && last != '?') term_ = first + 1;
    }
  }
  // A paragraph of the item whose only line was a term: that line is what is being defined.
  void continue_item() {
    if (term_ > 0 && term_ == pieces_.size()) pieces_.back().leads_in = true;
  }

  std::vector<Piece> take() { return std::move(pieces_); }

 private:
  std::string_view text_;
  std::vector<Piece> pieces_;
  Span header_;      // of the table that is open
  size_t term_ = 0;  // pieces there were when a possible term came last
  size_t block_ = 0, lists_ = 0, list_ = 0, list_indent_ = 0;
  bool list_numbered_ = false, is_step_ = false;
};

// Goes through the lines and says where blocks begin and end.
class Scanner {
 public:
  Scanner(std::string_view markdown, bool in_code) : text_(markdown), collector_(markdown), in_fence_(in_code) {}

  std::vector<Piece> scan() {
    for (size_t at = 0; at < text_.size();) {
      const size_t end = std::min(text_.find('\n', at), text_.size());
      line(at, end);
      at = end + 1;
    }
    if (in_fence_) collector_.add_code(fence_start_, text_.size());
    close(text_.size());
    return collector_.take();
  }

 private:
  void line(size_t at, size_t end) {
    const std::string_view line = text_.substr(at, end - at);
    const Line kind = classify(line);
    if (in_fence_) {
      if (kind == Line::fence) {
        collector_.add_code(fence_start_, end);
        in_fence_ = false;
      }
      return;
    }
    if (kind != Line::fence && kind != Line::blank && kind != Line::heading && is_row(line, end)) {
      if (!in_table_) begin_table(at, end, line);
      if (!is_rule_row(line)) collector_.add_row(at, end);
      return;
    }
    if (in_table_) collector_.end_table();
    in_table_ = false;
    const size_t indent = indent_of(line);
    switch (kind) {
      case Line::fence:
        begin_part(at, indent);
        in_fence_ = true;
        fence_start_ = at + indent;
        break;
      case Line::blank:
        close(at);
        break;
      case Line::heading:
        close(at);
        collector_.add_heading(at, end);
        break;
      case Line::underline:
        if (open_ && !item_ && text_.substr(block_, at - block_ - 1).find('\n') == std::string_view::npos) {
          open_ = false;
          collector_.add_heading(block_, at);
        }
        close(at);
        break;
      case Line::item:
        close(at);
        collector_.begin_item(indent, base::is_digit(line[indent]));
        block_ = at + indent + marker_size(trim_left(line));
        open_ = item_ = true;
        break;
      case Line::table:
      case Line::prose:
        if (open_) break;
        begin_part(at, indent);
        block_ = at;
        open_ = true;
        break;
    }
  }

  // A row begins with a bar, or is one more line with bars of an open table, or stands above a rule.
  bool is_row(std::string_view line, size_t end) const {
    if (classify(line) == Line::table) return true;
    if (line.find('|') == std::string_view::npos) return false;
    if (in_table_) return true;
    const size_t next = end + 1;
    return next < text_.size() && is_rule_row(text_.substr(next, text_.find('\n', next) - next));
  }

  void begin_table(size_t at, size_t end, std::string_view line) {
    begin_part(at, indent_of(line));
    in_table_ = true;
    const size_t next = end + 1;
    if (next < text_.size() && is_rule_row(text_.substr(next, text_.find('\n', next) - next))) {
      collector_.begin_table({at + indent_of(line), at + line.find_last_not_of(" \t\r") + 1});
    }
  }

  // A block that is no item: of the item before it where it is set in.
  void begin_part(size_t at, size_t indent) {
    close(at);
    collector_.begin_block(indent);
    if (indent > 0) collector_.continue_item();
  }

  void close(size_t at) {
    if (open_) collector_.add_prose(block_, at, item_);
    open_ = item_ = false;
  }

  std::string_view text_;
  Collector collector_;
  size_t block_ = 0, fence_start_ = 0;  // where the open prose and the open code start
  bool open_ = false, item_ = false, in_fence_ = false, in_table_ = false;
};

// "name: Karl": what the field is called.
std::string_view field_name(std::string_view field) { return field.substr(0, field.find_first_of(":=")); }

// Paragraphs of fields that begin with a field of one name are records, as rows of a table are: each is one piece, for
// what a field says is said of the record. Fields that stand once are pieces of their own.
std::vector<Piece> with_records(std::string_view text, std::vector<Piece> pieces) {
  const auto text_of = [&](const Piece& piece) { return text.substr(piece.start, piece.end - piece.start); };
  struct Run {
    size_t first = 0, last = 0;  // pieces of one paragraph, all of them fields
  };
  std::vector<Run> runs;
  std::map<std::string_view, size_t> count;
  for (size_t i = 0, end = 0; i < pieces.size(); i = end) {
    bool fields = true;
    for (end = i; end < pieces.size() && pieces[end].block == pieces[i].block; ++end) {
      fields = fields && pieces[end].kind == PieceKind::prose && is_field(text_of(pieces[end]));
    }
    if (!fields || end - i < 2 || pieces[end - 1].end - pieces[i].start > kMaxQuoteBytes) continue;
    runs.push_back({i, end - 1});
    ++count[field_name(text_of(pieces[i]))];
  }
  std::vector<Piece> out;
  size_t next = 0;
  for (const Run& run : runs) {
    if (count[field_name(text_of(pieces[run.first]))] < 2) continue;
    out.insert(out.end(), pieces.begin() + static_cast<ptrdiff_t>(next),
               pieces.begin() + static_cast<ptrdiff_t>(run.first) + 1);
    out.back().end = pieces[run.last].end;
    out.back().is_bare = false;
    next = run.last + 1;
  }
  out.insert(out.end(), pieces.begin() + static_cast<ptrdiff_t>(next), pieces.end());
  return out;
}

size_t first_of_list(const std::vector<Piece>& pieces, size_t index) {
  while (index > 0 && pieces[index - 1].list == pieces[index].list) --index;
  return index;
}
size_t last_of_list(const std::vector<Piece>& pieces, size_t index) {
  while (index + 1 < pieces.size() && pieces[index + 1].list == pieces[index].list) ++index;
  return index;
}

// The last piece that those from `index` on lead in to; `index` when there is none.
size_t led_to(const std::vector<Piece>& pieces, size_t index) {
  size_t last = index;
  const auto fits = [&](size_t i, size_t most) { return pieces[i].end - pieces[index].start <= most; };
  while (pieces[last].leads_in && last + 1 < pieces.size() && pieces[last + 1].kind != PieceKind::heading &&
         fits(last + 1, kMaxQuoteBytes)) {
    const bool asked = pieces[last].asks, outside = pieces[last].list == 0;
    ++last;
    if (outside && pieces[last].list > 0) {
      const size_t whole = last_of_list(pieces, last);
      if (fits(whole, kMaxListBytes)) return whole;
    }
    if (!asked || pieces[last].asks) continue;
    // An answer is its paragraph.
    while (last + 1 < pieces.size() && pieces[last + 1].block == pieces[last].block && !pieces[last].leads_in &&
           !pieces[last + 1].asks && fits(last + 1, kMaxQuoteBytes)) {
      ++last;
    }
  }
  return last;
}

}  // namespace

std::vector<Piece> pieces_of(std::string_view markdown, bool in_code) {
  return with_records(markdown, Scanner(markdown, in_code).scan());
}

Span quotable(const std::vector<Piece>& pieces, size_t index) {
  if (pieces[index].is_bare && !pieces[index].leads_in) return {};
  Span span = pieces[index];
  const size_t last = led_to(pieces, index);
  if (pieces[last].leads_in) return {};  // what it leads in to is not there
  span.end = pieces[last].end;
  for (size_t first = index, back = 0; back < kMaxBack && first > 0; --first, ++back) {
    const Piece& before = pieces[first - 1];
    if (before.kind == PieceKind::heading && before.is_bare) break;
    // Leads in to all items, not to one.
    const bool whole = before.leads_in && before.list == 0 && pieces[first].list > 0;
    const bool wanted = pieces[first].refers_back || (before.leads_in && !whole);
    if (!wanted || span.end - before.start > kMaxQuoteBytes) break;
    span.start = before.start;
  }
  return span;
}

Span whole_list(const std::vector<Piece>& pieces, size_t index) {
  if (pieces[index].list == 0) return {};
  size_t first = first_of_list(pieces, index);
  const size_t end = pieces[last_of_list(pieces, index)].end;
  if (first > 0 && pieces[first - 1].leads_in && pieces[first - 1].kind != PieceKind::heading) --first;
  return {pieces[first].start - pieces[first].marker, end};
}

}  // namespace tarn::answer
