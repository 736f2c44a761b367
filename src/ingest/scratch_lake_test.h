// For tests: a lake in the temporary directory, pulled into from a folder beside it, with an extraction that needs no
// worker.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "connector/folder/folder.h"
#include "connector/folder/scratch_folder_test.h"
#include "connector/uri.h"
#include "ingest/ingest.h"
#include "lake/table_name.h"
#include "store/store.h"

namespace tarn::ingest {

// Calls back before each commit that adds a file.
class CommitWatcher final : public lake::Observer {
 public:
  std::function<void()> at_file;
  base::Status file_written(const lake::TableReader&, const delta::Snapshot*, const delta::DataFile&,
                            const base::Context&) override {
    if (at_file) at_file();
    return {};
  }
  base::Status files_merged(const lake::TableReader&, const delta::Snapshot&, const std::vector<delta::DataFile>&,
                            const delta::DataFile&, const base::Context&) override {
    return {};
  }
};

// A pull, for the message of a test that fails.
inline std::string said(const PullReport& r) {
  std::string text = r.table + " from " + r.source + (r.dry_run ? ", dry run" : "");
  const auto say = [&](uint64_t n, const char* what) {
    if (n > 0) text += ", " + std::to_string(n) + " " + what;
  };
  say(r.added, "added");
  say(r.changed, "changed");
  say(r.renamed, "renamed");
  say(r.deleted, "deleted");
  say(r.taken_over, "taken over");
  say(r.unchanged, "unchanged");
  say(r.kept, "kept");
  say(r.skipped, "skipped");
  say(r.rejected, "rejected");
  say(r.commits, "commits");
  return text;
}

class ScratchLake {
 public:
  struct Row {
    std::string id, title, body;
    bool operator==(const Row&) const = default;
  };

  ScratchLake() {
    auto opened = store::open_local(lake_dir.at("lake"));
    EXPECT_TRUE(opened.ok()) << opened.status().to_string();
    store = std::move(*opened);
    environment = make_environment();
    request.source.url = folder.path();
    request.table = "docs";
  }

  Environment make_environment() {
    Environment e;
    e.lake.store = store.get();
    e.lake.clock = &clock;
    e.lake.random = &random;
    e.lake.observer = &commits;
    e.lake.connect = [this] {
      connect();
      return database_->connect();
    };
    e.connection = [this]() -> base::Result<duck::Connection*> {
      ++connections_asked;
      return connect();
    };
    e.extract = [this](std::string_view bytes, std::string_view mime, std::string_view name,
                       const document::ExtractOptions& options, const document::Sink& sink) -> base::Status {
      TARN_ASSIGN(document::Document d, extract(bytes, mime, name, options));
      TARN_TRY(sink(std::move(d)));
      return at_parts ? at_parts(bytes, sink) : base::Status();
    };
    e.connectors = &connectors;
    return e;
  }

  duck::Connection* connect() {
    if (!connection_) {
      duck::Options options;
      options.threads = 1;
      auto opened = duck::open(options);
      EXPECT_TRUE(opened.ok()) << opened.status().to_string();
      database_ = std::move(*opened);
      auto connected = database_->connect();
      EXPECT_TRUE(connected.ok()) << connected.status().to_string();
      connection_ = std::move(*connected);
    }
    return connection_.get();
  }

  duck::Database* database() { return database_.get(); }  // after connect()

  // The title is the first line. "BAD" is not readable.
  base::Result<document::Document> extract(std::string_view bytes, std::string_view mime, std::string_view name,
                                           const document::ExtractOptions&) {
    ++extracted;
    if (at_extract) at_extract(bytes);
    if (bytes.find("BAD") != std::string_view::npos) {
      return base::Status(base::Code::invalid_argument, "it says BAD at byte " + std::to_string(bytes.find("BAD")));
    }
    document::Document d;
    d.title = bytes.empty() ? std::string(name) : std::string(bytes.substr(0, bytes.find('\n')));
    d.body = bytes;
    d.mime = mime;
    d.labels = {"test", "test"};
    d.extra = json::Value::object({{"path", "its own"}});
    return d;
  }

  base::Result<PullReport> try_pull() {
    clock.advance_us(1'000'000);
    base::Context context{nullptr, cancel.get()};
    return ingest::pull(request, environment, context);
  }
  PullReport pull() {
    auto report = try_pull();
    EXPECT_TRUE(report.ok()) << report.status().to_string();
    return report.ok() ? std::move(*report) : PullReport();
  }

