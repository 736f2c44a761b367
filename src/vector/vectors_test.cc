#include "vector/vectors.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <fstream>
#include <limits>
#include <regex>
#include <sstream>

#include "base/random.h"
#include "simd/float16.h"

namespace tarn::vector {
namespace {

using base::PassageOrdinal;

TEST(Vectors, RoundTripsRowsOfEveryWidth) {
  base::Random random(21);
  for (size_t dimensions : {1u, 3u, 31u, 32u, 33u, 64u, 384u}) {
    for (size_t rows : {0u, 1u, 7u}) {
      std::vector<float> values(rows * dimensions);
      for (float& v : values) v = static_cast<float>(random.unit() - 0.5);
      const std::string bytes = build(values, dimensions);
      const auto reader = Reader::open(bytes, "block");
      ASSERT_TRUE(reader.ok()) << reader.status().message();
      ASSERT_EQ((*reader)->passage_count(), rows);
      ASSERT_EQ((*reader)->dimensions(), dimensions);
      std::vector<uint16_t> halves;
      for (uint32_t r = 0; r < rows; ++r) {
        const auto row = (*reader)->row(PassageOrdinal(r));
        for (size_t d = 0; d < dimensions; ++d) {
          ASSERT_EQ(row[d], simd::float_to_half(values[r * dimensions + d]));
        }
        halves.insert(halves.end(), row.begin(), row.end());
      }
      EXPECT_EQ(build_from_halves(halves, dimensions), bytes);
    }
  }
}

TEST(Vectors, RowsThatAreNotFiniteBecomeZeroRows) {
  const float inf = std::numeric_limits<float>::infinity();
  const std::vector<float> values{1, 0, std::nanf(""), 1, inf, 1, 70000, 1, 0, 1};
  const std::string bytes = build(values, 2);
  const auto reader = *Reader::open(bytes, "block");
  const std::vector<float> query{0, 1};
  std::vector<float> scores;
  for (uint32_t r = 0; r < 5; ++r) scores.push_back(reader->score(query, PassageOrdinal(r)));
  EXPECT_EQ(scores, (std::vector<float>{0, 0, 0, 0, 1}));
  const SegmentView view{reader.get(), nullptr, nullptr, {}};
  const auto hits = search(query, {&view, 1}, 10);
  ASSERT_EQ(hits.size(), 2u);  // rows 4 and 0; the zero rows are no hits though row 0 scores 0 as well
  EXPECT_EQ(hits[0].passage.value, 4u);
  EXPECT_EQ(hits[1].passage.value, 0u);
}

TEST(Vectors, DamagedBytesAreRefused) {
  const std::vector<float> values(3 * 40, 0.5f);
  const std::string good = build(values, 40);
  ASSERT_TRUE(Reader::open(good, "block").ok());
  for (size_t cut = 0; cut < good.size(); ++cut) {
    const auto result = Reader::open(std::string(good, 0, cut), "block");
    ASSERT_EQ(result.status().code(), base::Code::corruption) << cut;
    ASSERT_NE(result.status().message().find("block"), std::string::npos);
  }
  EXPECT_FALSE(Reader::open(good + '\0', "block").ok());
  for (size_t bit = 0; bit < 64 * 8; ++bit) {  // the header has no bit that does not matter
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
    const auto reader = Reader::open(bad, "block");
    // 40 and, say, 41 dimensions have the same padded row; the lake's checksum sees that, the layout cannot.
    if (!reader.ok()) continue;
    ASSERT_TRUE(bit / 8 >= 12 && bit / 8 < 16 && (*reader)->passage_count() == 3) << bit;
  }
}

struct World {
  size_t dimensions = 0;
  std::vector<std::string> bytes;
  std::vector<std::shared_ptr<const Reader>> readers;
  std::vector<std::vector<uint64_t>> deleted, allowed;
  std::vector<std::vector<std::string>> ids;
  std::vector<SegmentView> views;
};

// Segments of random rows, many of them equal, some zero; some bitmaps shorter than the segment.
World make_world(base::Random& random, size_t dimensions, size_t segments, size_t max_rows) {
  World world;
  world.dimensions = dimensions;
  std::vector<std::vector<float>> shared(4, std::vector<float>(dimensions));
  for (size_t i = 1; i < shared.size(); ++i) {
    for (float& v : shared[i]) v = static_cast<float>(random.unit() - 0.5);
  }
  for (size_t s = 0; s < segments; ++s) {
    const size_t rows = random.below(max_rows + 1);
    std::vector<float> values;
    world.ids.emplace_back();
    for (size_t r = 0; r < rows; ++r) {
      std::vector<float> row = shared[random.below(4)];
      if (random.below(2) == 0) {
        for (float& v : row) v = static_cast<float>(random.unit() - 0.5);
      }
      values.insert(values.end(), row.begin(), row.end());
      world.ids.back().push_back("id" + std::to_string(random.below(30)));
    }
    world.bytes.push_back(build(values, dimensions));
    const size_t words = (rows + 63) / 64;
    for (auto* maps : {&world.deleted, &world.allowed}) {
      maps->emplace_back(words);
      for (uint64_t& word : maps->back()) word = random.next() & random.next();
    }
    for (uint64_t& word : world.allowed.back()) word = ~word;
    if (words > 1 && random.below(4) == 0) world.deleted.back().pop_back();
    if (words > 1 && random.below(4) == 0) world.allowed.back().pop_back();
  }
  for (size_t s = 0; s < segments; ++s) {
    world.readers.push_back(*Reader::open(world.bytes[s], "segment"));
    SegmentView view;
    view.reader = world.readers[s].get();
    if (random.below(3) != 0) view.deleted = &world.deleted[s];
    if (random.below(3) != 0) view.allowed = &world.allowed[s];
    view.tie = [ids = &world.ids[s]](PassageOrdinal p) {
      return std::pair<std::string_view, uint32_t>((*ids)[p.value], p.value % 3);
    };
    world.views.push_back(view);
  }
  return world;
}

bool has_bit(const std::vector<uint64_t>& map, uint32_t i) {
  return i / 64 < map.size() && ((map[i / 64] >> (i % 64)) & 1) != 0;
}

// Every passage scored by score(), all sorted by the order rule.
std::vector<Scored> slow_search(std::span<const float> query, std::span<const SegmentView> views, size_t k) {
  std::vector<Scored> all;
  for (uint32_t s = 0; s < views.size(); ++s) {
    for (uint32_t p = 0; p < views[s].reader->passage_count(); ++p) {
      if (views[s].deleted && has_bit(*views[s].deleted, p)) continue;
      if (views[s].allowed && !has_bit(*views[s].allowed, p)) continue;
      const auto row = views[s].reader->row(PassageOrdinal(p));
      if (std::all_of(row.begin(), row.end(), [](uint16_t h) { return simd::half_to_float(h) == 0; })) continue;
      all.push_back({s, PassageOrdinal(p), views[s].reader->score(query, PassageOrdinal(p))});
    }
  }
  std::sort(all.begin(), all.end(), [&](const Scored& a, const Scored& b) {
    const auto [key_a, ordinal_a] = views[a.segment].tie(a.passage);
    const auto [key_b, ordinal_b] = views[b.segment].tie(b.passage);
    return std::tuple(-a.score, key_a, ordinal_a, a.segment, a.passage) <
           std::tuple(-b.score, key_b, ordinal_b, b.segment, b.passage);
  });
  all.resize(std::min(k, all.size()));
  return all;
}

std::vector<float> random_query(base::Random& random, size_t dimensions) {
  std::vector<float> query(dimensions);
  for (float& v : query) v = static_cast<float>(random.unit() - 0.5);
  if (random.below(8) == 0) std::fill(query.begin(), query.end(), 0.0f);
  return query;
}

TEST(Search, AgreesWithScoringEveryPassage) {
  const uint64_t seed = 31;
  base::Random random(seed);
  for (int round = 0; round < 400; ++round) {
    const World world = make_world(random, 1 + random.below(50), random.below(5), 300);
    const std::vector<float> query = random_query(random, world.dimensions);
    const size_t k = random.below(40);
    const auto expected = slow_search(query, world.views, k);
    const auto got = search(query, world.views, k);
    ASSERT_EQ(got.size(), expected.size()) << "seed " << seed << " round " << round;
    for (size_t i = 0; i < got.size(); ++i) {
      ASSERT_EQ(got[i].score, expected[i].score) << "seed " << seed << " round " << round << " rank " << i;
      ASSERT_EQ(std::pair(got[i].segment, got[i].passage), std::pair(expected[i].segment, expected[i].passage))
          << "seed " << seed << " round " << round << " rank " << i;
    }
  }
}

// Cutting the same passages into other segments changes nothing: neither order nor a bit of a score.
TEST(Search, OneSegmentOrManyIsTheSame) {
  const uint64_t seed = 32;
  base::Random random(seed);
  for (int round = 0; round < 50; ++round) {
    World many = make_world(random, 33, 1 + random.below(6), 100);
    std::vector<uint16_t> halves;
    std::vector<std::pair<std::string, uint32_t>> ties;
    uint32_t ordinal = 0;
    for (size_t s = 0; s < many.views.size(); ++s) {
      for (uint32_t p = 0; p < many.readers[s]->passage_count(); ++p) {
        const auto row = many.readers[s]->row(PassageOrdinal(p));
        halves.insert(halves.end(), row.begin(), row.end());
        ties.emplace_back(many.ids[s][p], ordinal++);  // unique ties, as documents' passages have
      }
    }
    uint32_t first = 0;
    for (size_t s = 0; s < many.views.size(); ++s) {
      many.views[s].deleted = many.views[s].allowed = nullptr;
      many.views[s].tie = [&ties, first](PassageOrdinal p) {
        const auto& tie = ties[first + p.value];
        return std::pair<std::string_view, uint32_t>(tie.first, tie.second);
      };
      first += many.readers[s]->passage_count();
    }
    const std::string bytes = build_from_halves(halves, 33);
    const auto one = *Reader::open(bytes, "one");
    const SegmentView view{one.get(), nullptr, nullptr, [&ties](PassageOrdinal p) {
                             return std::pair<std::string_view, uint32_t>(ties[p.value].first, ties[p.value].second);
                           }};
    const std::vector<float> query = random_query(random, 33);
    const auto a = search(query, many.views, 25);
    const auto b = search(query, {&view, 1}, 25);
    ASSERT_EQ(a.size(), b.size());
    for (size_t i = 0; i < a.size(); ++i) {
      ASSERT_EQ(std::bit_cast<uint32_t>(a[i].score), std::bit_cast<uint32_t>(b[i].score)) << "seed " << seed;
      ASSERT_EQ(many.views[a[i].segment].tie(a[i].passage), view.tie(b[i].passage)) << "seed " << seed;
    }
  }
}

TEST(Search, SegmentsOfOtherDimensionsHaveNoHits) {
  const std::string four = build(std::vector<float>{1, 0, 0, 0}, 4), two = build(std::vector<float>{1, 0}, 2);
  const auto a = *Reader::open(four, "a"), b = *Reader::open(two, "b");
  const std::vector<SegmentView> views{{a.get(), nullptr, nullptr, {}}, {b.get(), nullptr, nullptr, {}}};
  const std::vector<float> query{1, 0};
  const auto hits = search(query, views, 5);
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0].segment, 1u);
}

