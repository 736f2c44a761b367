#include "cli/layout.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>

#include "base/characters.h"
#include "base/utf8.h"

namespace tarn::cli {
using base::next_character;

bool is_unsafe(char32_t c) {
  if (c == '\n' || c == '\t') return false;
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || base::turns_text(c) || c == base::kReplacement;
}

namespace {

bool blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' || c == '\v'; }

// Bytes of `text` from `at` that fill at most `width` cells; an escape sequence fills none.
size_t fitting(std::string_view text, size_t at, size_t width) {
  size_t used = 0;
  while (at < text.size()) {
    size_t next = at;
    if (text[at] == '\x1b') {
      while (next < text.size() && text[next] != 'm') ++next;
      at = std::min(next + 1, text.size());
      continue;
    }
    const size_t wide = base::cells_of(next_character(text, next));
    if (used + wide > width) break;
    used += wide;
    at = next;
  }
  return at;
}

// Signs of Markdown that a reader does not see, as a flag for each byte. A light reading: what it takes for a sign
// wrongly costs a character on the screen and nothing else.
std::vector<bool> markdown_signs(std::string_view text) {
  std::vector<bool> sign(text.size(), false);
  const auto set = [&](size_t from, size_t to) {
    std::fill(sign.begin() + static_cast<std::ptrdiff_t>(from), sign.begin() + static_cast<std::ptrdiff_t>(to), true);
  };
  for (size_t line = 0; line < text.size();) {
    const size_t stop = std::min(text.find('\n', line), text.size());
    const std::string_view whole = text.substr(line, stop - line);
    size_t at = std::min(whole.find_first_not_of(" >"), whole.size());
    const size_t level = std::min(whole.find_first_not_of('#', at), whole.size()) - at;
    if (level > 0 && level <= 6 && at + level < whole.size() && whole[at + level] == ' ') at += level;
    set(line, line + at);
    if (whole.find_first_not_of("|-: ") == std::string_view::npos && whole.find('-') != std::string_view::npos) {
      set(line, stop);
    }
    line = stop + 1;
  }
  size_t label = std::string_view::npos;  // of the last "[" that may begin a link
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const char next = at + 1 < text.size() ? text[at + 1] : ' ';
    if (c == '\\' && next > ' ' && next < '\x7f' && std::isalnum(static_cast<unsigned char>(next)) == 0) {
      sign[at++] = true;  // an escaped sign is text
    } else if (c == '`' || c == '|') {
      sign[at] = true;
    } else if (c == '*') {
      sign[at] = next == '*' || !blank(next) || (at > 0 && !blank(text[at - 1]));
    } else if (c == '[') {
      label = at;
    } else if (c == ']' && next == '(' && label != std::string_view::npos) {
      const size_t end = text.find_first_of(")\n", at);
      if (end == std::string_view::npos || text[end] != ')') continue;
      set(label > 0 && text[label - 1] == '!' ? label - 1 : label, label + 1);
      set(at, end + 1);
      label = std::string_view::npos;
      at = end;
    }
  }
  return sign;
}

struct PlainLine {
  std::string text;
  std::vector<size_t> place;  // where each byte of the source went; its end too
};

PlainLine plain_line(std::string_view source) {
  const std::vector<bool> sign = markdown_signs(source);
  PlainLine made;
  made.place.resize(source.size() + 1);
  for (size_t at = 0; at < source.size();) {
    const size_t from = at;
    const char32_t c = next_character(source, at);
    for (size_t i = from; i < at; ++i) made.place[i] = made.text.size();
    if (sign[from] && source[from] != '|') continue;
    if (sign[from] || (c < 0x80 && blank(static_cast<char>(c)))) {
      if (!made.text.empty() && made.text.back() != ' ') made.text += ' ';
    } else if (is_unsafe(c)) {
      made.text += "\xef\xbf\xbd";
    } else {
      made.text += source.substr(from, at - from);
    }
  }
  while (!made.text.empty() && made.text.back() == ' ') made.text.pop_back();
  for (size_t& place : made.place) place = std::min(place, made.text.size());
  made.place[source.size()] = made.text.size();
  return made;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string made;
  made.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const size_t from = at;
    if (is_unsafe(next_character(text, at))) {
      made += "\xef\xbf\xbd";
    } else {
      made += text.substr(from, at - from);
    }
  }
  return made;
}

