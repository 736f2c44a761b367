#include "document/html/markdown.h"

#include <algorithm>
#include <charconv>
#include <unordered_set>
#include <vector>

#include "document/html/inline.h"
#include "document/html/table.h"
#include "document/markdown/block_writer.h"
#include "document/markdown/inline_text.h"
#include "document/read.h"

namespace tarn::document {
namespace {

using dom::attribute;
using dom::Node;
using dom::tag;

constexpr size_t kMaxLanguageBytes = 32;

int heading_level(const Node* n) {
  const uintptr_t name = tag(n);
  if (name >= LXB_TAG_H1 && name <= LXB_TAG_H6) return static_cast<int>(name - LXB_TAG_H1) + 1;
  if (name == LXB_TAG__UNDEF || !is_block(name) || attribute(n, "role") != "heading") return 0;
  const std::string_view level = attribute(n, "aria-level");
  return level.size() == 1 && level[0] >= '1' && level[0] <= '6' ? level[0] - '0' : 2;
}
bool holds_heading(const Node* summary) {
  for (const Node* n = summary->first_child; n; n = n->next) {
    if (heading_level(n) > 0) return true;
  }
  return false;
}
bool is_list(uintptr_t name) {
  return name == LXB_TAG_UL || name == LXB_TAG_OL || name == LXB_TAG_DIR || name == LXB_TAG_MENU;
}
bool is_preformatted(const Node* n) {
  switch (tag(n)) {
    case LXB_TAG_PRE:
    case LXB_TAG_LISTING:
    case LXB_TAG_XMP:
    case LXB_TAG_PLAINTEXT:
    case LXB_TAG_TEXTAREA:
      return true;
    case LXB_TAG_CODE: {
      const std::string_view style = attribute(n, "style");
      return style.find("white-space:pre") != std::string_view::npos ||
             style.find("white-space: pre") != std::string_view::npos;
    }
    case LXB_TAG_DIV:
      return is_code_fragment(n);
    case LXB_TAG_TABLE:
      return is_code_table(n);
    default:
      return false;
  }
}

// A list is tight when no item holds more than one paragraph and lists.
bool is_tight(const Node* list) {
  for (const Node* item = list->first_child; item; item = item->next) {
    if (is_list(tag(item))) continue;
    int paragraphs = 0;
    for (const Node* child = item->first_child; child; child = child->next) {
      const uintptr_t name = tag(child);
      if (!is_block(name) || is_list(name)) continue;
      if (name != LXB_TAG_P && name != LXB_TAG_DIV) return false;
      if (++paragraphs > 1) return false;
    }
  }
  return true;
}

// The language of a code block, from the class names that sites use: "language-sql", "lang-sql",
// "highlight-source-sql", "brush: sql".
std::string language_of(const Node* pre) {
  const auto from_class = [](std::string_view words) {
    for (std::string_view prefix :
         {"language-", "lang-", "highlight-source-", "highlight-text-", "highlight-", "brush: ", "brush:"}) {
      const size_t at = words.find(prefix);
      if (at == std::string_view::npos || (at > 0 && words[at - 1] != ' ')) continue;
      std::string_view name = words.substr(at + prefix.size());
      name = name.substr(0, std::min(name.find_first_of(" ;"), name.size()));
      const bool plain =
          name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+#-_.") ==
          std::string_view::npos;
      if (plain && !name.empty() && name.size() <= kMaxLanguageBytes && name != "none" && name != "default" &&
          name != "notranslate") {
        return std::string(name);
      }
    }
    return std::string();
  };
  const Node* code = pre->first_child;
  while (code && dom::is_text(code) && title_line(dom::text(code)).empty()) code = code->next;
  for (const Node* n : {code, pre, static_cast<const Node*>(pre->parent),
                        pre->parent ? static_cast<const Node*>(pre->parent->parent) : nullptr}) {
    if (!n || !dom::is_element(n) || (n == code && tag(n) != LXB_TAG_CODE)) continue;
    std::string name = from_class(attribute(n, "class"));
    if (name.empty() && (n == code || n == pre)) name = from_class("lang-" + std::string(attribute(n, "data-lang")));
    if (!name.empty()) return name;
    if (n != code && n != pre && tag(n) != LXB_TAG_DIV) break;
  }
  return {};
}

// A line of code as an element of its own: with another right behind it, they are two lines.
bool is_line(const Node* n) {
  return tag(n) == LXB_TAG_SPAN && (has_class(n, "line") || has_class(n, "token-line") || has_class(n, "code-line"));
}

std::string preformatted_text(Node* pre) {
  std::string out;
  std::vector<size_t> starts;  // of the blocks that are open
  dom::walk(
      pre,
      [&](Node* n) {
        if (n != pre && is_left_out(n)) return false;
        starts.push_back(out.size());
        if (dom::is_text(n)) {
          for (std::string_view text = dom::text(n); !text.empty();) {
            // No-break spaces in code are spaces that were pasted.
            const size_t odd = std::min(text.find("\xC2\xA0"), text.size());
            out.append(text.substr(0, odd));
            if (odd < text.size()) out += ' ';
            text.remove_prefix(std::min(odd + 2, text.size()));
          }
        }
        if (tag(n) == LXB_TAG_BR) out += '\n';
        return true;
      },
      [&](Node* n) {
        const uintptr_t name = tag(n);
        const bool empty = starts.back() == out.size();
        starts.pop_back();
        if (n == pre || name == LXB_TAG_TD) return;
        if (is_block(name) ? (empty ? name == LXB_TAG_TR || name == LXB_TAG_DIV : !out.ends_with('\n'))
                           : is_line(n) && n->next && is_line(n->next) && !out.ends_with('\n')) {
          out += '\n';
        }
      });
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') c = ' ';
  }
  const size_t last = out.find_last_not_of(" \t\n");
  out.resize(last == std::string::npos ? 0 : last + 1);
  const size_t first = out.find_first_not_of(" \t\n");
  const size_t line = first == std::string::npos ? 0 : out.rfind('\n', first);
  if (line != std::string::npos && line < first) out.erase(0, line + 1);
  return out;
}

class Converter {
 public:
  base::Result<std::string> convert(Node* root) {
    dom::walk(root, [&](Node* n) { return enter(n, n == root); }, [&](Node* n) { leave(n, n == root); });
    flush();
    if (out_.full()) {
      return over_body_limit();
    }
    return out_.take();
  }

