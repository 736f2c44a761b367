#include "document/markup/asciidoc_inline.h"

#include <algorithm>

#include "base/ascii.h"
#include "document/markup/mark_ends.h"

namespace tarn::document::markup {
namespace {

constexpr int kMaxAttributes = 4;  // within each other
constexpr size_t kMaxMacroName = 30, kMaxAttributeName = 60;
constexpr int kMaxInner = 8;               // marks within each other
constexpr size_t kMaxWordsBytes = 20'000;  // of a macro

bool is_word(char c) { return base::is_alnum(c) || c == '_' || (c & '\x80') != 0; }

// The marks within a paragraph.
class Inline {
 public:
  Inline(std::string_view text, const AsciiDocNames& names, InlineText* out) : text_(text), names_(names), out_(out) {}

  void run() {
    while (at_ < text_.size()) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size() &&
          std::string_view("*_`#^~{[<+\\").find(text_[at_ + 1]) != std::string_view::npos) {
        plain_ += text_[at_ + 1];
        at_ += 2;
        continue;
      }
      if (!mark()) plain_ += text_[at_++];
    }
    flush();
  }

 private:
  void flush() {
    out_->add_text(plain_);
    plain_.clear();
  }
  char at(size_t i) const { return i < text_.size() ? text_[i] : '\0'; }

  void inner(std::string_view text) {
    if (depth_ >= kMaxInner) return out_->add_text(text);
    Inline within(text, names_, out_);
    within.depth_ = depth_ + 1;
    within.run();
  }

  // `sign` around words: doubled anywhere, single at the edges of words.
  bool around(char sign, auto&& put) {
    const bool doubled = at(at_ + 1) == sign;
    const size_t size = doubled ? 2 : 1;
    if (!doubled && at_ > 0 && is_word(text_[at_ - 1])) return false;
    const std::string close(size, sign);
    if (at(at_ + size) == ' ' || at(at_ + size) == '\n' || at(at_ + size) == '\0' || at(at_ + size) == sign) {
      return false;
    }
    const size_t end = ends_.find(close, at_, at_ + size + 1, [&](size_t i) {
      return text_[i - 1] != ' ' && text_[i - 1] != '\n' && (doubled || (!is_word(at(i + 1)) && at(i + 1) != sign));
    });
    if (end == std::string_view::npos) return false;
    flush();
    put(text_.substr(at_ + size, end - at_ - size));
    at_ = end + size;
    return true;
  }

  bool mark() {
    const char c = text_[at_];
    const std::string_view rest = text_.substr(at_);
    if (c == '`') {
      return around('`', [&](std::string_view words) {
        if (words.size() > 1 && words.front() == '+' && words.back() == '+') words = words.substr(1, words.size() - 2);
        out_->open_code();
        std::string code;
        for (size_t i = 0; i < words.size(); ++i) {
          const bool escape = words[i] == '\\' && i + 1 < words.size() && is_sign(words[i + 1]);
          if (!escape) code += words[i];
        }
        out_->add_text(with_attributes(code, names_));
        out_->close_code();
      });
    }
    if (rest.starts_with("+++")) {
      const size_t end = text_.substr(0, at_ + kMaxMarkBytes).find("+++", at_ + 3);
      if (end == std::string_view::npos) return false;
      plain_ += text_.substr(at_ + 3, end - at_ - 3);
      at_ = end + 3;
      return true;
    }
    if (c == '+') return around('+', [&](std::string_view words) { out_->add_text(words); });
    if (c == '*' || c == '_') {
      const Mark kind = c == '*' ? Mark::strong : Mark::emphasis;
      return around(c, [&](std::string_view words) {
        out_->open(kind);
        inner(words);
        out_->close(kind);
      });
    }
    if (c == '#') return around('#', [&](std::string_view words) { inner(words); });
    if (c == '^' || c == '~') {
      const size_t end = text_.substr(0, at_ + kMaxMarkBytes).find(c, at_ + 1);
      if (end == std::string_view::npos || end == at_ + 1 || end - at_ > 60) return false;
      const std::string_view words = text_.substr(at_ + 1, end - at_ - 1);
      if (words.find_first_of(" \n") != std::string_view::npos) return false;
      flush();
      inner(words);
      at_ = end + 1;
      return true;
    }
    if (rest.starts_with("<<") && !rest.starts_with("<<<")) {
      const size_t end = text_.substr(0, at_ + kMaxMarkBytes).find(">>", at_);
      if (end == std::string_view::npos || end - at_ > 300) return false;
      flush();
      reference(text_.substr(at_ + 2, end - at_ - 2));
      at_ = end + 2;
      return true;
    }
    if (rest.starts_with("[[")) {  // an anchor
      const size_t end = text_.substr(0, at_ + kMaxMarkBytes).find("]]", at_);
      if (end == std::string_view::npos || end - at_ > 200) return false;
      at_ = end + 2;
      return true;
    }
    if (c == '[' && at(at_ + 1) != ']') {  // "[.role]#words#", "[big]*words*": what it says of the words is left out
      const size_t end = text_.substr(0, at_ + kMaxMarkBytes).find(']', at_);
      if (end != std::string_view::npos && end - at_ < 60 && (at_ == 0 || !is_word(text_[at_ - 1])) &&
          end + 1 < text_.size() && std::string_view("#*_`").find(text_[end + 1]) != std::string_view::npos) {
        at_ = end + 1;
        return true;
      }
    }
    if (rest.starts_with("\"`") || rest.starts_with("'`")) {
      const std::string close = std::string("`") + c;
      const size_t end = text_.substr(0, at_ + kMaxMarkBytes).find(close, at_ + 2);
      if (end == std::string_view::npos) return false;
      flush();
      out_->add_text(c == '"' ? "“" : "‘");
      inner(text_.substr(at_ + 2, end - at_ - 2));
      out_->add_text(c == '"' ? "”" : "’");
      at_ = end + 2;
      return true;
    }
    if (c == '<' && (rest.starts_with("<http") || rest.starts_with("<mailto:"))) {
      const size_t end = text_.substr(0, at_ + kMaxMarkBytes).find('>', at_);
      if (end == std::string_view::npos) return false;
      plain_ += text_.substr(at_ + 1, end - at_ - 1);
      at_ = end + 1;
      return true;
    }
    if (rest.starts_with("(((")) {  // an index term that is not seen
      const size_t end = text_.substr(0, at_ + kMaxMarkBytes).find(")))", at_);
      if (end == std::string_view::npos) return false;
      at_ = end + 3;
      return true;
    }
    if (rest.starts_with("((")) {
      const size_t end = text_.substr(0, at_ + kMaxMarkBytes).find("))", at_);
      if (end == std::string_view::npos) return false;
      plain_ += text_.substr(at_ + 2, end - at_ - 2);
      at_ = end + 2;
      return true;
    }
    if (base::is_letter(c) && (at_ == 0 || !is_word(text_[at_ - 1]))) return macro();
    return false;
  }

