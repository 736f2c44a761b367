#include "delta/deletion_vector.h"

#include <fmt/format.h>
#include <roaring.h>

#include <memory>

#include "base/ascii.h"
#include "base/bytes.h"
#include "delta/crc32.h"
#include "delta/path.h"
#include "delta/physical.h"
#include "delta/z85.h"

namespace tarn::delta {
namespace {

using base::Code;
using base::Result;
using base::Status;

constexpr uint32_t kMagic = 1681511377;
constexpr size_t kUuidText = 20;  // sixteen bytes in base85

struct BitmapFree {
  void operator()(roaring64_bitmap_t* bitmap) const { roaring64_bitmap_free(bitmap); }
};
using Bitmap = std::unique_ptr<roaring64_bitmap_t, BitmapFree>;

Status corrupt(std::string_view what, std::string_view why) {
  return {Code::corruption, fmt::format("deletion vector {}: {}", what, why)};
}

void append_big_endian(std::string* out, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) *out += static_cast<char>(value >> shift & 0xff);
}

uint32_t load_big_endian(std::string_view bytes) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

}  // namespace

std::string encode_rows(const RowList& rows) {
  const Bitmap bitmap(roaring64_bitmap_create());
  static_assert(sizeof(int64_t) == sizeof(uint64_t));
  roaring64_bitmap_add_many(bitmap.get(), rows.size(), reinterpret_cast<const uint64_t*>(rows.data()));
  roaring64_bitmap_run_optimize(bitmap.get());
  std::string bytes;
  base::ByteWriter(&bytes).fixed(kMagic);
  const size_t begin = bytes.size();
  bytes.resize(begin + roaring64_bitmap_portable_size_in_bytes(bitmap.get()));
  roaring64_bitmap_portable_serialize(bitmap.get(), bytes.data() + begin);
  return bytes;
}

Result<RowList> decode_rows(std::string_view bytes, std::string_view what) {
  if (bytes.size() < 4 || base::load_le<uint32_t>(bytes.data()) != kMagic) return corrupt(what, "wrong magic number");
  bytes.remove_prefix(4);
  if (roaring64_bitmap_portable_deserialize_size(bytes.data(), bytes.size()) != bytes.size()) {
    return corrupt(what, "the bitmap does not fill its bytes");
  }
  const Bitmap bitmap(roaring64_bitmap_portable_deserialize_safe(bytes.data(), bytes.size()));
  if (!bitmap) return corrupt(what, "not a bitmap");
  const char* reason = nullptr;
  if (!roaring64_bitmap_internal_validate(bitmap.get(), &reason)) {
    return corrupt(what, fmt::format("invalid bitmap ({})", reason != nullptr ? reason : "no reason given"));
  }
  const uint64_t count = roaring64_bitmap_get_cardinality(bitmap.get());
  if (count == 0) return RowList();
  // Runs can name billions of rows in a few bytes: look at the count before making room for them.
  if (count > static_cast<uint64_t>(kMaxDeletedRows)) {
    return Status(Code::exhausted,
                  fmt::format("deletion vector {}: {} rows, more than the limit of {}", what, count, kMaxDeletedRows),
                  "run `tarn optimize` or the table's own engine to rewrite the file");
  }
  if (roaring64_bitmap_maximum(bitmap.get()) > static_cast<uint64_t>(INT64_MAX)) {
    return corrupt(what, "a row beyond 63 bits");
  }
  RowList rows(count);
  roaring64_bitmap_to_uint64_array(bitmap.get(), reinterpret_cast<uint64_t*>(rows.data()));
  return rows;
}

DeletionVector DeletionVectorFile::add(std::string_view encoded, int64_t cardinality) {
  DeletionVector vector;
  vector.storage = "u";
  vector.offset = static_cast<int32_t>(bytes_.size());
  vector.size_bytes = static_cast<int32_t>(encoded.size());
  vector.cardinality = cardinality;
  append_big_endian(&bytes_, static_cast<uint32_t>(encoded.size()));
  bytes_ += encoded;
  append_big_endian(&bytes_, crc32(encoded));
  return vector;
}

std::string deletion_vector_file_name(std::string_view uuid) { return fmt::format("deletion_vector_{}.bin", uuid); }

