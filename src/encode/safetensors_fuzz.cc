// Any bytes as a safetensors file: refused, or every tensor can be read.
#include <cstdint>
#include <cstring>
#include <memory>

#include "encode/safetensors.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tarn::encode;
  const std::unique_ptr<char[]> copy(new char[size + 1]);  // exact size on the heap: a read past the end is seen
  if (size > 0) std::memcpy(copy.get(), data, size);
  const auto file = Safetensors::parse({copy.get(), size}, "fuzz");
  if (!file.ok()) return 0;
  for (const auto& [name, tensor] : file->tensors()) {
    const auto floats = file->floats(name, tensor.shape);
    volatile float sum = 0;
    if (floats.ok()) {
      for (float v : floats->values) sum = sum + v;
    }
  }
  return 0;
}
