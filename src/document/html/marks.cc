#include "document/html/marks.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

#include "base/ascii.h"
#include "document/html/content.h"
#include "document/html/inline.h"
#include "document/html/links.h"

namespace tarn::document {
namespace {

using base::lower;

using dom::attribute;
using dom::Node;
using dom::tag;

constexpr size_t kMarkBytes = 200;  // more text than that is no mark
// How far is looked around an element, so that no page costs more than its size.
constexpr int kNearLevels = 8, kNearSiblings = 3, kNearNodes = 200;

// Classes that generators give to nothing but permalinks, and those that may mean any anchor.
constexpr std::string_view kPermalinks[] = {"headerlink",   "header-anchor", "heading-anchor", "anchorjs-link",
                                            "hash-link",    "direct-link",   "anchor-link",    "sl-anchor-link",
                                            "heading-link", "permalink"};

// The text below a node without white space and what has no width, up to a limit.
std::string visible_text(Node* root, const Node* without = nullptr) {
  std::string out;
  dom::walk(
      root,
      [&](Node* n) {
        if (n == without || out.size() > kMarkBytes || is_left_out(n)) return false;
        if (dom::is_text(n)) {
          const std::string_view text = dom::text(n);
          for (size_t i = 0; i < text.size(); ++i) {
            if (text.substr(i, 3) == "\xE2\x80\x8B" || text.substr(i, 3) == "\xEF\xBB\xBF") {
              i += 2;
            } else if (text.substr(i, 2) == "\xC2\xA0") {
              i += 1;
            } else if (static_cast<unsigned char>(text[i]) > ' ') {
              out += text[i];
            }
          }
        }
        return true;
      },
      [](Node*) {});
  return out;
}

// "#", "¶", "§", chains, anchors, and the private characters of icon fonts.
bool is_mark(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    size_t size = 0;
    for (std::string_view mark : {"#", "\xC2\xB6", "\xC2\xA7", "\xF0\x9F\x94\x97", "\xE2\x9A\x93", "\xE2\x88\x9E",
                                  "\xEF\xB8\x8F", "\xE2\x9B\x93"}) {
      if (text.substr(i).starts_with(mark)) size = mark.size();
    }
    const auto c = static_cast<unsigned char>(text[i]);
    if (size == 0 &&
        (c == 0xEE || (c == 0xEF && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) <= 0xA3))) {
      size = 3;
    }
    if (size == 0) return false;
    i += size;
  }
  return true;
}

template <typename F>
bool any_near_sibling(Node* n, F matches) {
  for (auto next : {&Node::next, &Node::prev}) {
    int left = kNearSiblings;
    for (Node* s = n->*next; s && left > 0; s = s->*next) {
      if (!dom::is_element(s)) continue;
      if (matches(s)) return true;
      --left;
    }
  }
  return false;
}

// The heading, term or caption that an element stands in.
Node* titled_around(Node* n) {
  int left = kNearLevels;
  for (Node* up = n->parent; up && left > 0; up = up->parent, --left) {
    const uintptr_t name = tag(up);
    if ((name >= LXB_TAG_H1 && name <= LXB_TAG_H6) || name == LXB_TAG_DT || name == LXB_TAG_FIGCAPTION ||
        name == LXB_TAG_CAPTION || name == LXB_TAG_TH || name == LXB_TAG_SUMMARY || has_class(up, "caption") ||
        attribute(up, "role") == "heading") {
      return up;
    }
  }
  return nullptr;
}

bool is_heading(const Node* n) { return tag(n) >= LXB_TAG_H1 && tag(n) <= LXB_TAG_H6; }

bool is_permalink(Node* a) {
  if (attribute(a, "href").find('#') == std::string_view::npos) return false;
  const bool known = std::any_of(std::begin(kPermalinks), std::end(kPermalinks),
                                 [&](std::string_view name) { return has_class(a, name); });
  Node* title = titled_around(a);
  const std::string words = visible_text(a);
  if (title && visible_text(title, a).empty()) return false;  // the link is what the heading says
  if (is_mark(words)) return title || known || has_class(a, "anchor");
  if (words.size() > kMarkBytes || !(title || any_near_sibling(a, is_heading))) return false;
  if (known) return true;
  if (!has_class(a, "anchor") && attribute(a, "aria-hidden") != "true") return false;
  const std::string spelled = lower(words);
  return spelled == "link" || spelled == "anchor" || spelled.starts_with("permalink") ||
         spelled.starts_with("linkto") || spelled.starts_with("directlink");
}

// Numbers and nothing else, as many as there are lines.
bool is_numbers(Node* n) {
  const std::string text = visible_text(n);
  return !text.empty() && text.find_first_not_of("0123456789.:|") == std::string::npos;
}

bool is_gutter_name(std::string_view classes) {
  const std::string names = " " + lower(classes) + " ";
  for (std::string_view part : {"lineno", "linenum", "line-num", "line_num", "gutter", "blob-num", "hljs-ln-n", " ln ",
                                " lnt ", " lnum ", " gl ", " nums "}) {
    if (names.find(part) != std::string::npos) return true;
  }
  return false;
}

