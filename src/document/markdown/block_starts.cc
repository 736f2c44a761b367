#include "document/markdown/block_starts.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "base/ascii.h"

namespace tarn::document {
namespace {

using base::is_digit;
using base::is_letter;
using base::lower;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r'; }

size_t run(std::string_view text, size_t at, char c) {
  size_t end = at;
  while (end < text.size() && text[end] == c) ++end;
  return end - at;
}

bool blank_from(std::string_view text, size_t at) {
  return std::all_of(text.begin() + static_cast<ptrdiff_t>(std::min(at, text.size())), text.end(), is_space);
}

bool starts_with_word(std::string_view text, std::string_view word) {
  if (text.size() < word.size()) return false;
  return std::equal(word.begin(), word.end(), text.begin(), [](char a, char b) { return a == lower(b); });
}

// The names that begin an HTML block of kind 6.
constexpr std::string_view kBlockTags[] = {
    "address",  "article",    "aside",  "base",    "basefont", "blockquote", "body",     "caption",  "center",
    "col",      "colgroup",   "dd",     "details", "dialog",   "dir",        "div",      "dl",       "dt",
    "fieldset", "figcaption", "figure", "footer",  "form",     "frame",      "frameset", "h1",       "h2",
    "h3",       "h4",         "h5",     "h6",      "head",     "header",     "hr",       "html",     "iframe",
    "legend",   "li",         "link",   "main",    "menu",     "menuitem",   "nav",      "noframes", "ol",
    "optgroup", "option",     "p",      "param",   "section",  "source",     "summary",  "table",    "tbody",
    "td",       "tfoot",      "th",     "thead",   "title",    "tr",         "track",    "ul"};
static_assert(std::is_sorted(std::begin(kBlockTags), std::end(kBlockTags)));

std::string tag_name(std::string_view text, size_t at) {
  std::string name;
  while (at < text.size() && name.size() < 16 && (is_letter(text[at]) || (!name.empty() && is_digit(text[at])))) {
    name.push_back(lower(text[at++]));
  }
  return name;
}

size_t skip_spaces(std::string_view text, size_t at) {
  while (at < text.size() && is_space(text[at])) ++at;
  return at;
}

bool is_name_char(char c) { return is_letter(c) || is_digit(c) || c == '-'; }

// One attribute with the white space before it, or `at` when there is none.
size_t skip_attribute(std::string_view text, size_t at) {
  size_t name = skip_spaces(text, at);
  if (name == at || name >= text.size() || !(is_letter(text[name]) || text[name] == '_' || text[name] == ':')) {
    return at;
  }
  size_t end = name + 1;
  while (end < text.size() && (is_name_char(text[end]) || text[end] == '_' || text[end] == ':' || text[end] == '.')) {
    ++end;
  }
  size_t equals = skip_spaces(text, end);
  if (equals >= text.size() || text[equals] != '=') return end;
  size_t value = skip_spaces(text, equals + 1);
  if (value >= text.size()) return at;
  if (text[value] == '"' || text[value] == '\'') {
    size_t close = text.find(text[value], value + 1);
    return close == std::string_view::npos ? at : close + 1;
  }
  size_t last = value;
  while (last < text.size() && !is_space(text[last]) &&
         std::string_view("\"'=<>`").find(text[last]) == std::string_view::npos) {
    ++last;
  }
  return last == value ? at : last;
}

// Kind 7: one complete open or closing tag alone on its line.
bool is_lone_tag(std::string_view text) {
  size_t at = 1;
  const bool closing = at < text.size() && text[at] == '/';
  if (closing) ++at;
  if (at >= text.size() || !is_letter(text[at])) return false;
  while (at < text.size() && is_name_char(text[at])) ++at;
  if (!closing) {
    for (size_t next; (next = skip_attribute(text, at)) != at;) at = next;
  }
  at = skip_spaces(text, at);
  if (!closing && at < text.size() && text[at] == '/') ++at;
  return at < text.size() && text[at] == '>' && blank_from(text, at + 1);
}

}  // namespace

HeadingLine atx_heading(std::string_view rest) {
  const size_t marks = run(rest, 0, '#');
  if (marks == 0 || marks > 6 || (marks < rest.size() && !is_space(rest[marks]))) return {};
  size_t end = rest.size();
  while (end > marks && is_space(rest[end - 1])) --end;
  size_t closing = end;
  while (closing > marks && rest[closing - 1] == '#') --closing;
  if (closing < end && is_space(rest[closing - 1])) end = closing;
  while (end > marks && is_space(rest[end - 1])) --end;
  return {static_cast<int>(marks), std::min(skip_spaces(rest, marks), end), end};
}

int setext_level(std::string_view rest) {
  if (rest.empty() || (rest[0] != '=' && rest[0] != '-')) return 0;
  if (!blank_from(rest, run(rest, 0, rest[0]))) return 0;
  return rest[0] == '=' ? 1 : 2;
}

Fence opening_fence(std::string_view rest) {
  if (rest.empty() || (rest[0] != '`' && rest[0] != '~')) return {};
  const size_t length = run(rest, 0, rest[0]);
  if (length < 3 || (rest[0] == '`' && rest.find('`', length) != std::string_view::npos)) return {};
  return {rest[0], length};
}

bool closes(const Fence& fence, std::string_view rest) {
  const size_t length = run(rest, 0, fence.mark);
  return length >= fence.length && blank_from(rest, length);
}

bool is_rule(std::string_view rest) {
  if (rest.empty() || (rest[0] != '*' && rest[0] != '-' && rest[0] != '_')) return false;
  size_t marks = 0;
  for (char c : rest) {
    if (c == rest[0]) {
      ++marks;
    } else if (!is_space(c)) {
      return false;
    }
  }
  return marks >= 3;
}

size_t list_marker(std::string_view rest, int* ordinal) {
  *ordinal = -1;
  if (rest.empty()) return 0;
  size_t size = 0;
  if (rest[0] == '-' || rest[0] == '+' || rest[0] == '*') {
    size = 1;
  } else {
    int value = 0;
    while (size < rest.size() && size < 9 && is_digit(rest[size])) value = value * 10 + (rest[size++] - '0');
    if (size == 0 || size >= rest.size() || (rest[size] != '.' && rest[size] != ')')) return 0;
    *ordinal = value;
    ++size;
  }
  return size == rest.size() || is_space(rest[size]) ? size : 0;
}

int html_block_kind(std::string_view rest) {
  if (rest.size() < 2 || rest[0] != '<') return 0;
  const std::string_view inner = rest.substr(1);
  for (std::string_view word : {"script", "pre", "style", "textarea"}) {
    if (starts_with_word(inner, word) &&
        (inner.size() == word.size() || is_space(inner[word.size()]) || inner[word.size()] == '>')) {
      return 1;
    }
  }
  if (inner.starts_with("!--")) return 2;
  if (inner[0] == '?') return 3;
  if (inner.starts_with("![CDATA[")) return 5;
  if (inner.size() > 1 && inner[0] == '!' && is_letter(inner[1])) return 4;
  const size_t name_at = inner[0] == '/' ? 1 : 0;
  const std::string name = tag_name(inner, name_at);
  if (std::binary_search(std::begin(kBlockTags), std::end(kBlockTags), std::string_view(name))) {
    const std::string_view after = inner.substr(name_at + name.size());
    if (after.empty() || is_space(after[0]) || after[0] == '>' || after.starts_with("/>")) return 6;
  }
  return is_lone_tag(rest) ? 7 : 0;
}

bool ends_html_block(int kind, std::string_view line) {
  switch (kind) {
    case 1: {
      for (size_t at = line.find("</"); at != std::string_view::npos; at = line.find("</", at + 2)) {
        for (std::string_view word : {"script>", "pre>", "style>", "textarea>"}) {
          if (starts_with_word(line.substr(at + 2), word)) return true;
        }
      }
      return false;
    }
    case 2:
      return line.find("-->") != std::string_view::npos;
    case 3:
      return line.find("?>") != std::string_view::npos;
    case 4:
      return line.find('>') != std::string_view::npos;
    case 5:
      return line.find("]]>") != std::string_view::npos;
    default:
      return false;
  }
}

size_t delimiter_cells(std::string_view rest) {
  size_t at = 0, cells = 0;
  bool has_pipe = false, has_colon = false;
  if (!rest.empty() && rest[0] == '|') {
    has_pipe = true;
    ++at;
  }
  for (;;) {
    at = skip_spaces(rest, at);
    if (at == rest.size()) break;
    if (rest[at] == ':') has_colon = true, ++at;
    const size_t dashes = run(rest, at, '-');
    if (dashes == 0) return 0;
    at += dashes;
    if (at < rest.size() && rest[at] == ':') has_colon = true, ++at;
    at = skip_spaces(rest, at);
    ++cells;
    if (at == rest.size()) break;
    if (rest[at] != '|') return 0;
    has_pipe = true;
    ++at;
  }
  return has_pipe || has_colon ? cells : 0;
}

size_t row_cells(std::string_view rest) {
  size_t end = rest.size();
  while (end > 0 && is_space(rest[end - 1])) --end;
  rest = rest.substr(0, end);
  if (rest.empty()) return 0;
  size_t pipes = 0;
  bool last_is_pipe = false;
  for (size_t at = 0; at < rest.size(); ++at) {
    last_is_pipe = false;
    if (rest[at] == '\\' && at + 1 < rest.size()) {
      ++at;
    } else if (rest[at] == '|') {
      ++pipes;
      last_is_pipe = true;
    }
  }
  if (rest[0] == '|') --pipes;
  if (last_is_pipe && rest.size() > 1) --pipes;
  return pipes + 1;
}

}  // namespace tarn::document
