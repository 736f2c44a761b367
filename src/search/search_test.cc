// Search over a small lake: grouping, highlights, explain, paging, versions, filters.
#include "search/search.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "search/filter.h"
#include "search/test_lake.h"

namespace tarn::search {
namespace {

using base::Code;

constexpr Mode kModes[] = {Mode::lexical, Mode::semantic, Mode::hybrid};

std::vector<std::string> ids(const base::Result<Reply>& reply) {
  std::vector<std::string> out;
  EXPECT_TRUE(reply.ok()) << reply.status().to_string();
  if (!reply.ok()) return out;
  for (const Hit& hit : reply->hits) out.push_back(hit.id);
  return out;
}

using Ids = std::vector<std::string>;

class Search : public testing::Test {
 protected:
  void TearDown() override { index::expect_clean(lake_); }
  Request request(std::string query, Mode mode, size_t k = 10) {
    Request r;
    r.query = std::move(query);
    r.mode = mode;
    r.k = k;
    return r;
  }
  // 60 documents over three files, about few words.
  void fill() {
    base::Random random(11);
    for (int file = 0; file < 3; ++file) {
      TestRows rows;
      for (int i = 0; i < 20; ++i) {
        const int n = file * 20 + i;
        const std::string id = "d" + std::to_string(100 + n);
        std::string body;
        for (int section = 0; section < 3; ++section) {
          body += "## Part\n\n";
          for (uint64_t w = 3 + random.below(12); w > 0; --w) {
            body += "w" + std::to_string(static_cast<int>(20 * random.unit() * random.unit())) + " ";
          }
          body += "\n\n";
        }
        rows[id] = {"Title " + std::to_string(n), n % 2 ? "u/odd" : "u/even", body};
      }
      ASSERT_TRUE(lake_.put(rows).ok());
    }
  }

