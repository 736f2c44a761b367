// Sentences for quoting: UAX #29 on the text with its soft line breaks taken as spaces, less the breaks that technical
// prose does not mean (after "e.g.", "Fig.", an initial; inside `code`).
#include <algorithm>
#include <string>

#include "base/ascii.h"
#include "base/utf8.h"
#include "text/analyzer.h"
#include "text/icu.h"

namespace tarn::text {
namespace {

using base::is_digit;
using base::is_letter;
using base::is_upper;

constexpr size_t kMaxCodeSpan = 400;       // a back-quote without a partner within this is only a character
constexpr size_t kPieceBytes = 256 << 10;  // ICU sees a long text in pieces that end at a blank line or a line

constexpr std::string_view kAbbreviations[] = {
    "e.g",  "i.e", "etc", "vs",  "cf",   "fig",    "figs", "sec",  "sect",  "ch",   "no",  "nos",   "vol",
    "pp",   "p",   "eq",  "eqs", "ex",   "al",     "dr",   "mr",   "mrs",   "ms",   "st",  "jr",    "sr",
    "prof", "inc", "ltd", "co",  "corp", "approx", "ca",   "incl", "excl",  "resp", "ref", "refs",  "ed",
    "eds",  "rev", "ver", "v",   "max",  "min",    "dept", "est",  "a.k.a", "u.s",  "u.k", "w.r.t", "viz",
    "jan",  "feb", "mar", "apr", "jun",  "jul",    "aug",  "sep",  "sept",  "oct",  "nov", "dec"};
// These end a sentence more often than not, when what follows begins like one.
constexpr std::string_view kOftenLast[] = {"etc", "al", "inc", "ltd", "co",  "corp", "u.s",
                                           "u.k", "no", "max", "min", "mar", "p",    "v"};

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r") == std::string_view::npos; }

// A line that begins something of its own in Markdown: heading, list item, quotation, table row, fence.
bool begins_block(std::string_view line) {
  const size_t at = line.find_first_not_of(" \t");
  if (at == std::string_view::npos) return true;
  const std::string_view rest = line.substr(at);
  const auto spaced = [&](size_t n) { return rest.size() == n || rest[n] == ' ' || rest[n] == '\t'; };
  switch (rest[0]) {
    case '#':
    case '|':
    case '>':
      return true;
    case '-':
    case '*':
    case '+':
      return spaced(1) || rest.starts_with("---") || rest.starts_with("***");
    case '`':
      return rest.starts_with("```");
    case '~':
      return rest.starts_with("~~~");
    case '=':
      return rest.starts_with("==");
    default:
      break;
  }
  size_t digits = 0;
  while (digits < rest.size() && digits < 4 && is_digit(rest[digits])) ++digits;
  return digits > 0 && digits < rest.size() && (rest[digits] == '.' || rest[digits] == ')') && spaced(digits + 1);
}

// White space, or a list item's number alone ("12. ").
bool is_blank_or_marker(std::string_view text) {
  size_t at = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  const size_t digits = at;
  while (at < text.size() && at - digits < 4 && is_digit(text[at])) ++at;
  if (at > digits && at < text.size() && (text[at] == '.' || text[at] == ')')) ++at;
  return text.find_first_not_of(" \t\r\n", at) == std::string_view::npos && (at == digits || !is_digit(text[at - 1]));
}

// The text with soft line breaks as spaces, byte for byte in place.
std::string without_soft_breaks(std::string_view text) {
  std::string out(text);
  size_t line = 0;
  while (line < text.size()) {
    const size_t end = std::min(text.find('\n', line), text.size());
    if (end == text.size()) break;
    const std::string_view here = text.substr(line, end - line);
    const std::string_view next = text.substr(end + 1, std::min(text.find('\n', end + 1), text.size()) - end - 1);
    const size_t first = here.find_first_not_of(" \t");
    const bool own_line = first != std::string_view::npos && (here[first] == '#' || here[first] == '|');
    if (!is_blank(here) && !own_line && !begins_block(next)) {
      out[end] = ' ';
      if (end > 0 && out[end - 1] == '\r') out[end - 1] = ' ';
    }
    line = end + 1;
  }
  return out;
}

// Whether the full stop that ends `before` belongs to an abbreviation, given what comes after the space.
bool ends_in_abbreviation(std::string_view before, std::string_view after) {
  const size_t end = before.find_last_not_of(" \t\r\n");
  if (end == std::string_view::npos || before[end] != '.') return false;
  size_t start = end;
  while (start > 0 && end - start < 16 && (is_letter(before[start - 1]) || before[start - 1] == '.')) --start;
  std::string word(before.substr(start, end - start));
  if (word.empty()) return false;
  if (word.size() == 1 && is_upper(word[0]) && start > 0) return word[0] != 'I';  // J. Smith
  word = base::lower(word);
  const auto in = [&](const auto& list) { return std::find(std::begin(list), std::end(list), word) != std::end(list); };
  if (!in(kAbbreviations)) return false;
  const bool sentence_like = !after.empty() && is_upper(after[0]);
  return !(sentence_like && in(kOftenLast));
}

// Spans between back-quotes, ascending.
std::vector<std::pair<size_t, size_t>> code_spans(std::string_view text) {
  std::vector<std::pair<size_t, size_t>> spans;
  for (size_t at = text.find('`'); at != std::string_view::npos;) {
    const size_t inside = std::min(text.find_first_not_of('`', at), text.size());
    const std::string_view fence = text.substr(at, inside - at);
    const size_t length =
        fence.size() > kMaxCodeSpan ? std::string_view::npos : text.substr(inside, kMaxCodeSpan).find(fence);
    if (length == std::string_view::npos) {
      at = text.find('`', inside);
      continue;
    }
    const size_t end = inside + length + fence.size();
    spans.emplace_back(at, end);
    at = text.find('`', end);
  }
  return spans;
}

}  // namespace

std::vector<size_t> sentence_boundaries(std::string_view text) {
  if (text.empty()) return {};
  const std::string flat = without_soft_breaks(text);
  std::vector<size_t> found;
  for (size_t at = 0; at < flat.size();) {
    size_t end = flat.size();
    if (end - at > kPieceBytes) {
      end = flat.rfind('\n', at + kPieceBytes);
      if (end == std::string::npos || end <= at) end = flat.rfind(' ', at + kPieceBytes);
      if (end == std::string::npos || end <= at) end = at + kPieceBytes;
      while (end < flat.size() && base::is_continuation(flat[end])) ++end;
      if (flat[end] == '\n' || flat[end] == ' ') ++end;
    }
    const size_t before = found.size();
    icu::sentence_breaks(std::string_view(flat).substr(at, end - at), &found);
    for (size_t i = before; i < found.size(); ++i) found[i] += at;
    if (end < flat.size()) found.push_back(end);
    at = end;
  }

  const auto spans = code_spans(flat);
  std::vector<size_t> out = {0};
  size_t span = 0;
  for (const size_t b : found) {
    while (span < spans.size() && spans[span].second <= b) ++span;
    if (span < spans.size() && spans[span].first < b) continue;
    const std::string_view before = std::string_view(flat).substr(out.back(), b - out.back());
    if (flat[b - 1] != '\n' && ends_in_abbreviation(before, std::string_view(flat).substr(b, 8))) continue;
    if (is_blank_or_marker(before)) continue;  // joins what follows
    out.push_back(b);
  }
  return out;
}

}  // namespace tarn::text