bool holds_code(Node* root) {
  bool found = false;
  int left = kNearNodes;
  dom::walk(
      root,
      [&](Node* n) {
        const uintptr_t name = tag(n);
        if (--left < 0) return false;
        found |= name == LXB_TAG_PRE || name == LXB_TAG_CODE || attribute(n, "class").find("code") != std::string::npos;
        return !found;
      },
      [](Node*) {});
  return found;
}

bool is_gutter(Node* n, bool in_code) {
  // A block of code says by its class that it wants numbers.
  if (tag(n) == LXB_TAG_PRE && n->first_child && tag(n->first_child) == LXB_TAG_CODE) return false;
  const std::string_view style = attribute(n, "style");
  const bool named =
      is_gutter_name(attribute(n, "class")) || (in_code && dom::has_attribute(n, "data-line-number")) ||
      (in_code && style.find("user-select") != std::string_view::npos && style.find("none") != std::string_view::npos);
  if (named) return (in_code || any_near_sibling(n, holds_code)) && is_numbers(n);
  // The first cell of a table that holds nothing but a column of numbers beside one of code.
  if (tag(n) != LXB_TAG_TD || !n->first_child || !holds_code(n)) return false;
  return any_near_sibling(n, holds_code) && visible_text(n).starts_with("12") && is_numbers(n);
}

bool is_copy_button(Node* button, bool in_code) {
  if (in_code) return true;
  if (dom::has_attribute(button, "aria-expanded") || dom::has_attribute(button, "aria-controls")) return false;
  const std::string names =
      lower(attribute(button, "class")) + lower(attribute(button, "aria-label")) + lower(attribute(button, "title"));
  return names.find("copy") != std::string::npos || names.find("clipboard") != std::string::npos ||
         any_near_sibling(button, [](Node* s) { return tag(s) == LXB_TAG_PRE; });
}

// A formula stands once: what is drawn beside its MathML or its source is the same again.
void leave_out_drawn_formula(Node* math) {
  const bool is_source = tag(math) == LXB_TAG_SCRIPT;
  int left = kNearLevels;
  for (Node* at = math; at->parent && !is_block(tag(at)) && left > 0; at = at->parent, --left) {
    any_near_sibling(at, [&](Node* s) {
      const bool drawn = is_source ? lower(attribute(s, "class")).starts_with("mathjax")
                                   : attribute(s, "aria-hidden") == "true" && !is_block(tag(s));
      if (drawn) leave_out(s);
      return false;
    });
    if (is_source) break;
  }
}

}  // namespace

void leave_out_marks(Node* body) {
  int code_depth = 0;
  const auto is_code = [](const Node* n) {
    return tag(n) == LXB_TAG_PRE || tag(n) == LXB_TAG_CODE || is_code_fragment(n);
  };
  dom::walk(
      body,
      [&](Node* n) {
        if (!dom::is_element(n) || n->user) return false;
        const uintptr_t name = tag(n);
        if (name == LXB_TAG_MATH || (name == LXB_TAG_SCRIPT && is_formula_source(n))) leave_out_drawn_formula(n);
        const bool goes =
            (name == LXB_TAG_A && is_permalink(n)) || (name == LXB_TAG_BUTTON && is_copy_button(n, code_depth > 0)) ||
            has_class(n, "mw-editsection") || has_class(n, "material-icons") || is_gutter(n, code_depth > 0);
        if (goes) leave_out(n);
        code_depth += !goes && is_code(n);
        return !goes;
      },
      [&](Node* n) { code_depth -= is_code(n); });
}

void open_templates(Node* body, bool all) {
  std::vector<Node*> found;
  dom::walk(
      body,
      [&](Node* n) {
        if (tag(n) == LXB_TAG_TEMPLATE &&
            (all || dom::has_attribute(n, "shadowrootmode") || dom::has_attribute(n, "shadowroot"))) {
          found.push_back(n);
        }
        return true;
      },
      [](Node*) {});
  for (Node* n : found) {
    lxb_dom_document_fragment_t* content = reinterpret_cast<lxb_html_template_element_t*>(n)->content;
    if (!content) continue;
    while (Node* child = lxb_dom_interface_node(content)->first_child) {
      lxb_dom_node_remove(child);
      lxb_dom_node_insert_before(n, child);
    }
  }
}

std::string_view apply_base(Node* document) {
  std::string_view base;
  dom::walk(
      document,
      [&](Node* n) {
        if (base.empty() && tag(n) == LXB_TAG_BASE) base = attribute(n, "href");
        return base.empty();
      },
      [](Node*) {});
  if (base.empty()) return base;
  dom::walk(
      document,
      [&](Node* n) {
        const std::string_view name = tag(n) == LXB_TAG_A ? "href" : tag(n) == LXB_TAG_IMG ? "src" : "";
        if (name.empty() || !dom::has_attribute(n, name)) return true;
        dom::set_attribute(n, name, resolve_link(base, attribute(n, name)));
        return true;
      },
      [](Node*) {});
  return base;
}

}  // namespace tarn::document
