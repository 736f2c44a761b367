#include "document/html/content.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/ascii.h"
#include "document/html/inline.h"
#include "document/html/markdown.h"
#include "document/html/survey.h"

namespace tarn::document {
namespace {

using dom::attribute;
using dom::Node;
using dom::tag;

// Words for what surrounds a text, in the classes and ids of DocBook, Sphinx, MediaWiki, WordPress and the usual
// themes: "post-share-buttons", "relatedPosts" and "site_nav" each hold one. They say nothing by themselves: a part
// goes only when it is little but links besides.
constexpr std::string_view kSurroundings[] = {
    "ad",         "ads",           "advert",    "advertisement", "advertising", "breadcrumb", "breadcrumbs",
    "carousel",   "catlinks",      "comment",   "comments",      "cookie",      "cookies",    "disqus",
    "docnav",     "dropdown",      "footer",    "gdpr",          "header",      "latest",     "leftnav",
    "masthead",   "menu",          "modal",     "more",          "most",        "nav",        "navbar",
    "navbox",     "navfooter",     "navheader", "navigation",    "newsletter",  "outbrain",   "pager",
    "pagination", "popular",       "popup",     "printfooter",   "promo",       "promos",     "rail",
    "recent",     "recirc",        "recommend", "recommended",   "related",     "respond",    "rightnav",
    "share",      "sharedaddy",    "shares",    "sharing",       "sidebar",     "sidenav",    "signup",
    "social",     "sphinxsidebar", "sponsor",   "sponsored",     "subnav",      "subscribe",  "subscription",
    "taboola",    "tags",          "teaser",    "toolbar",       "topbar",      "topnav",     "trending",
    "widget",
};
static_assert(std::is_sorted(std::begin(kSurroundings), std::end(kSurroundings)));

constexpr std::string_view kAdmonitions[] = {
    "note", "warning",   "tip",     "caution", "important",    "admonition",     "danger",
    "hint", "attention", "callout", "seealso", "versionadded", "versionchanged", "deprecated"};

// Little but links: at least so many per cent of its text, headings not counted, and no run of other words longer than
// a teaser's.
constexpr uint64_t kLinkShare = 40;
constexpr uint32_t kTeaserBytes = 200;
// Running text of a landmark that makes it more than a frame around the page.
constexpr uint32_t kRunningBytes = 200;
// A page of which no more is left, headings and links not counted, is navigation all over, and keeps it.
constexpr uint32_t kHardlyAnyBytes = 8;
// How far is looked around a part, and at how many tables of contents, so that no page costs more than its size.
constexpr int kNearSiblings = 20, kMaxContents = 20;

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

// Calls f with each word of a name, in lower case: "relatedPosts-list" has related, posts, list.
template <typename F>
bool any_name_word(std::string_view name, F matches) {
  std::string word;
  for (size_t i = 0; i <= name.size() && i < 200; ++i) {
    const char c = i < name.size() ? name[i] : '-';
    const bool upper = base::is_upper(c);
    const bool letter = upper || base::is_lower(c);
    const bool begins = upper && i > 0 && base::is_lower(name[i - 1]);
    if ((!letter || begins) && !word.empty()) {
      if (matches(std::string_view(word))) return true;
      word.clear();
    }
    if (letter) word.push_back(base::lower(c));
  }
  return false;
}

bool is_surrounding(std::string_view word) {
  return std::binary_search(std::begin(kSurroundings), std::end(kSurroundings), word);
}

// The words of an element's headings, and of the one right above it: a name that shares one with them may have been
// made of them.
std::string heading_words(Node* element) {
  std::string out;
  const Node* above = element->prev;
  while (above && !dom::is_element(above)) above = above->prev;
  if (above && tag(above) >= LXB_TAG_H1 && tag(above) <= LXB_TAG_H6) {
    out = words_of(const_cast<Node*>(above), 200) + " ";
  }
  int left = 500;
  dom::walk(
      element,
      [&](Node* n) {
        if (--left < 0) return false;
        if (tag(n) < LXB_TAG_H1 || tag(n) > LXB_TAG_H6) return true;
        out += words_of(n, 200) + " ";
        return false;
      },
      [](Node*) {});
  return base::lower(out);
}

// Notes that marks in the text point to, wherever they stand.
bool is_notes(const Node* n) {
  const std::string_view role = attribute(n, "role");
  return role == "doc-endnotes" || role == "doc-footnote" || any_name_word(attribute(n, "class"), [](auto word) {
           return word == "footnotes" || word == "footnote" || word == "endnotes";
         });
}

// A name that a heading inside repeats was given by what the part says.
bool is_named_surrounding(Node* n) {
  const std::string_view names[] = {attribute(n, "class"), attribute(n, "id")};
  if (!any_name_word(names[0], is_surrounding) && !any_name_word(names[1], is_surrounding)) return false;
  if (is_notes(n)) return false;
  const std::string headings = heading_words(n);
  const auto says_more = [&](std::string_view word) {
    return is_surrounding(word) && headings.find(word) == std::string::npos;
  };
  return any_name_word(names[0], says_more) || any_name_word(names[1], says_more);
}

// Of a drawing, its words are text; its description for programs, its styles and scripts are none.
bool is_never_text_in_drawing(const Node* n) {
  const std::string_view name = dom::name(n);
  return name != "text" && name != "tspan" && name != "textPath" && name != "g" && name != "a" && name != "svg" &&
         name != "foreignObject" && name != "switch";
}

bool is_never_text(const Node* n) {
  if (n->ns == LXB_NS_SVG) return is_never_text_in_drawing(n);
  switch (tag(n)) {
    case LXB_TAG_SCRIPT:
      return !is_formula_source(n);
    case LXB_TAG_STYLE:
    case LXB_TAG_TEMPLATE:
    case LXB_TAG_IFRAME:
    case LXB_TAG_EMBED:
    case LXB_TAG_CANVAS:
    case LXB_TAG_AUDIO:
    case LXB_TAG_VIDEO:
    case LXB_TAG_SELECT:
    case LXB_TAG_DATALIST:
    case LXB_TAG_HEAD:
    case LXB_TAG_TITLE:
    case LXB_TAG_LINK:
    case LXB_TAG_META:
    case LXB_TAG_FRAMESET:
    case LXB_TAG_NOFRAMES:
      return true;
    case LXB_TAG_TEXTAREA:  // what waits to be filled in; a longer text was put there to be read
      return !n->first_child || !dom::is_text(n->first_child) || dom::text(n->first_child).size() < kRunningBytes;
    default:
      return false;
  }
}

char left_out_mark;  // what a node's `user` points to when it is left out; the tree belongs to one extraction

// The elements that hold what a page is about.
bool is_main(const Node* n) {
  const std::string_view role = attribute(n, "role");
  return tag(n) == LXB_TAG_MAIN || tag(n) == LXB_TAG_ARTICLE || role == "main" || role == "article" ||
         attribute(n, "itemprop") == "articleBody";
}

// The landmarks of HTML and ARIA that frame a page.
enum class Landmark { none, navigation, header, footer, aside };

Landmark landmark(const Node* n) {
  const std::string_view role = attribute(n, "role");
  for (std::string_view name : {"navigation", "search", "menu", "menubar", "doc-pagelist"}) {
    if (role == name) return Landmark::navigation;
  }
  if (role == "banner") return Landmark::header;
  if (role == "contentinfo") return Landmark::footer;
  if (role == "complementary") return Landmark::aside;
  switch (tag(n)) {
    case LXB_TAG_NAV:
    case LXB_TAG_SEARCH:
      return Landmark::navigation;
    case LXB_TAG_HEADER:
      return Landmark::header;
    case LXB_TAG_FOOTER:
      return is_notes(n) ? Landmark::none : Landmark::footer;
    case LXB_TAG_ASIDE:
      return is_admonition(n) ? Landmark::none : Landmark::aside;
    default:
      return Landmark::none;
  }
}

Reason reason_of(Landmark l) {
  switch (l) {
    case Landmark::header:
      return Reason::header;
    case Landmark::footer:
      return Reason::footer;
    case Landmark::aside:
      return Reason::aside;
    default:
      return Reason::navigation;
  }
}

// Elements that hold a part of a page.
bool is_part(uintptr_t name) {
  switch (name) {
    case LXB_TAG_DIV:
    case LXB_TAG_SECTION:
    case LXB_TAG_UL:
    case LXB_TAG_OL:
    case LXB_TAG_DL:
    case LXB_TAG_TABLE:
    case LXB_TAG_FORM:
    case LXB_TAG_P:
      return true;
    default:
      return false;
  }
}

class Selection {
 public:
  Selection(Node* body, bool is_article) : body_(body), survey_(body), is_article_page_(is_article) {
    const Measure& all = survey_.of(body);
    titled_ = all.main_heading;
    if (is_article) leave_out_beside_main(body, all);
    int text_depth = 0;  // of articles, main elements and code
    dom::walk(
        body,
        [&](Node* n) {
          if (!dom::is_element(n) || is_left_out(n)) return false;
          if (n != body && judge(n, text_depth > 0)) return false;
          text_depth += is_text_element(n);
          return true;
        },
        [&](Node* n) { text_depth -= is_text_element(n); });
    if (all.own() - own_ <= kHardlyAnyBytes && left_out_.total() > 0 && !all.code) {
      for (Node* n : marked_) n->user = nullptr;
      left_out_ = {};
    }
  }
  LeftOut left_out() const { return left_out_; }

