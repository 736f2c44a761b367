#include "document/html_content.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace tarn::document {
namespace {

using dom::Node;
using dom::attribute;
using dom::tag;

// Well-known names of what surrounds a text, as whole classes or ids. DocBook, Sphinx, MediaWiki, WordPress and the usual themes.
constexpr std::string_view kSurroundings[] = {
    "ad", "ads", "advert", "advertisement", "article-footer", "article-share", "author-bio", "banner", "breadcrumb",
    "breadcrumbs", "catlinks", "comment-list", "comments", "comments-area", "cookie-banner", "cookie-notice", "disqus_thread",
    "edit-this-page", "footer", "footer-links", "global-nav", "headerlink", "jp-relatedposts", "menu", "mw-editsection",
    "mw-jump-link", "nav", "navbar", "navbox", "navfooter", "navheader", "navigation", "newsletter", "newsletter-signup",
    "on-this-page", "outbrain", "page-footer", "page-navigation", "pagination", "pager", "popup", "post-meta-share",
    "post-navigation", "prev-next", "printfooter", "promo", "recommended", "related", "related-articles", "related-content",
    "related-posts", "respond", "share", "share-buttons", "sharedaddy", "sharing", "sidebar", "site-footer", "site-header",
    "site-nav", "skip-link", "social", "social-links", "social-media", "social-share", "sphinxsidebar", "sponsored",
    "subscribe", "table-of-contents", "taboola", "toc", "toctree-wrapper", "top-bar", "topbar", "vector-toc", "widget",
};

constexpr std::string_view kAdmonitions[] = {"note", "warning", "tip", "caution", "important", "admonition", "danger", "hint",
                                             "attention", "callout", "seealso", "versionadded", "versionchanged", "deprecated"};

template <typename F>
bool any_word(std::string_view words, F matches) {
  while (!words.empty()) {
    const size_t start = words.find_first_not_of(" \t\r\n\f");
    if (start == std::string_view::npos) return false;
    const size_t end = std::min(words.find_first_of(" \t\r\n\f", start), words.size());
    if (matches(words.substr(start, end - start))) return true;
    words.remove_prefix(end);
  }
  return false;
}

bool is_one_of(std::string_view word, const auto& list) { return std::find(std::begin(list), std::end(list), word) != std::end(list); }

bool equals_without_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
    return (x >= 'A' && x <= 'Z' ? static_cast<char>(x | 0x20) : x) == y;
  });
}

bool is_surrounding_name(std::string_view word) {
  return std::any_of(std::begin(kSurroundings), std::end(kSurroundings),
                     [&](std::string_view known) { return equals_without_case(word, known); });
}

bool is_hidden(const Node* n) {
  if (dom::has_attribute(n, "hidden") || attribute(n, "aria-hidden") == "true") return true;
  std::string style;
  for (char c : attribute(n, "style").substr(0, 400)) {
    if (c != ' ') style.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c);
  }
  return style.find("display:none") != std::string::npos || style.find("visibility:hidden") != std::string::npos;
}

bool is_never_text(uintptr_t name) {
  switch (name) {
    case LXB_TAG_SCRIPT: case LXB_TAG_STYLE: case LXB_TAG_NOSCRIPT: case LXB_TAG_TEMPLATE: case LXB_TAG_IFRAME:
    case LXB_TAG_OBJECT: case LXB_TAG_EMBED: case LXB_TAG_APPLET: case LXB_TAG_SVG: case LXB_TAG_CANVAS: case LXB_TAG_AUDIO:
    case LXB_TAG_VIDEO: case LXB_TAG_BUTTON: case LXB_TAG_SELECT: case LXB_TAG_INPUT: case LXB_TAG_TEXTAREA:
    case LXB_TAG_DATALIST: case LXB_TAG_HEAD: case LXB_TAG_TITLE: case LXB_TAG_LINK: case LXB_TAG_META: case LXB_TAG_RP:
    case LXB_TAG_FRAMESET: case LXB_TAG_NOFRAMES: case LXB_TAG_DIALOG:
      return true;
    default:
      return false;
  }
}

bool within_article(const Node* n) {
  for (const Node* up = n->parent; up; up = up->parent) {
    const uintptr_t name = tag(up);
    if (name == LXB_TAG_ARTICLE || name == LXB_TAG_MAIN) return true;
  }
  return false;
}

// Prose is the text of paragraphs and their like, links left out.
bool is_prose(uintptr_t name) {
  switch (name) {
    case LXB_TAG_P: case LXB_TAG_PRE: case LXB_TAG_BLOCKQUOTE: case LXB_TAG_LI: case LXB_TAG_DD: case LXB_TAG_DT: case LXB_TAG_TD:
    case LXB_TAG_TH: case LXB_TAG_H1: case LXB_TAG_H2: case LXB_TAG_H3: case LXB_TAG_H4:
      return true;
    default:
      return false;
  }
}

size_t visible_bytes(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) > ' '; }));
}

}  // namespace

