#include "document/front_matter.h"

#include <algorithm>

namespace tarn::document {
namespace {

std::string_view trim_right(std::string_view line) {
  while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r')) line.remove_suffix(1);
  return line;
}

// Behind the line breaks and blank lines at `at`.
size_t skip_blank_lines(std::string_view text, size_t at) {
  for (size_t line = at; line < text.size();) {
    const size_t end = std::min(text.find('\n', line), text.size());
    if (!trim_right(text.substr(line, end - line)).empty()) break;
    line = at = std::min(end + 1, text.size());
  }
  return at;
}

}  // namespace

FrontMatter split_front_matter(std::string_view text) {
  FrontMatter out;
  const size_t first_end = text.find('\n');
  if (first_end == std::string_view::npos) return out;
  const std::string_view opening = trim_right(text.substr(0, first_end));
  const bool toml = opening == "+++";
  if (!toml && opening != "---") return out;

  const std::string_view within = text.substr(0, std::min(text.size(), kMaxFrontMatterBytes));
  for (size_t at = first_end + 1; at < within.size();) {
    const size_t end = std::min(within.find('\n', at), within.size());
    const std::string_view line = trim_right(within.substr(at, end - at));
    if (line == opening || (!toml && line == "...")) {
      const std::string_view fields = within.substr(first_end + 1, at - first_end - 1);
      auto parsed = toml ? parse_toml_subset(fields) : parse_yaml_subset(fields);
      if (!parsed.ok()) {
        out.problem = parsed.status().message();
      } else if (parsed->is_object()) {
        out.fields = std::move(parsed).value();
        out.body_at = skip_blank_lines(text, std::min(end + 1, text.size()));
      }
      return out;
    }
    // "---" is a rule as often as front matter: without a field in the first line it is one.
    if (!toml && at == first_end + 1 && (line.empty() || (line.find(':') == std::string_view::npos && line[0] != '#')))
      return out;
    at = end + 1;
  }
  if (toml || text.size() > kMaxFrontMatterBytes) {
    out.problem = "it has no closing line '" + std::string(opening) + "' within " +
                  std::to_string(kMaxFrontMatterBytes) + " bytes";
  }
  return out;
}

}  // namespace tarn::document
