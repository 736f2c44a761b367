// A lake in a directory of its own with a session that writes it, and beside them a plain DuckDB: for tests that
// compare the two.
#pragma once

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "lake/dropped.h"
#include "sql/session.h"
#include "store/store.h"

namespace tarn::sql {

using Lines = std::vector<std::string>;

inline base::Result<Lines> read(duck::Rows& rows) {
  Lines lines;
  for (;;) {
    TARN_ASSIGN(const duck::Chunk* chunk, rows.next());
    if (!chunk) break;
    for (size_t r = 0; r < chunk->rows(); ++r) {
      std::string line;
      for (size_t c = 0; c < rows.columns().size(); ++c) line += chunk->sql_text(c, r) + "|";
      lines.push_back(std::move(line));
    }
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

class LakeTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::filesystem::path base = std::filesystem::is_directory("/dev/shm")
                                           ? std::filesystem::path("/dev/shm")
                                           : std::filesystem::path(testing::TempDir());
    root_ = base / fmt::format("tarn-sql-write-{}-{}", getpid(), ++made_);
    std::filesystem::create_directories(root_);
    store_ = *store::open_local((root_ / "lake").string());
    plain_ = *(*duck::open({}))->connect();
    session_ = open();
  }
  void TearDown() override {
    check();
    session_.reset();
    store_.reset();
    std::filesystem::remove_all(root_);
  }

  lake::Environment environment() {
    return {store_.get(), &base::system_clock(), &random_, nullptr, false, [] { return (*duck::open({}))->connect(); }};
  }
  static std::string path_of(std::string name) {
    name[name.find('.')] = '/';
    return name;
  }
  base::Result<PinnedTable> pin(const std::string& name, const std::string& as_of = {}) {
    auto& table = tables_[name];
    if (!table) {
      TARN_ASSIGN(table, lake::open_table(environment(), path_of(name)));
    }
    std::optional<base::Version> version;
    if (!as_of.empty() && as_of.find('T') == std::string::npos) version = base::Version(std::stoll(as_of));
    if (as_of.find('T') != std::string::npos) {
      TARN_ASSIGN(const int64_t time, base::parse_utc(as_of));
      TARN_ASSIGN(version, table->version_at(time));
    }
    TARN_ASSIGN(auto snapshot, table->snapshot(version));
    return PinnedTable{table, std::move(snapshot)};
  }

  std::unique_ptr<Session> open(bool writes = true) {
    SessionOptions options;
    options.connection = *(*duck::open({}))->connect();
    const auto paths = *lake::list_tables(*store_);
    for (std::string name : paths) {
      name[name.find('/')] = '.';
      options.tables.push_back(
          {name, [this, name](const base::Context&) { return pin(name); },
           [this, name](const std::string& as_of, const base::Context&) { return pin(name, as_of); }});
    }
    options.scalar_functions.push_back({"meddle", {"VARCHAR"}, "VARCHAR", [this](const std::vector<duck::Cell>& given) {
                                          if (meddle_) meddle_();
                                          return base::Result<duck::Cell>(given[0]);
                                        }});
    if (writes) {
      LakeWriter writer;
      writer.hold = [](const std::string&) { return std::shared_ptr<void>(); };
      writer.pin = [this](const std::string& name, const std::string& as_of, const base::Context&) {
        if (before_pin_) before_pin_();
        return pin(name, as_of);
      };
      writer.create = [this](const std::string& name,
                             const std::vector<delta::Field>& schema) -> base::Result<PinnedTable> {
        TARN_TRY(lake::create_table(environment(), path_of(name), {schema, {}}));
        return pin(name);
      };
      writer.create_as = [this](const std::string& name, duck::Connection& connection, const lake::NewRows& select,
                                const base::Context& context, int64_t* rows) -> base::Result<PinnedTable> {
        TARN_ASSIGN(*rows, lake::create_table_as(environment(), path_of(name), connection, select, context));
        return pin(name);
      };
      writer.drop = [this](const std::string& name) {
        tables_.erase(name);
        return lake::drop_table(environment(), path_of(name));
      };
      options.writer = std::move(writer);
    }
    return *Session::open(std::move(options));
  }

  struct Outcome {
    base::Status status;
    uint64_t changed = 0;
    Lines rows;
  };
  // `side`: a session or a connection.
  template <typename Side>
  static Outcome run(Side& side, const std::string& sql) {
    Outcome out;
    auto rows = side.query(sql);
    out.status = rows.status();
    if (!rows.ok()) return out;
    auto lines = read(**rows);
    out.status = lines.status();
    if (lines.ok()) out.rows = *lines;
    out.changed = (*rows)->rows_changed();
    return out;
  }
  Outcome here(const std::string& sql) { return run(*session_, sql); }
  Outcome there(const std::string& sql) { return run(*plain_, sql); }
  // Runs a statement on both sides and compares what it says and what it leaves.
  void both(const std::string& sql, const std::vector<std::string>& tables = {"t", "u"}) {
    const Outcome a = here(sql), b = there(sql);
    ASSERT_EQ(a.status.ok(), b.status.ok())
        << sql << "\nTarn: " << a.status.to_string() << "\nDuckDB: " << b.status.to_string();
    failed_ += a.status.ok() ? 0 : 1;
    ASSERT_EQ(a.rows, b.rows) << sql;
    if (a.status.ok() && a.rows.empty() && !sql.starts_with("CREATE")) {  // DuckDB counts no rows of CREATE … AS
      ASSERT_EQ(a.changed, b.changed) << sql;
    }
    for (const std::string& table : tables) {
      const Outcome mine = here("FROM " + table), theirs = there("FROM " + table);
      ASSERT_TRUE(mine.status.ok()) << mine.status.to_string();
      ASSERT_EQ(mine.rows, theirs.rows) << "after " << sql;
    }
  }
  void refused(const std::string& sql, const std::string& why, base::Code code = base::Code::unsupported) {
    const base::Status status = here(sql).status;
    EXPECT_EQ(status.code(), code) << sql << ": " << status.to_string();
    EXPECT_THAT(status.message(), testing::HasSubstr(why)) << sql;
  }
  int64_t version_of(const std::string& name) { return pin(name)->snapshot->version.value; }

  void check() {
    const auto paths = *lake::list_tables(*store_);
    for (const std::string& path : paths) {
      const auto table = *lake::open_table(environment(), path);
      const auto findings = table->check(*plain_, {});
      ASSERT_TRUE(findings.ok()) << findings.status().to_string();
      for (const lake::Finding& finding : *findings) ADD_FAILURE() << finding.where << ": " << finding.what;
    }
  }

  static inline int made_ = 0;
  int failed_ = 0;
  std::filesystem::path root_;
  base::Random random_{7};
  std::unique_ptr<store::Store> store_;
  std::map<std::string, std::shared_ptr<lake::TableReader>> tables_;
  std::unique_ptr<duck::Connection> plain_;
  std::unique_ptr<Session> session_;
  std::function<void()> before_pin_, meddle_;
};

}  // namespace tarn::sql