bool has_class(const Node* node, std::string_view name) {
  return any_word(attribute(node, "class"), [&](std::string_view word) { return word == name; });
}

bool is_admonition(const Node* node) {
  const uintptr_t name = tag(node);
  if (name != LXB_TAG_DIV && name != LXB_TAG_ASIDE && name != LXB_TAG_SECTION) return false;
  return any_word(attribute(node, "class"), [](std::string_view word) { return is_one_of(word, kAdmonitions); });
}

bool is_left_out(const Node* node, Care care) {
  if (!dom::is_element(node)) return false;
  const uintptr_t name = tag(node);
  if (is_never_text(name) || is_hidden(node)) return true;
  if (care == Care::lenient) return false;
  switch (name) {
    case LXB_TAG_NAV: case LXB_TAG_FOOTER: case LXB_TAG_MENU: return true;
    case LXB_TAG_ASIDE: return !is_admonition(node);
    case LXB_TAG_HEADER: if (!within_article(node)) return true; break;
    case LXB_TAG_BODY: case LXB_TAG_HTML: case LXB_TAG_MAIN: case LXB_TAG_ARTICLE: return false;
    default: break;
  }
  const std::string_view role = attribute(node, "role");
  for (std::string_view landmark : {"navigation", "banner", "contentinfo", "complementary", "search", "menu", "menubar",
                                    "doc-toc", "dialog", "alertdialog"}) {
    if (role == landmark) return true;
  }
  return any_word(attribute(node, "class"), is_surrounding_name) || any_word(attribute(node, "id"), is_surrounding_name);
}

dom::Node* main_content(Node* body) {
  if (!body) return nullptr;
  // Prose of each element that has any, counted into all its ancestors.
  std::unordered_map<const Node*, uint32_t> prose;
  std::unordered_set<const Node*> titles;  // elements with an <h1> or <h2> in them
  std::vector<uint32_t> sums;  // one for each open element
  std::vector<Node*> mains, articles;
  int prose_depth = 0, link_depth = 0, article_depth = 0;
  dom::walk(
      body,
      [&](Node* n) {
        if (dom::is_text(n)) {
          if (prose_depth > 0 && link_depth == 0) sums.back() += static_cast<uint32_t>(visible_bytes(dom::text(n)));
          return false;
        }
        if (!dom::is_element(n) || is_left_out(n, Care::strict)) return false;
        const uintptr_t name = tag(n);
        prose_depth += is_prose(name);
        link_depth += name == LXB_TAG_A;
        if (name == LXB_TAG_MAIN || attribute(n, "role") == "main") mains.push_back(n);
        if (name == LXB_TAG_ARTICLE || attribute(n, "itemprop") == "articleBody") {
          if (article_depth++ == 0) articles.push_back(n);
        }
        sums.push_back(0);
        return true;
      },
      [&](Node* n) {
        const uintptr_t name = tag(n);
        prose_depth -= is_prose(name);
        link_depth -= name == LXB_TAG_A;
        article_depth -= name == LXB_TAG_ARTICLE || attribute(n, "itemprop") == "articleBody";
        const uint32_t own = sums.back();
        sums.pop_back();
        if (own > 0) prose[n] = own;
        if (name == LXB_TAG_H1 || name == LXB_TAG_H2 || titles.contains(n)) {
          titles.insert(n);
          if (n != body) titles.insert(n->parent);
        }
        if (!sums.empty()) sums.back() += own;
      });
  const auto prose_of = [&](const Node* n) {
    auto found = prose.find(n);
    return found == prose.end() ? uint32_t{0} : found->second;
  };
  Node* root = body;
  const uint32_t all = prose_of(body);
  if (mains.size() == 1 && uint64_t{prose_of(mains[0])} * 4 >= all) root = mains[0];
  Node* largest = nullptr;
  for (Node* article : articles) {
    if (!largest || prose_of(article) > prose_of(largest)) largest = article;
  }
  if (largest && uint64_t{prose_of(largest)} * 2 >= prose_of(root)) {
    bool inside = false;
    for (Node* up = largest; up && !inside; up = up->parent) inside = up == root;
    if (inside) root = largest;
  }
  // Down to the element that holds nearly all of it, and not past its title.
  constexpr uint64_t kShareOfProse = 85;
  for (Node* n = root;;) {
    Node* heir = nullptr;
    for (Node* child = n->first_child; child && !heir; child = child->next) {
      if (prose_of(child) > 0 && uint64_t{prose_of(child)} * 100 >= uint64_t{prose_of(root)} * kShareOfProse) {
        heir = child;
      } else if (titles.contains(child)) {
        return n;
      }
    }
    if (!heir || is_prose(tag(heir)) || tag(heir) == LXB_TAG_UL || tag(heir) == LXB_TAG_OL || tag(heir) == LXB_TAG_DL ||
        tag(heir) == LXB_TAG_TABLE || is_admonition(heir)) {
      return n;
    }
    n = heir;
  }
}

}  // namespace tarn::document
