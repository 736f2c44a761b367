// Reading and writing little-endian bytes, with bounds.
// Errors:  ByteReader returns corruption with the offset when bytes run out; nothing is read past the end.
// Threads: a reader or writer belongs to one thread.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/hash.h"
#include "base/status.h"

namespace tarn::base {

// Formats are little-endian, and so is every machine that Tarn runs on (x86-64, arm64).
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);

template <typename T>
T load_le(const void* p) {
  static_assert(std::is_trivially_copyable_v<T>);
  T v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

inline Hash128 load_hash(const char* p) { return {load_le<uint64_t>(p), load_le<uint64_t>(p + sizeof(uint64_t))}; }
inline constexpr size_t kHashBytes = sizeof(Hash128);

class ByteWriter {
 public:
  explicit ByteWriter(std::string* out) : out_(out) {}
  template <typename T>
  void fixed(T v) {
    static_assert(std::is_arithmetic_v<T>);
    out_->append(reinterpret_cast<const char*>(&v), sizeof v);
  }
  void varint(uint64_t v);  // LEB128, at most 10 bytes
  void bytes(std::string_view b) { out_->append(b); }
  void text(std::string_view b) {  // varint length, then the bytes
    varint(b.size());
    bytes(b);
  }
  void hash(const Hash128& h) {  // low half first
    fixed(h.low);
    fixed(h.high);
  }
  void align(size_t boundary) { out_->resize((out_->size() + boundary - 1) / boundary * boundary, '\0'); }
  size_t size() const { return out_->size(); }

 private:
  std::string* out_;
};

class ByteReader {
 public:
  // `what` names the file in errors.
  ByteReader(std::string_view bytes, std::string_view what) : bytes_(bytes), what_(what) {}
  template <typename T>
  Result<T> fixed() {
    static_assert(std::is_arithmetic_v<T>);
    if (remaining() < sizeof(T)) return truncated();
    T v = load_le<T>(bytes_.data() + offset_);
    offset_ += sizeof(T);
    return v;
  }
  Result<uint64_t> varint();
  Result<Hash128> hash();
  Result<std::string_view> bytes(uint64_t count);
  Result<std::string_view> text();  // as ByteWriter::text; a view into the input
  size_t offset() const { return offset_; }
  size_t remaining() const { return bytes_.size() - offset_; }
  bool done() const { return remaining() == 0; }
  Status corrupt(std::string_view why) const;  // corruption with file and offset

 private:
  Status truncated() const { return corrupt("bytes end too early"); }
  std::string_view bytes_;
  std::string what_;
  size_t offset_ = 0;
};

}  // namespace tarn::base
