#include "document/markup/rst_inline.h"

#include <algorithm>
#include <iterator>

#include "base/ascii.h"
#include "document/document.h"
#include "document/markup/mark_ends.h"

namespace tarn::document::markup {
namespace {

constexpr int kMaxSubstitutions = 4;  // within each other

// Roles whose text is read as words; all others name something in code.
constexpr std::string_view kTextRoles[] = {"ref",           "doc",         "term",   "numref",     "title-reference",
                                           "title",         "t",           "abbr",   "sup",        "sub",
                                           "subscript",     "superscript", "pep",    "rfc",        "guilabel",
                                           "menuselection", "emphasis",    "strong", "math",       "download",
                                           "any",           "index",       "issue",  "gh",         "cve",
                                           "cwe",           "source",      "dfn",    "mailheader", "newsgroup",
                                           "manpage",       "eq",          "cite",   "user",       "pr"};

bool is_text_role(std::string_view role) {
  return std::find(std::begin(kTextRoles), std::end(kTextRoles), role) != std::end(kTextRoles);
}

bool opens_after(char c) {
  return c == '\0' || static_cast<unsigned char>(c) >= 0x80 ||
         std::string_view(" \n'\"([{<-/:").find(c) != std::string_view::npos;
}
bool ends_before(char c) {
  return c == '\0' || static_cast<unsigned char>(c) >= 0x80 ||
         std::string_view(" \n'\")]}>-/:.,;!?\\").find(c) != std::string_view::npos;
}

std::string unescape(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
    } else if (++i < text.size() && text[i] != ' ' && text[i] != '\n') {
      out += text[i];
    }
  }
  return out;
}

class Inline {
 public:
  Inline(std::string_view text, const RstNames& names, InlineText* out, int depth)
      : text_(text), names_(names), out_(out), depth_(depth) {}

