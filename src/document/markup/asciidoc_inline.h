// The marks within a paragraph of AsciiDoc, and the attributes that its text names.
// Limits:  kMaxMarkBytes between the ends of a mark, kMaxWordsBytes of a macro; kMaxInner and kMaxAttributes within
//          each other; Expansion.
// Source:  the AsciiDoc language documentation, "Text" and "Attributes".
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "document/markdown/inline_text.h"
#include "document/markup/expansion.h"
#include "json/value.h"

namespace tarn::document::markup {

using Attributes = std::map<std::string, std::string, std::less<>>;

// What a file says once for all of its text; its footnotes are gathered.
struct AsciiDocNames {
  Attributes attributes;  // lower case
  Attributes titles;      // id → title of its section
  json::Value* footnotes = nullptr;
  mutable Expansion expansion;  // what was put for them so far
};

// "{name}" → its value; what is not defined stays.
std::string with_attributes(std::string_view text, const AsciiDocNames& names, int depth = 0);
void add_asciidoc(std::string_view text, const AsciiDocNames& names, InlineText* out);

}  // namespace tarn::document::markup
