#include "document/html/inline.h"

#include <algorithm>
#include <string>

#include "document/html/content.h"
#include "document/html/math.h"
#include "document/html/raised.h"

namespace tarn::document {

using dom::attribute;
using dom::Node;
using dom::tag;

bool is_block(uintptr_t name) {
  switch (name) {
    case LXB_TAG_ADDRESS:
    case LXB_TAG_ARTICLE:
    case LXB_TAG_ASIDE:
    case LXB_TAG_BLOCKQUOTE:
    case LXB_TAG_BODY:
    case LXB_TAG_CENTER:
    case LXB_TAG_DD:
    case LXB_TAG_DETAILS:
    case LXB_TAG_DIALOG:
    case LXB_TAG_DIR:
    case LXB_TAG_DIV:
    case LXB_TAG_DL:
    case LXB_TAG_DT:
    case LXB_TAG_FIELDSET:
    case LXB_TAG_FIGCAPTION:
    case LXB_TAG_FIGURE:
    case LXB_TAG_FOOTER:
    case LXB_TAG_FORM:
    case LXB_TAG_H1:
    case LXB_TAG_H2:
    case LXB_TAG_H3:
    case LXB_TAG_H4:
    case LXB_TAG_H5:
    case LXB_TAG_H6:
    case LXB_TAG_HEADER:
    case LXB_TAG_HGROUP:
    case LXB_TAG_HR:
    case LXB_TAG_HTML:
    case LXB_TAG_LEGEND:
    case LXB_TAG_LI:
    case LXB_TAG_MAIN:
    case LXB_TAG_MENU:
    case LXB_TAG_NAV:
    case LXB_TAG_OL:
    case LXB_TAG_OPTGROUP:
    case LXB_TAG_P:
    case LXB_TAG_PRE:
    case LXB_TAG_SEARCH:
    case LXB_TAG_SECTION:
    case LXB_TAG_SUMMARY:
    case LXB_TAG_TABLE:
    case LXB_TAG_CAPTION:
    case LXB_TAG_TBODY:
    case LXB_TAG_THEAD:
    case LXB_TAG_TFOOT:
    case LXB_TAG_TR:
    case LXB_TAG_TD:
    case LXB_TAG_TH:
    case LXB_TAG_UL:
    case LXB_TAG_LISTING:
    case LXB_TAG_XMP:
    case LXB_TAG_PLAINTEXT:
      return true;
    default:
      return false;
  }
}

static bool is_code(uintptr_t name) {
  return name == LXB_TAG_CODE || name == LXB_TAG_KBD || name == LXB_TAG_SAMP || name == LXB_TAG_TT;
}

namespace {

// A check box with which an item, a cell or a paragraph begins says whether it is done.
// One with words right behind it says it wherever it stands.
bool begins_item(const Node* box, const InlineText& so_far) {
  if (box->next && dom::is_text(box->next) &&
      dom::text(box->next).find_first_not_of(" \t\r\n") != std::string_view::npos) {
    return true;
  }
  if (!so_far.empty()) return false;
  const Node* up = box->parent;
  while (up && !is_block(tag(up))) up = up->parent;
  const uintptr_t name = up ? tag(up) : uintptr_t{LXB_TAG__UNDEF};
  if (name == LXB_TAG_LI || name == LXB_TAG_TD) return true;
  return up && up->parent && tag(up->parent) == LXB_TAG_LI;
}

bool is_checked(const Node* n) { return attribute(n, "aria-checked") == "true"; }

}  // namespace

// Each mark that is opened here is closed there: both decide by the tag alone.
bool enter_inline(Node* node, InlineText* out) {
  if (dom::is_text(node)) {
    out->add_text(dom::text(node));
    return false;
  }
  const uintptr_t name = tag(node);
  if (is_code(name)) {
    out->open_code();
    return true;
  }
  if (attribute(node, "role") == "checkbox" && name != LXB_TAG_INPUT && begins_item(node, *out)) {
    out->add_text(is_checked(node) ? "[x] " : "[ ] ");
  }
  if (node->ns == LXB_NS_SVG) {  // the labels of a drawing stand apart
    out->add_text(" ");
    return true;
  }
  switch (name) {
    case LXB_TAG_STRONG:
    case LXB_TAG_B:
      out->open(Mark::strong);
      break;
    case LXB_TAG_EM:
    case LXB_TAG_I:
    case LXB_TAG_VAR:
    case LXB_TAG_DFN:
    case LXB_TAG_CITE:
      out->open(Mark::emphasis);
      break;
    case LXB_TAG_DEL:
    case LXB_TAG_S:
    case LXB_TAG_STRIKE:
      out->open(Mark::strike);
      break;
    case LXB_TAG_SUP:
      return enter_raised(node, out);
    case LXB_TAG_RUBY:
      add_ruby(node, out);
      return false;
    case LXB_TAG_BUTTON:
      out->add_text(" ");
      break;
    case LXB_TAG_INPUT:
      if (attribute(node, "type") == "checkbox" && begins_item(node, *out)) {
        out->add_text(dom::has_attribute(node, "checked") ? "[x] " : "[ ] ");
      }
      return false;
    case LXB_TAG_Q:
      out->add_text("\xE2\x80\x9C");
      break;
    case LXB_TAG_A:
      out->open_link(attribute(node, "href"));
      break;
    case LXB_TAG_BR:
      out->add_break();
      return false;
    case LXB_TAG_WBR:
      return false;
    case LXB_TAG_IMG:
      out->add_image(attribute(node, dom::has_attribute(node, "alt") ? "alt" : "title"), attribute(node, "src"));
      return false;
    case LXB_TAG_MATH:
      out->add_text(formula_text(node));
      return false;
    default:
      break;
  }
  return true;
}

void leave_inline(Node* node, InlineText* out) {
  const uintptr_t name = tag(node);
  if (node->ns == LXB_NS_SVG) {
    out->add_text(" ");
    return;
  }
  if (is_code(name)) {
    out->close_code();
    return;
  }
  switch (name) {
    case LXB_TAG_STRONG:
    case LXB_TAG_B:
      out->close(Mark::strong);
      break;
    case LXB_TAG_EM:
    case LXB_TAG_I:
    case LXB_TAG_VAR:
    case LXB_TAG_DFN:
    case LXB_TAG_CITE:
      out->close(Mark::emphasis);
      break;
    case LXB_TAG_DEL:
    case LXB_TAG_S:
    case LXB_TAG_STRIKE:
      out->close(Mark::strike);
      break;
    case LXB_TAG_Q:
      out->add_text("\xE2\x80\x9D");
      break;
    case LXB_TAG_A:
      out->close_link();
      break;
    case LXB_TAG_BUTTON:
      out->add_text(" ");
      break;
    default:
      break;
  }
}

}  // namespace tarn::document
