#include "encode/transformer.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>

#include "base/hash.h"
#include "encode/batch_queue.h"
#include "encode/batches.h"
#include "encode/openvino_runtime.h"

namespace tarn::encode {
namespace {

// The token ids of many texts, one after the other.
struct Tokens {
  std::vector<int32_t> ids;
  std::vector<size_t> starts;
  std::vector<size_t> lengths;  // 0 for a text without words
};

// A prompt as it stands before a text, and how many tokens it has there.
struct Prompt {
  std::string text;
  size_t tokens = 0;
};

class Transformer final : public Encoder {
 public:
  Transformer(TransformerParts parts, const ModelDirectory& directory, const ModelOptions& options,
              std::optional<Calibration> calibration)
      : parts_(std::move(parts)),
        options_(options),
        calibration_(calibration),
        hidden_(static_cast<size_t>(parts_.weights->hidden)),
        query_{directory.query_prompt},
        passage_{directory.passage_prompt} {
    identity_ = fmt::format("{} model={} tokens={} openvino={} precision={}", parts_.name, parts_.fingerprint,
                            parts_.max_tokens, kOpenVinoVersion, options_.precision);
    if (!query_.text.empty() || !passage_.text.empty()) {
      identity_ += " prompts=" + base::hash128(query_.text + '\n' + passage_.text).hex();
    }
  }

  size_t dimensions() const override { return hidden_; }
  const std::string& identity() const override { return identity_; }
  const Calibration* calibration() const override { return calibration_ ? &*calibration_ : nullptr; }

  base::Result<std::vector<float>> encode(std::span<const Input> inputs, Urgency urgency,
                                          const base::Context& context) override {
    TARN_TRY(context.check());
    TARN_TRY(load_tokenizer());
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
    TARN_TRY(load_tokenizer());
    TARN_ASSIGN(const Tokens tokens, tokenize(inputs, context));
    TARN_TRY(load_runtime());
    std::vector<WordVectors> out(inputs.size());
    const auto work = [&](size_t stream, size_t i) -> base::Status {
      const std::span ids(tokens.ids.data() + tokens.starts[i], tokens.lengths[i]);
      std::vector<float> whole(hidden_), vectors(ids.size() * hidden_);
      if (!ids.empty()) {
        const std::vector<float> mask(ids.size(), 1.0f);
        TARN_TRY(runtime_->infer(static_cast<int>(stream), ids, mask, ids.size(), whole.data(), vectors.data()));
        TARN_TRY(check_finite(whole));
        TARN_TRY(check_finite(vectors));
        out[i] = words_of(ids, vectors, prompt(inputs[i].role).tokens);
      }
      out[i].text = std::move(whole);
      return {};
    };
    TARN_TRY(queue_->run(inputs.size(), urgency, context, work));
    return out;
  }

 private:
  const Prompt& prompt(Role role) const { return role == Role::query ? query_ : passage_; }

  // The pieces of a word together: their text, and the sum of their vectors at length 1. The frame and the prompt stand
  // for no word.
  WordVectors words_of(std::span<const int32_t> ids, const std::vector<float>& tokens, size_t prompt) const {
    WordVectors words;
    for (size_t t = 1 + prompt; t + 1 < ids.size(); ++t) {
      const Tokenizer::Piece piece = tokenizer_->piece(ids[t]);
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

  base::Status load_tokenizer() {
    const std::lock_guard lock(loading_);
    if (tokenizer_) return {};
    TARN_ASSIGN(auto tokenizer, parts_.tokenizer());
    std::vector<int32_t> ids;
    for (Prompt* prompt : {&query_, &passage_}) {
      tokenizer->encode(prompt->text, parts_.max_tokens, &ids);
      prompt->tokens = ids.size() - Tokenizer::kFrameTokens;
      if (prompt->tokens + Tokenizer::kFrameTokens == parts_.max_tokens) {
        return {base::Code::unsupported,
                fmt::format("{}: the prompt leaves no room for words within {} tokens", options_.directory,
                            parts_.max_tokens),
                "shorten the prompts in its config_sentence_transformers.json"};
      }
    }
    tokenizer_ = std::move(tokenizer);
    return {};
  }

  base::Status load_runtime() {
    const std::lock_guard lock(loading_);
    if (queue_) return {};
    const TarnOpenVinoOptions options{options_.threads, options_.precision == "bf16" ? 1 : 0};
    TARN_ASSIGN(runtime_, OpenVinoRuntime::load(options_.plugin, *parts_.weights, options));
    queue_ = std::make_unique<BatchQueue>(static_cast<size_t>(options_.threads));
    return {};
  }

  base::Result<Tokens> tokenize(std::span<const Input> inputs, const base::Context& context) const {
    Tokens tokens;
    std::vector<int32_t> ids;
    for (const Input& input : inputs) {
      TARN_TRY(context.check());
      const Prompt& before = prompt(input.role);
      const std::string prompted = before.text.empty() ? "" : before.text + input.text;
      tokenizer_->encode(before.text.empty() ? input.text : prompted, parts_.max_tokens, &ids);
      const bool has_words = ids.size() > Tokenizer::kFrameTokens + before.tokens;
      tokens.starts.push_back(tokens.ids.size());
      tokens.lengths.push_back(has_words ? ids.size() : 0);
      if (has_words) tokens.ids.insert(tokens.ids.end(), ids.begin(), ids.end());
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

  const TransformerParts parts_;
  const ModelOptions options_;
  const std::optional<Calibration> calibration_;
  const size_t hidden_;
  std::string identity_;
  // Each is made once, under the lock, and only read from then on.
  std::mutex loading_;
  Prompt query_, passage_;
  std::unique_ptr<const Tokenizer> tokenizer_;
  std::unique_ptr<OpenVinoRuntime> runtime_;
  std::unique_ptr<BatchQueue> queue_;  // ends before the run time does
};

}  // namespace

base::Result<std::unique_ptr<Encoder>> make_transformer(TransformerParts parts, const ModelDirectory& directory,
                                                        const ModelOptions& options) {
  TARN_ASSIGN(const auto calibration, read_calibration(directory.path, parts.fingerprint));
  return std::unique_ptr<Encoder>(std::make_unique<Transformer>(std::move(parts), directory, options, calibration));
}

}  // namespace tarn::encode
