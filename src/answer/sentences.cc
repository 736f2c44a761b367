#include "answer/sentences.h"

#include <algorithm>
#include <array>
#include <string>

#include "text/analyzer.h"

namespace tarn::answer {
namespace {

enum class Line { blank, heading, fence, item, table, prose };

// How many sentences before it a piece may draw in.
constexpr size_t kMaxBack = 2;
// A definition's term is a line of an item, no longer than this.
constexpr size_t kMaxTermBytes = 80;

// First words of sentences that speak of the one before.
constexpr std::array<std::string_view, 28> kReferring = {
    "also",    "and",   "another", "because",   "but",      "finally", "furthermore", "hence",     "here", "however",
    "instead", "it",    "its",     "likewise",  "moreover", "nor",     "or",          "otherwise", "so",   "such",
    "that",    "their", "then",    "therefore", "these",    "they",    "this",        "those"};

constexpr std::array<std::string_view, 10> kPrepositions = {"in",   "for", "with", "by", "after",
                                                            "from", "at",  "on",   "as", "under"};
constexpr std::array<std::string_view, 7> kDemonstratives = {"this", "that", "these", "those", "such", "it", "them"};
constexpr std::array<std::string_view, 4> kPointing = {"latter", "former", "above", "same"};
// Prose with fewer words of its own says nothing.
constexpr size_t kMinWords = 3;

std::string_view trim_left(std::string_view line) {
  const size_t at = line.find_first_not_of(" \t>");
  return at == std::string_view::npos ? std::string_view() : line.substr(at);
}

// Bytes of a list item's marker with the blanks after it, 0 when the line begins no item.
size_t marker_size(std::string_view line) {
  size_t at = 0;
  if (line.starts_with("- ") || line.starts_with("* ") || line.starts_with("+ ")) {
    at = 2;
  } else {
    while (at < line.size() && at < 9 && line[at] >= '0' && line[at] <= '9') ++at;
    if (at == 0 || at + 1 >= line.size() || (line[at] != '.' && line[at] != ')') || line[at + 1] != ' ') return 0;
    at += 2;
  }
  while (at < line.size() && line[at] == ' ') ++at;
  return at;
}

bool is_rule_row(std::string_view line) { return line.find_first_not_of("|-: ") == std::string_view::npos; }

Line classify(std::string_view line) {
  const std::string_view text = trim_left(line);
  if (text.empty()) return Line::blank;
  if (text.starts_with("```") || text.starts_with("~~~")) return Line::fence;
  if (text[0] == '#') return Line::heading;
  if (text[0] == '|') return Line::table;
  if (marker_size(text) > 0) return Line::item;
  return Line::prose;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & '\x80') != 0; }

std::string lower_word(std::string_view text, size_t* at) {
  while (*at < text.size() && text[*at] == ' ') ++*at;
  std::string word;
  for (; *at < text.size() && is_letter(text[*at]); ++*at) {
    const char c = text[*at];
    word += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  }
  return word;
}

template <size_t N>
bool has(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// "This …", "In this case …", "In the latter case …", "The former …", "Doing so …". Words within markup, such as `this`, are names.
bool begins_referring(std::string_view text) {
  size_t at = 0;
  const std::string first = lower_word(text, &at), second = lower_word(text, &at), third = lower_word(text, &at);
  if (has(kReferring, first)) return true;
  if (first == "the") return has(kPointing, second);
  if (first == "doing") return second == "so" || second == "this";
  if (!has(kPrepositions, first)) return false;
  return has(kDemonstratives, second) || (second == "the" && has(kPointing, third));
}

// Words of prose that stand outside of links: "[VACUUM](sql-vacuum.html), [ANALYZE](…)" has none.
size_t words_outside_links(std::string_view text) {
  size_t words = 0;
  bool in_word = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '[') {
      const size_t middle = text.find("](", i),
                   close = middle == std::string_view::npos ? middle : text.find(')', middle);
      if (close != std::string_view::npos) {
        i = close;
        in_word = false;
        continue;
      }
    }
    const bool letter = is_letter(text[i]) || (text[i] >= '0' && text[i] <= '9');
    if (letter && !in_word) ++words;
    in_word = letter;
  }
  return words;
}

// An entry of an index or a table of contents: a pointer, which says nothing itself.
bool ends_with_link(std::string_view text) {
  return text.ends_with(')') && text.find("](", std::min(text.rfind(']'), text.size())) != std::string_view::npos;
}

