#include "encode/bert_files.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/hash.h"
#include "json/value.h"

namespace tarn::encode {
namespace {

constexpr size_t kFingerprintBytes = 4096;  // of each end of each tensor

base::Status unsupported(const std::string& path, std::string why) {
  return {base::Code::unsupported, path + ": " + std::move(why),
          "use a BERT model with WordPiece and mean pooling, such as all-MiniLM-L6-v2"};
}

// Values that change what the graph computes must be those that it computes.
base::Status check_choice(const json::Value& object, const char* key, std::string_view needed,
                          const std::string& path) {
  const json::Value* value = object.find(key);
  if (value == nullptr || value->as_string() == needed) return {};
  return unsupported(path, fmt::format("{} is {}, only \"{}\" is supported", key, json::write(*value), needed));
}

base::Result<BertConfig> read_config(const json::Value& object, const std::string& path) {
  TARN_TRY(check_choice(object, "hidden_act", "gelu", path));
  TARN_TRY(check_choice(object, "position_embedding_type", "absolute", path));
  BertConfig c;
  const std::tuple<const char*, int32_t*, int64_t> fields[] = {
      {"hidden_size", &c.hidden, BertFiles::kMaxWidth},
      {"num_hidden_layers", &c.layers, BertFiles::kMaxLayers},
      {"num_attention_heads", &c.heads, BertFiles::kMaxWidth},
      {"intermediate_size", &c.intermediate, BertFiles::kMaxWidth},
      {"vocab_size", &c.vocabulary, BertFiles::kMaxVocabulary},
      {"max_position_embeddings", &c.positions, BertFiles::kMaxPositions},
      {"type_vocab_size", &c.types, BertFiles::kMaxWidth},
  };
  for (const auto& [key, field, most] : fields) {
    const int64_t value = object[key].as_int(-1);
    if (value < 1 || value > most) {
      return base::Status(
          base::Code::corruption,
          fmt::format("{}: {} is {}, not a number from 1 to {}", path, key, json::write(object[key]), most),
          "the file is damaged or of another kind of model: install the model again");
    }
    *field = static_cast<int32_t>(value);
  }
  if (c.hidden % c.heads != 0 || c.positions < 2) {
    return base::Status(base::Code::corruption,
                        fmt::format("{}: {} values do not part into {} heads", path, c.hidden, c.heads),
                        "install the model again");
  }
  c.epsilon = static_cast<float>(object["layer_norm_eps"].as_double(1e-12));
  c.max_tokens = static_cast<size_t>(c.positions);
  return c;
}

// Which tokens the model was trained on; the vocabulary alone does not tell.
base::Status check_tokenizer(const std::string& path) {
  TARN_ASSIGN(const auto file, read_json_if_there(path));
  if (!file) return {};
  const std::string name = file->value["tokenizer_class"].string_or("BertTokenizer");
  if (name != "BertTokenizer" && name != "BertTokenizerFast") {
    return unsupported(path,
                       fmt::format("tokenizer_class is \"{}\", only BertTokenizer (WordPiece) is supported", name));
  }
  if (!file->value["do_lower_case"].as_bool(true)) return unsupported(path, "the model tells upper from lower case");
  return {};
}

}  // namespace

base::Result<std::shared_ptr<const BertFiles>> BertFiles::open(const ModelDirectory& directory) {
  std::shared_ptr<BertFiles> made(new BertFiles());
  made->directory_ = directory.path;
  const std::string weights_path = directory.path + "/model.safetensors";
  TARN_ASSIGN(made->config_, read_config(directory.config, directory.path + "/config.json"));
  if (directory.pooling != "mean_tokens") {
    return unsupported(
        directory.pooling_file,
        fmt::format("pooling is by \"{}\", only by the mean of the tokens is supported", directory.pooling));
  }
  TARN_TRY(check_tokenizer(directory.path + "/tokenizer_config.json"));
  if (directory.max_tokens) made->config_.max_tokens = std::min(made->config_.max_tokens, *directory.max_tokens);
  TARN_ASSIGN(made->vocabulary_, MappedFile::open(made->vocabulary_path()));
  TARN_ASSIGN(made->weights_, MappedFile::open(weights_path));
  TARN_ASSIGN(made->tensors_, Safetensors::parse(made->weights_->bytes(), weights_path));
  TARN_TRY(made->bind_weights());
  made->take_fingerprint(directory.config_text);
  return std::shared_ptr<const BertFiles>(std::move(made));
}

base::Result<const float*> BertFiles::floats(const std::string& name, std::vector<size_t> shape) {
  TARN_ASSIGN(Floats floats, tensors_.floats(prefix_ + name, shape));
  if (floats.converted.empty()) return floats.values.data();
  converted_.push_back(std::move(floats.converted));
  return static_cast<const float*>(converted_.back().data());
}

base::Status BertFiles::bind_weights() {
  const BertConfig& c = config_;
  const auto hidden = static_cast<size_t>(c.hidden), inner = static_cast<size_t>(c.intermediate);
  if (tensors_.tensors().contains("bert.embeddings.word_embeddings.weight")) prefix_ = "bert.";
  model_ = {c.hidden, c.heads, c.intermediate, c.vocabulary, c.positions, c.layers, c.epsilon, {}, {}, {}, {}, {}, {}};
  const std::string e = "embeddings.";
  TARN_ASSIGN(model_.words, floats(e + "word_embeddings.weight", {static_cast<size_t>(c.vocabulary), hidden}));
  TARN_ASSIGN(model_.position_rows,
              floats(e + "position_embeddings.weight", {static_cast<size_t>(c.positions), hidden}));
  TARN_ASSIGN(model_.type_row, floats(e + "token_type_embeddings.weight", {static_cast<size_t>(c.types), hidden}));
  TARN_ASSIGN(model_.norm, floats(e + "LayerNorm.weight", {hidden}));
  TARN_ASSIGN(model_.norm_bias, floats(e + "LayerNorm.bias", {hidden}));
  layers_.resize(static_cast<size_t>(c.layers));
  for (size_t i = 0; i < layers_.size(); ++i) {
    TarnBertLayer& l = layers_[i];
    const struct {
      const float **weight, **bias;
      const char* name;
      std::vector<size_t> shape;
    } parts[] = {
        {&l.query, &l.query_bias, "attention.self.query", {hidden, hidden}},
        {&l.key, &l.key_bias, "attention.self.key", {hidden, hidden}},
        {&l.value, &l.value_bias, "attention.self.value", {hidden, hidden}},
        {&l.attention, &l.attention_bias, "attention.output.dense", {hidden, hidden}},
        {&l.attention_norm, &l.attention_norm_bias, "attention.output.LayerNorm", {hidden}},
        {&l.up, &l.up_bias, "intermediate.dense", {inner, hidden}},
        {&l.down, &l.down_bias, "output.dense", {hidden, inner}},
        {&l.norm, &l.norm_bias, "output.LayerNorm", {hidden}},
    };
    for (const auto& part : parts) {
      const std::string name = fmt::format("encoder.layer.{}.{}.", i, part.name);
      TARN_ASSIGN(*part.weight, floats(name + "weight", part.shape));
      TARN_ASSIGN(*part.bias, floats(name + "bias", {part.shape[0]}));
    }
  }
  model_.layers = layers_.data();
  return {};
}

void BertFiles::take_fingerprint(std::string_view config) {
  base::Hasher128 hasher;
  for (std::string_view part : {config, vocabulary_->bytes(), tensors_.header()}) {
    hasher.add(fmt::format("{}\n", part.size()));
    hasher.add(part);
  }
  hasher.add(fmt::format("{} tokens\n", config_.max_tokens));
  for (const auto& [name, tensor] : tensors_.tensors()) {
    hasher.add(tensor.bytes.substr(0, kFingerprintBytes));
    hasher.add(tensor.bytes.substr(tensor.bytes.size() - std::min(tensor.bytes.size(), kFingerprintBytes)));
  }
  fingerprint_ = hasher.finish().hex();
}

}  // namespace tarn::encode
