// Tests of the encoder that need the run time: built where the module is.
#ifdef TARN_OPENVINO_MODULE

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <sstream>
#include <thread>

#include "encode/bert_files.h"
#include "encode/bert_reference.h"
#include "encode/inputs_test.h"
#include "encode/wordpiece.h"

namespace tarn::encode {
namespace {

constexpr const char* kModel = TARN_MODEL_DIR;

// How far a vector may lie from the exact one, as 1 − cosine: the bounds that doc/design/encoder.md states.
constexpr double kBoundF32 = 1e-6;
constexpr double kBoundBf16 = 2e-4;
double bound(const std::string& precision) { return precision == "f32" ? kBoundF32 : kBoundBf16; }

std::unique_ptr<Encoder> minilm(const std::string& precision, int threads = 2) {
  auto made = make_encoder({kModel, TARN_OPENVINO_MODULE, threads, precision});
  EXPECT_TRUE(made.ok()) << made.status().to_string();
  return *std::move(made);
}

// Loaded once for the tests that only use it.
Encoder* shared() {
  static const std::unique_ptr<Encoder> encoder = minilm("bf16");
  return encoder.get();
}

template <typename A, typename B>
double distance(const A& a, const B& b) {
  double dot = 0, aa = 0, bb = 0;
  for (size_t d = 0; d < a.size(); ++d) {
    const double x = a[d], y = b[d];
    dot += x * y, aa += x * x, bb += y * y;
  }
  return 1 - dot / std::sqrt(aa * bb);
}

std::vector<float> row(const std::vector<float>& all, size_t i) {
  return {all.begin() + static_cast<long>(i * 384), all.begin() + static_cast<long>((i + 1) * 384)};
}

std::vector<float> vector_of(Encoder* encoder, const std::string& text) {
  auto out = encode_bulk(*encoder, {text});
  EXPECT_TRUE(out.ok()) << out.status().to_string();
  return *out;
}

// Texts of many lengths, some twice, some empty.
std::vector<std::string> mixed_texts() {
  const std::vector<std::string> words{"lake",    "table",  "snapshot", "deleted", "quote",
                                       "offline", "vector", "commit",   "é",       "湖"};
  std::vector<std::string> texts;
  for (size_t i = 0; i < 24; ++i) {
    std::string text;
    for (size_t w = 0; w < (i * 7) % 61; ++w) text += words[(i * 3 + w * w) % words.size()] + " ";
    texts.push_back(text);
  }
  texts.push_back("  ");
  return texts;
}

TEST(Bert, AgreesWithTheSlowReference) {
  const auto files = *BertFiles::open(*ModelDirectory::read(kModel));
  const auto pieces = *WordPiece::parse(files->vocabulary(), "vocab.txt");
  const BertReference reference(files->model());
  for (const char* precision : {"f32", "bf16"}) {
    const auto encoder = minilm(precision);
    for (const char* text : {"deleted", "The lake is the truth: each quote is re-read before it is shown."}) {
      std::vector<int32_t> ids;
      pieces.encode(text, 256, &ids);
      EXPECT_LT(distance(vector_of(encoder.get(), text), reference.encode(ids)), bound(precision)) << precision;
    }
  }
}

// The numbers that sentence-transformers prints for the example on the model's page.
TEST(Bert, GivesTheModelsPublishedExample) {
  const std::vector<float> published{0.067657f,  0.063496f, 0.048713f,   0.079305f, 0.037448f,
                                     0.0026527f, 0.039375f, -0.0070985f, 0.059361f, 0.031537f};
  const auto vector = vector_of(minilm("f32").get(), "This is an example sentence");
  for (size_t d = 0; d < published.size(); ++d) EXPECT_NEAR(vector[d], published[d], 1e-6) << d;
}

TEST(Bert, UnitVectorsAndZeroForTextsWithoutWords) {
  Encoder* const encoder = shared();
  EXPECT_EQ(encoder->dimensions(), 384u);
  double squares = 0;
  for (float v : vector_of(encoder, "unplugged")) squares += double{v} * v;
  EXPECT_NEAR(squares, 1, 1e-5);
  EXPECT_EQ(vector_of(encoder, ""), std::vector<float>(384, 0.0f));
  EXPECT_EQ(vector_of(encoder, "\n \xff"), std::vector<float>(384, 0.0f));
  EXPECT_TRUE(encode_bulk(*encoder, {})->empty());
}

// Batch, padding and thread may change a vector by rounding only.
TEST(Bert, BatchesGiveWhatSingleTextsGive) {
  for (const char* precision : {"f32", "bf16"}) {
    const auto encoder = minilm(precision);
    const auto texts = mixed_texts();
    const auto all = *encode_bulk(*encoder, texts, {});
    for (size_t i = 0; i < texts.size(); ++i) {
      const auto alone = vector_of(encoder.get(), texts[i]);
      if (alone == std::vector<float>(384, 0.0f)) {
        EXPECT_EQ(row(all, i), alone) << i;
      } else {
        EXPECT_LT(distance(row(all, i), alone), bound(precision)) << precision << ' ' << i;
      }
    }
    EXPECT_LT(distance(*encode_bulk(*minilm(precision, 1), texts), all), bound(precision));
  }
}

TEST(Bert, NearMeaningIsNear) {
  Encoder* const encoder = shared();
  const auto query = vector_of(encoder, "how do I bring back a lost database?");
  const double near = distance(query, vector_of(encoder, "Restoring from a backup after data loss"));
  const double far = distance(query, vector_of(encoder, "The cat sleeps on the warm windowsill"));
  EXPECT_LT(near + 0.3, far);
}

TEST(Bert, TextsAreCutAtTheModelsLimit) {
  const auto encoder = minilm("f32");
  std::string limit;
  for (int i = 0; i < 254; ++i) limit += "lake ";
  EXPECT_LT(
      distance(vector_of(encoder.get(), limit), vector_of(encoder.get(), limit + "and quite other words after it")),
      kBoundF32);
  EXPECT_GT(distance(vector_of(encoder.get(), limit), vector_of(encoder.get(), "other words " + limit)), 1e-4);
}

TEST(Bert, IdentityNamesWhatDecidesTheVectors) {
  const std::string a = minilm("bf16")->identity(), b = minilm("f32")->identity();
  EXPECT_EQ(a, minilm("bf16", 1)->identity());
  EXPECT_NE(a, b);
  EXPECT_TRUE(a.starts_with("bert/1 model=")) << a;
  EXPECT_NE(a.find(" tokens=256 openvino=2026.4.1 precision=bf16"), std::string::npos) << a;
}

bool openvino_is_loaded() {
  std::ifstream maps("/proc/self/maps");
  std::stringstream text;
  text << maps.rdbuf();
  return text.str().find("libopenvino.so") != std::string::npos;
}

// In a process of its own (a death test starts this program anew), because the other tests have loaded it here.
TEST(BertDeathTest, TheRunTimeIsLoadedByTheFirstText) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  const auto loads_late = [] {
    const auto encoder = minilm("bf16");
    const bool early =
        openvino_is_loaded() || vector_of(encoder.get(), "") != std::vector<float>(384, 0.0f) || openvino_is_loaded();
    vector_of(encoder.get(), "now");
    std::exit(early ? 1 : openvino_is_loaded() ? 0 : 2);
  };
  EXPECT_EXIT(loads_late(), testing::ExitedWithCode(0), "");
}

class Watch final : public base::Progress {
 public:
  explicit Watch(base::Cancel* cancel) : cancel_(cancel) {}
  void update(std::string_view, uint64_t done, uint64_t total, std::string_view unit) override {
    const std::lock_guard lock(mutex_);
    most = std::max(most, done);
    EXPECT_LE(done, total);
    EXPECT_EQ(unit, "passages");
    if (cancel_) cancel_->request();
  }
  uint64_t most = 0;

