#include "document/html_content.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <unordered_map>
#include <vector>

#include "document/html_markdown.h"

namespace tarn::document {
namespace {

using dom::attribute;
using dom::Node;
using dom::tag;

// Words that name what surrounds a text, in the class names and ids of DocBook, Sphinx, MediaWiki, WordPress and the usual themes:
// "post-share-buttons", "relatedPosts" and "site_nav" each hold one. Such a part goes only when little of the page's prose is in it.
constexpr std::string_view kSurroundings[] = {
    "ad",          "ads",           "advert",      "advertisement", "advertising", "breadcrumb",
    "breadcrumbs", "catlinks",      "comment",     "comments",      "cookie",      "cookies",
    "disqus",      "dropdown",      "editsection", "footer",        "gdpr",        "headerlink",
    "jumplink",    "masthead",      "menu",        "modal",         "nav",         "navbar",
    "navbox",      "navfooter",     "navheader",   "navigation",    "newsletter",  "outbrain",
    "pager",       "pagination",    "popular",     "popup",         "printfooter", "promo",
    "promos",      "recirc",        "recommend",   "recommended",   "related",     "respond",
    "share",       "sharedaddy",    "shares",      "sharing",       "sidebar",     "signup",
    "social",      "sphinxsidebar", "sponsor",     "sponsored",     "subscribe",   "subscription",
    "taboola",     "teaser",        "toc",         "toctree",       "toolbar",     "topbar",
    "trending",    "widget",
};
static_assert(std::is_sorted(std::begin(kSurroundings), std::end(kSurroundings)));
// Per cent of the prose that a part named so may hold, in a page of any kind and in one that calls itself an article.
constexpr uint64_t kSurroundingShare = 20, kArticleSurroundingShare = 40;

constexpr std::string_view kAdmonitions[] = {
    "note", "warning",   "tip",     "caution", "important",    "admonition",     "danger",
    "hint", "attention", "callout", "seealso", "versionadded", "versionchanged", "deprecated"};

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

bool is_one_of(std::string_view word, const auto& list) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

// The words of a name, lower case: "relatedPosts-list" has related, posts, list.
bool has_surrounding_word(std::string_view name) {
  std::string word;
  for (size_t i = 0; i <= name.size() && i < 200; ++i) {
    const char c = i < name.size() ? name[i] : '-';
    const bool upper = c >= 'A' && c <= 'Z';
    const bool letter = upper || (c >= 'a' && c <= 'z');
    const bool begins = upper && i > 0 && name[i - 1] >= 'a' && name[i - 1] <= 'z';
    if ((!letter || begins) && !word.empty()) {
      if (std::binary_search(std::begin(kSurroundings), std::end(kSurroundings), std::string_view(word))) return true;
      word.clear();
    }
    if (letter) word.push_back(upper ? static_cast<char>(c | 0x20) : c);
  }
  return false;
}

constexpr uint64_t kLinkShare = 70;  // per cent of an article's part that is links: a list of other articles
// Per cent of the prose that the main content must hold.
constexpr uint64_t kShareOfProse = 85, kArticleShareOfProse = 70;

// Marks that main_content() leaves on parts that go; the tree belongs to one extraction.
char left_out_mark, contents_mark;

bool is_contents(const Node* n) {
  return has_class(n, "toc") || has_class(n, "toctree-wrapper") || attribute(n, "id") == "toc" ||
         attribute(n, "role") == "doc-toc";
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
    case LXB_TAG_SCRIPT:
    case LXB_TAG_STYLE:
    case LXB_TAG_NOSCRIPT:
    case LXB_TAG_TEMPLATE:
    case LXB_TAG_IFRAME:
    case LXB_TAG_OBJECT:
    case LXB_TAG_EMBED:
    case LXB_TAG_APPLET:
    case LXB_TAG_SVG:
    case LXB_TAG_CANVAS:
    case LXB_TAG_AUDIO:
    case LXB_TAG_VIDEO:
    case LXB_TAG_BUTTON:
    case LXB_TAG_SELECT:
    case LXB_TAG_INPUT:
    case LXB_TAG_TEXTAREA:
    case LXB_TAG_DATALIST:
    case LXB_TAG_HEAD:
    case LXB_TAG_TITLE:
    case LXB_TAG_LINK:
    case LXB_TAG_META:
    case LXB_TAG_RP:
    case LXB_TAG_FRAMESET:
    case LXB_TAG_NOFRAMES:
    case LXB_TAG_DIALOG:
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
    case LXB_TAG_P:
    case LXB_TAG_PRE:
    case LXB_TAG_BLOCKQUOTE:
    case LXB_TAG_LI:
    case LXB_TAG_DD:
    case LXB_TAG_DT:
    case LXB_TAG_TD:
    case LXB_TAG_TH:
    case LXB_TAG_H1:
    case LXB_TAG_H2:
    case LXB_TAG_H3:
    case LXB_TAG_H4:
      return true;
    default:
      return false;
  }
}

// A heading that says most of what the page's title says.
bool is_title(Node* heading, std::string_view page_title) {
  const std::string words = words_of(heading, 1000);
  return !words.empty() && (page_title.empty() || (page_title.find(words) != std::string_view::npos &&
                                                   words.size() * 2 >= page_title.size()));
}

size_t visible_bytes(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) > ' '; }));
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
    case LXB_TAG_NAV:
    case LXB_TAG_FOOTER:
    case LXB_TAG_MENU:
      return true;
    case LXB_TAG_ASIDE:
      return !is_admonition(node);
    case LXB_TAG_HEADER:
      if (!within_article(node)) return true;
      break;
    case LXB_TAG_BODY:
    case LXB_TAG_HTML:
    case LXB_TAG_MAIN:
    case LXB_TAG_ARTICLE:
      return false;
    default:
      break;
  }
  const std::string_view role = attribute(node, "role");
  for (std::string_view landmark :
       {"navigation", "banner", "contentinfo", "complementary", "search", "menu", "menubar", "dialog", "alertdialog"}) {
    if (role == landmark) return true;
  }
  return node->user == &left_out_mark || (node->user == &contents_mark && care == Care::strict);
}

