#include "search/function_words.h"

#include <algorithm>
#include <array>

namespace tarn::search {
namespace {

// Sorted; with their stems. Not here, since they change what is asked: not, no, without, before, after, between, all, each, only, same.
constexpr std::array<std::string_view, 89> kWords = {
    "a",     "about",  "am",     "an",    "and",   "ani",  "any",  "are",  "as",    "at",   "be",    "been",  "being",
    "but",   "by",     "can",    "could", "did",   "do",   "doe",  "does", "doing", "done", "for",   "from",  "had",
    "has",   "have",   "having", "he",    "her",   "him",  "his",  "how",  "i",     "if",   "in",    "into",  "is",
    "it",    "its",    "may",    "me",    "might", "must", "my",   "of",   "on",    "or",   "ought", "our",   "shall",
    "she",   "should", "so",     "some",  "such",  "than", "that", "the",  "their", "them", "then",  "there", "these",
    "they",  "this",   "those",  "to",    "upon",  "us",   "was",  "we",   "were",  "what", "when",  "where", "whi",
    "which", "while",  "who",    "whom",  "whose", "why",  "will", "with", "would", "you",  "your"};

}  // namespace

bool is_function_word(std::string_view word) { return std::binary_search(kWords.begin(), kWords.end(), word); }

}  // namespace tarn::search
