// Rare names win: in a hybrid search no document without a rare name of the query stands above one with it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"
#include "search/test_lake.h"

namespace tarn::search {
namespace {

using Ids = std::vector<std::string>;

class RareNames : public testing::Test {
 protected:
  Reply found(const std::string& query, Mode mode = Mode::hybrid, size_t k = 200, size_t offset = 0, bool group = true,
              const std::string& filter = "") {
    Request request;
    request.query = query;
    request.mode = mode;
    request.k = k;
    request.offset = offset;
    request.group = group;
    request.filter = filter;
    request.explain = true;
    auto reply = lake_.search(request);
    EXPECT_TRUE(reply.ok()) << query << ": " << reply.status().to_string();
    return reply.ok() ? std::move(*reply) : Reply{};
  }
  Ids ids(const std::string& query, Mode mode = Mode::hybrid, const std::string& filter = "") {
    Ids out;
    for (const Hit& hit : found(query, mode, 200, 0, true, filter).hits) out.push_back(hit.id);
    return out;
  }
  // Documents that are near by meaning to every query of these tests, and have none of the names.
  void put_near(int count, const std::string& words) {
    TestRows rows;
    for (int i = 0; i < count; ++i) {
      rows[fmt::format("near{:02}", i)] = {words, "u", words + ". " + words + fmt::format(", part {}.\n", i)};
    }
    ASSERT_TRUE(lake_.put(rows).ok());
  }

