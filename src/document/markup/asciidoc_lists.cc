// Lists of AsciiDoc.
#include <algorithm>

#include "base/ascii.h"
#include "document/markup/asciidoc.h"

namespace tarn::document::markup {

std::optional<Marker> marker_of(std::string_view line) {
  const size_t indent = std::min(line.find_first_not_of(' '), line.size());
  const std::string_view text = line.substr(indent);
  if (text.empty()) return {};
  const auto after = [&](size_t size) { return indent + std::min(text.find_first_not_of(' ', size), text.size()); };
  if (text[0] == '*' || text[0] == '.' || text[0] == '-') {
    const size_t size = std::min(text.find_first_not_of(text[0]), text.size());
    if (size < text.size() && text[size] == ' ' && size <= (text[0] == '-' ? 1u : 6u)) {
      return Marker{std::string(text.substr(0, size)), after(size), 0};
    }
  }
  size_t digits = 0;
  while (digits < text.size() && base::is_digit(text[digits])) ++digits;
  if (digits > 0 && digits < 6 && text.substr(digits).starts_with(". ")) return Marker{"1", after(digits + 1), 0};
  if (text.size() > 2 && base::is_lower(text[0]) && text.substr(1).starts_with(". ")) return Marker{"a", after(2), 0};
  if (text[0] == '<') {
    const size_t close = text.find('>');
    if (close != std::string_view::npos && close > 1 && close < 5 && text.substr(close + 1).starts_with(' ') &&
        (text[1] == '.' || base::is_digit(text[1]))) {
      return Marker{"<", after(close + 1), 0};
    }
  }
  if (text.starts_with("//") || text.starts_with("include::") || text.starts_with("ifdef::") ||
      text.starts_with("ifndef::") || text.starts_with("endif::") || text.starts_with("image::")) {
    return {};
  }
  for (size_t at = text.find_first_of(":;", 1); at != std::string_view::npos; at = text.find_first_of(":;", at)) {
    const size_t size = std::min(text.find_first_not_of(text[at], at), text.size()) - at;
    const bool term = (text[at] == ':' && size >= 2 && size <= 4) || (text[at] == ';' && size == 2);
    if (term && (at + size == text.size() || text[at + size] == ' ') && text[at - 1] != ' ') {
      return Marker{std::string(text.substr(at, size)), after(at + size), indent + at};
    }
    at += size;
  }
  return {};
}

// The items of a list and of those within it, in one go: `kinds` are those that are open, outermost first.
size_t AsciiDoc::list(const Lines& lines, size_t i) {
  std::vector<std::string> kinds;
  const auto close_to = [&](size_t depth) {
    while (kinds.size() > depth) {
      blocks_.close();
      kinds.pop_back();
    }
  };
  std::map<size_t, int> numbers;  // of ordered lists, by depth
  bool first = true;
  while (i < lines.size()) {
    const auto marker = marker_of(lines[i].text);
    if (!marker) break;
    const auto open = std::find(kinds.begin(), kinds.end(), marker->kind);
    const size_t depth = static_cast<size_t>(open - kinds.begin());
    const bool again = open != kinds.end();
    close_to(depth);
    if (!again) numbers.erase(depth);
    const bool ordered = marker->kind[0] == '.' || marker->kind == "1" || marker->kind == "a" || marker->kind == "<";
    const bool term = marker->term > 0;
    blocks_.open_item(ordered ? std::to_string(++numbers[depth]) + ". " : "- ", !term && again, first || !again);
    first = false;
    kinds.push_back(marker->kind);
    const size_t start = i++;
    if (term) {
      const std::string_view name =
          lines[start].text.substr(lines[start].indent(), marker->term - lines[start].indent());
      paragraph(name, lines[start].number);
      // Terms that share what is said of them.
      while (marker->words >= lines[start].text.size() && i < lines.size()) {
        const auto next = marker_of(lines[i].text);
        if (!next || next->kind != marker->kind) break;
        paragraph(lines[i].text.substr(lines[i].indent(), next->term - lines[i].indent()), lines[i].number);
        if (next->words < lines[i].text.size()) {
          const Line rest{lines[i].text.substr(next->words), lines[i].number};
          i = item_text(lines, i + 1, {rest});
          break;
        }
        ++i;
      }
    }
    Lines text;
    if (marker->words < lines[start].text.size()) {
      text.push_back({lines[start].text.substr(marker->words), lines[start].number});
    }
    if (text.empty() && term) {
      size_t k = i;
      while (k < lines.size() && lines[k].blank()) ++k;
      if (k < lines.size() && !marker_of(lines[k].text) && (k == i || lines[k].indent() > 0)) i = k;
    }
    i = item_text(lines, i, text);
    // What is joined by a line "+", or stands further in behind a blank line.
    while (i < lines.size()) {
      if (lines[i].text == "+") {
        i = attached(lines, i + 1);
        continue;
      }
      size_t next = i;
      while (next < lines.size() && lines[next].blank()) ++next;
      if (next < lines.size() && next > i && lines[next].indent() > 0 && !marker_of(lines[next].text)) {
        size_t end = next;
        while (end < lines.size() && !lines[end].blank() && lines[end].text != "+") ++end;
        blocks_.code(joined(dedented(slice(lines, next, end))), "", lines[next].number);
        i = end;
        continue;
      }
      // A comment line, or blank lines before another item.
      if (next < lines.size() && is_comment(lines[next].text) && next > i) break;
      if (next < lines.size() && marker_of(lines[next].text) && !is_fence(lines[next].text)) {
        i = next;
      }
      break;
    }
    if (i < lines.size() && (lines[i].blank() || !marker_of(lines[i].text))) break;
  }
  close_to(0);
  return i;
}

// The paragraph of an item: `text` has what stands behind its marker.
size_t AsciiDoc::item_text(const Lines& lines, size_t i, Lines text) {
  while (i < lines.size() && !lines[i].blank() && lines[i].text != "+" && !is_fence(lines[i].text) &&
         !marker_of(lines[i].text) &&
         !(lines[i].text.starts_with('[') && lines[i].text.ends_with(']') && lines[i].text.size() > 2)) {
    if (const size_t next = steering(lines, i); next > i) {
      i = next;
      continue;
    }
    text.push_back(lines[i++]);
  }
  if (!text.empty()) paragraph(text);
  return i;
}

// One block behind a "+".
size_t AsciiDoc::attached(const Lines& lines, size_t i) {
  while (i < lines.size() && lines[i].blank()) ++i;
  if (i >= lines.size()) return i;
  if (lines[i].text == "--") {
    const size_t end = fence_end(lines, i);
    blocks(slice(lines, i + 1, std::min(end, lines.size())), false);
    return std::min(end + 1, lines.size());
  }
  if (++deep_ > kMaxNesting) {
    --deep_;
    return i + 1;
  }
  const size_t end = std::max(block(lines, i, false), i + 1);
  --deep_;
  return end;
}

}  // namespace tarn::document::markup