 private:
  struct List {
    bool ordered = false;
    bool tight = true;
    bool definitions = false;
    bool nested_in_tight = false;
    bool any = false;        // an item has been written
    bool item_open = false;  // of a definition list: a term's item
    bool described = false;  // … whose description has begun
    bool in_item_before = false;
    size_t marker_bytes = 2;
    int64_t next = 1;
  };

  void flush() {
    if (inline_.empty()) {
      // Marks stay open; what was white space goes.
      if (!inline_started_) return;
      inline_.take();
      inline_started_ = false;
      return;
    }
    out_.write(heading_ > 0 ? heading_line(inline_.take_heading()) : inline_.take());
    heading_ = 0;  // blocks that a heading's element goes on with are no headings
    inline_started_ = false;
  }

  std::string heading_line(std::string words) const {
    if (words.empty()) return words;
    std::replace(words.begin(), words.end(), '\n', ' ');
    if (heading_in_quote_) return words.find('*') == std::string::npos ? "**" + words + "**" : words;
    return std::string(static_cast<size_t>(heading_), '#') + " " + words;
  }

  bool enter(Node* n, bool is_root) {
    if (out_.full()) return false;
    if (!dom::is_element(n) && !dom::is_text(n)) return is_root;
    if (!is_root && is_left_out(n)) return false;
    const uintptr_t name = tag(n);
    if (dom::is_text(n) || !is_block(name)) {
      if (name == LXB_TAG_IMG && says_nothing_new(n)) return false;
      if (is_preformatted(n)) {
        flush();
        write_code(n);
        return false;
      }
      inline_started_ = true;
      return enter_inline(n, &inline_);
    }
    if (is_part_of_heading(n)) {
      inline_.add_text(" ");
      return true;
    }
    if (has_class(n, "checkbox-on") || has_class(n, "checkbox-off")) {  // Notion's
      add_task(has_class(n, "checkbox-on"));
      return false;
    }
    if (!inline_.is_task_mark() || (name != LXB_TAG_P && name != LXB_TAG_DIV)) flush();
    if (is_preformatted(n)) {
      write_code(n);
      return false;
    }
    if (const int level = heading_level(n); level > 0) {
      heading_ = level;
      said_.insert(words_of(n, 1000));
      heading_in_quote_ = quotes_ > 0;
      return true;
    }
    if (is_table(n) && is_data_table(n)) {
      for (Node* part = n->first_child; part; part = part->next) {
        if (tag(part) == LXB_TAG_CAPTION) caption(part);
      }
      out_.write(table_to_markdown(n));
      return false;
    }
    switch (name) {
      case LXB_TAG_HR:
        return false;  // it parts nothing that headings do not
      case LXB_TAG_BLOCKQUOTE:
        open_quote();
        break;
      case LXB_TAG_UL:
      case LXB_TAG_OL:
      case LXB_TAG_DIR:
      case LXB_TAG_MENU:
        open_list(n);
        break;
      case LXB_TAG_DL:
        open_definitions();
        break;
      case LXB_TAG_LI:
        open_item(n);
        break;
      case LXB_TAG_DT:
        open_term();
        break;
      case LXB_TAG_DD:
        open_description();
        break;
      case LXB_TAG_FIGURE:
        for (Node* part = n->first_child; part; part = part->next) {
          if (tag(part) == LXB_TAG_FIGCAPTION) said_.insert(words_of(part, 1000));
        }
        break;
      case LXB_TAG_SUMMARY:
        if (!holds_heading(n)) inline_.open(Mark::strong);
        break;
      default:
        break;
    }
    if (name != LXB_TAG_BLOCKQUOTE && is_admonition(n)) {
      open_quote();
      admonitions_.push_back(n);
    }
    return true;
  }

