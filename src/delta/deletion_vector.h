// Deletion vectors: which rows of a data file are gone, as a 64-bit Roaring bitmap, in a file or inside the log.
// Shape:   magic, then the portable bitmap; in a file framed by a version byte, a big-endian size and a CRC-32 for each
//          vector. doc/format/delta.md has a worked example.
// Limits:  kMaxDeletedRows in one vector; kMaxVectorBytes of its bytes.
// Errors:  corruption (file and place); permission_denied for a vector outside the table, where that is not allowed;
//          exhausted beyond a limit.
// Source:  Delta protocol, "Deletion Vectors" and "Deletion Vector Format"; RoaringBitmap format specification.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "delta/snapshot.h"
#include "store/store.h"

namespace tarn::delta {

inline constexpr int64_t kMaxDeletedRows = int64_t{1} << 27;
inline constexpr int64_t kMaxVectorBytes = int64_t{256} << 20;
// A vector of at most so many bytes is written into the log: one durable file less for each commit.
inline constexpr size_t kMaxInlineBytes = 512;

// Ascending rows to bytes (magic and bitmap) and back. Every bitmap is validated before its rows are looked at.
std::string encode_rows(const RowList& rows);
base::Result<RowList> decode_rows(std::string_view bytes, std::string_view what);

// Several vectors that one commit writes share a file. add() says where it will lie; `offset` is set, the path is not.
class DeletionVectorFile {
 public:
  DeletionVectorFile() : bytes_(1, '\1') {}
  DeletionVector add(std::string_view encoded, int64_t cardinality);
  bool empty() const { return bytes_.size() == 1; }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

// The name of the file of a uuid ("deletion_vector_….bin") and what the log writes for it.
std::string deletion_vector_file_name(std::string_view uuid);
base::Result<std::string> encode_uuid(std::string_view uuid);
// Path of the file, relative to the table, of a vector with storage "u"; permission_denied for "p".
base::Result<std::string> deletion_vector_path(const DeletionVector& vector);
DeletionVector inline_deletion_vector(std::string_view encoded, int64_t cardinality);

// The rows of a vector of the table at `table_path`, ascending, as many as its descriptor says. With `foreign_files`
// the vector's file may lie elsewhere on this machine (storage "p").
base::Result<RowList> read_deletion_vector(const store::Store& store, const std::string& table_path,
                                           const DeletionVector& vector, bool foreign_files = false);

}  // namespace tarn::delta
