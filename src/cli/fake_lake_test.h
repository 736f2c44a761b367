// A lake for the tests of the faces: fixed replies through the real declarations, and a SQL session that echoes.
#pragma once

#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "cli/fake_versions_test.h"
#include "cli/program.h"
#include "workspace/operations.h"

namespace tarn::cli {

class FakeSession final : public SqlSession {
 public:
  std::vector<std::string> split(const std::string& script) const override {
    std::vector<std::string> statements;
    for (size_t at = 0; at < script.size();) {
      const size_t end = std::min(script.find(script[at] == '.' ? '\n' : ';', at), script.size());
      statements.push_back(script.substr(at, end - at));
      at = end + 1;
    }
    return statements;
  }
  bool is_complete(std::string_view text) const override { return text.find(';') != std::string_view::npos; }
  std::vector<std::string> complete(std::string_view text) override {
    return text.ends_with("sel") ? std::vector<std::string>{"select"} : std::vector<std::string>{};
  }
  base::Status run(const std::string& statement, const RowFormat& format, const TextSink& sink,
                   const base::Context& context) override {
    TARN_TRY(context.check());
    if (statement.find("wrong") != std::string::npos) {
      return {base::Code::invalid_argument, "Parser Error: wrong\nLINE 1: wrong\n        ^"};
    }
    beside_ruin_ = statement.find("beside a ruin") != std::string::npos;
    sink(format.name + (format.header ? " " : " bare ") + statement + "\n");
    return {};
  }
  base::Status save(const std::string& statement, const std::string& format, const std::string& path,
                    const base::Context&) override {
    std::ofstream(path) << format << " " << statement << "\n";
    return {};
  }
  uint64_t rows_changed() const override { return 0; }
  const std::vector<base::Status>& warnings() const override {
    static const std::vector<base::Status> one = {{base::Code::corruption, "table main.ruin: 00001.json: damaged"}};
    static const std::vector<base::Status> none;
    return beside_ruin_ ? one : none;
  }

 private:
  bool beside_ruin_ = false;
};

class FakeLake final : public Lake {
 public:
  explicit FakeLake(LakeOptions given = {}) : options(std::move(given)) {}

