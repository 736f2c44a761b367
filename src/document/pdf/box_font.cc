#include "document/pdf/box_font.h"

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

namespace tarn::document::pdf {
namespace {

constexpr int kEm = 1000, kAscent = 880, kDescent = -120;  // units
constexpr int kGlyphs = 2;                                 // the first is that of no character

void add(std::string* out, size_t bytes, std::initializer_list<int64_t> values) {
  for (const int64_t value : values) {
    for (size_t i = bytes; i-- > 0;) *out += static_cast<char>(static_cast<uint64_t>(value) >> (8 * i));
  }
}

void pad(std::string* out) { out->resize((out->size() + 3) / 4 * 4); }

std::string box() {
  std::string out;
  add(&out, 2, {1, 0, kDescent, kEm, kAscent, 3, 0});  // one line of points that ends with the fourth; no instructions
  add(&out, 1, {1, 1, 1, 1});                          // they are on it
  add(&out, 2, {0, kEm, 0, -kEm, kDescent, 0, kEm, 0});
  pad(&out);
  return out;
}

std::string head() {
  std::string out;
  add(&out, 4, {0x10000, 0x10000, 0, 0x5F0F3CF5});
  add(&out, 2, {0, kEm});
  add(&out, 8, {0, 0});
  add(&out, 2, {0, kDescent, kEm, kAscent, 0, 8, 2, 0, 0});
  return out;
}

std::string hhea() {
  std::string out;
  add(&out, 4, {0x10000});
  add(&out, 2, {kAscent, kDescent, 0, kEm, 0, 0, kEm, 1, 0, 0, 0, 0, 0, 0, 0, 1});
  return out;
}

std::string maxp() {
  std::string out;
  add(&out, 4, {0x10000});
  add(&out, 2, {kGlyphs, 4, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0});
  return out;
}

std::string cmap() {
  std::string out;
  add(&out, 2, {0, 1, 3, 10});
  add(&out, 4, {12});
  add(&out, 2, {13, 0});
  add(&out, 4, {28, 0, 1, 0, 0x10FFFF, 1});
  return out;
}

}  // namespace

std::string box_font() {
  const std::string glyph = box();
  std::string hmtx, loca;
  add(&hmtx, 2, {kEm, 0, 0});
  add(&loca, 2, {0, static_cast<int64_t>(glyph.size() / 2), static_cast<int64_t>(glyph.size())});
  const std::vector<std::pair<std::string_view, std::string>> tables = {
      {"cmap", cmap()}, {"glyf", glyph + glyph}, {"head", head()}, {"hhea", hhea()},
      {"hmtx", hmtx},   {"loca", loca},          {"maxp", maxp()}};
  std::string out, body;
  const auto count = static_cast<int64_t>(tables.size());
  add(&out, 4, {0x10000});
  add(&out, 2, {count, 64, 2, 16 * count - 64});
  for (const auto& [name, bytes] : tables) {
    out += name;
    const auto at = 12 + 16 * count + static_cast<int64_t>(body.size());
    add(&out, 4, {0, at, static_cast<int64_t>(bytes.size())});  // its checksum is not looked at
    body += bytes;
    pad(&body);
  }
  return out + body;
}

}  // namespace tarn::document::pdf
