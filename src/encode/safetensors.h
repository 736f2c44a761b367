// The safetensors file: a JSON header that names tensors, then their bytes.
// Shape:   u64 header size, header, data; each tensor's offsets count from the data's first byte.
// Limits:  kMaxHeaderBytes, kMaxTensors, kMaxRank.
// Errors:  parse() returns corruption (file, tensor, what does not fit) for any header that points outside the file or
//          whose sizes do not agree; after it no call reads outside.
// Threads: immutable; views point into the bytes, which outlive it.
// Source:  the README of the safetensors project, section "Format".
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace tarn::encode {

enum class ElementType { f32, f16, bf16, other };  // other: present and checked, but not readable as numbers here

struct Tensor {
  ElementType type = ElementType::other;
  std::vector<size_t> shape;
  std::string_view bytes;
};

// Float32 values: a view into the file, or converted.
struct Floats {
  std::span<const float> values;
  std::vector<float> converted;
};

class Safetensors {
 public:
  static constexpr uint64_t kMaxHeaderBytes = uint64_t{16} << 20;
  static constexpr size_t kMaxTensors = 100000;
  static constexpr size_t kMaxRank = 8;

  static base::Result<Safetensors> parse(std::string_view bytes, std::string what);

  const std::map<std::string, Tensor, std::less<>>& tensors() const { return tensors_; }
  std::string_view header() const { return header_; }
  // not_found for a tensor that is missing, corruption for another shape, unsupported for another type.
  base::Result<Floats> floats(std::string_view name, const std::vector<size_t>& shape) const;

 private:
  std::string what_;
  std::string_view header_;
  std::map<std::string, Tensor, std::less<>> tensors_;
};

}  // namespace tarn::encode