bool is_cut_emphasis(std::string_view text) {
  size_t marks = 0;
  for (size_t at = text.find("**"); at != std::string_view::npos; at = text.find("**", at + 2)) ++marks;
  return marks % 2 != 0;
}

class Collector {
 public:
  explicit Collector(std::string_view text) : text_(text) {}

  void add(size_t start, size_t end, PieceKind kind) {
    while (start < end && is_blank(text_[start])) ++start;
    while (end > start && is_blank(text_[end - 1])) --end;
    if (start == end || end - start > kMaxQuoteBytes) return;
    const std::string_view text = text_.substr(start, end - start);
    if (kind == PieceKind::prose && is_cut_emphasis(text)) return;
    Piece piece;
    piece.start = start;
    piece.end = end;
    piece.kind = kind;
    if (kind == PieceKind::prose) {
      piece.leads_in = text_[end - 1] == ':';
      piece.refers_back = begins_referring(text);
      piece.is_bare = words_outside_links(text) < kMinWords || ends_with_link(text);
    }
    if (kind == PieceKind::table) {
      if (header_.end == 0) header_ = piece;
      piece.header = header_;
    } else {
      header_ = {};
    }
    pieces_.push_back(piece);
  }

  void add_prose(size_t start, size_t end, bool item) {
    const size_t first = pieces_.size();
    const std::string_view block = text_.substr(start, end - start);
    const std::vector<size_t> boundaries = text::sentence_boundaries(block);
    for (size_t i = 0; i < boundaries.size(); ++i) {
      add(start + boundaries[i], i + 1 < boundaries.size() ? start + boundaries[i + 1] : end, PieceKind::prose);
    }
    if (item && pieces_.size() > first) pieces_[first].refers_back = false;  // an item begins anew
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
  static bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '>'; }

  std::string_view text_;
  std::vector<Piece> pieces_;
  Span header_;      // of the table that is open
  size_t term_ = 0;  // pieces there were when a possible term came last
};

size_t indent_of(std::string_view line) { return line.size() - trim_left(line).size(); }

}  // namespace

std::vector<Piece> pieces_of(std::string_view markdown) {
  Collector collector(markdown);
  size_t block = 0;  // where the open prose block starts
  bool open = false, item = false, in_fence = false;
  const auto close = [&](size_t at) {
    if (open) collector.add_prose(block, at, item);
    open = item = false;
  };
  size_t fence_start = 0;
  for (size_t at = 0; at < markdown.size();) {
    const size_t newline = markdown.find('\n', at);
    const size_t end = newline == std::string_view::npos ? markdown.size() : newline;
    const std::string_view line = markdown.substr(at, end - at);
    const Line kind = classify(line);
    if (in_fence) {
      if (kind == Line::fence) {
        collector.add(fence_start, end, PieceKind::code);
        in_fence = false;
      }
    } else if (kind == Line::fence) {
      close(at);
      if (indent_of(line) > 0) collector.continue_item();
      in_fence = true;
      fence_start = at + indent_of(line);
    } else if (kind == Line::table) {
      close(at);
      if (!is_rule_row(line)) collector.add(at, end, PieceKind::table);
    } else if (kind == Line::blank || kind == Line::heading) {
      close(at);
    } else if (kind == Line::item) {
      close(at);
      block = at + indent_of(line) + marker_size(trim_left(line));
      open = item = true;
    } else if (!open) {
      if (indent_of(line) > 0) collector.continue_item();
      block = at;
      open = true;
    }
    at = end + 1;
  }
  if (in_fence) collector.add(fence_start, markdown.size(), PieceKind::code);
  close(markdown.size());
  return collector.take();
}

Span quotable(const std::vector<Piece>& pieces, size_t index) {
  if (pieces[index].is_bare && !pieces[index].leads_in) return {};
  Span span = pieces[index];
  size_t last = index;
  while (pieces[last].leads_in && last + 1 < pieces.size() && pieces[last + 1].end - span.start <= kMaxQuoteBytes) {
    span.end = pieces[++last].end;
  }
  if (pieces[last].leads_in) return {};  // what it leads in to is not there
  for (size_t first = index, back = 0; back < kMaxBack && first > 0; --first, ++back) {
    const Piece& before = pieces[first - 1];
    const bool wanted = pieces[first].refers_back || before.leads_in;
    if (!wanted || span.end - before.start > kMaxQuoteBytes) break;
    span.start = before.start;
  }
  return span.end - span.start >= kMinQuoteBytes ? span : Span{};
}

}  // namespace tarn::answer
