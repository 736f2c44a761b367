#include "answer/lines.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/ascii.h"

namespace tarn::answer {
namespace {

// First words of sentences that speak of the one before.
constexpr std::array<std::string_view, 28> kReferring = {
    "also",    "and",   "another", "because",   "but",      "finally", "furthermore", "hence",     "here", "however",
    "instead", "it",    "its",     "likewise",  "moreover", "nor",     "or",          "otherwise", "so",   "such",
    "that",    "their", "then",    "therefore", "these",    "they",    "this",        "those"};

constexpr std::array<std::string_view, 10> kPrepositions = {"in",   "for", "with", "by", "after",
                                                            "from", "at",  "on",   "as", "under"};
constexpr std::array<std::string_view, 7> kDemonstratives = {"this", "that", "these", "those", "such", "it", "them"};
constexpr std::array<std::string_view, 4> kPointing = {"latter", "former", "above", "same"};
// A field's name has no more words, a question's mark or a section's number no more bytes.
constexpr size_t kMaxFieldWords = 5, kMaxFieldBytes = 48;

std::string lower_word(std::string_view text, size_t* at) {
  while (*at < text.size() && text[*at] == ' ') ++*at;
  std::string word;
  for (; *at < text.size() && base::may_be_letter(text[*at]); ++*at) {
    const char c = text[*at];
    word += base::lower(c);
  }
  return word;
}

std::string_view without_marks(std::string_view text, std::string_view marks) {
  const size_t first = text.find_first_not_of(marks), last = text.find_last_not_of(marks);
  return first == std::string_view::npos ? std::string_view() : text.substr(first, last - first + 1);
}

// "4.1.5. ", "Chapter 4. ", "Appendix A: ", "§ 3 "
std::string_view without_number(std::string_view heading) {
  for (std::string_view word : {"Chapter ", "Part ", "Appendix ", "Section ", "Table ", "Figure ", "Example ", "§ "}) {
    if (!heading.starts_with(word)) continue;
    const size_t end = heading.find(' ', word.size());
    return end == std::string_view::npos ? std::string_view() : heading.substr(end + 1);
  }
  const size_t end = heading.find(' ');
  const std::string_view first = heading.substr(0, end);
  const bool is_number = first.find_first_not_of("0123456789.)(ABCDEFGHIVX:") == std::string_view::npos &&
                         first.find_first_of("0123456789.)") != std::string_view::npos;
  return is_number && end != std::string_view::npos ? heading.substr(end + 1) : heading;
}

template <size_t N>
bool has(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

std::string_view trim_left(std::string_view line) {
  const size_t at = line.find_first_not_of(" \t>");
  return at == std::string_view::npos ? std::string_view() : line.substr(at);
}

size_t marker_size(std::string_view line) {
  size_t at = 0;
  if (line.starts_with("- ") || line.starts_with("* ") || line.starts_with("+ ")) {
    at = 2;
  } else {
    while (at < line.size() && at < 9 && base::is_digit(line[at])) ++at;
    if (at == 0 || at + 1 >= line.size() || (line[at] != '.' && line[at] != ')') || line[at + 1] != ' ') return 0;
    at += 2;
  }
  while (at < line.size() && line[at] == ' ') ++at;
  return at;
}

bool is_rule_row(std::string_view line) {
  return line.find_first_not_of("|-: \t\r>") == std::string_view::npos && line.find('-') != std::string_view::npos &&
         line.find('|') != std::string_view::npos;
}

Line classify(std::string_view line) {
  const std::string_view text = trim_left(line);
  if (text.empty()) return Line::blank;
  if (text.starts_with("```") || text.starts_with("~~~")) return Line::fence;
  const size_t marks = std::min(text.find_first_not_of('#'), text.size());
  if (marks > 0 && marks <= 6 && (marks == text.size() || text[marks] == ' ' || text[marks] == '\t')) {
    return Line::heading;
  }
  if (text.find_last_not_of("= \t\r") == std::string_view::npos ||
      (text.size() > 1 && text.find_last_not_of("- \t\r") == std::string_view::npos)) {
    return Line::underline;
  }
  if (text[0] == '|') return Line::table;
  if (marker_size(text) > 0) return Line::item;
  return Line::prose;
}

bool is_field(std::string_view line) {
  const std::string_view text = trim_left(line);
  const size_t end = text.find_first_of(":=");
  if (end == std::string_view::npos || end == 0 || end > kMaxFieldBytes) return false;
  const std::string_view name = without_marks(text.substr(0, end), "*_` \t");
  size_t value = text.find_first_not_of(":=*_` \t\r", end);
  if (name.empty() || value == std::string_view::npos || name.find_first_of(".!?;,") != std::string_view::npos) {
    return false;
  }
  if (text[end] == ':' && text.find_first_of(" \t*`", end) != end + 1) return false;  // a time, a URL
  return static_cast<size_t>(std::count(name.begin(), name.end(), ' ')) < kMaxFieldWords;
}

bool is_question(std::string_view text) {
  const std::string_view words = without_marks(text, "*_#> \t\r\n\"')”»");
  for (std::string_view mark : {"Q:", "Q.", "Question:", "F:", "Frage:"}) {
    if (words.starts_with(mark)) return true;
  }
  return words.ends_with('?') || words.ends_with("？");
}

bool states_something(std::string_view heading) {
  const std::string_view text = without_number(without_marks(heading, "*_` "));
  if (text.find_first_of("0123456789") != std::string_view::npos) return true;
  for (std::string_view mark : {": ", " is ", " are ", " = "}) {
    if (text.find(mark) != std::string_view::npos) return true;
  }
  return false;
}

bool begins_referring(std::string_view text) {
  size_t at = 0;
  const std::string first = lower_word(text, &at), second = lower_word(text, &at), third = lower_word(text, &at);
  if (has(kReferring, first)) return true;
  if (first == "the") return has(kPointing, second);
  if (first == "doing") return second == "so" || second == "this";
  if (!has(kPrepositions, first)) return false;
  return has(kDemonstratives, second) || (second == "the" && has(kPointing, third));
}

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
    const bool letter = base::may_be_letter(text[i]) || base::is_digit(text[i]);
    if (letter && !in_word) ++words;
    in_word = letter;
  }
  return words;
}

bool ends_with_link(std::string_view text) {
  return !is_field(text) && text.ends_with(')') &&
         text.find("](", std::min(text.rfind(']'), text.size())) != std::string_view::npos;
}

bool is_cut_emphasis(std::string_view text) {
  size_t marks = 0;
  for (size_t at = text.find("**"); at != std::string_view::npos; at = text.find("**", at + 2)) ++marks;
  return marks % 2 != 0;
}

}  // namespace tarn::answer
