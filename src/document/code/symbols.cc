#include "document/code/symbols.h"

#include <algorithm>
#include <iterator>

#include "base/ascii.h"

namespace tarn::document::code {
namespace {

bool is_name(char c) { return base::is_alnum(c) || c == '_' || c == '$' || (c & '\x80') != 0; }

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

// The name at `at`, with the parts of its path ("Tide::flow", "port.Tide").
std::string_view name_at(std::string_view text, size_t at) {
  while (at < text.size() && text[at] == ' ') ++at;
  size_t end = at;
  while (end < text.size() && (is_name(text[end]) || text[end] == '.' || text[end] == '~' ||
                               (text[end] == ':' && end + 2 < text.size() && text[end + 1] == ':'))) {
    end += text[end] == ':' ? 2 : 1;
  }
  return text.substr(at, end - at);
}

// Where the word stands in `text`, alone.
size_t find_word(std::string_view text, std::string_view word) {
  for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const size_t end = at + word.size();
    if ((at == 0 || !is_name(text[at - 1])) && (end == text.size() || !is_name(text[end]))) return at;
  }
  return std::string_view::npos;
}

// Comments and marks right above a declaration belong to it.
class Starts {
 public:
  explicit Starts(const std::vector<std::string_view>& lines) : lines_(lines) {}
  uint32_t above(uint32_t line, uint32_t floor) const {
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

 private:
  const std::vector<std::string_view>& lines_;
};

class Found {
 public:
  explicit Found(const std::vector<std::string_view>& lines) : starts_(lines) {}
  void add(uint32_t line, int level, std::string title) {
    if (symbols_.size() >= kMaxSymbols || level > kMaxSymbolLevel || title.empty() || title.size() > 200) return;
    const uint32_t floor = symbols_.empty() ? 0 : symbols_.back().line + 1;
    if (line < floor) return;
    symbols_.push_back({starts_.above(line, floor), level, std::move(title)});
  }
  std::vector<Symbol> take() { return std::move(symbols_); }

 private:
  Starts starts_;
  std::vector<Symbol> symbols_;
};

// ---- languages with braces ----

constexpr std::string_view kContainers[] = {"class",   "struct",   "interface", "enum",   "trait",  "impl",
                                            "union",   "protocol", "extension", "object", "record", "message",
                                            "service", "module",   "mod",       "actor"};
constexpr std::string_view kFunctions[] = {"func", "fn", "fun", "function", "def", "sub", "proc", "rpc"};

class Braces {
 public:
  Braces(std::string_view text, const Language& language, Found* found)
      : text_(text), language_(language), found_(found) {}

  void run() {
    for (size_t i = 0; i < text_.size(); ++i) {
      const char c = text_[i];
      if (c == '\n') {
        if (parentheses_ == 0 && ends_statement(i)) clear();
        ++line_;
        word(' ');
      } else if (c == '/' && peek(i) == '/' && language_.name != "tcl") {
        i = std::min(text_.find('\n', i), text_.size()) - 1;
      } else if (c == '#' && header_.empty() && one_of(language_.name, {"c", "cpp", "csharp", "swift"})) {
        i = directive_end(i);
      } else if (c == '#' && hash_comments()) {
        i = std::min(text_.find('\n', i), text_.size()) - 1;
      } else if (c == '/' && peek(i) == '*') {
        i = skip_to(i, "*/");
      } else if (c == '"' || (c == '\'' && quotes(i)) || (c == '`' && ticks())) {
        i = string_end(i);
        word('"');
      } else if (c == '(' || c == '[') {
        ++parentheses_;
        word(c);
      } else if (c == ')' || c == ']') {
        parentheses_ = std::max(parentheses_ - 1, 0);
        word(c);
      } else if (c == '{') {
        open();
      } else if (c == '}') {
        close();
      } else if ((c == ';' && parentheses_ == 0) || (c == ':' && is_access(header_))) {
        clear();
      } else {
        word(c);
      }
    }
  }

