// Words of English that say how a sentence is built and not what it is about: articles, pronouns, auxiliaries,
// prepositions, and the words that ask. A search does not look for them where a query has others; a question's are not
// counted when its evidence is weighed. It is a word as written that is asked for, not its stem: canned is not can,
// wills is not will, and Doe is not does.
// Source: written for Tarn; the closed word classes of English.
// Threads: pure.
#pragma once

#include <string_view>

namespace tarn::search {

// `word`: as written, in any case, with what is joined to it by an apostrophe (what's, I'm).
bool is_function_word(std::string_view word);

}  // namespace tarn::search
