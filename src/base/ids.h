// Distinct integer types for things that must not be mixed: a version is not a row, a row is not a passage.
// Units:   Version counts commits of one table from 0; RowIndex counts rows of one data file from 0 in file order;
//          PassageOrdinal counts passages of one segment from 0.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace tarn::base {

template <typename Tag, typename Int>
struct StrongInt {
  Int value = 0;
  constexpr StrongInt() = default;
  constexpr explicit StrongInt(Int v) : value(v) {}
  constexpr auto operator<=>(const StrongInt&) const = default;
  constexpr StrongInt next() const { return StrongInt(value + 1); }
};

using Version = StrongInt<struct VersionTag, int64_t>;
using RowIndex = StrongInt<struct RowIndexTag, int64_t>;
using PassageOrdinal = StrongInt<struct PassageOrdinalTag, uint32_t>;

}  // namespace tarn::base

template <typename Tag, typename Int>
struct std::hash<tarn::base::StrongInt<Tag, Int>> {
  size_t operator()(tarn::base::StrongInt<Tag, Int> id) const { return std::hash<Int>()(id.value); }
};
