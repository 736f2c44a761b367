#include <gtest/gtest.h>

#include <cmath>

#include "base/hash.h"
#include "encode/inputs_test.h"

namespace tarn::encode {
namespace {

std::vector<float> vector_of(const std::string& text, size_t dimensions = 64) {
  return *encode_bulk(*make_deterministic(dimensions), {text});
}

double cosine(const std::vector<float>& a, const std::vector<float>& b) {
  double dot = 0, aa = 0, bb = 0;
  for (size_t d = 0; d < a.size(); ++d) {
    dot += double{a[d]} * b[d], aa += double{a[d]} * a[d], bb += double{b[d]} * b[d];
  }
  return dot / std::sqrt(aa * bb);
}

TEST(Deterministic, WordsDecideTheVector) {
  EXPECT_EQ(vector_of("The index, rebuilt!"), vector_of("rebuilt INDEX the"));
  EXPECT_NE(vector_of("index"), vector_of("indexes"));
  EXPECT_NE(vector_of("naïve"), vector_of("naive"));
  EXPECT_GT(cosine(vector_of("restore a backup of the table"), vector_of("the backup of a table")),
            cosine(vector_of("restore a backup of the table"), vector_of("tune memory for workers")) + 0.3);
}

TEST(Deterministic, EachWordHasItsVector) {
  const auto words = *make_deterministic()->encode_words(passages({"The index, the!"}), Urgency::urgent, {});
  ASSERT_EQ(words.size(), 1U);
  EXPECT_EQ(words[0].words, (std::vector<std::string>{"the", "index", "the"}));
  EXPECT_EQ(words[0].text, vector_of("The index, the!")) << "and the text its own";
  ASSERT_EQ(words[0].vectors.size(), 3U * 64);
  EXPECT_EQ(std::vector<float>(words[0].vectors.begin() + 64, words[0].vectors.begin() + 128), vector_of("index"));
}

TEST(Deterministic, UnitLengthOrZero) {
  for (size_t dimensions : {1u, 64u, 100u, 384u}) {
    const auto v = vector_of("one two three four five", dimensions);
    ASSERT_EQ(v.size(), dimensions);
    EXPECT_NEAR(cosine(v, v), 1, 1e-9);
    double norm = 0;
    for (float x : v) norm += double{x} * x;
    EXPECT_NEAR(norm, 1, 1e-6);
  }
  EXPECT_EQ(vector_of(" .,;! "), std::vector<float>(64, 0.0f));
  EXPECT_EQ(vector_of(""), std::vector<float>(64, 0.0f));
}

// The bits themselves: an index definition names this encoder, so a change needs a new identity.
TEST(Deterministic, BitsAreFixed) {
  const auto v = vector_of("to be or not to be");
  const std::string_view bytes(reinterpret_cast<const char*>(v.data()), v.size() * sizeof(float));
  EXPECT_EQ(base::hash128(bytes).hex(), "6871195918433f3d6455a5b8b063295a");
  EXPECT_EQ(make_deterministic()->identity(), "deterministic/1 dimensions=64");
}

TEST(Deterministic, BatchEqualsOneByOneAndCancelStops) {
  const std::vector<std::string> texts{"a b", "", "c"};
  const auto encoder = make_deterministic(8);
  const auto all = *encode_bulk(*encoder, texts);
  for (size_t i = 0; i < texts.size(); ++i) {
    EXPECT_EQ(std::vector<float>(all.begin() + static_cast<long>(i) * 8, all.begin() + static_cast<long>(i + 1) * 8),
              vector_of(texts[i], 8));
  }
  base::Cancel cancel;
  cancel.request();
  EXPECT_EQ(encode_bulk(*encoder, texts, {nullptr, &cancel}).status().code(), base::Code::cancelled);
}

}  // namespace
}  // namespace tarn::encode
