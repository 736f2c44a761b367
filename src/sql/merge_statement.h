// MERGE INTO as queries: which rows it changes, and what they become.
// Shape:   how source and target stand in FROM, and by what their columns are qualified, is the caller's. `changed` has
//          one row for each row that is updated, deleted or inserted: its position (null when it is new), the number of
//          its WHEN, and the new values. Where join or conditions have a query or give another answer each time they
//          are asked, `pairs` and `actions` are kept first, so that each is asked once.
// Errors:  invalid_argument for columns that the source or the table lack.
#pragma once

#include <string>
#include <vector>

#include "delta/snapshot.h"
#include "duck/connection.h"
#include "sql/change_statement.h"

namespace tarn::sql {

// Names that a statement's own cannot meet by accident.
inline constexpr const char* kTarget = "__tarn_target";
inline constexpr const char* kBeside = "__tarn";  // a database
inline constexpr const char* kSource = "__tarn_source";
inline constexpr const char* kNewRows = "__tarn_rows";
inline constexpr const char* kCopy = "__tarn_copy";
inline constexpr const char* kPositions = "__tarn_positions";
inline constexpr const char* kPairs = "__tarn_pairs";
inline constexpr const char* kActions = "__tarn_actions";
inline constexpr const char* kFile = "__tarn_file";
inline constexpr const char* kRow = "__tarn_row";

// A table of a statement.
struct Side {
  std::string from;  // as it stands in FROM: name and alias
  std::string name;  // before its columns
  // What tells its rows apart: of the target file and row, of the source a rowid.
  std::string file = {}, row = {};
};

struct MergeQueries {
  std::string pairs, actions;     // to be kept as kPairs and kActions, or ""
  std::string changed;            // to be kept as kNewRows
  std::string positions;          // of kNewRows: file and row of what is updated or deleted, and 1 where it is updated
  std::string appended;           // of kNewRows: the rows that are updated or inserted
  std::string updated, inserted;  // the two kinds of these
};

base::Result<MergeQueries> merge_queries(const ChangeStatement& statement, const std::vector<delta::Field>& schema,
                                         const std::vector<duck::Column>& columns, const Side& source,
                                         const Side& target, bool step_by_step);

}  // namespace tarn::sql
