// For tests of this room: random Markdown that hits the corners of block structure.
#pragma once

#include <string>

#include "base/random.h"

namespace tarn::document {

inline std::string random_line(base::Random* random) {
  static constexpr const char* kStarts[] = {"",     "",    "",    "  ", "    ", "\t",     "> ",   ">",   "- ",
                                            "  - ", "1. ", "2) ", "* ", "   ",  "      ", "> > ", "- - "};
  static constexpr const char* kTexts[] = {"word",
                                           "two words.",
                                           "# head",
                                           "## head ##",
                                           "####### no head",
                                           "#no",
                                           "===",
                                           "---",
                                           "- - -",
                                           "***",
                                           "```",
                                           "```sql",
                                           "~~~",
                                           "````",
                                           "| a | b |",
                                           "|---|---|",
                                           "| --- |",
                                           "a | b",
                                           "--- | ---",
                                           "<div>",
                                           "</div>",
                                           "<pre>",
                                           "</pre>",
                                           "<!-- open",
                                           "close -->",
                                           "<span>",
                                           "-",
                                           "+",
                                           "1.",
                                           "",
                                           "",
                                           "",
                                           "end:",
                                           "\\# no",
                                           "`code`",
                                           "<?php",
                                           "?>",
                                           "=",
                                           "--",
                                           "<b>x</b>",
                                           ":-:",
                                           "text | pipe",
                                           "\xC3\xA9t\xC3\xA9",
                                           "#",
                                           "# "};
  std::string line = kStarts[random->below(std::size(kStarts))];
  if (random->below(4) == 0) line += kStarts[random->below(std::size(kStarts))];
  line += kTexts[random->below(std::size(kTexts))];
  if (random->below(6) == 0) line += ' ';
  return line;
}

inline std::string random_markdown(base::Random* random, size_t lines) {
  std::string out;
  for (size_t i = 0; i < lines; ++i) out += random_line(random) + "\n";
  return out;
}

}  // namespace tarn::document
