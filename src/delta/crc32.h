// The CRC-32 of zip and Ethernet (reflected, polynomial 0x04C11DB7), which deletion vector files carry.
#pragma once

#include <cstdint>
#include <string_view>

namespace tarn::delta {

uint32_t crc32(std::string_view bytes);

}  // namespace tarn::delta