 private:
  char peek(size_t i) const { return i + 1 < text_.size() ? text_[i + 1] : '\0'; }
  bool hash_comments() const { return one_of(language_.name, {"perl", "php", "powershell", "tcl", "awk"}); }
  bool ticks() const { return one_of(language_.name, {"javascript", "typescript", "go"}); }
  static bool is_access(std::string_view header) {
    header = base::trimmed(header);
    return one_of(header,
                  {"public", "private", "protected", "signals", "public slots", "private slots", "protected slots"});
  }

  // The preprocessor's line, with those that it goes on in.
  size_t directive_end(size_t i) {
    for (; i + 1 < text_.size() && text_[i + 1] != '\n'; ++i) {
      if (text_[i + 1] == '\\' && i + 2 < text_.size() && text_[i + 2] == '\n') ++i, ++line_;
    }
    return i;
  }

  // Where semicolons may be left out, a line ends a statement that it does not seem to go on with.
  bool ends_statement(size_t newline) const {
    if (base::trimmed(header_) == "<?php") return true;
    if (header_.empty() ||
        one_of(language_.name, {"c", "cpp", "csharp", "java", "rust", "php", "perl", "dart", "protobuf", "zig"})) {
      return false;
    }
    const std::string_view so_far = base::trimmed(header_);
    if (so_far.empty() || std::string_view(",=(<>:&|+-.").find(so_far.back()) != std::string_view::npos) return false;
    const size_t next = text_.find_first_not_of(" \t\r\n", newline);
    if (next == std::string_view::npos) return true;
    const std::string_view rest = text_.substr(next, 12);
    for (const std::string_view more :
         {"{", ":", "->", "where ", "extends ", "implements ", "with ", ".", "=>", "throws"}) {
      if (rest.starts_with(more)) return false;
    }
    return so_far.front() != '@' || rest.starts_with("@");
  }

  // 'a' is a character, but 'a of Rust a lifetime, and 1'000 a number.
  bool quotes(size_t i) const {
    if (i > 0 && is_name(text_[i - 1])) return false;
    if (language_.name != "rust") return true;
    return text_.substr(i + 1, 1) == "\\" || (i + 2 < text_.size() && text_[i + 2] == '\'');
  }

  size_t skip_to(size_t i, std::string_view end) {
    const size_t at = text_.find(end, i + 2);
    const size_t stop = at == std::string_view::npos ? text_.size() : at + end.size();
    line_ += static_cast<uint32_t>(
        std::count(text_.begin() + static_cast<ptrdiff_t>(i), text_.begin() + static_cast<ptrdiff_t>(stop), '\n'));
    return stop - 1;
  }

  size_t string_end(size_t i) {
    const char quote = text_[i];
    if (quote == '"' && i > 0 && text_[i - 1] == 'R' && language_.name == "cpp") {  // R"x( … )x"
      const size_t open = text_.find('(', i);
      if (open != std::string_view::npos && open - i < 20) {
        return skip_to(i, ")" + std::string(text_.substr(i + 1, open - i - 1)) + "\"");
      }
    }
    if (text_.substr(i).starts_with("\"\"\"")) return skip_to(i, "\"\"\"");
    for (size_t at = i + 1; at < text_.size(); ++at) {
      if (text_[at] == '\\' && language_.name != "go") {
        line_ += at + 1 < text_.size() && text_[at + 1] == '\n';
        ++at;
      } else if (text_[at] == quote) {
        return at;
      } else if (text_[at] == '\n') {
        if (quote != '`') return at - 1;  // it ends with its line, whatever it was
        ++line_;
      }
    }
    return text_.size();
  }

  void word(char c) {
    if (header_.empty()) {
      if (c == ' ') return;
      header_line_ = line_;
    }
    if (header_.size() < 2000) header_ += c == '\t' || c == '\r' ? ' ' : c;
  }
  void clear() {
    header_.clear();
    parentheses_ = 0;
  }

  enum class Scope { plain, open, body };  // an open one holds declarations: a file, a class, a namespace

