// Names in a query: words by which someone asks for one certain thing. What a search by meaning makes of them is
// chance, so that a document with a rare one stands above those without (search.h).
// Shape:   a name is a word as typed, between blanks, that
//          - has letters and digits, or three digits (E4711, x86-64, 7443, 10.0.0.7, 2024-05-17);
//          - has an underscore, or a sign of names and code within (foo.conf, std::sort, AT&T, a[i], p->next), or a
//            sign about it (--force, @cached, $HOME, #tag, .env, C++, run());
//          - in a query of up to kMaxCapitalWords words: has capitals within (camelCase), is all capitals in a query
//            that is not, or begins with a capital within a sentence;
//          - is an emoji, or the only word of the query that is no function word.
//          Function words are not counted. A query of more than kMaxNamedWords words describes a subject: it has no
//          names.
// Threads: pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "inverted/query.h"
#include "search/query_words.h"
#include "search/typed.h"

namespace tarn::search {

inline constexpr size_t kMaxNames = 16, kMaxNamedWords = 16, kMaxCapitalWords = 8;

struct Name {
  std::vector<inverted::Clause> ways;  // it stands where one of these does
};

// `words`: of read_words(runs). Names of what is wanted, each once; those after kMaxNames are left out.
std::vector<Name> names_of(const std::vector<Run>& runs, const std::vector<std::vector<QueryWord>>& words);

}  // namespace tarn::search
