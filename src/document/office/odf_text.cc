#include "document/office/odf_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "document/office/package.h"
#include "document/office/tables.h"
#include "document/read.h"

namespace tarn::document::office {
namespace {

using pugi::xml_node;

constexpr int kMaxDepth = 200, kMaxParents = 50;
constexpr int64_t kMaxSpaces = 100;

}  // namespace

void OdfText::add_styles(xml_node root) {
  root.find_node([&](xml_node n) {
    if (is(n, "style")) {
      Style style;
      const xml_node text = child(n, "text-properties");
      if (const std::string_view weight = value(text, "font-weight"); !weight.empty()) {
        style.strong = weight == "bold" || number<int64_t>(weight, 0) >= 600 ? 1 : 0;
      }
      if (const std::string_view form = value(text, "font-style"); !form.empty()) {
        style.emphasis = form == "italic" || form == "oblique" ? 1 : 0;
      }
      if (const std::string_view line = value(text, "text-line-through-style"); !line.empty()) {
        style.strike = line != "none" ? 1 : 0;
      }
      style.parent = value(n, "parent-style-name");
      if (!is(n.parent(), "automatic-styles")) style.name = value(n, "name");
      styles_.emplace(value(n, "name"), std::move(style));
    } else if (is(n, "list-level-style-number")) {
      if (!value(n, "num-format").empty()) {
        ordered_.emplace(std::string(value(n.parent(), "name")) + ":" + std::string(value(n, "level")),
                         std::max<int64_t>(0, number<int64_t>(value(n, "start-value"), 1)));
      }
    }
    return false;
  });
}

// What the style of characters itself says; that of a paragraph is no emphasis.
Marks OdfText::marks_of(std::string_view name, Marks marks) const {
  const auto found = styles_.find(name);
  if (found == styles_.end()) return marks;
  const Style* style = &found->second;
  int strong = -1, emphasis = -1, strike = -1;
  for (int i = 0; i < kMaxParents && style; ++i) {
    if (strong < 0) strong = style->strong;
    if (emphasis < 0) emphasis = style->emphasis;
    if (strike < 0) strike = style->strike;
    const auto parent = styles_.find(style->parent);
    style = parent == styles_.end() ? nullptr : &parent->second;
  }
  if (strong >= 0) marks.strong = strong > 0;
  if (emphasis >= 0) marks.emphasis = emphasis > 0;
  if (strike >= 0) marks.strike = strike > 0;
  return marks;
}

std::string OdfText::base_of(std::string_view name) const {
  std::string at(name);
  for (int i = 0; i < kMaxParents; ++i) {
    const auto found = styles_.find(at);
    if (found == styles_.end() || !found->second.name.empty()) return at;
    at = found->second.parent;
  }
  return at;
}

void OdfText::blocks(xml_node parent, Blocks* out, int depth, int level) {
  if (depth > kMaxDepth) return out->paragraph(escaped(text_of(parent)));
  for (const xml_node n : parent.children()) block(n, out, depth, level);
}

void OdfText::block(xml_node n, Blocks* out, int depth, int level) {
  if (out->full()) return;
  static constexpr std::string_view kHolders[] = {
      "index-body",         "section",     "text-box",     "numbered-paragraph", "table-of-content",
      "illustration-index", "table-index", "object-index", "user-index",         "alphabetical-index",
      "bibliography",       "index-title", "list-item",    "list-header"};
  static constexpr std::string_view kFrames[] = {"frame", "custom-shape", "rect",      "ellipse", "g",
                                                 "a",     "line",         "connector", "polygon", "path"};
  const std::string_view name = local(n);
  const auto among = [name](const auto& names) {
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
  };
  if (name == "p" || name == "h") {
    paragraph(n, out, depth, name == "h");
  } else if (name == "list") {
    list(n, out, depth, level + 1, value(n, "style-name"));
  } else if (name == "table") {
    table(n, out, depth);
  } else if (name == "tracked-changes") {
    for (const xml_node region : n.children()) deleted_ += !child(region, "deletion").empty();
  } else if (among(kHolders)) {
    blocks(n, out, depth + 1, level);
  } else if (among(kFrames)) {
    frame(n, depth);
    flush_after(out);
  }
}

void OdfText::paragraph(xml_node p, Blocks* out, int depth, bool heading) {
  runs(p, {}, depth);
  const bool blank = inline_.is_blank();
  const std::string html = inline_.take();
  const std::string base = base_of(value(p, "style-name"));
  if (!blank) {
    if (heading || base == "Title") {
      flush_notes(out);
      if (base == "Title" && title_.empty()) title_ = title_line(text_of(p));
      const int64_t level = base == "Title" ? 1 : number<int64_t>(value(p, "outline-level"), 1);
      out->heading(static_cast<int>(std::clamp<int64_t>(level, 1, 6)), html);
    } else if (base == "Quotations") {
      out->quote("<p>" + html + "</p>");
    } else if (base == "Preformatted_20_Text") {
      out->raw("<pre>" + html + "</pre>");
    } else {
      out->paragraph(html);
    }
  }
  flush_after(out);
}

void OdfText::list(xml_node n, Blocks* out, int depth, int level, std::string_view style) {
  if (depth > kMaxDepth) return;
  const std::string key = std::string(style) + ":" + std::to_string(level + 1), id(value(n, "id"));
  const auto numbers = ordered_.find(key);
  const bool ordered = numbers != ordered_.end();
  int64_t count = ordered ? numbers->second : 1;
  // It may go on from the last list of its style, or from one that it names.
  const std::string from(value(n, "continue-list"));
  if (!from.empty() || value(n, "continue-numbering") == "true") {
    const auto before = next_.find(from.empty() ? key : "#" + from);
    if (before != next_.end()) count = before->second;
  }
  for (const xml_node item : n.children()) {
    if (!is(item, "list-item") && !is(item, "list-header")) continue;
    count = std::max<int64_t>(0, number(value(item, "start-value"), count));
    bool begun = false;
    for (const xml_node c : item.children()) {
      if (is(c, "p") && !begun) {
        runs(c, {}, depth);
        const bool blank = inline_.is_blank();
        const std::string html = inline_.take();
        if (!blank) out->item(level, ordered, count, html);
        begun = !blank;
        flush_after(out);
      } else if (is(c, "p")) {
        runs(c, {}, depth);
        if (!inline_.is_blank()) out->more("<p>" + inline_.take() + "</p>");
        inline_.take();
        flush_after(out);
      } else if (is(c, "list")) {
        const std::string_view own = value(c, "style-name");
        list(c, out, depth + 1, level + 1, own.empty() ? style : own);
      } else if (is(c, "h")) {
        paragraph(c, out, depth, true);
      }
    }
    count += is(item, "list-item") && (child(item, "p") || child(item, "h"));  // empty ones too
  }
  next_[key] = count;
  if (!id.empty()) next_["#" + id] = count;
}

void OdfText::table(xml_node n, Blocks* out, int depth) {
  ++cells_;
  std::string html = "<table>";
  rows(n, false, &html, depth);
  --cells_;
  out->raw(html + "</table>");
  flush_after(out);
}

void OdfText::rows(xml_node parent, bool head, std::string* html, int depth) {
  if (depth > kMaxDepth) return;
  for (const xml_node n : parent.children()) {
    if (html->size() > kMaxHtmlBytes) return;
    const std::string_view name = local(n);
    if (name == "table-header-rows" || name == "table-row-group" || name == "table-rows") {
      rows(n, head || name == "table-header-rows", html, depth + 1);
    }
    if (name != "table-row") continue;
    *html += "<tr>";
    for (const xml_node c : n.children()) {
      if (!is(c, "table-cell")) continue;
      const int64_t wide = std::clamp<int64_t>(number<int64_t>(value(c, "number-columns-spanned"), 1), 1, kMaxSpan),
                    tall = std::clamp<int64_t>(number<int64_t>(value(c, "number-rows-spanned"), 1), 1, kMaxSpan);
      const char* tag = head ? "th" : "td";
      *html += fmt::format("<{} colspan={} rowspan={}>", tag, wide, tall);
      Blocks inner;
      blocks(c, &inner, depth + 3);
      *html += inner.take() + fmt::format("</{}>", tag);
    }
    *html += "</tr>";
  }
}

void OdfText::runs(xml_node parent, Marks marks, int depth) {
  if (depth > kMaxDepth) return inline_.add(text_of(parent), marks);
  for (const xml_node n : parent.children()) {
    if (n.type() == pugi::node_pcdata || n.type() == pugi::node_cdata) {
      inline_.add(n.value(), marks);
      continue;
    }
    const std::string_view name = local(n);
    if (name == "span") {
      runs(n, marks_of(value(n, "style-name"), marks), depth + 1);
    } else if (name == "a") {
      const std::string_view target = value(n, "href");
      const bool link = !target.empty() && target[0] != '#';
      if (link) inline_.open_link(clean(target));
      runs(n, marks, depth + 1);
      if (link) inline_.close_link();
    } else if (name == "s") {
      inline_.add(
          std::string(static_cast<size_t>(std::clamp<int64_t>(number<int64_t>(value(n, "c"), 1), 1, kMaxSpaces)), ' '),
          marks);
    } else if (name == "tab") {
      inline_.add(" ", marks);
    } else if (name == "line-break") {
      inline_.add_html("<br>");
    } else if (name == "note") {
      note(n);
    } else if (name == "annotation") {
      remark(n);
    } else if (name == "frame" || name == "custom-shape" || name == "rect" || name == "g" || name == "ellipse") {
      frame(n, depth);
    } else if (name == "page-number" || name == "page-count" || name == "annotation-end" || name == "tracked-changes" ||
               name == "script" || name == "hidden-text") {
      continue;
    } else if (name == "ruby") {
      runs(child(n, "ruby-base"), marks, depth + 1);
      inline_.add("(" + text_of(child(n, "ruby-text")) + ")", marks);
    } else {
      runs(n, marks, depth + 1);
    }
  }
}

// What stands beside the paragraph that is being read, as blocks of its own.
std::string OdfText::aside(xml_node n, int depth) {
  const Inline line = std::exchange(inline_, {});
  const std::vector<std::string> after = std::exchange(after_, {});
  const int cells = std::exchange(cells_, 0);
  Blocks inner;
  blocks(n, &inner, depth);
  cells_ = cells;
  after_ = after;
  inline_ = line;
  return inner.take();
}

// Pictures by their words, boxes behind the paragraph.
void OdfText::frame(xml_node n, int depth) {
  if (depth > kMaxDepth) return;
  for (const char* about : {"title", "desc"}) {
    const std::string words = title_line(text_of(child(n, about)));
    if (!words.empty()) after_.push_back("<p>" + escaped(words) + "</p>");
  }
  std::string html = aside(n, depth + 5);
  if (!html.empty()) after_.push_back(std::move(html));
}

void OdfText::note(xml_node n) {
  const std::string label = "[" + std::to_string(++notes_) + "]";
  inline_.add_label(label);
  pending_.push_back(introduced(label, aside(child(n, "note-body"), 0)));
}

void OdfText::remark(xml_node n) {
  const std::string author = title_line(text_of(child(n, "creator"))), html = aside(n, 0);
  if (!html.empty()) after_.push_back("<blockquote>" + comment_html(author, {}, html) + "</blockquote>");
}

void OdfText::flush_after(Blocks* out) {
  if (cells_ > 0) return;
  for (const std::string& html : std::exchange(after_, {})) out->raw(html);
}

void OdfText::flush_notes(Blocks* out) {
  if (cells_ > 0) return;
  for (const std::string& html : std::exchange(pending_, {})) out->raw(html);
}

}  // namespace tarn::document::office
