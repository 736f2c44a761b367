// What reaches a terminal, whatever is written: text and our own marks.
#include "cli/screen.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "json/value.h"

namespace tarn::cli {
namespace {

std::string shown(const std::vector<std::string>& writes, bool marks = false) {
  StringOutput terminal;
  ScreenOutput screen(terminal);
  screen.allow_marks(marks);
  for (const std::string& text : writes) {
    screen.write(text);
    screen.flush();
  }
  return terminal.text;
}

const std::string kBad = "\xEF\xBF\xBD";

TEST(Screen, ControlsBecomeASign) {
  EXPECT_EQ(shown({"a\x1b]0;owned\x07z"}), "a" + kBad + "]0;owned" + kBad + "z");
  EXPECT_EQ(shown({"\x1b[2J\x1b[1A\x1b]8;;http://x\x1b\\"}),
            kBad + "[2J" + kBad + "[1A" + kBad + "]8;;http://x" + kBad + "\\");
  EXPECT_EQ(shown({"\xC2\x9B"
                   "31m"}),
            kBad + "31m")
      << "the eight-bit CSI";
  EXPECT_EQ(shown({"\xC2\x9D"
                   "0;x\xC2\x9C"}),
            kBad + "0;x" + kBad)
      << "and OSC and ST";
  EXPECT_EQ(shown({"\x9B"
                   "31m"}),
            kBad + "31m")
      << "as one byte";
  EXPECT_EQ(shown({"\x7F\x08\x0B\x0C\x0E"}), kBad + kBad + kBad + kBad + kBad);
  EXPECT_EQ(shown({std::string("a\0b", 3)}), "a" + kBad + "b");
  EXPECT_EQ(shown({"\xE2\x80\xAEtxt\xE2\x81\xA6"}), kBad + "txt" + kBad) << "overrides of direction";
  EXPECT_EQ(shown({"good\rbad"}), "good" + kBad + "bad") << "a carriage return writes over the line";
  EXPECT_EQ(shown({"a\r\nb\r", "\nc\td"}), "a\nb\nc\td");
  EXPECT_EQ(shown({"äöü 日本 🙂 שלום\n"}), "äöü 日本 🙂 שלום\n");
}

TEST(Screen, OnlyOurMarksAndOnlyWithColour) {
  EXPECT_EQ(shown({"\x1b[1mbold\x1b[0m"}), kBad + "[1mbold" + kBad + "[0m");
  EXPECT_EQ(shown({"\x1b[1mbold\x1b[0m\x1b[31mred\x1b[0m"}, true), "\x1b[1mbold\x1b[0m\x1b[31mred\x1b[0m");
  EXPECT_EQ(shown({"\x1b[5m\x1b[1;31m\x1b[31", "m\x1b[2J\x1b[1"}, true),
            kBad + "[5m" + kBad + "[1;31m\x1b[31m" + kBad + "[2J");
  EXPECT_EQ(shown({"\x1b", "[2", "m", "\x1b", "]0;x"}, true), "\x1b[2m" + kBad + "]0;x");
}

TEST(Screen, TheLineIsErasedBeforeWhatFollows) {
  StringOutput terminal;
  ScreenOutput screen(terminal);
  screen.write("reading");
  screen.erase_line();
  screen.write("\r\x1b[Kforged");
  screen.flush();
  EXPECT_EQ(terminal.text, "reading\r\x1b[K" + kBad + kBad + "[Kforged");
}

// However the bytes are cut, the same is shown, and nothing else than text.
TEST(Screen, RandomCuts) {
  static const std::vector<std::string> pieces = {
      "a",   " ",  "\n",   "\t",       "é",    "日",           "🙂",       "\x1b",     "\x1b[1m", "\x1b[0m", "\x1b[36m",
      "[2J", "\r", "\r\n", "\xC2\x9B", "\x9B", "\xE2\x80\xAE", "\xE2\x80", "\xF0\x9F", "\xFF",    "\x07",    "\x1b]0;"};
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(seed);
    base::Random random(seed);
    std::string text;
    for (uint64_t n = random.below(40); n > 0; --n) text += pieces[random.below(pieces.size())];
    text += "end";
    for (const bool marks : {false, true}) {
      const std::string whole = shown({text}, marks);
      std::vector<std::string> parts;
      for (size_t at = 0; at < text.size();) {
        const size_t n = 1 + random.below(4);
        parts.push_back(text.substr(at, n));
        at += n;
      }
      EXPECT_EQ(shown(parts, marks), whole);
      for (size_t at = whole.find('\x1b'); at != std::string::npos; at = whole.find('\x1b', at + 1)) {
        ASSERT_TRUE(marks);
        const std::string mark = whole.substr(at, whole.find('m', at) - at + 1);
        EXPECT_TRUE(mark == "\x1b[1m" || mark == "\x1b[0m" || mark == "\x1b[36m") << mark;
      }
      EXPECT_EQ(whole.find('\r'), std::string::npos);
      EXPECT_EQ(whole.find("\xC2\x9B"), std::string::npos);
      EXPECT_EQ(whole.find("\xE2\x80\xAE"), std::string::npos);
    }
  }
}

TEST(Screen, JsonStaysTheSameJson) {
  const json::Value value =
      json::Value::object({{"t\xC2\x9B", "a\x7F\xC2\x9B\xE2\x80\xAE\xE2\x81\xA9\x1b[2J é 🙂 \xEF\xBF\xBD"}});
  const std::string text = json_for_screen(json::write(value));
  EXPECT_EQ(shown({text}), text) << "nothing is left to take out";
  EXPECT_EQ(*json::parse(text), value);
  EXPECT_NE(text.find("\\u009b"), std::string::npos);
  EXPECT_NE(text.find("\\u202e"), std::string::npos);
}

}  // namespace
}  // namespace tarn::cli
