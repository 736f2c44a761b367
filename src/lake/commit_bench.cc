// A durable append of 1,000 rows, and opening a table with many commits. Peer figures: bench/ and deltalake in
// test/interop.
#include <benchmark/benchmark.h>

#include <filesystem>

#include "delta/schema.h"
#include "duck/connection.h"
#include "lake/table.h"

namespace {

using namespace tarn;

// A directory on the disk of the build, removed at the end: what is measured is durable.
struct Lake {
  Lake() : directory(std::filesystem::absolute("lake-bench-" + base::Random::from_system().uuid()).string()) {
    store = std::move(store::open_local(directory)).value();
    database = std::move(duck::open({})).value();
    environment = {store.get(), &base::system_clock(), &random, nullptr, false, [this] { return database->connect(); }};
    connection = std::move(database->connect()).value();
    lake::CreateOptions options;
    options.schema = delta::fields_of_select(*connection, "SELECT 'a' AS id, 1::BIGINT AS v").value();
    options.configuration = {{"delta.autoOptimize.autoCompact", "false"}};  // a commit by itself
    table = lake::create_table(environment, "main/t", options).value();
  }
  ~Lake() { std::filesystem::remove_all(directory); }
  void append(int rows) {
    const auto change = table->change(table->snapshot().value());
    const auto added =
        change->append(*connection, "SELECT 'r' || i AS id, i AS v FROM range(" + std::to_string(rows) + ") t(i)", {});
    TARN_CHECK(added.ok());
    TARN_CHECK(change->commit({}).ok());
  }
  std::string directory;
  base::Random random{1};
  std::unique_ptr<store::Store> store;
  lake::Environment environment;
  std::unique_ptr<duck::Database> database;
  std::unique_ptr<duck::Connection> connection;
  std::shared_ptr<lake::Table> table;
};

void append_1000_rows(benchmark::State& state) {
  Lake lake;
  int64_t version = lake.table->snapshot().value()->version.value;
  for (auto _ : state) lake.append(1000);
  // The answer is checked: one version for each, all rows there.
  version += static_cast<int64_t>(state.iterations());
  const auto snapshot = lake.table->snapshot().value();
  TARN_CHECK(snapshot->version.value == version);
  const auto rows =
      lake.connection->query("SELECT count(*) FROM (" + lake.table->select(*snapshot, {}, false).value().sql + ")")
          .value();
  TARN_CHECK(rows->next().value()->integer(0, 0) == 1000 * version);
}
BENCHMARK(append_1000_rows)->Unit(benchmark::kMillisecond);

void open_after_120_commits(benchmark::State& state) {
  Lake lake;
  for (int i = 0; i < 120; ++i) lake.append(1);
  for (auto _ : state) {
    const auto table = lake::open_table(lake.environment, "main/t").value();
    TARN_CHECK(table->snapshot().value()->files.size() == 120);
  }
}
BENCHMARK(open_after_120_commits)->Unit(benchmark::kMillisecond);

void snapshot_again(benchmark::State& state) {
  Lake lake;
  for (int i = 0; i < 20; ++i) lake.append(1);
  for (auto _ : state) TARN_CHECK(lake.table->snapshot().value()->version.value == 20);
}
BENCHMARK(snapshot_again)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
