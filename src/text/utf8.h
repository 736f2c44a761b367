// Characters of UTF-8 (base/utf8.h), and where a text stops being ASCII.
#pragma once

#include "base/utf8.h"

namespace tarn::text {

using base::append_utf8;
using base::kReplacement;
using base::utf8_at;
using base::utf8_floor;
using base::Utf8Char;

// The first byte >= 0x80 at or after `from`, or text.size().
size_t find_non_ascii(std::string_view text, size_t from);

}  // namespace tarn::text
