// What a lease costs a reader: a process's first read with its end (a file written and removed), and every further
// read.
#include <benchmark/benchmark.h>

#include <filesystem>

#include "lake/leases.h"

namespace {

using namespace tarn;

struct Lake {
  Lake() : directory(std::filesystem::absolute("lease-bench-" + base::Random::from_system().uuid()).string()) {
    store = std::move(store::open_local(directory)).value();
    TARN_CHECK(store->put("_tarn/leases/other.json", "{}").ok());  // the directory is there after a lake's first read
  }
  ~Lake() { std::filesystem::remove_all(directory); }
  std::string directory;
  base::Random random{1};
  std::unique_ptr<store::Store> store;
};

void first_read_of_a_process(benchmark::State& state) {
  const Lake lake;
  base::Random random(1);
  for (auto _ : state) {
    lake::LeaseHolder holder(*lake.store, base::system_clock(), random);
    const auto token = holder.hold();
    TARN_CHECK(holder.writes() == 1);
  }
  TARN_CHECK(lake.store->list("_tarn/leases").value().size() == 1);
}
BENCHMARK(first_read_of_a_process)->Unit(benchmark::kMicrosecond);

void further_reads(benchmark::State& state) {
  const Lake lake;
  base::Random random(1);
  lake::LeaseHolder holder(*lake.store, base::system_clock(), random);
  for (auto _ : state) benchmark::DoNotOptimize(holder.hold());
  TARN_CHECK(holder.writes() <= 2);
}
BENCHMARK(further_reads)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
