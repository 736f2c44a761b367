#include "connector/stream.h"

#include <algorithm>

namespace tarn::connector {

base::Result<Fetched> read_all(ByteStream& stream, uint64_t max_bytes, uint64_t expected_bytes,
                               const base::Context& context) {
  Fetched all;
  all.bytes.reserve(std::min(expected_bytes, max_bytes));
  base::Hasher128 hasher;
  for (;;) {
    TARN_TRY(context.check());
    TARN_ASSIGN(const std::string_view part, stream.next());
    if (part.empty()) break;
    if (part.size() > max_bytes - all.bytes.size()) {
      return base::Status(base::Code::exhausted,
                          "more than a document may have (max_item_bytes, " + std::to_string(max_bytes) + ")");
    }
    hasher.add(part);
    all.bytes += part;
  }
  all.hash = hasher.finish();
  return all;
}

}  // namespace tarn::connector
