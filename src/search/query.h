// What a person types → clauses for the inverted file and a text for the encoder.
// Shape:   words, "phrases", +must, -not, +"must phrase", -"not phrase" (typed.h); a question has no operators. A word
//          that the analyzer takes apart (write-ahead) is its words; with + or - in front it is their phrase.
//          Function words (query_words.h) are not looked for where two other words are left. Where one is, that word
//          must be there, the others count a little, and words in a row count as a phrase: "or gate" finds gates, and
//          the OR gate first. A function word in capitals counts like any word, and as a phrase with the words beside
//          it: vitamin A. A short query counts as a phrase beside its words: single sign on.
// Errors:  invalid_argument when nothing is left to look for; exhausted above kMaxClauses.
// Threads: pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "inverted/query.h"
#include "search/names.h"
#include "text/analyzer.h"

namespace tarn::search {

inline constexpr size_t kMaxClauses = 1024;
inline constexpr float kFunctionWordBoost = 0.3F;  // beside a single other word
// In a question, a name of several words as it is typed, beside its words: it puts those in a row first, and weighs no
// second time.
inline constexpr float kTypedNameBoost = 0.3F;

// What is marked in a text that was found.
struct Mark {
  inverted::Clause clause;
  std::string written;  // not empty: only where the text has the word written like this
};

struct ParsedQuery {
  inverted::Query lexical;                // equal should words are one clause, with a boost
  std::vector<inverted::Clause> demands;  // of + and -: also what is found by meaning must meet them
  std::string text;                       // for the encoder: the words and phrases that are wanted
  std::vector<std::string> terms;         // every term that is looked for, sorted
  // Of these, the terms of words that are no function words; all, where there is no other; sorted.
  std::vector<std::string> content;
  std::vector<Mark> marks;
  std::vector<Name> names;
};

base::Result<ParsedQuery> parse_query(std::string_view typed, const text::Analyzer& analyzer);
// A question is a sentence, not a query: nothing in it is an operator, so that "what does grep -v do?" asks for v.
// `text` is the question.
base::Result<ParsedQuery> parse_question(std::string_view question, const text::Analyzer& analyzer);

}  // namespace tarn::search
