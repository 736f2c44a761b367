// tag, --as-of, vacuum, restore, diff, forget and link on a lake with an index, as the faces call them.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "base/random.h"
#include "base/status_test.h"
#include "delta/schema.h"
#include "index/live_set.h"
#include "ingest/rejects.h"
#include "ingest/rights.h"
#include "lake/link.h"
#include "lake/originals.h"
#include "lake/text_table.h"
#include "workspace/workspace.h"

namespace tarn::workspace {
namespace {

using base::Code;
namespace fs = std::filesystem;

class VersionsTest : public testing::Test {
 protected:
  VersionsTest() {
    std::string pattern = (fs::temp_directory_path() / "tarn-versions-test-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
    lake_ = directory_ + "/lake";
    fs::create_directory(lake_);
    store_ = take(store::open_local(lake_));
    database_ = take(duck::open({1, uint64_t{512} << 20, {}, {}}));
    connection_ = take(database_->connect());
    OpenOptions options;
    options.lake = lake_;
    options.threads = 1;
    options.model = "deterministic";
    workspace_ = take(Workspace::open(options));
  }
  ~VersionsTest() override {
    workspace_.reset();
    fs::remove_all(directory_);
  }

  lake::Environment environment(store::Store* store) {
    return {store, &base::system_clock(), &random_, nullptr, false, [this] { return database_->connect(); }};
  }
  std::shared_ptr<lake::Table> create(store::Store* store, const std::string& path, const std::string& select) {
    lake::CreateOptions options;
    options.schema = take(delta::fields_of_select(*connection_, select));
    return take(lake::create_table(environment(store), path, options));
  }
  std::shared_ptr<lake::Table> documents(const std::string& path = "main/docs") {
    lake::CreateOptions options;
    options.schema = lake::text_schema();
    return take(lake::create_table(environment(store_.get()), path, options));
  }
  static std::string row(const std::string& id, const std::string& title, const std::string& body,
                         const std::string& extra = "{}") {
    return "SELECT " + duck::quote_literal(id) + " AS id, " + duck::quote_literal(title) +
           " AS title, 'file:///notes/" + id + "' AS uri, " + duck::quote_literal(body) + " AS body, " +
           duck::quote_literal(extra) + " AS extra";
  }
  void put(lake::Table& table, const std::string& select, const std::string& key = "id") {
    const auto change = table.change(take(table.snapshot()));
    const auto status = change->upsert(*connection_, select, key, {});
    EXPECT_TRUE(status.ok()) << status.to_string();
    take(change->commit({}));
  }
  std::vector<std::string> found(const std::string& query, const std::string& as_of = "",
                                 const std::vector<std::string>& in = {}) {
    SearchRequest request;
    request.query = query;
    request.mode = "lexical";
    request.as_of = as_of;
    request.in = in;
    const auto reply = workspace_->run<Search>(request, {});
    EXPECT_TRUE(reply.ok()) << reply.status().to_string();
    std::vector<std::string> ids;
    if (reply.ok()) {
      for (const search::Hit& hit : reply->hits) ids.push_back(hit.id);
    }
    return ids;
  }
  void expect_clean() {
    const CheckReply reply = take(workspace_->run<Check>({}, {}));
    for (const Problem& problem : reply.problems) ADD_FAILURE() << problem.file << ": " << problem.problem;
  }

  // Every byte under the lake, Parquet files as read and the texts of segments unpacked as well.
  std::string everything() {
    std::string all;
    for (const auto& entry : fs::recursive_directory_iterator(lake_)) {
      if (!entry.is_regular_file()) continue;
      all += entry.path().string() + "\n";
      std::ifstream file(entry.path(), std::ios::binary);
      all.append(std::istreambuf_iterator<char>(file), {});
      if (entry.path().extension() != ".parquet") continue;
      const auto rows = take(connection_->query("SELECT CAST(t AS VARCHAR) FROM read_parquet(" +
                                                duck::quote_literal(entry.path().string()) + ") AS t"));
      while (const duck::Chunk* chunk = take(rows->next())) {
        for (size_t i = 0; i < chunk->rows(); ++i) all += std::string(chunk->text(0, i)) + "\n";
      }
    }
    index::IndexerOptions options;
    options.analyzer = take(text::make_analyzer("english"));
    options.database = [this]() -> base::Result<duck::Database*> { return database_.get(); };
    const index::Indexer indexer(options);
    for (const auto& path : take(lake::list_tables(*store_))) {
      const auto table = take(lake::open_reader(environment(store_.get()), path));
      // Each segment that is there, whichever version's file it is of.
      const auto newest = take(table->snapshot());
      for (int64_t version = 0; version <= newest->version.value && !table->link(); ++version) {
        const auto snapshot = table->snapshot(base::Version(version));
        if (!snapshot.ok()) continue;
        for (const auto& [name, file] : (*snapshot)->files) {
          const auto segment = indexer.open_lexical(*table, file);
          if (!segment.ok()) continue;
          for (base::PassageOrdinal p(0); p.value < (*segment)->passage_count(); p = p.next()) {
            all += take((*segment)->text(p)) + "\n";
          }
          for (uint32_t d = 0; d < (*segment)->document_count(); ++d) {
            all += std::string((*segment)->document(d).title) + "\n";
          }
        }
      }
    }
    return all;
  }

  std::string directory_, lake_;
  base::Random random_{7};
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<duck::Database> database_;
  std::unique_ptr<duck::Connection> connection_;
  std::unique_ptr<Workspace> workspace_;
};

TEST_F(VersionsTest, ATagIsUnderstoodEverywhere) {
  const auto docs = documents(), more = documents("main/more");
  put(*docs, row("a", "Alpha", "The walrus swims."));
  put(*more, row("m", "More", "A walrus as well."));
  const TagReply made = take(workspace_->run<Tag>({"before", "", {}, false}, {}));
  EXPECT_EQ(made.change, "made");
  EXPECT_EQ(made.tags[0].tables.size(), 2U);
  put(*docs, row("a", "Alpha", "The seal swims.") + " UNION ALL " + row("b", "Beta", "Another walrus."));
  take(workspace_->run<Tag>({"one", "docs", 0, false}, {}));

  EXPECT_EQ(found("walrus"), (std::vector<std::string>{"b", "m"}));
  EXPECT_EQ(found("walrus", "before").size(), 2U);
  EXPECT_EQ(found("seal", "before"), std::vector<std::string>{});
  EXPECT_TRUE(found("walrus", "one").empty()) << "the tag names one table only, and its first version";
  const TablesReply tables = take(workspace_->run<ListTables>({"before"}, {}));
  ASSERT_EQ(tables.tables.size(), 2U);
  EXPECT_EQ(tables.tables[0].version, 1);
  EXPECT_EQ(take(workspace_->run<ListTables>({"one"}, {})).tables.size(), 1U);
  const ShowReply show = take(workspace_->run<Show>({"docs", "before"}, {}));
  EXPECT_EQ(show.version, 1);
  ASSERT_EQ(show.tags.size(), 2U);
  EXPECT_EQ(show.tags[0].tag, "before");
  EXPECT_EQ(show.oldest_version, 0);
  EXPECT_NE(take(workspace_->run<Fetch>({"a", "docs", "before"}, {})).text.find("walrus"), std::string::npos);
  const SqlReply sql = take(workspace_->run<Sql>({"SELECT body FROM docs", "before", 10}, {}));
  ASSERT_EQ(sql.rows.size(), 1U);
  EXPECT_EQ(sql.rows[0][0].as_string(), "The walrus swims.");
  AskRequest ask;
  ask.question = "What does the walrus do?";
  ask.as_of = "before";
  EXPECT_EQ(take(workspace_->run<Ask>(ask, {})).tables[0].version, 1);

  EXPECT_EQ(take(workspace_->run<Tag>({}, {})).tags.size(), 2U);
  EXPECT_EQ(workspace_->run<Tag>({"before", "", {}, false}, {}).status().code(), Code::already_exists);
  EXPECT_EQ(workspace_->run<Tag>({"12", "", {}, false}, {}).status().code(), Code::invalid_argument);
  EXPECT_EQ(workspace_->run<Tag>({"x", "", 3, false}, {}).status().code(), Code::invalid_argument);
  EXPECT_EQ(workspace_->run<Tag>({"x", "docs", 99, false}, {}).status().code(), Code::not_found);
  EXPECT_EQ(workspace_->run<Tag>({"x", "gone", {}, false}, {}).status().code(), Code::not_found);
  EXPECT_EQ(workspace_->run<Tag>({"x", "", {}, true}, {}).status().code(), Code::not_found);
  EXPECT_EQ(workspace_->run<ListTables>({"nosuch"}, {}).status().code(), Code::not_found);
  EXPECT_EQ(workspace_->run<ListTables>({"no/such"}, {}).status().code(), Code::invalid_argument);
  EXPECT_EQ(workspace_->run<Show>({"more", "one"}, {}).status().code(), Code::not_found);
  EXPECT_EQ(take(workspace_->run<Tag>({"one", "", {}, true}, {})).change, "deleted");
  EXPECT_EQ(take(workspace_->run<Tag>({}, {})).tags.size(), 1U);
  expect_clean();
}

TEST_F(VersionsTest, VacuumKeepsWhatATagNamesAndRestoreFindsIt) {
  const auto docs = documents();
  put(*docs, row("a", "Alpha", "The walrus swims."));
  EXPECT_EQ(found("walrus").size(), 1U);
  take(workspace_->run<Tag>({"keep", "", {}, false}, {}));
  put(*docs, row("a", "Alpha", "The seal swims."));
  EXPECT_EQ(found("seal").size(), 1U);
  put(*docs, row("a", "Alpha", "The otter swims."));
  EXPECT_EQ(found("otter").size(), 1U);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  VacuumReply reply = take(workspace_->run<Vacuum>({{}, "0", true}, {}));
  ASSERT_EQ(reply.tables.size(), 1U);
  EXPECT_EQ(reply.tables[0].files, 1);
  EXPECT_EQ(reply.tables[0].segments, 1) << "a search by word builds the lexical part only";
  EXPECT_EQ(reply.tables[0].kept_by_tags, 1);
  reply = take(workspace_->run<Vacuum>({{"docs"}, "0s", false}, {}));
  EXPECT_EQ(reply.tables[0].files, 1);
  EXPECT_EQ(found("walrus", "keep").size(), 1U);
  EXPECT_EQ(found("otter").size(), 1U);
  EXPECT_EQ(workspace_->run<Restore>({"docs", "2"}, {}).status().code(), Code::not_found);
  const RestoreReply restored = take(workspace_->run<Restore>({"docs", "keep"}, {}));
  EXPECT_EQ(restored.restored, 1);
  EXPECT_TRUE(restored.changed);
  EXPECT_EQ(found("walrus").size(), 1U);
  EXPECT_FALSE(take(workspace_->run<Restore>({"docs", "1"}, {})).changed);
  EXPECT_EQ(workspace_->run<Restore>({"docs", "99"}, {}).status().code(), Code::not_found);
  EXPECT_EQ(workspace_->run<Vacuum>({{}, "soon", false}, {}).status().code(), Code::invalid_argument);
  EXPECT_EQ(workspace_->run<Vacuum>({{"gone"}, "", false}, {}).status().code(), Code::not_found);
  expect_clean();
}

TEST_F(VersionsTest, VacuumTakesTablesThatWereDroppedLongAgo) {
  const auto docs = documents();
  put(*docs, row("a", "Alpha", "The walrus swims."));
  documents("main/other");
  {
    const auto session = take(workspace_->part<SqlSessions>().open("", false));
    take(session->query("CREATE TABLE main.copy AS SELECT * FROM main.docs"));
    EXPECT_FALSE(session->query("CREATE TABLE main.broken AS SELECT CAST(body AS INTEGER) AS n FROM main.docs").ok());
    take(session->query("DROP TABLE main.docs"));
    take(session->query("DROP TABLE main.copy"));
  }
  const auto aside = [&] {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(lake_ + "/main")) names.insert(entry.path().filename().string());
    return names;
  };
  EXPECT_EQ(aside().size(), 3U) << "what a failed CREATE TABLE began is gone with it";
  EXPECT_TRUE(take(workspace_->run<Vacuum>({{}, "", false}, {})).dropped.empty()) << "a week is kept";
  EXPECT_TRUE(take(workspace_->run<Vacuum>({{"other"}, "0", false}, {})).dropped.empty()) << "one table was named";
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  const VacuumReply told = take(workspace_->run<Vacuum>({{}, "0", true}, {}));
  ASSERT_EQ(told.dropped.size(), 2U);
  EXPECT_EQ(told.dropped[1].table, "main.docs");
  EXPECT_TRUE(told.dropped[1].path.starts_with("main/_dropped-docs-"));
  EXPECT_TRUE(told.dropped[1].dropped_at);
  EXPECT_EQ(aside().size(), 3U);
  EXPECT_EQ(take(workspace_->run<Vacuum>({{}, "0", false}, {})).dropped.size(), 2U);
  EXPECT_EQ(aside(), std::set<std::string>{"other"});
  expect_clean();
}

TEST_F(VersionsTest, ForgetLooksIntoDroppedTables) {
  const auto docs = documents();
  put(*docs, row("kanarienvogel", "Bird", "The rarest word is xq-body. Which bird sings? The canary sings."));
  put(*docs, row("b", "Other", "Something else."));
  documents("main/other");
  AskRequest ask;
  ask.question = "Which bird sings?";
  const AskReply answered = take(workspace_->run<Ask>(ask, {}));
  {
    const auto session = take(workspace_->part<SqlSessions>().open("", false));
    take(session->query("CREATE TABLE main.half AS SELECT * FROM main.docs"));
    take(session->query("DROP TABLE main.docs"));
    take(session->query("DROP TABLE main.half"));
  }
  // A vacuum that was stopped in the middle of one.
  for (const auto& entry : fs::directory_iterator(lake_ + "/main")) {
    if (entry.path().filename().string().starts_with("_dropped-half-")) fs::remove_all(entry.path() / "_delta_log");
  }
  EXPECT_NE(everything().find("xq-body"), std::string::npos);
  EXPECT_EQ(take(workspace_->run<Forget>({"kanarienvogel", {}, true}, {})).notes.size(), 1U);
  EXPECT_NE(everything().find("xq-body"), std::string::npos) << "a dry run";
  const ForgetReply reply = take(workspace_->run<Forget>({"kanarienvogel", {}, false}, {}));
  ASSERT_EQ(reply.tables.size(), 1U);
  EXPECT_TRUE(reply.tables[0].table.starts_with("main._dropped-docs-")) << reply.tables[0].table;
  EXPECT_NE(reply.notes.at(0).find("went whole"), std::string::npos) << reply.notes[0];
  EXPECT_EQ(reply.receipts.size(), answered.found ? 1U : 0U) << "they name the table as it was called";
  for (const char* word : {"kanarienvogel", "xq-body"}) EXPECT_EQ(everything().find(word), std::string::npos) << word;
  // It can still be brought back, without the row.
  for (const auto& entry : fs::directory_iterator(lake_ + "/main")) {
    if (entry.path().filename().string().starts_with("_dropped-docs-")) fs::rename(entry.path(), lake_ + "/main/docs");
  }
  EXPECT_EQ(take(workspace_->run<Sql>({"SELECT id FROM docs", "", 10}, {})).rows.size(), 1U);
  expect_clean();
}

using Rule = connector::Rule;
using Principal = connector::Principal;

TEST_F(VersionsTest, WhoCanSeeAsksEveryLayer) {
  const auto docs = documents();
  const auto page = [](const std::string& id) { return row(id, id, "words") + ", 'wiki:a' AS source, NULL AS part"; };
  put(*docs, page("open") + " UNION ALL " + page("closed") + " UNION ALL " + page("lost") + " UNION ALL " +
                 page("unruled") + " UNION ALL " + page("free") +
                 " UNION ALL SELECT 'att', 'att', 'file:///notes/closed', " + "'words', '{}', 'wiki:a', 'att.pdf'");
  ingest::Rights rights(*connection_, "wiki:a");
  ASSERT_OK(rights.add({{"u1", Principal::Kind::user, "Ada", "ada@example.org", true},
                        {"u2", Principal::Kind::user, "Bo"},
                        {"g1", Principal::Kind::group, "staff"},
                        {"g2", Principal::Kind::group, "inner"},
                        {"all", Principal::Kind::anyone}},
                       {{"g1", "u1"}, {"g1", "g2"}, {"g2", "u2"}, {"g2", "g1"}, {"g2", "u4"}}));
  const auto uri = [](const std::string& id) { return "file:///notes/" + id; };
  ASSERT_OK(rights.add(uri("open"), {{Rule::Kind::read, "g1", "space"}}));
  ASSERT_OK(rights.add(uri("closed"), {{Rule::Kind::read, "g1", "space"},
                                       {Rule::Kind::owner, "u2", "page"},
                                       {Rule::Kind::read, "u3", "page"},
                                       {Rule::Kind::read, "u4", "page"},
                                       {Rule::Kind::deny, "u4", "page"}}));
  ASSERT_OK(rights.add(uri("lost"), {{Rule::Kind::read, "all", "space"}, {Rule::Kind::read, "", "page"}}));
  ASSERT_OK(rights.add(uri("free"), {{Rule::Kind::read, "all", "space"}, {Rule::Kind::read, "g1", "space"}}));
  ASSERT_OK(rights.store(environment(store_.get()), {}));
  const auto who = [&](const std::string& id, const std::string& as_of = "") {
    std::vector<std::string> ids;
    const WhoCanSeeReply reply = take(workspace_->run<WhoCanSee>({id, "", as_of, 100}, {}));
    EXPECT_TRUE(reply.kept);
    for (const Reader& reader : reply.readers) ids.push_back(reader.id);
    if (reply.anyone) ids.emplace_back("anyone");
    return ids;
  };
  using Ids = std::vector<std::string>;
  EXPECT_EQ(who("open"), (Ids{"g1", "g2", "u1", "u2", "u4"}));
  EXPECT_EQ(who("closed"), (Ids{"u2"})) << "each layer lets in; a denial is last";
  EXPECT_EQ(who("att"), (Ids{"u2"})) << "a part goes with its item";
  EXPECT_EQ(who("lost"), Ids{});
  EXPECT_EQ(who("unruled"), Ids{}) << "the source tells rights, and none of this one";
  EXPECT_EQ(who("free").back(), "anyone");
  const WhoCanSeeReply open = take(workspace_->run<WhoCanSee>({"open", "", "", 1}, {}));
  EXPECT_EQ(std::tuple(open.total, open.readers.size(), open.rules.size()), std::tuple(5, 1U, 1U));
  EXPECT_EQ(open.rules[0].name, "staff");

  // As it was.
  const std::string then = base::format_utc(base::system_clock().now_us());
  ASSERT_OK(rights.add(uri("open"), {{Rule::Kind::read, "u1", "space"}}));
  ASSERT_OK(rights.store(environment(store_.get()), {}));
  EXPECT_EQ(who("open"), (Ids{"u1"}));
  EXPECT_EQ(who("open", then).size(), 5U);
  EXPECT_EQ(workspace_->run<WhoCanSee>({"none", "", "", 1}, {}).status().code(), Code::not_found);

  // A part that is forgotten leaves its item's rules; the item takes them along.
  take(workspace_->run<Forget>({"att", {}, false}, {}));
  EXPECT_EQ(who("closed"), (Ids{"u2"}));
  take(workspace_->run<Forget>({"closed", {}, false}, {}));
  EXPECT_EQ(everything().find(uri("closed")), std::string::npos);
  EXPECT_EQ(who("open"), (Ids{"u1"}));
  expect_clean();
}

TEST_F(VersionsTest, WhereASourceTellsNoRightsNobodyIsListed) {
  put(*documents(), row("a", "a", "words") + ", 'file:///notes' AS source");
  const WhoCanSeeReply reply = take(workspace_->run<WhoCanSee>({"a", "", "", 100}, {}));
  EXPECT_FALSE(reply.kept);
  EXPECT_TRUE(reply.readers.empty());
}

TEST_F(VersionsTest, AnOriginalStaysAsLongAsARowNamesIt) {
  const auto docs = documents();
  const auto keep = [&](const std::string& bytes) {
    return take(lake::put_original(environment(store_.get()), bytes));
  };
  const auto with = [&](const std::string& id, const std::string& sha256) {
    return row(id, id, "words of " + id, "{\"original\":{\"sha256\":\"" + sha256 + "\",\"size_bytes\":9}}") +
           ", 'file:///notes' AS source, '' AS part";
  };
  const std::string one = keep("bytes one"), both = keep("bytes both"), old = keep("bytes old"),
                    none = keep("bytes none"), young = keep("bytes young");
  put(*docs, with("a", one) + " UNION ALL " + with("b", both) + " UNION ALL " + with("c", both) + " UNION ALL " +
                 with("d", old) +
                 " UNION ALL SELECT 'b1', 'b1', 'file:///notes/b', 'a part', '{}', 'file:///notes', 'x'");
  put(*docs, with("d", one));  // the older version still names another
  const auto there = [&](const std::string& sha256) {
    return lake::read_original(environment(store_.get()), sha256).ok();
  };
  const auto age = [&](const std::string& sha256) {
    fs::last_write_time(fs::path(lake_) / lake::path_of_original(sha256),
                        fs::file_time_type::clock::now() - std::chrono::hours(2));
  };
  for (const std::string& each : {one, both, old, none}) age(each);
  const FetchReply fetched = take(workspace_->run<Fetch>({"a", "", "", {}}, {}));
  EXPECT_EQ(fetched.metadata["original"].as_string(), fs::path(lake_) / lake::path_of_original(one));
  expect_clean();
  VacuumReply vacuumed = take(workspace_->run<Vacuum>({{}, "7d", true}, {}));
  EXPECT_EQ(vacuumed.originals, 1);
  EXPECT_TRUE(there(none)) << "a dry run";
  vacuumed = take(workspace_->run<Vacuum>({{}, "7d", false}, {}));
  EXPECT_EQ(std::pair(vacuumed.originals, vacuumed.originals_bytes), std::pair(int64_t{1}, int64_t{10}));
  EXPECT_FALSE(there(none));
  for (const std::string& each : {one, both, old, young}) EXPECT_TRUE(there(each));

  // A part lies in its item's bytes; what two rows name goes with the second.
  EXPECT_EQ(workspace_->run<Forget>({"b1", {}, false}, {}).status().code(), Code::unsupported);
  EXPECT_EQ(take(workspace_->run<Forget>({"b", {}, true}, {})).originals.size(), 0U);
  take(workspace_->run<Forget>({"b", {}, false}, {}));
  EXPECT_TRUE(there(both));
  EXPECT_EQ(take(workspace_->run<Forget>({"c", {}, true}, {})).originals.size(), 1U);
  EXPECT_TRUE(there(both)) << "a dry run";
  const ForgetReply forgotten = take(workspace_->run<Forget>({"c", {}, false}, {}));
  EXPECT_EQ(forgotten.originals, (std::vector<std::string>{lake::path_of_original(both)}));
  EXPECT_FALSE(there(both));
  expect_clean();

  const auto problems = [&] {
    std::vector<std::string> files;
    for (const Problem& problem : take(workspace_->run<Check>({}, {})).problems) files.push_back(problem.file);
    return files;
  };
  ASSERT_OK(store_->put(lake::path_of_original(one), "other bytes"));
  EXPECT_EQ(problems(), (std::vector<std::string>{lake::path_of_original(one)}));
  ASSERT_OK(store_->remove(lake::path_of_original(one)));
  EXPECT_EQ(problems(), (std::vector<std::string>{lake::path_of_original(one)}));
}

// A part alone is forgotten by its id, with what is attached to it; an item, by whatever it is called, with its parts.
TEST_F(VersionsTest, ForgetTakesAnItemWithItsParts) {
  const auto docs = documents();
  const auto part = [](const std::string& id, const std::string& item, const std::string& name,
                       const std::string& body) {
    return "SELECT '" + id + "' AS id, 'file:///notes' AS source, 'file:///notes/" + item + "' AS uri, '" + name +
           "' AS part, 'T' AS title, '" + body + "' AS body";
  };
  put(*docs, part("m", "mail.eml", "", "xq-mail") + " UNION ALL " + part("m1", "mail.eml", "a.md", "xq-first") +
                 " UNION ALL " + part("m2", "mail.eml", "b.md", "xq-second") + " UNION ALL " +
                 part("p", "third.eml", "", "zq-mail") + " UNION ALL " + part("p1", "third.eml", "in.pdf", "zq-inner") +
                 " UNION ALL " + part("p2", "third.eml", "in.pdf/a.md", "zq-deepest") + " UNION ALL " +
                 part("p3", "third.eml", "in.pdf.txt", "zq-beside") + " UNION ALL " +
                 part("n", "other.eml", "", "yw-mail") + " UNION ALL " + part("n1", "other.eml", "a.md", "yw-first"));
  FetchRequest fetch;
  fetch.id = "notes/mail.eml";
  EXPECT_EQ(take(workspace_->run<Fetch>(fetch, {})).text, "xq-mail") << "its parts are called by their ids";
  EXPECT_TRUE(take(workspace_->run<Forget>({"m1", {}, false}, {})).found);
  EXPECT_EQ(everything().find("xq-first"), std::string::npos);
  EXPECT_NE(everything().find("xq-second"), std::string::npos);
  const ForgetReply reply = take(workspace_->run<Forget>({"mail.eml", {}, false}, {}));
  ASSERT_EQ(reply.tables.size(), 1U);
  EXPECT_EQ(reply.id, "m");
  EXPECT_EQ(reply.tables[0].rows, 2);
  for (const char* gone : {"xq-mail", "xq-second"}) EXPECT_EQ(everything().find(gone), std::string::npos) << gone;
  for (const char* kept : {"yw-mail", "yw-first"}) EXPECT_NE(everything().find(kept), std::string::npos) << kept;
  EXPECT_EQ(take(workspace_->run<Forget>({"p1", {}, false}, {})).tables[0].rows, 2);
  for (const char* gone : {"zq-inner", "zq-deepest"}) EXPECT_EQ(everything().find(gone), std::string::npos) << gone;
  for (const char* kept : {"zq-mail", "zq-beside"}) EXPECT_NE(everything().find(kept), std::string::npos) << kept;
  // Also what only older versions have.
  const auto change = docs->change(take(docs->snapshot()));
  EXPECT_TRUE(change->delete_keys(*connection_, "id", {"n", "n1"}, {}).ok());
  take(change->commit({}));
  put(*docs, row("x", "Other", "Something."));
  EXPECT_NE(everything().find("yw-first"), std::string::npos);
  take(workspace_->run<Forget>({"n", {}, false}, {}));
  for (const char* gone : {"yw-mail", "yw-first"}) EXPECT_EQ(everything().find(gone), std::string::npos) << gone;
  expect_clean();
}

TEST_F(VersionsTest, DiffShowsTheWordsThatChanged) {
  const auto docs = documents();
  const std::string body =
      "# Ports\n\nThe server listens on port 8080 by default, and this line is long enough to be compared.\n";
  put(*docs, row("a", "Ports", body) + " UNION ALL " + row("gone", "Gone", "x"));
  std::string changed = body;
  changed.replace(changed.find("8080"), 4, "8276");
  put(*docs, row("a", "Ports", changed) + " UNION ALL " + row("new", "New", "y"));
  const auto change = docs->change(take(docs->snapshot()));
  EXPECT_TRUE(change->delete_keys(*connection_, "id", {"gone"}, {}).ok());
  take(change->commit({}));
  const DiffReply reply = take(workspace_->run<Diff>({"docs", "1..3", 20}, {}));
  EXPECT_EQ(reply.added, 1);
  EXPECT_EQ(reply.removed, 1);
  EXPECT_EQ(reply.changed, 1);
  ASSERT_EQ(reply.rows.size(), 3U);
  ASSERT_EQ(reply.rows[1].columns.size(), 1U);
  const DiffCell& cell = reply.rows[1].columns[0];
  EXPECT_EQ(cell.column, "body");
  ASSERT_EQ(cell.passages.size(), 1U);
  EXPECT_EQ(cell.passages[0].line_after, 1) << "with what stands before it";
  EXPECT_EQ(cell.passages[0].parts[1].op, "-");
  EXPECT_EQ(cell.passages[0].parts[1].text, "8080 ");
  EXPECT_EQ(cell.passages[0].parts[2].text, "8276 ");
  EXPECT_EQ(take(workspace_->run<Diff>({"docs", "2..", 20}, {})).removed, 1);
  EXPECT_EQ(take(workspace_->run<Diff>({"docs", "2", 20}, {})).to.version, 3);
  EXPECT_TRUE(take(workspace_->run<Diff>({"docs", "1..3", 1}, {})).truncated);
  EXPECT_EQ(workspace_->run<Diff>({"docs", "..3", 20}, {}).status().code(), Code::invalid_argument);
  EXPECT_EQ(workspace_->run<Diff>({"docs", "1..99", 20}, {}).status().code(), Code::not_found);
}

TEST_F(VersionsTest, ForgetLeavesNoByteOfIt) {
  const auto docs = documents();
  const auto canary = [&](const char* what) { return std::string(what) + random_.uuid(); };
  const std::string id = canary("id"), title = canary("title"), body = canary("body"), extra = canary("extra");
  const std::string text =
      "The rarest word is " + body + " and it stands here. Which bird sings? The bird that sings is the canary.";
  for (const char* name : {"x", "y", "z"}) put(*docs, row(name, "Other", "Something about birds."));
  put(*docs, row(id, title, text, "{\"k\":\"" + extra + "\"}"));
  EXPECT_EQ(found(body), std::vector<std::string>{id});
  put(*docs, row(id, title + " again", text, "{\"k\":\"" + extra + "\"}"));
  EXPECT_EQ(found(body), std::vector<std::string>{id});
  EXPECT_EQ(found(body, "4"), std::vector<std::string>{id});
  take(docs->optimize(*connection_, {}, {}));
  put(*docs, row("x", "Other", "Something else about birds."));
  EXPECT_EQ(found(body).size(), 1U);
  take(workspace_->run<Tag>({"keep", "", {}, false}, {}));
  AskRequest ask;
  ask.question = "Which bird sings?";
  const AskReply answered = take(workspace_->run<Ask>(ask, {}));
  // A pull's bookmark and its rejects name the file.
  const auto bookmark = json::Value::object(
      {{"format", 1},
       {"connector", json::Value::object({{"files", json::Value::array({json::Value::array({id, 5}),
                                                                        json::Value::array({"x", 6})})}})}});
  const int64_t n = take(docs->put_next_bookmark(*take(docs->snapshot()), "s", bookmark));
  const auto change = docs->change(take(docs->snapshot()));
  change->set_transaction("s", n);
  take(change->commit({}));
  lake::CreateOptions options;
  options.schema = ingest::rejects_schema();
  const auto rejects = take(lake::create_table(environment(store_.get()), "tarn/rejects", options));
  put(*rejects,
      "SELECT '1' AS id, 'file:///notes/" + id + "' AS item, 'odd' AS reason UNION ALL SELECT '2', 'other', 'odd'");

  const std::string before = everything();
  for (const std::string& word : {id, title, body, extra}) EXPECT_NE(before.find(word), std::string::npos) << word;
  const ForgetReply dry = take(workspace_->run<Forget>({id, {}, true}, {}));
  EXPECT_TRUE(dry.found);
  EXPECT_EQ(everything().size(), before.size());
  const ForgetReply reply = take(workspace_->run<Forget>({id, {}, false}, {}));
  ASSERT_EQ(reply.tables.size(), 2U);
  EXPECT_EQ(reply.tables[0].table, "main.docs");
  EXPECT_FALSE(reply.tables[0].lost_versions.empty());
  EXPECT_EQ(reply.tables[0].cut.size(), 1U) << "the bookmark";
  EXPECT_EQ(reply.tags, std::vector<std::string>{"keep"});
  if (answered.found && answered.citations[0].id == id) {
    EXPECT_EQ(reply.receipts.size(), 1U);
  }
  const std::string after = everything();
  for (const std::string& word : {id, title, body, extra}) {
    const size_t at = after.find(word);
    EXPECT_EQ(at, std::string::npos) << word << ": …" << after.substr(at < 200 ? 0 : at - 200, 300);
  }
  EXPECT_TRUE(found(body).empty());
  EXPECT_EQ(found("birds").size(), 3U);
  EXPECT_EQ(json::write((*take(docs->bookmark(*take(docs->snapshot()), "s")))["connector"]["files"]), R"([["x",6]])");
  EXPECT_EQ(workspace_->run<Forget>({id, {}, false}, {}).status().code(), Code::not_found) << "nothing more to do";
  const base::Status mistyped = workspace_->run<Forget>({"nobody", {}, true}, {}).status();
  EXPECT_EQ(mistyped.code(), Code::not_found);
  EXPECT_NE(mistyped.message().find("'nobody'"), std::string::npos) << mistyped.message();
  EXPECT_EQ(workspace_->run<Forget>({"", {}, false}, {}).status().code(), Code::invalid_argument);
  EXPECT_EQ(workspace_->run<Forget>({"x", {"gone"}, false}, {}).status().code(), Code::not_found);
  expect_clean();
}

TEST_F(VersionsTest, ADamagedTableIsNamedAndTheOthersAreListed) {
  const auto docs = documents(), more = documents("main/more");
  put(*docs, row("a", "Alpha", "The walrus swims."));
  put(*more, row("m", "More", "Another walrus."));
  std::ofstream(lake_ + "/main/docs/_delta_log/00000000000000000001.json", std::ios::app) << "{\"add\":";
  TablesReply reply = take(workspace_->run<ListTables>({}, {}));
  ASSERT_EQ(reply.tables.size(), 1U);
  EXPECT_EQ(reply.tables[0].table, "main.more");
  EXPECT_EQ(reply.tables[0].rows, 1);
  ASSERT_EQ(reply.unreadable.size(), 1U);
  EXPECT_EQ(reply.unreadable[0].table, "main.docs");
  EXPECT_NE(reply.unreadable[0].problem.find("00000000000000000001.json"), std::string::npos)
      << reply.unreadable[0].problem;
  EXPECT_NE(reply.unreadable[0].remedy.find("backup"), std::string::npos) << reply.unreadable[0].remedy;
  EXPECT_EQ(found("walrus"), std::vector<std::string>{"m"});
  // With all of them damaged there is a listing still, and nothing to search.
  std::ofstream(lake_ + "/main/more/_delta_log/00000000000000000000.json") << "{";
  workspace_.reset();
  OpenOptions options;
  options.lake = lake_;
  options.model = "none";
  workspace_ = take(Workspace::open(options));
  reply = take(workspace_->run<ListTables>({}, {}));
  EXPECT_TRUE(reply.tables.empty());
  EXPECT_EQ(reply.unreadable.size(), 2U);
  SearchRequest walrus;
  walrus.query = "walrus";
  EXPECT_EQ(workspace_->run<Search>(walrus, {}).status().code(), Code::corruption);
}

TEST_F(VersionsTest, WithoutARejectTheTableOfRejectsReadsAsEmpty) {
  const auto columns = [&] {
    return take(workspace_->run<Sql>({"SELECT column_name, column_type FROM (DESCRIBE tarn.rejects)", "", 100}, {}))
        .rows;
  };
  const auto before = columns();
  EXPECT_EQ(before.size(), ingest::rejects_schema().size());
  EXPECT_TRUE(take(workspace_->run<Sql>({"SELECT * FROM tarn.rejects", "", 10}, {})).rows.empty());
  EXPECT_TRUE(take(workspace_->run<ListTables>({}, {})).tables.empty()) << "reading makes no table";
  lake::CreateOptions options;
  options.schema = ingest::rejects_schema();
  put(*take(lake::create_table(environment(store_.get()), "tarn/rejects", options)),
      "SELECT 'x' AS id, 'a.md' AS item");
  EXPECT_EQ(columns(), before) << "the same columns as the table that comes to be";
  EXPECT_EQ(take(workspace_->run<Sql>({"SELECT item FROM tarn.rejects", "", 10}, {})).rows.size(), 1U);
}

TEST_F(VersionsTest, AVersionThatIsNotThereIsNotATableThatIsNotThere) {
  put(*documents(), row("a", "Alpha", "The walrus swims."));
  const auto show = workspace_->run<Show>({"docs", "99"}, {});
  EXPECT_EQ(show.status().code(), Code::not_found);
  EXPECT_NE(show.status().message().find("no version 99"), std::string::npos) << show.status().to_string();
  EXPECT_NE(workspace_->run<Show>({"gone", "99"}, {}).status().message().find("no table main.gone"), std::string::npos);
}

class LinkTest : public VersionsTest {
 protected:
  LinkTest() : elsewhere_(take(store::open_local(directory_ + "/elsewhere"))) {}
  LinkReply link(const std::string& path, const std::string& as, const std::string& text = "",
                 const std::string& id = "") {
    LinkRequest request;
    request.path = path;
    request.as = as;
    request.text = text;
    request.id = id;
    return take(workspace_->run<Link>(request, {}));
  }
  Code refused(const std::string& path, const std::string& as, const std::string& text = "",
               const std::string& id = "") {
    LinkRequest request;
    request.path = path;
    request.as = as;
    request.text = text;
    request.id = id;
    return workspace_->run<Link>(request, {}).status().code();
  }
  std::string elsewhere(const std::string& path) const { return directory_ + "/elsewhere/" + path; }
  std::set<std::string> listing() const {
    std::set<std::string> paths;
    for (const auto& entry : fs::recursive_directory_iterator(directory_ + "/elsewhere")) {
      paths.insert(entry.path().string());
    }
    return paths;
  }
  std::unique_ptr<store::Store> elsewhere_;
};

TEST_F(LinkTest, AForeignDeltaTableIsReadSearchedAndNeverWritten) {
  const auto foreign =
      create(elsewhere_.get(), "tickets", "SELECT 1::BIGINT AS number, 'a' AS description, 1.5::DOUBLE AS weight");
  put(*foreign,
      "SELECT 1 AS number, 'The printer is on fire' AS description, 1.5 AS weight UNION ALL SELECT 2, 'Paper jam', 2.5",
      "number");
  const auto before = listing();
  const LinkReply made = link(elsewhere("tickets"), "tickets", "description", "number");
  EXPECT_EQ(made.kind, "delta");
  EXPECT_EQ(made.rows, 2);
  EXPECT_TRUE(made.searchable);
  EXPECT_EQ(found("printer"), std::vector<std::string>{"1"});
  EXPECT_EQ(listing(), before) << "segments lie in the lake";
  // Its owner writes on.
  put(*foreign, "SELECT 3 AS number, 'Another printer' AS description, 3.5 AS weight", "number");
  EXPECT_EQ(found("printer"), (std::vector<std::string>{"3", "1"}));
  EXPECT_EQ(found("printer", "1", {"tickets"}), std::vector<std::string>{"1"});
  const SqlReply sql = take(workspace_->run<Sql>({"SELECT sum(weight), max(id) FROM tickets", "", 10}, {}));
  EXPECT_EQ(json::write(sql.rows[0][0]), "7.5");
  SearchRequest filtered;
  filtered.query = "printer";
  filtered.mode = "lexical";
  filtered.filter = "weight > 2";
  EXPECT_EQ(take(workspace_->run<Search>(filtered, {})).hits.size(), 1U);
  EXPECT_EQ(take(workspace_->run<Fetch>({"2", "tickets", ""}, {})).text, "Paper jam");
  const ShowReply show = take(workspace_->run<Show>({"tickets", ""}, {}));
  ASSERT_TRUE(show.link);
  EXPECT_EQ(show.link->text, "description");
  EXPECT_FALSE(show.link->outside);
  EXPECT_EQ(show.path, elsewhere("tickets"));
  EXPECT_EQ(show.indexes[0].coverage, 1.0);
  EXPECT_EQ(take(workspace_->run<Diff>({"tickets", "1..2", 20}, {})).added, 1);
  expect_clean();

  const base::Status written = lake::open_table(environment(store_.get()), "main/tickets").status();
  EXPECT_EQ(written.code(), Code::permission_denied);
  EXPECT_NE(written.message().find("link"), std::string::npos);
  EXPECT_EQ(workspace_->run<Restore>({"tickets", "1"}, {}).status().code(), Code::permission_denied);
  EXPECT_EQ(workspace_->run<Optimize>({{"tickets"}}, {}).status().code(), Code::permission_denied);
  EXPECT_EQ(workspace_->run<Forget>({"1", {"tickets"}, false}, {}).status().code(), Code::permission_denied);
  EXPECT_EQ(workspace_->run<Tag>({"t", "tickets", {}, false}, {}).status().code(), Code::permission_denied);
  EXPECT_TRUE(workspace_->run<Optimize>({}, {}).ok()) << "with no name, links are passed over";
  EXPECT_TRUE(workspace_->run<Vacuum>({{}, "0", false}, {}).ok());

  LinkRequest away;
  away.as = "tickets";
  away.remove = true;
  EXPECT_EQ(take(workspace_->run<Link>(away, {})).change, "deleted");
  EXPECT_TRUE(take(workspace_->run<ListTables>({}, {})).tables.empty());
  EXPECT_EQ(workspace_->run<Link>(away, {}).status().code(), Code::not_found);
  EXPECT_TRUE(fs::exists(elsewhere("tickets/_delta_log")));
}

TEST_F(LinkTest, SegmentsOfFilesThatAreGoneGoToo) {
  const auto segments = [&] {
    size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(lake_ + "/main/tickets")) {
      count += entry.path().extension() == ".seg" ? 1 : 0;
    }
    return count;
  };
  const auto swept = [&] {
    const VacuumReply reply = take(workspace_->run<Vacuum>({{}, "0", false}, {}));
    return reply.tables.at(0).segments;
  };
  const auto foreign = create(elsewhere_.get(), "tickets", "SELECT 1::BIGINT AS number, 'a' AS words");
  put(*foreign, "SELECT 1 AS number, 'walrus' AS words", "number");
  link(elsewhere("tickets"), "tickets", "words", "number");
  EXPECT_EQ(found("walrus").size(), 1U);
  put(*foreign, "SELECT 1 AS number, 'seal and walrus' AS words", "number");
  EXPECT_EQ(found("walrus").size(), 1U);
  put(*foreign, "SELECT 1 AS number, 'otter and walrus' AS words", "number");
  EXPECT_EQ(found("walrus").size(), 1U);
  const size_t all = segments();
  EXPECT_EQ(all, 3U);
  EXPECT_EQ(swept(), 0) << "older versions can be read as long as their files are there";
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  take(foreign->vacuum({0, false}, {}));
  EXPECT_EQ(take(workspace_->run<Vacuum>({{"tickets"}, "", true}, {})).tables.at(0).segments, 2);
  EXPECT_EQ(segments(), all) << "a dry run";
  EXPECT_EQ(swept(), 2);
  EXPECT_EQ(segments(), 1U);
  EXPECT_EQ(found("otter").size(), 1U);
  LinkRequest away;
  away.as = "tickets";
  away.remove = true;
  take(workspace_->run<Link>(away, {}));
  EXPECT_FALSE(fs::exists(lake_ + "/main/tickets"));

