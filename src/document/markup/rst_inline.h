// The marks within a paragraph of reStructuredText.
// Limits:  kMaxMarkBytes between the ends of a mark; kMaxSubstitutions within each other; Expansion.
// Source:  docutils' reStructuredText Markup Specification, "Inline Markup"; the roles of Sphinx.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "document/markdown/inline_text.h"
#include "document/markup/expansion.h"

namespace tarn::document::markup {

// What a file says once for all of its text. Names are in lower case, with single blanks.
struct RstNames {
  std::map<std::string, std::string, std::less<>> targets;        // name → URL
  std::map<std::string, std::string, std::less<>> titles;         // label → title of its section
  std::map<std::string, std::string, std::less<>> substitutions;  // name → text
  mutable Expansion expansion;                                    // what was put for them so far
};

std::string rst_name(std::string_view text);  // as it stands in RstNames
void add_rst(std::string_view text, const RstNames& names, InlineText* out, int depth = 0);

}  // namespace tarn::document::markup
