// The DuckDB instances of a process under one budget of memory and threads.
// Shape:   three purposes: `lake` (open; all of Tarn's own work shares it), `filter` (locked to what may be read;
//          shared by who names the same) and `session` (one SQL session's own tables, functions and settings). What is
//          given is a lease: the Database and every Connection, result and appender of it. With the last of them the
//          instance is closed.
// Memory:  an open instance has the part of the budget that its purpose weighs among those that are open: lake 4,
//          filter 1, all sessions together 12. Parts move when an instance opens or closes. One that cannot give up
//          what it holds keeps it; what is left over then decides how much the newcomer gets. The sum is never above
//          the budget.
// Threads: a statement runs on its caller's thread, and on those of its instance. Of these all instances have `threads`
//          - 1 together: the first to open takes them, and gives them back when it closes.
// Limits:  kLeastMemoryBytes for each instance. What a user SETs on an open session is the user's affair and moves no
//          more.
// Errors:  exhausted when that much is not to be had; what open() returns.
// Threads: any. Leases may outlive the owner. Opening and closing instances go one after the other; using them does not
//          wait.
// Source:  doc/design/duckdb-instances.md
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "duck/connection.h"

namespace tarn::duck {

struct OpenDatabase;

struct Budget {
  int threads = 2;
  uint64_t memory_bytes = uint64_t{1} << 30;
};

class Instances {
 public:
  enum class Purpose { lake, filter, session };
  static constexpr uint64_t kLeastMemoryBytes = uint64_t{16} << 20;

  struct SessionOptions {
    std::string temp_directory;                         // its own; "" = no spilling
    std::optional<std::vector<std::string>> locked_to;  // unset = open
  };
  struct Use {
    Purpose purpose = Purpose::lake;
    int threads = 0;
    uint64_t memory_bytes = 0;
  };

  explicit Instances(Budget budget);
  ~Instances();

  // `temp_directory` is for who opens it; "" = no spilling.
  base::Result<std::shared_ptr<Database>> lake(const std::string& temp_directory);
  base::Result<std::shared_ptr<Database>> filter(const std::vector<std::string>& readable);
  base::Result<std::shared_ptr<Database>> session(const SessionOptions& options);

  std::vector<Use> uses() const;  // of the instances that are open

  // The process is about to end, by _exit(): what lake and filters have in memory is left to that. To close them takes
  // as long as a small statement. Sessions are closed as ever: a user may have attached files of a database.
  void leave();

 private:
  struct Ledger;
  class Seat;
  base::Result<std::shared_ptr<OpenDatabase>> open(Purpose purpose, Options options);
  base::Result<std::shared_ptr<Database>> shared(Purpose purpose, const std::vector<std::string>& readable,
                                                 Options options);

  std::shared_ptr<Ledger> ledger_;
  std::mutex sharing_;  // held while one that is shared opens: who wants the same one waits for it
  std::map<std::pair<Purpose, std::vector<std::string>>, std::weak_ptr<OpenDatabase>> shared_;
  std::string spill_directory_;  // of the lake's
};

}  // namespace tarn::duck
