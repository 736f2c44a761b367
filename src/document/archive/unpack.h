// What a compressed file unpacks to, piece by piece: gzip (also several behind each other) and Zstandard; what is
// neither comes as it is.
// Errors:  invalid_argument for damaged bytes; exhausted for kMaxUnpackedBytes, and for kMaxRatio, which no text has.
#pragma once

#include <functional>
#include <string_view>

#include "base/status.h"

namespace tarn::document {

inline constexpr uint64_t kMaxRatio = 250, kRatioFrom = uint64_t{32} << 20;  // of what unpacks to more than that

bool is_gzip(std::string_view bytes);
bool is_zstd(std::string_view bytes);
base::Status unpack(std::string_view bytes, const std::function<base::Status(std::string_view piece)>& take);

// exhausted where so many bytes became so many more.
base::Status check_ratio(uint64_t packed_bytes, uint64_t bytes);

}  // namespace tarn::document
