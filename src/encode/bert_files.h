// The files of a model of the BERT family, read and checked, without any run time: what model_directory.h has read,
// vocab.txt, tokenizer_config.json, model.safetensors.
// Errors:  not_found, corruption or unsupported, with the file and the remedy.
// Threads: immutable.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "encode/mapped_file.h"
#include "encode/model_directory.h"
#include "encode/openvino/module.h"
#include "encode/safetensors.h"

namespace tarn::encode {

struct BertConfig {
  int32_t hidden = 0, layers = 0, heads = 0, intermediate = 0, vocabulary = 0, positions = 0, types = 0;
  float epsilon = 0;
  size_t max_tokens = 0;  // of a text, special tokens included
};

class BertFiles {
 public:
  static constexpr int64_t kMaxLayers = 128;
  static constexpr int64_t kMaxWidth = 16384;  // hidden and intermediate
  static constexpr int64_t kMaxVocabulary = 1 << 24;
  static constexpr int64_t kMaxPositions = 1 << 16;

  static base::Result<std::shared_ptr<const BertFiles>> open(const ModelDirectory& directory);

  const BertConfig& config() const { return config_; }
  std::string vocabulary() const { return std::string(vocabulary_->bytes()); }
  std::string vocabulary_path() const { return directory_ + "/vocab.txt"; }
  // Pointers into the mapped weights (or converted copies), valid as long as this.
  const TarnBertModel& model() const { return model_; }
  // 32 hexadecimal digits: of config.json, vocab.txt, the tensors' names and shapes, and the first and last bytes of
  // each tensor. Cheap: it touches about 1 MB of the weights.
  const std::string& fingerprint() const { return fingerprint_; }

 private:
  BertFiles() = default;
  base::Status bind_weights();
  base::Result<const float*> floats(const std::string& name, std::vector<size_t> shape);
  void take_fingerprint(std::string_view config);

  std::string directory_;
  BertConfig config_;
  std::shared_ptr<const MappedFile> vocabulary_, weights_;
  Safetensors tensors_;
  std::string prefix_;  // of the tensors' names: "" or "bert."
  std::vector<std::vector<float>> converted_;
  std::vector<TarnBertLayer> layers_;
  TarnBertModel model_ = {};
  std::string fingerprint_;
};

}  // namespace tarn::encode
