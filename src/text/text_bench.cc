// MB/s of the analyzer on English ASCII by both ways, and on other text. TARN_BENCH_TEXT names a file to use instead of
// made-up prose. Both ways must give the same terms.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/random.h"
#include "text/analyzer.h"
#include "text/analyzer_ways.h"

namespace tarn::text {
namespace {

// Prose of common words with endings, some identifiers, and a long tail of rare words.
std::string prose(size_t bytes) {
  static constexpr std::string_view kWords[] = {
      "the",      "of",     "to",         "and",     "a",      "is",          "in",     "that",    "table",
      "for",      "be",     "can",        "are",     "with",   "on",          "server", "value",   "query",
      "function", "which",  "column",     "index",   "will",   "data",        "number", "when",    "used",
      "select",   "not",    "default",    "create",  "option", "transaction", "client", "example", "set",
      "return",   "system", "connection", "process", "row"};
  static constexpr std::string_view kEndings[] = {"", "", "", "", "s", "ed", "ing", "ly", "'s", "ation"};
  base::Random random(1);
  std::string out;
  while (out.size() < bytes) {
    if (random.below(40) == 0) {
      out += random.below(2) ? "max_connections" : "pg_dump.conf";
    } else if (random.below(12) == 0) {
      for (uint64_t n = 3 + random.below(8); n > 0; --n) out.push_back(static_cast<char>('a' + random.below(26)));
    } else {
      out += kWords[static_cast<size_t>(random.unit() * random.unit() * std::size(kWords))];
      out += kEndings[random.below(std::size(kEndings))];
    }
    out += random.below(12) == 0 ? ". " : random.below(14) == 0 ? ",\n" : " ";
  }
  return out;
}

const std::string& english() {
  static const std::string text = [] {
    if (const char* file = std::getenv("TARN_BENCH_TEXT")) {
      std::ifstream in(file);
      std::stringstream all;
      all << in.rdbuf();
      return all.str();
    }
    return prose(1 << 20);
  }();
  return text;
}

struct Sum {
  uint64_t tokens = 0, hash = 0;
  bool operator==(const Sum&) const = default;
};

Sum sum(Way way, const Analyzer& a, std::string_view text) {
  Sum s;
  analyze_by(way, a, text, [&](const Token& t) {
    ++s.tokens;
    s.hash = s.hash * 31 + t.term.size() + t.position + t.start + static_cast<unsigned char>(t.term.back());
  });
  return s;
}

void run(benchmark::State& state, Way way, const char* name, const std::string& text) {
  const auto a = make_analyzer(name).value();
  const std::string_view sample = std::string_view(text).substr(0, 100000);
  if (sum(Way::fast, *a, sample) != sum(Way::icu, *a, sample)) std::abort();
  for (auto _ : state) benchmark::DoNotOptimize(sum(way, *a, text));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) * static_cast<int64_t>(text.size()));
}

void english_ascii(benchmark::State& s) { run(s, Way::fast, "english", english()); }
void standard_ascii(benchmark::State& s) { run(s, Way::fast, "standard", english()); }
void english_by_icu(benchmark::State& s) { run(s, Way::icu, "english", english()); }
void russian(benchmark::State& s) {
  std::string text;
  while (text.size() < 1 << 18) {
    text +=
        "\u041a\u043d\u0438\u0433\u0438 \u0441\u0442\u043e\u044f\u0442 \u043d\u0430 \u043f\u043e\u043b\u043a\u0435. ";
  }
  run(s, Way::fast, "russian", text);
}
BENCHMARK(english_ascii)->Unit(benchmark::kMillisecond);
BENCHMARK(standard_ascii)->Unit(benchmark::kMillisecond);
BENCHMARK(english_by_icu)->Unit(benchmark::kMillisecond);
BENCHMARK(russian)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tarn::text

BENCHMARK_MAIN();
