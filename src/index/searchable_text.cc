// What of a Markdown text is no text: the addresses of links, and the tags of HTML. In code everything is text.
#include <algorithm>
#include <iterator>
#include <string>

#include "base/ascii.h"
#include "document/markdown/block_scanner.h"
#include "index/definition.h"

namespace tarn::index {
namespace {

using base::is_letter;

using document::Block;
using document::BlockKind;

// Elements of HTML (and of the pictures within). A tag of another name is text: <bean class="…">, <name>.
constexpr std::string_view kElements[] = {
    "a",       "abbr",    "address",    "area",     "article", "aside",    "audio",      "b",        "base",   "bdi",
    "bdo",     "big",     "blockquote", "body",     "br",      "button",   "canvas",     "caption",  "center", "cite",
    "code",    "col",     "colgroup",   "data",     "dd",      "del",      "details",    "dfn",      "dialog", "dir",
    "div",     "dl",      "dt",         "em",       "embed",   "fieldset", "figcaption", "figure",   "font",   "footer",
    "form",    "frame",   "g",          "h1",       "h2",      "h3",       "h4",         "h5",       "h6",     "head",
    "header",  "hgroup",  "hr",         "html",     "i",       "iframe",   "img",        "input",    "ins",    "kbd",
    "label",   "legend",  "li",         "link",     "main",    "map",      "mark",       "menu",     "meta",   "meter",
    "nav",     "nobr",    "noscript",   "object",   "ol",      "optgroup", "option",     "output",   "p",      "param",
    "path",    "picture", "pre",        "progress", "q",       "rp",       "rt",         "ruby",     "s",      "samp",
    "script",  "section", "select",     "small",    "source",  "span",     "strike",     "strong",   "style",  "sub",
    "summary", "sup",     "svg",        "table",    "tbody",   "td",       "template",   "textarea", "tfoot",  "th",
    "thead",   "time",    "title",      "tr",       "track",   "tt",       "u",          "ul",       "var",    "video",
    "wbr"};
static_assert(std::is_sorted(std::begin(kElements), std::end(kElements)));

constexpr size_t kMaxLink = 4096, kMaxTag = 4096;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

class Blanker {
 public:
  explicit Blanker(std::string text) : text_(std::move(text)) {}

  void html(size_t at, size_t end) {
    for (; at < end; ++at) {
      if (text_[at] == '<') at = tag(at, end, true) - 1;
    }
  }

  void inlines(size_t at, size_t end) {
    while (at < end) {
      const char c = text_[at];
      if (c == '\\') {
        at += 2;
      } else if (c == '`') {
        at = behind_code(at, end);
      } else if (c == '<') {
        at = tag(at, end, false);
      } else if (c == ']' && at + 1 < end && text_[at + 1] == '(') {
        at = link(at + 1, std::min(end, at + kMaxLink));
      } else {
        ++at;
      }
    }
  }

  std::string take() { return std::move(text_); }

 private:
  void blank(size_t from, size_t to) {
    for (size_t i = from; i < to; ++i) {
      if (text_[i] != '\n') text_[i] = ' ';
    }
  }
  size_t skip_spaces(size_t at, size_t end) const {
    while (at < end && is_space(text_[at])) ++at;
    return at;
  }

  // Behind the code span that begins at `at`, or behind its marks when nothing closes it.
  size_t behind_code(size_t at, size_t end) const {
    const auto run = [&](size_t from) {
      size_t to = from;
      while (to < end && text_[to] == '`') ++to;
      return to - from;
    };
    const size_t marks = run(at);
    for (size_t close = text_.find('`', at + marks); close < end; close = text_.find('`', close)) {
      const size_t closing = run(close);
      close += closing;
      if (closing == marks) return close;
    }
    return at + marks;
  }