  static bool is_sign(char c) { return std::string_view("*_`#^~{[<+-'.").find(c) != std::string_view::npos; }

  void reference(std::string_view text) {
    const size_t comma = text.find(',');
    std::string_view words =
        comma == std::string_view::npos ? std::string_view() : base::trimmed(text.substr(comma + 1));
    std::string id(base::trimmed(text.substr(0, comma)));
    if (!words.empty()) return inner(words);
    if (id.starts_with('#')) id.erase(0, 1);
    const auto title = names_.titles.find(id);
    if (title != names_.titles.end() && names_.expansion.take(title->second.size())) return inner(title->second);
    out_->add_text(id);
  }

  // "name:target[words]", "https://site/page[words]".
  bool macro() {
    size_t end = at_;
    while (end - at_ <= kMaxMacroName && (base::is_alnum(at(end)) || at(end) == '-' || at(end) == '_')) ++end;
    if (at(end) != ':' || end - at_ > kMaxMacroName) return false;
    const std::string name(text_.substr(at_, end - at_));
    const bool address = name == "http" || name == "https" || name == "ftp" || name == "irc" || name == "mailto";
    const bool image = at(end + 1) == ':' && !address;
    const size_t start = end + 1 + image, open = target_end(start, address);
    if (at(open) != '[') {
      if (!address || open - start < 3) return false;
      plain_ += text_.substr(at_, open - at_);
      at_ = open;
      return true;
    }
    const size_t close = closing(open);
    if (close == std::string_view::npos) return false;
    std::string target(text_.substr(start, open - start));
    std::string_view words = text_.substr(open + 1, close - open - 1);
    if (address) target = name + ":" + target;
    flush();
    at_ = close + 1;
    if (name == "footnote" || name == "footnoteref") {
      if (name == "footnoteref" && words.find(',') != std::string_view::npos) words.remove_prefix(words.find(',') + 1);
      if (words.empty()) return true;
      names_.footnotes->push(std::string(words));
      out_->add_text(" [" + std::to_string(names_.footnotes->items().size()) + "]");
      return true;
    }
    if (name == "xref") {
      if (words.empty()) {
        reference(target);
      } else {
        inner(words);
      }
      return true;
    }
    if (name == "image" || name == "icon") {
      const size_t comma = words.find(',');
      std::string_view alt = base::trimmed(words.substr(0, comma));
      if (alt.find('=') != std::string_view::npos) alt = {};
      out_->add_image(alt, target);
      return true;
    }
    if (name == "pass") {
      out_->add_text(words);
      return true;
    }
    if (name == "kbd" || name == "btn" || name == "menu" || name == "stem" || name == "latexmath" ||
        name == "asciimath") {
      out_->open_code();
      out_->add_text(target.empty() ? std::string(words) : target + (words.empty() ? "" : " > " + std::string(words)));
      out_->close_code();
      return true;
    }
    if (name == "anchor" || name == "indexterm") return true;
    if (name == "indexterm2") {
      inner(words);
      return true;
    }
    if (address || name == "link") {
      // "words^", "words,window=_blank", "\"words, more\",role=x"
      if (words.starts_with('"') && words.find('"', 1) != std::string_view::npos) {
        words = words.substr(1, words.find('"', 1) - 1);
      } else if (const size_t comma = words.find(',');
                 comma != std::string_view::npos && words.find('=', comma) != std::string_view::npos) {
        words = words.substr(0, comma);
      }
      if (words.ends_with('^')) words.remove_suffix(1);
      if (words.find('=') != std::string_view::npos && words.find(' ') == std::string_view::npos) words = {};
      if (target.starts_with("++") && target.ends_with("++") && target.size() > 4) {
        target = target.substr(2, target.size() - 4);
      }
      target = with_attributes(target, names_);
      out_->open_link(name == "mailto" && words.empty() ? "" : target);
      inner(words.empty() ? std::string_view(target).substr(name == "mailto" ? 7 : 0) : words);
      out_->close_link();
      return true;
    }
    // "linkgit:git-log[1]": a name with its section, or with words of its own.
    const bool section = !words.empty() && words.find_first_not_of("0123456789") == std::string_view::npos;
    out_->add_text(section ? target + "(" + std::string(words) + ")" : words.empty() ? target : std::string(words));
    return true;
  }