  std::vector<operation::Bound> operations() override {
    using namespace workspace;
    std::vector<operation::Bound> all = {
        operation::bind<Pull>([](const PullRequest& r, const operation::Sink<PullReply>& rounds,
                                 const base::Context& c) -> base::Result<PullReply> {
          if (!r.watch) return pull(r, c);
          rounds(pull(r, c));
          return base::Status(base::Code::cancelled, "stopped on request");
        }),
        operation::bind<Sources>([this](const SourcesRequest&, const base::Context&) { return sources(empty); }),
        operation::bind<Connectors>([](const ConnectorsRequest&, const base::Context&) { return connectors(); }),
        operation::bind<ListTables>([this](const TablesRequest& r, const base::Context&) -> base::Result<TablesReply> {
          TablesReply reply;
          reply.lake = "/lake";
          if (r.as_of == "damaged") {
            reply.unreadable = {{"main.notes", "main/notes/_delta_log/3.json line 2: \x1b[2J no JSON", "restore it"}};
          }
          if (!empty) {
            reply.tables = {{"main.docs", 12, "2026-11-22T10:00:00.123Z", 1169, 4, 12'345'678},
                            {"tarn.rejects", 0, "2026-11-21T09:30:00Z", 3, 1, 2048}};
          }
          return reply;
        }),
        operation::bind<Show>([](const ShowRequest& r, const base::Context&) -> base::Result<ShowReply> {
          if (r.table != "main.docs") {
            return base::Status(base::Code::not_found, "there is no table " + r.table, "tarn tables lists them");
          }
          return ShowReply{"main.docs",
                           12,
                           "2026-11-22T10:00:00Z",
                           "/lake/main/docs",
                           1169,
                           3,
                           4,
                           12'345'678,
                           {{"id", "VARCHAR", false},
                            {"labels", "VARCHAR[]", true},
                            {"created_at", "TIMESTAMP WITH TIME ZONE", true}},
                           {{"0c8e", "/home/me/notes", 7, "2026-11-22T10:00:00Z", {}}},
                           {{"ab12", "lexical", "english/1 icu-72.1 snowball-2.2", 1.0, 4, 9000, 5'000'000},
                            {"cd34", "semantic", "all-MiniLM-L6-v2", 0.993, 4, 8900, 7'000'000}},
                           3,
                           {"lang"},
                           {{"delta.enableDeletionVectors", "true"}},
                           {{"release-1", 12}},
                           {}};
        }),
        operation::bind<History>([](const HistoryRequest&, const base::Context&) -> base::Result<HistoryReply> {
          return HistoryReply{"main.docs",
                              {{2, "2026-11-22T10:00:00Z", "PULL", "tarn 0.1.0", 10, 11, 1, 0, {}},
                               {1, "2026-11-21T10:00:00Z", "WRITE", "Apache-Spark/4.1.1", 1169, 0, 4, 0, "nightly"}},
                              true};
        }),
        operation::bind<Search>([](const SearchRequest& r, const base::Context& c) { return search(r, c); }),
        operation::bind<Ask>([](const AskRequest& r, const base::Context&) { return ask(r); }),
        operation::bind<Verify>([](const VerifyRequest& r, const base::Context&) -> base::Result<VerifyReply> {
          const bool good = r.receipt != "bad.json";
          return VerifyReply{r.receipt,
                             "How do I restore?",
                             "2026-11-22T10:00:00Z",
                             good,
                             false,
                             {{1,
                               "main.docs",
                               12,
                               "a",
                               "Restoring",
                               "restore.html",
                               "Run pg_restore.",
                               good ? "stands" : "altered",
                               "deleted",
                               {}}},
                             {}};
        }),
        operation::bind<Fetch>([](const FetchRequest& r, const base::Context&) -> base::Result<FetchReply> {
          if (r.id == "gone") {
            return base::Status(base::Code::not_found, "no document has the id gone", "tarn search finds ids");
          }
          return FetchReply{r.id, "Restoring", "# Restoring\n\nRun \x1b[31mpg_restore\x1b[0m.\n", "restore.html",
                            json::Value::object({{"table", "main.docs"}})};
        }),
        operation::bind<Sql>([](const SqlRequest& r, const base::Context& c) -> base::Result<SqlReply> {
          if (r.query == "slow") {
            while (c.check().ok()) std::this_thread::sleep_for(std::chrono::milliseconds(2));
            return c.check();
          }
          return SqlReply{{{"n", "BIGINT"}}, {{json::Value(1)}, {json::Value()}}, r.max_rows < 2, 0.5};
        }),
        operation::bind<Optimize>([](const OptimizeRequest&, const base::Context&) -> base::Result<OptimizeReply> {
          return OptimizeReply{{{"main.docs", 13, 4, 1, 12'345'678, 12'000'000}}, 1234};
        }),
        operation::bind<Check>([this](const CheckRequest&, const base::Context&) -> base::Result<CheckReply> {
          CheckReply reply{!empty, {{"main.docs", 12, 1169, 4, 4, 9000, 12'345'678}}, {}, 812};
          if (empty) {
            reply.problems = {
                {"main.docs", "part-1.parquet", "its bytes do not match its hash", "pull the source again"}};
          }
          return reply;
        }),
        operation::bind<Doctor>([](const DoctorRequest&, const base::Context&) -> base::Result<DoctorReply> {
          return DoctorReply{false,
                             {{"lake", "ok", "/lake, 12.3 GB free", {}},
                              {"model", "fail", "there is no model at /x", "tarn model get"}}};
        }),
    };
    for (operation::Bound& bound : fake_version_operations()) all.push_back(std::move(bound));
    return all;
  }

  void leave() override {}
  base::Result<std::unique_ptr<SqlSession>> session(const std::string&, bool) override {
    return std::unique_ptr<SqlSession>(new FakeSession);
  }

  LakeOptions options;
  bool empty = false;

 private:
  static base::Result<workspace::PullReply> pull(const workspace::PullRequest& r, const base::Context& context) {
    context.update("reading", 500, 1169, "documents");
    using Kind = ingest::PlannedChange::Kind;
    workspace::PullReply reply;
    reply.source = r.source;
    if (r.all) {
      reply.pulls = {{"notes", "main.docs", "ok", 10, 0, 0, 1, 1158, 0, {}, {}, {}},
                     {"wiki", "main.wiki", "failed", 0, 0, 0, 0, 0, 0, "permission_denied",
                      "the secret is \x1b[2J wrong", "get a new one"}};
      return reply;
    }
    reply.table = r.into.empty() ? "main.docs" : r.into;
    reply.version = base::Version(3);
    reply.dry_run = r.dry_run;
    reply.took_ms = 1834;
    if (r.source == "same") {
      reply.seen = reply.unchanged = 1169;
      return reply;
    }
    reply.commits = 1;
    reply.seen = 1170;
    reply.added = 10;
    reply.deleted = 1;
    reply.unchanged = 1158;
    reply.rejected = 1;
    reply.passages = 87;
    reply.encoded = 80;
    reply.size_bytes = 123'456;
    reply.rejects = {{"notes/broken\nname.html", "byte 4096", "the file is not text"}};
    if (r.dry_run) reply.changes = {{Kind::added, "notes/new.md"}, {Kind::renamed, "notes/b.md", "notes/a.md"}};
    return reply;
  }