  // A folder's file that was written over is another one.
  fs::create_directories(elsewhere("logs"));
  const auto write = [&](const std::string& name, const std::string& line) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    fs::remove(elsewhere("logs/" + name));
    take(connection_->write_parquet("SELECT '" + name + "' AS id, '" + line + "' AS line", elsewhere("logs/" + name)));
  };
  write("a.parquet", "walrus");
  write("b.parquet", "walrus");
  link(elsewhere("logs"), "tickets", "line");
  EXPECT_EQ(found("walrus").size(), 2U);
  EXPECT_EQ(segments(), 2U);
  EXPECT_EQ(swept(), 0);
  write("a.parquet", "seal");
  fs::remove(elsewhere("logs/b.parquet"));
  EXPECT_EQ(found("seal").size(), 1U);
  EXPECT_EQ(segments(), 3U);
  EXPECT_EQ(swept(), 2);
  EXPECT_EQ(found("seal").size(), 1U);
  // Where the folder is away, nothing can be said, and nothing goes; other tables are read and vacuumed.
  documents();
  fs::rename(elsewhere("logs"), elsewhere("away"));
  EXPECT_EQ(take(workspace_->run<Vacuum>({{}, "0", false}, {})).tables.size(), 1U);
  EXPECT_EQ(segments(), 1U);
  EXPECT_EQ(take(workspace_->run<Sql>({"SELECT count(*) FROM docs", "", 10}, {})).rows.size(), 1U);
}

