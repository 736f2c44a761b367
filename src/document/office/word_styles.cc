#include "document/office/word_styles.h"

#include <algorithm>

#include "base/ascii.h"
#include "document/office/package.h"

namespace tarn::document::office {
namespace {

using pugi::xml_node;

constexpr int kMaxBased = 50;  // styles based on each other
constexpr int64_t kMaxNumber = 99'999'999;

int64_t small_number(std::string_view text, int64_t otherwise) {
  return std::clamp<int64_t>(number(text, otherwise), -1, kMaxNumber);
}

int on(xml_node properties, std::string_view name) {
  const xml_node property = child(properties, name);
  return property ? (is_on(property) ? 1 : 0) : -1;
}

ListLevel level_of(xml_node n) {
  ListLevel level;
  if (const xml_node format = child(n, "numFmt")) level.format = value(format, "val");
  level.text = value(child(n, "lvlText"), "val");
  level.start = std::max<int64_t>(0, small_number(value(child(n, "start"), "val"), 1));
  level.legal = is_on(child(n, "isLgl"));
  return level;
}

}  // namespace

ListPlace list_place(xml_node properties) {
  const xml_node num = child(properties, "numPr");
  ListPlace place;
  place.list = value(child(num, "numId"), "val");
  if (const xml_node level = child(num, "ilvl")) place.level = static_cast<int>(small_number(value(level, "val"), 0));
  return place;
}

void name_style(std::string_view stated, Style* style) {
  const std::string name = base::lower(stated);
  style->title = name == "title";
  style->quote = name == "quote" || name == "intense quote";
  style->code = name == "html preformatted" || name == "source code" || name == "code" || name == "macro text";
  if (name.starts_with("heading ") && name.size() == 9 && base::is_digit(name[8])) style->heading = name[8] - '0';
}

void base_style(const Style& other, Style* style) {
  if (style->heading == 0 && !style->title) style->heading = other.heading;
  if (style->heading == 0) style->title |= other.title;
  style->quote |= other.quote;
  style->code |= other.code;
  if (style->list.list.empty()) style->list.list = other.list.list;
  if (style->list.level < 0) style->list.level = other.list.level;
  if (style->strong < 0) style->strong = other.strong;
  if (style->emphasis < 0) style->emphasis = other.emphasis;
  if (style->strike < 0) style->strike = other.strike;
  if (style->hidden < 0) style->hidden = other.hidden;
}

void write_paragraph(const Style& style, int heading, const Numbering::Label& label, int level, std::string html,
                     Blocks* out) {
  const bool raised = heading > 0 || style.title;
  if (!label.text.empty() && (raised || (label.listed && !label.ordered))) html = escaped(label.text) + " " + html;
  if (raised) {
    out->heading(style.title ? 1 : std::min(heading, 6), html);
  } else if (label.listed) {
    out->item(level, label.ordered, label.number, html);
  } else if (style.code) {
    out->raw("<pre>" + html + "</pre>");
  } else if (style.quote) {
    out->quote("<p>" + html + "</p>");
  } else {
    out->paragraph(html);
  }
}

Styles::Styles(xml_node root) {
  for (const xml_node n : root.children()) {
    if (!is(n, "style")) continue;
    const std::string id(value(n, "styleId"));
    const xml_node paragraph = child(n, "pPr"), characters = child(n, "rPr");
    Style s;
    s.based_on = value(child(n, "basedOn"), "val");
    name_style(value(child(n, "name"), "val"), &s);
    if (const xml_node outline = child(paragraph, "outlineLvl"); outline && s.heading == 0) {
      const int64_t level = small_number(value(outline, "val"), 9);
      if (level >= 0 && level < 9) s.heading = static_cast<int>(level) + 1;
    }
    s.list = list_place(paragraph);
    s.strong = on(characters, "b");
    s.emphasis = on(characters, "i");
    s.strike = on(characters, "strike");
    s.hidden = on(characters, "vanish");
    if (value(n, "type") == "paragraph" && value(n, "default") == "1") usual_ = id;
    all_.emplace(id, std::move(s));
  }
  // Each says what it is based on says, where it does not itself.
  for (auto& [id, style] : all_) {
    std::string above = style.based_on;
    for (int i = 0; i < kMaxBased && !above.empty(); ++i) {
      const auto found = all_.find(above);
      if (found == all_.end()) break;
      base_style(found->second, &style);
      above = found->second.based_on;
    }
  }
}

const Style& Styles::get(std::string_view id) const {
  static const Style nothing;
  const auto found = all_.find(id);
  return found == all_.end() ? nothing : found->second;
}

Numbering read_numbering(xml_node root) {
  Numbering numbering;
  std::map<std::string, ListLevels> forms;
  std::map<std::string, std::string> by_style, like_style;  // forms that a style stands for
  for (const xml_node n : root.children()) {
    if (!is(n, "abstractNum")) continue;
    const std::string id(value(n, "abstractNumId"));
    ListLevels& levels = forms[id];
    for (const xml_node l : n.children()) {
      const int64_t at = is(l, "lvl") ? small_number(value(l, "ilvl"), -1) : -1;
      if (at >= 0 && at < kListLevels) levels[static_cast<size_t>(at)] = level_of(l);
    }
    if (const xml_node style = child(n, "styleLink")) by_style.emplace(value(style, "val"), id);
    if (const xml_node style = child(n, "numStyleLink")) like_style.emplace(id, value(style, "val"));
  }
  // A form that only names a style has the levels of the one that the style stands for.
  for (const auto& [id, style] : like_style) {
    const auto found = by_style.find(style);
    if (found != by_style.end()) forms[id] = forms[found->second];
  }
  for (auto& [id, levels] : forms) numbering.add_form(id, levels);
  for (const xml_node n : root.children()) {
    if (!is(n, "num")) continue;
    Numbering::List list;
    list.form = value(child(n, "abstractNumId"), "val");
    for (const xml_node o : n.children()) {
      const int64_t at = is(o, "lvlOverride") ? small_number(value(o, "ilvl"), -1) : -1;
      if (at < 0 || at >= kListLevels) continue;
      if (const xml_node own = child(o, "lvl")) list.own[static_cast<int>(at)] = level_of(own);
      if (const xml_node start = child(o, "startOverride")) {
        list.starts[static_cast<int>(at)] = std::max<int64_t>(0, small_number(value(start, "val"), 1));
      }
    }
    numbering.add_list(std::string(value(n, "numId")), std::move(list));
  }
  return numbering;
}

}  // namespace tarn::document::office
