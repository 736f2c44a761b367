// Whether a table's rows are still as a transaction left them.
#pragma once

#include <string>

#include "lake/table.h"

namespace tarn::lake {

// False where every commit after the newest one of `app_id` left the rows as they were: a merge of files, a property.
// True also where that cannot be told, since the log was cut.
bool changed_since(const TableReader& table, const delta::Snapshot& snapshot, const std::string& app_id);

}  // namespace tarn::lake
