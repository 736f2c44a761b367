// What the words before a brace declare, in the languages that have braces.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/ascii.h"

namespace tarn::document::code {

inline bool is_name(char c) { return base::is_alnum(c) || c == '_' || c == '$' || (c & '\x80') != 0; }

inline bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// The name at `at`, with the parts of its path ("Tide::flow", "port.Tide").
std::string_view name_at(std::string_view text, size_t at);
// Where the word stands in `text`, alone; npos: nowhere.
size_t find_word(std::string_view text, std::string_view word);

// Without what stands before a declaration and may hold words of one: "template <class T>", "#[derive(A)]",
// "@Get(\"/\")".
std::string without_marks(std::string header);
// "class Tide"; " " for what only holds others together; "" where it is none.
std::string container_in(std::string_view header, std::string_view language);
// "tide()"; "" where it is none.
std::string function_in(std::string_view header, std::string_view language);

}  // namespace tarn::document::code
