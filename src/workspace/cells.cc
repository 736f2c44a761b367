#include "workspace/cells.h"

#include <cmath>

#include "base/clock.h"

namespace tarn::workspace {
namespace {

json::Value to_json(const duck::Cell& cell) {
  return std::visit(
      [](const auto& value) -> json::Value {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::monostate>) {
          return {};
        } else if constexpr (std::is_same_v<T, duck::CellList>) {
          json::Value list = json::Value::array();
          for (const duck::Cell& item : value) list.push(to_json(item));
          return list;
        } else if constexpr (std::is_same_v<T, double>) {
          if (std::isnan(value)) return "NaN";
          if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
          return value;
        } else {
          return value;
        }
      },
      cell.value);
}

}  // namespace

json::Value cell_json(const duck::Column& column, const duck::Cell& cell) {
  const int64_t* time = std::get_if<int64_t>(&cell.value);
  return time && column.type.starts_with("TIMESTAMP") ? json::Value(base::format_utc(*time)) : to_json(cell);
}

}  // namespace tarn::workspace