namespace {

// What an element holds, what is left out already not counted.
struct Measure {
  uint32_t prose = 0;      // bytes in paragraphs and their like, links not counted
  uint32_t text = 0;       // bytes
  uint32_t link_text = 0;  // of these, in links
  uint32_t links = 0;
  bool title = false;  // holds the page's title as a heading
  void add(const Measure& other) {
    prose += other.prose;
    text += other.text;
    link_text += other.link_text;
    links += other.links;
    title |= other.title;
  }
};

// One pass over the body that measures its elements and finds those that matter.
class Survey {
 public:
  Survey(Node* body, const PageHints& hints) : hints_(hints) {
    dom::walk(body, [&](Node* n) { return enter(n); }, [&](Node* n) { leave(n); });
  }
  const Measure& of(const Node* n) const {
    static const Measure kNothing;
    const auto found = measures_.find(n);
    return found == measures_.end() ? kNothing : found->second;
  }
  std::vector<Node*> mains, articles;
  std::vector<Node*> named;       // for what surrounds a text
  std::vector<Node*> link_lists;  // of an article: little but links

 private:
  bool enter(Node* n) {
    if (dom::is_text(n)) {
      const auto bytes = static_cast<uint32_t>(visible_bytes(dom::text(n)));
      Measure& m = open_.back();
      m.text += bytes;
      if (link_depth_ > 0) {
        m.link_text += bytes;
      } else if (prose_depth_ > 0) {
        m.prose += bytes;
      }
      return false;
    }
    if (!dom::is_element(n) || is_left_out(n, Care::strict)) return false;
    const uintptr_t name = tag(n);
    prose_depth_ += is_prose(name);
    link_depth_ += name == LXB_TAG_A;
    const bool content =
        name == LXB_TAG_BODY || name == LXB_TAG_MAIN || name == LXB_TAG_ARTICLE || name == LXB_TAG_TABLE;
    if (!content && !is_prose(name) &&
        (any_word(attribute(n, "class"), has_surrounding_word) || has_surrounding_word(attribute(n, "id")))) {
      named.push_back(n);
    }
    if (name == LXB_TAG_MAIN || attribute(n, "role") == "main") mains.push_back(n);
    if (is_article(n) && article_depth_++ == 0) articles.push_back(n);
    open_.emplace_back();
    return true;
  }

