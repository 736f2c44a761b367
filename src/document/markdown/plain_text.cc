// Markdown → its words, by cmark-gfm. It sees one piece of kMaxPieceBytes at a time: some inputs cost it quadratic
// time.
#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <string>

#include "base/ascii.h"
#include "base/utf8.h"
#include "document/document.h"
#include "document/markdown/block_scanner.h"
#include "document/markdown/block_starts.h"
#include "document/read.h"

namespace tarn::document {
namespace {

constexpr size_t kMaxPieceBytes = size_t{8} << 10;

void register_extensions() {
  static std::once_flag once;
  std::call_once(once, cmark_gfm_core_extensions_ensure_registered);
}

struct FreeParser {
  void operator()(cmark_parser* p) const { cmark_parser_free(p); }
};
struct FreeNode {
  void operator()(cmark_node* n) const { cmark_node_free(n); }
};
struct FreeIterator {
  void operator()(cmark_iter* i) const { cmark_iter_free(i); }
};

void end_line(std::string* out) {
  while (!out->empty() && out->back() == ' ') out->pop_back();
  if (!out->empty() && out->back() != '\n') out->push_back('\n');
}

// Rows of a table whose header is in another passage get an empty one, or they would be read as a paragraph.
std::string with_table_header(std::string_view markdown) {
  const size_t start = markdown.find_first_not_of(" \t\n");
  if (start == std::string_view::npos || markdown[start] != '|') return std::string(markdown);
  const size_t end = std::min(markdown.find('\n', start), markdown.size());
  const std::string_view first = markdown.substr(start, end - start);
  const std::string_view rest = markdown.substr(end);
  const std::string_view second = rest.empty() ? rest : rest.substr(1, rest.find('\n', 1) - 1);
  const bool begins_with_rule = delimiter_cells(first) > 0;
  if (!begins_with_rule && delimiter_cells(second) > 0) return std::string(markdown);
  std::string header = "|", rule = "|";
  for (size_t i = begins_with_rule ? delimiter_cells(first) : row_cells(first); i > 0; --i) {
    header += " |";
    rule += "-|";
  }
  return header + "\n" + (begins_with_rule ? "" : rule + "\n") + std::string(markdown.substr(start));
}

void append_lines(std::string_view text, std::string* out) {
  for (size_t at = 0; at <= text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    out->append(text.substr(at, end - at));
    end_line(out);
    at = end + 1;
  }
}

void append_literal(cmark_node* node, std::string* out) {
  if (const char* literal = cmark_node_get_literal(node)) out->append(literal);
}

// Text between tags: the character references that people write.
void append_unescaped(std::string_view text, std::string* out) {
  constexpr std::pair<std::string_view, std::string_view> kReferences[] = {
      {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&nbsp;", " "}, {"&apos;", "'"}};
  for (size_t at = 0; at < text.size();) {
    const auto* found = std::find_if(std::begin(kReferences), std::end(kReferences),
                                     [&](const auto& r) { return text.substr(at).starts_with(r.first); });
    if (text[at] == '&' && found != std::end(kReferences)) {
      out->append(found->second);
      at += found->first.size();
    } else {
      out->push_back(text[at++]);
    }
  }
}

bool is_inline_element(std::string_view name) {
  for (const std::string_view one :
       {"a",    "abbr", "b", "cite", "code",  "del",  "em",     "font", "i",   "img", "ins", "kbd",
        "mark", "q",    "s", "samp", "small", "span", "strong", "sub",  "sup", "tt",  "u",   "var"}) {
    if (name == one) return true;
  }
  return false;
}

// What an HTML block says: its tags and comments go. Cells are parted by blanks, blocks by lines.
void append_without_tags(std::string_view html, std::string* out) {
  for (size_t at = 0; at < html.size();) {
    const size_t tag = std::min(html.find('<', at), html.size());
    append_unescaped(html.substr(at, tag - at), out);
    if (tag == html.size()) return;
    const bool comment = html.substr(tag).starts_with("<!--");
    const size_t close = html.find(comment ? "-->" : ">", tag);
    if (close == std::string_view::npos) return;
    at = close + (comment ? 3 : 1);
    std::string name;
    for (size_t i = tag + 1 + (html.substr(tag + 1).starts_with('/') ? 1 : 0); i < close; ++i) {
      const char c = html[i];
      if (!base::is_alnum(c)) break;
      name.push_back(base::lower(c));
    }
    if (name == "td" || name == "th") {
      if (!out->empty() && out->back() != ' ' && out->back() != '\n') *out += ' ';
    } else if (!comment && !is_inline_element(name)) {
      end_line(out);
    }
  }
}

// The alternative texts of a heading's pictures in HTML.
std::string picture_words(std::string_view html) {
  std::string words;
  for (size_t at = html.find("alt="); at < html.size(); at = html.find("alt=", at + 4)) {
    const size_t open = at + 4;
    if (open >= html.size() || (html[open] != '"' && html[open] != '\'')) continue;
    const size_t close = html.find(html[open], open + 1);
    if (close == std::string_view::npos) break;
    words += (words.empty() ? "" : " ") + std::string(html.substr(open + 1, close - open - 1));
  }
  return words;
}

void append_words(std::string_view text, std::string* out) {
  register_extensions();
  const std::string markdown = with_table_header(text);
  std::unique_ptr<cmark_parser, FreeParser> parser(cmark_parser_new(CMARK_OPT_DEFAULT));
  for (const char* name : {"table", "strikethrough", "tasklist"}) {
    if (cmark_syntax_extension* extension = cmark_find_syntax_extension(name)) {
      cmark_parser_attach_syntax_extension(parser.get(), extension);
    }
  }
  cmark_parser_feed(parser.get(), markdown.data(), markdown.size());
  std::unique_ptr<cmark_node, FreeNode> root(cmark_parser_finish(parser.get()));
  std::unique_ptr<cmark_iter, FreeIterator> iterator(cmark_iter_new(root.get()));
  std::string words;
  for (cmark_event_type event; (event = cmark_iter_next(iterator.get())) != CMARK_EVENT_DONE;) {
    cmark_node* node = cmark_iter_get_node(iterator.get());
    const cmark_node_type type = cmark_node_get_type(node);
    if (event == CMARK_EVENT_EXIT) {
      const std::string_view name = cmark_node_get_type_string(node);  // the library exports no numbers for tables
      if (name == "table_cell") {
        words += ' ';
      } else if (type == CMARK_NODE_PARAGRAPH || type == CMARK_NODE_HEADING || name == "table_row" ||
                 name == "table_header") {
        end_line(&words);
      }
      continue;
    }
    if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE) {
      append_literal(node, &words);
    } else if (type == CMARK_NODE_CODE_BLOCK) {
      end_line(&words);
      append_literal(node, &words);
      end_line(&words);
    } else if (type == CMARK_NODE_HTML_BLOCK) {
      if (const char* html = cmark_node_get_literal(node)) append_without_tags(html, &words);
      end_line(&words);
    } else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK) {
      words += '\n';
    } else if (type == CMARK_NODE_HTML_INLINE) {
      const char* html = cmark_node_get_literal(node);
      if (html && std::string_view(html).starts_with("<br")) words += '\n';
    }
  }
  if (!out->empty() && !words.empty() && out->back() != '\n') *out += '\n';
  append_lines(words, out);
}

}  // namespace

std::string heading_words(std::string_view markdown) {
  std::string words = title_line(plain_text(markdown));
  return words.empty() ? title_line(picture_words(markdown)) : words;
}

std::string plain_text(std::string_view markdown) {
  std::string out;
  if (markdown.size() <= kMaxPieceBytes) {
    append_words(markdown, &out);
  } else {
    // Whole blocks together as far as they fit; a longer block in parts.
    const std::vector<Block> blocks = scan_blocks(markdown);
    for (size_t i = 0; i < blocks.size();) {
      const uint64_t start = blocks[i].start;
      uint64_t end = blocks[i].end;
      for (++i; i < blocks.size() && blocks[i].end - start <= kMaxPieceBytes; ++i) end = blocks[i].end;
      for (uint64_t at = start; at < end;) {
        uint64_t stop = std::min<uint64_t>(end, at + kMaxPieceBytes);
        if (stop < end) {
          const size_t space = markdown.substr(at, kMaxPieceBytes).find_last_of(" \n");
          if (space != std::string_view::npos && space > 0) {
            stop = at + space + 1;
          } else {
            while (stop > at + 1 && base::is_continuation(markdown[stop])) --stop;
          }
        }
        append_words(markdown.substr(at, stop - at), &out);
        at = stop;
      }
    }
  }
  while (!out.empty() && (out.back() == '\n' || out.back() == ' ')) out.pop_back();
  return out;
}

}  // namespace tarn::document