  std::unique_ptr<encode::Encoder> encoder_ = encode::make_deterministic();
  TestLake lake_{encoder_.get()};
};

TEST_F(RareNames, OneOfFortyCodes) {
  TestRows rows;
  for (int i = 0; i < 40; ++i) {
    const std::string code = fmt::format("K{}", 8200 + i + (i > 10 ? 1 : 0));
    rows[code] = {"Fault " + code, "u",
                  "Fault " + code + " is a fault of the pump. The fault code " + code + " says what fault.\n"};
  }
  rows["diary"] = {"Diary", "u", "In the night the pump stood still with K8211 while it rained.\n"};
  ASSERT_TRUE(lake_.put(rows).ok());
  for (const char* query :
       {"K8211", "fault K8211", "what fault does the code K8211 say?", "fault code K8211 of the pump", "k8211 fault"}) {
    const Reply reply = found(query);
    ASSERT_GT(reply.hits.size(), 30U) << query;
    EXPECT_EQ(reply.hits[0].id, "diary") << query;
    EXPECT_EQ(reply.hits[0].explain->hybrid->names, 1U);
    EXPECT_EQ(reply.hits[1].explain->hybrid->names, 0U);
    for (size_t i = 1; i < reply.hits.size(); ++i) EXPECT_GE(reply.hits[i - 1].score, reply.hits[i].score) << query;
  }
}

TEST_F(RareNames, NamesOfEveryKind) {
  const std::pair<const char*, const char*> cases[] = {
      {"NET_RESET_BY_PEER", "socket NET_RESET_BY_PEER"},
      {"CVE-2031-40712", "printer hole CVE-2031-40712"},
      {"10.20.0.7", "printer at 10.20.0.7"},
      {"10.20.0.8:9100", "10.20.0.8 printer"},
      {"calc_total()", "calc_total() printer"},
      {"calcTotalNow", "printer calcTotalNow"},
      {"PRD-99/b", "printer PRD-99/b"},
      {"v7.2.3", "printer 7.2.3"},
      {"release 8.1.4", "printer v8.1.4"},
      {"AR-7", "printer AR-7"},
      {"conf/spool.conf", "printer conf/spool.conf"},
      {"std::spool", "printer std::spool"},
      {"D&B", "D&B printer"},
      {"--spool-now", "printer --spool-now"},
      {"7443", "printer port 7443"},
      {"2031-05-17T10:00:00Z", "printer 2031-05-17"},
      {"ENOSPOOL", "printer ENOSPOOL"},
      {"Quillfeather", "the printer of Quillfeather"},
      {"\U0001F349", "printer \U0001F349"},
      {"C++", "printer C++"},
      {"zebra", "the zebra"},
      {"3f2a9c10-77aa-4b1c-9e01-aa55bb66cc77", "printer 3f2a9c10-77aa-4b1c-9e01-aa55bb66cc77"},
  };
  put_near(40, "printer and spool of the printer now");
  TestRows rows;
  int i = 0;
  for (const auto& [text, query] : cases) {
    rows[fmt::format("x{:02}", i++)] = {
        "Note", "u", fmt::format("On Monday we saw {} among much else that was said there.\n", text)};
  }
  ASSERT_TRUE(lake_.put(rows).ok());
  i = 0;
  for (const auto& [text, query] : cases) {
    const Ids order = ids(query);
    ASSERT_FALSE(order.empty()) << query;
    EXPECT_EQ(order[0], fmt::format("x{:02}", i++)) << query << " for " << text;
  }
}

TEST_F(RareNames, WordsThatAreNoNamesOrNotRareChangeNothing) {
  put_near(40, "printer and spool of the printer now");
  ASSERT_TRUE(lake_.put({{"z", {"Note", "u", "A fast unlikely word. Part.\n"}}}).ok());
  for (const char* query : {"fast printer spool", "unlikely printer", "Fast Printer Spool", "UNLIKELY PRINTER",
                            "printer", "spool PART now"}) {
    for (const Hit& hit : found(query).hits) ASSERT_EQ(hit.explain->hybrid->names, 0U) << query << " " << hit.id;
  }
}

TEST_F(RareNames, SeveralNamesCountWhereverTheDocumentHasThem) {
  put_near(40, "printer faults");
  ASSERT_TRUE(lake_
                  .put({{"both", {"B", "u", "## One\n\nthe AX-71 is here\n\n## Two\n\nand there a BX_72 too\n"}},
                        {"first", {"F", "u", "printer faults of the AX-71, printer faults\n"}},
                        {"second", {"S", "u", "printer faults with BX_72\n"}},
                        {"gone", {"G", "u", "AX-71 BX_72\n"}}})
                  .ok());
  ASSERT_TRUE(lake_.erase({"gone"}).ok());
  const Ids order = ids("printer faults AX-71 BX_72");
  ASSERT_GT(order.size(), 10U);
  EXPECT_EQ(order[0], "both");
  EXPECT_EQ((std::set<std::string>{order[1], order[2]}), (std::set<std::string>{"first", "second"}));
  EXPECT_EQ(ids("printer faults AX-71 BX_72", Mode::hybrid, "id != 'both'").front(), order[1]);
  EXPECT_EQ(ids("printer AX-71 -BX_72").front(), "first");
  EXPECT_EQ(std::count(order.begin(), order.end(), "gone"), 0);
}

// Random lakes and queries with names: the order, whatever the page, the filter and the cutting into files.
TEST_F(RareNames, NothingWithoutStandsAboveWhatHasOne) {
  base::Random random(20261130);
  const std::vector<std::string> names = {"QX17", "RX_18", "sx.19", "TX-20", "10.0.0.21"};
  std::map<std::string, std::set<std::string>> held;
  for (int file = 0; file < 4; ++file) {
    TestRows rows;
    for (int i = 0; i < 40; ++i) {
      const std::string id = fmt::format("d{}{:02}", file, i);
      std::string body;
      for (int section = 0; section < 3; ++section) {
        body += "## Part\n\n";
        for (uint64_t w = 2 + random.below(10); w > 0; --w) body += fmt::format("pump{} ", char('a' + random.below(5)));
        if (random.below(25) == 0) {
          const std::string& name = names[random.below(names.size())];
          body += name;
          held[name].insert(id);
        }
        body += "\n\n";
      }
      rows[id] = {"Pumps", "u", body};
    }
    ASSERT_TRUE(lake_.put(rows).ok());
  }
  for (const std::string& name : names) ASSERT_GT(held[name].size(), 0U) << name << ": another seed is needed";
  for (int round = 0; round < 12; ++round) {
    const std::string &one = names[random.below(names.size())], &two = names[random.below(names.size())];
    const std::string query = fmt::format("pumpa {} pump{} {}", one, char('a' + random.below(5)), two);
    const Reply all = found(query, Mode::hybrid, 400);
    const auto count_of = [&](const std::string& id) {
      return held[one].count(id) + (one == two ? 0 : held[two].count(id));
    };
    for (size_t i = 1; i < all.hits.size(); ++i) {
      EXPECT_GE(count_of(all.hits[i - 1].id), count_of(all.hits[i].id)) << query << " at " << i;
    }
    Ids pages;
    for (size_t offset = 0; offset < all.hits.size(); offset += 7) {
      for (const Hit& hit : found(query, Mode::hybrid, 7, offset).hits) pages.push_back(hit.id);
    }
    ASSERT_EQ(pages.size(), all.hits.size());
    for (size_t i = 0; i < pages.size(); ++i) EXPECT_EQ(pages[i], all.hits[i].id) << query;
    const Reply part = found(query, Mode::hybrid, 400, 0, true, "id < 'd2'");
    for (size_t i = 1; i < part.hits.size(); ++i) {
      EXPECT_GE(count_of(part.hits[i - 1].id), count_of(part.hits[i].id)) << query << " at " << i;
    }
  }
}

}  // namespace
}  // namespace tarn::search
