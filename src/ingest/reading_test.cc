// How a source is read is kept with it, and a change reads again what it touches.
#include <gtest/gtest.h>

#include "ingest/scratch_lake_test.h"
#include "ingest/state.h"

namespace tarn::ingest {
namespace {

class ReadingTest : public testing::Test {
 protected:
  void SetUp() override {
    lake.environment.extract_threads = 1;
    lake.environment.extract = [this](std::string_view bytes, std::string_view mime, std::string_view name,
                                      const document::ExtractOptions& options,
                                      const document::Sink& sink) -> base::Status {
      ++lake.extracted;
      document::Document d;
      d.title = name;
      d.mime = mime;
      d.body = std::string(bytes) + " as " + std::string(mime) + (options.whole_page ? " whole" : "") +
               (options.charset.empty() ? "" : " in " + options.charset);
      d.extra = json::Value::object();
      return sink(std::move(d));
    };
    lake.folder.write("a.md", "a");
    lake.folder.write("b.qmd", "b");
    lake.folder.write("c.html", "<p>c");
    lake.folder.write("d.txt", "d");
  }
  void TearDown() override { lake.expect_clean(); }
  std::string body(const std::string& name) { return lake.bodies()[lake.uri(name)]; }
  // A pull that is told nothing: what is kept counts.
  PullReport pull_as_kept() {
    lake.request.source.options = json::Value::object();
    lake.request.forget_options = false;
    return lake.pull();
  }
  ScratchLake lake;
};

TEST_F(ReadingTest, TypesByPattern) {
  lake.option("as", json::Value::array({"markdown:*.qmd", "html:/d.txt"}));
  lake.pull();
  EXPECT_EQ(body("b.qmd"), "b as text/markdown");
  EXPECT_EQ(body("d.txt"), "d as text/html");
  EXPECT_EQ(body("a.md"), "a as text/markdown");
  PullReport kept = pull_as_kept();
  EXPECT_EQ(kept.commits, 0U);
  EXPECT_EQ(kept.reading, "--as markdown:*.qmd --as html:/d.txt");
  lake.folder.write("new.qmd", "n");
  EXPECT_EQ(pull_as_kept().added, 1u);
  EXPECT_EQ(body("new.qmd"), "n as text/markdown");
}

TEST_F(ReadingTest, AChangeReadsAgainWhatItTouchesOnly) {
  lake.pull();
  lake.extracted = 0;
  lake.option("whole_page", true);
  PullReport report = lake.pull();
  EXPECT_EQ(report.changed, 1u) << "there is one page";
  EXPECT_EQ(lake.extracted, 1u);
  EXPECT_EQ(body("c.html"), "<p>c as text/html whole");
  EXPECT_EQ(body("a.md"), "a as text/markdown");
  EXPECT_EQ(pull_as_kept().commits, 0U);
  EXPECT_EQ(lake.extracted, 1u);

  lake.option("as", json::Value::array({"text:*.html"}));  // and so it is no page any more
  EXPECT_EQ(lake.pull().changed, 1u);
  EXPECT_EQ(body("c.html"), "<p>c as text/plain");

  lake.option("as", {});
  lake.option("charset", "windows-1252");
  EXPECT_EQ(lake.pull().changed, body("b.qmd").empty() ? 3u : 4u);
  EXPECT_EQ(body("d.txt"), "d as text/plain in windows-1252");
  EXPECT_EQ(body("c.html"), "<p>c as text/plain in windows-1252");

  lake.option("charset", {});
  lake.request.forget_options = true;
  lake.pull();
  EXPECT_EQ(body("d.txt"), "d as text/plain");
  EXPECT_EQ(body("c.html"), "<p>c as text/html");
  lake.extracted = 0;
  EXPECT_EQ(pull_as_kept().commits, 0U);
  EXPECT_EQ(lake.extracted, 0u);
}

TEST_F(ReadingTest, AChangeThatTouchesNothingIsKeptToo) {
  lake.folder.remove("c.html");
  lake.pull();
  lake.extracted = 0;
  lake.option("whole_page", true);
  PullReport report = lake.pull();
  EXPECT_EQ(report.commits, 1U);
  EXPECT_FALSE(report.moved());
  EXPECT_EQ(lake.extracted, 0u);
  lake.folder.write("c.html", "<p>c");
  pull_as_kept();
  EXPECT_EQ(body("c.html"), "<p>c as text/html whole");
}

TEST_F(ReadingTest, AKilledChangeGoesOn) {
  for (int i = 0; i < 12; ++i) lake.folder.write("f" + std::to_string(i) + ".md", std::to_string(i));
  lake.request.commit_every = 3;
  lake.pull();
  lake.option("charset", "koi8-r");
  int left = 2;
  lake.commits.at_file = [&] {
    if (--left == 0) lake.cancel->request();
  };
  EXPECT_EQ(lake.try_pull().status().code(), base::Code::cancelled);
  lake.commits.at_file = nullptr;
  lake.cancel = std::make_unique<base::Cancel>();
  lake.extracted = 0;
  PullReport report = pull_as_kept();
  EXPECT_EQ(report.reading, "--charset koi8-r") << "what the killed pull was told";
  EXPECT_LT(lake.extracted, 14u) << "what it had done is not done again";
  for (const auto& [uri, text] : lake.bodies()) EXPECT_TRUE(text.ends_with(" in koi8-r")) << text;
  EXPECT_EQ(pull_as_kept().commits, 0U);
}

TEST_F(ReadingTest, WhatIsNotUnderstoodIsSaid) {
  for (const char* rule : {"", "markdown", "markdown:", ":*.qmd", "zip:*.zip", "markdown:!x"}) {
    lake.option("as", json::Value::array({rule}));
    auto report = lake.try_pull();
    EXPECT_EQ(report.status().code(), base::Code::invalid_argument) << rule;
    EXPECT_FALSE(report.status().hint().empty()) << rule;
  }
  EXPECT_EQ(lake.version(), -1);
}

TEST_F(ReadingTest, MuchThatIsLeftOutIsTold) {
  lake.environment.extract = [](std::string_view bytes, std::string_view mime, std::string_view name,
                                const document::ExtractOptions& options, const document::Sink& sink) -> base::Status {
    document::Document d;
    d.title = name;
    d.mime = mime;
    d.extra = json::Value::object();
    if (bytes == "all" && !options.whole_page) {
      d.extra.set("left_out", json::Value::object({{"bytes", 40}, {"why", json::Value::object({{"links", 40}})}}));
      return sink(std::move(d));
    }
    d.body = bytes;
    if (bytes == "most") {
      d.extra.set("left_out", json::Value::object({{"bytes", 5000}, {"why", json::Value::object({{"nav", 5000}})}}));
    }
    if (bytes.starts_with("little")) {
      d.extra.set("left_out", json::Value::object({{"bytes", 20}, {"why", json::Value::object({{"nav", 20}})}}));
    }
    return sink(std::move(d));
  };
  lake.folder.write("c.html", "most");
  lake.folder.write("e.html", "little");
  lake.folder.write("f.html", "all");
  PullReport report = lake.pull();
  EXPECT_EQ(report.rejected, 1u);
  EXPECT_FALSE(lake.rows().contains(lake.uri("f.html")));
  EXPECT_NE(lake.rejects()[lake.uri("f.html")].find("--whole-page"), std::string::npos);
  ASSERT_EQ(report.notes.size(), 1u);
  EXPECT_NE(report.notes[0].find("c.html (5000 of 5004 bytes: nav)"), std::string::npos) << report.notes[0];
  EXPECT_EQ(report.notes[0].find("e.html"), std::string::npos);
  lake.option("whole_page", true);
  EXPECT_EQ(lake.pull().rejected, 0u);
  EXPECT_FALSE(lake.rejects().contains(lake.uri("f.html")));
}

}  // namespace
}  // namespace tarn::ingest
