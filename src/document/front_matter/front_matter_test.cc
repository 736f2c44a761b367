#include "document/front_matter/front_matter.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "document/document.h"

namespace tarn::document {
namespace {

std::string yaml(std::string_view text) {
  auto value = parse_yaml_subset(text);
  return value.ok() ? json::write(*value) : "! " + value.status().message();
}
std::string toml(std::string_view text) {
  auto value = parse_toml_subset(text);
  return value.ok() ? json::write(*value) : "! " + value.status().message();
}

TEST(FrontMatter, YamlScalars) {
  EXPECT_EQ(yaml("a: 1\nb: -2.5\nc: true\nd: null\ne: ~\nf:\ng: text here\nh: 007\ni: 1e3\nj: 12:30\n"),
            R"({"a":1,"b":-2.5,"c":true,"d":null,"e":null,"f":null,"g":"text here","h":"007","i":"1e3","j":"12:30"})");
  EXPECT_EQ(yaml("v: 3.10\nw: +5\nx: .5\ny: 12345678901234567890\nz: 1.5\n"),
            R"({"v":"3.10","w":"+5","x":".5","y":"12345678901234567890","z":1.5})")
      << "a number that is written otherwise is a name";
  EXPECT_EQ(yaml("a: \"x\\n\\u00e9 \\\"q\\\"\" # note\nb: 'it''s'\nc: v # note\n'd e': 1\nurl: http://x/#y\n"),
            "{\"a\":\"x\\n\xC3\xA9 \\\"q\\\"\",\"b\":\"it's\",\"c\":\"v\",\"d e\":1,\"url\":\"http://x/#y\"}");
  EXPECT_EQ(yaml("date: 2024-05-01\nwhen: 2024-05-01T10:00:00Z\n"),
            R"({"date":"2024-05-01","when":"2024-05-01T10:00:00Z"})");
}

TEST(FrontMatter, YamlStructure) {
  EXPECT_EQ(
      yaml("tags: [a, \"b, c\", {x: 1, y: [2, 3]}]\nlist:\n- p\n- q: 1\n  r: 2\n-\n  - deep\nmap:\n  k:\n    l: m\n"),
      R"({"tags":["a","b, c",{"x":1,"y":[2,3]}],"list":["p",{"q":1,"r":2},["deep"]],"map":{"k":{"l":"m"}}})");
  EXPECT_EQ(yaml("tags: [a,\n  b,\n  c\n]\nlong: one\n  two\n  three\n"),
            R"({"tags":["a","b","c"],"long":"one two three"})");
  EXPECT_EQ(yaml("a: |\n  one\n   two\n\n  three\nb: >-\n  folded\n  text\n\n  next\nc: 1\n"),
            R"({"a":"one\n two\n\nthree\n","b":"folded text\nnext","c":1})");
}

TEST(FrontMatter, YamlRefusals) {
  EXPECT_EQ(yaml("a: 1\na: 2\n"), "! line 3 has a key for the second time: 'a'");
  EXPECT_EQ(yaml("a: [1, 2\n"), "! line 2 begins a value that does not end");
  EXPECT_EQ(yaml("a: \"x\nb: 1\n"), "! line 2 begins a value that does not end");
  EXPECT_EQ(yaml("just text\n"), "! line 2 is no 'key: value'");
  EXPECT_EQ(yaml("a: 1\n  b: 2\n"), "! line 3 is indented unlike what stands above it");
}

TEST(FrontMatter, YamlAsItIsFound) {
  EXPECT_EQ(yaml("a: &name x\nb: *name\nc: !!str 404\nd: !custom [p, q]\ne: &m\n  k: v\n"),
            R"({"a":"x","b":"x","c":"404","d":["p","q"],"e":{"k":"v"}})");
  EXPECT_EQ(yaml("a: @home\nb: `code`\nc: 100%\nd: %x\n"), R"({"a":"@home","b":"`code`","c":"100%","d":"%x"})");
  EXPECT_EQ(yaml("tags:\n\t- a\n\t- b\ntitle:\tT\n"), R"({"tags":["a","b"],"title":"T"})");
  EXPECT_EQ(yaml("# first\ntitle: A: the first # not the title\n\n# between\ntags: [a, # one\n  b]\n"),
            R"({"title":"A: the first","tags":["a","b"]})");
}

TEST(FrontMatter, YamlAliases) {
  EXPECT_EQ(
      yaml("base: &b [x, y]\ntitle: &t Anchored\ntags: *b\ndescription: *t # the same\nlist:\n- *t\nflow: [*t, z]\n"),
      R"({"base":["x","y"],"title":"Anchored","tags":["x","y"],"description":"Anchored","list":["Anchored"],)"
      R"("flow":["Anchored","z"]})");
  EXPECT_EQ(yaml("m: &m\n  k: v\nn: *m\n"), R"({"m":{"k":"v"},"n":{"k":"v"}})");
  EXPECT_EQ(yaml("title: *Bold* move\nb: *nobody\nc: *Bold*\n"),
            R"({"title":"*Bold* move","b":"*nobody","c":"*Bold*"})");
  // Names within names stay small and shallow.
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n", deep = "a0: &a0 [x]\n";
  for (int i = 1; i < 200; ++i) {
    const std::string name = "a" + std::to_string(i), below = "*a" + std::to_string(i - 1);
    text += name + ": &" + name + " [" + below + "," + below + "," + below + "," + below + "]\n";
    deep += name + ": &" + name + " [" + below + "]\n";
  }
  EXPECT_LT(yaml(text).size(), 4 * kMaxFrontMatterBytes);
  EXPECT_TRUE(json::parse(yaml(deep)).ok());
  std::string names = "a: ";
  for (int i = 0; i < 20'000; ++i) names += "&a ";
  EXPECT_NE(yaml(names + "x\n").find("kMaxNesting"), std::string::npos);
}

// What one value costs.
TEST(FrontMatter, AValueThatCannotBeReadIsKeptAsItsText) {
  const auto split = [](std::string_view text) {
    const FrontMatter f = split_front_matter(text);
    return json::write(f.fields) + " " + f.problem + " " + std::string(text.substr(f.body_at));
  };
  EXPECT_EQ(
      split("---\ntitle: T\nbad: \"x\nlabels: [a, b]\n---\nBody\n"),
      "{\"title\":\"T\",\"bad\":\"\\\"x\",\"labels\":[\"a\",\"b\"]} line 3 begins a value that does not end Body\n");
  EXPECT_EQ(split("---\ntitle: [WIP] A plan\n---\nBody\n"),
            R"({"title":"[WIP] A plan"} line 2 has text behind a list Body)"
            "\n");
  EXPECT_EQ(split("---\ntitle: \"Quoted\" and more\ndate: 2024-05-01\n---\nBody\n"),
            R"({"title":"\"Quoted\" and more","date":"2024-05-01"} line 2 has text behind a quoted value Body)"
            "\n");
  EXPECT_EQ(split("---\ntitle: T\ntitle: U\n---\nBody\n"),
            "{\"title\":\"T\"} line 3 has a key for the second time: 'title' Body\n");
  EXPECT_EQ(split("---\ntitle: T\ndescription: one\ntwo at the margin\n---\nBody\n"),
            "{\"title\":\"T\",\"description\":\"one\"} line 4 is no 'key: value' Body\n");
  EXPECT_EQ(split("---\ntags: [a, b\nog:title: O\ntitle: T\n---\nBody\n"),
            "{\"tags\":\"[a, b\",\"og:title\":\"O\",\"title\":\"T\"} line 2 begins a value that does not end Body\n");
  EXPECT_EQ(split("+++\ntitle = 'T'\nbad = what\ntags = ['a']\n+++\nBody\n"),
            "{\"title\":\"T\",\"bad\":\"what\",\"tags\":[\"a\"]} line 3 has a value that is neither quoted nor a "
            "number Body\n");
  // A line that is no field is named and costs nothing else.
  EXPECT_EQ(split("---\ntitle: YB\nnonsense here\ntags: [a]\n---\nBody\n"),
            "{\"title\":\"YB\",\"tags\":[\"a\"]} line 3 is no 'key: value' Body\n");
  EXPECT_EQ(split("+++\ntitle = \"TB\"\nnonsense here\ntags = [\"a\"]\n+++\nBody\n"),
            "{\"title\":\"TB\",\"tags\":[\"a\"]} line 3 is no 'key = value' Body\n");
  EXPECT_EQ(split("+++\ntitle = \"TB\"\n  nonsense here\n  date = 2024-05-01\n+++\nBody\n"),
            "{\"title\":\"TB\",\"date\":\"2024-05-01\"} line 3 is no 'key = value' Body\n");
  EXPECT_EQ(split("---\ntitle: YB\n  goes on\n  sub: title\ntags: [a]\n---\nBody\n"),
            "{\"title\":\"YB goes on\",\"tags\":[\"a\"]} line 4 is indented unlike what stands above it Body\n");
  EXPECT_EQ(
      split("---\ntitle: T\ndescription: one\n  Note: two\n---\nBody\n"),
      "{\"title\":\"T\",\"description\":\"one Note: two\"} line 4 is indented unlike what stands above it Body\n");
  EXPECT_EQ(split("---\ntitle: T\ntags: [a,\nb]\n---\nBody\n"),
            "{\"title\":\"T\",\"tags\":\"[a, b]\"} line 3 begins a value that does not end Body\n")
      << "a list that is open goes on at the margin";
  // Text between two rules stays text.
  for (const char* text : {"---\nNote: this is\nordinary text.\n\n---\nMore.\n", "---\nOne: two\n\nThree.\n---\n"}) {
    EXPECT_EQ(split_front_matter(text).body_at, 0u) << text;
  }
}

TEST(FrontMatter, OtherFences) {
  for (const char* text : {"---json\n{\"title\": \"T\"}\n---\nB\n", ";;;\n{\"title\": \"T\"}\n;;;\nB\n",
                           "{\n  \"title\": \"T\",\n  \"x\": \"}\"\n}\n\nB\n", "---toml\ntitle = 'T'\n---\nB\n",
                           "--- yaml\ntitle: T\n---  \nB\n", "\n---\n\ntitle: T\n...\nB\n"}) {
    const FrontMatter f = split_front_matter(text);
    EXPECT_EQ(f.fields["title"].as_string(), "T") << text;
    EXPECT_EQ(std::string_view(text).substr(f.body_at), "B\n") << text;
  }
  for (const char* text : {"{\"x\": 1}\n\nB\n", "{\"title\": \"T\"} and more\n", "{% raw %}\n", "{", "{{title}}\n"}) {
    EXPECT_EQ(split_front_matter(text).body_at, 0u) << text;
  }
}

TEST(FrontMatter, Toml) {
  EXPECT_EQ(toml("title = \"T\"\nn = 1_000\nf = 2.5\nok = true\ndate = 2024-05-01T10:00:00Z\ntags = [\"a\",\n 'b', # "
                 "note\n]\n"),
            R"({"title":"T","n":1000,"f":2.5,"ok":true,"date":"2024-05-01T10:00:00Z","tags":["a","b"]})");
  EXPECT_EQ(toml("a.b = 1\n[c.d]\ne = {f = 'g', h.i = 2}\n[[k]]\nx = 1\n[[k]]\nx = 2\n"),
            R"({"a":{"b":1},"c":{"d":{"e":{"f":"g","h.i":2}}},"k":[{"x":1},{"x":2}]})");
  EXPECT_EQ(toml("s = \"\"\"\none\ntwo\"\"\"\nr = '''raw\\n'''\n"), R"({"s":"one\ntwo","r":"raw\\n"})");
  EXPECT_EQ(toml("a = 1\na = 2\n"), "! line 3 has a key for the second time: 'a'");
  EXPECT_EQ(toml("a = what\n"), "! line 2 has a value that is neither quoted nor a number");
  EXPECT_EQ(toml("a = [1 2]\n"), "! line 2 has a value that is neither quoted nor a number");
  EXPECT_EQ(toml("[x\n"), "! line 2 has no closing bracket");
}

TEST(FrontMatter, IsSplitFromTheBody) {
  FrontMatter f = split_front_matter("---\ntitle: T\n---\n\n# Body\n");
  EXPECT_EQ(f.body_at, 18u);
  EXPECT_EQ(f.fields["title"].as_string(), "T");
  f = split_front_matter("+++\ntitle = 'T'\n+++\nBody\n");
  EXPECT_EQ(f.fields["title"].as_string(), "T");
  // A rule, no front matter.
  for (const char* text :
       {"---\n\ntext\n\n---\n", "---\nSome words\n---\n", "no\n---\na: 1\n---\n", "---", "---\na: 1\n", ""}) {
    f = split_front_matter(text);
    EXPECT_EQ(f.body_at, 0u) << text;
    EXPECT_EQ(f.problem, "") << text;
  }
  f = split_front_matter("---\na: [1\n---\nbody\n");
  EXPECT_EQ(f.body_at, 14u);
  EXPECT_EQ(f.fields["a"].as_string(), "[1");
  EXPECT_EQ(f.problem, "line 2 begins a value that does not end");
  f = split_front_matter("+++\na = 1\n");
  EXPECT_NE(f.problem, "");
}

TEST(FrontMatter, DeepNestingIsRefusedNotFollowed) {
  std::string text = "a: ";
  for (int i = 0; i < 5000; ++i) text += '[';
  for (int i = 0; i < 5000; ++i) text += ']';
  EXPECT_NE(yaml(text + "\n").find("kMaxNesting"), std::string::npos);
  std::string list = "a = " + std::string(5000, '[') + std::string(5000, ']');
  EXPECT_NE(toml(list).find("kMaxNesting"), std::string::npos);
  std::string dashes;
  for (int i = 0; i < 5000; ++i) dashes += "- ";
  EXPECT_NE(yaml("a:\n" + dashes + "x\n").find("kMaxNesting"), std::string::npos);
}

// Damaged front matter never fails and never loses a byte of the text.
TEST(FrontMatter, DamageStaysInTheBody) {
  const uint64_t seed = 5;
  base::Random random(seed);
  const std::string good =
      "---\ntitle: \"T\"\ntags: [a, {b: c}]\ntext: |\n  one\n  two\nmap:\n  - k: v\n---\nBody stays.\n";
  const std::string good_toml = "+++\ntitle = \"T\"\na.b = [1, 'x']\n[t]\nk = {l = 1}\n+++\nBody stays.\n";
  for (int round = 0; round < 20'000; ++round) {
    std::string text = round % 2 ? good : good_toml;
    for (uint64_t n = 1 + random.below(4); n > 0; --n) {
      const size_t at = random.below(text.size());
      switch (random.below(3)) {
        case 0:
          text[at] = static_cast<char>(random.below(256));
          break;
        case 1:
          text.erase(at, 1 + random.below(5));
          break;
        default:
          text.insert(at, 1, "[]{}\"':-#|>\n\t ="[random.below(15)]);
      }
      if (text.empty()) text = "-";
    }
    const FrontMatter f = split_front_matter(text);
    ASSERT_LE(f.body_at, text.size()) << "seed " << seed << " round " << round;
    ASSERT_TRUE(f.body_at > 0 || f.fields.members().empty()) << "seed " << seed << " round " << round;
    ASSERT_EQ(text.substr(0, f.body_at).find("Body stays"), std::string::npos) << "seed " << seed << " round " << round;
    ASSERT_TRUE(json::parse(json::write(f.fields)).ok());
  }
}

}  // namespace
}  // namespace tarn::document
