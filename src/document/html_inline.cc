#include "document/html_inline.h"

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
    case LXB_TAG_SUP:  // "2<sup>31</sup>" is not 231; "word<sup>1</sup>" and "1<sup>st</sup>" are no powers
      if (node->first_child && dom::is_text(node->first_child) && out->ends_with_quantity()) {
        const std::string_view power = dom::text(node->first_child);
        const char c = power.empty() ? ' ' : power[0];
        if ((c >= '0' && c <= '9') || c == '-' || c == '+' || power.size() == 1) out->add_text("^");
      }
      break;
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
      out->add_image(attribute(node, "alt"), attribute(node, "src"));
      return false;
    case LXB_TAG_MATH:
      if (std::string_view words = attribute(node, "alttext"); !words.empty()) {
        out->add_text(words);
        return false;
      }
      break;
    default:
      break;
  }
  return true;
}

void leave_inline(Node* node, InlineText* out) {
  const uintptr_t name = tag(node);
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
    default:
      break;
  }
}

}  // namespace tarn::document
