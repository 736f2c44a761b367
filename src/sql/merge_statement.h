// MERGE INTO as queries: which rows it changes, and what they become.
// Shape:   the source lies in the temporary table kSource, the target in the view kTarget. `changed` has one row for each row that is
//          updated, deleted or inserted: its position (null when it is new), the number of its WHEN, and the new values.
// Errors:  invalid_argument for columns that the source or the table lack.
#pragma once

#include <string>
#include <vector>

#include "duck/connection.h"
#include "lake/snapshot.h"
#include "sql/change_statement.h"

namespace tarn::sql {

// Names that a statement's own cannot meet by accident.
inline constexpr const char* kTarget = "__tarn_target";
inline constexpr const char* kSource = "__tarn_source";
inline constexpr const char* kNewRows = "__tarn_rows";
inline constexpr const char* kFile = "__tarn_file";
inline constexpr const char* kRow = "__tarn_row";

struct MergeQueries {
  std::string changed;    // to be kept as kNewRows
  std::string positions;  // of kNewRows: file and row of what is updated or deleted
  std::string appended;   // of kNewRows: the rows that are updated or inserted
};

base::Result<MergeQueries> merge_queries(const ChangeStatement& statement, const std::vector<lake::Field>& schema,
                                         const std::vector<duck::Column>& source, const std::string& target_alias);

}  // namespace tarn::sql
