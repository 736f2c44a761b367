// Blocks of AsciiDoc between fences.
#include "document/markup/asciidoc.h"

namespace tarn::document::markup {

size_t AsciiDoc::fenced_block(const Lines& lines, size_t i, const BlockAttributes& about) {
  const std::string_view fence = lines[i].text;
  const size_t end = fence_end(lines, i);
  const Lines body = slice(lines, i + 1, std::min(end, lines.size()));
  const uint32_t line = lines[i].number;
  const std::string style = about.style();
  const size_t behind = std::min(end + 1, lines.size());
  if (fence[0] == '/') return behind;
  if (fence.starts_with("|") || fence.starts_with(",") || fence.starts_with(":") || fence.starts_with("!")) {
    titled(about, line);
    table(body, about, fence[0], line);
    return behind;
  }
  if (fence[0] == '+') {
    if (style == "stem" || style == "latexmath" || style == "asciimath") {
      blocks_.code(joined(body), "math", line + 1);
    } else {
      ++left_out_;
    }
    return behind;
  }
  const bool code = fence.starts_with("```") || (fence[0] == '-' && fence != "--") || fence[0] == '.' ||
                    style == "source" || style == "listing" || style == "literal";
  if (code && style != "verse") {
    titled(about, line);
    const bool ticks = fence.starts_with("```");
    const std::string named = ticks ? std::string(fence.substr(3, fence.find(',') - 3)) : language(about);
    for (const Line& l : body) {
      if (l.text.starts_with("include::") && l.text.ends_with(']')) include(l.text);
    }
    blocks_.code(joined(body), named, line + 1);
    return behind;
  }
  if (const std::string name = note_name(style); !name.empty()) {
    note(name, about, body, line, true);
    return behind;
  }
  titled(about, line);
  const bool quote = fence[0] == '_' || fence[0] == '*' || style == "quote" || style == "verse" || style == "sidebar";
  if (quote) blocks_.open_quote();
  if (style == "verse") {
    InlineText words;
    for (const Line& l : body) {
      add_asciidoc(l.text, names_, &words);
      words.add_break();
    }
    blocks_.write(words.take(), line + 1);
  } else {
    blocks(body, false);
  }
  if (quote) attribution(about, line);
  if (quote) blocks_.close();
  return behind;
}

}  // namespace tarn::document::markup
