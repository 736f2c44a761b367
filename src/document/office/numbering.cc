#include "document/office/numbering.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"
#include "document/office/package.h"

namespace tarn::document::office {
namespace {

using pugi::xml_node;

constexpr int kMaxBased = 50;  // styles based on each other
constexpr int64_t kMaxRoman = 3'999, kMaxNumber = 99'999'999;

int64_t number(std::string_view text, int64_t otherwise) {
  int64_t n = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), n);
  return std::clamp<int64_t>(n, -1, kMaxNumber);
}

int on(xml_node properties, std::string_view name) {
  const xml_node property = child(properties, name);
  return property ? (is_on(property) ? 1 : 0) : -1;
}

std::string roman(int64_t n) {
  static constexpr std::pair<int64_t, std::string_view> kSigns[] = {
      {1000, "m"}, {900, "cm"}, {500, "d"}, {400, "cd"}, {100, "c"}, {90, "xc"}, {50, "l"},
      {40, "xl"},  {10, "x"},   {9, "ix"},  {5, "v"},    {4, "iv"},  {1, "i"}};
  std::string out;
  for (const auto& [worth, sign] : kSigns) {
    for (; n >= worth; n -= worth) out += sign;
  }
  return out;
}

std::string as_format(int64_t n, std::string_view format) {
  if (format == "bullet" || format == "none") return {};
  if (format == "lowerRoman" && n > 0 && n <= kMaxRoman) return roman(n);
  if (format == "upperRoman" && n > 0 && n <= kMaxRoman) return base::upper(roman(n));
  if ((format == "lowerLetter" || format == "upperLetter") && n > 0) {  // a … z, aa, bb …
    const std::string letters(std::min<size_t>(static_cast<size_t>((n - 1) / 26 + 1), 10),
                              static_cast<char>('a' + (n - 1) % 26));
    return format == "upperLetter" ? base::upper(letters) : letters;
  }
  return (format == "decimalZero" && n < 10 ? "0" : "") + std::to_string(n);
}

}  // namespace

ListPlace list_place(xml_node properties) {
  const xml_node num = child(properties, "numPr");
  ListPlace place;
  place.num_id = value(child(num, "numId"), "val");
  if (const xml_node level = child(num, "ilvl")) place.level = static_cast<int>(number(value(level, "val"), 0));
  return place;
}

Styles::Styles(xml_node root) {
  for (const xml_node n : root.children()) {
    if (!is(n, "style")) continue;
    const std::string id(value(n, "styleId"));
    const std::string name = base::lower(value(child(n, "name"), "val"));
    const xml_node paragraph = child(n, "pPr"), characters = child(n, "rPr");
    Style s;
    s.based_on = value(child(n, "basedOn"), "val");
    s.title = name == "title";
    s.quote = name == "quote" || name == "intense quote";
    s.code = name == "html preformatted" || name == "source code" || name == "code" || name == "macro text";
    if (name.starts_with("heading ") && name.size() == 9 && base::is_digit(name[8])) s.heading = name[8] - '0';
    if (const xml_node outline = child(paragraph, "outlineLvl"); outline && s.heading == 0) {
      const int64_t level = number(value(outline, "val"), 9);
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
      const Style& other = found->second;
      if (style.heading == 0 && !style.title) style.heading = other.heading;
      if (style.heading == 0) style.title |= other.title;
      style.quote |= other.quote;
      style.code |= other.code;
      if (style.list.num_id.empty()) style.list.num_id = other.list.num_id;
      if (style.list.level < 0) style.list.level = other.list.level;
      if (style.strong < 0) style.strong = other.strong;
      if (style.emphasis < 0) style.emphasis = other.emphasis;
      if (style.strike < 0) style.strike = other.strike;
      if (style.hidden < 0) style.hidden = other.hidden;
      above = other.based_on;
    }
  }
}

const Style& Styles::get(std::string_view id) const {
  static const Style nothing;
  const auto found = all_.find(id);
  return found == all_.end() ? nothing : found->second;
}

Numbering::Numbering(xml_node root) {
  const auto level_of = [](xml_node n) {
    Level level;
    if (const xml_node format = child(n, "numFmt")) level.format = value(format, "val");
    level.text = value(child(n, "lvlText"), "val");
    level.start = std::max<int64_t>(0, number(value(child(n, "start"), "val"), 1));
    return level;
  };
  for (const xml_node n : root.children()) {
    if (is(n, "abstractNum")) {
      Levels& levels = abstract_[std::string(value(n, "abstractNumId"))];
      for (const xml_node l : n.children()) {
        const int64_t at = is(l, "lvl") ? number(value(l, "ilvl"), -1) : -1;
        if (at >= 0 && at < kLevels) levels[static_cast<size_t>(at)] = level_of(l);
      }
    } else if (is(n, "num")) {
      List& list = lists_[std::string(value(n, "numId"))];
      list.abstract = value(child(n, "abstractNumId"), "val");
      for (const xml_node o : n.children()) {
        const int64_t at = is(o, "lvlOverride") ? number(value(o, "ilvl"), -1) : -1;
        if (at < 0 || at >= kLevels) continue;
        if (const xml_node own = child(o, "lvl")) list.own[static_cast<int>(at)] = level_of(own);
        if (const xml_node start = child(o, "startOverride")) {
          list.starts[static_cast<int>(at)] = std::max<int64_t>(0, number(value(start, "val"), 1));
        }
      }
    }
  }
}

Numbering::Label Numbering::next(const ListPlace& place) {
  Label label;
  const auto found = lists_.find(place.num_id);
  if (place.num_id.empty() || place.num_id == "0" || found == lists_.end()) return label;
  List& list = found->second;
  const auto abstract = abstract_.find(list.abstract);
  if (abstract == abstract_.end()) return label;
  const auto at = static_cast<size_t>(std::clamp(place.level, 0, kLevels - 1));
  const auto level = [&](size_t i) -> const Level& {
    const auto own = list.own.find(static_cast<int>(i));
    return own == list.own.end() ? abstract->second[i] : own->second;
  };
  auto [counts, is_new] = counts_.try_emplace(list.abstract);
  if (is_new) counts->second.fill(-1);
  if (!list.begun) {
    list.begun = true;
    for (const auto& [l, start] : list.starts) counts->second[static_cast<size_t>(l)] = start - 1;
  }
  int64_t& count = counts->second[at];
  count = count < 0 ? level(at).start : count + 1;
  std::fill(counts->second.begin() + static_cast<ptrdiff_t>(at) + 1, counts->second.end(), -1);
  const std::string& form = level(at).format;
  if (form == "none" && level(at).text.empty()) return label;
  label.listed = true;
  label.number = count;
  if (form == "bullet") return label;
  const std::string& text = level(at).text;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 1 < text.size() && text[i + 1] >= '1' && text[i + 1] <= '9') {
      const auto l = static_cast<size_t>(text[++i] - '1');
      const int64_t n = counts->second[l] < 0 ? level(l).start : counts->second[l];
      label.text += as_format(n, level(l).format);
    } else {
      label.text += text[i];
    }
  }
  const std::string alone = std::to_string(count);
  label.ordered = form == "decimal" && (label.text == alone + "." || label.text == alone + ")" || label.text == alone);
  return label;
}

}  // namespace tarn::document::office