  // An option of the source; null takes it away.
  void option(const std::string& name, json::Value value) { request.source.options.set(name, std::move(value)); }

  std::string uri(std::string_view name) const { return connector::file_url(folder.at(name)); }

  // One list of cells for each live row, in the order of `columns`.
  std::vector<std::vector<duck::Cell>> select(const std::string& table, const std::vector<std::string>& columns) {
    std::vector<std::vector<duck::Cell>> out;
    auto opened = lake::open_table(environment.lake, lake::path_of_table(table));
    if (opened.status().code() == base::Code::not_found) return out;
    EXPECT_TRUE(opened.ok()) << opened.status().to_string();
    auto snapshot = (*opened)->snapshot();
    EXPECT_TRUE(snapshot.ok()) << snapshot.status().to_string();
    auto live = (*opened)->select(**snapshot, columns, false);
    EXPECT_TRUE(live.ok()) << live.status().to_string();
    std::string names;
    for (const auto& column : columns) names += (names.empty() ? "" : ", ") + duck::quote_name(column);
    auto rows = connect()->query("SELECT " + names + " FROM (" + live->sql + ") ORDER BY ALL");
    EXPECT_TRUE(rows.ok()) << rows.status().to_string();
    for (;;) {
      auto chunk = (*rows)->next();
      EXPECT_TRUE(chunk.ok());
      if (!*chunk) return out;
      for (size_t r = 0; r < (*chunk)->rows(); ++r) {
        out.emplace_back();
        for (size_t c = 0; c < columns.size(); ++c) out.back().push_back((*chunk)->cell(c, r));
      }
    }
  }

  std::map<std::string, Row> rows(const std::string& table = "main.docs") {
    std::map<std::string, Row> out;
    std::map<std::string, int> ids;
    auto text = [](const duck::Cell& cell) {
      return cell.is_null() ? std::string() : std::get<std::string>(cell.value);
    };
    for (const auto& row : select(table, {"uri", "id", "title", "body"})) {
      EXPECT_TRUE(out.emplace(text(row[0]), Row{text(row[1]), text(row[2]), text(row[3])}).second)
          << "doubled: " << text(row[0]);
      EXPECT_EQ(++ids[text(row[1])], 1) << "doubled id of " << text(row[0]);
    }
    return out;
  }
  // uri → body
  std::map<std::string, std::string> bodies() {
    std::map<std::string, std::string> out;
    for (const auto& [u, row] : rows()) out[u] = row.body;
    return out;
  }
  std::map<std::string, std::string> rejects() {
    std::map<std::string, std::string> out;
    for (const auto& row : select("tarn.rejects", {"item", "reason"})) {
      EXPECT_TRUE(out.emplace(std::get<std::string>(row[0].value), std::get<std::string>(row[1].value)).second);
    }
    return out;
  }
  int64_t version(const std::string& table = "main.docs") {
    auto opened = lake::open_table(environment.lake, lake::path_of_table(table));
    return opened.ok() ? (*(*opened)->snapshot())->version.value : -1;
  }

  // `tarn check` of every table: to be called at the end of each test that writes.
  void expect_clean() {
    auto tables = lake::list_tables(*store);
    ASSERT_TRUE(tables.ok());
    for (const std::string& path : *tables) {
      auto opened = lake::open_table(environment.lake, path);
      ASSERT_TRUE(opened.ok()) << opened.status().to_string();
      auto findings = (*opened)->check(*connect(), {});
      ASSERT_TRUE(findings.ok()) << findings.status().to_string();
      for (const auto& f : *findings) ADD_FAILURE() << path << ": " << f.where << ": " << f.what;
    }
  }

  connector::folder::ScratchFolder folder, lake_dir;
  connector::folder::FaultyDisk disk;
  std::vector<connector::Descriptor> connectors = {connector::folder::descriptor(disk)};
  base::FixedClock clock{1'790'000'000'000'000};
  base::Random random{7};
  CommitWatcher commits;
  std::unique_ptr<store::Store> store;
  Environment environment;
  PullRequest request;
  std::unique_ptr<base::Cancel> cancel = std::make_unique<base::Cancel>();
  int connections_asked = 0;
  std::atomic<uint64_t> extracted{0};
  std::function<void(std::string_view)> at_extract;
  // What comes behind the item itself.
  std::function<base::Status(std::string_view bytes, const document::Sink& sink)> at_parts;

 private:
  std::unique_ptr<duck::Database> database_;
  std::unique_ptr<duck::Connection> connection_;
};

}  // namespace tarn::ingest
