#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <optional>

#include "encode/batch_queue.h"
#include "encode/batches.h"
#include "encode/encoder.h"
#include "encode/model_files.h"
#include "encode/openvino_runtime.h"
#include "encode/wordpiece.h"

namespace tarn::encode {
namespace {

constexpr int kMaxThreads = 256;
constexpr size_t kEmptyTokens = 2;  // [CLS] [SEP]: a text without words

// The token ids of many texts, one after the other.
struct Tokens {
  std::vector<int32_t> ids;
  std::vector<size_t> starts;
  std::vector<size_t> lengths;  // 0 for a text without words
};

class Bert final : public Encoder {
 public:
  Bert(std::shared_ptr<const ModelFiles> files, const ModelOptions& options)
      : files_(std::move(files)), options_(options), hidden_(static_cast<size_t>(files_->config().hidden)) {
    identity_ = fmt::format("bert/1 model={} tokens={} openvino={} precision={}", files_->fingerprint(),
                            files_->config().max_tokens, kOpenVinoVersion, options_.precision);
  }

  size_t dimensions() const override { return hidden_; }
  const std::string& identity() const override { return identity_; }

  base::Result<std::vector<float>> encode(std::span<const Input> inputs, Urgency urgency,
                                          const base::Context& context) override {
    TARN_TRY(context.check());
    TARN_TRY(load_pieces());
    TARN_ASSIGN(const Tokens tokens, tokenize(inputs, context));
    const std::vector<Batch> batches = make_batches(tokens.lengths, static_cast<size_t>(options_.threads));
    std::vector<float> out(inputs.size() * hidden_);
    if (batches.empty()) return out;
    TARN_TRY(load_runtime());
    std::atomic<uint64_t> done{0};
    const auto work = [&](size_t stream, size_t b) -> base::Status {
      TARN_TRY(run(stream, batches[b], tokens, out.data()));
      context.update("encode", done += batches[b].texts.size(), inputs.size(), "passages");
      return {};
    };
    TARN_TRY(queue_->run(batches.size(), urgency, context, work));
    return out;
  }

  base::Result<std::vector<WordVectors>> encode_words(std::span<const Input> inputs, Urgency urgency,
                                                      const base::Context& context) override {
    TARN_TRY(context.check());
    TARN_TRY(load_pieces());
    TARN_ASSIGN(const Tokens tokens, tokenize(inputs, context));
    TARN_TRY(load_runtime());
    std::vector<WordVectors> out(inputs.size());
    const auto work = [&](size_t stream, size_t i) -> base::Status {
      const std::span ids(tokens.ids.data() + tokens.starts[i], tokens.lengths[i]);
      if (ids.empty()) return {};
      const std::vector<float> mask(ids.size(), 1.0f);
      std::vector<float> whole(hidden_), vectors(ids.size() * hidden_);
      TARN_TRY(runtime_->infer(static_cast<int>(stream), ids, mask, ids.size(), whole.data(), vectors.data()));
      TARN_TRY(check_finite(vectors));
      out[i] = words_of(ids, vectors);
      return {};
    };
    TARN_TRY(queue_->run(inputs.size(), urgency, context, work));
    return out;
  }

 private:
  // The pieces of a word together: their text, and the sum of their vectors at length 1. The first and last id stand for no word.
  WordVectors words_of(std::span<const int32_t> ids, const std::vector<float>& tokens) const {
    WordVectors words;
    for (size_t t = 1; t + 1 < ids.size(); ++t) {
      const WordPiece::Piece piece = pieces_->piece(ids[t]);
      if (!piece.within_word || words.words.empty()) {
        words.words.emplace_back();
        words.vectors.resize(words.vectors.size() + hidden_);
      }
      words.words.back() += piece.text;
      float* sum = words.vectors.data() + words.vectors.size() - hidden_;
      for (size_t d = 0; d < hidden_; ++d) sum[d] += tokens[t * hidden_ + d];
    }
    for (size_t w = 0; w < words.words.size(); ++w) {
      float* vector = words.vectors.data() + w * hidden_;
      double squares = 0;
      for (size_t d = 0; d < hidden_; ++d) squares += double{vector[d]} * double{vector[d]};
      const auto scale = static_cast<float>(1 / std::sqrt(std::max(squares, 1e-24)));
      for (size_t d = 0; d < hidden_; ++d) vector[d] *= scale;
    }
    return words;
  }

