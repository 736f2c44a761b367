// C2, C3 for SQL that writes: a power cut after every system call of a statement, and every call that fails. What opens
// afterwards has the tables before the statement or after it, whole; check() finds nothing; the next statement needs no
// repair.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>

#include "base/hash.h"
#include "lake/dropped.h"
#include "sql/session.h"
#include "store/fault_store.h"
#include "store/scratch_test.h"

namespace tarn::sql {
namespace {

using base::Code;
using base::Result;
using base::Status;
using Content = std::map<std::string, std::vector<std::string>>;  // rows by table

bool is_soak() { return std::getenv("TARN_SOAK") != nullptr; }

struct Statement {
  std::string name, text;
};
void PrintTo(const Statement& statement, std::ostream* out) { *out << statement.name; }

duck::Connection& own_connection() {
  // Never closed: the main thread's own things in DuckDB end before statics do.
  static const auto& database = *new std::unique_ptr<duck::Database>(duck::open({}).value());
  static const auto& connection = *new std::unique_ptr<duck::Connection>(database->connect().value());
  return *connection;
}

class SqlCrashTest : public testing::TestWithParam<Statement> {
 protected:
  void SetUp() override {
    const auto store = *store::open_local(prepared_.path());
    for (const char* text : {"CREATE TABLE main.t AS SELECT range::VARCHAR AS id, range AS v FROM range(6)",
                             "INSERT INTO main.t SELECT range::VARCHAR, range FROM range(6, 9)",
                             "DELETE FROM main.t WHERE v = 2", "CREATE TABLE main.other AS SELECT 1 AS x"}) {
      const Status done = run(*store, text);
      ASSERT_TRUE(done.ok()) << done.to_string();
    }
    before_ = *content(*store);
    const store::ScratchDirectory whole;
    copy_prepared(whole.path());
    const auto other = *store::open_local(whole.path());
    const Status done = run(*other, GetParam().text);
    ASSERT_TRUE(done.ok()) << done.to_string();
    after_ = *content(*other);
    ASSERT_NE(before_, after_);
  }
  void copy_prepared(const std::string& to) {
    std::filesystem::copy(prepared_.path(), to, std::filesystem::copy_options::recursive);
  }
  lake::Environment environment(store::Store& store) {
    return {&store, &base::system_clock(), &random_, nullptr, false, [] { return (*duck::open({}))->connect(); }};
  }

  // One statement in a session of its own, as the workspace would open it.
  Status run(store::Store& store, const std::string& text) {
    const lake::Environment lake = environment(store);
    const auto path_of = [](std::string name) {
      name[name.find('.')] = '/';
      return name;
    };
    const auto pin = [lake, path_of](const std::string& name, const std::string&,
                                     const base::Context&) -> Result<PinnedTable> {
      TARN_ASSIGN(const auto table, lake::open_table(lake, path_of(name)));
      TARN_ASSIGN(auto snapshot, table->snapshot());
      return PinnedTable{table, std::move(snapshot)};
    };
    SessionOptions options;
    TARN_ASSIGN(
        const auto database,
        duck::open({.threads = 1, .memory_limit_bytes = uint64_t{1} << 30, .temp_directory = {}, .locked_to = {}}));
    TARN_ASSIGN(options.connection, database->connect());
    TARN_ASSIGN(const auto paths, lake::list_tables(store));
    for (std::string name : paths) {
      name[name.find('/')] = '.';
      const auto pin_at = [pin, name](const std::string& as_of, const base::Context& context) {
        return pin(name, as_of, context);
      };
      options.tables.push_back({name, [pin_at](const base::Context& context) { return pin_at("", context); }, pin_at});
    }
    LakeWriter writer;
    writer.hold = [](const std::string&) { return std::shared_ptr<void>(); };
    writer.pin = pin;
    writer.create_as = [lake, path_of, pin](const std::string& name, duck::Connection& connection,
                                            const lake::NewRows& select, const base::Context& context,
                                            int64_t* rows) -> Result<PinnedTable> {
      TARN_ASSIGN(*rows, lake::create_table_as(lake, path_of(name), connection, select, context));
      const auto pinned = pin(name, "", context);
      return pinned.ok() ? pinned : pinned.status().with_context(name + " was made all the same");
    };
    writer.drop = [lake, path_of](const std::string& name) { return lake::drop_table(lake, path_of(name)); };
    options.writer = std::move(writer);
    TARN_ASSIGN(const auto session, Session::open(std::move(options)));
    return base::as_status(session->query(text));
  }

  // The rows of every table; what check() finds is a failure.
  Result<Content> content(store::Store& store) {
    Content all;
    TARN_ASSIGN(const auto paths, lake::list_tables(store));
    for (const std::string& path : paths) {
      TARN_ASSIGN(const auto table, lake::open_table(environment(store), path));
      TARN_ASSIGN(const auto findings, table->check(own_connection(), {}));
      for (const lake::Finding& finding : findings) {
        return Status(Code::corruption, fmt::format("check: {}: {}", finding.where, finding.what));
      }
      TARN_ASSIGN(const auto snapshot, table->snapshot());
      TARN_ASSIGN(const lake::Select select, table->select(*snapshot, {}, false));
      TARN_ASSIGN(const auto rows,
                  own_connection().query("SELECT r::VARCHAR FROM (" + select.sql + ") AS r ORDER BY ALL"));
      std::vector<std::string>& lines = all[path];
      while (true) {
        TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
        if (chunk == nullptr) break;
        for (size_t row = 0; row < chunk->rows(); ++row) lines.emplace_back(chunk->text(0, row));
      }
    }
    return all;
  }

