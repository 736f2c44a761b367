#include "base/bytes.h"

#include <fmt/format.h>

namespace tarn::base {

void ByteWriter::varint(uint64_t v) {
  while (v >= 0x80) {
    out_->push_back(static_cast<char>(v | 0x80));
    v >>= 7;
  }
  out_->push_back(static_cast<char>(v));
}

Result<uint64_t> ByteReader::varint() {
  uint64_t v = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (done()) return truncated();
    const auto byte = static_cast<uint8_t>(bytes_[offset_++]);
    if (shift == 63 && byte > 1) return corrupt("a varint is longer than 64 bits");
    v |= uint64_t{byte & 0x7fu} << shift;
    if (byte < 0x80) return v;
  }
  return corrupt("a varint is longer than 64 bits");
}

Result<Hash128> ByteReader::hash() {
  if (remaining() < kHashBytes) return truncated();
  const Hash128 h = load_hash(bytes_.data() + offset_);
  offset_ += kHashBytes;
  return h;
}

Result<std::string_view> ByteReader::bytes(uint64_t count) {
  if (remaining() < count) return truncated();
  auto v = bytes_.substr(offset_, count);
  offset_ += count;
  return v;
}

Result<std::string_view> ByteReader::text() {
  TARN_ASSIGN(uint64_t count, varint());
  return bytes(count);
}

Status ByteReader::corrupt(std::string_view why) const {
  return {Code::corruption, fmt::format("{}: {} at byte {}", what_, why, offset_)};
}

}  // namespace tarn::base