  void run() {
    std::string plain;
    const auto flush = [&] {
      out_->add_text(plain);
      plain.clear();
    };
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\\') {
        if (at_ + 1 < text_.size() && text_[at_ + 1] != ' ' && text_[at_ + 1] != '\n') plain += text_[at_ + 1];
        at_ += 2;
        continue;
      }
      const bool may_open = opens_after(at_ == 0 ? '\0' : text_[at_ - 1]) || (at_ > 1 && text_[at_ - 2] == '\\');
      if (c == '_' && ends_before(char_at(at_ + 1)) && at_ > 0 && base::is_alnum(text_[at_ - 1]) && word_link(&plain)) {
        continue;
      }
      const size_t before = at_;
      if (may_open && (c == '*' || c == '`' || c == '|' || c == '[' || c == ':')) {
        flush();
        if (mark()) continue;
        at_ = before;
      }
      plain += text_[at_++];
    }
    flush();
  }

 private:
  char char_at(size_t at) const { return at < text_.size() ? text_[at] : '\0'; }

  // Where `close` ends what begins at `from`.
  size_t end_of(std::string_view close, size_t from) {
    return ends_.find(close, from, from + 1, [&](size_t at) {
      const char last = text_[at - 1];
      if (last == ' ' || last == '\n' || (last == '\\' && close != "``")) return false;
      return ends_before(char_at(at + close.size())) || (close == "`" && char_at(at + 1) == '_');
    });
  }

  // "word_": of what was added last, the word is a link where the file says whereto.
  bool word_link(std::string* plain) {
    size_t start = plain->size();
    while (start > 0 &&
           (base::is_alnum((*plain)[start - 1]) || (*plain)[start - 1] == '-' || (*plain)[start - 1] == '.')) {
      --start;
    }
    const std::string word = plain->substr(start);
    const auto target = names_.targets.find(rst_name(word));
    if (target == names_.targets.end() || !names_.expansion.take(target->second.size())) return false;
    out_->add_text(plain->substr(0, start));
    plain->clear();
    link(word, target->second);
    at_ += char_at(at_ + 1) == '_' ? 2 : 1;
    return true;
  }

  void link(std::string_view words, std::string_view target) {
    out_->open_link(target);
    out_->add_text(words);
    out_->close_link();
  }

  void code(std::string_view words) {
    out_->open_code();
    out_->add_text(words);
    out_->close_code();
  }

  bool mark() {
    const std::string_view rest = text_.substr(at_);
    const auto spaced = [&](size_t size) {
      return char_at(at_ + size) == ' ' || char_at(at_ + size) == '\n' || char_at(at_ + size) == '\0';
    };
    if (rest.starts_with("``")) {
      const size_t end = end_of("``", at_ + 2);
      if (spaced(2) || end == std::string_view::npos) return false;
      code(text_.substr(at_ + 2, end - at_ - 2));
      at_ = end + 2;
      return true;
    }
    for (const auto& [sign, kind] : {std::pair{"**", Mark::strong}, {"*", Mark::emphasis}}) {
      const size_t size = std::string_view(sign).size();
      if (!rest.starts_with(sign)) continue;
      const size_t end = end_of(sign, at_ + size);
      if (spaced(size) || end == std::string_view::npos) return false;
      out_->open(kind);
      out_->add_text(unescape(text_.substr(at_ + size, end - at_ - size)));
      out_->close(kind);
      at_ = end + size;
      return true;
    }
    if (rest[0] == '`') return !spaced(1) && interpreted({});
    if (rest[0] == ':') {
      const size_t end = text_.substr(0, at_ + 64).find(":`", at_ + 1);
      if (end == std::string_view::npos || end - at_ > 60) return false;
      const std::string_view role = text_.substr(at_ + 1, end - at_ - 1);
      if (role.empty() || role.find_first_of(" \n`") != std::string_view::npos) return false;
      at_ = end + 1;
      return interpreted(role);
    }
    if (rest[0] == '|') {
      const size_t end = end_of("|", at_ + 1);
      if (spaced(1) || end == std::string_view::npos) return false;
      const auto found = names_.substitutions.find(rst_name(text_.substr(at_ + 1, end - at_ - 1)));
      if (found == names_.substitutions.end() || depth_ >= kMaxSubstitutions ||
          !names_.expansion.take(found->second.size())) {
        return false;
      }
      add_rst(found->second, names_, out_, depth_ + 1);
      at_ = end + 1;
      if (char_at(at_) == '_') ++at_;
      return true;
    }
    if (rest[0] == '[') {  // [1]_, [#note]_, [Ritchie78]_
      const size_t end = text_.substr(0, at_ + 64).find("]_", at_);
      if (end == std::string_view::npos || end - at_ > 40 ||
          text_.substr(at_, end - at_).find(' ') != std::string_view::npos) {
        return false;
      }
      std::string_view label = text_.substr(at_ + 1, end - at_ - 1);
      if (label.size() > 1 && label[0] == '#') label.remove_prefix(1);
      out_->add_text("[" + std::string(label) + "]");
      at_ = end + 2;
      return true;
    }
    return false;
  }

  // `text`, `text <target>`_, :role:`text`; at_ is at the first '`'.
  bool interpreted(std::string_view role) {
    const size_t end = end_of("`", at_ + 1);
    if (end == std::string_view::npos || end == at_ + 1) return false;
    const std::string_view inner = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    std::string words = unescape(inner), target;
    if (const size_t open = inner.rfind('<'); open != std::string_view::npos && inner.ends_with('>')) {
      target = unescape(inner.substr(open + 1, inner.size() - open - 2));
      words = unescape(base::trimmed(inner.substr(0, open)));
    }
    if (role.empty() && char_at(at_) == '_') {
      at_ += char_at(at_ + 1) == '_' ? 2 : 1;
      if (target.empty()) {
        const auto found = names_.targets.find(rst_name(words));
        if (found != names_.targets.end() && names_.expansion.take(found->second.size())) target = found->second;
      }
      if (words.empty()) words = target;
      link(words, target.ends_with('_') ? "" : target);
      return true;
    }
    if (role.empty() && char_at(at_) == ':') {  // the role stands behind it
      const size_t close = text_.find(':', at_ + 1);
      if (close != std::string_view::npos && close > at_ + 1 && close - at_ < 40 &&
          text_.substr(at_ + 1, close - at_ - 1).find_first_of(" \n`") == std::string_view::npos) {
        role = text_.substr(at_ + 1, close - at_ - 1);
        at_ = close + 1;
      }
    }
    if (role.empty()) {
      if (!target.empty()) words = unescape(inner);
      out_->open(Mark::emphasis);
      out_->add_text(words);
      out_->close(Mark::emphasis);
      return true;
    }
    const std::string_view kind = role.substr(role.rfind(':') == std::string_view::npos ? 0 : role.rfind(':') + 1);
    if (words.empty()) words = target;
    if (is_text_role(kind)) {
      if (target.empty() && (kind == "ref" || kind == "numref" || kind == "doc")) {
        const auto found = names_.titles.find(rst_name(words));
        if (found != names_.titles.end() && names_.expansion.take(found->second.size())) words = found->second;
      }
      if (words.starts_with('!')) words.erase(0, 1);
      if (kind == "pep") words = "PEP " + words;
      if (kind == "rfc") words = "RFC " + words;
      out_->add_text(words);
      return true;
    }
    if (words.starts_with('!')) words.erase(0, 1);
    if (words.starts_with('~')) words = words.substr(words.rfind('.') == std::string::npos ? 1 : words.rfind('.') + 1);
    code(words);
    return true;
  }

  std::string_view text_;
  const RstNames& names_;
  InlineText* out_;
  int depth_;
  size_t at_ = 0;
  MarkEnds ends_{text_};
};

}  // namespace

std::string rst_name(std::string_view text) {
  std::string out;
  for (const char c : base::trimmed(text)) {
    const bool blank = c == ' ' || c == '\n';
    if (!blank) {
      out += base::lower(c);
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  return out;
}

void add_rst(std::string_view text, const RstNames& names, InlineText* out, int depth) {
  Inline(text, names, out, depth).run();
}

}  // namespace tarn::document::markup
