#include "encode/safetensors.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <bit>
#include <cstring>

#include "base/bytes.h"
#include "json/value.h"
#include "simd/float16.h"

namespace tarn::encode {
namespace {

constexpr const char* kRemedy = "the file is damaged or incomplete: install the model again";

struct TypeInfo {
  ElementType type;
  size_t size;
};

// Bytes of one element; 0 for a name that the format does not have.
TypeInfo type_info(std::string_view name) {
  if (name == "F32") return {ElementType::f32, 4};
  if (name == "F16") return {ElementType::f16, 2};
  if (name == "BF16") return {ElementType::bf16, 2};
  if (name == "F64" || name == "I64" || name == "U64") return {ElementType::other, 8};
  if (name == "I32" || name == "U32") return {ElementType::other, 4};
  if (name == "I16" || name == "U16") return {ElementType::other, 2};
  if (name == "I8" || name == "U8" || name == "BOOL") return {ElementType::other, 1};
  return {ElementType::other, 0};
}

// Elements × size, or nothing when it would not fit in the file anyway.
base::Result<uint64_t> byte_count(const std::vector<size_t>& shape, uint64_t size, uint64_t most) {
  for (size_t extent : shape) {
    if (extent != 0 && size > most / extent) return base::Status(base::Code::corruption, "is larger than the file");
    size *= extent;
  }
  return size;
}

base::Result<Tensor> read_tensor(const json::Value& entry, std::string_view data) {
  const auto corrupt = [](std::string why) { return base::Status(base::Code::corruption, std::move(why)); };
  const std::string& type_name = entry["dtype"].as_string();
  const TypeInfo info = type_info(type_name);
  if (info.size == 0) return corrupt(fmt::format("has the unknown type '{}'", type_name.substr(0, 20)));
  Tensor tensor;
  tensor.type = info.type;
  if (!entry["shape"].is_array()) return corrupt("has no shape");
  if (entry["shape"].items().size() > Safetensors::kMaxRank) {
    return corrupt(fmt::format("has more than {} dimensions (kMaxRank)", Safetensors::kMaxRank));
  }
  for (const json::Value& extent : entry["shape"].items()) {
    if (extent.as_int(-1) < 0) return corrupt("has a shape that is not of whole numbers");
    tensor.shape.push_back(static_cast<size_t>(extent.as_int()));
  }
  const json::Value::Array& offsets = entry["data_offsets"].items();
  if (offsets.size() != 2) return corrupt("has no data_offsets");
  const int64_t begin = offsets[0].as_int(-1), end = offsets[1].as_int(-1);
  if (begin < 0 || end < begin) return corrupt("has data_offsets that are out of order");
  if (static_cast<uint64_t>(end) > data.size()) {
    return corrupt(fmt::format("ends at byte {} of the data, which has {}", end, data.size()));
  }
  TARN_ASSIGN(const uint64_t expected, byte_count(tensor.shape, info.size, data.size()));
  if (static_cast<uint64_t>(end - begin) != expected) {
    return corrupt(fmt::format("has {} bytes, its shape needs {}", end - begin, expected));
  }
  tensor.bytes = data.substr(static_cast<size_t>(begin), static_cast<size_t>(end - begin));
  return tensor;
}

float element(const Tensor& tensor, size_t i) {
  const char* at = tensor.bytes.data();
  switch (tensor.type) {
    case ElementType::f32:
      return base::load_le<float>(at + i * 4);
    case ElementType::f16:
      return simd::half_to_float(base::load_le<uint16_t>(at + i * 2));
    default:
      return std::bit_cast<float>(uint32_t{base::load_le<uint16_t>(at + i * 2)} << 16);
  }
}

}  // namespace

base::Result<Safetensors> Safetensors::parse(std::string_view bytes, std::string what) {
  base::ByteReader reader(bytes, what);
  Safetensors made;
  made.what_ = what;
  auto size = reader.fixed<uint64_t>();
  if (!size.ok()) return size.status().with_hint(kRemedy);
  if (*size > kMaxHeaderBytes) {
    return reader.corrupt(fmt::format("a header of {} bytes, more than {} (kMaxHeaderBytes)", *size, kMaxHeaderBytes))
        .with_hint(kRemedy);
  }
  auto header = reader.bytes(*size);
  if (!header.ok()) return header.status().with_hint(kRemedy);
  made.header_ = *header;
  const std::string_view data = bytes.substr(reader.offset());
  auto parsed = json::parse(made.header_, kMaxHeaderBytes);
  if (!parsed.ok() || !parsed->is_object()) {
    return reader.corrupt("the header is not a JSON object: " + parsed.status().message()).with_hint(kRemedy);
  }
  if (parsed->members().size() > kMaxTensors) {
    return reader.corrupt(fmt::format("more than {} tensors (kMaxTensors)", kMaxTensors)).with_hint(kRemedy);
  }
  for (const auto& [name, entry] : parsed->members()) {
    if (name == "__metadata__") continue;
    auto tensor = read_tensor(entry, data);
    if (!tensor.ok()) {
      return base::Status(base::Code::corruption,
                          fmt::format("{}: tensor '{}' {}", what, name.substr(0, 100), tensor.status().message()),
                          kRemedy);
    }
    made.tensors_.emplace(name, *std::move(tensor));
  }
  return made;
}

base::Result<Floats> Safetensors::floats(std::string_view name, const std::vector<size_t>& shape) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) {
    return base::Status(base::Code::not_found, fmt::format("{}: no tensor '{}'", what_, name),
                        "the model is not of the family that config.json says, or its file is incomplete");
  }
  const Tensor& tensor = found->second;
  if (tensor.shape != shape) {
    return base::Status(base::Code::corruption,
                        fmt::format("{}: tensor '{}' is [{}], config.json needs [{}]", what_, name,
                                    fmt::join(tensor.shape, ", "), fmt::join(shape, ", ")),
                        "config.json and model.safetensors belong to different models: install the model again");
  }
  if (tensor.type == ElementType::other) {
    return base::Status(base::Code::unsupported, fmt::format("{}: tensor '{}' is not of F32, F16 or BF16", what_, name),
                        "use the model's float weights");
  }
  Floats floats;
  const bool aligned = reinterpret_cast<uintptr_t>(tensor.bytes.data()) % alignof(float) == 0;
  if (tensor.type == ElementType::f32 && aligned) {
    floats.values = {reinterpret_cast<const float*>(tensor.bytes.data()), tensor.bytes.size() / sizeof(float)};
    return floats;
  }
  floats.converted.resize(tensor.bytes.size() / (tensor.type == ElementType::f32 ? 4 : 2));
  for (size_t i = 0; i < floats.converted.size(); ++i) floats.converted[i] = element(tensor, i);
  floats.values = floats.converted;
  return floats;
}

}  // namespace tarn::encode
