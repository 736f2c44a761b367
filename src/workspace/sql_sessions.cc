#include "workspace/sql_sessions.h"

#include <algorithm>

#include "duck/remote.h"
#include "ingest/rejects.h"
#include "lake/table_name.h"

namespace tarn::workspace {

using base::Code;
using base::Result;

Result<std::unique_ptr<sql::Session>> SqlSessions::open(const std::string& as_of, bool locked, int timeout_ms) {
  sql::SessionOptions options;
  if (locked) {
    // First, so that the worker starts while the tables are looked for. It has a budget of its own.
    duck::Options database;
    database.threads = options_.threads;
    database.memory_limit_bytes = options_.memory_limit_bytes;
    database.locked_to = tables_.readable_directories();
    TARN_ASSIGN(options.connection, duck::connect_in(workers_.sql(), database, {.statement_timeout_ms = timeout_ms}));
  } else {
    TARN_ASSIGN(options.connection, databases_.connect_session());
    options.writer = writer(as_of);
  }
  const auto lake_store = store_.open();
  if (lake_store.ok()) {
    TARN_ASSIGN(std::vector<std::string> paths, lake::list_tables(**lake_store));
    const auto lease = tables_.reading();  // lives as long as the session: its tables hold it
    for (const std::string& path : paths) {
      const std::string name = lake::name_of_table(path);
      const auto pin_at = [this, name, lease](const std::string& when,
                                              const base::Context& context) -> Result<sql::PinnedTable> {
        TARN_ASSIGN(Pinned pinned, tables_.pin(name, when, context));
        return sql::PinnedTable{pinned.table, pinned.snapshot};
      };
      const auto pin = [pin_at, as_of](const base::Context& context) { return pin_at(as_of, context); };
      options.tables.push_back({name, pin, pin_at});
    }
    // The first reject makes this table; until then it reads as empty.
    const std::string rejects(ingest::kRejectsTable);
    if (std::find(paths.begin(), paths.end(), lake::path_of_table(rejects)) == paths.end()) {
      options.tables.push_back({rejects, {}, {}, ingest::rejects_schema()});
    }
  } else if (lake_store.status().code() != Code::not_found) {
    return lake_store.status();
  }
  SqlFunctions functions = functions_(as_of);
  options.table_functions = std::move(functions.tables);
  options.scalar_functions = std::move(functions.scalars);
  return sql::Session::open(std::move(options));
}

}  // namespace tarn::workspace
