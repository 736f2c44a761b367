// Languages with braces: what stands before a brace declares what is in it.
#include <algorithm>
#include <cstddef>
#include <utility>

#include "base/ascii.h"
#include "document/code/declarations.h"
#include "document/code/found.h"

namespace tarn::document::code {
namespace {

constexpr size_t kMaxHeader = 2000;    // what is looked at before a brace
constexpr size_t kMaxScopes = 10'000;  // braces within each other
constexpr size_t kMaxRawMark = 20;     // of C++: R"mark(

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
  bool ends_statement(size_t newline) {
    if (base::trimmed(header_) == "<?php") return true;
    if (header_.empty() ||
        one_of(language_.name, {"c", "cpp", "csharp", "java", "rust", "php", "perl", "dart", "protobuf", "zig"})) {
      return false;
    }
    const std::string_view so_far = base::trimmed(header_);
    if (so_far.empty() || std::string_view(",=(<>:&|+-.").find(so_far.back()) != std::string_view::npos) return false;
    if (next_ < newline) next_ = std::min(text_.find_first_not_of(" \t\r\n", newline), text_.size());
    if (next_ == text_.size()) return true;
    const std::string_view rest = text_.substr(next_, 12);
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
      const size_t open = text_.substr(0, i + kMaxRawMark).find('(', i);
      if (open != std::string_view::npos) {
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

  // Blanks are one blank.
  void word(char c) {
    if (c == '\t' || c == '\r') c = ' ';
    if (c == ' ' && (header_.empty() || header_.back() == ' ')) return;
    if (header_.empty()) header_line_ = line_;
    if (header_.size() < kMaxHeader) header_ += c;
  }
  void clear() {
    header_.clear();
    parentheses_ = 0;
  }

  enum class Scope { plain, open, body };  // an open one holds declarations: a file, a class, a namespace

  void open() {
    const bool declares = scopes_.empty() || scopes_.back().first == Scope::open;
    header_ = without_marks(std::move(header_));
    Scope scope = declares && header_.empty() ? Scope::body : Scope::plain;
    int level = scopes_.empty() ? 1 : scopes_.back().second;
    if (declares && !header_.empty() && parentheses_ == 0) {
      if (const std::string title = container_in(header_, language_.name); !title.empty()) {
        if (title != " ") found_->add(header_line_, level++, title);
        scope = Scope::open;
      } else if (const std::string function = function_in(header_, language_.name); !function.empty()) {
        found_->add(header_line_, level, function);
        scope = Scope::body;
      }
    }
    if (scopes_.size() < kMaxScopes) scopes_.emplace_back(scope, level);
    clear();
  }

  void close() {
    if (!scopes_.empty()) scopes_.pop_back();
    clear();
  }

  std::string_view text_;
  const Language& language_;
  Found* found_;
  uint32_t line_ = 0, header_line_ = 0;
  std::string header_;  // what stands before the next brace, without comments
  int parentheses_ = 0;
  size_t next_ = 0;  // where the next word begins, of the blanks that were looked through last
  std::vector<std::pair<Scope, int>> scopes_;
};

}  // namespace

void find_in_braces(std::string_view text, const Language& language, Found* found) {
  Braces(text, language, found).run();
}

}  // namespace tarn::document::code