 private:
  std::mutex mutex_;
  base::Cancel* cancel_;
};

TEST(Bert, TellsProgressAndStopsBetweenBatches) {
  Encoder* const encoder = shared();
  const std::vector<std::string> texts(300, "a passage of some words, so that there are more batches than threads");
  Watch watch(nullptr);
  base::Cancel cancel;
  ASSERT_TRUE(encode_bulk(*encoder, texts, {&watch, &cancel}).ok());
  EXPECT_EQ(watch.most, texts.size());
  Watch stopping(&cancel);
  EXPECT_EQ(encode_bulk(*encoder, texts, {&stopping, &cancel}).status().code(), base::Code::cancelled);
  EXPECT_LT(stopping.most, texts.size());
  cancel.request();
  EXPECT_EQ(encode_bulk(*encoder, texts, {nullptr, &cancel}).status().code(), base::Code::cancelled);
}

TEST(Bert, CallsFromManyThreadsAreServed) {
  Encoder* const encoder = shared();
  const auto expected = vector_of(encoder, "one and the same");
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] { EXPECT_LT(distance(vector_of(encoder, "one and the same"), expected), kBoundBf16); });
  }
  for (auto& thread : threads) thread.join();
}

TEST(Bert, AModuleThatIsNotThereIsNamed) {
  auto encoder = *make_encoder({kModel, "/nowhere/libtarn_openvino.so", 2, "bf16"});
  const auto status = encode_bulk(*encoder, {"word"}).status();
  EXPECT_EQ(status.code(), base::Code::not_found);
  EXPECT_NE(status.message().find("/nowhere/libtarn_openvino.so"), std::string::npos);
  EXPECT_FALSE(status.hint().empty());
}

}  // namespace
}  // namespace tarn::encode

#endif
