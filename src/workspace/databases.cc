#include "workspace/databases.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>

#include "base/random.h"

namespace tarn::workspace {
namespace {

using base::Result;
namespace fs = std::filesystem;

// Where DuckDB puts what its memory limit has no room for: a directory for each process, made and removed by DuckDB
// when it needs it. Those that a killed process left behind go after a day.
std::string spill_directory(const std::string& lake) {
  constexpr std::string_view kPrefix = "_spill-";
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(lake, error)) {
    if (!entry.path().filename().string().starts_with(kPrefix)) continue;
    const auto age = fs::file_time_type::clock::now() - entry.last_write_time(error);
    if (!error && age > std::chrono::hours(24)) fs::remove_all(entry.path(), error);
  }
  return fmt::format("{}/{}{}", lake, kPrefix, base::Random::from_system().uuid());
}

// Where a session's large sorts and joins go, each its own; DuckDB makes it when it needs it, and takes it away.
std::string session_directory() {
  static std::atomic<uint64_t> sessions = 0;
  std::error_code error;
  const fs::path base = fs::temp_directory_path(error);
  return error ? std::string() : (base / fmt::format("tarn-sql-{}-{}", getpid(), ++sessions)).string();
}

}  // namespace

Databases::Databases(const OpenOptions& options)
    : lake_(options.lake), instances_({options.threads, options.memory_limit_bytes}) {}

Result<duck::Database*> Databases::lake() {
  TARN_ASSIGN(const auto opened, database_.get([&] { return instances_.lake(spill_directory(lake_)); }));
  return opened.get();
}

Result<std::unique_ptr<duck::Connection>> Databases::connect() {
  TARN_ASSIGN(duck::Database * opened, lake());
  return opened->connect();
}

Result<std::unique_ptr<duck::Connection>> Databases::connect_locked(std::vector<std::string> directories) {
  TARN_ASSIGN(auto opened, instances_.filter(std::move(directories)));
  {
    std::shared_ptr<duck::Database> before = opened;  // closed after the lock
    const std::lock_guard lock(mutex_);
    locked_.swap(before);
  }
  return opened->connect();
}

Result<std::unique_ptr<duck::Connection>> Databases::connect_session() {
  TARN_ASSIGN(const auto database, instances_.session({session_directory(), {}}));
  return database->connect();
}

}  // namespace tarn::workspace