std::string one_line(std::string_view text) {
  std::string made;
  for (const char c : printable(text)) {
    if (!blank(c)) {
      made += c;
    } else if (!made.empty() && made.back() != ' ') {
      made += ' ';
    }
  }
  while (!made.empty() && made.back() == ' ') made.pop_back();
  return made;
}

size_t width_of(std::string_view text) {
  size_t width = 0;
  for (size_t at = 0; at < text.size();) {
    if (text[at] == '\x1b') {
      while (at < text.size() && text[at] != 'm') ++at;
      at = std::min(at + 1, text.size());
      continue;
    }
    width += base::cells_of(next_character(text, at));
  }
  return width;
}

std::string cut(std::string_view text, size_t width) {
  if (width_of(text) <= width) return std::string(text);
  if (width == 0) return {};
  return std::string(text.substr(0, fitting(text, 0, width - 1))) + "…";
}

std::string wrap(std::string_view text, size_t width, std::string_view indent) {
  const size_t room = width > width_of(indent) + 8 ? width - width_of(indent) : 8;
  std::string made;
  const auto line_of = [&](std::string_view line) {
    while (!line.empty() && line.back() == ' ') line.remove_suffix(1);
    if (!line.empty()) made += indent;
    made += line;
    made += '\n';
  };
  for (size_t at = 0; at <= text.size();) {
    const size_t stop = std::min(text.find('\n', at), text.size());
    std::string_view rest = text.substr(at, stop - at);
    at = stop + 1;
    while (width_of(rest) > room) {
      size_t end = fitting(rest, 0, room);
      size_t space = end < rest.size() && rest[end] == ' ' ? end : rest.rfind(' ', end == 0 ? 0 : end - 1);
      if (space == std::string_view::npos || space == 0) space = std::max<size_t>(end, 1);
      line_of(rest.substr(0, space));
      while (space < rest.size() && rest[space] == ' ') ++space;
      rest.remove_prefix(space);
    }
    line_of(rest);
  }
  return made;
}

std::string plain_markdown(std::string_view text) { return plain_line(text).text; }

Snippet snippet(std::string_view text, const std::vector<std::pair<uint32_t, uint32_t>>& highlights, size_t width) {
  const PlainLine plain = plain_line(text);
  const std::string& line = plain.text;
  const std::vector<size_t>& place = plain.place;
  std::vector<std::array<size_t, 2>> marks;
  for (const auto& [start, end] : highlights) {
    if (end <= start || end > text.size()) continue;
    const std::array<size_t, 2> mark = {place[start], place[end]};
    if (mark[0] < mark[1]) marks.push_back(mark);
  }
  std::sort(marks.begin(), marks.end());

  // The window with the most matches, begun a little before its first one and at a word.
  const size_t lead = width / 6;
  size_t begin = 0, best = 0;
  if (width_of(line) > width) {
    for (size_t i = 0; i < marks.size(); ++i) {
      size_t inside = 0;
      while (i + inside < marks.size() && marks[i + inside][1] <= marks[i][0] + width - lead) ++inside;
      if (inside > best) {
        best = inside;
        begin = marks[i][0];
      }
    }
    begin = begin > lead ? begin - lead : 0;
    if (begin > 0) {
      const size_t space = line.find(' ', begin);
      const size_t first_mark =
          std::find_if(marks.begin(), marks.end(), [&](const auto& m) { return m[0] >= begin; }) - marks.begin();
      const size_t limit = first_mark < marks.size() ? marks[first_mark][0] : line.size();
      if (space != std::string::npos && space + 1 <= limit) begin = space + 1;
      while (begin < line.size() && base::is_continuation(line[begin])) ++begin;
    }
  }
  Snippet made;
  const std::string before = begin > 0 ? "… " : "";
  size_t end = fitting(line, begin, width - width_of(before));
  const bool more = end < line.size();
  if (more) {
    end = fitting(line, begin, width - width_of(before) - 2);
    const size_t space = line.rfind(' ', end);
    if (space != std::string::npos && space > begin + (end - begin) / 2) end = space;
  }
  made.text = before + line.substr(begin, end - begin);
  while (!made.text.empty() && made.text.back() == ' ') made.text.pop_back();
  for (const auto& [start, stop] : marks) {
    if (start < begin || stop > end) continue;
    const size_t from = start - begin + before.size();
    if (!made.marks.empty() && from < made.marks.back()[1]) continue;  // overlapping marks are one
    made.marks.push_back({from, std::min(stop - begin + before.size(), made.text.size())});
  }
  if (more) made.text += " …";
  return made;
}

