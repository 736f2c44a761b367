#include "document/front_matter/front_matter.h"

#include <algorithm>
#include <vector>

#include "base/status.h"

namespace tarn::document {
namespace {

using base::Result;
using json::Value;

enum class Format { yaml, toml, json };

constexpr size_t kMaxProblems = 5;

// Fields that make a block front matter even where some of its lines cannot be read.
constexpr std::string_view kKnown[] = {
    "title",   "date",    "tags",   "author",           "authors", "description", "summary",   "categories",
    "layout",  "slug",    "draft",  "keywords",         "aliases", "permalink",   "id",        "lastmod",
    "created", "updated", "weight", "sidebar_position", "lang",    "language",    "published", "subtitle"};

std::string_view trim_right(std::string_view line) {
  while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r')) line.remove_suffix(1);
  return line;
}

std::string_view line_at(std::string_view text, size_t at) {
  return text.substr(at, std::min(text.find('\n', at), text.size()) - at);
}

// Behind the line breaks and blank lines at `at`.
size_t skip_blank_lines(std::string_view text, size_t at) {
  for (size_t line = at; line < text.size();) {
    const std::string_view here = line_at(text, line);
    if (!trim_right(here).empty()) break;
    line = at = std::min(line + here.size() + 1, text.size());
  }
  return at;
}

bool has_known_field(const Value& fields) {
  return std::any_of(std::begin(kKnown), std::end(kKnown), [&](std::string_view key) {
    if (fields.contains(key)) return true;
    std::string capital(key);
    capital[0] = static_cast<char>(capital[0] - 'a' + 'A');
    return fields.contains(capital);
  });
}

// One field of the first level with the lines that belong to it.
struct Part {
  std::string_view key;    // "" for lines that no field stands above
  std::string_view value;  // on the key's line
  size_t start = 0, end = 0, line = 0;
};

// Where the value of "key: value" or "key = value" begins, 0 when the line is no field of the first level.
size_t value_at(std::string_view line, Format format, std::string_view* key) {
  if (line.empty() || std::string_view(" \t#-]}[{").find(line[0]) != std::string_view::npos) return 0;
  const char mark = format == Format::toml ? '=' : ':';
  size_t at = line.find(mark, line[0] == '"' || line[0] == '\'' ? line.find(line[0], 1) : 0);
  while (format == Format::yaml && at < line.size() - 1 && line[at + 1] != ' ' && line[at + 1] != '\t') {
    at = line.find(mark, at + 1);
  }
  if (at == std::string_view::npos || at == 0) return 0;
  *key = trim_right(line.substr(0, at));
  if (key->size() > 1 && ((*key)[0] == '"' || (*key)[0] == '\'')) *key = key->substr(1, key->size() - 2);
  return at + 1;
}

// Whether a value that began with a quote or bracket has not ended: its lines may stand at the margin.
class OpenValue {
 public:
  OpenValue() = default;
  explicit OpenValue(std::string_view first) {
    first.remove_prefix(std::min(first.find_first_not_of(" \t"), first.size()));
    if (first.empty()) return;
    if (first[0] == '"' || first[0] == '\'') {
      const std::string three(3, first[0]);
      quote_ = first.starts_with(three) ? three : three.substr(0, 1);
      read(first.substr(quote_.size()));
    } else if (first[0] == '[' || first[0] == '{') {
      brackets_ = true;
      read(first);
    }
  }
  void read(std::string_view line) {
    if (!quote_.empty()) {
      if (line.find(quote_) != std::string_view::npos) quote_.clear();
    } else if (brackets_) {
      for (char c : line) depth_ += (c == '[' || c == '{') - (c == ']' || c == '}');
      brackets_ = depth_ > 0;
    }
  }
  bool is_open() const { return brackets_ || !quote_.empty(); }

