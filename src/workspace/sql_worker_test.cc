// SQL as an operation runs in a worker: what crashes, hogs or fills DuckDB costs that statement and nothing else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/sanitized.h"
#include "workspace/workspace.h"

namespace tarn::workspace {
namespace {

using base::Code;
using base::Status;
namespace fs = std::filesystem;

// The children of this process: its workers.
std::vector<pid_t> children() {
  std::vector<pid_t> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/proc", error)) {
    std::ifstream file(entry.path() / "stat");
    std::string pid, name, state;
    pid_t parent = 0;
    if (file >> pid >> name >> state >> parent && parent == getpid() && state != "Z") {
      found.push_back(static_cast<pid_t>(std::atol(pid.c_str())));
    }
  }
  return found;
}

class SqlWorker : public testing::Test {
 protected:
  SqlWorker() {
    std::string pattern = (fs::temp_directory_path() / "tarn-sql-worker-test-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
    std::ofstream(directory_ + "/whale.md") << "# Whale\n\nA whale is a large animal of the sea.\n";
  }
  ~SqlWorker() override { fs::remove_all(directory_); }

  std::unique_ptr<Workspace> open(int timeout_ms = 60'000, uint64_t memory_bytes = uint64_t{256} << 20) {
    OpenOptions options;
    options.lake = directory_ + "/lake";
    options.threads = 2;
    options.model = "deterministic";
    options.sql_timeout_ms = timeout_ms;
    options.memory_limit_bytes = memory_bytes;
    auto opened = Workspace::open(std::move(options));
    EXPECT_TRUE(opened.ok());
    PullRequest request;
    request.source = directory_ + "/whale.md";
    EXPECT_TRUE((*opened)->run<Pull>(request, {}).ok());
    return std::move(*opened);
  }
  static void expect_works(Workspace& workspace) {
    const auto reply =
        workspace.run<Sql>({"SELECT docs.title FROM docs JOIN search('whale', k := 1) USING (id)", "", 10}, {});
    ASSERT_TRUE(reply.ok()) << reply.status().to_string();
    ASSERT_EQ(reply->rows.size(), 1U);
  }

  std::string directory_;
};

constexpr const char* kEndless = "SELECT count(*) FROM range(100000000000) a, range(1000000) b";

TEST_F(SqlWorker, ACrashCostsTheStatement) {
  const auto workspace = open();
  expect_works(*workspace);
  const std::vector<pid_t> before = children();
  ASSERT_FALSE(before.empty());
  std::thread killer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    for (const pid_t pid : before) kill(pid, SIGSEGV);
  });
  const Status status = workspace->run<Sql>({kEndless, "", 10}, {}).status();
  killer.join();
  EXPECT_EQ(status.code(), Code::internal) << status.to_string();
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("the worker died"));
  expect_works(*workspace);
}

TEST_F(SqlWorker, TimeIsLimited) {
  const auto workspace = open(800);
  const Status status = workspace->run<Sql>({kEndless, "", 10}, {}).status();
  EXPECT_EQ(status.code(), Code::exhausted) << status.to_string();
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("statement_timeout_ms (800)"));
  expect_works(*workspace);
}

TEST_F(SqlWorker, MemoryIsLimited) {
  const auto workspace = open(60'000, uint64_t{96} << 20);
  const Status status =
      workspace
          ->run<Sql>({"SELECT list(i), list(i::VARCHAR || 'xxxxxxxxxxxxxxxxxxx') FROM range(30000000) r(i)", "", 10},
                     {})
          .status();
  EXPECT_EQ(status.code(), Code::exhausted) << status.to_string();
  expect_works(*workspace);
}

TEST_F(SqlWorker, ACancelledStatementStops) {
  const auto workspace = open();
  base::Cancel cancel;
  std::thread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    cancel.request();
  });
  const Status status = workspace->run<Sql>({kEndless, "", 10}, {.progress = nullptr, .cancel = &cancel}).status();
  stopper.join();
  EXPECT_EQ(status.code(), Code::cancelled) << status.to_string();
  expect_works(*workspace);
}

TEST_F(SqlWorker, StatementsRunSideBySide) {
  const auto workspace = open();
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (int t = 0; t < 6; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 3; ++i) {
        const auto reply = workspace->run<Sql>({"SELECT count(*) + " + std::to_string(t) + " FROM docs", "", 10}, {});
        right += reply.ok() && reply->rows[0][0].as_int() == 1 + t;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 18);
}

}  // namespace
}  // namespace tarn::workspace

int main(int argc, char** argv) {
  tarn::workspace::register_workers();
  if (tarn::worker::is_worker(argc, argv)) return tarn::worker::serve(argc, argv);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
