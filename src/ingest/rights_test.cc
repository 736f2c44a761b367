// Who may read what, as a source tells it: in the side tables before the documents, and right after any crash.
#include "ingest/rights.h"

#include <algorithm>
#include <set>

#include "ingest/scratch_lake_test.h"
#include "store/fault_store.h"

namespace tarn::ingest {
namespace {

using connector::Principal;
using connector::Rule;
using Kind = Rule::Kind;

// Pages with rules, and people in groups.
class Office {
 public:
  struct Page {
    std::string text;
    std::vector<Rule> rules;
    std::optional<std::vector<Rule>> then = {};
  };
  std::map<std::string, Page> pages;
  std::vector<Principal> principals;
  std::vector<connector::Membership> members;
  bool sweeps = true;  // tells the rights of pages that are as they were too

  connector::Descriptor descriptor() {
    connector::Descriptor d;
    d.name = "office";
    d.doc = "pages of a test";
    d.written = "office:NAME";
    d.schemes = {"office"};
    d.permissions = true;
    d.canonical = [](const std::string& url) { return url; };
    d.open = [this](const connector::Source&) -> base::Result<std::unique_ptr<connector::Connector>> {
      return std::unique_ptr<connector::Connector>(std::make_unique<Reader>(*this));
    };
    return d;
  }

 private:
  class Reader final : public connector::Connector {
   public:
    explicit Reader(Office& office) : office_(office) {}
    base::Result<connector::Outcome> run(const json::Value& bookmark, const connector::RunOptions& options,
                                         connector::Sink& sink, const base::Context&) override {
      connector::Outcome outcome(bookmark.members().size() == office_.pages.size() ? connector::Found::same
                                                                                   : connector::Found::news);
      outcome.bookmark = json::Value::object();
      TARN_TRY(sink.people(office_.principals, office_.members));
      for (const auto& [name, page] : office_.pages) {
        const std::string uri = "office:" + name, revision = base::hash128(page.text).hex();
        outcome.bookmark.set(name, revision);
        const bool same = !options.everything && bookmark[name] == json::Value(revision);
        if (!same || office_.sweeps) TARN_TRY(sink.rights(uri, page.rules));
        if (same) {
          sink.unchanged(uri);
          continue;
        }
        outcome.found = connector::Found::news;
        connector::Item item;
        item.uri = uri;
        item.name = name;
        item.mime = "text/plain";
        item.source_version = revision;
        item.rights_then = page.then;
        item.bytes = page.text;
        TARN_TRY(sink.upsert(std::move(item)));
      }
      return outcome;
    }

   private:
    Office& office_;
  };
};

class RightsTest : public testing::Test {
 protected:
  using Rows = std::set<std::vector<std::string>>;
  RightsTest() {
    lake.connectors = {office.descriptor()};
    lake.request.source.url = "office:a";
    office.principals = {{"u1", Principal::Kind::user, "Ada", "ada@example.org", true},
                         {"u2", Principal::Kind::user, "Bo"},
                         {"g1", Principal::Kind::group, "staff"}};
    office.members = {{"g1", "u1"}};
    office.pages["open"] = {"an open page", {{Kind::read, "g1", "space:A"}, {Kind::read, "u2", "space:A"}}};
    office.pages["closed"] = {"a closed page", {{Kind::read, "g1", "space:A"}, {Kind::read, "u2", "office:closed"}}};
  }
  void TearDown() override { lake.expect_clean(); }

  Rows table(std::string_view name, const std::vector<std::string>& columns) {
    Rows out;
    for (const auto& row : lake.select(std::string(name), columns)) {
      std::vector<std::string> texts;
      for (const duck::Cell& cell : row) texts.push_back(cell.is_null() ? "null" : std::get<std::string>(cell.value));
      out.insert(texts);
    }
    return out;
  }
  Rows acl() { return table(kAclTable, {"uri", "kind", "principal", "inherited_from"}); }
  Rows members() { return table(kMembersTable, {"group", "principal"}); }
  int64_t version(std::string_view name) {
    const auto table = lake::open_table(lake.environment.lake, lake::path_of_table(std::string(name)));
    return table.ok() ? (*(*table)->snapshot({}))->version.value : -1;
  }

