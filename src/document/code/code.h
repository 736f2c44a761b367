// The reader of source code.
#pragma once

#include "document/reader.h"

namespace tarn::document {

inline constexpr std::string_view kCode = "text/x-source-code";

bool looks_like_script(std::string_view head);
base::Status read_code(const Input& input, const Sink& sink);

}  // namespace tarn::document
