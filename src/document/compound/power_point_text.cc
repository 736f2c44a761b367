#include "document/compound/power_point_text.h"

#include <algorithm>
#include <utility>

#include "document/compound/characters.h"

namespace tarn::document::compound {
namespace {

enum : uint16_t {
  kTextHeader = 0x0F9F,
  kTextCharacters = 0x0FA0,
  kTextStyles = 0x0FA1,
  kTextBytes = 0x0FA8,
  kSlideNumber = 0x0FD8,
};

// How deep its paragraphs are, and whether they have bullets, from the formats of their characters.
std::vector<Indent> indents_of(Binary styles, const std::string& words) {
  std::vector<Indent> by_unit;
  // As many characters of UTF-16 as there are, and one behind the last paragraph.
  size_t units = 1;
  for (const char c : words) units += (c & 0xC0) != 0x80 ? ((c & 0xF8) == 0xF0 ? 2 : 1) : 0;
  for (size_t at = 0; by_unit.size() < units && styles.has(at, 10);) {
    const uint32_t count = styles.u32(at);
    const uint16_t level = styles.u16(at + 4);
    const uint32_t mask = styles.u32(at + 6);
    at += 10;
    Indent indent{static_cast<uint8_t>(std::min<uint16_t>(level, 8))};
    if (mask & 1) indent.bullet = static_cast<int8_t>(styles.u16(at) & 1);
    by_unit.insert(by_unit.end(), std::min<size_t>(count, units - by_unit.size()), indent);
    if (count == 0) break;
    if (mask & 0xF) at += 2;
    for (const uint32_t bit : {7, 4, 6}) at += mask >> bit & 1 ? 2 : 0;
    if (mask & 1 << 5) at += 4;
    for (const uint32_t bit : {11, 12, 13, 14, 8, 10, 15}) at += mask >> bit & 1 ? 2 : 0;
    if (mask & 1 << 20) at += 2 + 4 * uint64_t{styles.u16(at)};
    if (mask & 1 << 16) at += 2;
    if (mask & 0xE0000) at += 2;
    if (mask & 1 << 21) at += 2;
  }
  std::vector<Indent> indents;
  size_t unit = 0;
  bool begins = true;
  for (const char c : words) {
    if ((c & 0xC0) == 0x80) continue;
    if (std::exchange(begins, c == '\r')) indents.push_back(unit < by_unit.size() ? by_unit[unit] : Indent());
    unit += (c & 0xF8) == 0xF0 ? 2 : 1;
  }
  return indents;
}

}  // namespace

Record record_of(Binary bytes) {
  if (!bytes.has(0, 8)) return {};
  const uint16_t head = bytes.u16(0);
  return {static_cast<uint16_t>(head >> 4), bytes.u16(2), (head & 0xF) == 0xF, Binary(bytes.part(8, bytes.u32(4)))};
}

void take_text(const Record& r, std::vector<Text>* texts) {
  if (r.type == kTextHeader) texts->push_back({r.bytes.u32(0), {}, {}});
  if (r.type != kTextCharacters && r.type != kTextBytes && r.type != kTextStyles && r.type != kSlideNumber) return;
  if (texts->empty()) texts->emplace_back();
  Text& text = texts->back();
  if (r.type == kTextCharacters) text.words = from_utf16(r.bytes.bytes());
  if (r.type == kTextBytes) {
    std::string units;
    for (const char c : r.bytes.bytes()) units += std::string{c, '\0'};
    text.words = from_utf16(units);
  }
  if (r.type == kTextStyles) text.indents = indents_of(r.bytes, text.words);
  if (r.type == kSlideNumber && text.words.size() <= 1) text.words.clear();  // "*": the number of the slide
}

}  // namespace tarn::document::compound
