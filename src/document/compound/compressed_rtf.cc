#include "document/compound/compressed_rtf.h"

#include <array>

#include "document/compound/binary.h"

namespace tarn::document::compound {
namespace {

constexpr uint32_t kPacked = 0x75465A4C, kPlain = 0x414C454D;  // "LZFu", "MELA"
constexpr size_t kHeader = 16, kWindow = 4096;
// What every text is taken to begin with, so that its usual words are short.
constexpr std::string_view kBefore =
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS "
    "Sans "
    "SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    "\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

}  // namespace

std::string unpacked_rtf(std::string_view packed) {
  const Binary bytes(packed);
  const uint64_t size = std::min<uint64_t>(bytes.u32(4), kMaxRtfBytes);
  if (bytes.u32(8) == kPlain) return std::string(bytes.part(kHeader, size));
  if (bytes.u32(8) != kPacked) return {};
  std::array<char, kWindow> window{};
  std::copy(kBefore.begin(), kBefore.end(), window.begin());
  size_t write = kBefore.size();
  std::string out;
  const auto put = [&](char c) {
    out += c;
    window[write] = c;
    write = (write + 1) % kWindow;
  };
  for (size_t at = kHeader; bytes.has(at, 1) && out.size() < size;) {
    const uint8_t kinds = bytes.u8(at++);
    for (int bit = 0; bit < 8 && out.size() < size; ++bit) {
      if ((kinds >> bit & 1) == 0) {
        if (!bytes.has(at, 1)) return out;
        put(static_cast<char>(bytes.u8(at++)));
        continue;
      }
      if (!bytes.has(at, 2)) return out;
      const size_t place = size_t{bytes.u8(at)} << 8 | bytes.u8(at + 1);
      at += 2;
      size_t from = place >> 4;
      if (from == write) return out;  // the end
      for (size_t n = (place & 0xF) + 2; n > 0; --n, from = (from + 1) % kWindow) put(window[from]);
    }
  }
  return out;
}

}  // namespace tarn::document::compound
