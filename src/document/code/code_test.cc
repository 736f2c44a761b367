#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "document/code/symbols.h"
#include "document/extracted_test.h"

namespace tarn::document {
namespace {

using testing::HasSubstr;

std::string symbols(std::string_view text, const std::string& name) {
  const code::Language* language = code::language_of_name(name);
  if (!language) return "no language";
  std::string out;
  for (const code::Symbol& s : code::find_symbols(text, *language)) {
    out += std::to_string(s.line + 1) + std::string(static_cast<size_t>(s.level), ' ') + s.title + "\n";
  }
  return out;
}

TEST(Code, DeclarationsAreHeadingsAboveTheirLines) {
  const Document d =
      doc("// The tide.\n#include <a>\n\nnamespace port {\n\n// Of a day.\nint tide(int day) {\n  return day;\n}\n\n"
          "class Quay : public Base {\n public:\n  int depth() const { return 7; }\n};\n}\n",
          "src/port.cc");
  EXPECT_EQ(
      d.body,
      "```cpp\n// The tide.\n#include <a>\n\nnamespace port {\n```\n\n# tide()\n\n```cpp\n// Of a day.\nint tide(int "
      "day) {\n"
      "  return day;\n}\n```\n\n# class Quay\n\n```cpp\nclass Quay : public Base {\n public:\n```\n\n## depth()\n\n"
      "```cpp\n  int depth() const { return 7; }\n};\n}\n```\n");
  EXPECT_EQ(d.title, "port.cc");
  EXPECT_EQ(d.extra["language"].as_string(), "cpp");
  EXPECT_EQ(d.extra["symbols"].as_int(), 3);
  EXPECT_EQ(anchor_at(d.anchors, d.body.find("return day"), d.body)->value, "8");
}

TEST(Code, CAndCpp) {
  EXPECT_EQ(symbols("#define LOOP(x) for (;;) {\nstatic void\nwait_for(struct tide *t)\n{\n  if (t) { call(); }\n  "
                    "while (1) {}\n}\n"
                    "struct tide { int x; };\nenum class Kind : int { a, b };\nTide::~Tide() { }\nint x[] = { 1 };\n"
                    "const char* s = \"int no() {\"; /* int no() { */\nauto r = R\"x(int no() {)x\";\ntemplate <class "
                    "T>\nT most(T a) {}\n",
                    "a.cpp"),
            "2 wait_for()\n8 struct tide\n9 enum Kind\n10 Tide::~Tide()\n14 most()\n");
}

TEST(Code, JavaCsharpKotlinSwift) {
  EXPECT_EQ(symbols("package a.b;\n\n/** Tides. */\n@Fast\npublic final class Tide<T> extends Base implements Sea {\n"
                    "  private final int[] x = new int[] {1};\n  public Tide(int a) { for (;;) { } }\n  @Override\n"
                    "  public List<T> at(int day) throws E {\n    return new Thing() { void no() {} };\n  "
                    "}\n}\ninterface Sea { void x(); }\n",
                    "A.java"),
            "3 class Tide\n7  Tide()\n8  at()\n13 interface Sea\n");
  EXPECT_EQ(symbols("namespace A.B\n{\n  public record Tide(int Day) { public int Depth { get; set; } }\n}\n", "a.cs"),
            "3 record Tide\n");
  EXPECT_EQ(symbols("class Tide(val day: Int) : Base() {\n  fun at(x: Int): Int {\n  }\n}\nobject One {\n}\n", "a.kt"),
            "1 class Tide\n2  at()\n5 object One\n");
  EXPECT_EQ(symbols("extension Tide: Sea {\n  func at(_ d: Int) -> Int {\n  }\n}\n", "a.swift"),
            "1 extension Tide\n2  at()\n");
}

TEST(Code, GoRustPhp) {
  EXPECT_EQ(
      symbols("package a\n\ntype Tide struct {\n\tDay int\n}\n\n// At tells.\nfunc (t *Tide) At(d int) (int, error) {\n"
              "\tgo func() { x() }()\n}\nfunc main() {\n}\nvar raw = `func no() {`\n",
              "a.go"),
      "3 type Tide\n7 Tide.At()\n11 main()\n");
  EXPECT_EQ(symbols("#[derive(Debug)]\npub struct Tide<'a> { x: &'a str }\nimpl<'a> Sea for Tide<'a> {\n    /// Doc.\n"
                    "    pub fn at(&self, c: char) -> bool { c == '{' }\n}\nmod tests {\n    fn works() {}\n}\n",
                    "a.rs"),
            "1 struct Tide\n3 impl<'a> Sea for Tide<'a>\n4  at()\n7 mod tests\n8  works()\n");
  EXPECT_EQ(symbols("<?php\nclass A extends B {\n  # a remark {\n  public function x($a) {\n  }\n}\n", "a.php"),
            "2 class A\n3  x()\n");
}

TEST(Code, JavaScriptAndTypeScript) {
  EXPECT_EQ(symbols("import a from 'b';\nexport default function tide(d) {\n  const no = () => { };\n}\nconst flow = "
                    "async (x) => {\n};\n"
                    "class Quay extends Base {\n  constructor(x) { super(); }\n  async depth() { return `a${1}{`; "
                    "}\n}\nif (x) { y(); }\n"
                    "export interface Sea {\n  name: string;\n}\n",
                    "a.ts"),
            "2 tide()\n5 flow()\n7 class Quay\n8  constructor()\n9  depth()\n12 interface Sea\n");
}

TEST(Code, LanguagesThatAreReadLineByLine) {
  EXPECT_EQ(symbols("\"\"\"def no():\ndef no2():\n\"\"\"\nimport os\n\n# Tells.\n@cache\ndef tide(day):\n    def "
                    "inner():\n        pass\n\n"
                    "class Quay(Base):\n    '''doc'''\n    async def depth(self):\n        pass\n",
                    "a.py"),
            "6 tide()\n9  inner()\n12 class Quay\n14  depth()\n");
  EXPECT_EQ(symbols("module Port\n  # It.\n  class Quay < Base\n    def deep?\n    end\n    def self.at(x)\n    end\n  "
                    "end\nend\n",
                    "a.rb"),
            "1 module Port\n2  class Quay\n4   deep?()\n6   self.at()\n");
  EXPECT_EQ(symbols("local function a(x)\nend\nfunction M.b:c()\nend\n", "a.lua"), "1 a()\n3 M.b:c()\n");
  EXPECT_EQ(symbols("#!/bin/sh\n# Says.\nsay() { echo; }\nfunction two {\n}\nif x; then y; fi\n", "a.sh"),
            "1 say()\n4 two()\n");
  EXPECT_EQ(
      symbols("-- Ships.\nCREATE TABLE IF NOT EXISTS port.ships (\n id int);\ncreate or replace view v as select 1;\n",
              "a.sql"),
      "1 table port.ships\n4 view v\n");
}

TEST(Code, ScriptsAreKnownByTheirFirstLine) {
  EXPECT_EQ(detect_type("install", "#!/usr/bin/env python3\n"), "text/x-source-code");
  EXPECT_EQ(detect_type("install", "#! /bin/bash -e\n"), "text/x-source-code");
  EXPECT_EQ(detect_type("install", "#!/usr/bin/unheard-of\n"), "text/plain");
  EXPECT_EQ(detect_type("film.ts", std::string("G@\0\x10\0\0\xB0\r\0\1\xC1\0\0\0\1\xF0\0", 17)), "");
  EXPECT_EQ(doc("#!/bin/bash\nsay() {\n}\n", "run").extra["language"].as_string(), "bash");
}

TEST(Code, WhatNobodyWroteIsTold) {
  const Document small = doc("var a=1;" + std::string(5000, 'x') + "\n", "a.min.js");
  EXPECT_EQ(small.extra["minified"], json::Value(true));
  EXPECT_EQ(small.body, "");
  EXPECT_EQ(doc("// Code generated by tide. DO NOT EDIT.\npackage a\n", "a.go").extra["generated"], json::Value(true));
  std::string huge;
  while (huge.size() < size_t{3} << 20) huge += "x = 1\n";
  const Document d = doc(huge, "a.py");
  EXPECT_LT(d.body.size(), (size_t{2} << 20) + 100);
  EXPECT_EQ(d.extra["cut"]["limit"].as_string(), "kMaxCodeBytes");
}

// Each of these took minutes before it was bounded.
TEST(Code, HostileTextTakesNoLongerThanOther) {
  const std::string gap = "function tide()" + std::string(1'500'000, '\n') + "{\n}\n";
  for (const char* name : {"a.js", "a.cc", "a.go"}) EXPECT_THAT(symbols(gap, name), HasSubstr("tide()")) << name;
  std::string open;
  for (int i = 0; i < 20'000; ++i) open += "R\"" + std::string(40, 'b') + "\"\n";
  EXPECT_EQ(symbols(open, "a.cc"), "");
}

TEST(Code, EachLanguageIsReadByItsEndings) {
  for (const code::Language& language : code::kLanguages) {
    const std::string_view ending = language.endings.substr(0, language.endings.find(' '));
    const std::string name = "a." + std::string(ending);
    EXPECT_EQ(detect_type(name, "x"), "text/x-source-code") << name;
    EXPECT_EQ(code::language_of_name(name), &language) << name;
  }
}

}  // namespace
}  // namespace tarn::document
