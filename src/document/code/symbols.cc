#include "document/code/symbols.h"

#include <algorithm>

#include "base/ascii.h"
#include "document/code/found.h"

namespace tarn::document::code {
namespace {

constexpr size_t kMaxTitle = 200;

SourceLines lines_of(std::string_view text) {
  SourceLines lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

}  // namespace

uint32_t Found::above(uint32_t line, uint32_t floor) const {
  while (line > floor) {
    const std::string_view before = base::trimmed(lines_[line - 1]);
    const bool said = before.starts_with("//") || before.starts_with('#') || before.starts_with('*') ||
                      before.starts_with("/*") || before.ends_with("*/") || before.starts_with('@') ||
                      before.starts_with("--") || (before.starts_with('[') && before.ends_with(']')) ||
                      before.starts_with("template") || before.starts_with(";;");
    if (!said || before.starts_with("#include") || before.starts_with("#endif") || before.starts_with("#define")) {
      break;
    }
    --line;
  }
  return line;
}

void Found::add(uint32_t line, int level, std::string title) {
  if (symbols_.size() >= kMaxSymbols || level > kMaxSymbolLevel || title.empty() || title.size() > kMaxTitle) return;
  const uint32_t floor = symbols_.empty() ? 0 : symbols_.back().line + 1;
  if (line < floor) return;
  symbols_.push_back({above(line, floor), level, std::move(title)});
}

std::vector<Symbol> find_symbols(std::string_view text, const Language& language) {
  const SourceLines lines = lines_of(text);
  Found found(lines);
  switch (language.form) {
    case Form::braces:
      find_in_braces(text, language, &found);
      break;
    case Form::python:
      find_in_python(lines, &found);
      break;
    case Form::ends:
      find_by_ends(lines, &found);
      break;
    case Form::shell:
      find_in_shell(lines, &found);
      break;
    case Form::sql:
      find_in_sql(lines, &found);
      break;
    case Form::none:
      break;
  }
  return found.take();
}

}  // namespace tarn::document::code
