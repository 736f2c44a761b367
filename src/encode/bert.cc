#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <optional>
#include <thread>

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

// What the threads of one encode() share.
struct Work {
  std::vector<Batch> batches;
  const Tokens* tokens;
  float* out;
  const base::Context* context;
  std::atomic<size_t> next{0};
  std::atomic<uint64_t> done{0};
  std::mutex failure_mutex;
  base::Status failure;

  void fail(base::Status status) {
    const std::lock_guard lock(failure_mutex);
    if (failure.ok()) failure = std::move(status);
    next.store(batches.size());  // no one takes another
  }
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

  base::Result<std::vector<float>> encode(std::span<const std::string> texts, const base::Context& context) override {
    const std::lock_guard lock(mutex_);
    TARN_TRY(context.check());
    std::vector<float> out(texts.size() * hidden_);
    TARN_TRY(load_pieces());
    TARN_ASSIGN(const Tokens tokens, tokenize(texts, context));
    Work work;
    work.batches = make_batches(tokens.lengths, static_cast<size_t>(options_.threads));
    work.tokens = &tokens;
    work.out = out.data();
    work.context = &context;
    if (work.batches.empty()) return out;
    TARN_TRY(load_runtime());
    run(&work);
    TARN_TRY(work.failure);
    return out;
  }

  base::Result<std::vector<WordVectors>> encode_words(std::span<const std::string> texts,
                                                      const base::Context& context) override {
    const std::lock_guard lock(mutex_);
    TARN_TRY(context.check());
    TARN_TRY(load_pieces());
    TARN_TRY(load_runtime());
    std::vector<WordVectors> out(texts.size());
    std::vector<int32_t> ids;
    for (size_t i = 0; i < texts.size(); ++i) {
      TARN_TRY(context.check());
      pieces_->encode(texts[i], files_->config().max_tokens, &ids);
      if (ids.size() <= kEmptyTokens) continue;
      const std::vector<float> mask(ids.size(), 1.0f);
      std::vector<float> whole(hidden_), tokens(ids.size() * hidden_);
      TARN_TRY(runtime_->infer(0, ids, mask, ids.size(), whole.data(), tokens.data()));
      TARN_TRY(check_finite(tokens));
      out[i] = words_of(ids, tokens);
    }
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
    if (runtime_) return {};
    const TarnOpenVinoOptions options{options_.threads, options_.precision == "bf16" ? 1 : 0};
    TARN_ASSIGN(runtime_, OpenVinoRuntime::load(options_.plugin, files_->model(), options));
    return {};
  }

  base::Result<Tokens> tokenize(std::span<const std::string> texts, const base::Context& context) const {
    Tokens tokens;
    std::vector<int32_t> ids;
    for (const std::string& text : texts) {
      TARN_TRY(context.check());
      pieces_->encode(text, files_->config().max_tokens, &ids);
      tokens.starts.push_back(tokens.ids.size());
      tokens.lengths.push_back(ids.size() > kEmptyTokens ? ids.size() : 0);
      if (ids.size() > kEmptyTokens) tokens.ids.insert(tokens.ids.end(), ids.begin(), ids.end());
    }
    return tokens;
  }

  void run(Work* work) {
    const size_t streams = std::min(static_cast<size_t>(options_.threads), work->batches.size());
    std::vector<std::thread> threads;
    for (size_t s = 1; s < streams; ++s) threads.emplace_back([this, work, s] { serve(static_cast<int>(s), work); });
    serve(0, work);
    for (std::thread& thread : threads) thread.join();
  }

  void serve(int stream, Work* work) {
    std::vector<int32_t> ids;
    std::vector<float> mask, vectors;
    for (size_t b = work->next++; b < work->batches.size(); b = work->next++) {
      if (base::Status status = work->context->check(); !status.ok()) return work->fail(std::move(status));
      const Batch& batch = work->batches[b];
      fill(batch, *work->tokens, &ids, &mask);
      vectors.resize(batch.texts.size() * hidden_);
      base::Status status = runtime_->infer(stream, ids, mask, batch.length, vectors.data());
      if (status.ok()) status = check_finite(vectors);
      if (!status.ok()) return work->fail(std::move(status));
      for (size_t r = 0; r < batch.texts.size(); ++r) {
        std::copy_n(vectors.data() + r * hidden_, hidden_, work->out + batch.texts[r] * hidden_);
      }
      const uint64_t done = work->done += batch.texts.size();
      work->context->update("encode", done, work->tokens->lengths.size(), "passages");
    }
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
  std::mutex mutex_;  // over all below
  std::optional<WordPiece> pieces_;
  std::unique_ptr<OpenVinoRuntime> runtime_;
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
