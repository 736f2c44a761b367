// Pulls of a folder of 1,169 files of 20 KB: unchanged, and with ten changed. Each checks what it did.
#include <benchmark/benchmark.h>

#include "ingest/scratch_lake_test.h"

namespace tarn::ingest {
namespace {

constexpr int kFiles = 1169;

void fill(ScratchLake& lake) {
  for (int i = 0; i < kFiles; ++i) {
    std::string text = "Page " + std::to_string(i) + "\n";
    for (int k = 0; text.size() < 20'000; ++k) {
      text += "Line " + std::to_string(k * i) + " of a page with words in it.\n";
    }
    lake.folder.write("part" + std::to_string(i % 20) + "/page" + std::to_string(i) + ".md", text);
  }
}

void unchanged(benchmark::State& state) {
  ScratchLake lake;
  fill(lake);
  lake.pull();
  for (auto _ : state) {
    PullReport report = lake.pull();
    if (report.commits > 0 || report.unchanged != kFiles) state.SkipWithError(said(report).c_str());
  }
  if (lake.connections_asked > 1) state.SkipWithError("DuckDB was opened");
}
BENCHMARK(unchanged)->Unit(benchmark::kMillisecond);

void ten_changed(benchmark::State& state) {
  ScratchLake lake;
  fill(lake);
  lake.pull();
  int round = 0;
  for (auto _ : state) {
    state.PauseTiming();
    ++round;
    for (int i = 0; i < 10; ++i) {
      lake.folder.write("part" + std::to_string(i) + "/page" + std::to_string(i) + ".md",
                        "changed " + std::to_string(round));
    }
    state.ResumeTiming();
    PullReport report = lake.pull();
    if (report.changed != 10 || report.commits != 1) state.SkipWithError(said(report).c_str());
  }
}
BENCHMARK(ten_changed)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tarn::ingest

BENCHMARK_MAIN();
