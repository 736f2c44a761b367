// Patterns in gitignore's syntax, and the rules that decide which path of a folder is taken.
// Shape:   the last pattern of a list that matches decides; '!' takes back; a pattern with a '/' before its end is
//          anchored to the list's directory, one without matches a name at any depth; "dir/" matches directories only;
//          '*' and '?' stop at '/', "**" does not; "[a-z]", "[!a]" and "[[:alpha:]]" are sets; '\' quotes the next
//          character. '?' and a set take one character, and names that are the same text in another Unicode form are
//          the same name.
// Limits:  kMaxPatternBytes a line, kMaxPatterns lines. Matching takes pattern × path steps, never more.
// Source:  gitignore(5), PATTERN FORMAT.
// Threads: immutable after parsing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"

namespace tarn::connector::folder {

inline constexpr size_t kMaxPatternBytes = 4096;
inline constexpr size_t kMaxPatterns = 10'000;

class Pattern {
 public:
  // `line` is one pattern, neither empty nor a comment. invalid_argument when it is longer than kMaxPatternBytes.
  static base::Result<Pattern> parse(std::string_view line);
  // `path` is relative to the pattern's directory, without a leading or trailing '/', in NFC (text::composed).
  bool matches(std::string_view path, bool is_directory) const;
  bool negated() const { return negated_; }

  // Characters, as ranges.
  struct Set {
    std::vector<std::pair<char32_t, char32_t>> ranges;
    bool inverted = false;
    bool holds(char32_t c) const;
  };

 private:
  enum class Kind : uint8_t { literal, any, set, star, directories, rest, never };
  struct Token {
    Kind kind;
    char c = 0;
    Set set = {};
  };
  bool matches_text(std::string_view text) const;
  std::vector<Token> tokens_;
  bool negated_ = false, directory_only_ = false, anchored_ = false;
};

class PatternList {
 public:
  // The text of an ignore file: a pattern a line, '#' comments. Errors name the line.
  static base::Result<PatternList> parse_file(std::string_view text);
  static base::Result<PatternList> parse_lines(const std::vector<std::string>& lines);
  // true: matched, false: taken back by '!', empty: no pattern says anything.
  std::optional<bool> decide(std::string_view path, bool is_directory) const;
  bool empty() const { return patterns_.empty(); }

 private:
  base::Status add(std::string_view line, size_t number);
  std::vector<Pattern> patterns_;
};

}  // namespace tarn::connector::folder
