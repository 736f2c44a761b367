#include "search/query_words.h"

#include <algorithm>

#include "base/ascii.h"
#include "search/function_words.h"
#include "text/unicode.h"
#include "text/utf8.h"

namespace tarn::search {
namespace {

using base::is_lower;
using base::is_upper;

using inverted::Occur;
using Kind = QueryWord::Kind;

bool all_upper(std::string_view s) { return !s.empty() && std::all_of(s.begin(), s.end(), is_upper); }

std::vector<QueryWord> words_of(std::string_view text, const text::Analyzer& analyzer) {
  std::vector<QueryWord> words;
  uint32_t last = 0;
  analyzer.analyze(text, [&](const text::Token& token) {
    const std::string_view written = text.substr(token.start, token.end - token.start);
    if (words.empty() || token.position != last) {
      words.push_back({written, {}, Kind::content, text::is_emoji(text::utf8_at(written, 0).value)});
      last = token.position;
    }
    if (token.form != text::Form::opening) words.back().terms.push_back({std::string(token.term), token.form, written});
  });
  return words;
}

// The signs that join a word of `text` to what stands beside it: - in to-do, / in A/B, ( in if(x). Blanks: nothing
// does.
struct Joins {
  char before = ' ', after = ' ';
  bool any() const { return before != ' ' || after != ' '; }
  bool has(char c) const { return before == c || after == c; }
};

Joins joins_of(std::string_view text, std::string_view word) {
  constexpr std::string_view kJoins = "-/&+=*@_#$%^~\\|<>";
  const auto begin = static_cast<size_t>(word.data() - text.data());
  const size_t end = begin + word.size();
  Joins joins;
  if (begin > 0 && (kJoins.find(text[begin - 1]) != std::string_view::npos || text[begin - 1] == ')')) {
    joins.before = text[begin - 1];
  }
  if (end < text.size() && (kJoins.find(text[end]) != std::string_view::npos || text[end] == '(')) {
    joins.after = text[end];
  }
  return joins;
}

bool is_in_chain(std::string_view text, std::string_view word) {
  const auto begin = static_cast<size_t>(word.data() - text.data());
  const auto letter = [&](size_t i) { return i < text.size() && (is_upper(text[i]) || is_lower(text[i])); };
  const size_t end = begin + word.size();
  return (begin > 1 && text[begin - 1] == '-' && letter(begin - 2)) ||
         (end < text.size() && text[end] == '-' && letter(end + 1));
}

bool begins_sentence(std::string_view text, std::string_view word) {
  const std::string_view before = text.substr(0, static_cast<size_t>(word.data() - text.data()));
  const size_t last = before.find_last_not_of(" \t\r\n(");
  return last == std::string_view::npos || before[last] == '.' || before[last] == '?' || before[last] == '!' ||
         before[last] == ':';
}

// "I" is a name beside a name (World War I, Type I error), else most likely the one who asks.
bool is_named_i(const std::vector<QueryWord>& words, size_t i) {
  if (i == 0 || is_function_word(words[i - 1].written)) return false;
  const bool others = std::any_of(words.begin(), words.end(),
                                  [&](const QueryWord& w) { return w.written != "I" && is_function_word(w.written); });
  return is_upper(words[i - 1].written.front()) || i + 1 == words.size() || !others;
}

}  // namespace

std::vector<std::vector<QueryWord>> read_words(const std::vector<Run>& runs, const text::Analyzer& analyzer) {
  std::vector<std::vector<QueryWord>> all;
  bool lower = false, title_case = false;
  for (const Run& run : runs) {
    all.push_back(words_of(run.text, analyzer));
    for (const QueryWord& word : all.back()) {
      lower = lower || std::any_of(word.written.begin(), word.written.end(), is_lower);
      title_case = title_case || (word.written.size() > 1 && is_upper(word.written[0]) && is_lower(word.written[1]) &&
                                  is_function_word(word.written) && !begins_sentence(run.text, word.written));
    }
  }
  for (size_t r = 0; r < runs.size(); ++r) {
    if (runs[r].quoted || runs[r].occur != Occur::should) continue;
    std::vector<QueryWord>& words = all[r];
    for (size_t i = 0; i < words.size(); ++i) {
      const std::string_view written = words[i].written;
      if (!is_function_word(written)) continue;
      const Joins joins = joins_of(runs[r].text, written);
      words[i].only_joined = is_in_chain(runs[r].text, written);
      const bool and_or = joins.has('/') && written.size() > 1 && !all_upper(written);
      if (joins.any() && !and_or) continue;
      bool capital = lower && all_upper(written);
      // What Is A Vector: every word of a title begins with a capital.
      if (written == "A") capital = capital && !title_case && !begins_sentence(runs[r].text, written);
      if (written == "I") capital = capital && is_named_i(words, i);
      words[i].kind = capital ? Kind::capital : Kind::function;
    }
  }
  return all;
}

}  // namespace tarn::search