  // Behind the tag at `at`, blanked when it is one of HTML; where text begins again otherwise. In HTML each is a tag;
  // in prose one without attributes is as likely a placeholder (<table>), whose word counts.
  size_t tag(size_t at, size_t end, bool in_html) {
    end = std::min(end, at + kMaxTag);
    size_t i = at + 1;
    if (i < end && text_[i] == '/') ++i;
    std::string name;
    for (; i < end && (is_letter(text_[i]) || (!name.empty() && base::is_digit(text_[i]))); ++i) {
      name.push_back(static_cast<char>(text_[i] | (is_letter(text_[i]) ? 0x20 : 0)));
    }
    if (!std::binary_search(std::begin(kElements), std::end(kElements), std::string_view(name)) || i >= end ||
        !(is_space(text_[i]) || text_[i] == '>' || text_[i] == '/')) {
      return at + 1;
    }
    // The values of what is read out or shown stay.
    std::vector<std::pair<size_t, size_t>> kept;
    bool attributes = false;
    while (i < end && text_[i] != '>') {
      if (text_[i] == '<') return at + 1;
      if (text_[i] != '=') {
        ++i;
        continue;
      }
      attributes = true;
      size_t word = i;
      while (word > at && is_letter(text_[word - 1])) --word;
      const std::string_view attribute = std::string_view(text_).substr(word, i - word);
      i = skip_spaces(i + 1, end);
      if (i >= end || (text_[i] != '"' && text_[i] != '\'')) continue;
      const size_t close = text_.find(text_[i], i + 1);
      if (close >= end) return at + 1;
      if (attribute == "alt" || attribute == "title" || attribute == "label") kept.emplace_back(i + 1, close);
      i = close + 1;
    }
    if (i >= end || (!attributes && !in_html)) return at + 1;
    size_t from = at;
    for (const auto& [start, stop] : kept) {
      blank(from, start);
      from = stop;
    }
    blank(from, i + 1);
    return i + 1;
  }

  // "(address "title")" at `at`: the address goes. What is no such thing is text: x[a](b, c).
  // Source: CommonMark 0.31, section 6.3.
  size_t link(size_t at, size_t end) {
    const size_t start = skip_spaces(at + 1, end);
    size_t i = start;
    if (i < end && text_[i] == '<') {
      i = text_.find_first_of(">\n", i);
      if (i >= end || text_[i] != '>') return at + 1;
      ++i;
    } else {
      int open = 0;
      for (; i < end && !is_space(text_[i]); ++i) {
        if (text_[i] == '\\' && i + 1 < end) {
          ++i;
        } else if (text_[i] == '(') {
          ++open;
        } else if (text_[i] == ')' && open-- == 0) {
          break;
        }
      }
    }
    const size_t address_end = std::min(i, end);
    i = skip_spaces(address_end, end);
    if (i < end && i > address_end && (text_[i] == '"' || text_[i] == '\'' || text_[i] == '(')) {
      const char closing = text_[i] == '(' ? ')' : text_[i];
      i = text_.find(closing, i + 1);
      i = i < end ? skip_spaces(i + 1, end) : end;
    }
    if (i >= end || text_[i] != ')') return at + 1;
    blank(at, address_end);
    blank(i, i + 1);
    return i + 1;
  }

  std::string text_;
};

}  // namespace

std::string searchable_text(std::string_view text, std::string_view context) {
  if (text.find_first_of("<(") == std::string_view::npos) return std::string(text);
  std::string whole(context);
  if (!context.empty()) whole += '\n';
  const size_t start = whole.size();
  whole += text;
  const std::vector<Block> blocks = document::scan_blocks(whole);
  Blanker blanker(std::move(whole));
  for (const Block& block : blocks) {
    if (block.kind == BlockKind::html) {
      blanker.html(block.start, block.end);
    } else if (block.kind != BlockKind::code) {
      blanker.inlines(block.start, block.end);
    }
  }
  return blanker.take().substr(start);
}

}  // namespace tarn::index
