#include "connector/folder/ignore.h"

#include <algorithm>
#include <cctype>

#include "text/unicode.h"
#include "text/utf8.h"

namespace tarn::connector::folder {
namespace {

using Set = Pattern::Set;

// A character, or a byte that is none as one of its own.
struct Char {
  char32_t value;
  size_t size;
};
Char char_at(std::string_view text, size_t at) {
  const text::Utf8Char c = text::utf8_at(text, at);
  if (c.well_formed) return {c.value, c.size};
  return {char32_t{0x110000} + static_cast<unsigned char>(text[at]), 1};
}

void add_class(std::string_view name, Set& set) {
  struct Class {
    std::string_view name;
    int (*test)(int);
  };
  static constexpr Class kClasses[] = {{"alpha", std::isalpha}, {"digit", std::isdigit}, {"alnum", std::isalnum},
                                       {"upper", std::isupper}, {"lower", std::islower}, {"space", std::isspace},
                                       {"blank", std::isblank}, {"punct", std::ispunct}, {"print", std::isprint},
                                       {"graph", std::isgraph}, {"cntrl", std::iscntrl}, {"xdigit", std::isxdigit}};
  for (const Class& k : kClasses) {
    if (k.name != name) continue;
    for (char32_t c = 0; c < 0x80; ++c) {
      if (k.test(static_cast<int>(c)) != 0) set.ranges.emplace_back(c, c);
    }
  }
}

// Reads "[…]" whose '[' stands at `at`; moves `at` behind it. Empty when it never closes.
std::optional<Set> parse_set(std::string_view text, size_t& at) {
  size_t i = at + 1;
  Set set;
  set.inverted = i < text.size() && (text[i] == '!' || text[i] == '^');
  if (set.inverted) ++i;
  const auto next = [&] {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    const Char c = char_at(text, i);
    i += c.size;
    return c.value;
  };
  bool first = true;
  for (; i < text.size() && (first || text[i] != ']'); first = false) {
    if (text.substr(i, 2) == "[:") {
      size_t end = text.find(":]", i + 2);
      if (end != std::string_view::npos) {
        add_class(text.substr(i + 2, end - i - 2), set);
        i = end + 2;
        continue;
      }
    }
    const char32_t low = next();
    char32_t high = low;
    if (i + 1 < text.size() && text[i] == '-' && text[i + 1] != ']') {
      ++i;
      high = next();
    }
    set.ranges.emplace_back(low, high);
  }
  if (i >= text.size()) return std::nullopt;
  at = i + 1;
  return set;
}

// Trailing spaces go unless they are quoted.
std::string_view strip_end(std::string_view line) {
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  while (!line.empty() && line.back() == ' ') {
    size_t slashes = 0;
    while (slashes + 1 < line.size() && line[line.size() - 2 - slashes] == '\\') ++slashes;
    if (slashes % 2 == 1) break;
    line.remove_suffix(1);
  }
  return line;
}

}  // namespace

bool Pattern::Set::holds(char32_t c) const {
  if (c == '/') return false;  // a set never matches the separator
  const bool within = std::any_of(ranges.begin(), ranges.end(), [c](auto r) { return c >= r.first && c <= r.second; });
  return within != inverted;
}

base::Result<Pattern> Pattern::parse(std::string_view written) {
  if (written.size() > kMaxPatternBytes) {
    return base::Status(base::Code::invalid_argument,
                        "a pattern is longer than kMaxPatternBytes (" + std::to_string(kMaxPatternBytes) + ")");
  }
  const std::string whole = text::composed(written);
  std::string_view line = whole;
  Pattern p;
  if (line.starts_with('!')) {
    p.negated_ = true;
    line.remove_prefix(1);
  }
  if (line.ends_with('/')) {
    p.directory_only_ = true;
    line.remove_suffix(1);
  }
  p.anchored_ = line.find('/') != std::string_view::npos;
  if (line.starts_with('/')) line.remove_prefix(1);
  auto at_component = [&](size_t i) { return i == 0 || line[i - 1] == '/'; };
  for (size_t i = 0; i < line.size();) {
    if (line.substr(i, 3) == "**/" && at_component(i)) {
      p.tokens_.push_back({Kind::directories});
      i += 3;
    } else if (line.substr(i) == "**" && at_component(i) && i > 0) {
      p.tokens_.push_back({Kind::rest});
      i += 2;
    } else if (line[i] == '*') {
      while (i < line.size() && line[i] == '*') ++i;
      p.tokens_.push_back({Kind::star});
    } else if (line[i] == '?') {
      p.tokens_.push_back({Kind::any});
      ++i;
    } else if (line[i] == '[') {
      auto set = parse_set(line, i);
      if (!set) {
        p.tokens_.push_back({Kind::never});
        break;
      }
      p.tokens_.push_back({Kind::set, 0, *set});
    } else {
      if (line[i] == '\\') ++i;
      if (i == line.size()) {  // a lone '\' at the end matches nothing, as in git
        p.tokens_.push_back({Kind::never});
        break;
      }
      p.tokens_.push_back({Kind::literal, line[i++]});
    }
  }
  return p;
}

bool Pattern::matches(std::string_view path, bool is_directory) const {
  if (directory_only_ && !is_directory) return false;
  if (anchored_) return matches_text(path);
  size_t slash = path.rfind('/');
  return matches_text(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

// Row by row from the last token: after[i] says whether the tokens behind the present one match text from i on.
bool Pattern::matches_text(std::string_view text) const {
  size_t n = text.size();
  std::vector<bool> after(n + 1, false), now(n + 1, false);
  after[n] = true;
  for (size_t t = tokens_.size(); t-- > 0;) {
    const Token& token = tokens_[t];
    bool behind_slash = false;  // the tokens from here on match behind the next '/'
    for (size_t i = n + 1; i-- > 0;) {
      bool more = i < n;
      switch (token.kind) {
        case Kind::literal:
          now[i] = more && text[i] == token.c && after[i + 1];
          break;
        case Kind::any:
          now[i] = more && text[i] != '/' && after[i + char_at(text, i).size];
          break;
        case Kind::set:
          if (!more) {
            now[i] = false;
          } else {
            const Char c = char_at(text, i);
            now[i] = token.set.holds(c.value) && after[i + c.size];
          }
          break;
        case Kind::star:
          now[i] = after[i] || (more && text[i] != '/' && now[i + 1]);
          break;
        case Kind::directories:
          if (more && text[i] == '/') behind_slash = now[i + 1];
          now[i] = after[i] || behind_slash;
          break;
        case Kind::rest:
          now[i] = more;
          break;
        case Kind::never:
          now[i] = false;
          break;
      }
    }
    std::swap(after, now);
  }
  return after[0];
}

base::Status PatternList::add(std::string_view line, size_t number) {
  line = strip_end(line);
  if (line.empty() || line.front() == '#' || line == "!" || line == "/") return {};
  if (patterns_.size() == kMaxPatterns) {
    return {base::Code::invalid_argument, "line " + std::to_string(number) + ": more than kMaxPatterns (" +
                                              std::to_string(kMaxPatterns) + ") patterns"};
  }
  auto pattern = Pattern::parse(line);
  if (!pattern.ok()) return pattern.status().with_context("line " + std::to_string(number));
  patterns_.push_back(std::move(*pattern));
  return {};
}

base::Result<PatternList> PatternList::parse_file(std::string_view text) {
  PatternList list;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  for (size_t number = 1; !text.empty(); ++number) {
    size_t end = std::min(text.find('\n'), text.size());
    TARN_TRY(list.add(text.substr(0, end), number));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return list;
}

base::Result<PatternList> PatternList::parse_lines(const std::vector<std::string>& lines) {
  PatternList list;
  for (size_t i = 0; i < lines.size(); ++i) TARN_TRY(list.add(lines[i], i + 1));
  return list;
}

std::optional<bool> PatternList::decide(std::string_view given, bool is_directory) const {
  if (patterns_.empty()) return std::nullopt;
  const std::string path = text::composed(given);
  for (size_t i = patterns_.size(); i-- > 0;) {
    if (patterns_[i].matches(path, is_directory)) return !patterns_[i].negated();
  }
  return std::nullopt;
}

}  // namespace tarn::connector::folder
