// What a person types → clauses for the inverted file and a text for the encoder.
// Shape:   words, "phrases", +must, -not, +"must phrase", -"not phrase". An open quote ends with the query. A sign alone is a word
//          break. Function words (of, the, how …) are not looked for where there are others, except in phrases and with + or -. A word that the analyzer takes apart (write-ahead) is its words; with + or - in front it is their phrase.
// Errors:  invalid_argument when nothing is left to look for; exhausted above kMaxClauses.
// Threads: pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "inverted/query.h"
#include "text/analyzer.h"

namespace tarn::search {

inline constexpr size_t kMaxClauses = 1024;

struct ParsedQuery {
  inverted::Query lexical;         // equal should words are one clause, with a boost
  std::string text;                // for the encoder: the words and phrases that are wanted
  std::vector<std::string> terms;  // every term that is looked for, sorted: for highlights
  bool has_must = false, has_must_not = false;
};

base::Result<ParsedQuery> parse_query(std::string_view words, const text::Analyzer& analyzer);
// A question is a sentence, not a query: nothing in it is an operator, so that "what does grep -v do?" asks for v. `text` is the question.
base::Result<ParsedQuery> parse_question(std::string_view question, const text::Analyzer& analyzer);

}  // namespace tarn::search
