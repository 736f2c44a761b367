// Batches, threads, progress and failures of the encoder over a module without a model (testdata/fake_module.cc).
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "encode/bert_files.h"
#include "encode/inputs_test.h"
#include "encode/wordpiece.h"

namespace tarn::encode {
namespace {

constexpr const char* kModel = TARN_MODEL_DIR;

class Schedule : public testing::Test {
 protected:
  void SetUp() override { unsetenv("FAKE_MODULE"); }
  void TearDown() override { unsetenv("FAKE_MODULE"); }

  static std::unique_ptr<Encoder> encoder(int threads) {
    return *make_encoder({kModel, TARN_FAKE_MODULE, threads, "bf16"});
  }

  static std::vector<std::string> texts(size_t count) {
    std::vector<std::string> out;
    for (size_t i = 0; i < count; ++i) {
      std::string text;
      for (size_t w = 0; w < (i * 37) % 300; ++w) text += w % 3 == 0 ? "lake " : "table" + std::to_string(i % 7) + " ";
      out.push_back(text);
    }
    return out;
  }

  static base::Status failure(const std::string& kind) {
    setenv("FAKE_MODULE", kind.c_str(), 1);
    return encode_bulk(*encoder(2), texts(100)).status();
  }
};

TEST_F(Schedule, EachTextGetsItsOwnVectorWhateverTheThreads) {
  const auto pieces = *WordPiece::parse((*BertFiles::open(*ModelDirectory::read(kModel)))->vocabulary(), "vocab.txt");
  const auto all = texts(700);
  for (int threads : {1, 2, 5}) {
    const auto vectors = *encode_bulk(*encoder(threads), all);
    ASSERT_EQ(vectors.size(), all.size() * 384);
    for (size_t i = 0; i < all.size(); ++i) {
      std::vector<int32_t> ids;
      pieces.encode(all[i], 256, &ids);
      float count = static_cast<float>(ids.size()), sum = 0;
      for (int32_t id : ids) sum += static_cast<float>(id);
      if (ids.size() == 2) count = sum = 0;  // a text without words is not sent at all
      ASSERT_EQ(vectors[i * 384], count) << i;
      ASSERT_EQ(vectors[i * 384 + 1], sum) << i;
    }
  }
}

// A word's vector is the sum of its pieces', at length 1; of the fake module a piece's is (id, 1, 0 …).
TEST_F(Schedule, AWordHasTheVectorsOfItsPiecesTogether) {
  const auto pieces = *WordPiece::parse((*BertFiles::open(*ModelDirectory::read(kModel)))->vocabulary(), "vocab.txt");
  const std::string text = "Lakes unquestioningly!";
  const auto words = *encoder(2)->encode_words(passages({text, " "}), Urgency::urgent, {});
  ASSERT_EQ(words.size(), 2U);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(words[i].text, *encoder(2)->encode(passages({i == 0 ? text : " "}), Urgency::urgent, {}));
  }
  EXPECT_EQ(words[0].words, (std::vector<std::string>{"lakes", "unquestioningly", "!"}));
  EXPECT_TRUE(words[1].words.empty());
  ASSERT_EQ(words[0].vectors.size(), 3U * 384);
  std::vector<int32_t> ids;
  pieces.encode("unquestioningly", 256, &ids);
  ASSERT_GT(ids.size(), 3U) << "of several pieces";
  double sum = 0;
  for (size_t i = 1; i + 1 < ids.size(); ++i) sum += ids[i];
  const double count = static_cast<double>(ids.size() - 2);
  EXPECT_NEAR(words[0].vectors[384], sum / std::hypot(sum, count), 1e-5);
  EXPECT_NEAR(words[0].vectors[385], count / std::hypot(sum, count), 1e-5);
}

// Callers of both classes at once get what each gets alone; the module refuses a stream that is busy.
TEST_F(Schedule, ManyCallersAtOnceGetTheVectorsThatTheyGetAlone) {
  const auto shared = encoder(3);
  const auto all = texts(200);
  const std::vector<std::string> some(all.begin() + 60, all.begin() + 90);
  const std::vector<float> bulk = *encode_bulk(*shared, all), urgent = *encode_bulk(*shared, some);
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&] { EXPECT_EQ(*encode_bulk(*shared, all), bulk); });
    threads.emplace_back([&] { EXPECT_EQ(*shared->encode(passages(some), Urgency::urgent, {}), urgent); });
  }
  for (std::thread& thread : threads) thread.join();
}

class StopAfter final : public base::Progress {
 public:
  StopAfter(base::Cancel* cancel, uint64_t passages) : cancel_(cancel), passages_(passages) {}
  void update(std::string_view, uint64_t done, uint64_t total, std::string_view) override {
    const std::lock_guard lock(mutex_);
    EXPECT_LE(done, total);
    most = std::max(most, done);
    if (done >= passages_) cancel_->request();
  }
  uint64_t most = 0;

 private:
  std::mutex mutex_;
  base::Cancel* cancel_;
  uint64_t passages_;
};

TEST_F(Schedule, CancelStopsBetweenBatches) {
  base::Cancel cancel;
  StopAfter progress(&cancel, 100);
  const auto all = texts(2000);
  EXPECT_EQ(encode_bulk(*encoder(2), all, {&progress, &cancel}).status().code(), base::Code::cancelled);
  EXPECT_GE(progress.most, 100u);
  EXPECT_LT(progress.most, all.size());
}

TEST_F(Schedule, ACancelledCallerLeavesTheOthersWhole) {
  const auto shared = encoder(2);
  const auto all = texts(1000);
  const std::vector<float> alone = *encode_bulk(*shared, all);
  base::Cancel cancel;
  StopAfter progress(&cancel, 50);
  std::thread other([&] { EXPECT_EQ(*encode_bulk(*shared, all), alone); });
  EXPECT_EQ(encode_bulk(*shared, all, {&progress, &cancel}).status().code(), base::Code::cancelled);
  other.join();
}

TEST_F(Schedule, FailuresOfTheModuleAreNamed) {
  EXPECT_EQ(failure("version").code(), base::Code::unavailable);
  EXPECT_NE(failure("version").message().find("OpenVINO 2019.1.0-1 is there, 2026.4.1 is needed"), std::string::npos);
  EXPECT_NE(failure("load").message().find("no memory"), std::string::npos);
  EXPECT_EQ(failure("infer").code(), base::Code::internal);
  EXPECT_NE(failure("infer").message().find("out of luck"), std::string::npos);
  EXPECT_EQ(failure("nan").code(), base::Code::corruption);
  EXPECT_NE(failure("nan").message().find(kModel), std::string::npos);
  EXPECT_TRUE(failure("").ok());
}

TEST_F(Schedule, AModuleThatIsNotOneIsRefused) {
  const auto encoder = *make_encoder({kModel, TARN_SOURCE_DIR "/CMakeLists.txt", 2, "bf16"});
  EXPECT_EQ(encode_bulk(*encoder, texts(3)).status().code(), base::Code::unavailable);
}

}  // namespace
}  // namespace tarn::encode
