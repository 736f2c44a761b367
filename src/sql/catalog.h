// The lake's tables as DuckDB views at pinned versions, made when a statement first needs them.
// Shape:   "main.docs" becomes the view docs of the schema main (so `docs` finds it too), "tarn.rejects" the view
//          rejects of the schema tarn. Names compare as DuckDB's do: ASCII case is ignored. Of tables that differ by
//          case only, each is meant by its exact name, one in a statement; any other spelling is ambiguous.
//          t AT (VERSION => 3) is the view t of the schema "main@3".
//          The data files of a view are held on this machine as long as it may be read (store::Lease).
// Errors:  what pinning and lake::TableReader::select() return, with the table's name.
// Threads: one.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "duck/connection.h"
#include "lake/table.h"

namespace tarn::sql {

struct PinnedTable {
  std::shared_ptr<lake::TableReader> table;
  std::shared_ptr<const delta::Snapshot> snapshot;
};

// A table that may be asked for. `pin` is called when it is, until it gives one: listing a lake need not read its logs.
struct TableEntry {
  std::string name;  // "main.docs"
  std::function<base::Result<PinnedTable>(const base::Context& context)> pin;
  // The same table as of "12" or "2026-11-22T10:00:00Z", for AT (VERSION => …) and AT (TIMESTAMP => …).
  std::function<base::Result<PinnedTable>(const std::string& as_of, const base::Context& context)> pin_at = {};
  // Of a table that is not there yet, but whose columns are known: it reads as empty, and needs no `pin`.
  std::vector<delta::Field> columns = {};
};
TableEntry pinned(std::string name, std::shared_ptr<lake::TableReader> table,
                  std::shared_ptr<const delta::Snapshot> snapshot);

class Catalog {
 public:
  explicit Catalog(std::vector<TableEntry> tables);

  // Makes the views that a statement may need. A table that cannot be read is passed over (the statement may only have
  // a word in common with it): see failures(). Not ok where the context says to stop.
  base::Status prepare(duck::Connection& connection, const std::string& statement, const base::Context& context);
  // Makes every view; false when all were there.
  base::Result<bool> prepare_all(duck::Connection& connection, const base::Context& context);
  // The statement with the views of other versions in place of `t AT (…)`, made when they are not there yet.
  base::Result<std::string> at_versions(duck::Connection& connection, const std::string& statement,
                                        const base::Context& context);
  // The first lake table among the names that a statement would change (changed_tables()), as "main.docs"; "" when
  // none. What a name means is DuckDB's: a temporary table hides one of the lake, and USE says where it is looked for.
  // invalid_argument for a name that two tables have which differ by case only.
  base::Result<std::string> changed_by(duck::Connection& connection, const std::vector<std::string>& names) const;
  // Why a statement failed that misses a file: that a version of a table can no longer be read in full. Any other
  // failure as it is.
  base::Status explain(base::Status failed) const;
  // After a change: the table's view at another version, a table more, a table less.
  base::Status replace(duck::Connection& connection, const std::string& name, PinnedTable pinned);
  base::Status add(duck::Connection& connection, TableEntry entry, PinnedTable pinned);
  base::Status remove(duck::Connection& connection, const std::string& name);

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
    std::vector<store::Lease> files = {};  // of the view
    bool made = false;
  };
  static Slot make_slot(TableEntry entry);
  Slot* slot(std::string_view written);
  Slot* slot(std::string_view schema, std::string_view table);
  std::vector<Slot*> twins(const Slot& slot);
  base::Status ambiguous(const Slot& slot);
  bool refuse_ambiguous(duck::Connection& connection, Slot& slot, std::string_view written,
                        const std::vector<Slot*>& wanted);
  void refuse(duck::Connection& connection, Slot& slot);
  static base::Status explain(const PinnedTable* pinned, base::Status failed);
  base::Result<std::string> version_view(duck::Connection& connection, Slot& slot, const std::string& as_of,
                                         const base::Context& context);
  static base::Status pin(Slot& slot, const base::Context& context);
  static base::Result<lake::Select> select(const PinnedTable& pinned, bool locked);
  base::Status make(duck::Connection& connection, Slot& slot, const base::Context& context);
  std::vector<Slot> slots_;
  std::vector<std::string> names_;
  std::map<std::string, std::vector<store::Lease>> version_views_;  // with their files
  std::vector<base::Status> failures_;
};

}  // namespace tarn::sql
