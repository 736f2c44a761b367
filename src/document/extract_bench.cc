// Extraction and splitting over pages in the manner of a reference manual. Checks its answer; reports bytes of HTML a
// second.
#include <benchmark/benchmark.h>

#include <string>

#include "base/random.h"
#include "document/document.h"

namespace {

std::string manual_page(size_t bytes) {
  tarn::base::Random random(1);
  static constexpr const char* kWords[] = {"the",
                                           "server",
                                           "reads",
                                           "<code>max_rows</code>",
                                           "each",
                                           "table",
                                           "of",
                                           "a",
                                           "<em>lake</em>",
                                           "and",
                                           "<a href=\"other.html\">commits</a>",
                                           "it",
                                           "before",
                                           "&amp;",
                                           "after"};
  std::string out = "<html><head><title>Page</title></head><body><div class=navheader>Prev Next</div><h1>Page</h1>";
  while (out.size() < bytes) {
    out += "<div class=sect><h2>Section " + std::to_string(out.size()) + "</h2>";
    for (int p = 0; p < 4; ++p) {
      out += "<p>";
      for (int w = 0; w < 60; ++w) out += std::string(kWords[random.below(std::size(kWords))]) + " ";
      out += "end.</p>";
    }
    out +=
        "<ul><li><p>one</p></li><li><p>two</p></li></ul><table><tr><th>a<th>b<tr><td>1<td>2</table><pre>code\n</pre></"
        "div>";
  }
  return out;
}

void extract_page(benchmark::State& state) {
  const std::string page = manual_page(static_cast<size_t>(state.range(0)));
  for (auto _ : state) {
    auto d = tarn::document::extract(page, "text/html", "page.html");
    if (!d.ok() || d->title != "Page" || d->body.find("Prev") != std::string::npos) state.SkipWithError("wrong text");
    benchmark::DoNotOptimize(d);
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * page.size()));
}
BENCHMARK(extract_page)->Arg(20'000)->Arg(2'000'000)->Unit(benchmark::kMicrosecond);

void split_body(benchmark::State& state) {
  const std::string body =
      tarn::document::extract(manual_page(static_cast<size_t>(state.range(0))), "text/html", "page.html")->body;
  for (auto _ : state) {
    auto passages = tarn::document::split_passages(body);
    if (passages.size() < body.size() / tarn::document::kPassageBytes) state.SkipWithError("too few passages");
    benchmark::DoNotOptimize(passages);
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * body.size()));
}
BENCHMARK(split_body)->Arg(20'000)->Arg(2'000'000)->Unit(benchmark::kMicrosecond);

void one_line(benchmark::State& state) {
  std::string body;
  while (body.size() < static_cast<size_t>(state.range(0))) body += "word ";
  for (auto _ : state) {
    auto passages = tarn::document::split_passages(body);
    if (passages.empty() || passages.back().end + 1 != body.size()) state.SkipWithError("lost text");
    benchmark::DoNotOptimize(passages);
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * body.size()));
}
BENCHMARK(one_line)->Arg(1 << 16)->Arg(1 << 20)->Arg(8 << 20)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
