// The words of a query's run and which of them carry its meaning: decided by how they are written, before they are
// stemmed.
// Shape:   a function word (function_words.h) counts as a word like others where it
//          - is in capitals in a query that is not all capitals (OR gate, vitamin A, IT department): of an A at the
//            beginning of a sentence and of the pronoun I capitals say nothing;
//          - is joined to a word beside it (A/B, if(x), Q&A; but not and/or), or is quoted. Behind or before a hyphen
//            it is not looked for alone: to-do is todo, and not every to.
// Threads: pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "search/typed.h"
#include "text/analyzer.h"

namespace tarn::search {

struct QueryTerm {
  std::string term;
  text::Form form = text::Form::word;
  std::string_view written;  // within the run's text; a part may have its word's
};

struct QueryWord {
  enum class Kind : uint8_t {
    content,   // says what the text is about
    capital,   // a function word that its capitals make a name
    function,  // builds the sentence
  };
  std::string_view written;      // within the run's text
  std::vector<QueryTerm> terms;  // the word itself first
  Kind kind = Kind::content;
  bool emoji = false;
  bool only_joined = false;  // of its terms, those that stand for more than itself are looked for
};

// By run of read_runs(), each run's words in a row.
std::vector<std::vector<QueryWord>> read_words(const std::vector<Run>& runs, const text::Analyzer& analyzer);

}  // namespace tarn::search
