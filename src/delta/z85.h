// Z85: four bytes as five printable characters that JSON needs not escape.
// Errors:  decode() gives corruption for a length that is no multiple of five, a foreign character, or a group beyond
//          32 bits.
// Source:  ZeroMQ RFC 32; Delta protocol, "Deletion Vector Descriptor Schema".
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"

namespace tarn::delta {

std::string z85_encode(std::string_view bytes);  // padded with zero bytes to a multiple of four
base::Result<std::string> z85_decode(std::string_view text);

}  // namespace tarn::delta
