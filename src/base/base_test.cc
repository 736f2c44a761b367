#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "base/ascii.h"
#include "base/bytes.h"
#include "base/characters.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/percent.h"
#include "base/random.h"
#include "base/sha256.h"

namespace tarn::base {
namespace {

TEST(Status, ResultCarriesValueOrFailure) {
  const auto f = [](bool good) -> Result<int> {
    if (!good) return Status(Code::io, "disk", "look at it");
    return 7;
  };
  const auto g = [&](bool good) -> Result<int> {
    TARN_ASSIGN(int v, f(good));
    return v + 1;
  };
  EXPECT_EQ(*g(true), 8);
  EXPECT_EQ(g(false).status().to_string(), "io: disk (look at it)");
  EXPECT_EQ(g(false).status().with_context("a.md").message(), "a.md: disk");
}

TEST(Ascii, FoldsLettersOfAsciiOnly) {
  EXPECT_EQ(lower("AZ[az\xC3\x84"), "az[az\xC3\x84");
  EXPECT_EQ(upper("az{AZ\xC3\xA4"), "AZ{AZ\xC3\xA4");
  for (int c = 0; c < 256; ++c) {
    const size_t at = std::string_view("0123456789abcdefABCDEF").find(static_cast<char>(c));
    const int expected = at == std::string_view::npos ? -1 : static_cast<int>(at < 16 ? at : at - 6);
    EXPECT_EQ(hex_value(static_cast<char>(c)), expected) << c;
  }
}

TEST(Ascii, TrimsBlanksAtTheEndsAlone) {
  EXPECT_EQ(trimmed(" \t\r\na b\r\n"), "a b");
  EXPECT_EQ(trimmed("a"), "a");
  EXPECT_EQ(trimmed(" \n"), "");
  EXPECT_EQ(trimmed(""), "");
  EXPECT_EQ(trimmed("\va\xC2\xA0"), "\va\xC2\xA0") << "others are no blanks";
}

TEST(Bytes, RoundTripsAndRefusesTruncation) {
  Random random(1);
  std::string out;
  ByteWriter writer(&out);
  std::vector<uint64_t> values{0, 1, 127, 128, UINT64_MAX};
  for (int i = 0; i < 1000; ++i) values.push_back(random.next() >> random.below(64));
  for (uint64_t v : values) writer.varint(v);
  writer.text("abc");
  ByteReader reader(out, "x");
  for (uint64_t v : values) EXPECT_EQ(*reader.varint(), v);
  EXPECT_EQ(*reader.text(), "abc");
  EXPECT_TRUE(reader.done());
  for (size_t cut = 0; cut < out.size(); ++cut) {
    ByteReader short_reader(std::string_view(out).substr(0, cut), "x");
    Status status;
    for (size_t i = 0; i < values.size() && status.ok(); ++i) status = short_reader.varint().status();
    if (status.ok()) status = short_reader.text().status();
    EXPECT_EQ(status.code(), Code::corruption);
  }
  std::string eleven(10, '\xff');
  eleven.push_back('\x01');
  EXPECT_EQ(ByteReader(eleven, "x").varint().status().code(), Code::corruption);
}

TEST(Hash, PiecesEqualWhole) {
  EXPECT_EQ(hash128("").hex(), "99aa06d3014798d86001c324468d497f");  // the specification's test vector
  Hasher128 hasher;
  hasher.add("ab");
  hasher.add("c");
  EXPECT_EQ(hasher.finish(), hash128("abc"));
}

TEST(Clock, FormatsAndParses) {
  for (const char* text : {"2026-11-22T10:00:00Z", "1969-12-31T23:59:59.999Z", "2000-02-29T00:00:00.000001Z"}) {
    EXPECT_EQ(format_utc(*parse_utc(text)), text);
  }
  EXPECT_EQ(*parse_utc("2026-11-22"), *parse_utc("2026-11-22T01:00:00+01:00"));
  for (const char* text : {"", "2026", "2026-13-01", "2026-02-30", "2026-11-22T25:00:00Z", "2026-11-22T10:00:00+1"}) {
    EXPECT_EQ(parse_utc(text).status().code(), Code::invalid_argument) << text;
  }
}

TEST(Random, SameSeedSameNumbersAndUuidShape) {
  EXPECT_EQ(Random(5).next(), Random(5).next());
  const std::string id = Random(5).uuid();
  ASSERT_EQ(id.size(), 36u);
  EXPECT_EQ(id[14], '4');
  EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos);
}

TEST(Characters, OneAtATimeAndTheirCells) {
  const std::string_view text = "a\xC3\xA9\xE6\x97\xA5\xF0\x9F\x90\x9F\x80";
  std::vector<char32_t> read;
  for (size_t at = 0; at < text.size();) read.push_back(next_character(text, at));
  EXPECT_EQ(read, (std::vector<char32_t>{'a', 0xE9, 0x65E5, 0x1F41F, kReplacement}));
  for (std::string_view broken : {"\xC0\xAF", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE6\x97"}) {
    size_t at = 0;
    EXPECT_EQ(next_character(broken, at), kReplacement);
    EXPECT_EQ(at, 1u) << "the rest is looked at by itself";
  }
  EXPECT_EQ(cells_of('a'), 1u);
  EXPECT_EQ(cells_of(0x65E5), 2u);
  EXPECT_EQ(cells_of(0x301), 0u);
  EXPECT_TRUE(turns_text(0x202E));
  EXPECT_FALSE(turns_text('a'));
}

TEST(Random, ThreadsDrawTheNumbersOfOne) {
  constexpr size_t kEach = 20'000;
  Random alone(9), shared(9);
  std::vector<uint64_t> expected, drawn[2];
  for (size_t i = 0; i < 2 * kEach; ++i) expected.push_back(alone.next());
  std::vector<std::thread> threads;
  for (auto& mine : drawn) {
    threads.emplace_back([&] {
      for (size_t i = 0; i < kEach; ++i) mine.push_back(shared.next());
    });
  }
  for (std::thread& thread : threads) thread.join();
  drawn[0].insert(drawn[0].end(), drawn[1].begin(), drawn[1].end());
  std::sort(drawn[0].begin(), drawn[0].end());
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(drawn[0], expected);
}

// Lengths around the ends of blocks; the answers are of another implementation.
TEST(Sha256, AsTheStandardHasIt) {
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  for (const auto& [length, hex] :
       {std::pair<size_t, const char*>(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        std::pair<size_t, const char*>(3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        std::pair<size_t, const char*>(55, "595615dbe4f0f407ae397d08b4c2cb870cb9b0e11937416f950c5160acf9c005"),
        std::pair<size_t, const char*>(56, "784f623b787495078e93ff28a25b581df0584055a7e71d8cd90c454716b92f51"),
        std::pair<size_t, const char*>(63, "5ca3e1ef5207490eac01a795e5cc94d59582a5118bf9534665c8668d87aa647c"),
        std::pair<size_t, const char*>(64, "2fcd5a0d60e4c941381fcc4e00a4bf8be422c3ddfafb93c809e8d1e2bfffae8e"),
        std::pair<size_t, const char*>(65, "1b3cd1877ab2f2f19f7be001722554f336cb799df0329de0bb4c118dc6abc06d"),
        std::pair<size_t, const char*>(119, "faef67da856d6fd9c8d12f9ed0a4fefd3cf0ce085ab43e2907418d457e3c354b"),
        std::pair<size_t, const char*>(120, "c9512b08619c19fbb503c7da6b46ef20301e5f7a7a5f43989182398536f5c5c8"),
        std::pair<size_t, const char*>(1000, "915e53a44c18b19bb06ba5b3f5fcaf1dc4651e8404c63425cfc6174e74659d87")}) {
    std::string text;
    for (size_t i = 0; i < length; ++i) text += static_cast<char>('a' + i % 26);
    EXPECT_EQ(sha256(text), hex) << length;
  }
}

TEST(Percent, BytesAreEncodedAndDecoded) {
  EXPECT_EQ(percent_encoded("a b/\xC3\xA9%", "/"), "a%20b/%C3%A9%25");
  EXPECT_EQ(percent_decoded("a%20b/%c3%A9%25"), "a b/\xC3\xA9%");
  EXPECT_EQ(percent_decoded("100% of %4 %zz%"), "100% of %4 %zz%");
  EXPECT_EQ(bad_percent("%41%4"), 3u);
  EXPECT_EQ(bad_percent("%41%42"), std::string_view::npos);
}

}  // namespace
}  // namespace tarn::base
