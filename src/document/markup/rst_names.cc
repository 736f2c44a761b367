// What a file of reStructuredText says once for all of its text.
#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"
#include "document/markup/rst.h"
#include "document/read.h"

namespace tarn::document::markup {
namespace {

constexpr size_t kMaxSubstitutionBytes = 10'000;  // of the lines that a substitution goes on in

// "0x2014", "U+2014", or words.
std::string coded_characters(std::string_view text) {
  std::string out;
  for (size_t at = 0; (at = text.find_first_not_of(' ', at)) != std::string_view::npos;) {
    const size_t end = std::min(text.find(' ', at), text.size());
    std::string_view word = text.substr(at, end - at);
    at = end;
    if (word == "..") break;
    const bool coded = word.starts_with("0x") || word.starts_with("U+") || word.starts_with("\\u");
    char32_t value = 0;
    for (const char c : coded ? word.substr(2) : std::string_view()) {
      const int digit = base::hex_value(c);
      if (digit < 0 || value > 0x10FFFF) break;
      value = value * 16 + static_cast<char32_t>(digit);
    }
    if (!coded) {
      out += word;
    } else if (value >= ' ' && value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF)) {
      base::append_utf8(value, &out);
    }
  }
  return out;
}

}  // namespace

RstNames rst_names(const Lines& lines) {
  RstNames names;
  std::vector<std::string> labels;
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = lines[i].text.substr(lines[i].indent());
    if (line.empty()) continue;
    if (line.starts_with(".. _")) {
      const bool quoted = line.substr(4).starts_with('`');
      const size_t colon = quoted ? line.find("`:", 5) : line.find(": ", 4);
      const size_t end = colon != std::string_view::npos ? colon : line.ends_with(':') ? line.size() - 1 : line.size();
      const std::string name = rst_name(line.substr(4 + quoted, end - 4 - quoted));
      std::string url(base::trimmed(line.substr(std::min(line.size(), end + 1 + quoted))));
      if (url.empty() && i + 1 < lines.size() && lines[i + 1].indent() > lines[i].indent()) {
        url = std::string(base::trimmed(lines[i + 1].text));
      }
      if (url.empty()) {
        labels.push_back(name);
      } else if (!url.ends_with('_')) {
        names.targets[name] = url;
      }
      continue;
    }
    if (line.starts_with(".. |")) {
      const size_t bar = line.find('|', 4);
      if (bar != std::string_view::npos) {
        const std::string_view rest = base::trimmed(line.substr(bar + 1));
        std::string words;
        if (rest.starts_with("replace::")) {
          words = std::string(base::trimmed(rest.substr(9)));
          size_t looked = 0;
          for (size_t k = i + 1; k < lines.size() && !lines[k].blank() && lines[k].indent() > lines[i].indent(); ++k) {
            looked += lines[k].text.size();
            if (looked > kMaxSubstitutionBytes) break;
            words += " " + std::string(base::trimmed(lines[k].text));
          }
        }
        if (rest.starts_with("unicode::")) words = coded_characters(rest.substr(9));
        names.substitutions[rst_name(line.substr(4, bar - 4))] = words;
      }
      continue;
    }
    if (!labels.empty()) {
      const size_t at = is_adornment(line) && i + 2 < lines.size() && is_adornment(lines[i + 2].text) ? i + 1 : i;
      const std::string_view title = base::trimmed(lines[at].text);
      const bool underlined = at + 1 < lines.size() && is_adornment(lines[at + 1].text);
      for (const std::string& label : labels) {
        if (underlined && !title.empty() && title.size() <= kMaxTitleBytes) names.titles[label] = std::string(title);
      }
      labels.clear();
    }
  }
  return names;
}

}  // namespace tarn::document::markup
