// Words of English that say how a sentence is built and not what it is about: articles, pronouns, auxiliaries, prepositions, and the words
// that ask. A search does not look for them where a query has others; a question's are not counted when its evidence is weighed.
// Source: written for Tarn; the closed word classes of English.
// Threads: pure.
#pragma once

#include <string_view>

namespace tarn::search {

// `word`: lower case, as written or as a term (words of this list have the same stem or none).
bool is_function_word(std::string_view word);

}  // namespace tarn::search
