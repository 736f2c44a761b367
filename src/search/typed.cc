#include "search/typed.h"

#include <algorithm>
#include <array>

#include "text/unicode.h"
#include "text/utf8.h"

namespace tarn::search {
namespace {

using inverted::Occur;
using text::Utf8Char;

constexpr std::u32string_view kDouble = U"\"\u201c\u201d\u201e\u201f\uff02\u301d\u301e";
constexpr std::u32string_view kDashes = U"-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d";

bool is_one_of(char32_t c, std::u32string_view set) { return set.find(c) != std::u32string_view::npos; }
bool is_space(char32_t c) { return text::is_white_space(c) || c == 0x200B; }
bool is_digit(char32_t c) { return c >= '0' && c <= '9'; }
bool is_letter(char32_t c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }

struct Quotes {
  std::u32string_view close;  // empty: no quote opens here
  bool must_close = false;    // a lone one is no quote
};

// What would close the quotation that `c` opens at a word's beginning or, for double quotes, anywhere.
Quotes quotes_of(char32_t c, bool at_beginning) {
  if (is_one_of(c, kDouble)) return {kDouble, false};
  if (!at_beginning) return {};
  switch (c) {
    case U'\u00ab':
      return {U"\u00bb", true};
    case U'\u00bb':
      return {U"\u00ab", true};
    case U'\u2039':
      return {U"\u203a", true};
    case U'\u203a':
      return {U"\u2039", true};
    case U'\u300c':
      return {U"\u300d", true};
    case U'\u300e':
      return {U"\u300f", true};
    case U'\u2018':
    case U'\u201a':
      return {U"\u2019\u2018", true};
    default:
      return {};
  }
}

class Reader {
 public:
  Reader(std::string_view typed, Syntax syntax) : text_(typed), syntax_(syntax) {}

  std::vector<Run> read() {
    bool at_beginning = true;  // of a word
    char32_t before = ' ';
    while (at_ < text_.size()) {
      const Utf8Char c = at(at_);
      if (is_space(c.value)) {
        at_beginning = true;
        before = c.value;
        at_ += c.size;
        continue;
      }
      if (at_beginning && syntax_ == Syntax::query && signed_word(c.value)) {
        before = ' ';
        continue;
      }
      if (!(is_digit(before) && c.value == '"') && quotation(at_, Occur::should, at_beginning)) {
        before = ' ';
        at_beginning = true;
        continue;
      }
      if (plain_ == kNone) plain_ = at_;
      at_ += c.size;
      plain_end_ = at_;
      at_beginning = false;
      before = c.value;
    }
    end_plain();
    return std::move(runs_);
  }

 private:
  static constexpr size_t kNone = std::string_view::npos;

  Utf8Char at(size_t i) const { return i < text_.size() ? text::utf8_at(text_, i) : Utf8Char{' ', 1, false}; }

  void end_plain() {
    if (plain_ != kNone) runs_.push_back({Occur::should, false, text_.substr(plain_, plain_end_ - plain_)});
    plain_ = kNone;
  }

  // +word, -word, +"a phrase", -"a phrase" at at_: reads it and is true, or leaves at_ alone.
  bool signed_word(char32_t sign) {
    if (sign != '+' && sign != '-') return false;
    const Occur occur = sign == '+' ? Occur::must : Occur::must_not;
    const char32_t next = at(at_ + 1).value, after = at(at_ + 2).value;
    if (quotation(at_ + 1, occur, true)) return true;
    const bool letter =
        is_letter(next) || next == '_' || (next >= 0x80 && !is_space(next) && !is_one_of(next, kDashes));
    const bool named = is_one_of(next, U".#@$(") && (is_letter(after) || after == '_' || after >= 0x80);
    if (!letter && !named && !(sign == '+' && is_digit(next))) return false;
    end_plain();
    size_t end = at_ + 1;
    while (end < text_.size() && !is_space(at(end).value) && !is_one_of(at(end).value, kDouble)) end += at(end).size;
    runs_.push_back({occur, false, text_.substr(at_ + 1, end - at_ - 1)});
    at_ = end;
    return true;
  }

  // A quotation that opens at `open`: reads it and is true, or leaves at_ alone.
  bool quotation(size_t open, Occur occur, bool at_beginning) {
    const Utf8Char first = at(open);
    const Quotes quotes = quotes_of(first.value, at_beginning);
    if (open >= text_.size() || quotes.close.empty()) return false;
    const size_t from = open + first.size;
    const bool single = first.value == U'\u2018' || first.value == U'\u201a';
    size_t end = from;
    for (; end < text_.size(); end += at(end).size) {
      if (!is_one_of(at(end).value, quotes.close)) continue;
      // ’ is an apostrophe as well: it closes where no letter follows.
      const char32_t next = at(end + at(end).size).value;
      if (!single || !(is_letter(next) || is_digit(next) || (next >= 0xC0 && next < 0x250))) break;
    }
    // » before a blank parts the steps of a path: File » Open.
    const bool path = first.value == U'\u00bb' && is_space(at(from).value);
    if (quotes.must_close && (end >= text_.size() || path)) return false;
    end_plain();
    if (end > from) runs_.push_back({occur, true, text_.substr(from, end - from)});
    at_ = std::min(text_.size(), end + (end < text_.size() ? at(end).size : 0));
    return true;
  }

  std::string_view text_;
  Syntax syntax_;
  size_t at_ = 0;
  size_t plain_ = kNone, plain_end_ = 0;
  std::vector<Run> runs_;
};

}  // namespace

std::vector<Run> read_runs(std::string_view typed, Syntax syntax) {
  std::vector<Run> runs = Reader(typed, syntax).read();
  // A question that is quoted as a whole is one all the same.
  if (syntax == Syntax::question && runs.size() == 1) runs.front().quoted = false;
  return runs;
}

}  // namespace tarn::search