  void leave(Node* n, bool is_root) {
    const uintptr_t name = tag(n);
    if (!is_block(name)) {
      leave_inline(n, &inline_);
      return;
    }
    if (is_part_of_heading(n)) {
      inline_.add_text(" ");
      return;
    }
    if (name == LXB_TAG_SUMMARY) inline_.close(Mark::strong);
    flush();
    if (heading_level(n) > 0) heading_ = 0;
    if (!admonitions_.empty() && admonitions_.back() == n) {
      admonitions_.pop_back();
      close_quote();
    }
    switch (name) {
      case LXB_TAG_BLOCKQUOTE:
        close_quote();
        break;
      case LXB_TAG_UL:
      case LXB_TAG_OL:
      case LXB_TAG_DIR:
      case LXB_TAG_MENU:
        close_list();
        break;
      case LXB_TAG_DL:
        close_list();
        break;
      case LXB_TAG_LI:
        close_item(n);
        break;
      default:
        break;
    }
  }

  // What only lays out the words of a heading does not end it.
  bool is_part_of_heading(const Node* n) const {
    const uintptr_t name = tag(n);
    return heading_ > 0 && (name == LXB_TAG_DIV || name == LXB_TAG_P || name == LXB_TAG_SECTION) &&
           heading_level(n) == 0;
  }

  void write_code(Node* n) {
    const std::string code = preformatted_text(n);
    if (!code.empty()) out_.write(fenced(code, language_of(n)));
  }

  void add_task(bool done) {
    inline_.add_text(done ? "[x] " : "[ ] ");
    inline_started_ = true;
  }

  // Galleries show one picture in many sizes, each with the same words; the words of others are a heading's, or their
  // file's name.
  bool says_nothing_new(const Node* image) {
    const std::string_view words = attribute(image, "alt");
    if (words.empty()) return false;
    const bool is_file_name = words.find(' ') == std::string_view::npos && words.size() > 3 &&
                              words.find_first_of("-_.0123456789") != std::string_view::npos &&
                              attribute(image, "src").find(words) != std::string_view::npos;
    return is_file_name || !said_.insert(title_line(words)).second;
  }