 private:
  std::string quote_;  // what ends it
  bool brackets_ = false;
  int depth_ = 0;
};

std::vector<Part> parts_of(std::string_view text, Format format, size_t first_line) {
  std::vector<Part> parts;
  size_t number = first_line;
  OpenValue value_above;
  for (size_t at = 0; at < text.size(); ++number) {
    std::string_view line = trim_right(line_at(text, at));
    // Indentation means nothing in TOML.
    if (format == Format::toml && !value_above.is_open()) {
      line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    }
    const size_t next = std::min(at + line_at(text, at).size() + 1, text.size());
    std::string_view key;
    const size_t value = value_at(line, format, &key);
    const bool table = format == Format::toml && line.starts_with('[');
    const bool belongs_above =
        value_above.is_open() || line.empty() || std::string_view(" \t#-]}").find(line[0]) != std::string_view::npos;
    if (value > 0 || table || parts.empty() || !belongs_above) {
      parts.push_back({table ? std::string_view() : key, value > 0 ? line.substr(value) : line, at, next, number});
      value_above = value > 0 ? OpenValue(line.substr(value)) : OpenValue();
    } else {
      value_above.read(line);
      parts.back().end = next;
    }
    at = next;
  }
  return parts;
}

// Whether the lines below a field's own that read "key: value" are words of its text.
bool is_prose(std::string_view key) {
  return key == "description" || key == "summary" || key == "abstract" || key == "excerpt";
}

// A value that cannot be read, as its text: the lines joined, quotes around it gone. Without `all`, words end where a
// field stands below.
std::string raw_text(std::string_view first, std::string_view more, bool all) {
  std::string text;
  const std::string_view words = first.substr(std::min(first.find_first_not_of(" \t"), first.size()));
  all = all || words.empty() || std::string_view("\"'[{|>&!#").find(words[0]) != std::string_view::npos;
  const auto add = [&](std::string_view line) {
    line = trim_right(line.substr(std::min(line.find_first_not_of(" \t"), line.size())));
    if (!line.empty()) text += (text.empty() ? "" : " ") + std::string(line);
  };
  add(first);
  for (size_t at = 0; at < more.size(); at += line_at(more, at).size() + 1) {
    std::string_view line = trim_right(line_at(more, at)), key;
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (!all && value_at(line, Format::yaml, &key) > 0) break;
    add(line);
  }
  if (text.size() > 1 && (text.front() == '"' || text.front() == '\'') && text.front() == text.back()) {
    text = text.substr(1, text.size() - 2);
  }
  return text;
}

// Field by field, after the whole could not be read. False: it is no front matter but text between two rules.
bool read_parts(std::string_view text, Format format, size_t first_line, FrontMatter* out) {
  size_t problems = 0, lines_without_field = 0;
  const auto note = [&](const std::string& problem) {
    if (++problems <= kMaxProblems) out->problem += (out->problem.empty() ? "" : "; ") + problem;
  };
  for (const Part& part : parts_of(text, format, first_line)) {
    const std::string_view lines = text.substr(part.start, part.end - part.start);
    const auto parsed =
        format == Format::toml ? parse_toml_subset(lines, part.line) : parse_yaml_subset(lines, part.line);
    if (!parsed.ok()) {
      note(parsed.status().message());
      const size_t first_size = line_at(lines, 0).size();
      const std::string_view more = lines.substr(std::min(first_size + 1, lines.size()));
      if (part.key.empty()) {
        ++lines_without_field;
      } else if (!out->fields.contains(part.key)) {
        out->fields.set(std::string(part.key), raw_text(part.value, more, is_prose(part.key)));
      }
      // Text at the margin below a field: prose, unless it is known to be front matter.
      for (size_t at = 0; at < more.size(); at += line_at(more, at).size() + 1) {
        lines_without_field += std::string_view(" \t#-]}\n\r").find(more[at]) == std::string_view::npos;
      }
      continue;
    }
    for (const auto& [key, value] : parsed->members()) {
      if (out->fields.contains(key)) {
        note("line " + std::to_string(part.line) + " has a key for the second time: '" + key + "'");
      } else {
        out->fields.set(key, value);
      }
    }
  }
  return has_known_field(out->fields) || (lines_without_field == 0 && !out->fields.members().empty());
}

// JSON by itself: "{" … "}" and then the text.
FrontMatter split_json(std::string_view text) {
  FrontMatter out;
  size_t open = 0;
  bool quoted = false;
  for (size_t at = 0; at < std::min(text.size(), kMaxFrontMatterBytes); ++at) {
    const char c = text[at];
    if (quoted) {
      if (c == '\\') ++at;
      if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{') {
      ++open;
    } else if (c == '}' && --open == 0) {
      const std::string_view behind = line_at(text, at + 1);
      const auto parsed = json::parse(text.substr(0, at + 1));
      if (trim_right(behind).empty() && parsed.ok() && parsed->is_object() && has_known_field(*parsed)) {
        out.fields = *parsed;
        out.body_at = skip_blank_lines(text, std::min(at + 1 + behind.size() + 1, text.size()));
      }
      return out;
    }
  }
  return out;
}

}  // namespace

FrontMatter split_front_matter(std::string_view text) {
  FrontMatter out;
  const size_t begin = skip_blank_lines(text, 0);
  const std::string_view opening = trim_right(line_at(text, begin));
  if (opening.starts_with('{')) {
    out = split_json(text.substr(begin));
    if (out.body_at > 0) out.body_at += begin;
    return out;
  }
  std::string_view fence = opening;
  Format format = Format::yaml;
  for (const auto& [word, meant] : {std::pair<std::string_view, Format>{"toml", Format::toml},
                                    {"json", Format::json},
                                    {"yaml", Format::yaml},
                                    {"yml", Format::yaml}}) {
    if (opening.starts_with("---") && opening.substr(3).ends_with(word) &&
        trim_right(opening.substr(3, opening.size() - 3 - word.size())).empty()) {
      fence = "---";
      format = meant;
    }
  }
  if (fence == "+++") format = Format::toml;
  if (fence == ";;;") format = Format::json;
  if (fence != "---" && fence != "+++" && fence != ";;;") return out;

  const size_t first = std::min(begin + line_at(text, begin).size() + 1, text.size());
  const size_t first_line =
      2 + static_cast<size_t>(std::count(text.begin(), text.begin() + static_cast<ptrdiff_t>(begin), '\n'));
  const std::string_view within = text.substr(0, std::min(text.size(), kMaxFrontMatterBytes));
  bool any = false;  // a line that is neither blank nor a comment
  for (size_t at = first; at < within.size(); at += line_at(within, at).size() + 1) {
    const std::string_view line = trim_right(line_at(within, at));
    if (line == fence || (format == Format::yaml && line == "...")) {
      const std::string_view fields = within.substr(first, at - first);
      const auto parsed = format == Format::json   ? json::parse(fields)
                          : format == Format::toml ? parse_toml_subset(fields, first_line)
                                                   : parse_yaml_subset(fields, first_line);
      bool is_front_matter = parsed.ok() && parsed->is_object();
      if (is_front_matter) {
        out.fields = *parsed;
        // A blank line first, as below a rule.
        if (trim_right(line_at(text, first)).empty() && at > first) is_front_matter = has_known_field(out.fields);
      } else if (format != Format::json && !parsed.ok()) {
        is_front_matter = read_parts(fields, format, first_line, &out);
      }
      if (!is_front_matter) return {Value::object(), 0, parsed.ok() ? "" : parsed.status().message()};
      out.body_at = skip_blank_lines(text, std::min(at + line_at(within, at).size() + 1, text.size()));
      return out;
    }
    // "---" is a rule as often as front matter: without a field in the first line it is one.
    if (format == Format::yaml && fence == opening && !any && !line.empty() && line[0] != '#') {
      if (line.find(':') == std::string_view::npos) return out;
      any = true;
    }
  }
  if (format != Format::yaml || text.size() > kMaxFrontMatterBytes) {
    out.problem =
        "it has no closing line '" + std::string(fence) + "' within " + std::to_string(kMaxFrontMatterBytes) + " bytes";
  }
  return out;
}

}  // namespace tarn::document