TEST_F(LinkTest, FilesOutsideAreReadWhereThatIsAllowed) {
  const auto foreign = create(elsewhere_.get(), "t", "SELECT 1::BIGINT AS number, 'a' AS words");
  put(*foreign, "SELECT i AS number, 'walrus ' || i AS words FROM range(3000) r(i)", "number");
  const auto clean = take(foreign->snapshot());
  const delta::DataFile data = clean->files.begin()->second;
  const auto change = foreign->change(clean);
  delta::RowList odd;
  for (int64_t i = 1; i < 3000; i += 2) odd.push_back(i);
  ASSERT_TRUE(change->delete_rows(data.path, odd).ok());
  take(change->commit({}));
  const delta::DataFile holed = take(foreign->snapshot())->files.begin()->second;
  ASSERT_TRUE(holed.deletion_vector && holed.deletion_vector->storage == "u");
  std::string vector;
  for (const auto& entry : fs::directory_iterator(elsewhere("t"))) {
    if (entry.path().extension() == ".bin") vector = entry.path().string();
  }
  // A shallow clone as Spark makes it: a log alone, which names files and vectors of the other table.
  fs::create_directories(elsewhere("clone/_delta_log"));
  fs::create_directories(elsewhere("with space"));
  fs::rename(elsewhere("t/" + data.path), elsewhere("with space/part.parquet"));
  const auto clone = [&](const std::string& path, const std::string& dv) {
    std::ifstream first(elsewhere("t/_delta_log/00000000000000000000.json"));
    std::ofstream log(elsewhere("clone/_delta_log/00000000000000000000.json"));
    for (std::string line; std::getline(first, line);) log << line << "\n";
    json::Value add = json::Value::object({{"path", path},
                                           {"partitionValues", json::Value::object()},
                                           {"size", data.size_bytes},
                                           {"modificationTime", 1},
                                           {"dataChange", true}});
    add.set("deletionVector", json::Value::object({{"storageType", "p"},
                                                   {"pathOrInlineDv", dv},
                                                   {"offset", int64_t{*holed.deletion_vector->offset}},
                                                   {"sizeInBytes", int64_t{holed.deletion_vector->size_bytes}},
                                                   {"cardinality", holed.deletion_vector->cardinality}}));
    log << json::write(json::Value::object({{"add", add}})) << "\n";
  };
  const std::string inside = elsewhere("with%20space/part.parquet");
  LinkRequest request;
  request.path = elsewhere("clone");
  request.as = "clone";
  request.text = "words";
  request.id = "number";
  clone("file://" + inside, "file://" + vector);
  const auto refusal = workspace_->run<Link>(request, {});
  EXPECT_EQ(refusal.status().code(), Code::permission_denied);
  EXPECT_NE(refusal.status().hint().find("--allow-outside"), std::string::npos) << refusal.status().to_string();
  request.allow_outside = true;
  for (const std::string bad :
       {"../t/x.parquet", "s3://bucket/x.parquet", "file://host/x.parquet", "/a/../b.parquet"}) {
    clone(bad, vector);
    const auto refused = workspace_->run<Link>(request, {});
    EXPECT_EQ(refused.status().code(), Code::permission_denied) << bad;
    EXPECT_NE(refused.status().message().find(bad), std::string::npos) << refused.status().to_string();
    EXPECT_EQ(refused.status().hint().find("--allow-outside"), std::string::npos) << refused.status().to_string();
  }
  for (const std::string prefix : {"file://", "file:", ""}) {
    clone(prefix + inside, prefix + vector);
    const LinkReply made = take(workspace_->run<Link>(request, {}));
    EXPECT_EQ(made.files, 1);
    EXPECT_TRUE(take(lake::read_link(*store_, "main/clone")).outside);
    EXPECT_TRUE(take(workspace_->run<Show>({"clone", ""}, {})).link->outside);
    EXPECT_EQ(take(workspace_->run<Sql>({"SELECT count(*), max(number) FROM clone", "", 10}, {})).rows[0][1].as_int(),
              2998);
    // SQL that came from elsewhere reads that file, and nothing beside it.
    EXPECT_FALSE(
        workspace_->run<Sql>({"SELECT * FROM read_parquet('" + elsewhere("with space/*.parquet") + "')", "", 10}, {})
            .ok());
    EXPECT_EQ(found("walrus 1000").at(0), "1000");
    EXPECT_TRUE(found("1001").empty());
    SearchRequest filtered;
    filtered.query = "walrus";
    filtered.mode = "lexical";
    filtered.filter = "number = 500";
    EXPECT_EQ(take(workspace_->run<Search>(filtered, {})).hits.size(), 1U);
    EXPECT_EQ(take(workspace_->run<Fetch>({"1000", "clone", ""}, {})).text, "walrus 1000");
    expect_clean();
    take(workspace_->run<Vacuum>({{}, "0", false}, {}));
    EXPECT_EQ(take(workspace_->run<Show>({"clone", ""}, {})).indexes[0].coverage, 1.0);
    LinkRequest away;
    away.as = "clone";
    away.remove = true;
    take(workspace_->run<Link>(away, {}));
  }
}

