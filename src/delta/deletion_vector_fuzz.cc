// Any bytes as a deletion vector, as base85, and as the names of log files.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string>

#include "delta/deletion_vector.h"
#include "delta/log.h"
#include "delta/z85.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tarn::delta;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  if (const auto rows = decode_rows(bytes, "fuzz"); rows.ok()) {
    if (std::adjacent_find(rows->begin(), rows->end(), std::greater_equal<>()) != rows->end()) std::abort();
    const auto again = decode_rows(encode_rows(*rows), "again");
    if (!again.ok() || *again != *rows) std::abort();
  }
  if (const auto decoded = z85_decode(bytes); decoded.ok() && z85_encode(*decoded) != bytes) std::abort();
  DeletionVector vector;
  vector.storage = "u";
  vector.path_or_inline = bytes;
  if (const auto path = deletion_vector_path(vector); path.ok() && path->find("..") != std::string::npos) std::abort();
  static_cast<void>(read_log_names({bytes, bytes + ".json"}));
  return 0;
}
