#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "document/extracted_test.h"

namespace tarn::document {
namespace {

using testing::HasSubstr;

Document doc(std::string_view bytes) { return extracted(bytes, "text/x-rst", "a.rst"); }
std::string body(std::string_view bytes) { return doc(bytes).body; }

TEST(Rst, SectionsAreHeadingsByTheOrderOfTheirMarks) {
  const Document d =
      doc("=====\nTides\n=====\n\nAt noon.\n\nHarbour\n-------\n\nNorth\n~~~~~\n\nSouth\n-----\n\n----\n\nEnd.\n");
  EXPECT_EQ(d.body, "# Tides\n\nAt noon.\n\n## Harbour\n\n### North\n\n## South\n\nEnd.\n");
  EXPECT_EQ(d.title, "Tides");
  const auto place = anchor_at(d.anchors, d.body.find("North"), d.body);
  ASSERT_TRUE(place);
  EXPECT_EQ(place->kind + place->value, "line10");
}

TEST(Rst, ListsOfEachKind) {
  EXPECT_EQ(body("* one\n* two\n  goes on\n\n  - inner\n\n3. three\n4. four\n"),
            "- one\n- two goes on\n\n  - inner\n\n3. three\n4. four\n");
  EXPECT_EQ(body("ebb\n  The tide goes.\n\nflood : noun\n  It comes.\n\n  Twice a day.\n"),
            "- ebb\n\n  The tide goes.\n\n- flood : noun\n\n  It comes.\n\n  Twice a day.\n");
  EXPECT_EQ(body("Words.\n\n:param depth: in metres\n:returns: nothing\n"),
            "Words.\n\n- **param depth:** in metres\n- **returns:** nothing\n");
  EXPECT_EQ(body("-a, --all   lists all\n--depth=N   how deep\n            it is\n"),
            "- `-a, --all`\n\n  lists all\n- `--depth=N`\n\n  how deep it is\n");
  EXPECT_EQ(body("| North\n| South\n"), "North  \nSouth\n");
  EXPECT_EQ(body("A. Author wrote\nthis line.\n"), "A. Author wrote this line.\n");
}

TEST(Rst, CodeIsCode) {
  EXPECT_EQ(body("Run this::\n\n    make all\n      -j2\n\nDone.\n"),
            "Run this:\n\n```\nmake all\n  -j2\n```\n\nDone.\n");
  EXPECT_EQ(body(".. code-block:: c\n   :linenos:\n   :caption: The tide\n\n   int tide;\n"),
            "The tide\n\n```c\nint tide;\n```\n");
  EXPECT_EQ(body(">>> 1 + 1\n2\n"), "```python\n>>> 1 + 1\n2\n```\n");
  EXPECT_EQ(body(".. highlight:: sh\n\n::\n\n   ls\n"), "```sh\nls\n```\n");
  const Document d = doc("Words.\n\n.. code:: sh\n\n   one\n   two\n");
  EXPECT_EQ(anchor_at(d.anchors, d.body.find("two"), d.body)->value, "6");
}

TEST(Rst, TheMarksWithinAParagraph) {
  EXPECT_EQ(body("*soft* **loud** ``x_y`` and 2*3*4 \\*plain\\*\n"),
            "*soft* **loud** `x_y` and 2\\*3\\*4 \\*plain\\*\n");
  EXPECT_EQ(body("See :func:`~os.path.join`, :ref:`the chart <chart>`, :pep:`8` and :class:`!Tide`.\n"),
            "See `join`, the chart, PEP 8 and `Tide`.\n");
  EXPECT_EQ(body("`Tarn <https://tarn.example>`_, charts_ and `the log`__.\n\n.. _charts: https://charts.example\n"),
            "[Tarn](https://tarn.example), [charts](https://charts.example) and the log.\n");
  EXPECT_EQ(body("The |port| lies *north*\\ward [1]_.\n\n.. |port| replace:: old *port*\n.. [1] By day.\n"),
            "The old *port* lies *north*ward [1].\n\n- **[1]** By day.\n");
  EXPECT_EQ(body(":ref:`chart`\n\n.. _chart:\n\nThe chart\n=========\n"), "The chart\n\n# The chart\n");
}

TEST(Rst, Notes) {
  EXPECT_EQ(body(".. note:: Mind the gap.\n\n.. warning::\n\n   Deep.\n\n   * a\n"),
            "> **Note**\n>\n> Mind the gap.\n\n> **Warning**\n>\n> Deep.\n>\n> - a\n");
  EXPECT_EQ(body(".. versionchanged:: 3.2\n   Also by night.\n"), "**Changed in version 3.2:** Also by night.\n");
  EXPECT_EQ(body(".. deprecated:: 4.0\n"), "**Deprecated since version 4.0:**\n");
}

TEST(Rst, DescriptionsBeginWithTheirSignature) {
  EXPECT_EQ(body(".. function:: tide(day, *, depth=0)\n              tide(now)\n\n   Tells the tide.\n\n   :raises E: "
                 "never\n"),
            "- `tide(day, *, depth=0)`  \n  `tide(now)`\n\n  Tells the tide.\n\n  - **raises E:** never\n");
}

TEST(Rst, AClassOfPythonIsDescribedAndOneOfStylesSaysNothing) {
  EXPECT_EQ(body(".. class:: Tide(day)\n\n   Of a day.\n"), "- `Tide(day)`\n\n  Of a day.\n");
  EXPECT_EQ(body(".. py:class:: tide\n"), "- `tide`\n");
  EXPECT_EQ(body(".. class:: wide\n\n   Of a day.\n"), "Of a day.\n");
}

TEST(Rst, TablesOfEachKind) {
  EXPECT_EQ(body("+-------+-------+\n| quay  | depth |\n+=======+=======+\n| North | 7 m   |\n|       |       |\n|     "
                 "  | calm  |\n"
                 "+-------+-------+\n| both          |\n+-------+-------+\n"),
            "| quay | depth |\n| --- | --- |\n| North | 7 m — calm |\n| both | |\n");
  EXPECT_EQ(body("=====  =====\nquay   depth\n=====  =====\nNorth  7\n       metres\nSouth\n=====  =====\n"),
            "| quay | depth |\n| --- | --- |\n| North | 7 metres |\n| South | |\n");
  EXPECT_EQ(body(".. list-table:: Quays\n   :header-rows: 1\n\n   * - quay\n     - depth\n   * - North\n     - | 7\n"),
            "Quays\n\n| quay | depth |\n| --- | --- |\n| North | \\| 7 |\n");
  EXPECT_EQ(body(".. csv-table::\n   :header: \"quay\", \"depth\"\n\n   North, \"7, at ebb\"\n"),
            "| quay | depth |\n| --- | --- |\n| North | 7, at ebb |\n");
}

TEST(Rst, ACellMayBeABulletAlone) {
  EXPECT_EQ(body("== ==\na  b\n== ==\n*  c\n== ==\n"), "| a | b |\n| --- | --- |\n| | c |\n");
}

TEST(Rst, WhatIsNoTextIsLeftOutAndIncludesAreNamed) {
  const Document d =
      doc(".. a comment\n   goes on\n\n.. index:: tides\n\n.. include:: more.rst\n\n.. raw:: html\n\n   <b>x</b>\n\n"
          ".. automodule:: tide\n\nWords.\n");
  EXPECT_EQ(d.body, "Words.\n");
  EXPECT_EQ(json::write(d.extra["includes"]), R"(["more.rst"])");
  EXPECT_EQ(json::write(d.extra["generated_from"]), R"(["tide"])");
  EXPECT_EQ(d.extra["raw_blocks_left_out"].as_int(), 1);
  EXPECT_EQ(body(".. unknown:: Some words\n   :x: y\n\n   and more\n"), "Some words\n\nand more\n");
}

TEST(Rst, DeepNestingEnds) {
  std::string deep;
  for (int i = 0; i < 3000; ++i) deep += std::string(static_cast<size_t>(i), ' ') + "* x\n\n";
  EXPECT_THAT(body(deep.substr(0, 200'000)), HasSubstr("- x"));
}

// Each of these took minutes, or all memory, before it was bounded.
TEST(Rst, HostileTextTakesNoLongerThanOther) {
  const auto repeated = [](std::string_view unit, size_t bytes) {
    std::string out;
    while (out.size() < bytes) out += unit;
    return out;
  };
  constexpr size_t kMiB = size_t{1} << 20;
  EXPECT_GT(body(repeated("word ", 4 * kMiB)).size(), 4 * kMiB - 10) << "one line";
  EXPECT_GT(body(repeated("*a *a ", 2 * kMiB)).size(), 2 * kMiB - 10) << "marks that never end";
  // Substitutions name each other three levels deep, thousands of times each.
  const std::string nested = ".. |a| replace:: " + repeated("|b| ", 3000) +
                             "\n.. |b| replace:: " + repeated("|c| ", 3000) +
                             "\n.. |c| replace:: " + repeated("|d| ", 3000) + "\n.. |d| replace:: x\n\n|a|\n";
  EXPECT_LT(body(nested).size(), size_t{40} << 20);
  // A rule of many columns above many rows.
  const Document wide =
      doc("+" + repeated("-+", 20'000) + "\n" + repeated("|a\n", 30'000) + "+" + repeated("-+", 20'000) + "\n");
  EXPECT_EQ(wide.extra["cut_tables"].as_int(), 1);
  EXPECT_LT(wide.body.size(), 2 * kMiB);
}

}  // namespace
}  // namespace tarn::document