  base::Status load_pieces() {
    const std::lock_guard lock(loading_);
    if (pieces_) return {};
    TARN_ASSIGN(WordPiece pieces, WordPiece::parse(files_->vocabulary(), files_->vocabulary_path()));
    if (pieces.size() > static_cast<size_t>(files_->config().vocabulary)) {
      return {base::Code::corruption,
              fmt::format("{}: {} pieces, config.json says {}", files_->vocabulary_path(), pieces.size(),
                          files_->config().vocabulary),
              "the files belong to different models: install the model again"};
    }
    pieces_ = std::move(pieces);
    return {};
  }

  base::Status load_runtime() {
    const std::lock_guard lock(loading_);
    if (queue_) return {};
    const TarnOpenVinoOptions options{options_.threads, options_.precision == "bf16" ? 1 : 0};
    TARN_ASSIGN(runtime_, OpenVinoRuntime::load(options_.plugin, files_->model(), options));
    queue_ = std::make_unique<BatchQueue>(static_cast<size_t>(options_.threads));
    return {};
  }

  base::Result<Tokens> tokenize(std::span<const Input> inputs, const base::Context& context) const {
    Tokens tokens;
    std::vector<int32_t> ids;
    for (const Input& input : inputs) {
      TARN_TRY(context.check());
      pieces_->encode(input.text, files_->config().max_tokens, &ids);
      tokens.starts.push_back(tokens.ids.size());
      tokens.lengths.push_back(ids.size() > kEmptyTokens ? ids.size() : 0);
      if (ids.size() > kEmptyTokens) tokens.ids.insert(tokens.ids.end(), ids.begin(), ids.end());
    }
    return tokens;
  }

  base::Status run(size_t stream, const Batch& batch, const Tokens& tokens, float* out) const {
    std::vector<int32_t> ids;
    std::vector<float> mask, vectors(batch.texts.size() * hidden_);
    fill(batch, tokens, &ids, &mask);
    TARN_TRY(runtime_->infer(static_cast<int>(stream), ids, mask, batch.length, vectors.data()));
    TARN_TRY(check_finite(vectors));
    for (size_t r = 0; r < batch.texts.size(); ++r) {
      std::copy_n(vectors.data() + r * hidden_, hidden_, out + batch.texts[r] * hidden_);
    }
    return {};
  }

  static void fill(const Batch& batch, const Tokens& tokens, std::vector<int32_t>* ids, std::vector<float>* mask) {
    ids->assign(batch.texts.size() * batch.length, 0);
    mask->assign(ids->size(), 0.0f);
    for (size_t r = 0; r < batch.texts.size(); ++r) {
      const size_t text = batch.texts[r];
      std::copy_n(tokens.ids.data() + tokens.starts[text], tokens.lengths[text], ids->data() + r * batch.length);
      std::fill_n(mask->data() + r * batch.length, tokens.lengths[text], 1.0f);
    }
  }

  base::Status check_finite(const std::vector<float>& vectors) const {
    if (std::all_of(vectors.begin(), vectors.end(), [](float v) { return std::isfinite(v); })) return {};
    return {base::Code::corruption, fmt::format("{}: the model gives vectors that are not finite", options_.directory),
            "its weights are damaged: install the model again"};
  }

  std::shared_ptr<const ModelFiles> files_;
  ModelOptions options_;
  size_t hidden_;
  std::string identity_;
  // Each is made once, under the lock, and only read from then on.
  std::mutex loading_;
  std::optional<WordPiece> pieces_;
  std::unique_ptr<OpenVinoRuntime> runtime_;
  std::unique_ptr<BatchQueue> queue_;
};

}  // namespace

base::Result<std::unique_ptr<Encoder>> make_bert(const ModelOptions& options) {
  if (options.threads < 1 || options.threads > kMaxThreads) {
    return base::Status(base::Code::invalid_argument,
                        fmt::format("{} threads, not 1 to {}", options.threads, kMaxThreads));
  }
  if (options.precision != "bf16" && options.precision != "f32") {
    return base::Status(base::Code::invalid_argument, fmt::format("precision '{}'", options.precision),
                        "bf16 and f32 are the precisions");
  }
  TARN_ASSIGN(auto files, ModelFiles::open(options.directory));
  return std::unique_ptr<Encoder>(std::make_unique<Bert>(std::move(files), options));
}

}  // namespace tarn::encode