  Office office;
  ScratchLake lake;
};

TEST_F(RightsTest, AreRowsAsTheSourceHasThem) {
  EXPECT_EQ(lake.pull().added, 2u);
  EXPECT_EQ(acl(), (Rows{{"", "read", "", ""},
                         {"office:open", "read", "g1", "space:A"},
                         {"office:open", "read", "u2", "space:A"},
                         {"office:closed", "read", "g1", "space:A"},
                         {"office:closed", "read", "u2", "office:closed"}}));
  EXPECT_EQ(members(), (Rows{{"g1", "u1"}}));
  EXPECT_EQ(table(kPrincipalsTable, {"source", "id", "kind", "name", "email"}),
            (Rows{{"office:a", "u1", "user", "Ada", "ada@example.org"},
                  {"office:a", "u2", "user", "Bo", ""},
                  {"office:a", "g1", "group", "staff", ""}}));
}

TEST_F(RightsTest, WhatIsTheSameWritesNothing) {
  lake.pull();
  const auto before = std::tuple(version(kAclTable), version(kMembersTable), version(kPrincipalsTable));
  EXPECT_EQ(lake.pull().commits, 0U);
  EXPECT_EQ(std::tuple(version(kAclTable), version(kMembersTable), version(kPrincipalsTable)), before);
}

TEST_F(RightsTest, AChangeOfRightsWritesNoDocument) {
  lake.pull();
  const int64_t documents = version("main.docs");
  office.pages["open"].rules = {{Kind::owner, "u1", "office:open"}, {Kind::deny, "u2", "office:open"}};
  office.members = {{"g1", "u2"}};
  EXPECT_EQ(lake.pull().commits, 0U);
  EXPECT_EQ(version("main.docs"), documents);
  EXPECT_TRUE(acl().contains({"office:open", "owner", "u1", "office:open"}));
  EXPECT_TRUE(acl().contains({"office:open", "deny", "u2", "office:open"}));
  EXPECT_FALSE(acl().contains({"office:open", "read", "g1", "space:A"}));
  EXPECT_TRUE(acl().contains({"office:closed", "read", "g1", "space:A"})) << "of another page";
  EXPECT_EQ(members(), (Rows{{"g1", "u2"}}));
}

TEST_F(RightsTest, WhatCouldNotBeReadIsNobodys) {
  office.pages["closed"].rules = {};
  lake.pull();
  EXPECT_TRUE(acl().contains({"office:closed", "read", "", "office:closed"}));
}

TEST_F(RightsTest, WhatIsNotToldStays) {
  lake.pull();
  office.sweeps = false;
  office.pages["open"].rules.clear();
  office.pages["third"] = {"one more", {{Kind::read, "u1", "space:A"}}};
  EXPECT_EQ(lake.pull().added, 1u);
  EXPECT_TRUE(acl().contains({"office:open", "read", "g1", "space:A"}));
  EXPECT_TRUE(acl().contains({"office:third", "read", "u1", "space:A"}));
}

TEST_F(RightsTest, RulesOfANewTextWaitForIt) {
  lake.pull();
  const Rule wide{Kind::read, "g1", "space:A"}, narrow{Kind::read, "u2", "office:closed"};
  Rows seen;
  lake.commits.at_file = [&] {
    if (version(kAclTable) > 0) seen = acl();
  };
  office.pages["closed"] = {"another text", {wide, narrow}, std::vector{wide}};
  EXPECT_EQ(lake.pull().changed, 1u);
  EXPECT_TRUE(seen.contains({"office:closed", "read", "u2", "office:closed"}));
  EXPECT_FALSE(acl().contains({"office:closed", "read", "u2", "office:closed"}));
  // A text that could not be read leaves the old one, and its rules.
  office.pages["closed"] = {"BAD", {wide, narrow}, std::vector{wide}};
  EXPECT_EQ(lake.pull().rejected, 1u);
  EXPECT_TRUE(acl().contains({"office:closed", "read", "u2", "office:closed"}));
}

TEST_F(RightsTest, WhatWaitsIsNotDilutedByWhatComes) {
  for (int i = 0; i < 18; ++i) office.pages["p" + std::to_string(i)] = {"page", {{Kind::read, "u1", "space:A"}}};
  lake.pull();
  for (int i = 0; i < 12; ++i) office.pages.erase("p" + std::to_string(i));
  EXPECT_EQ(lake.pull().doubted, 12u);
  for (int i = 0; i < 40; ++i) office.pages["q" + std::to_string(i)] = {"page", {{Kind::read, "u1", "space:A"}}};
  EXPECT_EQ(lake.pull().doubted, 12u);
  EXPECT_EQ(lake.pull().doubted, 12u);
  for (int i = 0; i < 9; ++i) office.pages["p" + std::to_string(i)] = {"page", {{Kind::read, "u1", "space:A"}}};
  EXPECT_EQ(lake.pull().doubted, 3u) << "the rest is not there";
  office.pages.erase("q1");
  EXPECT_EQ(lake.pull().doubted, 4u) << "what goes waits with it";
  lake.request.believe_deletions = 4;
  EXPECT_EQ(lake.pull().deleted, 4u);
  lake.request.believe_deletions.reset();
  office.pages.erase("q2");
  EXPECT_EQ(lake.pull().deleted, 1u);
}

TEST_F(RightsTest, RulesOfADeletedItemStayAsTheyWere) {
  lake.pull();
  office.pages.erase("closed");
  EXPECT_EQ(lake.pull().deleted, 1u);
  EXPECT_TRUE(acl().contains({"office:closed", "read", "u2", "office:closed"}));
}

TEST_F(RightsTest, TwoSourcesDoNotMix) {
  lake.pull();
  lake.request.source.url = "office:b";
  lake.request.table = "others";
  office.pages.erase("closed");
  office.pages["open"].rules = {{Kind::read, "u1", "space:B"}};
  lake.pull();
  const auto of = [&](const char* source) {
    Rows rows;
    for (const auto& row : table(kAclTable, {"source", "uri", "principal"})) {
      if (row[0] == source) rows.insert({row[1], row[2]});
    }
    return rows;
  };
  EXPECT_EQ(of("office:b"), (Rows{{"", ""}, {"office:open", "u1"}}));
  EXPECT_EQ(of("office:a").size(), 5u);
}

TEST_F(RightsTest, ADryRunKeepsNone) {
  lake.request.dry_run = true;
  EXPECT_EQ(lake.pull().added, 2u);
  EXPECT_EQ(version(kAclTable), -1);
}

// Nobody who may not read a page, before or after, may at any moment between.
TEST_F(RightsTest, AfterAnyFaultNobodySeesMore) {
  using Pair = std::pair<std::string, std::string>;
  const auto readers = [&] {
    std::set<Pair> may;
    std::set<std::vector<std::string>> rules, in;
    if (version(kAclTable) >= 0) rules = acl();
    if (version(kMembersTable) >= 0) in = members();
    std::set<std::string> there;
    if (version("main.docs") >= 0) {
      for (const auto& row : table("main.docs", {"uri"})) there.insert(row[0]);
    }
    for (const std::string& uri : there) {
      for (const std::string person : {"u1", "u2", "u3"}) {
        std::map<std::string, bool> layers;
        for (const auto& rule : rules) {
          if (rule[0] != uri) continue;
          layers[rule[3]] = layers[rule[3]] || rule[2] == person || in.contains({rule[2], person});
        }
        const bool all = std::all_of(layers.begin(), layers.end(), [](const auto& layer) { return layer.second; });
        if (!layers.empty() && all) may.insert({uri, person});
      }
    }
    return may;
  };
  const auto at_first = office.pages;
  const auto members_at_first = office.members;
  const auto later = [&] {
    office.members = {{"g1", "u3"}, {"g2", "u2"}};
    office.pages["open"].rules = {{Kind::read, "g2", "space:A"}};
    office.pages["closed"].rules = {{Kind::read, "g1", "space:A"}};
    office.pages["third"] = {"one more", {{Kind::read, "u1", "space:A"}}};
  };
  later();
  lake.pull();
  const std::set<Pair> after = readers();
  EXPECT_EQ(after, (std::set<Pair>{{"office:open", "u2"}, {"office:closed", "u3"}, {"office:third", "u1"}}));
  for (uint64_t nth = 1, failed = 0;; nth += 3) {
    ASSERT_LT(nth, 2000u);
    const connector::folder::ScratchFolder scratch;
    auto owned = std::make_unique<store::FaultStore>(scratch.at("lake"));
    store::FaultStore& store = *owned;
    lake.store = std::move(owned);
    lake.environment.lake.store = lake.store.get();
    office.pages = at_first;
    office.members = members_at_first;
    lake.pull();
    const std::set<Pair> before = readers();
    EXPECT_EQ(before, (std::set<Pair>{{"office:open", "u1"}, {"office:open", "u2"}}));
    later();
    store.arm(store::Fault::no_space, nth, true);
    const bool ok = lake.try_pull().ok();
    const bool fired = store.fired();
    store.disarm();
    failed += ok ? 0 : 1;
    SCOPED_TRACE(nth);
    for (const Pair& pair : readers()) {
      EXPECT_TRUE(before.contains(pair) || after.contains(pair)) << pair.first << pair.second;
    }
    lake.pull();
    EXPECT_EQ(readers(), after);
    if (HasFailure()) return;
    if (!fired) {
      EXPECT_GT(failed, 7u);
      break;
    }
  }
}

TEST_F(RightsTest, TooManyDeletionsWaitToBeBelieved) {
  for (int i = 0; i < 20; ++i) office.pages["p" + std::to_string(i)] = {"page", {{Kind::read, "u1", "space:A"}}};
  lake.pull();
  const auto all = office.pages;
  for (int i = 0; i < 12; ++i) office.pages.erase("p" + std::to_string(i));
  office.pages["new"] = {"a new page", {{Kind::read, "u1", "space:A"}}};
  PullReport report = lake.pull();
  EXPECT_EQ(std::tuple(report.added, report.deleted, report.doubted), std::tuple(1u, 0u, 12u));
  ASSERT_EQ(report.notes.size(), 1u);
  EXPECT_NE(report.notes[0].find("--believe-deletions 12"), std::string::npos) << report.notes[0];
  EXPECT_EQ(lake.rows().size(), 23u);
  // It is said again until it is settled, and costs no commit.
  report = lake.pull();
  EXPECT_EQ(std::tuple(report.commits, report.deleted, report.doubted), std::tuple(0u, 0u, 12u));
  lake.request.believe_deletions = 11;
  EXPECT_EQ(lake.pull().doubted, 12u) << "more than was meant";
  lake.request.believe_deletions = 12;
  report = lake.pull();
  EXPECT_EQ(std::tuple(report.deleted, report.doubted), std::tuple(12u, 0u));
  lake.request.believe_deletions.reset();
  EXPECT_EQ(lake.rows().size(), 11u);
  EXPECT_EQ(lake.pull().commits, 0U);
  // A listing that comes back whole has nothing to believe.
  office.pages = all;
  lake.pull();
  office.pages.clear();
  EXPECT_EQ(lake.pull().doubted, 22u);
  office.pages = all;
  report = lake.pull();
  EXPECT_EQ(std::tuple(report.doubted, report.deleted), std::tuple(0u, 0u));
  EXPECT_EQ(lake.rows().size(), 22u);
}

}  // namespace
}  // namespace tarn::ingest
