// A copy of the model's directory by links, in which a test replaces or removes files.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "encode/encoder.h"

namespace tarn::encode {

inline const std::filesystem::path kModel = TARN_MODEL_DIR;

class ModelCopy : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "tarn-model-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
    for (const char* name :
         {"config.json", "vocab.txt", "model.safetensors", "sentence_bert_config.json", "tokenizer_config.json"}) {
      std::filesystem::create_symlink(kModel / name, directory_ / name);
    }
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  void write(const std::string& name, const std::string& bytes) {
    std::filesystem::create_directories((directory_ / name).parent_path());
    std::filesystem::remove(directory_ / name);
    std::ofstream(directory_ / name, std::ios::binary) << bytes;
  }
  void replace_in_config(const std::string& from, const std::string& to) {
    std::ifstream file(kModel / "config.json");
    std::string text{std::istreambuf_iterator<char>(file), {}};
    ASSERT_NE(text.find(from), std::string::npos);
    write("config.json", text.replace(text.find(from), from.size(), to));
  }
  base::Result<std::unique_ptr<Encoder>> open(const std::string& plugin = "/nowhere/module.so") {
    return make_encoder({directory_.string(), plugin, 2, "bf16"});
  }
  // What make_encoder() says, which must name `file`, `found` and a remedy.
  base::Code refusal(const std::string& file, const std::string& found = "") {
    const auto status = open().status();
    EXPECT_NE(status.message().find((directory_ / file).string() + ": "), std::string::npos) << status.to_string();
    EXPECT_NE(status.message().find(found), std::string::npos) << status.to_string();
    EXPECT_FALSE(status.hint().empty()) << status.to_string();
    return status.code();
  }

  std::filesystem::path directory_;
};

}  // namespace tarn::encode
