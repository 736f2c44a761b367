#include "document/archive/zip.h"

#include <zlib.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/bytes.h"
#include "document/archive/inflate.h"
#include "document/read.h"
#include "text/analyzer.h"

namespace tarn::document {
namespace {

using base::Code;
using base::load_le;
using base::Result;
using base::Status;

constexpr uint32_t kLocal = 0x04034b50, kCentral = 0x02014b50, kEnd = 0x06054b50, kEnd64 = 0x06064b50,
                   kLocator64 = 0x07064b50;
constexpr size_t kLocalBytes = 30, kCentralBytes = 46, kEndBytes = 22, kEnd64Bytes = 56, kLocator64Bytes = 20;
constexpr size_t kMaxComment = 65'535;
constexpr uint16_t kStored = 0, kDeflated = 8, kEncryptedFlag = 1, kSizesBehindFlag = 1 << 3, kUtf8Flag = 1 << 11,
                   kZip64Field = 1;
constexpr std::string_view kLocalMark = "PK\x03\x04", kDescriptorMark = "PK\x07\x08";
constexpr uint32_t kElsewhere = 0xFFFFFFFF;  // the value stands in the field of zip64
constexpr uint8_t kUnix = 3, kDarwin = 19;
constexpr uint32_t kTypeMask = 0170000, kFolder = 0040000, kLink = 0120000, kFile = 0100000;

Status damaged(const std::string& what) {
  return {Code::invalid_argument, "it is no zip archive that can be read: " + what,
          "see whether the file is whole, and copy it anew"};
}

template <typename T>
T at(std::string_view bytes, size_t offset) {
  return load_le<T>(bytes.data() + offset);
}

// Names are UTF-8 where they say so, or are; else of the old code page of DOS.
std::string name_of(std::string_view raw, bool utf8) {
  if (is_utf8(raw)) return std::string(raw);
  auto decoded = text::decode(raw, utf8 ? "utf-8" : "ibm437");
  return decoded.ok() ? std::move(decoded->text) : std::string("?");
}

// Sizes and place of a member that is larger than 32 bits can say.
void read_zip64(std::string_view extra, ZipMember* m, bool size, bool packed, bool offset) {
  while (extra.size() >= 4) {
    const size_t length = at<uint16_t>(extra, 2);
    if (length > extra.size() - 4) return;
    std::string_view field = extra.substr(4, length);
    if (at<uint16_t>(extra, 0) == kZip64Field) {
      for (const auto& [wanted, value] :
           {std::pair{size, &m->bytes}, std::pair{packed, &m->packed_bytes}, std::pair{offset, &m->offset}}) {
        if (!wanted || field.size() < 8) continue;
        *value = at<uint64_t>(field, 0);
        field.remove_prefix(8);
      }
      return;
    }
    extra.remove_prefix(4 + length);
  }
}

}  // namespace

bool is_zip(std::string_view head) { return head.starts_with(kLocalMark) || head.starts_with("PK\x05\x06"); }

Result<Zip> Zip::open(std::string_view bytes, Budget* budget) {
  Zip zip(bytes, budget);
  TARN_TRY(zip.list());
  return zip;
}

Zip Zip::recovered(std::string_view bytes, Budget* budget) {
  Zip zip(bytes, budget);
  zip.recover();
  return zip;
}

void Zip::add(ZipMember member) {
  by_name_.emplace(base::lower(member.name), members_.size());
  members_.push_back(std::move(member));
}

Status Zip::list() {
  if (bytes_.size() < kEndBytes) return damaged("it is too short");
  size_t end = bytes_.size() - kEndBytes;
  const size_t first = end > kMaxComment ? end - kMaxComment : 0;
  while (at<uint32_t>(bytes_, end) != kEnd) {
    if (end == first) return damaged("its directory is missing (cut off?)");
    --end;
  }
  uint64_t count = at<uint16_t>(bytes_, end + 10), size = at<uint32_t>(bytes_, end + 12),
           start = at<uint32_t>(bytes_, end + 16);
  uint64_t directory_end = end;
  if (end >= kLocator64Bytes && at<uint32_t>(bytes_, end - kLocator64Bytes) == kLocator64) {
    const uint64_t place = at<uint64_t>(bytes_, end - kLocator64Bytes + 8);
    if (place <= bytes_.size() - kEnd64Bytes && bytes_.size() >= kEnd64Bytes && at<uint32_t>(bytes_, place) == kEnd64) {
      count = at<uint64_t>(bytes_, place + 32);
      size = at<uint64_t>(bytes_, place + 40);
      start = at<uint64_t>(bytes_, place + 48);
      directory_end = place;
    }
  }
  if (size > directory_end || start > directory_end - size) return damaged("its directory lies outside of it");
  shift_ = directory_end - size - start;
  if (count > kMaxMembers) return too_many_members();
  std::string_view directory = bytes_.substr(start + shift_, size);
  while (directory.size() >= kCentralBytes && at<uint32_t>(directory, 0) == kCentral) {
    if (members_.size() == kMaxMembers) return too_many_members();
    const size_t name = at<uint16_t>(directory, 28), extra = at<uint16_t>(directory, 30),
                 comment = at<uint16_t>(directory, 32);
    if (kCentralBytes + name + extra + comment > directory.size()) return damaged("its directory is cut off");
    const uint16_t flags = at<uint16_t>(directory, 8);
    ZipMember m;
    m.name = name_of(directory.substr(kCentralBytes, name), (flags & kUtf8Flag) != 0);
    m.method = at<uint16_t>(directory, 10);
    m.crc = at<uint32_t>(directory, 16);
    m.packed_bytes = at<uint32_t>(directory, 20);
    m.bytes = at<uint32_t>(directory, 24);
    m.offset = at<uint32_t>(directory, 42);
    m.encrypted = (flags & kEncryptedFlag) != 0;
    read_zip64(directory.substr(kCentralBytes + name, extra), &m, m.bytes == kElsewhere, m.packed_bytes == kElsewhere,
               m.offset == kElsewhere);
    m.is_folder = m.name.ends_with('/') || m.name.ends_with('\\');
    const auto host = static_cast<uint8_t>(directory[5]);
    if (host == kUnix || host == kDarwin) {
      const uint32_t type = (at<uint32_t>(directory, 38) >> 16) & kTypeMask;
      m.is_link = type == kLink;
      m.is_folder |= type == kFolder;
      m.is_special = type != 0 && type != kFile && type != kFolder && type != kLink;
    }
    add(std::move(m));
    directory.remove_prefix(kCentralBytes + name + extra + comment);
  }
  if (members_.size() < count && count < 0xFFFF) return damaged("its directory names fewer members than it says");
  return {};
}

void Zip::recover() {
  Budget looking(bytes_.size());
  size_t next = bytes_.find(kLocalMark);
  while (next != std::string_view::npos && members_.size() < kMaxMembers && bytes_.size() - next >= kLocalBytes) {
    const size_t name = at<uint16_t>(bytes_, next + 26), extra = at<uint16_t>(bytes_, next + 28),
                 data = next + kLocalBytes + name + extra;
    if (data > bytes_.size()) return;
    const std::string_view behind = bytes_.substr(data);
    const uint16_t flags = at<uint16_t>(bytes_, next + 6);
    ZipMember m;
    m.name = name_of(bytes_.substr(next + kLocalBytes, name), (flags & kUtf8Flag) != 0);
    m.method = at<uint16_t>(bytes_, next + 8);
    m.crc = at<uint32_t>(bytes_, next + 14);
    m.packed_bytes = at<uint32_t>(bytes_, next + 18);
    m.bytes = at<uint32_t>(bytes_, next + 22);
    m.offset = next;
    m.encrypted = (flags & kEncryptedFlag) != 0;
    m.is_folder = m.name.ends_with('/') || m.name.ends_with('\\');
    read_zip64(bytes_.substr(next + kLocalBytes + name, extra), &m, m.bytes == kElsewhere, m.packed_bytes == kElsewhere,
               false);
    if ((flags & kSizesBehindFlag) != 0 && m.packed_bytes == 0) {
      m.crc.reset();
      m.packed_bytes = std::min(behind.find(m.method == kStored ? kDescriptorMark : kLocalMark), behind.size());
      if (m.method == kDeflated && !m.encrypted) {
        Inflate inflate(Inflate::Form::raw);
        const auto rest = inflate.read(behind, [&](std::string_view piece) { return looking.take(piece.size()); });
        if (rest.ok() && inflate.ended()) m.packed_bytes = behind.size() - rest->size();
        if (!rest.ok() && rest.status().code() == Code::exhausted) return;
      }
    }
    next = bytes_.find(kLocalMark, data + (m.packed_bytes <= behind.size() ? m.packed_bytes : 0));
    add(std::move(m));
  }
}

const ZipMember* Zip::find(std::string_view name) const {
  const auto found = by_name_.find(base::lower(name));
  return found == by_name_.end() ? nullptr : &members_[found->second];
}

Result<std::string_view> Zip::packed(const ZipMember& m) const {
  if (m.encrypted) {
    return Status(Code::permission_denied, "'" + m.name + "' in it is encrypted", "pack it anew without a password");
  }
  if (m.method != kStored && m.method != kDeflated) {
    return Status(
        Code::unsupported,
        "'" + m.name + "' in it is compressed in a way that is not read (method " + std::to_string(m.method) + ")",
        "pack it anew with deflate");
  }
  const uint64_t start = m.offset + shift_;
  if (start < m.offset || bytes_.size() < kLocalBytes || start > bytes_.size() - kLocalBytes ||
      at<uint32_t>(bytes_, start) != kLocal) {
    return damaged("'" + m.name + "' is not where its directory says");
  }
  const uint64_t data = start + kLocalBytes + at<uint16_t>(bytes_, start + 26) + at<uint16_t>(bytes_, start + 28);
  if (data > bytes_.size() || m.packed_bytes > bytes_.size() - data) return damaged("'" + m.name + "' is cut off");
  return bytes_.substr(data, m.packed_bytes);
}

Status Zip::read(const ZipMember& m, const Piece& take) {
  TARN_ASSIGN(const std::string_view from, packed(m));
  uint32_t crc = 0;
  uint64_t unpacked = 0;
  const auto count = [&](std::string_view piece) -> Status {
    unpacked += piece.size();
    TARN_TRY(budget_->take(piece.size()));
    crc = static_cast<uint32_t>(crc32_z(crc, reinterpret_cast<const Bytef*>(piece.data()), piece.size()));
    return take(piece);
  };
  const auto read = [&]() -> Status {
    if (m.method == kStored) return count(from);
    Inflate inflate(Inflate::Form::raw);
    auto rest = inflate.read(from, count);
    if (!rest.ok() && rest.status().code() == Code::corruption) return damaged("'" + m.name + "' is damaged");
    if (!rest.ok()) return rest.status();
    return inflate.ended() ? Status() : damaged("'" + m.name + "' is cut off");
  };
  Status status = read();
  if (status.ok() && m.crc && crc != *m.crc) status = damaged("'" + m.name + "' is damaged: its checksum differs");
  if (!status.ok()) budget_->refuse(unpacked);
  return status;
}

Result<std::string> Zip::read(const ZipMember& m, uint64_t most_bytes) {
  std::string out;
  out.reserve(std::min<uint64_t>({m.bytes, most_bytes, uint64_t{16} << 20}));
  TARN_TRY(read(m, [&](std::string_view piece) -> Status {
    if (piece.size() > most_bytes - out.size()) {
      return {Code::exhausted,
              "'" + m.name + "' in it has more bytes than are read (" + std::to_string(most_bytes) + ")"};
    }
    out += piece;
    return {};
  }));
  return out;
}

}  // namespace tarn::document
