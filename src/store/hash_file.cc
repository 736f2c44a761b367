#include "store/hash_file.h"

#include <algorithm>

#include "base/hash.h"

namespace tarn::store {
namespace {

constexpr uint64_t kHashPiece = uint64_t{4} << 20;

}  // namespace

base::Result<std::string> hash_file(const Store& store, const std::string& path) {
  TARN_ASSIGN(const auto entry, store.stat(path));
  base::Hasher128 hasher;
  // Piece by piece: mapped, a large file's pages would count as this process's memory.
  for (uint64_t at = 0; at < entry.size_bytes; at += kHashPiece) {
    TARN_ASSIGN(const std::string piece, store.read_at(path, at, std::min(kHashPiece, entry.size_bytes - at)));
    hasher.add(piece);
  }
  return hasher.finish().hex();
}

}  // namespace tarn::store