 private:
  static bool is_text_element(const Node* n) { return is_main(n) || tag(n) == LXB_TAG_PRE; }

  bool is_links(const Measure& m) const {
    return m.links > 0 && uint64_t{m.linked} * 100 >= uint64_t{m.text - m.headings} * kLinkShare &&
           m.longest <= kTeaserBytes && !m.code && !m.main_heading;
  }

  bool mark(Node* n, Reason reason) {
    const Measure& m = survey_.of(n);
    left_out_.bytes[static_cast<size_t>(reason)] += m.text;
    own_ += m.own();
    leave_out(n);
    marked_.push_back(n);
    return true;
  }

  bool judge(Node* n, bool in_text) {
    const Measure& m = survey_.of(n);
    if (m.text == 0) return false;
    if (tag(n) == LXB_TAG_NOSCRIPT && m.text < kRunningBytes) return mark(n, Reason::noscript);
    const Landmark l = landmark(n);
    if (l != Landmark::none && frames_the_page(l, m, in_text)) return mark(n, reason_of(l));
    if (in_text && !is_article_page_) return false;
    if (!is_part(tag(n)) || is_text_element(n)) return false;
    if (tag(n) == LXB_TAG_FORM && m.fields && m.longest <= kTeaserBytes && !m.code && !m.main_heading) {
      return mark(n, Reason::form);
    }
    if (!is_links(m) || (in_text && m.heading && m.own() * 4 >= m.text)) return false;
    if (is_contents(n)) return contents_++ < kMaxContents && repeats_headings(n) && mark(n, Reason::links);
    if (is_named_surrounding(n) ||
        (is_article_page_ && m.links >= (in_text ? 2 : 1) && !(in_text && stands_in_text(n)))) {
      return mark(n, Reason::links);
    }
    return false;
  }

