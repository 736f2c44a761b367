// DuckDB for the operations: the lake's own instance, one for filters, and one for each SQL session, under one budget
// of memory.
// Threads: any.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/once.h"
#include "duck/instances.h"
#include "workspace/options.h"

namespace tarn::workspace {

class Databases {
 public:
  explicit Databases(const OpenOptions& options);

  base::Result<duck::Database*> lake();
  base::Result<std::unique_ptr<duck::Connection>> connect();  // to the lake's
  // For filters: reads below `directories` and nothing else. The instance of an earlier set closes with its last
  // connection.
  base::Result<std::unique_ptr<duck::Connection>> connect_locked(std::vector<std::string> directories);
  // To an instance of its own, for a session.
  base::Result<std::unique_ptr<duck::Connection>> connect_session();
  void leave() { instances_.leave(); }

 private:
  const std::string lake_;  // directory
  duck::Instances instances_;
  base::Once<std::shared_ptr<duck::Database>> database_;
  std::mutex mutex_;
  std::shared_ptr<duck::Database> locked_;
};

}  // namespace tarn::workspace
