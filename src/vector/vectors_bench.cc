// Exact search over more vectors than the caches hold, beside plain reading of the same bytes: the scan should be bound
// by memory. bytes_per_second of both; the scan's answer is checked against a reference in plain float arithmetic.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>

#include "base/bytes.h"
#include "base/random.h"
#include "simd/float16.h"
#include "vector/vectors.h"

namespace {

using namespace tarn;

constexpr size_t kDimensions = 384;
constexpr size_t kRows = 100000;  // 77 MB
constexpr size_t kK = 10;

struct Data {
  std::string bytes;
  std::shared_ptr<const vector::Reader> reader;
  std::vector<float> query;
};

const Data& data() {
  static const Data made = [] {
    base::Random random(61);
    std::vector<uint16_t> halves(kRows * kDimensions);
    for (size_t i = 0; i < halves.size(); i += 4) {
      const uint64_t bits = random.next();
      for (size_t j = 0; j < 4; ++j) {
        // ± 0.03 to 0.06: about the size of a unit vector's elements
        halves[i + j] = static_cast<uint16_t>(((bits >> (16 * j)) & 0x83ff) | 0x2800);
      }
    }
    Data d;
    d.bytes = vector::build_from_halves(halves, kDimensions);
    d.reader = *vector::Reader::open(d.bytes, "bench");
    for (size_t i = 0; i < kDimensions; ++i) d.query.push_back(static_cast<float>(random.unit() - 0.5));
    return d;
  }();
  return made;
}

void check(const std::vector<vector::Scored>& hits) {
  const Data& d = data();
  std::vector<float> best;
  for (uint32_t r = 0; r < kRows; ++r) {
    double score = 0;
    const auto row = d.reader->row(base::PassageOrdinal(r));
    for (size_t i = 0; i < kDimensions; ++i) score += double{d.query[i]} * double{simd::half_to_float(row[i])};
    best.push_back(static_cast<float>(score));
  }
  std::partial_sort(best.begin(), best.begin() + kK, best.end(), std::greater<>());
  bool right = hits.size() == kK;
  for (size_t i = 0; right && i < kK; ++i) right = std::abs(hits[i].score - best[i]) < 1e-4;
  if (right) return;
  std::fprintf(stderr, "vectors_bench: the scan's answer is wrong\n");
  std::exit(1);
}

void scan(benchmark::State& state, size_t segments) {
  const Data& d = data();
  std::vector<vector::SegmentView> views;
  std::vector<std::vector<uint64_t>> allowed(segments);
  for (size_t s = 0; s < segments; ++s) {  // the same rows seen through `segments` views, each allowing its share
    allowed[s].resize((kRows + 63) / 64);
    for (size_t w = s * allowed[s].size() / segments; w < (s + 1) * allowed[s].size() / segments; ++w) {
      allowed[s][w] = ~uint64_t{0};
    }
    views.push_back({d.reader.get(), nullptr, segments > 1 ? &allowed[s] : nullptr, {}});
  }
  std::vector<vector::Scored> hits;
  for (auto _ : state) benchmark::DoNotOptimize(hits = vector::search(d.query, views, kK));
  check(hits);
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) * static_cast<int64_t>(d.bytes.size()));
}

void read_memory(benchmark::State& state) {
  const Data& d = data();
  for (auto _ : state) {
    uint64_t sums[8] = {};
    for (size_t at = 0; at + 64 <= d.bytes.size(); at += 64) {
      __builtin_prefetch(d.bytes.data() + at + 3072);  // as far ahead as the scan asks
      for (size_t i = 0; i < 8; ++i) sums[i] += base::load_le<uint64_t>(d.bytes.data() + at + i * 8);
    }
    benchmark::DoNotOptimize(sums);
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) * static_cast<int64_t>(d.bytes.size()));
}

BENCHMARK(read_memory)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(scan, one_segment, 1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(scan, ten_segments_with_filters, 10)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
