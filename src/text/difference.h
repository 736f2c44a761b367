// What changed between two texts, by lines and then by words, as the passages that differ with a little of what stands
// around them.
// Shape:   parts in order; the equal and removed ones of a passage are a stretch of `before`, the equal and added ones
//          a stretch of `after`.
// Limits:  kMaxEdits lines, then words, that differ; beyond, a stretch counts as replaced as a whole.
// Threads: a function.
// Source:  Myers, "An O(ND) Difference Algorithm and Its Variations", Algorithmica 1986.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tarn::text {

inline constexpr size_t kMaxEdits = 1000;

struct DifferencePart {
  char op = '=';  // '=' both, '-' before only, '+' after only
  std::string text;
  bool operator==(const DifferencePart&) const = default;
};
struct DifferentPassage {
  size_t line_before = 1, line_after = 1;  // where it begins, from 1
  std::vector<DifferencePart> parts;
};

// All of both texts, in parts that alternate.
std::vector<DifferencePart> all_parts(std::string_view before, std::string_view after);
// Equal texts have none. About `context_bytes` around each change, cut between words.
std::vector<DifferentPassage> difference(std::string_view before, std::string_view after, size_t context_bytes = 60);

}  // namespace tarn::text