Result<std::string> encode_uuid(std::string_view uuid) {
  std::string bytes;
  int high = -1;
  for (char c : uuid) {
    if (c == '-') continue;
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) return Status(Code::internal, fmt::format("'{}' is not a uuid", uuid));
    if (high < 0) {
      high = digit;
    } else {
      bytes += static_cast<char>(high * 16 + digit);
      high = -1;
    }
  }
  if (bytes.size() != 16) return Status(Code::internal, fmt::format("'{}' is not a uuid", uuid));
  return z85_encode(bytes);
}

Result<std::string> deletion_vector_path(const DeletionVector& vector) {
  if (vector.storage == "p") {
    return Status(Code::permission_denied,
                  fmt::format("deletion vector '{}' lies outside the table", vector.path_or_inline),
                  "Tarn reads a table's files only inside the table's own directory");
  }
  const std::string& text = vector.path_or_inline;
  if (vector.storage != "u" || text.size() < kUuidText) return corrupt(text, "not a file name in base85");
  const std::string prefix = text.substr(0, text.size() - kUuidText);
  for (char c : prefix) {
    if (!(base::is_alnum(c) || c == '-' || c == '_')) {
      return corrupt(text, "its prefix is not a plain directory name");
    }
  }
  auto bytes = z85_decode(std::string_view(text).substr(prefix.size()));
  if (!bytes.ok()) return corrupt(text, bytes.status().message());
  std::string uuid;
  for (size_t i = 0; i < bytes->size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) uuid += '-';
    uuid += fmt::format("{:02x}", static_cast<unsigned char>((*bytes)[i]));
  }
  return (prefix.empty() ? "" : prefix + "/") + deletion_vector_file_name(uuid);
}

DeletionVector inline_deletion_vector(std::string_view encoded, int64_t cardinality) {
  DeletionVector vector;
  vector.storage = "i";
  vector.path_or_inline = z85_encode(encoded);
  vector.size_bytes = static_cast<int32_t>(encoded.size());
  vector.cardinality = cardinality;
  return vector;
}

Result<RowList> read_deletion_vector(const store::Store& store, const std::string& table_path,
                                     const DeletionVector& vector, bool foreign_files) {
  std::string what = table_path + ": " + vector.unique_id();
  if (vector.size_bytes < 0 || vector.size_bytes > kMaxVectorBytes) return corrupt(what, "its size is not possible");
  std::string bytes;
  if (vector.storage == "i") {
    auto decoded = z85_decode(vector.path_or_inline);
    if (!decoded.ok()) return corrupt(what, decoded.status().message());
    if (decoded->size() < static_cast<size_t>(vector.size_bytes)) return corrupt(what, "shorter than it says");
    bytes = std::move(*decoded);
    bytes.resize(static_cast<size_t>(vector.size_bytes));
  } else {
    const bool foreign = foreign_files && vector.storage == "p" && !local_file_of(vector.path_or_inline).empty();
    TARN_ASSIGN(const std::string named,
                foreign ? Result<std::string>(local_file_of(vector.path_or_inline)) : deletion_vector_path(vector));
    const auto& [place, path] = stored_at(store, table_path, named);
    what = foreign ? named : path;
    if (vector.offset.value_or(0) < 0) return corrupt(what, "negative offset");
    const auto offset = static_cast<uint64_t>(vector.offset.value_or(0));
    const auto size = static_cast<uint64_t>(vector.size_bytes);
    TARN_ASSIGN(const std::string version, place->read_at(path, 0, 1));
    if (version[0] != 1) return corrupt(what, "not version 1 of the format");
    auto framed = place->read_at(path, offset, size + 8);
    if (!framed.ok()) return framed.status();
    if (load_big_endian(*framed) != size) return corrupt(what, fmt::format("size at byte {} is not the log's", offset));
    bytes = framed->substr(4, size);
    if (load_big_endian(std::string_view(*framed).substr(4 + size)) != crc32(bytes)) {
      return corrupt(what, fmt::format("checksum at byte {} does not match", offset + 4 + size));
    }
  }
  TARN_ASSIGN(RowList rows, decode_rows(bytes, what));
  if (static_cast<int64_t>(rows.size()) != vector.cardinality) {
    return corrupt(what, fmt::format("{} rows, where the log says {}", rows.size(), vector.cardinality));
  }
  return rows;
}

}  // namespace tarn::delta
