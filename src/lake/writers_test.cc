// Writers at once, in threads and in processes: versions without gaps, no row lost, none doubled.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

#include "lake/lake_fixture_test.h"

namespace tarn::lake {
namespace {

class WritersTest : public LakeTest {
 protected:
  int commits_each() const { return std::getenv("TARN_SOAK") != nullptr ? 250 : 40; }

  // Appends and upserts of its own key and of one that all fight for.
  static base::Status write(Table& table, duck::Connection& connection, int writer, int commits) {
    for (int i = 0; i < commits; ++i) {
      TARN_ASSIGN(const auto base, table.snapshot());
      const auto change = table.change(base);
      if (i % 2 == 0) {
        TARN_TRY(change->append(
            connection, "SELECT 'w" + std::to_string(writer) + "_" + std::to_string(i) + "' AS id, 1 AS v", {}));
      } else {
        TARN_TRY(change->upsert(connection,
                                "SELECT 'shared' AS id, " + std::to_string(i) + " AS v UNION ALL SELECT 'own" +
                                    std::to_string(writer) + "', " + std::to_string(i),
                                "id", {}));
      }
      TARN_TRY(change->commit({}));
    }
    return {};
  }

  // What a reader may see: of each writer's appends the first ones without a gap, of each upserted key one row, and of
  // a commit all or nothing: an upsert's number says how many appends its writer had made.
  void look(Table& table, base::Version* last) {
    const auto snapshot = take(table.snapshot());
    ASSERT_GE(snapshot->version, *last) << "the reader went back";
    *last = snapshot->version;
    std::map<std::string, std::set<int>> appended;
    std::map<std::string, int> upserted;
    for (const std::string& line : query_rows(connection_, take(table.select(*snapshot, {}, false)).sql)) {
      const std::string id = line.substr(0, line.find('|'));
      if (id.starts_with("w")) {
        EXPECT_TRUE(appended[id.substr(1, id.find('_') - 1)].insert(std::stoi(id.substr(id.find('_') + 1))).second)
            << id;
      } else {
        EXPECT_TRUE(upserted.emplace(id, std::stoi(line.substr(line.find('|') + 1))).second) << id << " twice";
      }
    }
    for (const auto& [writer, numbers] : appended) {
      EXPECT_EQ(*numbers.rbegin(), 2 * (static_cast<int>(numbers.size()) - 1)) << "writer " << writer << " has a gap";
      const auto own = upserted.find("own" + writer);
      const int after = own == upserted.end() ? -1 : own->second;
      EXPECT_TRUE(*numbers.rbegin() == after - 1 || *numbers.rbegin() == after + 1)
          << "writer " << writer << ": append " << *numbers.rbegin() << ", upsert " << after;
    }
  }

  void judge(int writers, int commits) {
    const auto table = take(open_table(environment_, "main/t"));
    const auto history = take(table->history(1'000'000));
    ASSERT_EQ(history.size(), static_cast<size_t>(take(table->snapshot())->version.value) + 1);
    int written = 0, merged = 0;
    for (size_t i = 0; i < history.size(); ++i) {
      EXPECT_EQ(history[i].version.value, static_cast<int64_t>(history.size() - 1 - i));
      ++(history[i].operation == "OPTIMIZE" ? merged : written);
    }
    EXPECT_EQ(written, writers * commits + 1) << "a commit of each, and the creation";
    EXPECT_GT(merged, 0) << "nothing was compacted meanwhile";
    std::multiset<std::string> ids;
    for (const std::string& line : rows(*table)) ids.insert(line.substr(0, line.find('|')));
    std::multiset<std::string> expected{"shared"};
    for (int w = 0; w < writers; ++w) {
      expected.insert("own" + std::to_string(w));
      for (int i = 0; i < commits; i += 2) expected.insert("w" + std::to_string(w) + "_" + std::to_string(i));
    }
    EXPECT_EQ(ids, expected);
    expect_clean(*table);
  }
};

TEST_F(WritersTest, Threads) {
  const auto table = create_pairs("main/t", {{"delta.checkpointInterval", "50"}});
  std::vector<std::thread> threads;
  const int commits = commits_each() / 5;  // processes, below, have the full number
  std::atomic<int> failures{0};
  const auto database = take(duck::open({}));
  for (int w = 0; w < 4; ++w) {
    threads.emplace_back([&, w] {
      const auto connection = database->connect();
      const auto status = connection.ok() ? write(*table, **connection, w, commits) : connection.status();
      if (!status.ok()) {
        ++failures;
        ADD_FAILURE() << status.to_string();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  ASSERT_EQ(failures, 0);
  judge(4, commits);
}

TEST_F(WritersTest, Processes) {
  create_pairs("main/t");
  constexpr int kWriters = 8;
  const int commits = commits_each();
  // Each child is this program again: a fork of a process in which DuckDB has threads would not do.
  std::vector<pid_t> children;
  for (int w = 0; w < kWriters; ++w) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::setenv("TARN_WRITER", (scratch_.path() + "\n" + std::to_string(w) + "\n" + std::to_string(commits)).c_str(), 1);
      ::execl("/proc/self/exe", "lake_test", "--gtest_filter=WritersTest.Child", "--gtest_brief=1", nullptr);
      ::_exit(127);
    }
    children.push_back(child);
  }
  const auto table = take(open_table(environment_, "main/t"));
  base::Version last(0);
  int looks = 0;
  while (!children.empty()) {
    look(*table, &last);
    ++looks;
    int status = 0;
    const pid_t child = ::waitpid(children.back(), &status, WNOHANG);
    if (child == 0) continue;
    children.pop_back();
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "a writer failed: " << status;
  }
  EXPECT_GT(looks, 10);
  judge(kWriters, commits);
}

// What Processes starts; by itself it has nothing to do.
TEST_F(WritersTest, Child) {
  const char* task = std::getenv("TARN_WRITER");
  if (task == nullptr) return;
  const std::string text = task;
  const size_t a = text.find('\n'), b = text.find('\n', a + 1);
  const auto store = take(store::open_local(text.substr(0, a)));
  const int writer = std::stoi(text.substr(a + 1, b - a - 1));
  base::Random random = base::Random::from_system();
  duck::Options options;
  options.threads = 1;
  const auto database = take(duck::open(options));
  const Environment environment{
      store.get(), &base::system_clock(), &random, nullptr, false, [&] { return database->connect(); }};
  const auto table = take(open_table(environment, "main/t"));
  const auto connection = take(database->connect());
  ASSERT_OK(write(*table, *connection, writer, std::stoi(text.substr(b + 1))));
}

}  // namespace
}  // namespace tarn::lake
