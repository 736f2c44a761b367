#include "document/code/declarations.h"

#include <iterator>

namespace tarn::document::code {
namespace {

constexpr std::string_view kContainers[] = {"class",   "struct",   "interface", "enum",   "trait",  "impl",
                                            "union",   "protocol", "extension", "object", "record", "message",
                                            "service", "module",   "mod",       "actor"};
constexpr std::string_view kFunctions[] = {"func", "fn", "fun", "function", "def", "sub", "proc", "rpc"};

}  // namespace

std::string_view name_at(std::string_view text, size_t at) {
  while (at < text.size() && text[at] == ' ') ++at;
  size_t end = at;
  while (end < text.size() && (is_name(text[end]) || text[end] == '.' || text[end] == '~' ||
                               (text[end] == ':' && end + 2 < text.size() && text[end + 1] == ':'))) {
    end += text[end] == ':' ? 2 : 1;
  }
  return text.substr(at, end - at);
}

size_t find_word(std::string_view text, std::string_view word) {
  for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const size_t end = at + word.size();
    if ((at == 0 || !is_name(text[at - 1])) && (end == text.size() || !is_name(text[end]))) return at;
  }
  return std::string_view::npos;
}

std::string without_marks(std::string header) {
  const auto balanced = [&](size_t at, char open, char close) {
    int depth = 0;
    for (; at < header.size(); ++at) {
      depth += header[at] == open;
      depth -= header[at] == close;
      if (depth == 0) return at + 1;
    }
    return header.size();
  };
  for (size_t from = 0;;) {
    from = std::min(header.find_first_not_of(' ', from), header.size());
    const std::string_view rest = std::string_view(header).substr(from);
    size_t to = from;
    if (rest.starts_with("template") && header.find('<', from) != std::string::npos) {
      to = balanced(header.find('<', from), '<', '>');
    } else if (rest.starts_with("#[") || rest.starts_with("[")) {
      to = balanced(header.find('[', from), '[', ']');
    } else if (rest.starts_with('@') && !rest.starts_with("@interface")) {
      to = from + 1 + name_at(header, from + 1).size();
      if (to < header.size() && header[to] == '(') to = balanced(to, '(', ')');
    }
    if (to == from) {
      header.erase(0, from);
      return header;
    }
    from = to;
  }
}

std::string container_in(std::string_view header, std::string_view language) {
  for (const std::string_view word : {"namespace", "extern", "package"}) {
    if (find_word(header, word) != std::string_view::npos && header.find('(') == std::string_view::npos) return " ";
  }
  if (language == "go" && header.starts_with("type ")) {
    return find_word(header, "struct") != std::string_view::npos ||
                   find_word(header, "interface") != std::string_view::npos
               ? "type " + std::string(name_at(header, 5))
               : std::string();
  }
  size_t first = std::string_view::npos;
  std::string_view kind;
  for (const std::string_view word : kContainers) {
    const size_t at = find_word(header, word);
    if (at < first) first = at, kind = word;
  }
  const size_t bracket = header.find('(');
  const bool parameters = kind == "record" || kind == "class" || kind == "object";  // of Kotlin, Scala and C#
  if (first == std::string_view::npos || (bracket != std::string_view::npos && (!parameters || bracket < first))) {
    return {};
  }
  if (header.find('=') < first || header.starts_with("return")) return {};
  for (const std::string_view function : kFunctions) {
    if (find_word(header, function) < first) return {};
  }
  if (kind == "impl") {
    std::string rest(base::trimmed(header.substr(first)));
    return rest.substr(0, 120);
  }
  size_t at = first + kind.size();
  std::string_view name = name_at(header, at);
  // "enum class X", "class EXPORT X", "class alignas(8) X"
  for (int n = 0; n < 2; ++n) {
    const size_t next = name.empty() ? at : static_cast<size_t>(name.data() - header.data()) + name.size();
    const std::string_view second = name_at(header, next);
    const bool keyword =
        one_of(name, {"class", "struct", "case", "object"}) ||
        (std::all_of(name.begin(), name.end(), [](char c) { return !base::is_lower(c); }) && name.size() > 2);
    if (!keyword || second.empty() || one_of(second, {"extends", "implements", "final"})) break;
    name = second;
  }
  if (name.empty()) return " ";
  return std::string(kind) + " " + std::string(name);
}

std::string function_in(std::string_view header, std::string_view language) {
  for (const std::string_view word : kFunctions) {
    const size_t at = find_word(header, word);
    if (at == std::string_view::npos || (at > 0 && header.find_first_of("(=") < at && word != "function")) continue;
    size_t from = at + word.size();
    while (from < header.size() && (header[from] == ' ' || header[from] == '*')) ++from;
    if (from < header.size() && header[from] == '(' && language == "go") {  // whose method it is
      const size_t end = header.find(')', from);
      if (end == std::string_view::npos) return {};
      std::string_view receiver = header.substr(from + 1, end - from - 1);
      receiver =
          receiver.substr(receiver.find_last_of(" *") == std::string_view::npos ? 0 : receiver.find_last_of(" *") + 1);
      return std::string(receiver) + "." + std::string(name_at(header, end + 1)) + "()";
    }
    const std::string_view name = name_at(header, from);
    if (!name.empty()) return std::string(name) + "()";
    break;
  }
  // "const tide = (day) => {", "tide: function (day) {"
  if (header.find("=>") != std::string_view::npos || find_word(header, "function") != std::string_view::npos) {
    for (const std::string_view word : {"const", "let", "var"}) {
      const size_t at = find_word(header, word);
      if (at == std::string_view::npos) continue;
      const std::string_view name = name_at(header, at + word.size());
      if (!name.empty()) return std::string(name) + "()";
    }
    return {};
  }
  if (one_of(language, {"go", "rust", "perl", "protobuf", "awk", "tcl"})) return {};
  const size_t bracket = header.find('(');
  if (bracket == std::string_view::npos || bracket == 0 ||
      (header.find('=') < bracket && header.find("operator") == std::string_view::npos)) {
    return {};
  }
  size_t end = bracket;
  while (end > 0 && header[end - 1] == ' ') --end;
  size_t start = end;
  while (start > 0 && (is_name(header[start - 1]) || header[start - 1] == '~' ||
                       (header[start - 1] == ':' && start > 1 &&
                        (header[start - 2] == ':' || (start < end && header[start] == ':'))))) {
    --start;
  }
  const std::string_view name = header.substr(start, end - start);
  if (name.empty() || base::is_digit(name[0]) ||
      one_of(name, {"if",    "for",  "while", "switch", "catch",   "return",       "foreach", "using",
                    "lock",  "do",   "else",  "elseif", "try",     "synchronized", "unless",  "until",
                    "guard", "when", "match", "sizeof", "defined", "with",         "fixed"})) {
    return {};
  }
  return std::string(name) + "()";
}

}  // namespace tarn::document::code
