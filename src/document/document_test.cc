#include "document/document.h"

#include <gtest/gtest.h>

#include <string>

#include "base/random.h"
#include "document/job.h"
#include "worker/pool.h"

int main(int argc, char** argv) {
  tarn::document::register_jobs();
  if (tarn::worker::is_worker(argc, argv)) return tarn::worker::serve(argc, argv);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}

namespace tarn::document {
namespace {

using namespace std::string_literals;

TEST(DetectType, ByNameThenByContent) {
  EXPECT_EQ(detect_type("a/b.md", ""), "text/markdown");
  EXPECT_EQ(detect_type("B.MARKDOWN", ""), "text/markdown");
  EXPECT_EQ(detect_type("x.htm", ""), "text/html");
  EXPECT_EQ(detect_type("x.txt", "\0\0\1"s), "text/plain");
  EXPECT_EQ(detect_type("x.rst", ""), "text/x-rst");
  EXPECT_EQ(detect_type("x.pdf", "%PDF"), "application/pdf");
  EXPECT_EQ(detect_type("x.cc", "int main"), "text/x-source-code");
  EXPECT_EQ(detect_type("a.b/README", "Words.\n"), "text/plain");
  EXPECT_EQ(detect_type("page", "  <!DOCTYPE html><p>"), "text/html");
  EXPECT_EQ(detect_type("page", "<?xml version='1.0'?><!DOCTYPE html PUBLIC \"x\"><html>"), "text/html");
  EXPECT_EQ(detect_type("program",
                        "\x7f"
                        "ELF\0\0\1\2\3"s),
            "");
  EXPECT_EQ(detect_type("empty", ""), "text/plain");
  EXPECT_EQ(detect_type(".profile", "x"), "");
  for (const char* name : {"a.mdx", "b.qmd", "c.Rmd", "d.mdtext", "e.mkdn", "f.mdown"}) {
    EXPECT_EQ(detect_type(name, "x"), "text/markdown") << name;
  }
  for (const char* name : {"a.log", "b.org", "read.me"}) EXPECT_EQ(detect_type(name, "x"), "text/plain") << name;
}

TEST(Types, WhatStandsBehindALastDotMayBeNoType) {
  for (const char* name : {"Notes 2026.05.12", "CHANGELOG-v1.2", "draft.v3", "app.log.1", "Dr. Who on ice", "README.fr",
                           "LICENSE.de-AT", "minutes 12.3.", "todo.txt.utf8"}) {
    EXPECT_EQ(detect_type(name, "Some words.\n"), "text/plain") << name;
    EXPECT_EQ(detect_type(name,
                          "\x7f"
                          "ELF\2\1\1\0\0\0\0"s),
              "")
        << name;
  }
  EXPECT_EQ(detect_type("page.html.en", "<p>x"), "text/html");
  EXPECT_EQ(detect_type("page.html?id=4&lang=en.us", "<p>x"), "text/html");
  EXPECT_EQ(detect_type("guide.md.pt-BR", "x"), "text/markdown");
  EXPECT_EQ(detect_type("saved 1.5", "<!doctype html><p>x"), "text/html");
  // What was no document stays none: data, programs, archives, and what is made of them.
  for (const char* name : {"data.dbf.1", "lib.so.1.2", "dump.bak.2026", "a.html.css", "x.tar.xz", "x.7z", "film.mp4",
                           "notes.md.bak", "a.parquet", "README.so", "b.de"}) {
    EXPECT_EQ(detect_type(name, "Some words.\n"), "") << name;
  }
  EXPECT_EQ(detect_type("ls.1", ".TH LS 1\n"), "") << "a manual page's source";
  for (const char* name :
       {"Letter to A.Longfellow-Smith", "Prof. M\u00fcller", "notes.\u65e5\u672c", "README.linux", "Readme.unix",
        "INSTALL.vms", "CHANGELOG-2.old", "NEWS.emacs", "LICENSE.MIT", "COPYING.LESSER", "AUTHORS.old"}) {
    EXPECT_EQ(detect_type(name, "Some words.\n"), "text/plain") << name;
    EXPECT_EQ(detect_type(name, "%!PS-Adobe-3.0\n"), "") << name;
    EXPECT_EQ(detect_type(name, "%PDF-1.4\n"), "application/pdf") << name;
    EXPECT_EQ(detect_type(name, "7z\xBC\xAF\x27\x1C\0\4"s), "") << name;
  }
  for (const char* name : {"newsletter.css", "installer.dat", "Authors2.dat"}) {
    EXPECT_EQ(detect_type(name, "Some words.\n"), name[0] == 'A' ? "text/plain" : "") << name;
  }
}

TEST(Extract, AFewControlCharactersAreBlanks) {
  const auto body = [](std::string_view bytes) {
    const auto d = extract(bytes, "text/plain", "a.txt");
    return d.ok() ? d->body : "! " + d.status().message();
  };
  EXPECT_EQ(body("one\vtwo\n"), "one two\n");
  EXPECT_EQ(body("one\n\x1A"), "one\n") << "the end of a file, long ago";
  EXPECT_EQ(body("a\x0E"
                 "b\x0F\n"),
            "a b \n");
  EXPECT_EQ(body("a\1b"), "a b");
  EXPECT_TRUE(body("a\1b\2c\3d\4e").starts_with("! it is no text"));
  EXPECT_TRUE(body("a\0b"s).starts_with("! it is no text"));
  EXPECT_EQ(body(std::string(200, 'x') + "\1\2\3\4"), std::string(200, 'x') + "    ");
}

TEST(Extract, ADescriptionMayBeAListOrAMap) {
  const auto body = [](std::string_view bytes) { return extract(bytes, "text/markdown", "a.md")->body; };
  EXPECT_EQ(body("---\ntitle: T\ndescription: [Alpha words, Beta words]\n---\nText.\n"),
            "Alpha words\n\nBeta words\n\nText.\n");
  EXPECT_EQ(body("---\ntitle: T\nsummary:\n  short: Gamma\n  long: [Delta, {x: Epsilon}]\n---\nText.\n"),
            "Gamma\n\nDelta\n\nEpsilon\n\nText.\n");
}

TEST(Extract, MarkdownKeepsItsBytes) {
  const std::string body = "# T\r\n\r\nA  *b*\tc   \n\n\n- x\n\n```\n<raw>\n```\n";
  auto d = extract(body, "text/markdown", "dir/name.md");
  ASSERT_TRUE(d.ok());
  EXPECT_EQ(d->body, "# T\n\nA  *b*\tc   \n\n\n- x\n\n```\n<raw>\n```\n");
  EXPECT_EQ(d->title, "T");
  EXPECT_EQ(d->mime, "text/markdown");
  EXPECT_EQ(extract("x\n\n \n\n", "text/markdown", "n")->body, "x\n");
  EXPECT_EQ(extract("x", "text/markdown", "n")->body, "x");
}

TEST(Extract, FrontMatterGoesToFields) {
  auto d = extract(
      "---\ntitle: The title\nauthor: [Ann, {name: Bob}]\ndate: 2024-05-01\nlastmod: 2024-06-01 10:00:00 +0200\ntags: "
      "[a, b]\n"
      "categories: [c]\nlang: de\nweight: 3\nnested:\n  k: v\n---\n\nBody.\n",
      "text/markdown", "n.md");
  ASSERT_TRUE(d.ok());
  EXPECT_EQ(d->title, "The title");
  EXPECT_EQ(d->author, "Ann, Bob");
  EXPECT_EQ(d->created_at_us, 1714521600000000);
  EXPECT_EQ(d->updated_at_us, 1717228800000000);
  EXPECT_EQ(d->labels, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(d->lang, "de");
  EXPECT_EQ(d->body, "Body.\n");
  EXPECT_EQ(json::write(d->extra),
            R"({"charset":"utf-8","author":["Ann",{"name":"Bob"}],"categories":["c"],"weight":3,"nested":{"k":"v"}})");
}

TEST(Extract, AMalformedFieldIsItsText) {
  auto d = extract("---\ntitle: T\ntags: [1, two\n---\nBody.\n", "text/markdown", "n.md");
  ASSERT_TRUE(d.ok());
  EXPECT_EQ(d->body, "Body.\n");
  EXPECT_EQ(d->title, "T");
  EXPECT_EQ(d->labels, (std::vector<std::string>{"1", "two"}));
  EXPECT_EQ(d->extra["front_matter_problem"].as_string(), "line 3 begins a value that does not end");
}

TEST(Extract, NumbersAndBooleansAreTheirText) {
  auto d = extract("---\ntitle: 404\ntags: [2026, garden, true, 1.10, null]\n---\nx\n", "text/markdown", "n.md");
  ASSERT_TRUE(d.ok());
  EXPECT_EQ(d->title, "404");
  EXPECT_EQ(d->labels, (std::vector<std::string>{"2026", "garden", "true", "1.10"}));
  d = extract("---\ntitle: false\ntags: 2026\n---\nx\n", "text/markdown", "n.md");
  EXPECT_EQ(d->title, "false");
  EXPECT_EQ(d->labels, std::vector<std::string>{"2026"});
}

TEST(Extract, WhatTheFrontMatterSaysIsText) {
  auto d = extract(
      "---\ntitle: T\ndescription: About otters.\nsubtitle: T\nsummary: Stands below.\naliases: [/old/path/, "
      "Lutra]\n---\n"
      "# T\n\nStands below. More.\n",
      "text/markdown", "n.md");
  ASSERT_TRUE(d.ok());
  EXPECT_EQ(d->body, "About otters.\n\nLutra\n\n# T\n\nStands below. More.\n");
  EXPECT_EQ(d->extra["description"].as_string(), "About otters.");
}

TEST(Extract, ACarriageReturnAloneEndsALine) {
  auto d = extract("---\rtitle: Old\rtags: [a]\r---\r\r# One\r\rText.\r\rTwo\r===\r", "text/markdown", "n.md");
  ASSERT_TRUE(d.ok());
  EXPECT_EQ(d->title, "Old");
  EXPECT_EQ(d->labels, std::vector<std::string>{"a"});
  EXPECT_EQ(d->body, "# One\n\nText.\n\nTwo\n===\n");
  EXPECT_EQ(extract("a\r\nb\rc\nd", "text/plain", "n")->body, "a\nb\nc\nd");
}

TEST(Extract, WhatSteersATerminalIsNoText) {
  auto d = extract(
      "\x1b[1;31mERROR\x1b[0m "
      "\x1b[38;2;10;20;30mdeep\x1b[K\n\x1b]0;title\x07prompt\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\\n"
      "\x1b(B\x1b[mplain \x1b"
      "7x \xC2\x9B"
      "32mgreen\xC2\x9B"
      "0m N\bNA\bA _\bu\n[31m stays\n",
      "text/plain", "app.log");
  ASSERT_TRUE(d.ok());
  EXPECT_EQ(d->body, "ERROR deep\npromptlink\nplain x green NA u\n[31m stays\n");
  EXPECT_EQ(d->extra["terminal_codes"].as_int(), 15);
  EXPECT_EQ(extract("cut \x1b[31", "text/plain", "n")->body, "cut [31");
}

TEST(Extract, HtmlHeadingsInMarkdown) {
  EXPECT_EQ(
      extract("<p align=\"center\"><img src=\"l.png\" alt=\"logo\"></p>\n<h1 align=\"center\">\n  <br>\n  Cara &amp; "
              "<b>Val</b>\n</h1>\n\n# Other\n",
              "text/markdown", "README.md")
          ->title,
      "Cara & Val");
  EXPECT_EQ(extract("<h1></h1>\n<h2>\nReal one</H2>\n", "text/markdown", "n.md")->title, "Real one");
  EXPECT_EQ(extract("<h1><img src='a' alt='Otter'/></h1>\n", "text/markdown", "n.md")->title, "Otter");
  EXPECT_EQ(
      extract("<div>\n\n<h1 align=center>\n\n**Split** over blocks\n\n</h1>\n\ntext\n", "text/markdown", "n.md")->title,
      "Split over blocks");
  EXPECT_EQ(extract("<pre>\n<h1>code</h1>\n</pre>\n<!-- <h1>no</h1> -->\n\n## Real\n", "text/markdown", "n.md")->title,
            "Real");
}

TEST(Extract, Titles) {
  EXPECT_EQ(extract("## Two *words*\n", "text/markdown", "n.md")->title, "Two words");
  EXPECT_EQ(extract("text\n", "text/markdown", "dir/na.me.md")->title, "na.me");
  EXPECT_EQ(extract("# text\n", "text/plain", "notes.txt")->title, "notes");
  EXPECT_LE(extract("# " + std::string(5000, 'x') + "\n", "text/markdown", "n.md")->title.size(), 500u);
}

TEST(Extract, TextInAnyCharset) {
  EXPECT_EQ(extract("caf\xC3\xA9\n", "text/plain", "n")->body, "caf\xC3\xA9\n");
  EXPECT_EQ(extract("\xFF\xFE"
                    "c\0a\0f\0\xE9\0"s,
                    "text/plain", "n")
                ->body,
            "caf\xC3\xA9");
  auto d = extract(
      "Das Stra\xDF"
      "enfest findet f\xFCr alle B\xFCrger statt.\n",
      "text/plain", "n");
  ASSERT_TRUE(d.ok());
  EXPECT_EQ(d->body,
            "Das Stra\xC3\x9F"
            "enfest findet f\xC3\xBCr alle B\xC3\xBCrger statt.\n")
      << d->extra["charset"].as_string();
  d = extract("good \xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC one broken \xFF byte", "text/plain", "n");
  ASSERT_TRUE(d.ok());
  EXPECT_EQ(d->extra["replaced_characters"].as_int(), 1);
}

TEST(Extract, WhatIsNoTextIsUnsupported) {
  EXPECT_EQ(extract("\x7f"
                    "ELF\2\1\1\0\0\0\0\0\0\0\0\0"s,
                    "text/plain", "n")
                .status()
                .code(),
            base::Code::unsupported);
  EXPECT_EQ(extract("7z\xBC\xAF", "application/x-7z-compressed", "n").status().code(), base::Code::unsupported);
  std::string noise;
  base::Random random(1);
  for (int i = 0; i < 10'000; ++i) noise += static_cast<char>(random.below(256));
  for (const char* mime : {"text/plain", "text/html", "text/markdown"}) {
    EXPECT_EQ(extract(noise, mime, "n").status().code(), base::Code::unsupported) << mime;
  }
}

TEST(Extract, SmallOddities) {
  for (const char* mime : {"text/plain", "text/html", "text/markdown"}) {
    auto d = extract("", mime, "empty.x");
    ASSERT_TRUE(d.ok()) << mime;
    EXPECT_EQ(d->body, "");
    EXPECT_EQ(d->title, "empty");
  }
  // A stray NUL in a long text is a damaged character, not a reason to refuse it.
  auto d = extract(std::string(2000, 'a') + "\0"s + std::string(2000, 'b'), "text/plain", "n");
  ASSERT_TRUE(d.ok());
  EXPECT_EQ(d->body, std::string(2000, 'a') + "\xEF\xBF\xBD" + std::string(2000, 'b'));
  EXPECT_EQ(d->extra["replaced_characters"].as_int(), 1);
}

TEST(Extract, SizeIsLimited) {
  auto d = extract(std::string(kMaxDocumentBytes + 1, 'x'), "text/plain", "n");
  EXPECT_EQ(d.status().code(), base::Code::exhausted);
  EXPECT_NE(d.status().message().find("max_bytes of the reader 'text'"), std::string::npos);
}

// What a worker gives.
base::Result<std::vector<Document>> in_worker(worker::Pool& pool, std::string_view bytes, std::string_view mime,
                                              const ExtractOptions& options = {}) {
  std::vector<Document> documents;
  TARN_TRY(read_in(pool, bytes, mime, "n.md", options, [&](Document d) {
    documents.push_back(std::move(d));
    return base::Status();
  }));
  return documents;
}

TEST(Job, GivesWhatReadingGives) {
  auto pool = worker::make_pool(1, {});
  const std::string bytes = "---\ntags: [x]\ndate: 2024-05-01\n---\n# T\n\nBody \xC3\xA9.\n";
  auto got = in_worker(*pool, bytes, "text/markdown");
  auto want = extract(bytes, "text/markdown", "n.md");
  ASSERT_TRUE(got.ok() && want.ok()) << got.status().to_string();
  ASSERT_EQ(got->size(), 1u);
  const Document& d = got->front();
  EXPECT_EQ(d.part, "");
  EXPECT_EQ(d.title, want->title);
  EXPECT_EQ(d.body, want->body);
  EXPECT_EQ(d.mime, want->mime);
  EXPECT_EQ(d.labels, want->labels);
  EXPECT_EQ(d.created_at_us, want->created_at_us);
  EXPECT_EQ(d.updated_at_us, want->updated_at_us);
  EXPECT_EQ(d.anchors, want->anchors);
  EXPECT_FALSE(d.anchors.empty());
  EXPECT_EQ(d.extra, want->extra);
  // The options go with the bytes.
  const std::string page = "<nav><p>\xC4\xC1</nav><main><p>\xCE\xC5\xD4</main>";
  got = in_worker(*pool, page, "text/html", {.whole_page = true, .charset = "koi8-r"});
  ASSERT_TRUE(got.ok()) << got.status().to_string();
  EXPECT_EQ(got->front().body, "да\n\nнет\n");
  EXPECT_EQ(in_worker(*pool, bytes, "application/x-7z-compressed").status().code(), base::Code::unsupported);
}

TEST(Job, ADamagedDocumentIsCorruption) {
  const std::string whole = encode_document(*extract("# T\n\nBody\n", "text/markdown", "n.md"));
  ASSERT_TRUE(decode_document(whole).ok());
  for (size_t cut = 0; cut < whole.size(); ++cut) {
    EXPECT_EQ(decode_document(std::string_view(whole).substr(0, cut)).ok(), false) << cut;
  }
  const uint64_t seed = 8;
  base::Random random(seed);
  for (int round = 0; round < 3000; ++round) {
    std::string damaged = whole;
    damaged[random.below(damaged.size())] = static_cast<char>(random.below(256));
    auto d = decode_document(damaged);  // may still be well formed; must not crash or claim memory
    if (!d.ok()) continue;
    EXPECT_TRUE(json::parse(json::write(d->extra)).ok()) << "seed " << seed;
    EXPECT_TRUE(are_valid(d->anchors, d->body.size())) << "seed " << seed;
  }
}

}  // namespace
}  // namespace tarn::document
