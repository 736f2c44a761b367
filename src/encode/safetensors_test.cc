#include "encode/safetensors.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/random.h"

namespace tarn::encode {
namespace {

std::string file_of(std::string_view header, std::string_view data) {
  std::string out;
  base::ByteWriter writer(&out);
  writer.fixed(static_cast<uint64_t>(header.size()));
  writer.bytes(header);
  writer.bytes(data);
  return out;
}

constexpr std::string_view kHeader =
    R"({"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},)"
    R"("h":{"dtype":"F16","shape":[2],"data_offsets":[8,12]},"b":{"dtype":"BF16","shape":[1],"data_offsets":[12,14]},)"
    R"("i":{"dtype":"I64","shape":[1],"data_offsets":[14,22]},"none":{"dtype":"F32","shape":[0,7],"data_offsets":[22,22]}})";

std::string good_data() {
  std::string data;
  base::ByteWriter writer(&data);
  writer.fixed(1.5f);
  writer.fixed(-2.0f);
  for (uint16_t half : {uint16_t{0x3c00}, uint16_t{0xb800}, uint16_t{0x4040}}) writer.fixed(half);  // 1, -0.5; bf16 3
  writer.fixed(int64_t{5});
  return data;
}

TEST(Safetensors, ReadsFloatsOfEveryWidth) {
  const std::string bytes = file_of(kHeader, good_data());
  const auto file = Safetensors::parse(bytes, "m.safetensors");
  ASSERT_TRUE(file.ok()) << file.status().to_string();
  EXPECT_EQ(file->tensors().size(), 5u);
  const auto values = [&](const char* name, std::vector<size_t> shape) {
    const auto floats = file->floats(name, shape);
    return std::vector<float>(floats->values.begin(), floats->values.end());
  };
  EXPECT_EQ(values("a", {1, 2}), (std::vector<float>{1.5f, -2.0f}));
  EXPECT_EQ(values("h", {2}), (std::vector<float>{1.0f, -0.5f}));
  EXPECT_EQ(values("b", {1}), (std::vector<float>{3.0f}));
  EXPECT_TRUE(values("none", {0, 7}).empty());
  EXPECT_EQ(file->floats("i", {1}).status().code(), base::Code::unsupported);
  EXPECT_EQ(file->floats("z", {1}).status().code(), base::Code::not_found);
  EXPECT_EQ(file->floats("a", {2, 1}).status().message(),
            "m.safetensors: tensor 'a' is [1, 2], config.json needs [2, 1]");
}

TEST(Safetensors, EveryTruncationIsRefused) {
  const std::string bytes = file_of(kHeader, good_data());
  for (size_t cut = 0; cut < bytes.size(); ++cut) {
    const auto file = Safetensors::parse(std::string_view(bytes).substr(0, cut), "m.safetensors");
    ASSERT_EQ(file.status().code(), base::Code::corruption) << cut;
    ASSERT_NE(file.status().message().find("m.safetensors"), std::string::npos);
    ASSERT_FALSE(file.status().hint().empty());
  }
}

TEST(Safetensors, HeadersThatLieAreRefused) {
  for (const char* entry :
       {R"({"dtype":"F32","shape":[2],"data_offsets":[0,4]})", R"({"dtype":"F32","shape":[2],"data_offsets":[8,0]})",
        R"({"dtype":"F32","shape":[1],"data_offsets":[-4,0]})", R"({"dtype":"F32","shape":[4],"data_offsets":[8,24]})",
        R"({"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]})",
        R"({"dtype":"F32","shape":[-1],"data_offsets":[0,4]})", R"({"dtype":"Q4","shape":[2],"data_offsets":[0,8]})",
        R"({"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]})",
        R"({"dtype":"F32","shape":2,"data_offsets":[0,8]})", R"({"dtype":"F32","shape":[2],"data_offsets":[0]})", "7",
        "null"}) {
    const std::string bytes = file_of(std::string(R"({"a":)") + entry + "}", std::string(16, 'x'));
    EXPECT_EQ(Safetensors::parse(bytes, "m").status().code(), base::Code::corruption) << entry;
  }
  EXPECT_FALSE(Safetensors::parse(file_of("[1]", ""), "m").ok());
  EXPECT_FALSE(Safetensors::parse(file_of(R"({"a":)", ""), "m").ok());
  EXPECT_NE(Safetensors::parse(std::string(16, '\xff'), "m").status().message().find("kMaxHeaderBytes"),
            std::string::npos);
}

TEST(Safetensors, DamagedBytesNeverReadOutside) {  // the sanitizers judge
  const uint64_t seed = 51;
  base::Random random(seed);
  const std::string good = file_of(kHeader, good_data());
  for (int round = 0; round < 3000; ++round) {
    std::string bytes = good;
    for (uint64_t n = 1 + random.below(3); n > 0; --n) {
      bytes[random.below(bytes.size())] = static_cast<char>(random.next());
    }
    const auto file = Safetensors::parse(bytes, "m");
    if (!file.ok()) continue;
    for (const auto& [name, tensor] : file->tensors()) {
      const auto floats = file->floats(name, tensor.shape);
      if (!floats.ok()) continue;
      const std::vector<float> copy(floats->values.begin(), floats->values.end());
      ASSERT_EQ(copy.size() * (tensor.type == ElementType::f32 ? 4 : 2), tensor.bytes.size()) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace tarn::encode
