// Languages whose declarations begin a line: Python by its indentation, those that close with a word, shells, SQL.
#include <algorithm>

#include "base/ascii.h"
#include "document/code/declarations.h"
#include "document/code/found.h"

namespace tarn::document::code {
namespace {

size_t indent_of(std::string_view line) { return std::min(line.find_first_not_of(" \t"), line.size()); }

}  // namespace

void find_in_python(const SourceLines& lines, Found* found) {
  std::vector<size_t> indents;  // of the declarations that are open
  std::string_view quotes;      // of a long string that is open
  for (uint32_t i = 0; i < lines.size(); ++i) {
    std::string_view line = lines[i];
    const bool within = !quotes.empty();
    for (size_t at = 0; at < line.size(); ++at) {
      if (quotes.empty() && line[at] == '#') break;
      for (const std::string_view mark : {"\"\"\"", "'''"}) {
        if (!line.substr(at).starts_with(mark) || (!quotes.empty() && quotes != mark)) continue;
        quotes = quotes.empty() ? mark : std::string_view();
        at += 2;
        break;
      }
    }
    if (within || base::trimmed(line).empty()) continue;
    const size_t indent = indent_of(line);
    std::string_view words = line.substr(indent);
    if (words.starts_with("async ")) words = words.substr(6);
    const bool type = words.starts_with("class "), function = words.starts_with("def ");
    if (!type && !function) continue;
    while (!indents.empty() && indents.back() >= indent) indents.pop_back();
    const std::string name(name_at(words, type ? 6 : 4));
    found->add(i, static_cast<int>(indents.size()) + 1, type ? "class " + name : name + "()");
    indents.push_back(indent);
  }
}

// Ruby, Lua, Elixir, Julia: a declaration is a line that begins with its word; what is further in belongs to it.
void find_by_ends(const SourceLines& lines, Found* found) {
  std::vector<size_t> indents;
  for (uint32_t i = 0; i < lines.size(); ++i) {
    const size_t indent = indent_of(lines[i]);
    std::string_view words = lines[i].substr(indent);
    if (words.starts_with("local ")) words = words.substr(6);
    for (const std::string_view word :
         {"def", "defp", "defmodule", "class", "module", "function", "struct", "defmacro"}) {
      if (!words.starts_with(word) || words.size() <= word.size() || words[word.size()] != ' ') continue;
      std::string name(name_at(words, word.size()));
      if (name.empty()) break;
      const size_t end = static_cast<size_t>(words.find(name, word.size())) + name.size();
      if (end < words.size() && (words[end] == '?' || words[end] == '!' || words[end] == ':')) {
        name += words[end] == ':' ? ":" + std::string(name_at(words, end + 1)) : std::string(1, words[end]);
      }
      while (!indents.empty() && indents.back() >= indent) indents.pop_back();
      const bool function = word == "def" || word == "defp" || word == "function" || word == "defmacro";
      found->add(i, static_cast<int>(indents.size()) + 1, function ? name + "()" : std::string(word) + " " + name);
      indents.push_back(indent);
      break;
    }
  }
}

void find_in_shell(const SourceLines& lines, Found* found) {
  for (uint32_t i = 0; i < lines.size(); ++i) {
    std::string_view words = base::trimmed(lines[i]);
    const bool keyword = words.starts_with("function ");
    if (keyword) words = words.substr(9);
    size_t end = 0;
    while (end < words.size() && (is_name(words[end]) || words[end] == '-' || words[end] == ':' || words[end] == '.')) {
      ++end;
    }
    if (end == 0 || base::is_digit(words[0])) continue;
    const std::string_view rest = base::trimmed(words.substr(end));
    if (rest.starts_with("()") || (keyword && rest.starts_with('{'))) {
      found->add(i, 1, std::string(words.substr(0, end)) + "()");
    }
  }
}

void find_in_sql(const SourceLines& lines, Found* found) {
  for (uint32_t i = 0; i < lines.size(); ++i) {
    const std::string upper = base::upper(lines[i].substr(0, 300));
    std::string_view words = base::trimmed(upper);
    if (!words.starts_with("CREATE ")) continue;
    for (const std::string_view kind : {"TABLE", "VIEW", "FUNCTION", "PROCEDURE", "TRIGGER", "INDEX", "TYPE", "SCHEMA",
                                        "SEQUENCE", "DATABASE", "EXTENSION", "DOMAIN", "AGGREGATE"}) {
      size_t at = find_word(upper, kind);
      if (at == std::string_view::npos) continue;
      at += kind.size();
      for (const std::string_view more : {" IF", " NOT", " EXISTS", " CONCURRENTLY"}) {
        if (std::string_view(upper).substr(at).starts_with(more)) at += more.size();
      }
      std::string_view name = base::trimmed(lines[i].substr(std::min(at, lines[i].size())));
      name = name.substr(0, std::min(name.find_first_of(" (;"), name.size()));
      found->add(i, 1, base::lower(kind) + " " + std::string(name));
      break;
    }
  }
}

}  // namespace tarn::document::code