  static base::Result<workspace::SourcesReply> sources(bool empty) {
    workspace::SourcesReply reply;
    reply.lake = "/lake";
    reply.file = "/lake/tarn.toml";
    if (empty) return reply;
    workspace::SourceSummary notes;
    notes.name = "notes";
    notes.source = "file:///home/me/notes";
    notes.kind = "folder";
    notes.table = "main.docs";
    notes.state = "ok";
    notes.pulled_at = "2026-11-22T10:00:00Z";
    notes.lag_s = 7300;
    notes.rows = 1169;
    notes.rejected = 3;
    workspace::SourceSummary wiki = notes;
    wiki.name = "wiki";
    wiki.source = "https://wiki.example/\x1b[2J";
    wiki.state = "never pulled";
    wiki.problem = "the variable WIKI_TOKEN is not set";
    wiki.pulled_at = {};
    wiki.lag_s = wiki.rows = {};
    workspace::SourceSummary other = notes;
    other.name = {};
    other.state = "failed";
    other.lag_s = 900'000;
    reply.sources = {notes, wiki, other};
    reply.unreadable = {{"main.ruin", "00001.json: damaged"}};
    return reply;
  }

  static base::Result<workspace::ConnectorsReply> connectors() {
    workspace::ConnectorInfo folder{"folder",     "a folder of this machine",
                                    "a path",     {"", "file"},
                                    "documents",  "listing",
                                    true,         false,
                                    false,        4,
                                    "Apache-2.0", {}};
    folder.options = {{"include", "list of text", json::Value::array(), "only paths that match", "pull"},
                      {"depth", "integer", 3, "how deep", "kept"}};
    workspace::ConnectorInfo log = folder;
    log.name = "log";
    log.deletions = "never";
    log.takes_secret = log.permissions = true;
    log.watchable = false;
    log.options = {};
    return workspace::ConnectorsReply{{folder, log}};
  }

  static search::Hit hit(uint64_t rank) {
    search::Hit h;
    h.rank = rank;
    h.score = 0.9313;
    h.scores = {12.4, 0.71};
    h.table = "main.docs";
    h.id = "backup/restore.html";
    h.title = "Continuous Archiving and Point-in-Time Recovery (PITR)";
    h.uri = "file:///usr/share/doc/postgresql-doc-15/html/continuous-archiving.html";
    h.passage.heading = {"Continuous Archiving and Point-in-Time Recovery (PITR)",
                         "Recovering Using a Continuous Archive Backup"};
    h.passage.start = 1204;
    h.passage.end = 1890;
    h.passage.text =
        "Okay, the worst has happened and you need to recover from your backup. Here is the procedure: Stop the "
        "server, if it's\nrunning. "
        "If you have the space to do so, copy the whole cluster data directory and any tablespaces to a temporary "
        "location in case you need "
        "them later. Note that this precaution will require that you have enough free space on your system to hold two "
        "copies of your existing "
        "database. If you do not have enough space, you should at least save the contents of the cluster's pg_wal "
        "subdirectory.";
    for (const char* word : {"recover", "backup"}) {
      const auto at = static_cast<uint32_t>(h.passage.text.find(word));
      h.passage.highlights.push_back({at, at + static_cast<uint32_t>(std::string_view(word).size())});
    }
    h.row = {"part-1.parquet", base::RowIndex(17)};
    return h;
  }

  static base::Result<workspace::SearchReply> search(const workspace::SearchRequest& r, const base::Context& context) {
    if (r.mode == "semantic") {
      return base::Status(base::Code::unavailable, "no encoder is installed", "tarn doctor says more");
    }
    workspace::SearchReply reply;
    reply.query = r.query;
    reply.mode = r.mode;
    reply.took_ms = 3.14;
    reply.tables = {{"main.docs", 12, "2026-11-22T10:00:00Z", {1.0, 1.0}}};
    if (r.query == "nothing") return reply;
    context.update("searching", 1, 2, "tables");
    reply.hits = {hit(1), hit(2)};
    reply.hits[1].title = "Überblick \x1b[2J日本語";
    reply.hits[1].passage.heading = {};
    return reply;
  }

  static base::Result<workspace::AskReply> ask(const workspace::AskRequest& r) {
    workspace::AskReply reply;
    reply.query = r.question;
    reply.mode = "hybrid";
    reply.took_ms = 41.5;
    reply.tables = {{"main.docs", 12, "2026-11-22T10:00:00Z", {1.0, 1.0}}};
    if (r.question == "nothing") {
      reply.reason = "the best passage is not near enough";
      return reply;
    }
    reply.found = true;
    reply.answer =
        "Stop the server, if it's running. [1] If you have the space to do so, copy the whole cluster data directory "
        "and any tablespaces to a "
        "temporary location in case you need them later. [1]";
    answer::Citation c;
    static_cast<search::Hit&>(c) = hit(1);
    c.marker = 1;
    c.quote = "Stop the server, if it's running.";
    c.span = {1299, 1332};
    c.version = base::Version(12);
    c.hash = "00ff";
    reply.citations = {c};
    reply.hits = {hit(1)};
    reply.receipt = "/lake/_tarn/receipts/0c8e.json";
    return reply;
  }
};

}  // namespace tarn::cli
