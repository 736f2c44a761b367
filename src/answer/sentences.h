// The pieces of a passage that can be quoted: sentences of prose, items of lists, rows of tables, whole code blocks.
// Units:   byte spans of the text that is given; ascending, apart, without surrounding blanks, on character edges.
// Limits:  pieces below kMinQuoteBytes say nothing and above kMaxQuoteBytes are no quotes: both are left out.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace tarn::answer {

inline constexpr size_t kMinQuoteBytes = 25;
inline constexpr size_t kMaxQuoteBytes = 700;

struct Span {
  size_t start = 0, end = 0;
};

std::vector<Span> quotable(std::string_view markdown);

}  // namespace tarn::answer
