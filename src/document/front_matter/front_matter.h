// Front matter: the fields that an author puts before a Markdown text.
// Shape:   "---" … "---" (or "...") in a subset of YAML: scalars, quoted strings, block and flow lists, nested maps,
//          "|" and ">" texts; "+++" … "+++" in a subset of TOML: keys (dotted too), tables, arrays, inline tables;
//          "---toml", "---json" and the like; ";;;" … ";;;" and "{" … "}" in JSON.
// Errors:  never. A value that cannot be read costs that value only: it is kept as its text, and `problem` says why.
//          What is no front matter stays in the body.
// Limits:  kMaxFrontMatterBytes; kMaxNesting levels.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/status.h"
#include "json/value.h"

namespace tarn::document {

inline constexpr size_t kMaxFrontMatterBytes = size_t{64} << 10;

struct FrontMatter {
  json::Value fields = json::Value::object();
  size_t body_at = 0;   // where the body begins in the text
  std::string problem;  // "line 3: …"
};

FrontMatter split_front_matter(std::string_view text);

// `first_line`: the number that messages give to the text's first line.
base::Result<json::Value> parse_yaml_subset(std::string_view text, size_t first_line = 2);
base::Result<json::Value> parse_toml_subset(std::string_view text, size_t first_line = 2);

}  // namespace tarn::document
