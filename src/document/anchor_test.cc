#include "document/anchor.h"

#include <gtest/gtest.h>

#include <iterator>
#include <set>
#include <sstream>

#include "document/document.h"
#include "document/parts.h"
#include "document/reader.h"

namespace tarn::document {
namespace {

using Anchors = std::vector<Anchor>;

Anchors anchors_in(std::string_view bytes, std::string_view mime) { return extract(bytes, mime, "n")->anchors; }

TEST(Anchor, TheNearestOneAtOrBeforeAByte) {
  const Anchors pages = {{2, "page", "i"}, {10, "page", "ii"}};
  const std::string body(20, 'x');
  EXPECT_EQ(anchor_at(pages, 1, body), std::nullopt);
  EXPECT_EQ(anchor_at(pages, 2, body), (Anchor{2, "page", "i"}));
  EXPECT_EQ(anchor_at(pages, 9, body), (Anchor{2, "page", "i"}));
  EXPECT_EQ(anchor_at(pages, 19, body), (Anchor{10, "page", "ii"}));
}

TEST(Anchor, LinesAreCountedFromIt) {
  const std::string body = "a\nb\n\nc";
  const Anchors one = {{2, "line", "7"}};
  EXPECT_EQ(anchor_at(one, 2, body)->value, "7");
  EXPECT_EQ(anchor_at(one, 4, body)->value, "8");
  EXPECT_EQ(anchor_at(one, 5, body)->value, "9");
  EXPECT_EQ(anchor_at(one, 5, body.substr(2), 2)->value, "9");
  // What is no number, or counted from bytes that are not there, stays as it is.
  EXPECT_EQ(anchor_at(Anchors{{2, "line", "x"}}, 5, body)->value, "x");
  EXPECT_EQ(anchor_at(one, 5, body.substr(3), 3)->value, "7");
  EXPECT_EQ(anchor_at(one, 50, body)->value, "7");
}

TEST(Anchor, AWalkGivesThePlaceOfASpanAndWhatStandsInIt) {
  const std::string body = "one\ntwo\nthree\nfour\n";
  const Anchors anchors = {{0, "line", "1"}, {8, "page", "2"}, {10, "page", "3"}, {14, "line", "30"}};
  AnchorWalk walk(anchors, body);
  EXPECT_EQ(walk.next(0, 4), (Anchors{{0, "line", "1"}}));
  EXPECT_EQ(walk.next(4, 9), (Anchors{{4, "line", "2"}, {8, "page", "2"}}));
  EXPECT_EQ(walk.next(9, 12), (Anchors{{9, "page", "2"}, {10, "page", "3"}}));
  EXPECT_EQ(walk.next(14, 19), (Anchors{{14, "line", "30"}}));
  EXPECT_EQ(walk.next(19, 19), (Anchors{{19, "line", "31"}}));
  AnchorWalk late(std::span<const Anchor>(anchors).subspan(1), body);
  EXPECT_EQ(late.next(0, 4), Anchors());
}

TEST(Anchor, TextHasLinesOrPages) {
  EXPECT_EQ(anchors_in("a\nb\n", "text/plain"), (Anchors{{0, "line", "1"}}));
  EXPECT_EQ(anchors_in("", "text/plain"), Anchors());
  EXPECT_EQ(anchors_in("a\n\fb\n\fc\n", "text/plain"), (Anchors{{0, "page", "1"}, {2, "page", "2"}, {5, "page", "3"}}));
  EXPECT_EQ(anchors_in("a\nb\n\f\n", "text/plain"), (Anchors{{0, "line", "1"}})) << "nothing is on a second page";
}

TEST(Anchor, LinesOfMarkdownAreThoseOfTheFile) {
  const std::string file = "---\r\ntitle: T\r\nsummary: What it is.\r\n---\r\n\r\n# Head\r\n\r\nWords.\r\n";
  const auto d = extract(file, "text/markdown", "n.md");
  ASSERT_TRUE(d.ok());
  const auto line_of = [&](std::string_view words) {
    const auto anchor = anchor_at(d->anchors, d->body.find(words), d->body);
    return anchor ? anchor->kind + " " + anchor->value : "none";
  };
  EXPECT_EQ(line_of("# Head"), "line 6");
  EXPECT_EQ(line_of("Words."), "line 8");
  EXPECT_EQ(line_of("What it is."), "none") << "it stands above the text that has lines";
  EXPECT_EQ(anchors_in("# T\n", "text/markdown"), (Anchors{{0, "line", "1"}}));
  EXPECT_EQ(anchors_in("<h1>T</h1>", "text/html"), Anchors());
}

TEST(Parts, TheItemItselfComesFirstAndEachNameOnce) {
  const auto named = [](const char* part) {
    Document d;
    d.part = part;
    return d;
  };
  Parts parts;
  EXPECT_EQ(parts.end().code(), base::Code::corruption);
  EXPECT_EQ(parts.take(named("a")).code(), base::Code::corruption);
  ASSERT_TRUE(parts.take(named("")).ok());
  EXPECT_TRUE(parts.end().ok());
  ASSERT_TRUE(parts.take(named("a")).ok());
  EXPECT_EQ(parts.take(named("a")).code(), base::Code::corruption);
  EXPECT_EQ(parts.take(named("")).code(), base::Code::corruption);
  for (size_t i = 1; i < kMaxParts; ++i) ASSERT_TRUE(parts.take(named(std::to_string(i).c_str())).ok());
  EXPECT_EQ(parts.take(named("more")).code(), base::Code::exhausted);
}

TEST(Readers, EachHasItsOwnNameAndTypes) {
  const auto words = [](std::string_view list) {
    std::istringstream in{std::string(list)};
    return std::vector<std::string>(std::istream_iterator<std::string>(in), {});
  };
  std::set<std::string, std::less<>> names, mimes, extensions;
  for (const Reader& reader : readers()) {
    EXPECT_TRUE(names.emplace(reader.name).second) << reader.name;
    EXPECT_FALSE(reader.mimes.empty()) << reader.name;
    for (const std::string& mime : words(reader.mimes)) {
      EXPECT_TRUE(mimes.insert(mime).second) << mime;
      EXPECT_EQ(reader_of(mime), &reader);
    }
    EXPECT_EQ(reader.mime(), words(reader.mimes).front());
    for (const std::string& extension : words(reader.extensions)) {
      EXPECT_TRUE(extensions.insert(extension).second) << extension;
      EXPECT_EQ(detect_type("a." + extension, "x"), reader.mime());
    }
  }
  for (const char* none : {"application/x-7z-compressed", "", " ", "text/markdown text/x-markdown", "text"}) {
    EXPECT_EQ(reader_of(none), nullptr) << none;
  }
}

}  // namespace
}  // namespace tarn::document
