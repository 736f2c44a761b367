// What a compressed file unpacks to, piece by piece: gzip (also several behind each other) and Zstandard; what is
// neither comes as it is.
// Errors:  invalid_argument for damaged bytes; those of the budget, which pays for what is unpacked.
#pragma once

#include <functional>
#include <string_view>

#include "base/status.h"
#include "document/archive/budget.h"

namespace tarn::document {

bool is_gzip(std::string_view bytes);
bool is_zstd(std::string_view bytes);
base::Status unpack(std::string_view bytes, Budget* budget,
                    const std::function<base::Status(std::string_view piece)>& take);

}  // namespace tarn::document
