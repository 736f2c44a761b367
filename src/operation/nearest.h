// "Did you mean": the known words that lie close to one that is not known.
// Source:  Damerau-Levenshtein distance, optimal string alignment variant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tarn::operation {

// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`. Words longer than 64 bytes are
// cut there.
size_t edit_distance(std::string_view a, std::string_view b);

// Words that begin with `word` or are at most a third of its length away, nearest first, at most three.
std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& known);

// "did you mean 'search'?", "did you mean 'show' or 'sql'?", or "" when nothing is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

}  // namespace tarn::operation