  void caption(Node* part) {
    inline_.open(Mark::strong);
    inline_.add_text(words_of(part, 2000));
    inline_.close(Mark::strong);
    inline_started_ = true;
    flush();
  }

  void open_quote() {
    out_.open_quote();
    ++quotes_;
  }
  void close_quote() {
    out_.close_container();
    --quotes_;
  }

  void open_list(Node* n) {
    List list;
    list.ordered = tag(n) == LXB_TAG_OL;
    list.tight = is_tight(n);
    const std::string_view start = attribute(n, "start");
    std::from_chars(start.data(), start.data() + start.size(), list.next);
    list.next = std::clamp<int64_t>(list.next, 0, 99'999'999);
    // A list right below its item's words needs no blank line, unless it could not interrupt a paragraph.
    list.nested_in_tight =
        !lists_.empty() && lists_.back().tight && lists_.back().any && (!list.ordered || list.next == 1);
    // A list that stands right in a list goes on with the item before it.
    list.in_item_before = n->parent && is_list(tag(n->parent)) && !lists_.empty() && lists_.back().any;
    if (list.in_item_before) out_.reopen_item(lists_.back().marker_bytes);
    lists_.push_back(list);
  }

  void open_definitions() {
    List list;
    list.definitions = true;
    list.tight = false;
    lists_.push_back(list);
  }

  void close_list() {
    if (lists_.empty()) return;
    if (lists_.back().item_open) out_.close_container();
    if (lists_.back().in_item_before) out_.close_container();
    lists_.pop_back();
  }

  void open_item(Node* n) {
    List lone;
    List& list = lists_.empty() || lists_.back().definitions ? lone : lists_.back();
    std::string marker = "- ";
    if (list.ordered) {
      const std::string_view value = attribute(n, "value");
      if (int64_t given = 0;
          !value.empty() && std::from_chars(value.data(), value.data() + value.size(), given).ec == std::errc()) {
        list.next = std::clamp<int64_t>(given, 0, 99'999'999);
      }
      marker = std::to_string(list.next++) + ". ";
    }
    out_.open_item(marker, list.tight, !list.any, list.nested_in_tight);
    list.any = true;
    list.marker_bytes = marker.size();
    if (has_class(n->parent, "inline-task-list")) add_task(has_class(n, "checked"));  // Confluence's
  }
  void close_item(Node*) { out_.close_container(); }

  void open_term() {
    if (lists_.empty() || !lists_.back().definitions) return;
    List& list = lists_.back();
    if (list.item_open) out_.close_container();
    out_.open_item("- ", false, !list.any, false);
    list.any = list.item_open = true;
  }
  void open_description() {
    if (lists_.empty() || !lists_.back().definitions || lists_.back().item_open) return;
    open_term();
  }

  BlockWriter out_;
  InlineText inline_;
  bool inline_started_ = false;
  int heading_ = 0;
  bool heading_in_quote_ = false;
  int quotes_ = 0;
  std::vector<List> lists_;
  std::vector<const Node*> admonitions_;
  std::unordered_set<std::string> said_;  // by images, headings and captions
};

}  // namespace

base::Result<std::string> html_to_markdown(Node* root) { return Converter().convert(root); }

std::string words_of(Node* node, size_t max_bytes) {
  std::string out;
  dom::walk(
      node,
      [&](Node* n) {
        if (out.size() > max_bytes || (n != node && is_left_out(n))) return false;
        if (dom::is_text(n)) out += dom::text(n);
        if (is_block(tag(n)) || tag(n) == LXB_TAG_BR) out += ' ';
        return true;
      },
      [](Node*) {});
  InlineText text;
  text.add_text(out);
  std::string words;
  for (size_t i = 0; i < out.size(); ++i) {
    if (out[i] == '\xC2' && i + 1 < out.size() && out[i + 1] == '\xA0') {
      words += ' ';
      ++i;
    } else {
      words += out[i];
    }
  }
  return title_line(words);
}

}  // namespace tarn::document
