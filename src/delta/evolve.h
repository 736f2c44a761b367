// A table's schema that follows its rows: columns that come new, types that widen; and the names and ids of mapped
// columns.
// Shape:   a new column is nullable and comes last, in the order of the select; inside structs likewise. Names keep the
//          table's case. A type widens only where delta.enableTypeWidening is true, and only as type_widening.h says;
//          the change is recorded.
// Errors:  invalid_argument for a name or a change that cannot be, unsupported for a type that Delta has no word for.
// Source:  Delta protocol, "Column Mapping", "Type Change Metadata".
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "delta/state.h"
#include "duck/connection.h"

namespace tarn::delta {

using MakeUuid = std::function<std::string()>;

// What the commit has to say beside its files.
struct Evolution {
  json::Value metadata;
  std::optional<json::Value> protocol;
  std::shared_ptr<const State> after;  // the base with both
};

// Nothing when the rows of `select` fit the schema's columns as they are.
base::Result<std::optional<Evolution>> evolve(duck::Connection& connection, const State& base,
                                              const std::string& select, const MakeUuid& uuid);

// Gives every column, nested ones too, that has none an id above `*last_id` and a name for files.
void map_columns(std::vector<Field>* fields, int64_t* last_id, const MakeUuid& uuid);
// The schema's JSON for a type whose structs have these fields.
json::Value struct_type(const std::vector<Field>& fields);

}  // namespace tarn::delta
