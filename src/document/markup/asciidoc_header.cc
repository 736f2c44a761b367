// What a file of AsciiDoc says of itself, once for all of its text.
#include <algorithm>

#include "base/ascii.h"
#include "document/markup/asciidoc.h"
#include "document/read.h"

namespace tarn::document::markup {
namespace {

bool is_author(std::string_view text) {
  const auto words = std::count(text.begin(), text.end(), ' ') + 1;
  return words >= 2 && words <= 4 && base::is_upper(text[0]) && text.find_first_of(".,:[]()") == std::string_view::npos;
}

}  // namespace

std::optional<std::pair<std::string, std::string_view>> attribute_of(std::string_view line) {
  if (!line.starts_with(':') || line.size() < 3 || line[1] == ' ' || line[1] == ':') return {};
  const size_t end = line.find(':', 1);
  if (end == std::string_view::npos || (end + 1 < line.size() && line[end + 1] != ' ')) return {};
  return std::pair(base::lower(line.substr(1, end - 1)), base::trimmed(line.substr(end + 1)));
}

int setext_level(std::string_view title, std::string_view rule) {
  if (rule.size() < 4 || title.size() < 2 || title.starts_with('.') || title.starts_with('[')) return 0;
  const size_t level = std::string_view("=-~^+").find(rule[0]);
  if (level == std::string_view::npos || rule.find_first_not_of(rule[0]) != std::string_view::npos) return 0;
  const size_t width = characters_of(title);
  if (rule.size() + 2 < width || rule.size() > width + 2) return 0;
  return static_cast<int>(level) + 1;
}

void AsciiDoc::learn(const Lines& lines) {
  std::string id;
  for (const Line& line : lines) {
    const std::string_view text = line.text;
    if (const auto attribute = attribute_of(text)) {
      std::string_view value = attribute->second;
      if (value.ends_with(" \\")) value.remove_suffix(2);
      if (!attribute->first.ends_with('!') && !attribute->first.starts_with('!')) {
        names_.attributes.try_emplace(attribute->first, value);
      }
    } else if (text.starts_with("[[") && text.ends_with("]]")) {
      id = std::string(text.substr(2, text.find_first_of(",]", 2) - 2));
    } else if (text.starts_with("[#") && text.ends_with("]")) {
      id = std::string(text.substr(2, text.find_first_of(",.%]", 2) - 2));
    } else if (!text.empty()) {
      const size_t marks = std::min(text.find_first_not_of('='), text.size());
      if (!id.empty()) {
        names_.titles[id] = std::string(base::trimmed(text.substr(marks > 0 && marks < 7 ? marks
                                                                  : text[0] == '.'       ? 1
                                                                                         : 0)));
      }
      id.clear();
    }
  }
}

void AsciiDoc::heading(int level, std::string_view text, uint32_t line) {
  InlineText words;
  add_asciidoc(text, names_, &words);
  const std::string title = words.take_heading();
  if (d_->title.empty()) d_->title = heading_words(title);
  blocks_.heading(level, title, line);
}

// "= Title", who wrote it, when; attributes. The line behind.
size_t AsciiDoc::header(const Lines& lines) {
  size_t i = 0;
  const auto skip = [&] {
    while (i < lines.size() && (lines[i].blank() || is_comment(lines[i].text) || lines[i].text.starts_with(':'))) {
      ++i;
    }
  };
  skip();
  if (i >= lines.size()) return i;
  const std::string_view line = lines[i].text;
  const bool underlined = i + 1 < lines.size() && setext_level(line, lines[i + 1].text) == 1;
  if (!line.starts_with("= ") && !line.starts_with("# ") && !underlined) return i;
  heading(1, underlined ? line : line.substr(2), lines[i].number);
  i += underlined ? 2 : 1;
  // Lines that follow without a blank one: authors, a revision, attributes.
  for (int said = 0; i < lines.size() && !lines[i].blank(); ++i) {
    const std::string_view text = lines[i].text;
    if (text.starts_with(':') || text.starts_with("//")) continue;
    if (said == 0 && text.find('<') == std::string_view::npos && !is_author(text)) break;
    if (said == 2) break;
    if (said++ == 0) {
      for (size_t at = 0; at < text.size();) {
        const size_t end = std::min(text.find(';', at), text.size());
        const std::string_view one = text.substr(at, end - at);
        const std::string name = title_line(one.substr(0, one.find('<')));
        if (!name.empty()) d_->author += (d_->author.empty() ? "" : ", ") + name;
        at = end + 1;
      }
    } else {
      d_->extra.set("revision", title_line(text));
      for (size_t at = 0; at < text.size() && !d_->updated_at_us;
           at = std::min(text.find_first_of(", ", at), text.size()) + 1) {
        d_->updated_at_us = stated_time(text.substr(at, std::min(text.find_first_of(", ", at), text.size()) - at));
      }
    }
  }
  if (d_->author.empty() && names_.attributes.contains("author")) d_->author = names_.attributes["author"];
  return i;
}

}  // namespace tarn::document::markup
