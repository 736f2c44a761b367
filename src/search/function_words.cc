#include "search/function_words.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/ascii.h"

namespace tarn::search {
namespace {

// Sorted. Not here, since they change what is asked: not, no, without, before, after, between, all, each, only, same.
constexpr std::array<std::string_view, 86> kWords = {
    "a",      "about", "am",    "an",   "and",  "any",   "are",   "as",   "at",    "be",    "been",  "being", "but",
    "by",     "can",   "could", "did",  "do",   "does",  "doing", "done", "for",   "from",  "had",   "has",   "have",
    "having", "he",    "her",   "him",  "his",  "how",   "i",     "if",   "in",    "into",  "is",    "it",    "its",
    "may",    "me",    "might", "must", "my",   "of",    "on",    "or",   "ought", "our",   "shall", "she",   "should",
    "so",     "some",  "such",  "than", "that", "the",   "their", "them", "then",  "there", "these", "they",  "this",
    "those",  "to",    "upon",  "us",   "was",  "we",    "were",  "what", "when",  "where", "which", "while", "who",
    "whom",   "whose", "why",   "will", "with", "would", "you",   "your"};
constexpr std::array<std::string_view, 6> kJoined = {"d", "ll", "m", "re", "s", "ve"};  // what's, you're

constexpr size_t kLongest = 12;  // with what is joined by an apostrophe

bool listed(const auto& words, std::string_view word) { return std::binary_search(words.begin(), words.end(), word); }

}  // namespace

bool is_function_word(std::string_view word) {
  if (word.size() > kLongest) return false;
  std::string lower = base::lower(word);
  for (const std::string_view apostrophe : {"'", "\u2019"}) {
    const size_t at = lower.find(apostrophe);
    if (at == std::string::npos) continue;
    if (!listed(kJoined, std::string_view(lower).substr(at + apostrophe.size()))) return false;
    lower.resize(at);
    break;
  }
  return listed(kWords, lower);
}

}  // namespace tarn::search
