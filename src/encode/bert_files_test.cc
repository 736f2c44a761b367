#include "encode/bert_files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "encode/batches.h"
#include "encode/inputs_test.h"
#include "encode/model_copy_test.h"

namespace tarn::encode {
namespace {

namespace fs = std::filesystem;

base::Result<std::shared_ptr<const BertFiles>> files_of(const fs::path& directory) {
  TARN_ASSIGN(const ModelDirectory read, ModelDirectory::read(directory));
  return BertFiles::open(read);
}

TEST_F(ModelCopy, OpensAndFingerprints) {
  const auto files = files_of(directory_);
  ASSERT_TRUE(files.ok()) << files.status().to_string();
  EXPECT_EQ((*files)->config().layers, 6);
  EXPECT_EQ((*files)->config().max_tokens, 256u);
  EXPECT_EQ((*files)->fingerprint(), (*files_of(kModel))->fingerprint());
  write("sentence_bert_config.json", R"({"max_seq_length": 128})");
  EXPECT_EQ((*files_of(directory_))->config().max_tokens, 128u);
  EXPECT_NE((*files_of(directory_))->fingerprint(), (*files)->fingerprint());
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
  EXPECT_TRUE(files_of(directory_).ok());
  EXPECT_EQ(files_of("/nowhere").status().code(), base::Code::not_found);
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
  replace_in_config("\"hidden_act\": \"gelu\"", "\"hidden_act\": \"relu\"");
  EXPECT_EQ(refusal("config.json"), base::Code::unsupported);
}

TEST_F(ModelCopy, AnotherPoolingIsRefused) {
  write("1_Pooling/config.json", R"({"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false})");
  EXPECT_EQ(refusal("1_Pooling/config.json", "cls_token"), base::Code::unsupported);
}

TEST_F(ModelCopy, ADamagedVocabularyIsFoundByTheFirstEncode) {
  write("vocab.txt", "[PAD]\nno special tokens\n");
  auto encoder = open();
  ASSERT_TRUE(encoder.ok());
  EXPECT_EQ(encode_bulk(**encoder, {"word"}).status().code(), base::Code::corruption);
  std::string longer = "[UNK]\n[CLS]\n[SEP]\n";
  for (int i = 0; i < 31000; ++i) longer += "w" + std::to_string(i) + "\n";
  write("vocab.txt", longer);
  const auto status = encode_bulk(**open(), {"word"}).status();
  EXPECT_EQ(status.code(), base::Code::corruption);
  EXPECT_NE(status.message().find("31003 pieces, config.json says 30522"), std::string::npos) << status.message();
}

TEST_F(ModelCopy, OptionsAreChecked) {
  EXPECT_EQ(make_encoder({directory_.string(), "", 0, "bf16"}).status().code(), base::Code::invalid_argument);
  EXPECT_EQ(make_encoder({directory_.string(), "", 2, "int4"}).status().code(), base::Code::invalid_argument);
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
