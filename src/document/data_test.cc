// Runs over public test data where TARN_DATA names the folder that holds it; skipped otherwise.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "document/document.h"
#include "json/value.h"

namespace tarn::document {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream s;
  s << in.rdbuf();
  return s.str();
}

std::string read_gzip(const fs::path& path) {
  std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(("gzip -dc '" + path.string() + "'").c_str(), "r"), pclose);
  std::string out;
  char buffer[65536];
  for (size_t n; pipe && (n = fread(buffer, 1, sizeof buffer, pipe.get())) > 0;) out.append(buffer, n);
  return out;
}

std::map<std::string, int> count_words(std::string_view text) {
  std::map<std::string, int> out;
  std::string word;
  for (size_t i = 0; i <= text.size(); ++i) {
    const auto c = i < text.size() ? static_cast<unsigned char>(text[i]) : ' ';
    if (isalnum(c) || c >= 0x80) {
      word.push_back(static_cast<char>(c));
    } else if (!word.empty()) {
      ++out[word];
      word.clear();
    }
  }
  return out;
}

fs::path data(const char* folder) {
  const char* root = std::getenv("TARN_DATA");
  return root && fs::exists(fs::path(root) / folder) ? fs::path(root) / folder : fs::path();
}

// Real pages with the text that people say is theirs. The floors are a little below what was measured
// (doc/design/html-text.md).
TEST(Data, ArticlesAreFound) {
  const fs::path folder = data("article-extraction");
  if (folder.empty()) GTEST_SKIP() << "TARN_DATA is not set";
  auto truth = json::parse(read_file(folder / "ground-truth.json"));
  ASSERT_TRUE(truth.ok());
  double precision = 0, recall = 0, f1 = 0, pages = 0;
  for (const auto& [key, value] : truth->members()) {
    auto d = extract(read_gzip(folder / "html" / (key + ".html.gz")), "text/html", key);
    ASSERT_TRUE(d.ok()) << key << ": " << d.status().to_string();
    const auto want = count_words(value["articleBody"].as_string());
    const auto got = count_words(plain_text(d->body));
    double both = 0, wanted = 0, found = 0;
    for (const auto& [word, n] : want) wanted += n;
    for (const auto& [word, n] : got) {
      found += n;
      if (auto w = want.find(word); w != want.end()) both += std::min(n, w->second);
    }
    const double p = found > 0 ? both / found : 0, r = wanted > 0 ? both / wanted : 1;
    precision += p;
    recall += r;
    f1 += p + r > 0 ? 2 * p * r / (p + r) : 0;
    ++pages;
  }
  std::printf("articles: %.0f pages, words: precision %.3f recall %.3f F1 %.3f\n", pages, precision / pages,
              recall / pages, f1 / pages);
  EXPECT_GT(precision / pages, 0.77);
  EXPECT_GT(recall / pages, 0.985);
  EXPECT_GT(f1 / pages, 0.86);
}

// html5lib's inputs are bad in every known way: none may crash, and none may give a body that does not split.
TEST(Data, NastyHtmlIsSurvived) {
  const fs::path folder = data("html5lib-tests");
  if (folder.empty()) GTEST_SKIP() << "TARN_DATA is not set";
  size_t inputs = 0;
  const auto try_one = [&](const std::string& bytes) {
    ++inputs;
    auto d = extract(bytes, "text/html", "n");
    if (d.ok()) (void)split_passages(d->body);
  };
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const std::string bytes = read_file(entry.path());
    try_one(bytes);
    auto tests = json::parse(bytes);
    if (!tests.ok()) continue;
    for (const json::Value& test : (*tests)["tests"].items()) {
      if (test["input"].is_string()) try_one(test["input"].as_string());
    }
  }
  std::printf("html5lib: %zu inputs\n", inputs);
  EXPECT_GT(inputs, 1000u);
}

// One line of every kind: 50 MB of each in a soak; here 50 MB of words, and one of the others.
TEST(Data, FiftyMegabytesOfOneLine) {
  const bool soak = std::getenv("TARN_SOAK") != nullptr;
  for (const std::string piece : {"word ", "x", "<div ", "<b>", "| a ", "`", "[", "*a ", "&", "- "}) {
    const size_t size = (soak || piece == "word " ? size_t{50} : size_t{1}) << 20;
    std::string bytes;
    bytes.reserve(size + piece.size());
    while (bytes.size() < size) bytes += piece;
    for (const char* mime : {"text/plain", "text/markdown", "text/html"}) {
      const auto start = std::chrono::steady_clock::now();
      auto d = extract(bytes, mime, "n");
      const std::string what = piece + " as " + mime;
      if (!d.ok()) {
        EXPECT_FALSE(d.status().message().empty()) << what;
        EXPECT_NE(d.status().code(), base::Code::internal) << what << d.status().to_string();
        continue;
      }
      size_t end = 0;
      const auto passages = split_passages(d->body);
      for (const Passage& passage : passages) {
        EXPECT_GE(passage.start, end) << what;
        EXPECT_LE(passage.end, d->body.size()) << what;
        end = passage.end;
      }
      if (piece == "word ") {
        EXPECT_GT(d->body.size(), size - 100) << what;
        EXPECT_GT(passages.size(), 1000u) << what;
      }
      if (soak) {
        std::printf("%-8s %-14s %zu passages %.1f s\n", piece.c_str(), mime, passages.size(),
                    std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
      }
    }
  }
}

}  // namespace
}  // namespace tarn::document