  void leave(Node* n) {
    const uintptr_t name = tag(n);
    prose_depth_ -= is_prose(name);
    link_depth_ -= name == LXB_TAG_A;
    article_depth_ -= is_article(n);
    Measure own = open_.back();
    open_.pop_back();
    own.links += name == LXB_TAG_A;
    own.title |= (name == LXB_TAG_H1 || name == LXB_TAG_H2) && is_title(n, hints_.title);
    const bool holder = name == LXB_TAG_DIV || name == LXB_TAG_UL || name == LXB_TAG_OL || name == LXB_TAG_SECTION;
    if (hints_.is_article && holder && own.links >= 3 &&
        uint64_t{own.link_text} * 100 >= uint64_t{own.text} * kLinkShare) {
      link_lists.push_back(n);
    }
    if (own.text > 0) measures_.emplace(n, own);
    if (!open_.empty()) open_.back().add(own);
  }

  static bool is_article(const Node* n) {
    return tag(n) == LXB_TAG_ARTICLE || attribute(n, "itemprop") == "articleBody";
  }

  const PageHints& hints_;
  std::unordered_map<const Node*, Measure> measures_;
  std::vector<Measure> open_;
  int prose_depth_ = 0, link_depth_ = 0, article_depth_ = 0;
};

bool is_within(const Node* n, const Node* ancestor) {
  while (n && n != ancestor) n = n->parent;
  return n != nullptr;
}

}  // namespace

dom::Node* main_content(Node* body, const PageHints& hints) {
  const Survey survey(body, hints);
  const auto prose_of = [&](const Node* n) { return uint64_t{survey.of(n).prose}; };
  const uint64_t all = prose_of(body);
  const uint64_t surrounding_share = hints.is_article ? kArticleSurroundingShare : kSurroundingShare;
  for (Node* n : survey.named) {
    if (prose_of(n) * 100 <= all * surrounding_share && !survey.of(n).title) {
      n->user = is_contents(n) ? &contents_mark : &left_out_mark;
    }
  }
  for (Node* n : survey.link_lists) {
    if (!survey.of(n).title) n->user = &left_out_mark;
  }

  Node* root = body;
  if (survey.mains.size() == 1 && prose_of(survey.mains[0]) * 4 >= all) root = survey.mains[0];
  Node* largest = nullptr;
  for (Node* article : survey.articles) {
    if (!largest || prose_of(article) > prose_of(largest)) largest = article;
  }
  if (largest && prose_of(largest) * 2 >= prose_of(root) && is_within(largest, root)) root = largest;

  // Down to the element that holds nearly all of it, and not past its title.
  const uint64_t enough = prose_of(root) * (hints.is_article ? kArticleShareOfProse : kShareOfProse);
  for (Node* n = root;;) {
    Node* heir = nullptr;
    for (Node* child = n->first_child; child && !heir; child = child->next) {
      if (prose_of(child) > 0 && prose_of(child) * 100 >= enough) {
        heir = child;
      } else if (survey.of(child).title) {
        return n;
      }
    }
    const uintptr_t name = heir ? tag(heir) : uintptr_t{LXB_TAG__UNDEF};
    if (!heir || is_prose(name) || name == LXB_TAG_UL || name == LXB_TAG_OL || name == LXB_TAG_DL ||
        name == LXB_TAG_TABLE || is_admonition(heir)) {
      return n;
    }
    n = heir;
  }
}

}  // namespace tarn::document
