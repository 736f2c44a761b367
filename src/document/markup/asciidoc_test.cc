#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "document/extracted_test.h"

namespace tarn::document {
namespace {

Document doc(std::string_view bytes) { return extracted(bytes, "text/asciidoc", "a.adoc"); }
std::string body(std::string_view bytes) { return doc(bytes).body; }

TEST(AsciiDoc, TheHeaderIsWhatTheFileSaysOfItself) {
  const Document d =
      doc("= The Tides\nAnn Keeper <ann@quay.example>; Bo Pilot\nv1.2, 2024-05-01\n:port: Northport\n\nOf "
          "{port}.\n\n== Ebb\n\nIt goes.\n");
  EXPECT_EQ(d.body, "# The Tides\n\nOf Northport.\n\n## Ebb\n\nIt goes.\n");
  EXPECT_EQ(d.title, "The Tides");
  EXPECT_EQ(d.author, "Ann Keeper, Bo Pilot");
  EXPECT_EQ(d.extra["revision"].as_string(), "v1.2, 2024-05-01");
  EXPECT_TRUE(d.updated_at_us.has_value());
  EXPECT_EQ(anchor_at(d.anchors, d.body.find("Ebb"), d.body)->value, "8");
}

TEST(AsciiDoc, OlderTitlesAreUnderlined) {
  EXPECT_EQ(body("tide(1)\n=======\n\nNAME\n----\ntide - tells the tide\n\nMORE\n~~~~\nx\n"),
            "# tide(1)\n\n## NAME\n\ntide - tells the tide\n\n### MORE\n\nx\n");
}

TEST(AsciiDoc, ListsOfEachKind) {
  EXPECT_EQ(body("* one\n** inner\n* two\n+\nmore of two\n+\n----\ncode\n----\n\n//-\n\n. first\n. second\n"),
            "- one\n\n  - inner\n- two\n\n  more of two\n\n  ```\n  code\n  ```\n\n1. first\n2. second\n");
  EXPECT_EQ(body("-a::\n--all::\n\tLists all.\n+\nAlso hidden ones.\n\n--depth <n>:: How deep.\n"),
            "- -a\n\n  --all\n\n  Lists all.\n\n  Also hidden ones.\n\n- --depth \\<n>\n\n  How deep.\n");
  EXPECT_EQ(body("[source,c]\n----\nint x; <1>\n----\n<1> a number\n"), "```c\nint x; <1>\n```\n\n1. a number\n");
}

TEST(AsciiDoc, BlocksOfEachKind) {
  EXPECT_EQ(body(".The tide\n[source,sh]\n----\nls\n  -l\n----\n"), "**The tide**\n\n```sh\nls\n  -l\n```\n");
  EXPECT_EQ(body("NOTE: Mind the gap.\n\n[WARNING]\n====\nDeep.\n\n* a\n====\n"),
            "> **Note**\n>\n> Mind the gap.\n\n> **Warning**\n>\n> Deep.\n>\n> - a\n");
  EXPECT_EQ(body("[quote, Ann, The Log]\n____\nIt turns.\n____\n"), "> It turns.\n>\n> — Ann, The Log\n");
  EXPECT_EQ(body(" literal text\n  as it is\n\n....\nx\n....\n"), "```\nliteral text\n as it is\n```\n\n```\nx\n```\n");
  EXPECT_EQ(body("--\nopen\n--\n\n****\nbeside\n****\n"), "open\n\n> beside\n");
}

TEST(AsciiDoc, TheMarksWithinAParagraph) {
  EXPECT_EQ(body("*loud* _soft_ `x_y` #marked# H~2~O **un**bound snake_case_name\n"),
            "**loud** *soft* `x_y` marked H2O **un**bound snake_case_name\n");
  EXPECT_EQ(body("https://quay.example/x[the quay^], link:a.html[here], <<ebb,the ebb>>, <<ebb>> and "
                 "linkgit:git-log[1].\n\n[[ebb]]\n== The Ebb\n"),
            "[the quay](https://quay.example/x), [here](a.html), the ebb, The Ebb and git-log(1).\n\n## The Ebb\n");
  EXPECT_EQ(body("Deep.footnote:[At ebb.] End +\nnext\n"), "Deep. [1] End  \nnext\n\n[1] At ebb.\n");
  EXPECT_EQ(body("image::quay.png[The quay]\n"), "![The quay](quay.png)\n");
  EXPECT_EQ(body("\"`quoted`\" and {unknown} \\*plain*\n"), "“quoted” and {unknown} \\*plain\\*\n");
}

TEST(AsciiDoc, Tables) {
  EXPECT_EQ(body("|===\n|quay |depth\n\n|North\n|7 \\| 8\n\n2+|both\n|===\n"),
            "| quay | depth |\n| --- | --- |\n| North | 7 \\| 8 |\n| both | |\n");
  EXPECT_EQ(body("[cols=\"1,a\", options=\"header\"]\n|===\n|quay\n|depth\n|North\na|7\n\nmetres\n|===\n"),
            "| quay | depth |\n| --- | --- |\n| North | 7 — metres |\n");
  EXPECT_EQ(body("[%header,format=csv]\n|===\nquay,depth\nNorth,\"7, 8\"\n|===\n"),
            "| quay | depth |\n| --- | --- |\n| North | 7, 8 |\n");
}

TEST(AsciiDoc, CommentsGoConditionsStayAndIncludesAreNamed) {
  const Document d = doc(
      "// hidden\n\n////\nhidden too\n////\n\ninclude::more/{part}.adoc[]\n\nifdef::win[]\nOn Windows.\nendif::win[]\n"
      "ifndef::x[A line.]\n\n++++\n<b>raw</b>\n++++\n");
  EXPECT_EQ(d.body, "On Windows.\n\nA line.\n");
  EXPECT_EQ(json::write(d.extra["includes"]), R"(["more/{part}.adoc"])");
  EXPECT_EQ(d.extra["passthroughs_left_out"].as_int(), 1);
}

TEST(AsciiDoc, ATitleAboveNothingEnds) {
  EXPECT_EQ(body(".Tide\n+\nx\n"), "x\n");
  EXPECT_EQ(body(".Tide\ninclude::y[]\n"), "");
}

TEST(AsciiDoc, AttributesThatNameThemselvesEnd) {
  EXPECT_THAT(body(":a: {b}{b}{b}{b}\n:b: {a}{a}{a}{a}\n\nx {a}\n"), testing::StartsWith("x "));
}

// Each of these took minutes, or all memory, before it was bounded.
TEST(AsciiDoc, HostileTextTakesNoLongerThanOther) {
  const auto repeated = [](std::string_view unit, size_t bytes) {
    std::string out;
    while (out.size() < bytes) out += unit;
    return out;
  };
  constexpr size_t kMiB = size_t{1} << 20;
  for (const char* unit : {"*a *a ", "a:", "a:[ ", "{a"}) {
    EXPECT_GT(body(repeated(unit, 2 * kMiB)).size(), 2 * kMiB - 10) << unit;
  }
  // Attributes that name each other thousands of times, and stand for nothing.
  EXPECT_LT(body(":a: " + repeated("{b}", 3000) + "\n:b: " + repeated("{c}", 3000) +
                 "\n:c: " + repeated("{empty}", 3000) + "\n\n{a}\n")
                .size(),
            size_t{40} << 20);
  const Document spans = doc("|===\n" + repeated("100+|a ", kMiB) + "\n|===\n");
  EXPECT_EQ(spans.extra["cut_tables"].as_int(), 1);
  const auto copies = extract("|===\n100*|" + repeated("word ", 4 * kMiB) + "\n|===\n", "text/asciidoc", "a.adoc");
  EXPECT_EQ(copies.status().code(), base::Code::exhausted);
}

}  // namespace
}  // namespace tarn::document
