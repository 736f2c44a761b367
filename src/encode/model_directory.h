// What a model's directory says of the model, without a look at its weights: config.json and the files of
// sentence-transformers, each as far as it is there.
// Limits:  kMaxConfigBytes a file, kMaxPromptBytes a prompt.
// Errors:  not_found, corruption or unsupported, with the file and the remedy.
// Threads: values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "encode/encoder.h"
#include "json/value.h"

namespace tarn::encode {

inline constexpr size_t kMaxConfigBytes = size_t{1} << 20;

struct JsonFile {
  json::Value value;  // an object or an array
  std::string text;
};
base::Result<JsonFile> read_json(const std::string& path);
base::Result<std::optional<JsonFile>> read_json_if_there(const std::string& path);

struct ModelDirectory {
  static constexpr size_t kMaxPromptBytes = 4096;
  static constexpr int64_t kMaxTokens = 1 << 20;

  std::string path;
  // What decides the family (make_encoder.cc): model_type of config.json ("bert"), or for a model whose first module is
  // no transformer that module ("StaticEmbedding").
  std::string kind;
  std::string kind_file;                // that says so
  json::Value config;                   // config.json; null where there is none
  std::string config_text;              // its bytes
  std::optional<size_t> max_tokens;     // of a text: max_seq_length of sentence_bert_config.json
  std::string pooling = "mean_tokens";  // what makes one vector of the tokens': as 1_Pooling/config.json calls it
  std::string pooling_file;
  std::string query_prompt, passage_prompt;  // words before a text: config_sentence_transformers.json

  static base::Result<ModelDirectory> read(const std::string& path);
  const std::string& prompt(Role role) const { return role == Role::query ? query_prompt : passage_prompt; }
};

}  // namespace tarn::encode