  bool frames_the_page(Landmark l, const Measure& m, bool in_text) const {
    if (in_text) return is_article_page_ && l != Landmark::header && is_links(m);
    if (m.main_heading || m.dialog) return false;
    switch (l) {
      case Landmark::header:  // … unless it says what the page is about
        return !(m.heading && !titled_) && m.longest < kTeaserBytes && !m.code;
      case Landmark::aside:
        return is_links(m) || is_article_page_;
      default:
        return is_links(m) || (m.longest < kRunningBytes && !m.code && !m.heading) || is_article_page_;
    }
  }

  static bool is_contents(const Node* n) {
    return has_class(n, "toc") || attribute(n, "id") == "toc" || attribute(n, "role") == "doc-toc";
  }

  // A table of contents whose links lead to places of this page says again what its headings say. One that leads to
  // other pages does not.
  bool repeats_headings(Node* contents) {
    if (ids_.empty()) {
      dom::walk(
          body_,
          [&](Node* n) {
            for (std::string_view key : {"id", "name"}) {
              if (const std::string_view id = attribute(n, key); !id.empty()) ids_.insert(id);
            }
            return true;
          },
          [](Node*) {});
    }
    size_t links = 0, here = 0;
    dom::walk(
        contents,
        [&](Node* n) {
          const std::string_view target = attribute(n, "href");
          links += !target.empty();
          const size_t mark = target.find('#');
          here += mark != std::string_view::npos && ids_.contains(target.substr(mark + 1));
          return true;
        },
        [](Node*) {});
    return here * 2 > links;
  }

