#include "document/markup/lines.h"

#include "base/utf8.h"

namespace tarn::document::markup {

Lines lines_of(std::string_view text) {
  Lines lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    const size_t last = line.find_last_not_of(" \t\f");
    line = line.substr(0, last == std::string_view::npos ? 0 : last + 1);
    lines.push_back({line, static_cast<uint32_t>(lines.size() + 1)});
    at = end + 1;
  }
  return lines;
}

Lines slice(const Lines& lines, size_t from, size_t to) {
  return {lines.begin() + static_cast<ptrdiff_t>(from), lines.begin() + static_cast<ptrdiff_t>(to)};
}

Lines dedented(Lines lines, size_t columns) {
  for (Line& line : lines) line.text.remove_prefix(std::min(line.indent(), columns));
  return lines;
}

Lines dedented(Lines lines) {
  size_t least = std::string_view::npos;
  for (const Line& line : lines) {
    if (!line.blank()) least = std::min(least, line.indent());
  }
  while (!lines.empty() && lines.back().blank()) lines.pop_back();
  lines.erase(lines.begin(), std::find_if(lines.begin(), lines.end(), [](const Line& l) { return !l.blank(); }));
  return dedented(std::move(lines), least);
}

std::string joined(const Lines& lines) {
  std::string out;
  for (const Line& line : lines) {
    if (&line != &lines.front()) out += '\n';
    out += line.text;
  }
  return out;
}

size_t characters_of(std::string_view text) {
  return text.size() - static_cast<size_t>(std::count_if(text.begin(), text.end(), base::is_continuation));
}

}  // namespace tarn::document::markup
