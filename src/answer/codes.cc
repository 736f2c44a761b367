#include "answer/codes.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "search/function_words.h"

namespace tarn::answer {
namespace {

using base::is_digit;
using base::is_letter;
using base::lower;

// "v1.2.3" and "1.2.3" are one version.
std::string_view version_of(std::string_view code) {
  if (code.size() > 1 && lower(code[0]) == 'v' && is_digit(code[1])) code.remove_prefix(1);
  const bool version = std::all_of(code.begin(), code.end(), [](char c) { return is_digit(c) || c == '.'; });
  return version && code.find('.') != std::string_view::npos ? code : std::string_view();
}

// 0x80070005, 2N3904, 3f2a9c1: a digit, a letter, and a digit again. Not 12kW, and not 3x4.
bool alternates(std::string_view word) {
  constexpr size_t kLeast = 5;
  const auto letter = std::find_if(word.begin(), word.end(), is_letter);
  return word.size() >= kLeast && is_digit(word.front()) && std::find_if(letter, word.end(), is_digit) != word.end();
}

std::string joined(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (base::may_be_letter(c) || is_digit(c)) out.push_back(lower(c));
  }
  return out;
}

// Kinds of things that have numbers; a name (Vortex) needs no list.
constexpr std::array<std::string_view, 47> kNumberedKinds = {
    "appendix", "bay",    "berth",   "building", "bus",   "chapter", "class",   "code",  "dock",     "error",
    "exercise", "figure", "floor",   "gate",     "grade", "hall",    "invoice", "issue", "lane",     "level",
    "line",     "model",  "order",   "page",     "part",  "phase",   "pier",    "plan",  "platform", "plot",
    "port",     "quay",   "release", "room",     "route", "section", "slide",   "stage", "step",     "table",
    "ticket",   "track",  "tram",    "type",     "unit",  "version", "zone"};
static_assert(std::is_sorted(kNumberedKinds.begin(), kNumberedKinds.end()));
constexpr std::array<std::string_view, 12> kMonths = {"apr", "aug", "dec", "feb", "jan", "jul",
                                                      "jun", "mar", "may", "nov", "oct", "sep"};

// Between the numbers of a range or list.
constexpr std::array<std::string_view, 9> kBetween = {"and",  "bis", "or",  "oder", "through",
                                                      "till", "to",  "und", "until"};

// Words and numbers (7, 3.11) of a text, with what stands before each.
struct Token {
  std::string_view text, gap;
  bool number() const { return is_digit(text.front()); }
};
std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  size_t last = 0;
  for (size_t at = 0; at < text.size();) {
    const bool digit = is_digit(text[at]);
    if (!digit && !base::may_be_letter(text[at])) {
      ++at;
      continue;
    }
    size_t end = at + 1;
    const auto goes_on = [&](size_t i) {
      if (!digit) return base::may_be_letter(text[i]) || is_digit(text[i]);
      return is_digit(text[i]) || base::may_be_letter(text[i]) ||
             (text[i] == '.' && i + 1 < text.size() && is_digit(text[i + 1]));
    };
    while (end < text.size() && goes_on(end)) ++end;
    tokens.push_back({text.substr(at, end - at), text.substr(last, at - last)});
    at = last = end;
  }
  return tokens;
}

bool is_numeral(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || c == '.'; });
}
bool is_mark(std::string_view text) { return text.size() == 1 && base::is_upper(text[0]) && text != "I"; }
bool joins(std::string_view gap) { return gap == " " || gap == "-" || gap == "\n" || gap == "\u00a0" || gap == " #"; }

// "3" is of "3.11", and the other way round.
bool same_number(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  return b.starts_with(a) && (a.size() == b.size() || b[a.size()] == '.');
}

}  // namespace

std::vector<std::string> codes_in(std::string_view question) {
  std::vector<std::string> codes;
  for (size_t at = 0; at < question.size();) {
    size_t end = at;
    while (end < question.size() && question[end] != ' ' && question[end] != '\n' && question[end] != '\t') ++end;
    std::string_view word = question.substr(at, end - at);
    at = end + 1;
    while (!word.empty() && !is_letter(word.front()) && !is_digit(word.front())) word.remove_prefix(1);
    while (!word.empty() && !is_letter(word.back()) && !is_digit(word.back())) word.remove_suffix(1);
    if (word.empty() ||
        std::any_of(word.begin(), word.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
      continue;
    }
    const bool has_digit = std::any_of(word.begin(), word.end(), is_digit);
    const bool numbered = !version_of(word).empty() && std::count(word.begin(), word.end(), '.') > 1;
    if (has_digit && (is_letter(word.front()) || numbered || alternates(word))) codes.emplace_back(word);
  }
  return codes;
}

bool holds_code(std::string_view text, std::string_view code) {
  const std::string_view version = version_of(code);
  if (version.empty()) return joined(text).find(joined(code)) != std::string::npos;
  for (size_t at = text.find(version); at != std::string_view::npos; at = text.find(version, at + 1)) {
    const size_t end = at + version.size();
    const bool begins = at == 0 || (!is_digit(text[at - 1]) && text[at - 1] != '.');
    if (begins && (end == text.size() || !is_digit(text[end]))) return true;
  }
  return false;
}

std::vector<Numbered> numbered_in(std::string_view question) {
  const std::vector<Token> tokens = tokens_of(question);
  std::vector<Numbered> found;
  for (size_t i = 0; i + 1 < tokens.size(); ++i) {
    const std::string_view name = tokens[i].text, number = tokens[i + 1].text;
    const std::string small = lower(name);
    if (tokens[i].number() || name.size() < 2 || !joins(tokens[i + 1].gap) || search::is_function_word(small)) continue;
    if (std::binary_search(kMonths.begin(), kMonths.end(), std::string_view(small).substr(0, 3))) continue;
    const bool is_name = i > 0 && base::is_upper(name[0]);
    const bool is_kind = std::binary_search(kNumberedKinds.begin(), kNumberedKinds.end(), std::string_view(small));
    if (is_mark(number) || (is_numeral(number) && (is_name || is_kind))) {
      found.push_back({std::string(name), std::string(number)});
    }
  }
  return found;
}

bool has_another(std::string_view text, const Numbered& wanted) {
  const std::vector<Token> tokens = tokens_of(text);
  const std::string name = lower(wanted.name);
  bool another = false;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (same_number(tokens[i].text, wanted.number)) return false;
    if (lower(tokens[i].text) != name || i + 1 == tokens.size() || !joins(tokens[i + 1].gap)) continue;
    const std::string_view number = tokens[i + 1].text;
    if (!is_numeral(number) && !is_mark(number)) continue;
    another = true;
    // A range or a list of numbers may hold it: "rooms 3 to 7", "3–7", "B and C".
    const auto counts = [&](size_t t) {
      return t < tokens.size() && (is_numeral(tokens[t].text) || is_mark(tokens[t].text));
    };
    const auto joins_numbers = [&](size_t t) {
      return t < tokens.size() && std::find(kBetween.begin(), kBetween.end(), tokens[t].text) != kBetween.end();
    };
    const bool beside = counts(i + 2) && tokens[i + 2].gap.find_first_of(".;:!?\n|") == std::string_view::npos;
    if (beside || (joins_numbers(i + 2) && counts(i + 3))) return false;
  }
  return another;
}

}  // namespace tarn::answer