TEST_F(LinkTest, AFolderOfParquetFiles) {
  fs::create_directories(elsewhere("logs/day=1"));
  fs::create_directories(elsewhere("logs/_hidden"));
  const auto write = [&](const std::string& name, const std::string& select) {
    take(connection_->write_parquet(select, elsewhere("logs/" + name)));
  };
  write("day=1/a.parquet", "SELECT 1::BIGINT AS id, 'The walrus swims' AS line");
  write("_hidden/b.parquet", "SELECT 9::BIGINT AS id, 'walrus' AS line");
  const LinkReply made = link(elsewhere("logs"), "raw.logs", "line");
  EXPECT_EQ(made.kind, "parquet");
  EXPECT_EQ(made.rows, 1);
  EXPECT_EQ(found("walrus"), std::vector<std::string>{"1"});
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  fs::create_directories(elsewhere("logs/day=2"));
  write("day=2/c.parquet", "SELECT 2::BIGINT AS id, 'A second walrus' AS line");
  EXPECT_EQ(found("walrus").size(), 2U) << "seen at the next read";
  const SqlReply sql = take(workspace_->run<Sql>({"SELECT day FROM raw.logs ORDER BY id", "", 10}, {}));
  ASSERT_EQ(sql.rows.size(), 2U);
  EXPECT_EQ(sql.rows[1][0].as_string(), "2");
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  fs::remove(elsewhere("logs/day=1/a.parquet"));
  EXPECT_EQ(found("walrus"), std::vector<std::string>{"2"});
  EXPECT_EQ(take(workspace_->run<History>({"raw.logs", 5}, {})).versions.size(), 1U);
  EXPECT_EQ(workspace_->run<Show>({"raw.logs", "3"}, {}).status().code(), Code::not_found);
  expect_clean();
}

