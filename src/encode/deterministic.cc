#include <fmt/format.h>

#include <cmath>

#include "base/ascii.h"
#include "base/check.h"
#include "base/hash.h"
#include "base/random.h"
#include "encode/encoder.h"

namespace tarn::encode {
namespace {

using base::lower;

// ASCII letters and digits; bytes of other scripts count as letters.
bool is_word_byte(char c) { return base::is_alnum(c) || (c & '\x80') != 0; }

// Each word adds a direction of ±1s that its hash seeds. Sums are integers, and the square root and the division that
// follow are rounded by IEEE 754 itself, so that the result has the same bits everywhere.
class Deterministic final : public Encoder {
 public:
  Deterministic(size_t dimensions, std::optional<Calibration> calibration)
      : dimensions_(dimensions),
        calibration_(calibration),
        identity_(fmt::format("deterministic/1 dimensions={}", dimensions)) {}

  size_t dimensions() const override { return dimensions_; }
  const std::string& identity() const override { return identity_; }
  const Calibration* calibration() const override { return calibration_ ? &*calibration_ : nullptr; }

  base::Result<std::vector<float>> encode(std::span<const Input> inputs, Urgency,
                                          const base::Context& context) override {
    std::vector<float> out(inputs.size() * dimensions_);
    std::vector<int64_t> sums(dimensions_);
    for (size_t i = 0; i < inputs.size(); ++i) {
      TARN_TRY(context.check());
      std::fill(sums.begin(), sums.end(), 0);
      add_words(inputs[i].text, &sums);
      normalise(sums, out.data() + i * dimensions_);
    }
    context.update("encode", inputs.size(), inputs.size(), "passages");
    return out;
  }

  base::Result<std::vector<WordVectors>> encode_words(std::span<const Input> inputs, Urgency,
                                                      const base::Context& context) override {
    TARN_TRY(context.check());
    std::vector<WordVectors> out(inputs.size());
    for (size_t i = 0; i < inputs.size(); ++i) {
      WordVectors& made = out[i];
      std::vector<int64_t> whole(dimensions_);
      add_words(inputs[i].text, &whole);
      made.text.resize(dimensions_);
      normalise(whole, made.text.data());
      for_each_word(inputs[i].text, [&](const std::string& word) {
        std::vector<int64_t> sums(dimensions_);
        add_word(word, &sums);
        made.words.push_back(word);
        made.vectors.resize(made.words.size() * dimensions_);
        normalise(sums, made.vectors.data() + made.vectors.size() - dimensions_);
      });
    }
    return out;
  }

 private:
  void add_words(const std::string& text, std::vector<int64_t>* sums) const {
    for_each_word(text, [&](const std::string& word) { add_word(word, sums); });
  }

  template <typename Sink>
  static void for_each_word(const std::string& text, const Sink& sink) {
    std::string word;
    for (size_t at = 0; at <= text.size(); ++at) {
      if (at < text.size() && is_word_byte(text[at])) {
        word.push_back(lower(text[at]));
      } else if (!word.empty()) {
        sink(word);
        word.clear();
      }
    }
  }

  void add_word(const std::string& word, std::vector<int64_t>* sums) const {
    base::Random random(base::hash64(word));
    for (size_t d = 0; d < dimensions_;) {
      uint64_t bits = random.next();
      for (size_t i = 0; i < 64 && d < dimensions_; ++i, ++d, bits >>= 1) (*sums)[d] += (bits & 1) != 0 ? 1 : -1;
    }
  }

  static void normalise(const std::vector<int64_t>& sums, float* out) {
    double squares = 0;  // of integers: exact up to 2^53, far beyond any passage
    for (int64_t sum : sums) squares += static_cast<double>(sum * sum);
    if (squares == 0) return;
    const double norm = std::sqrt(squares);
    for (size_t d = 0; d < sums.size(); ++d) out[d] = static_cast<float>(static_cast<double>(sums[d]) / norm);
  }

  size_t dimensions_;
  std::optional<Calibration> calibration_;
  std::string identity_;
};

}  // namespace

std::unique_ptr<Encoder> make_deterministic(size_t dimensions, std::optional<Calibration> calibration) {
  TARN_CHECK(dimensions > 0);
  return std::make_unique<Deterministic>(dimensions, calibration);
}

}  // namespace tarn::encode
