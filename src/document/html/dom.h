// The parsed page: a thin layer over lexbor's tree, and a walk that needs no recursion however deep a page nests.
// Threads: a page belongs to one thread.
#pragma once

#include <lexbor/dom/dom.h>
#include <lexbor/html/html.h>

#include <string_view>

#include "base/status.h"

namespace tarn::document::dom {

using Node = lxb_dom_node_t;

class Page {
 public:
  // exhausted when elements nest so deep that the parser's time would grow with the square of the page.
  static base::Result<Page> parse(std::string_view html);
  Page(Page&& other) noexcept;
  Page& operator=(Page&&) = delete;
  ~Page();

  Node* document() const { return lxb_dom_interface_node(document_); }
  Node* head() const { return reinterpret_cast<Node*>(document_->head); }
  Node* body() const { return reinterpret_cast<Node*>(document_->body); }

 private:
  explicit Page(lxb_html_document_t* document) : document_(document) {}
  lxb_html_document_t* document_;
};

inline bool is_element(const Node* n) { return n->type == LXB_DOM_NODE_TYPE_ELEMENT; }
inline bool is_text(const Node* n) {
  return n->type == LXB_DOM_NODE_TYPE_TEXT || n->type == LXB_DOM_NODE_TYPE_CDATA_SECTION;
}
// LXB_TAG_… of an HTML element, LXB_TAG__UNDEF of anything else but <svg> and <math>.
inline uintptr_t tag(const Node* n) {
  if (!is_element(n)) return LXB_TAG__UNDEF;
  return n->ns == LXB_NS_HTML || n->local_name == LXB_TAG_SVG || n->local_name == LXB_TAG_MATH
             ? n->local_name
             : uintptr_t{LXB_TAG__UNDEF};
}
std::string_view name(const Node* n);  // of an element of any kind, as its source spells it: "foreignObject"
std::string_view text(const Node* n);
std::string_view attribute(const Node* n, std::string_view name);  // "" when absent
bool has_attribute(const Node* n, std::string_view name);
void set_attribute(Node* n, std::string_view name, std::string_view value);

// Calls enter(node) in document order; when it returns true the children follow, then leave(node). `root` itself is
// visited.
template <typename Enter, typename Leave>
void walk(Node* root, Enter enter, Leave leave) {
  Node* n = root;
  for (;;) {
    if (enter(n)) {
      if (n->first_child) {
        n = n->first_child;
        continue;
      }
      leave(n);
    }
    while (n != root && !n->next) {
      n = n->parent;
      leave(n);
    }
    if (n == root) return;
    n = n->next;
  }
}

}  // namespace tarn::document::dom
