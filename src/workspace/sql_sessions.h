// SQL sessions over the lake's tables, with search(), passages() and embed() as functions.
// Threads: any. A session belongs to one thread at a time.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sql/session.h"
#include "workspace/table_locks.h"
#include "workspace/tables.h"
#include "workspace/workers.h"

namespace tarn::workspace {

struct SqlFunctions {
  std::vector<duck::TableFunction> tables;
  std::vector<duck::ScalarFunction> scalars;
};

class SqlSessions {
 public:
  // `functions`: those that a session has which reads the lake as of that.
  SqlSessions(const OpenOptions& options, LakeStore& store, Databases& databases, Workers& workers, Tables& tables,
              TableLocks& locks, std::function<SqlFunctions(const std::string& as_of)> functions)
      : options_(options),
        store_(store),
        databases_(databases),
        workers_(workers),
        tables_(tables),
        locks_(locks),
        functions_(std::move(functions)) {}

  // Locked: reads nothing outside the lake, writes nothing, and runs in a worker; each of its statements may take
  // `timeout_ms` (0 = as long as it takes).
  base::Result<std::unique_ptr<sql::Session>> open(const std::string& as_of, bool locked, int timeout_ms = 0);

 private:
  sql::LakeWriter writer(const std::string& as_of);  // sql_writer.cc

  const OpenOptions& options_;
  LakeStore& store_;
  Databases& databases_;
  Workers& workers_;
  Tables& tables_;
  TableLocks& locks_;
  const std::function<SqlFunctions(const std::string&)> functions_;
};

}  // namespace tarn::workspace
