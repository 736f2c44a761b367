#include "document/compound/biff.h"

#include "document/compound/characters.h"

namespace tarn::document::compound {
namespace {

constexpr uint16_t kContinue = 0x3C;
constexpr uint8_t kWide = 1, kPhonetic = 4, kRich = 8;

}  // namespace

bool Records::next() {
  const Binary stream(stream_);
  if (!stream.has(at_, 4)) return false;
  pieces_.clear();
  type_ = stream.u16(at_);
  do {
    const uint16_t size = stream.u16(at_ + 2);
    pieces_.push_back(stream.part(at_ + 4, size));
    at_ += 4 + size_t{size};
  } while (stream.has(at_, 4) && stream.u16(at_) == kContinue);
  return true;
}

std::string_view RecordBytes::rest() {
  while (piece_ < pieces_.size() && at_ >= pieces_[piece_].size()) {
    ++piece_;
    at_ = 0;
  }
  return piece_ < pieces_.size() ? pieces_[piece_].substr(at_) : std::string_view();
}

bool RecordBytes::done() { return rest().empty(); }

uint8_t RecordBytes::u8() {
  const std::string_view left = rest();
  if (left.empty()) return 0;
  ++at_;
  return static_cast<uint8_t>(left[0]);
}

void RecordBytes::skip(uint64_t count) {
  while (count > 0) {
    const std::string_view left = rest();
    if (left.empty()) return;
    const auto taken = static_cast<size_t>(std::min<uint64_t>(count, left.size()));
    at_ += taken;
    count -= taken;
  }
}

std::string RecordBytes::bytes(size_t count) {
  std::string out;
  while (count > 0) {
    const std::string_view left = rest().substr(0, count);
    if (left.empty()) break;
    out += left;
    at_ += left.size();
    count -= left.size();
  }
  return out;
}

std::string RecordBytes::characters(size_t count, uint8_t flags) {
  std::string units;  // UTF-16, over all pieces, so that no pair is cut
  while (count > 0 && piece_ < pieces_.size()) {
    if (at_ >= pieces_[piece_].size()) {
      if (++piece_ == pieces_.size()) break;
      at_ = 1;
      flags = pieces_[piece_].empty() ? 0 : static_cast<uint8_t>(pieces_[piece_][0]);
    }
    const std::string_view left = at_ < pieces_[piece_].size() ? pieces_[piece_].substr(at_) : std::string_view();
    const size_t width = flags & kWide ? 2 : 1;
    const size_t taken = std::min(count, left.size() / width);
    if (width == 2) {
      units += left.substr(0, 2 * taken);
    } else {
      for (const char c : left.substr(0, taken)) units += std::string{c, '\0'};
    }
    count -= taken;
    at_ += taken * width;
    if (taken == 0) at_ = pieces_[piece_].size();  // half a character
  }
  return from_utf16(units);
}

std::string RecordBytes::rich_text() {
  const uint16_t count = u16();
  const uint8_t flags = u8();
  const uint64_t runs = flags & kRich ? u16() : 0, phonetic = flags & kPhonetic ? u32() : 0;
  std::string text = characters(count, flags);
  skip(4 * runs + phonetic);
  return text;
}

}  // namespace tarn::document::compound
