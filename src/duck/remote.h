// A locked connection whose DuckDB runs in a worker: what crashes or hogs DuckDB costs one statement.
// doc/design/worker.md
// Shape:   the same Connection: views, statements and functions go to the worker, rows come back chunk by chunk.
//          Functions of ours run here, on the thread that waits for the worker.
// Limits:  RemoteOptions; rows are not sent faster than they are read. It has no appender, and writes no files.
// Errors:  as of a locked connection; exhausted and internal with the limit or the signal when the worker has died. Its
//          next statement has a new worker with the same views and functions; what the statements themselves had made
//          is gone.
// Threads: as Connection's.
#pragma once

#include <memory>

#include "duck/connection.h"
#include "worker/pool.h"

namespace tarn::duck {

struct RemoteOptions {
  // Of the worker on top of DuckDB's own limit, which refuses in good order.
  uint64_t more_memory_bytes = uint64_t{512} << 20;
  int statement_timeout_ms = 0;  // of what the worker takes for one statement; 0 = no limit
};

// Names the job: called where worker::register_job is.
void register_jobs();

// `database.locked_to` must be set. The pool must outlive the connection. Returns while the worker is still starting.
base::Result<std::unique_ptr<Connection>> connect_in(worker::Pool& pool, const Options& database,
                                                     const RemoteOptions& options = {});

}  // namespace tarn::duck