  // What lies there is one of the two, and goes on; true when it is the new one.
  bool judge(store::Store& store) {
    const auto found = content(store);
    EXPECT_TRUE(found.ok()) << found.status().to_string();
    if (!found.ok()) return false;
    EXPECT_TRUE(*found == before_ || *found == after_);
    const Status next = run(store, "INSERT INTO main.other VALUES (2)");
    EXPECT_TRUE(next.ok()) << next.to_string();
    const auto then = content(store);
    EXPECT_TRUE(then.ok() && then->at("main/other").size() == found->at("main/other").size() + 1);
    return *found == after_;
  }

  const store::ScratchDirectory prepared_;
  base::Random random_{42};
  Content before_, after_;
};

TEST_P(SqlCrashTest, APowerCutLeavesTheTablesBeforeOrAfter) {
  const uint64_t seed = 13;
  std::vector<store::Variant> variants = {{store::Unsynced::lost, store::Names::lost, 0},
                                          {store::Unsynced::mixed, store::Names::mixed, seed}};
  if (is_soak()) variants = store::all_variants(seed, 8);
  const store::ScratchDirectory root, scratch;
  copy_prepared(root.path());
  store::RecordingStore recording(root.path());
  const Status done = run(recording, GetParam().text);
  ASSERT_TRUE(done.ok()) << done.to_string();
  recording.mark("acknowledged");
  size_t news = 0;
  const auto states =
      store::for_each_power_cut(recording.recording(), variants, scratch.path(), [&](const store::PowerCut& cut) {
        SCOPED_TRACE(fmt::format("seed {}, {}", seed, cut.describe()));
        const auto store = *store::open_local(cut.directory);
        const bool is_new = judge(*store);
        news += is_new ? 1 : 0;
        EXPECT_TRUE(is_new || cut.marks.empty()) << "what was acknowledged is gone";
      });
  ASSERT_TRUE(states.ok()) << states.status().to_string();
  EXPECT_GT(news, 0U);
  EXPECT_GT(*states, news);
  std::printf("power cuts in %s: %zu states\n", GetParam().name.c_str(), *states);
}

TEST_P(SqlCrashTest, EveryCallMayFail) {
  using store::Fault;
  uint64_t failures = 0;
  for (const auto fault : {Fault::io_error, Fault::no_space, Fault::too_many_files, Fault::short_write}) {
    // All in a soak; here every seventh, beginning elsewhere for each statement and fault.
    const uint64_t step = is_soak() ? 1 : 7;
    for (uint64_t nth = 1 + (base::hash64(GetParam().name) + static_cast<uint64_t>(fault)) % step;; nth += step) {
      ASSERT_LT(nth, 1000U) << GetParam().name << " never gets through";
      const store::ScratchDirectory root;
      copy_prepared(root.path());
      store::FaultStore store(root.path());
      store.arm(fault, nth);
      const Status result = run(store, GetParam().text);
      const bool fired = store.fired();
      const std::string where = store.fired_at();
      store.disarm();
      SCOPED_TRACE(fmt::format("fault {}, call {} at {}: {}", static_cast<int>(fault), nth, where, result.to_string()));
      if (!fired) {
        EXPECT_TRUE(result.ok()) << result.to_string();
        break;
      }
      ++failures;
      const auto left = content(store);
      ASSERT_TRUE(left.ok()) << left.status().to_string();
      // The name is there, and its directory would not be synced: visible, and reported as what may not last. Or all is
      // done, and the new version cannot be read: then the message says that it was.
      const bool named =
          where.starts_with("sync_directory") || result.message().find(" all the same: ") != std::string::npos;
      EXPECT_TRUE(result.ok() ? *left == after_ : *left == before_ || (named && *left == after_));
      if (*left == before_) {
        const Status again = run(store, GetParam().text);
        EXPECT_TRUE(again.ok()) << again.to_string();
      }
      EXPECT_TRUE(judge(store));
      if (HasFailure()) return;
    }
  }
  EXPECT_GT(failures, 2U);
}

INSTANTIATE_TEST_SUITE_P(
    Statements, SqlCrashTest,
    testing::Values(
        Statement{"update", "UPDATE main.t SET v = v + 100 WHERE v < 4"},
        Statement{"delete", "DELETE FROM main.t WHERE v % 3 = 0"},
        Statement{
            "merge",
            "MERGE INTO main.t USING (VALUES ('1', 50), ('3', 3), ('z', 9)) AS s(id, v) ON t.id = s.id WHEN MATCHED "
            "AND s.v = 3 THEN DELETE WHEN MATCHED THEN UPDATE SET v = s.v WHEN NOT MATCHED THEN INSERT"},
        Statement{"insert", "INSERT INTO main.t VALUES ('new', 1)"},
        Statement{"create", "CREATE TABLE main.copy AS SELECT * FROM main.t WHERE v > 3"},
        Statement{"drop", "DROP TABLE main.t"}),
    [](const testing::TestParamInfo<Statement>& one) { return one.param.name; });

}  // namespace
}  // namespace tarn::sql
