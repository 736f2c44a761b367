#include "encode/wordpiece.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "base/random.h"
#include "json/value.h"

namespace tarn::encode {
namespace {

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  std::stringstream out;
  out << file.rdbuf();
  return out.str();
}

const WordPiece& minilm() {
  static const WordPiece pieces = *WordPiece::parse(read(TARN_MODEL_DIR "/vocab.txt"), "vocab.txt");
  return pieces;
}

// Ids that the reference tokenizer gave (testdata/make_fixture.py).
TEST(WordPiece, AgreesWithTheReferenceTokenizer) {
  const auto fixture = json::parse(read(TARN_SOURCE_DIR "/src/encode/testdata/wordpiece.json"));
  ASSERT_TRUE(fixture.ok()) << fixture.status().message();
  ASSERT_GT(fixture->items().size(), 100u);
  std::vector<int32_t> got;
  for (const json::Value& row : fixture->items()) {
    std::vector<int32_t> expected;
    for (const json::Value& id : row["ids"].items()) expected.push_back(static_cast<int32_t>(id.as_int()));
    minilm().encode(row["text"].as_string(), 256, &got);
    EXPECT_EQ(got, expected) << json::write(row["text"]);
  }
}

// Small vocabulary, random words: the greedy rule written out with a map.
std::vector<int32_t> slow_pieces(const std::map<std::string, int32_t>& ids, const std::string& word) {
  std::vector<int32_t> out;
  for (size_t start = 0; start < word.size();) {
    size_t end = word.size();
    const auto piece = [&] { return (start > 0 ? "##" : "") + word.substr(start, end - start); };
    while (end > start && !ids.contains(piece())) --end;
    if (end == start) return {ids.at("[UNK]")};
    out.push_back(ids.at(piece()));
    start = end;
  }
  return out;
}

TEST(WordPiece, TakesTheLongestPieces) {
  const uint64_t seed = 41;
  base::Random random(seed);
  const auto word = [&](size_t most) {
    std::string w;
    for (size_t n = 1 + random.below(most); n > 0; --n) w.push_back(static_cast<char>('a' + random.below(3)));
    return w;
  };
  for (int round = 0; round < 300; ++round) {
    std::map<std::string, int32_t> ids;
    std::string vocabulary;
    int32_t line = 0;
    const auto add = [&](const std::string& piece) {
      vocabulary += piece + (random.below(2) == 0 ? "\n" : "\r\n");
      ids.emplace(piece, line++);
    };
    for (const char* special : {"[PAD]", "[UNK]", "[CLS]", "[SEP]"}) add(special);
    for (int i = 0; i < 12; ++i) add((random.below(2) == 0 ? "##" : "") + word(4));
    const WordPiece pieces = *WordPiece::parse(vocabulary, "small");
    ASSERT_EQ(pieces.size(), static_cast<size_t>(line));
    std::vector<int32_t> got;
    for (int i = 0; i < 30; ++i) {
      const std::string a = word(12), b = word(12);
      std::vector<int32_t> expected{ids.at("[CLS]")};
      for (const std::string& w : {a, b}) {
        for (int32_t id : slow_pieces(ids, w)) expected.push_back(id);
      }
      expected.push_back(ids.at("[SEP]"));
      pieces.encode(a + " " + b, 256, &got);
      ASSERT_EQ(got, expected) << "seed " << seed << ": " << a << ' ' << b;
      if (expected.size() > 5) {
        expected = {expected[0], expected[1], expected[2], expected[3], ids.at("[SEP]")};
        pieces.encode(a + " " + b, 5, &got);
        ASSERT_EQ(got, expected);
      }
    }
  }
}

TEST(WordPiece, BytesThatAreNotUtf8AreLeftOut) {
  std::vector<int32_t> broken, whole;
  minilm().encode("deep \xff\xc3\xa9lake\xed\xa0\x80 \xf4\x90", 256, &broken);
  minilm().encode("deep élake", 256, &whole);
  EXPECT_EQ(broken, whole);
  base::Random random(42);
  for (int round = 0; round < 2000; ++round) {  // nothing to compare with: it must only hold its limits
    std::string text(random.below(200), '\0');
    for (char& c : text) c = static_cast<char>(random.next());
    minilm().encode(text, 16, &broken);
    ASSERT_GE(broken.size(), 2u);
    ASSERT_LE(broken.size(), 16u);
    ASSERT_EQ(broken.back(), 102);
  }
}

TEST(WordPiece, VocabularyWithoutSpecialTokensIsRefused) {
  const auto result = WordPiece::parse("a\nb\n[CLS]\n[UNK]\n", "dir/vocab.txt");
  EXPECT_EQ(result.status().code(), base::Code::corruption);
  EXPECT_EQ(result.status().message(), "dir/vocab.txt: no line [SEP]: not the vocabulary of a BERT model");
  EXPECT_FALSE(WordPiece::parse("", "v").ok());
}

}  // namespace
}  // namespace tarn::encode
