// The lake's tables as DuckDB views at pinned versions, made when a statement first needs them.
// Shape:   "main.docs" becomes the view docs of the schema main (so `docs` finds it too), "tarn.rejects" the view rejects of the schema
//          tarn. Names compare as DuckDB's do: ASCII case is ignored.
// Errors:  unsupported for a statement that would change a lake table; what pinning and lake::Table::select_sql() return, with the
//          table's name.
// Threads: one.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "duck/connection.h"
#include "lake/table.h"

namespace tarn::sql {

struct PinnedTable {
  std::shared_ptr<lake::Table> table;
  std::shared_ptr<const lake::Snapshot> snapshot;
};

// A table that may be asked for. `pin` is called at most once, when it is: listing a lake need not read its logs.
struct TableEntry {
  std::string name;  // "main.docs"
  std::function<base::Result<PinnedTable>()> pin;
};
TableEntry pinned(std::string name, std::shared_ptr<lake::Table> table, std::shared_ptr<const lake::Snapshot> snapshot);

class Catalog {
 public:
  explicit Catalog(std::vector<TableEntry> tables);

  // Makes the views that a statement may need; refuses it when it would change a lake table. A table that cannot be read is passed
  // over (the statement may only have a word in common with it): see failures().
  base::Status prepare(duck::Connection& connection, const std::string& statement);
  // Makes every view; false when all were there.
  bool prepare_all(duck::Connection& connection);
  // Of the last prepare() and prepare_all(): one for each table that could not be made a view of.
  const std::vector<base::Status>& failures() const { return failures_; }

  const std::vector<std::string>& names() const { return names_; }  // sorted
  // The table that a name written in SQL means ("docs", "main.docs", "memory.main.docs"), as "main.docs"; "" when none.
  std::string find(std::string_view written) const;
  // Column names of a table ("main.docs") at its version.
  base::Result<std::vector<std::string>> columns(const std::string& name);

 private:
  struct Slot {
    TableEntry entry;
    std::string schema, table;
    std::shared_ptr<const PinnedTable> pinned;
    bool made = false;
  };
  Slot* slot(std::string_view written);
  base::Status pin(Slot& slot);
  base::Status make(duck::Connection& connection, Slot& slot);
  std::vector<Slot> slots_;
  std::vector<std::string> names_;
  std::vector<base::Status> failures_;
};

}  // namespace tarn::sql