  void open() {
    const bool declares = scopes_.empty() || scopes_.back().first == Scope::open;
    drop_marks();
    Scope scope = declares && header_.empty() ? Scope::body : Scope::plain;
    int level = scopes_.empty() ? 1 : scopes_.back().second;
    if (declares && !header_.empty() && parentheses_ == 0) {
      if (const std::string title = container(); !title.empty()) {
        if (title != " ") found_->add(header_line_, level++, title);
        scope = Scope::open;
      } else if (const std::string function = this->function(); !function.empty()) {
        found_->add(header_line_, level, function);
        scope = Scope::body;
      }
    }
    if (scopes_.size() < 10'000) scopes_.emplace_back(scope, level);
    clear();
  }

  void close() {
    if (!scopes_.empty()) scopes_.pop_back();
    clear();
  }

  // What stands before a declaration and may hold words of one: "template <class T>", "#[derive(A)]", "@Get(\"/\")".
  void drop_marks() {
    const auto balanced = [&](size_t at, char open, char close) {
      int depth = 0;
      for (; at < header_.size(); ++at) {
        depth += header_[at] == open;
        depth -= header_[at] == close;
        if (depth == 0) return at + 1;
      }
      return header_.size();
    };
    for (size_t from = 0;;) {
      from = std::min(header_.find_first_not_of(' ', from), header_.size());
      const std::string_view rest = std::string_view(header_).substr(from);
      size_t to = from;
      if (rest.starts_with("template") && header_.find('<', from) != std::string::npos) {
        to = balanced(header_.find('<', from), '<', '>');
      } else if (rest.starts_with("#[") || rest.starts_with("[")) {
        to = balanced(header_.find('[', from), '[', ']');
      } else if (rest.starts_with('@') && !rest.starts_with("@interface")) {
        to = from + 1 + name_at(header_, from + 1).size();
        if (to < header_.size() && header_[to] == '(') to = balanced(to, '(', ')');
      }
      if (to == from) {
        header_.erase(0, from);
        return;
      }
      from = to;
    }
  }

  // "class Tide"; " " for what only holds others together.
  std::string container() const {
    for (const std::string_view word : {"namespace", "extern", "package"}) {
      if (find_word(header_, word) != std::string_view::npos && header_.find('(') == std::string::npos) return " ";
    }
    if (language_.name == "go" && header_.starts_with("type ")) {
      return find_word(header_, "struct") != std::string_view::npos ||
                     find_word(header_, "interface") != std::string_view::npos
                 ? "type " + std::string(name_at(header_, 5))
                 : std::string();
    }
    size_t first = std::string_view::npos;
    std::string_view kind;
    for (const std::string_view word : kContainers) {
      const size_t at = find_word(header_, word);
      if (at < first) first = at, kind = word;
    }
    const size_t bracket = header_.find('(');
    const bool parameters = kind == "record" || kind == "class" || kind == "object";  // of Kotlin, Scala and C#
    if (first == std::string_view::npos || (bracket != std::string::npos && (!parameters || bracket < first))) {
      return {};
    }
    if (header_.find('=') < first || header_.starts_with("return")) return {};
    for (const std::string_view function : kFunctions) {
      if (find_word(header_, function) < first) return {};
    }
    if (kind == "impl") {
      std::string rest(base::trimmed(std::string_view(header_).substr(first)));
      return rest.substr(0, 120);
    }
    size_t at = first + kind.size();
    std::string_view name = name_at(header_, at);
    // "enum class X", "class EXPORT X", "class alignas(8) X"
    for (int n = 0; n < 2; ++n) {
      const size_t next = name.empty() ? at : static_cast<size_t>(name.data() - header_.data()) + name.size();
      const std::string_view second = name_at(header_, next);
      const bool keyword =
          one_of(name, {"class", "struct", "case", "object"}) ||
          (std::all_of(name.begin(), name.end(), [](char c) { return !base::is_lower(c); }) && name.size() > 2);
      if (!keyword || second.empty() || one_of(second, {"extends", "implements", "final"})) break;
      name = second;
    }
    if (name.empty()) return " ";
    return std::string(kind) + " " + std::string(name);
  }

  std::string function() const {
    for (const std::string_view word : kFunctions) {
      const size_t at = find_word(header_, word);
      if (at == std::string_view::npos || (at > 0 && header_.find_first_of("(=") < at && word != "function")) continue;
      size_t from = at + word.size();
      while (from < header_.size() && (header_[from] == ' ' || header_[from] == '*')) ++from;
      if (from < header_.size() && header_[from] == '(' && language_.name == "go") {  // whose method it is
        const size_t end = header_.find(')', from);
        if (end == std::string::npos) return {};
        std::string_view receiver = std::string_view(header_).substr(from + 1, end - from - 1);
        receiver = receiver.substr(
            receiver.find_last_of(" *") == std::string_view::npos ? 0 : receiver.find_last_of(" *") + 1);
        return std::string(receiver) + "." + std::string(name_at(header_, end + 1)) + "()";
      }
      const std::string_view name = name_at(header_, from);
      if (!name.empty()) return std::string(name) + "()";
      break;
    }
    // "const tide = (day) => {", "tide: function (day) {"
    if (header_.find("=>") != std::string::npos || find_word(header_, "function") != std::string_view::npos) {
      for (const std::string_view word : {"const", "let", "var"}) {
        const size_t at = find_word(header_, word);
        if (at == std::string_view::npos) continue;
        const std::string_view name = name_at(header_, at + word.size());
        if (!name.empty()) return std::string(name) + "()";
      }
      return {};
    }
    if (one_of(language_.name, {"go", "rust", "perl", "protobuf", "awk", "tcl"})) return {};
    const size_t bracket = header_.find('(');
    if (bracket == std::string::npos || bracket == 0 ||
        (header_.find('=') < bracket && header_.find("operator") == std::string::npos)) {
      return {};
    }
    size_t end = bracket;
    while (end > 0 && header_[end - 1] == ' ') --end;
    size_t start = end;
    while (start > 0 && (is_name(header_[start - 1]) || header_[start - 1] == '~' ||
                         (header_[start - 1] == ':' && start > 1 &&
                          (header_[start - 2] == ':' || (start < end && header_[start] == ':'))))) {
      --start;
    }
    const std::string_view name = std::string_view(header_).substr(start, end - start);
    if (name.empty() || base::is_digit(name[0]) ||
        one_of(name, {"if",    "for",  "while", "switch", "catch",   "return",       "foreach", "using",
                      "lock",  "do",   "else",  "elseif", "try",     "synchronized", "unless",  "until",
                      "guard", "when", "match", "sizeof", "defined", "with",         "fixed"})) {
      return {};
    }
    return std::string(name) + "()";
  }

  std::string_view text_;
  const Language& language_;
  Found* found_;
  uint32_t line_ = 0, header_line_ = 0;
  std::string header_;  // what stands before the next brace, without comments
  int parentheses_ = 0;
  std::vector<std::pair<Scope, int>> scopes_;
};

// ---- languages that are read line by line ----

size_t indent_of(std::string_view line) { return std::min(line.find_first_not_of(" \t"), line.size()); }

void python(const std::vector<std::string_view>& lines, Found* found) {
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
void ends(const std::vector<std::string_view>& lines, Found* found) {
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

void shell(const std::vector<std::string_view>& lines, Found* found) {
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

void sql(const std::vector<std::string_view>& lines, Found* found) {
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

}  // namespace

std::vector<Symbol> find_symbols(std::string_view text, const Language& language) {
  const std::vector<std::string_view> lines = lines_of(text);
  Found found(lines);
  switch (language.form) {
    case Form::braces:
      Braces(text, language, &found).run();
      break;
    case Form::python:
      python(lines, &found);
      break;
    case Form::ends:
      ends(lines, &found);
      break;
    case Form::shell:
      shell(lines, &found);
      break;
    case Form::sql:
      sql(lines, &found);
      break;
    case Form::none:
      break;
  }
  return found.take();
}

}  // namespace tarn::document::code
