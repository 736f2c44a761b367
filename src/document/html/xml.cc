#include "document/html/xml.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/ascii.h"

namespace tarn::document {
namespace {

constexpr std::string_view kNamespace = "http://www.w3.org/1999/xhtml";
constexpr size_t kHeadBytes = 4096;
constexpr size_t kMaxUnclosed = 100;  // elements that one end tag may close

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
bool is_name_start(char c) {
  return base::is_letter(c) || c == '_' || c == ':' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_name(char c) { return is_name_start(c) || base::is_digit(c) || c == '-' || c == '.'; }

bool is_void(std::string_view name) {
  for (std::string_view known : {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
                                 "source", "track", "wbr"}) {
    if (name == known) return true;
  }
  return false;
}
bool is_raw(std::string_view name) { return name == "script" || name == "style"; }

bool ends_with_any_case(std::string_view text, std::string_view end) {
  return text.size() >= end.size() &&
         std::equal(end.begin(), end.end(), text.end() - static_cast<ptrdiff_t>(end.size()),
                    [](char a, char b) { return a == base::lower(b); });
}

bool has_declaration(std::string_view page) {
  const size_t start = page.find_first_not_of(" \t\r\n");
  return start != std::string_view::npos && page.substr(start).starts_with("<?xml");
}

void append_escaped(std::string_view text, std::string* out) {
  for (char c : text) {
    if (c == '<') {
      *out += "&lt;";
    } else if (c == '&') {
      *out += "&amp;";
    } else {
      *out += c;
    }
  }
}

// One pass over the page. `strict`: nothing where it is not well-formed as far as tags go. Otherwise what is no XML is
// left as it is, for the HTML parser to make the best of.
class Rewriter {
 public:
  Rewriter(std::string_view page, bool strict) : page_(page), strict_(strict) {
    out_.reserve(page.size() + page.size() / 16);
  }

  std::optional<std::string> run() {
    while (at_ < page_.size() && ok_) {
      const size_t next = std::min(page_.find('<', at_), page_.size());
      if (!in_raw()) out_.append(page_.substr(at_, next - at_));
      at_ = next;
      if (at_ < page_.size()) markup();
    }
    if (strict_ && (!ok_ || !open_.empty())) return {};
    return std::move(out_);
  }

 private:
  std::string_view rest() const { return page_.substr(at_); }
  bool in_raw() const { return !open_.empty() && is_raw(open_.back()); }

  void fail() {
    if (strict_) ok_ = false;
    if (!in_raw()) out_ += page_[at_];  // text as it stands
    ++at_;
  }

  // Skips to behind `end`; false when it is not there.
  bool skip_behind(std::string_view end, size_t from, std::string_view* inner) {
    const size_t found = page_.find(end, from);
    if (found == std::string_view::npos) return false;
    *inner = page_.substr(from, found - from);
    at_ = found + end.size();
    return true;
  }

  void markup() {
    std::string_view inner;
    const size_t start = at_;
    if (rest().starts_with("<!--")) {
      if (!skip_behind("-->", at_ + 4, &inner)) return fail();
    } else if (rest().starts_with("<![CDATA[")) {
      if (!skip_behind("]]>", at_ + 9, &inner)) return fail();
      if (!in_raw()) append_escaped(inner, &out_);
    } else if (rest().starts_with("<?")) {
      if (!skip_behind("?>", at_ + 2, &inner)) return fail();
    } else if (rest().starts_with("<!")) {
      // <!DOCTYPE html … [ … ]>: what it declares is not needed.
      const size_t close = page_.find('>', at_), bracket = page_.find('[', at_);
      if (bracket < close && page_.find("]>", bracket) != std::string_view::npos) {
        at_ = page_.find("]>", bracket) + 2;
        out_ += "<!DOCTYPE html>";
      } else if (close != std::string_view::npos) {
        at_ = close + 1;
        out_.append(page_.substr(start, at_ - start));
      } else {
        fail();
      }
    } else if (rest().starts_with("</")) {
      end_tag();
    } else if (rest().size() > 1 && is_name_start(rest()[1])) {
      start_tag();
    } else {
      fail();
    }
  }

  std::string_view take_name() {
    const size_t start = at_;
    while (at_ < page_.size() && is_name(page_[at_])) ++at_;
    return page_.substr(start, at_ - start);
  }
  void skip_space() {
    while (at_ < page_.size() && is_space(page_[at_])) ++at_;
  }

  // "html:p" is p where the page says that html: is XHTML.
  std::string_view local(std::string_view name) const {
    const size_t colon = name.find(':');
    if (colon == std::string_view::npos || prefix_.empty() || name.substr(0, colon) != prefix_) return name;
    return name.substr(colon + 1);
  }

  void end_tag() {
    const size_t start = at_;
    at_ += 2;
    const std::string_view name = take_name();
    skip_space();
    if (at_ >= page_.size() || page_[at_] != '>' || name.empty()) {
      at_ = start;
      return fail();
    }
    ++at_;
    if (open_.empty() || open_.back() != name) {
      if (strict_) ok_ = false;
      if (in_raw()) return;  // a script may write tags
      const auto last = open_.rbegin() + static_cast<ptrdiff_t>(std::min(open_.size(), kMaxUnclosed));
      const auto found = std::find(open_.rbegin(), last, name);
      if (found != last) open_.erase(std::next(found).base(), open_.end());
    } else {
      open_.pop_back();
    }
    out_.append("</").append(local(name)).append(">");
  }

  void start_tag() {
    const size_t start = at_;
    ++at_;
    const std::string_view name = take_name();
    const size_t attributes = at_;
    bool closed = false;
    for (;;) {
      skip_space();
      if (at_ >= page_.size()) break;
      if (page_[at_] == '>') {
        closed = true;
        break;
      }
      if (rest().starts_with("/>")) {
        closed = true;
        break;
      }
      const std::string_view key = take_name();
      skip_space();
      if (key.empty() || at_ >= page_.size() || page_[at_] != '=') break;
      ++at_;
      skip_space();
      const char quote = at_ < page_.size() ? page_[at_] : ' ';
      const size_t end = quote == '"' || quote == '\'' ? page_.find(quote, at_ + 1) : std::string_view::npos;
      if (end == std::string_view::npos) break;
      const std::string_view value = page_.substr(at_ + 1, end - at_ - 1);
      if (key.starts_with("xmlns:") && value == kNamespace) prefix_ = key.substr(6);
      at_ = end + 1;
    }
    if (!closed) {  // attributes as HTML has them, or no tag at all
      if (strict_) ok_ = false;
      const size_t end = page_.find('>', attributes);
      at_ = start;
      if (end == std::string_view::npos) return fail();
      const bool at_once = page_[end - 1] == '/' && end - 1 > attributes && page_[end - 2] != '=';
      return open(name, page_.substr(attributes, end - attributes - at_once), at_once, end + 1);
    }
    const bool at_once = page_[at_] == '/';
    open(name, page_.substr(attributes, at_ - attributes), at_once, at_ + (at_once ? 2 : 1));
  }

  void open(std::string_view name, std::string_view attributes, bool at_once, size_t end) {
    at_ = end;
    if (in_raw()) {  // what looks like a tag in a script
      if (strict_) ok_ = false;
      return;
    }
    const std::string_view html = local(name);
    while (!attributes.empty() && is_space(attributes.back())) attributes.remove_suffix(1);
    out_.append("<").append(html).append(attributes).append(">");
    if (is_void(html)) {
      if (!at_once) open_void(name);
    } else if (at_once) {
      out_.append("</").append(html).append(">");
    } else {
      open_.push_back(name);
    }
  }

  // <br></br>: XML wants the end tag, HTML would take it for another.
  void open_void(std::string_view name) {
    const size_t before = at_;
    skip_space();
    if (rest().starts_with("</")) {
      at_ += 2;
      if (take_name() == name && at_ < page_.size() && page_[at_] == '>') {
        ++at_;
        return;
      }
    }
    at_ = before;
    if (strict_) ok_ = false;
  }

  std::string_view page_;
  bool strict_;
  bool ok_ = true;
  size_t at_ = 0;
  std::string_view prefix_;
  std::vector<std::string_view> open_;
  std::string out_;
};

bool is_surely_xml(std::string_view page, std::string_view name) {
  return has_declaration(page) || ends_with_any_case(name, ".xhtml") || ends_with_any_case(name, ".xht");
}

}  // namespace

bool is_xhtml(std::string_view page, std::string_view name) {
  return is_surely_xml(page, name) || page.substr(0, kHeadBytes).find(kNamespace) != std::string_view::npos;
}

std::string xhtml_as_html(std::string_view page, std::string_view name) {
  if (auto html = Rewriter(page, true).run()) return std::move(*html);
  if (!is_surely_xml(page, name)) return std::string(page);
  return *Rewriter(page, false).run();
}

}  // namespace tarn::document
