// Tables of the namespace `tarn` that pulls keep beside what they pull: what was rejected, who may read what.
// Errors:  what the lake returns; a conflict is tried again, since other pulls write to the same tables.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "duck/connection.h"
#include "lake/table.h"

namespace tarn::ingest {

struct SideTable {
  std::string_view name;
  std::vector<delta::Field> schema;
};

// Opened, or made where `create`; null where there is none.
base::Result<std::shared_ptr<lake::Table>> open_side_table(const lake::Environment& environment, const SideTable& side,
                                                           bool create, const base::Context& context);

// Calls it until it meets no conflict, a few times at most.
base::Status write_side_table(const SideTable& side, const std::function<base::Status()>& once);

enum class Making {
  equal,
  smaller,  // rows go, and none come
};
// Makes those live rows for which the SQL condition `scope` is true equal to `rows`, a SELECT of the schema's columns.
// Rows that are the same stay where they are; where all are, nothing is written.
base::Status make_rows(const lake::Environment& environment, duck::Connection& connection, const SideTable& side,
                       const std::string& scope, const std::string& rows, Making what, const base::Context& context);

}  // namespace tarn::ingest
