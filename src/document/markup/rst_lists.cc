// Lists of reStructuredText: bullets, numbers, fields, definitions, options.
#include <algorithm>

#include "base/ascii.h"
#include "document/markup/rst.h"
#include "document/read.h"

namespace tarn::document::markup {

// Of a list's number.
constexpr size_t kMaxDigits = 9, kMaxNumeral = 6;

size_t bullet(std::string_view line) {
  for (const std::string_view mark : {"*", "-", "+", "\u2022", "\u2023"}) {
    if (!line.starts_with(mark) || (line.size() > mark.size() && line[mark.size()] != ' ')) continue;
    return std::min({line.find_first_not_of(' ', mark.size()), mark.size() + 1, line.size()});
  }
  return 0;
}

size_t enumerator(std::string_view line) {
  const bool bracket = line.starts_with('(');
  size_t at = bracket;
  if (line.substr(at).starts_with('#')) {
    ++at;
  } else if (at < line.size() && base::is_digit(line[at])) {
    while (at < line.size() && base::is_digit(line[at]) && at < kMaxDigits) ++at;
  } else {
    constexpr std::string_view kNumerals = "ivxlcIVXLC";
    while (at < line.size() && at < kMaxNumeral && kNumerals.find(line[at]) != std::string_view::npos) ++at;
    if (at == static_cast<size_t>(bracket) && at < line.size() && base::is_letter(line[at])) ++at;
  }
  if (at == static_cast<size_t>(bracket) || at >= line.size()) return 0;
  if (line[at] != (bracket ? ')' : '.') && (bracket || line[at] != ')')) return 0;
  ++at;
  if (at < line.size() && line[at] != ' ') return 0;
  return std::min(line.find_first_not_of(' ', at), line.size());
}

// ":name: value": where its value begins; 0 where it is no field.
size_t field(std::string_view line) {
  if (!line.starts_with(':') || line.size() < 3 || line[1] == ' ' || line[1] == ':') return 0;
  size_t end = 1;
  while (end < line.size() && line[end] != ':' && line[end] != '`') end += line[end] == '\\' ? 2 : 1;
  if (end >= line.size() || line[end] != ':') return 0;
  if (end + 1 < line.size() && line[end + 1] != ' ') return 0;
  return std::min(line.find_first_not_of(' ', end + 1), line.size());
}

// "-a", "--all=X", "/V  what it does": an option and, two blanks behind it or on the next lines, what it does.
size_t option(std::string_view line) {
  if (line.size() < 2 || line[0] != '-' || line[1] == ' ' || is_adornment(line)) return 0;
  const size_t gap = line.find("  ");
  const std::string_view names = line.substr(0, gap);
  if (!base::is_alnum(names[1]) && !(names[1] == '-' && names.size() > 2 && base::is_alnum(names[2]))) return 0;
  const auto words = static_cast<size_t>(std::count(names.begin(), names.end(), ' '));
  if (words > 3 || names.ends_with('.')) return 0;
  return gap == std::string_view::npos ? line.size() : std::min(line.find_first_not_of(' ', gap), line.size());
}

size_t item_end(const Lines& lines, size_t i, size_t indent) {
  size_t end = i + 1;
  for (size_t k = i + 1; k < lines.size(); ++k) {
    if (lines[k].blank()) continue;
    if (lines[k].indent() < indent) break;
    end = k + 1;
  }
  return end;
}

Lines item_lines(const Lines& lines, size_t i, size_t end, size_t marker) {
  Lines item = slice(lines, i, end);
  item[0].text.remove_prefix(std::min(marker, item[0].text.size()));
  Lines rest = dedented(slice(item, 1, item.size()), marker);
  rest.insert(rest.begin(), item[0]);
  return rest;
}

Lines marked_lines(const Lines& lines, size_t i, size_t end, size_t marker) {
  Lines rest = dedented(slice(lines, i + 1, end));
  if (marker < lines[i].text.size()) rest.insert(rest.begin(), {lines[i].text.substr(marker), lines[i].number});
  return rest;
}

size_t Rst::list(const Lines& lines, size_t i, bool ordered) {
  const char kind = lines[i].text[0];
  settle(lines[i].number);
  struct Item {
    size_t start, end, marker;
  };
  std::vector<Item> items;
  bool tight = true;
  while (i < lines.size()) {
    const size_t marker = ordered ? enumerator(lines[i].text) : bullet(lines[i].text);
    if (marker == 0 || (!ordered && lines[i].text[0] != kind)) break;
    const bool empty = marker >= lines[i].text.size();
    const size_t end = item_end(lines, i, empty ? 1 : marker);
    items.push_back({i, end, marker});
    i = end;
    size_t next = i;
    while (next < lines.size() && lines[next].blank()) ++next;
    const bool more = next < lines.size() && (ordered ? enumerator(lines[next].text) > 0
                                                      : bullet(lines[next].text) > 0 && lines[next].text[0] == kind);
    if (!more) break;
    tight = tight && next == i;
    i = next;
  }
  int number = 1;
  const size_t bracket = kind == '(';
  if (const std::string_view digits = lines[items[0].start].text.substr(bracket);
      ordered && base::is_digit(digits[0])) {
    number = std::atoi(std::string(digits.substr(0, kMaxDigits)).c_str());
  }
  bool first = true;
  for (const Item& item : items) {
    blocks_.open_item(ordered ? std::to_string(number++) + ". " : "- ", tight, first);
    first = false;
    blocks(item_lines(lines, item.start, item.end, item.marker), false);
    settle(lines[item.start].number);
    blocks_.close();
  }
  return i;
}

size_t Rst::fields(const Lines& lines, size_t i, bool top) {
  const bool about = top && !any_;  // bibliographic fields of the document
  bool first = true;
  for (; i < lines.size();) {
    const std::string_view line = lines[i].text;
    const size_t value = field(line);
    if (value == 0) break;
    const size_t end = item_end(lines, i, 1);
    const std::string name(line.substr(1, line.find(':', 1) - 1));
    const Lines body = marked_lines(lines, i, end, value);
    if (!about || !bibliographic(base::lower(name), joined(body))) {
      blocks_.open_item("- ", true, first);
      first = false;
      led(name + ":", body, lines[i].number);
      blocks_.close();
    }
    i = end;
    while (i < lines.size() && lines[i].blank()) ++i;
  }
  return i;
}

bool Rst::bibliographic(const std::string& name, const std::string& value) {
  for (const std::string_view word : {"orphan", "nosearch", "nocomments", "tocdepth"}) {
    if (name == word) return true;  // for Sphinx
  }
  if (name == "author" || name == "authors") d_->author += (d_->author.empty() ? "" : ", ") + title_line(value);
  if (name == "date" && !d_->created_at_us) d_->created_at_us = stated_time(value);
  return false;
}

size_t Rst::definitions(const Lines& lines, size_t i) {
  settle(lines[i].number);
  bool first = true;
  while (i + 1 < lines.size() && !lines[i].blank() && lines[i].indent() == 0 && lines[i + 1].indent() > 0 &&
         !lines[i + 1].blank() && !is_explicit(lines[i].text)) {
    const size_t end = item_end(lines, i, 1);
    blocks_.open_item("- ", false, first);
    first = false;
    paragraph(lines[i].text, lines[i].number);
    blocks(dedented(slice(lines, i + 1, end)), false);
    settle(lines[i].number);
    blocks_.close();
    i = end;
    while (i < lines.size() && lines[i].blank()) ++i;
  }
  return i;
}

size_t Rst::options(const Lines& lines, size_t i) {
  bool first = true;
  settle(lines[i].number);
  while (i < lines.size()) {
    const size_t value = option(lines[i].text);
    if (value == 0) break;
    const size_t end = item_end(lines, i, 1);
    blocks_.open_item("- ", true, first);
    first = false;
    InlineText words;
    words.open_code();
    words.add_text(base::trimmed(lines[i].text.substr(0, value)));
    words.close_code();
    blocks_.write(words.take(), lines[i].number);
    blocks(marked_lines(lines, i, end, value), false);
    blocks_.close();
    i = end;
    while (i < lines.size() && lines[i].blank()) ++i;
  }
  return i;
}

}  // namespace tarn::document::markup