  // Where what a macro names ends: the same place for all that begin before it.
  size_t target_end(size_t start, bool address) {
    size_t& end = target_ends_[address];
    if (end < start) end = std::min(text_.find_first_of(address ? " \n[<>" : " \n[", start), text_.size());
    return end;
  }

  // The ']' of the '[' at `open`; npos where there is none, or behind kMaxWordsBytes.
  size_t closing(size_t open) {
    if (closings_.empty()) {
      closings_.resize(text_.size(), std::string_view::npos);
      std::vector<size_t> opened;
      for (size_t i = 0; i < text_.size(); ++i) {
        if (text_[i] == '\\') {
          ++i;
        } else if (text_[i] == '[') {
          opened.push_back(i);
        } else if (text_[i] == ']' && !opened.empty()) {
          closings_[opened.back()] = i;
          opened.pop_back();
        }
      }
    }
    const size_t close = closings_[open];
    return close != std::string_view::npos && close - open < kMaxWordsBytes ? close : std::string_view::npos;
  }

  std::string_view text_;
  const AsciiDocNames& names_;
  InlineText* out_;
  std::string plain_;
  size_t at_ = 0;
  int depth_ = 0;
  MarkEnds ends_{text_};
  size_t target_ends_[2] = {0, 0};  // of names, of addresses
  std::vector<size_t> closings_;    // of each '['; empty: nobody asked
};

}  // namespace

std::string with_attributes(std::string_view text, const AsciiDocNames& names, int depth) {
  if (text.find('{') == std::string_view::npos) return std::string(text);
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const size_t open = std::min(text.find('{', at), text.size());
    out += text.substr(at, open - at);
    at = open;
    if (at == text.size()) break;
    const size_t close = text.substr(0, at + kMaxAttributeName).find('}', at);
    const bool escaped = !out.empty() && out.back() == '\\';
    if (close != std::string_view::npos && !escaped) {
      const std::string name = base::lower(text.substr(at + 1, close - at - 1));
      const auto found = names.attributes.find(name);
      if (found != names.attributes.end() && depth < kMaxAttributes && names.expansion.take(found->second.size())) {
        out += with_attributes(found->second, names, depth + 1);
        at = close + 1;
        continue;
      }
      static const std::map<std::string_view, std::string_view> kSigns = {
          {"nbsp", " "},    {"zwsp", ""},      {"sp", " "},          {"empty", ""},     {"blank", ""},
          {"plus", "+"},    {"caret", "^"},    {"star", "*"},        {"tilde", "~"},    {"lt", "<"},
          {"gt", ">"},      {"amp", "&"},      {"vbar", "|"},        {"lbrace", "{"},   {"rbrace", "}"},
          {"startsb", "["}, {"endsb", "]"},    {"backslash", "\\"},  {"backtick", "`"}, {"apos", "'"},
          {"quot", "\""},   {"ldquo", "“"},    {"rdquo", "”"},       {"lsquo", "‘"},    {"rsquo", "’"},
          {"deg", "°"},     {"asterisk", "*"}, {"two-colons", "::"}, {"cpp", "C++"},    {"pp", "++"}};
      if (const auto sign = kSigns.find(name); sign != kSigns.end()) {
        out += sign->second;
        at = close + 1;
        continue;
      }
    }
    out += text[at++];
  }
  return out;
}

void add_asciidoc(std::string_view text, const AsciiDocNames& names, InlineText* out) {
  Inline(with_attributes(text, names), names, out).run();
}

}  // namespace tarn::document::markup