// The worked example of doc/format/vectors.md, read from the document.
TEST(Format, WorkedExampleDecodes) {
  std::ifstream file(TARN_SOURCE_DIR "/doc/format/vectors.md");
  ASSERT_TRUE(file) << "doc/format/vectors.md";
  std::stringstream text;
  text << file.rdbuf();
  const std::string document = text.str();
  std::string bytes;
  const std::regex line(R"(\n    ([0-9a-f]{4})  ((?:[0-9a-f]{2} ?)+))");
  for (auto it = std::sregex_iterator(document.begin(), document.end(), line); it != std::sregex_iterator(); ++it) {
    ASSERT_EQ(std::stoul((*it)[1], nullptr, 16), bytes.size());
    std::istringstream hex((*it)[2]);
    for (std::string byte; hex >> byte;) bytes.push_back(static_cast<char>(std::stoi(byte, nullptr, 16)));
  }
  const std::vector<float> values{1.0f, -0.5f, 0.333251953125f, 0, 0, 0};
  ASSERT_EQ(bytes, build(values, 3));
  const auto reader = *Reader::open(bytes, "example");
  EXPECT_EQ(reader->passage_count(), 2u);
  EXPECT_EQ(reader->score(std::vector<float>{0.5f, 0.5f, 0}, PassageOrdinal(0)), 0.25f);
}

}  // namespace
}  // namespace tarn::vector
