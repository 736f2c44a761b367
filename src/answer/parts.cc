// Two questions in one sentence.
#include <algorithm>
#include <array>

#include "answer/question.h"
#include "base/ascii.h"
#include "search/function_words.h"

namespace tarn::answer {
namespace {

constexpr size_t kMaxParts = 4;

constexpr std::array<std::string_view, 9> kAsking = {"who",   "what", "when", "where", "which",
                                                     "whose", "whom", "why",  "how"};
// Before a word that asks: "and by when …", "and in which …".
constexpr std::array<std::string_view, 9> kBefore = {"by", "in", "at", "on", "for", "from", "to", "of", "with"};
constexpr std::array<std::string_view, 6> kPronouns = {"it", "they", "them", "he", "she", "him"};

template <size_t N>
bool has(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

struct Word {
  size_t start = 0, end = 0;
  std::string lower;  // letters of ASCII in lower case
};

bool is_word_byte(char c) { return base::is_alnum(c) || c == '\'' || (c & '\x80') != 0; }

// Quotation marks alone (', “, ’) are no word.
bool is_only_quotes(std::string_view word) {
  while (!word.empty()) {
    const bool typographic = word.starts_with("\xE2\x80") && word.size() > 2 && word[2] >= '\x98' && word[2] <= '\x9F';
    if (word[0] != '\'' && !typographic) return false;
    word.remove_prefix(typographic ? 3 : 1);
  }
  return true;
}

std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> words;
  for (size_t at = 0; at < text.size();) {
    Word word{at, at, {}};
    for (; word.end < text.size() && is_word_byte(text[word.end]); ++word.end) {
      const char c = text[word.end];
      word.lower += base::lower(c);
    }
    at = word.end + 1;
    if (!is_only_quotes(text.substr(word.start, word.end - word.start))) words.push_back(std::move(word));
  }
  return words;
}

bool is_content(const Word& word) { return !search::is_function_word(word.lower) && !has(kAsking, word.lower); }

// What the question is about: from its first word that is none of those which ask or help, with an article before it.
std::string_view subject_of(std::string_view question) {
  const std::vector<Word> words = words_of(question);
  const auto first = std::find_if(words.begin(), words.end(), is_content);
  if (first == words.end()) return {};
  return question.substr(first->start, words.back().end - first->start);
}

// "who may change it" after "what is the port of the gateway": the pronoun says what the first one is about.
std::string resolved(std::string_view part, std::string_view first) {
  const std::string_view subject = subject_of(first);
  for (const Word& word : words_of(part)) {
    if (!has(kPronouns, word.lower) || subject.empty()) continue;
    return std::string(part.substr(0, word.start)) + "the " + std::string(subject) + std::string(part.substr(word.end));
  }
  return std::string(part);
}

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r\n,;"), last = text.find_last_not_of(" \t\r\n,;");
  return first == std::string_view::npos ? std::string_view() : text.substr(first, last - first + 1);
}

}  // namespace

std::vector<std::string> questions_in(const std::string& text) {
  const std::vector<Word> words = words_of(text);
  std::vector<std::string_view> parts;
  size_t start = 0;
  bool between = false, content = false;  // of the part that is open
  for (size_t i = 0; i < words.size(); ++i) {
    const size_t gap_start = i == 0 ? 0 : words[i - 1].end;
    const std::string_view gap = std::string_view(text).substr(gap_start, words[i].start - gap_start);
    const bool ended = gap.find('?') != std::string_view::npos;
    const bool joins = words[i].lower == "and" || ended || gap.find(';') != std::string_view::npos;
    size_t next = words[i].lower == "and" || words[i].lower == "also" ? i + 1 : i;
    const size_t begins = next;
    if (next + 1 < words.size() && has(kBefore, words[next].lower)) ++next;
    const bool asks = next < words.size() && (has(kAsking, words[next].lower) || ended);
    const auto is_rest_content = [&] {
      return std::any_of(words.begin() + static_cast<ptrdiff_t>(next), words.end(), is_content);
    };
    if (i > 0 && joins && asks && content && !between && is_rest_content()) {
      parts.push_back(trimmed(std::string_view(text).substr(start, (ended ? words[i].start : gap_start) - start)));
      start = words[begins].start;
      content = false;
      i = begins;
    }
    between = between || words[i].lower == "between";
    content = content || is_content(words[i]);
  }
  parts.push_back(trimmed(std::string_view(text).substr(start)));
  if (parts.size() < 2 || parts.size() > kMaxParts || !content) return {text};
  std::vector<std::string> questions{std::string(parts[0])};
  for (size_t i = 1; i < parts.size(); ++i) questions.push_back(resolved(parts[i], parts[0]));
  return questions;
}

}  // namespace tarn::answer
