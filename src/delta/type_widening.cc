#include "delta/type_widening.h"

#include <array>
#include <string>

#include "delta/type_parser.h"

namespace tarn::delta {
namespace {

int integer_rank(const std::string& type) {
  constexpr std::array<const char*, 4> kIntegers{"byte", "short", "integer", "long"};
  for (size_t i = 0; i < kIntegers.size(); ++i) {
    if (type == kIntegers[i]) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace

bool widens(const json::Value& from, const json::Value& to) {
  if (!from.is_string() || !to.is_string()) return false;
  const std::string &narrow = from.as_string(), &wide = to.as_string();
  const int rank = integer_rank(narrow), wide_rank = integer_rank(wide);
  if (rank >= 0 && wide_rank > rank) return true;
  if (wide == "double") return narrow == "float" || (rank >= 0 && rank <= 2);
  if (narrow == "date") return wide == "timestamp_ntz";
  int precision = 0, scale = 0, wide_precision = 0, wide_scale = 0;
  if (!read_decimal(wide, &wide_precision, &wide_scale)) return false;
  if (rank >= 0) return wide_precision - wide_scale >= (rank == 3 ? 20 : 10);
  return read_decimal(narrow, &precision, &scale) && wide_scale >= scale &&
         wide_precision - wide_scale >= precision - scale && wide != narrow;
}

}  // namespace tarn::delta
