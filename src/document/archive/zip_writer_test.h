// Zip archives for tests, member by member.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace tarn::document {

class ZipWriter {
 public:
  struct How {
    bool deflate = true;
    uint16_t flags = 0;
    uint32_t mode = 0;         // of Unix; 0: none
    uint16_t method = 0xFFFF;  // as it is said; 0xFFFF: what it is
  };

  ZipWriter& add(std::string_view name, std::string_view bytes, How how) {
    std::string packed(bytes);
    if (how.deflate) packed = deflated(bytes);
    const uint16_t method = how.method != 0xFFFF ? how.method : how.deflate ? 8 : 0;
    const auto crc = static_cast<uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
    const auto offset = static_cast<uint32_t>(out_.size());
    const auto common = [&](base::ByteWriter& w) {
      w.fixed<uint16_t>(20);
      w.fixed<uint16_t>(how.flags);
      w.fixed(method);
      w.fixed<uint32_t>(0);
      w.fixed(crc);
      w.fixed(static_cast<uint32_t>(packed.size()));
      w.fixed(static_cast<uint32_t>(bytes.size()));
      w.fixed(static_cast<uint16_t>(name.size()));
      w.fixed<uint16_t>(0);
    };
    base::ByteWriter local(&out_), central(&directory_);
    local.fixed<uint32_t>(0x04034b50);
    common(local);
    local.bytes(name);
    local.bytes(packed);
    central.fixed<uint32_t>(0x02014b50);
    central.fixed(static_cast<uint16_t>(how.mode ? 3 << 8 : 20));
    common(central);
    central.fixed<uint16_t>(0);
    central.fixed<uint32_t>(0);
    central.fixed(how.mode << 16);
    central.fixed(offset);
    central.bytes(name);
    ++count_;
    return *this;
  }
  ZipWriter& add(std::string_view name, std::string_view bytes) { return add(name, bytes, How{}); }

  std::string bytes() const {
    std::string out = out_ + directory_;
    base::ByteWriter w(&out);
    w.fixed<uint32_t>(0x06054b50);
    w.fixed<uint32_t>(0);
    w.fixed(count_);
    w.fixed(count_);
    w.fixed(static_cast<uint32_t>(directory_.size()));
    w.fixed(static_cast<uint32_t>(out_.size()));
    w.fixed<uint16_t>(0);
    return out;
  }

  // As `form` has it: -15 for a zip's member, 31 for gzip.
  static std::string deflated(std::string_view bytes, int form = -15) {
    z_stream z{};
    deflateInit2(&z, 6, Z_DEFLATED, form, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&z, bytes.size()) + 32, '\0');
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    z.avail_in = static_cast<uInt>(bytes.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    deflate(&z, Z_FINISH);
    out.resize(z.total_out);
    deflateEnd(&z);
    return out;
  }

 private:
  std::string out_, directory_;
  uint16_t count_ = 0;
};

}  // namespace tarn::document