std::string columns(const std::vector<Column>& headings, const std::vector<std::vector<std::string>>& rows,
                    size_t width, bool color) {
  std::vector<size_t> widths;
  for (const Column& heading : headings) widths.push_back(width_of(heading.heading));
  for (const auto& row : rows) {
    for (size_t i = 0; i < row.size() && i < widths.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  const auto total = [&] {
    size_t sum = 0;
    for (const size_t w : widths) sum += w + 2;
    return sum - 2;
  };
  while (total() > width) {  // the widest text column gives way, down to 12 cells
    size_t widest = widths.size();
    for (size_t i = 0; i < widths.size(); ++i) {
      if (!headings[i].right && widths[i] > 12 && (widest == widths.size() || widths[i] > widths[widest])) widest = i;
    }
    if (widest == widths.size()) break;
    widths[widest] -= std::min(widths[widest] - 12, total() - width);
  }
  const auto line = [&](const std::vector<std::string>& cells_of_row, bool bold) {
    std::string made;
    for (size_t i = 0; i < widths.size(); ++i) {
      const std::string text = cut(i < cells_of_row.size() ? cells_of_row[i] : "", widths[i]);
      const std::string pad(widths[i] - width_of(text), ' ');
      const bool last = i + 1 == widths.size();
      made += headings[i].right ? pad + text : last ? text : text + pad;
      if (!last) made += "  ";
    }
    while (!made.empty() && made.back() == ' ') made.pop_back();
    return (bold && color ? "\x1b[1m" + made + "\x1b[0m" : made) + "\n";
  };
  std::vector<std::string> titles;
  for (const Column& heading : headings) titles.push_back(heading.heading);
  std::string made = line(titles, true);
  for (const auto& row : rows) made += line(row, false);
  return made;
}

std::string count_text(int64_t n) {
  std::string digits = std::to_string(n);
  const size_t first = n < 0 ? 1 : 0;
  for (size_t at = digits.size(); at > first + 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string count_text(int64_t n, const char* one, const char* many) {
  return count_text(n) + " " + (n == 1 ? one : many);
}

std::string bytes_text(int64_t bytes) {
  static constexpr const char* kUnits[] = {"B", "kB", "MB", "GB", "TB", "PB"};
  double n = static_cast<double>(bytes);
  size_t unit = 0;
  while (std::abs(n) >= 999.95 && unit + 1 < std::size(kUnits)) {
    n /= 1000;
    ++unit;
  }
  char text[32];
  std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.1f %s", n, kUnits[unit]);
  return text;
}

std::string duration_text(double ms) {
  char text[48];
  if (ms < 999.95) {
    std::snprintf(text, sizeof text, ms < 99.95 ? "%.1f ms" : "%.0f ms", ms);
  } else if (ms < 99'950) {
    std::snprintf(text, sizeof text, "%.1f s", ms / 1000);
  } else {
    const auto seconds = static_cast<int64_t>(std::llround(ms / 1000));
    if (seconds < 3600) {
      std::snprintf(text, sizeof text, "%d min %d s", static_cast<int>(seconds / 60), static_cast<int>(seconds % 60));
    } else {
      std::snprintf(text, sizeof text, "%d h %d min", static_cast<int>(seconds / 3600),
                    static_cast<int>(seconds / 60 % 60));
    }
  }
  return text;
}

}  // namespace tarn::cli