  std::unique_ptr<encode::Encoder> encoder_ = encode::make_deterministic();
  TestLake lake_{encoder_.get()};
};

TEST_F(Search, OneHitADocumentOrEveryPassage) {
  ASSERT_TRUE(lake_
                  .put({{"a", {"A", "u", "## One\n\ncat dog\n\n## Two\n\ncat\n\n## Three\n\nbird\n"}},
                        {"b", {"B", "u", "a cat too\n"}}})
                  .ok());
  for (const Mode mode : kModes) {
    Request r = request("cat", mode);
    const auto grouped = ids(lake_.search(r));
    EXPECT_EQ(std::set<std::string>(grouped.begin(), grouped.end()).size(), grouped.size());
    r.group = false;
    const auto all = lake_.search(r);
    ASSERT_TRUE(all.ok());
    EXPECT_EQ(all->hits.size(), mode == Mode::lexical ? 3u : 4u);
    // A document has its best passage's score.
    std::map<std::string, double> best;
    for (const Hit& hit : all->hits) best.try_emplace(hit.id, hit.score);
    r.group = true;
    const auto regrouped = lake_.search(r);
    ASSERT_TRUE(regrouped.ok());
    for (const Hit& hit : regrouped->hits) EXPECT_EQ(hit.score, best.at(hit.id));
  }
}

TEST_F(Search, SpansAreTheBodysAndHighlightsTheWords) {
  const std::string body = "# Caf\xC3\xA9\n\nThe cats [link](http://cats.example/cats) sat. A CAT\xE2\x80\x99s life.\n";
  ASSERT_TRUE(lake_.put({{"a", {"T", "u", body}}}).ok());
  const auto reply = lake_.search(request("cat life", Mode::lexical));
  ASSERT_EQ(ids(reply), Ids{"a"});
  const Hit& hit = reply->hits.front();
  EXPECT_EQ(body.substr(hit.passage.start, hit.passage.end - hit.passage.start), hit.passage.text);
  Ids words;
  for (const auto& [start, end] : hit.passage.highlights) words.push_back(hit.passage.text.substr(start, end - start));
  EXPECT_EQ(words, (Ids{"cats", "CAT\xE2\x80\x99s", "life"})) << "no link target, whole words";
}

// What meaning weighs is fitted with the model; where nothing was fitted, both legs weigh the same.
TEST(SearchWeights, AreTheModels) {
  encode::Calibration fitted;
  fitted.semantic_weight = 0.9;
  for (const auto& [calibration, weight] :
       {std::pair(std::optional<encode::Calibration>(), 0.5), std::pair(std::optional(fitted), 0.9)}) {
    const auto encoder = encode::make_deterministic(64, calibration);
    TestLake lake(encoder.get());
    ASSERT_TRUE(lake.put({{"a", {"Berths", "u/a", "The berth of the ferry is free.\n"}},
                          {"b", {"Fees", "u/b", "The fee of a berth is due in May.\n"}}})
                    .ok());
    Request r;
    r.query = "berth fee";
    r.explain = true;
    const auto reply = lake.search(r);
    ASSERT_TRUE(reply.ok()) << reply.status().to_string();
    ASSERT_EQ(reply->hits.size(), 2U);
    for (const Hit& hit : reply->hits) {
      const Explanation& e = *hit.explain;
      EXPECT_EQ(e.hybrid->semantic_weight, weight);
      EXPECT_NEAR(hit.score,
                  e.hybrid->names + (1 - weight) * *hit.scores.lexical / e.hybrid->best_lexical +
                      weight * (*hit.scores.semantic + 1) / (e.hybrid->best_semantic + 1),
                  1e-5);
    }
  }
}

TEST_F(Search, ExplainAddsUpToTheScore) {
  fill();
  for (const char* query : {"w1 w2 w3", "w0 w0 \"w1 w2\" w7", "+w1 w4 -w9", "title w2"}) {
    for (const Mode mode : kModes) {
      Request r = request(query, mode);
      r.explain = true;
      const auto reply = lake_.search(r);
      ASSERT_FALSE(ids(reply).empty()) << query;
      for (const Hit& hit : reply->hits) {
        ASSERT_TRUE(hit.explain.has_value());
        const Explanation& e = *hit.explain;
        double sum = 0;
        for (const TermExplanation& t : e.terms) {
          const double norm = 1.2 * (1 - 0.75 + 0.75 * e.bm25.length / e.bm25.average_length);
          EXPECT_NEAR(t.score, t.idf * t.boost * t.frequency / (t.frequency + norm), 1e-5) << query << ": " << t.term;
          sum += t.score;
        }
        if (hit.scores.lexical) {
          EXPECT_NEAR(sum, *hit.scores.lexical, 1e-4) << query;
        }
        EXPECT_EQ(e.hybrid.has_value(), mode == Mode::hybrid);
        if (mode == Mode::lexical) {
          EXPECT_EQ(hit.score, *hit.scores.lexical);
        }
        if (mode == Mode::semantic) {
          EXPECT_EQ(hit.score, *hit.scores.semantic);
        }
        if (mode == Mode::hybrid) {
          const double by_word = hit.scores.lexical ? *hit.scores.lexical / e.hybrid->best_lexical : 0;
          const double by_meaning = (*hit.scores.semantic + 1) / (e.hybrid->best_semantic + 1);
          EXPECT_NEAR(hit.score, (1 - e.hybrid->semantic_weight) * by_word + e.hybrid->semantic_weight * by_meaning,
                      1e-5);
        }
      }
      r.explain = false;
      EXPECT_FALSE(lake_.search(r)->hits.front().explain.has_value());
    }
  }
}

TEST_F(Search, PagesDoNotDrift) {
  fill();
  for (const Mode mode : kModes) {
    Request whole = request("w1 w3 w6", mode, 60);
    const Ids all = ids(lake_.search(whole));
    ASSERT_GT(all.size(), 20u);
    for (const size_t size : {size_t{1}, size_t{7}, size_t{10}}) {
      Ids paged;
      for (size_t offset = 0; offset < all.size() + size; offset += size) {
        Request page = request("w1 w3 w6", mode, size);
        page.offset = offset;
        for (const std::string& id : ids(lake_.search(page))) paged.push_back(id);
      }
      EXPECT_EQ(paged, all) << "pages of " << size << ", mode " << static_cast<int>(mode);
    }
  }
}

TEST_F(Search, AVersionIsSearchedAsItWas) {
  ASSERT_TRUE(lake_.put({{"a", {"A", "u", "old zebra\n"}}}).ok());
  const base::Version first = lake_.snapshot()->version;
  ASSERT_TRUE(lake_.put({{"a", {"A", "u", "new lion\n"}}}).ok());
  const base::Version second = lake_.snapshot()->version;
  ASSERT_TRUE(lake_.erase({"a"}).ok());
  for (const char* word : {"zebra", "lion"}) {
    EXPECT_TRUE(ids(lake_.search(request(word, Mode::lexical))).empty());
    EXPECT_EQ(ids(lake_.search(request(word, Mode::lexical), first)).size(), word[0] == 'z' ? 1u : 0u);
    EXPECT_EQ(ids(lake_.search(request(word, Mode::lexical), second)).size(), word[0] == 'l' ? 1u : 0u);
    EXPECT_EQ(ids(lake_.search(request(word, Mode::hybrid), first)).size(), 1u)
        << "by meaning something is always nearest";
  }
  EXPECT_EQ(lake_.search(request("zebra", Mode::lexical), base::Version(99)).status().code(), Code::not_found);
}

TEST_F(Search, SignsHoldInEveryMode) {
  fill();
  for (const Mode mode : kModes) {
    const auto reply = lake_.search(request("w1 +w3 -w0", mode, 60));
    ASSERT_TRUE(reply.ok());
    for (const Hit& hit : reply->hits) {
      EXPECT_NE((" " + hit.passage.text + " ").find(" w3 "), std::string::npos) << hit.passage.text;
      EXPECT_EQ((" " + hit.passage.text + " ").find(" w0 "), std::string::npos) << hit.passage.text;
    }
  }
}

// The filter works on what is ranked, not on what was ranked: k hits as long as k rows pass, however low they stand.
TEST_F(Search, AFilterComesBeforeTheRanking) {
  fill();
  for (const Mode mode : kModes) {
    Request r = request("w1 w2", mode, 10);
    Request all = request("w1 w2", mode, 60);
    for (const char* condition :
         {"uri = 'u/odd'", "id >= 'd140'", "title LIKE '%5%' -- a comment", "length(body) > 0 and uri='u/even'"}) {
      all.filter = r.filter = condition;
      const auto filtered = lake_.search(r);
      const auto every = lake_.search(all);
      ASSERT_TRUE(filtered.ok() && every.ok()) << filtered.status().to_string();
      EXPECT_EQ(filtered->hits.size(), std::min<size_t>(10, every->hits.size())) << condition;
      // The scores are those of a search without a filter: statistics do not see it.
      std::map<std::string, float> scores;
      const auto unfiltered = lake_.search(request("w1 w2", mode, 60));
      ASSERT_TRUE(unfiltered.ok());
      for (const Hit& hit : unfiltered->hits) scores[hit.id] = hit.scores.lexical.value_or(-1);
      for (const Hit& hit : every->hits) {
        if (mode == Mode::lexical) {
          EXPECT_EQ(hit.scores.lexical.value_or(-1), scores.at(hit.id)) << condition;
        }
      }
    }
    r.filter = "id = 'd159'";
    EXPECT_LE(ids(lake_.search(r)).size(), 1u);
    if (mode != Mode::lexical) {
      EXPECT_EQ(ids(lake_.search(r)), Ids{"d159"});
    }
    r.filter = "false";
    EXPECT_TRUE(ids(lake_.search(r)).empty());
    r.filter = "title IS NULL";
    EXPECT_TRUE(ids(lake_.search(r)).empty());
  }
}

TEST_F(Search, AFilterSeesNoDeletedRow) {
  ASSERT_TRUE(lake_.put({{"a", {"A", "u", "zebra\n"}}, {"b", {"B", "u", "zebra too\n"}}}).ok());
  ASSERT_TRUE(lake_.erase({"a"}).ok());
  Request r = request("zebra", Mode::hybrid);
  r.filter = "true";
  EXPECT_EQ(ids(lake_.search(r)), Ids{"b"});
}

TEST_F(Search, AFilterIsOneExpressionOverTheRow) {
  ASSERT_TRUE(lake_.put({{"a", {"A", "u", "zebra\n"}}, {"b", {"B", "u", "zebra too\n"}}}).ok());
  ASSERT_TRUE(lake_.erase({"a"}).ok());
  const std::string parquet = lake_.directory() + "/main/docs/*.parquet";
  const std::vector<std::string> attacks = {
      "1=1) UNION ALL SELECT tarn_file, tarn_row FROM (SELECT 1",
      "1=1) UNION ALL (SELECT 'x', 0",
      "1=1)) OR ((1=1",
      "1=1) --",
      "1=1 --)\n) OR (1=1",
      "1=1) /* ",
      "/* open",
      "'open",
      "\"open",
      "$$open",
      "true; SELECT 1",
      "true;",
      ";",
      "",
      "   ",
      "-- only a comment",
      "id IN (SELECT id FROM read_parquet('" + parquet + "'))",
      "EXISTS (FROM read_parquet('" + parquet + "'))",
      "EXISTS (/* c */ SELECT 1)",
      "(select count(*) from read_parquet('" + parquet + "')) > 0",
      "SELECT true",
      "FROM range(3)",
      "id = ((\n(SELECT 'a')))",
      "id IN (VALUES ('a'))",
      "id = (WITH x AS (SELECT 'a') SELECT * FROM x)",
      "id = ANY(SELECT 'a')",
      "id IN (TABLE docs)",
      "id = ARRAY(SELECT 'a')[1]",
      "id IN (PIVOT docs ON id)",
      "id IN (DESCRIBE docs)",
      "1=1) ORDER BY (1",
      "1=1) GROUP BY ALL HAVING (1=1",
      "1=1) LIMIT (SELECT 1",
  };
  for (const std::string& attack : attacks) {
    EXPECT_EQ(check_condition(attack).code(), Code::invalid_argument) << attack;
  }
  // No expression, but only DuckDB knows: refused with its words.
  for (const char* wrong :
       {"nothing_of_the_kind = 1", "id, uri", "count(*) > 0", "1=1 UNION SELECT 1", "id =", "id = $1", "1=1 ORDER BY 1",
        "read_text('/etc/passwd') = 'x'", "row_number() OVER () = 1"}) {
    Request r = request("zebra", Mode::lexical);
    r.filter = wrong;
    const auto reply = lake_.search(r);
    EXPECT_FALSE(reply.ok()) << wrong;
    EXPECT_NE(reply.status().message().find("filter"), std::string::npos) << reply.status().to_string();
    EXPECT_FALSE(reply.status().hint().empty());
  }
  for (const char* right : {"id = 'b'",
                            "(id = 'b' OR (title = 'x'))",
                            "id IN ('b', 'c')",
                            "title NOT LIKE '%(%' -- (",
                            "/* ) */ id='b'",
                            "id = 'b;' OR id = 'b'",
                            "id = '''' OR id='b'",
                            "extract(year FROM DATE '2020-01-01') = 2020",
                            "list_contains(['b'], id)",
                            "CASE WHEN id = 'b' THEN true ELSE false END",
                            "id ~ '^b$'",
                            "length(trim(body)) > 2",
                            "docs.id = 'b'",
                            "\"docs\".\"id\" = 'b'",
                            "id = ANY(['b', 'q'])",
                            "COLUMNS('^id$') = 'b'",
                            "list_filter([id], lambda x : x = 'b') <> []",
                            "(id, 1) IN (('b', 1))",
                            "id COLLATE NOCASE = 'B'",
                            "trim(both 'x' FROM id) = 'b'",
                            "id IS NOT DISTINCT FROM 'b'",
                            "TRY(id::INTEGER) IS NULL AND id = 'b'"}) {
    Request r = request("zebra", Mode::lexical);
    r.filter = right;
    EXPECT_EQ(ids(lake_.search(r)), Ids{"b"}) << right;
  }
  EXPECT_TRUE(check_condition("(\"select\" IS NULL)").ok());
  // Columns that Tarn adds are none of the row's, and no error tells how it asks.
  for (const char* wrong :
       {"tarn_row = 0", "\"tarn_file\"::INTEGER = 1", "tarn_ro = 1", "other.id = 'b'", "COLUMNS('tarn_.*') = 'b'",
        "stats(id) = ''", "current_query() = ''", "docs::VARCHAR::INTEGER = 1"}) {
    Request r = request("zebra", Mode::lexical);
    r.filter = wrong;
    const std::string told = lake_.search(r).status().to_string();
    EXPECT_NE(told.find("filter"), std::string::npos) << wrong << ": " << told;
    for (const char* inner :
         {"unnamed_subquery", "tarn_rows", "read_parquet", "part-", "\"tarn_file\"", "\"tarn_row\""}) {
      EXPECT_EQ(told.find(inner), std::string::npos) << wrong << ": " << told;
    }
  }
}

// Documents that differ by a function word: the one with the word that was typed comes first.
TEST_F(Search, FunctionWordsTellDocumentsApart) {
  ASSERT_TRUE(lake_
                  .put({{"or", {"Gates", "u", "The OR gate opens for any of them.\n"}},
                        {"xor", {"Gates", "u", "The XOR gate is a gate, and a gate it is for one or none.\n"}},
                        {"k", {"Vitamins", "u", "A vitamin is a matter of diet, a vitamin like vitamin K.\n"}},
                        {"a", {"Vitamins", "u", "Eyes need vitamin A.\n"}},
                        {"tin", {"Soup", "u", "Canned soup keeps for years.\n"}},
                        {"fresh", {"Soup", "u", "Soup, fresh soup: you can keep soup a day.\n"}},
                        {"play", {"Stage", "u", "To be, or not to be, he said.\n"}},
                        {"knot", {"Stage", "u", "Not that, not now, or is it not?\n"}},
                        {"sso", {"Access", "u", "Users have single sign on there.\n"}},
                        {"sign", {"Access", "u", "Sign every single page: a single sign is enough on paper.\n"}}})
                  .ok());
  const std::pair<const char*, const char*> firsts[] = {{"OR gate", "or"},         {"or gate", "or"},
                                                        {"vitamin A", "a"},        {"vitamin a", "a"},
                                                        {"canned soup", "tin"},    {"to be or not to be", "play"},
                                                        {"single sign on", "sso"}, {"what is vitamin A?", "a"}};
  for (const auto& [query, first] : firsts) {
    const Ids found = ids(lake_.search(request(query, Mode::lexical)));
    ASSERT_FALSE(found.empty()) << query;
    EXPECT_EQ(found[0], first) << query;
  }
  EXPECT_EQ(ids(lake_.search(request("the xylophone", Mode::lexical))), Ids{}) << "not everything with a \"the\"";
}

TEST_F(Search, WithoutAnEncoderMeaningIsRefusedAndHybridSaysSo) {
  TestLake words(nullptr);
  ASSERT_TRUE(words.put({{"a", {"A", "u", "zebra\n"}}}).ok());
  EXPECT_EQ(words.search(request("zebra", Mode::semantic)).status().code(), Code::unavailable);
  const auto reply = words.search(request("zebra", Mode::hybrid));
  ASSERT_EQ(ids(reply), Ids{"a"});
  EXPECT_EQ(reply->mode, Mode::lexical);
}

TEST_F(Search, SeveralTablesAreOneRanking) {
  TestLake other(encoder_.get(), 2);
  ASSERT_TRUE(lake_.put({{"a", {"A", "u", "zebra\n"}}}).ok());
  ASSERT_TRUE(other.put({{"a", {"A", "u", "zebra zebra lion\n"}}, {"b", {"B", "u", "lion\n"}}}).ok());
  std::vector<Target> targets;
  for (TestLake* lake : {&lake_, &other}) {
    targets.push_back({"main.t" + std::to_string(targets.size()), lake->shared_table(),
                       *index::LiveSet::open(lake->table(), lake->snapshot(), lake->indexer())});
  }
  for (const Mode mode : kModes) {
    const auto reply = search(request("zebra lion", mode), targets, lake_.environment(), {});
    ASSERT_TRUE(reply.ok()) << reply.status().to_string();
    EXPECT_EQ(reply->hits.size(), 3u) << "the same id in two tables is two documents";
    for (size_t i = 1; i < reply->hits.size(); ++i) EXPECT_GE(reply->hits[i - 1].score, reply->hits[i].score);
  }
}

}  // namespace
}  // namespace tarn::search