TEST_F(LinkTest, WhatCannotBeLinkedIsSaid) {
  const auto foreign = create(elsewhere_.get(), "t", "SELECT 1::BIGINT AS number, 'a' AS words");
  put(*foreign, "SELECT 1 AS number, 'a' AS words", "number");
  documents();
  fs::create_directory(elsewhere("empty"));
  EXPECT_EQ(refused(elsewhere("gone"), "x"), Code::not_found);
  EXPECT_EQ(refused(elsewhere("empty"), "x"), Code::not_found);
  EXPECT_EQ(refused(elsewhere("t"), "docs"), Code::already_exists);
  EXPECT_EQ(refused(elsewhere("t"), "no/name"), Code::invalid_argument);
  EXPECT_EQ(refused(elsewhere("t"), "x", "nosuch", "number"), Code::invalid_argument);
  EXPECT_EQ(refused(elsewhere("t"), "x", "words"), Code::invalid_argument) << "nothing tells rows apart";
  EXPECT_EQ(refused(elsewhere("t"), "x", "", "number"), Code::invalid_argument) << "no text is named";
  EXPECT_EQ(refused(lake_ + "/main/docs", "x"), Code::invalid_argument) << "it lies in the lake";
  // A log that names a file outside.
  for (const char* path : {"../secret.parquet", "/etc/passwd", "file:///etc/passwd", "s3://bucket/x.parquet"}) {
    std::ofstream(elsewhere("t/_delta_log/00000000000000000002.json"))
        << R"({"add":{"path":")" << path
        << R"(","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true}})" << "\n";
    EXPECT_EQ(refused(elsewhere("t"), "x"), Code::permission_denied) << path;
  }
  fs::remove(elsewhere("t/_delta_log/00000000000000000002.json"));
  link(elsewhere("t"), "x");
  fs::remove_all(elsewhere("t"));
  workspace_.reset();
  OpenOptions options;
  options.lake = lake_;
  options.model = "none";
  workspace_ = take(Workspace::open(options));
  const auto show = workspace_->run<Show>({"x", ""}, {});
  EXPECT_EQ(show.status().code(), Code::not_found);
  EXPECT_NE(show.status().message().find("is a link to " + elsewhere("t")), std::string::npos)
      << show.status().to_string();
  const TablesReply listed = take(workspace_->run<ListTables>({}, {}));
  EXPECT_EQ(listed.tables.size(), 1U);
  ASSERT_EQ(listed.unreadable.size(), 1U);
  EXPECT_EQ(listed.unreadable[0].table, "main.x");
  EXPECT_NE(listed.unreadable[0].remedy.find("tarn link"), std::string::npos) << listed.unreadable[0].remedy;
  LinkRequest away;
  away.as = "x";
  away.remove = true;
  EXPECT_TRUE(workspace_->run<Link>(away, {}).ok()) << "a dead link can be taken away";
}

}  // namespace
}  // namespace tarn::workspace
