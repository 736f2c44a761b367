#include "document/html/survey.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "document/html/content.h"
#include "document/html/inline.h"

namespace tarn::document {
namespace {

using dom::Node;
using dom::tag;

bool is_link(const Node* n) {
  return (tag(n) == LXB_TAG_A && dom::has_attribute(n, "href")) || tag(n) == LXB_TAG_BUTTON;
}

bool is_heading(uintptr_t name) { return name >= LXB_TAG_H1 && name <= LXB_TAG_H6; }

// What names something, and is no sentence about it.
bool is_label(uintptr_t name) {
  switch (name) {
    case LXB_TAG_TH:
    case LXB_TAG_LEGEND:
    case LXB_TAG_LABEL:
    case LXB_TAG_SUMMARY:
    case LXB_TAG_TIME:
    case LXB_TAG_CAPTION:
      return true;
    default:
      return is_heading(name);
  }
}

uint32_t visible_bytes(std::string_view text) {
  return static_cast<uint32_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) > ' '; }));
}

bool is_field(const Node* n) {
  if (tag(n) == LXB_TAG_TEXTAREA) return true;
  if (tag(n) != LXB_TAG_INPUT) return false;
  const std::string_view type = dom::attribute(n, "type");
  return type.empty() || type == "text" || type == "search" || type == "email" || type == "password" || type == "url" ||
         type == "tel";
}

struct Open {
  Measure measure;
  uint32_t run = 0;  // of the block so far
};

}  // namespace

Survey::Survey(Node* body) {
  std::vector<Open> open(1);
  int links = 0, labels = 0;
  dom::walk(
      body,
      [&](Node* n) {
        if (dom::is_text(n)) {
          const uint32_t bytes = visible_bytes(dom::text(n));
          Open& top = open.back();
          top.measure.text += bytes;
          (links > 0 ? top.measure.linked : labels > 0 ? top.measure.headings : top.run) += bytes;
          return false;
        }
        if (!dom::is_element(n) || is_left_out(n)) return false;
        links += is_link(n);
        labels += is_label(tag(n));
        open.emplace_back();
        return true;
      },
      [&](Node* n) {
        const uintptr_t name = tag(n);
        links -= is_link(n);
        labels -= is_label(name);
        Open own = open.back();
        open.pop_back();
        Measure& m = own.measure;
        m.links += is_link(n);
        if (is_heading(name) && links == 0 && m.text > m.linked) {
          m.heading = true;
          m.main_heading |= name == LXB_TAG_H1;
        }
        m.code |= name == LXB_TAG_PRE || name == LXB_TAG_TEXTAREA;
        m.fields |= is_field(n);
        m.dialog |= name == LXB_TAG_DIALOG || name == LXB_TAG_ARTICLE || dom::attribute(n, "role") == "dialog";
        Open& parent = open.back();
        if (is_block(name)) {
          m.longest = std::max(m.longest, own.run);
        } else {
          parent.run += own.run;
        }
        if (m.text > 0) measures_.emplace(n, m);
        Measure& p = parent.measure;
        p.text += m.text;
        p.linked += m.linked;
        p.headings += m.headings;
        p.longest = std::max(p.longest, m.longest);
        p.links += m.links;
        p.main_heading |= m.main_heading;
        p.heading |= m.heading;
        p.code |= m.code;
        p.dialog |= m.dialog;
        p.fields |= m.fields;
      });
}

const Measure& Survey::of(const Node* n) const {
  static const Measure kNothing;
  const auto found = measures_.find(n);
  return found == measures_.end() ? kNothing : found->second;
}

}  // namespace tarn::document
