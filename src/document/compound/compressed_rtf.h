// The RTF of a message, as Outlook packs it.
// Source:  [MS-OXRTFCP].
#pragma once

#include <string>
#include <string_view>

namespace tarn::document::compound {

inline constexpr size_t kMaxRtfBytes = size_t{64} << 20;

// As far as it can be read; "" for what is none.
std::string unpacked_rtf(std::string_view packed);

}  // namespace tarn::document::compound