  // A list among paragraphs and headings is part of what they say.
  static bool stands_in_text(const Node* n) {
    const auto is_flow = [](const Node* s) {
      const uintptr_t name = tag(s);
      return name == LXB_TAG_P || (name >= LXB_TAG_H1 && name <= LXB_TAG_H6);
    };
    const uintptr_t name = tag(n);
    if (name != LXB_TAG_UL && name != LXB_TAG_OL && name != LXB_TAG_DL && name != LXB_TAG_P) return false;
    for (auto next : {&Node::next, &Node::prev}) {
      int left = kNearSiblings;
      for (const Node* s = n->*next; s && left > 0; s = s->*next) {
        if (is_flow(s)) return true;
        left -= dom::is_element(s);
      }
    }
    return false;
  }

  // What a page's author writes and a frame hardly has: code, and text that a script or a click shows.
  static bool is_written(const Node* n, const Measure& m) {
    return m.code || m.dialog || tag(n) == LXB_TAG_DETAILS || tag(n) == LXB_TAG_FIGURE ||
           attribute(n, "role") == "tabpanel" || is_notes(n);
  }

  // In a page that calls itself an article, what stands beside its main element; its title and what is_written() stay.
  void leave_out_beside_main(Node* body, const Measure& all) {
    std::vector<Node*> mains;
    dom::walk(
        body,
        [&](Node* n) {
          if (!dom::is_element(n) || is_left_out(n)) return false;
          if (!is_main(n)) return true;
          mains.push_back(n);
          return false;
        },
        [](Node*) {});
    uint64_t own = 0;
    for (const Node* main : mains) own += survey_.of(main).own();
    if (mains.empty() || own * 4 < all.own()) return;
    std::unordered_set<const Node*> around = {body};  // the main elements and what they stand in
    for (const Node* main : mains) {
      for (const Node* n = main; around.insert(n).second; n = n->parent) {
      }
    }
    for (const Node* main : mains) around.erase(main);
    const std::unordered_set<const Node*> inner(mains.begin(), mains.end());
    for (const Node* holder : around) {
      for (Node* s = holder->first_child; s; s = s->next) {
        if (around.contains(s) || inner.contains(s) || !dom::is_element(s) || is_left_out(s) ||
            landmark(s) != Landmark::none) {
          continue;
        }
        const Measure& m = survey_.of(s);
        if (m.text > 0 && is_block(tag(s)) && !m.main_heading && !is_written(s, m)) mark(s, Reason::beside);
      }
    }
  }

  Node* body_;
  Survey survey_;
  std::unordered_set<std::string_view> ids_;  // of the page, once they are asked for
  bool is_article_page_;
  bool titled_ = false;  // an <h1> says what the page is about
  LeftOut left_out_;
  uint64_t own_ = 0;
  int contents_ = 0;
  std::vector<Node*> marked_;
};

}  // namespace

uint64_t LeftOut::total() const {
  uint64_t sum = 0;
  for (uint64_t n : bytes) sum += n;
  return sum;
}

bool has_class(const Node* node, std::string_view name) {
  return any_word(attribute(node, "class"), [&](std::string_view word) { return word == name; });
}

bool is_formula_source(const Node* script) { return attribute(script, "type").starts_with("math/tex"); }

bool is_code_fragment(const Node* div) {
  return tag(div) == LXB_TAG_DIV && has_class(div, "fragment") && div->first_child &&
         has_class(div->first_child, "line");
}

bool is_admonition(const Node* node) {
  const uintptr_t name = tag(node);
  if (name != LXB_TAG_DIV && name != LXB_TAG_ASIDE && name != LXB_TAG_SECTION) return false;
  return any_word(attribute(node, "class"), [](std::string_view word) {
    return std::find(std::begin(kAdmonitions), std::end(kAdmonitions), word) != std::end(kAdmonitions);
  });
}

bool is_left_out(const Node* node) {
  return dom::is_element(node) && (node->user == &left_out_mark || is_never_text(node));
}

void leave_out(Node* node) { node->user = &left_out_mark; }

LeftOut leave_out_navigation(Node* body, bool is_article) { return Selection(body, is_article).left_out(); }

}  // namespace tarn::document
