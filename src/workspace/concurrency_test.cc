// One Workspace used from many threads at once: each gets the answer that it would get alone. Meant for ThreadSanitizer
// as well.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <latch>
#include <thread>

#include "base/hash.h"
#include "base/status_test.h"
#include "workspace/opened_lake.h"
#include "workspace/workspace.h"

namespace tarn::workspace {
namespace {

namespace fs = std::filesystem;

// Documents that nobody changes, told apart by a made-up name.
constexpr const char* kKeepers[] = {"Brindle", "Corvane", "Dellamy", "Estrith", "Falkner", "Gormund"};
constexpr size_t kStill = std::size(kKeepers);

std::string body_of(size_t i) {
  const std::string name = kKeepers[i];
  return "# House of " + name + "\n\nThe keeper of the house " + name + " is called Mirja" + name +
         ". A lantern hangs over its door.\n";
}

class Concurrency : public testing::Test {
 protected:
  Concurrency() {
    std::string pattern = (fs::temp_directory_path() / "tarn-concurrency-test-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
    for (size_t i = 0; i < kStill; ++i) write("still", "house-" + std::to_string(i) + ".md", body_of(i));
    OpenOptions options;
    options.lake = directory_ + "/lake";
    options.threads = 2;
    options.model = "deterministic";
    lake_ = take(Workspace::open(options));
  }
  ~Concurrency() override {
    lake_.reset();
    fs::remove_all(directory_);
  }

  void write(const std::string& folder, const std::string& name, const std::string& text) const {
    fs::create_directories(directory_ + "/" + folder);
    std::ofstream(directory_ + "/" + folder + "/" + name) << text;
  }
  base::Result<PullReply> pull(const std::string& folder, const std::string& into) {
    PullRequest request;
    request.source = directory_ + "/" + folder;
    request.into = into;
    return lake_->run<Pull>(request, {});
  }
  base::Result<SearchReply> search(const std::string& query, const std::string& mode, const std::string& filter = {}) {
    SearchRequest request;
    request.query = query;
    request.mode = mode;
    request.filter = filter;
    return lake_->run<Search>(request, {});
  }

  std::string directory_;
  std::unique_ptr<Workspace> lake_;
};

TEST_F(Concurrency, EachGetsTheAnswerThatItWouldGetAlone) {
  constexpr size_t kThreads = 32, kRounds = 4;
  EXPECT_EQ(take(pull("still", "docs")).added, static_cast<int64_t>(kStill));
  std::vector<std::string> ids;
  for (const char* name : kKeepers) {
    const SearchReply found = take(search(name, "lexical"));
    ASSERT_EQ(found.hits.size(), 1u) << name;
    ids.push_back(found.hits.front().id);
  }

  const auto searching = [&](size_t thread, size_t round) {
    const size_t i = (thread + round) % kStill;
    const std::string mode = round % 2 == 0 ? "lexical" : "hybrid";
    const bool filtered = round % 3 == 0;
    const auto found = search(kKeepers[i], mode, filtered ? "title LIKE 'House of %'" : "");
    ASSERT_TRUE(found.ok()) << found.status().to_string();
    EXPECT_EQ(found->mode, mode);
    ASSERT_FALSE(found->hits.empty()) << kKeepers[i];
    EXPECT_EQ(found->hits.front().id, ids[i]);
    // Of a table that SQL drops meanwhile it may be said that it is gone.
    for (const std::string& note : found->notes) EXPECT_TRUE(note.starts_with("passed over own.")) << note;
  };
  const auto asking = [&](size_t thread, size_t round) {
    const size_t i = (thread + round) % kStill;
    AskRequest request;
    request.question = std::string("how is the keeper of the house ") + kKeepers[i] + " called?";
    request.in = {"docs"};
    const auto reply = lake_->run<Ask>(request, {});
    ASSERT_TRUE(reply.ok()) << reply.status().to_string();
    ASSERT_TRUE(reply->found) << reply->reason.value_or("");
    EXPECT_EQ(reply->citations.front().id, ids[i]);
    EXPECT_NE(reply->citations.front().quote.find(std::string("Mirja") + kKeepers[i]), std::string::npos);
    ASSERT_TRUE(reply->receipt.has_value());
    VerifyRequest again;
    again.receipt = *reply->receipt;
    const auto verified = lake_->run<Verify>(again, {});
    ASSERT_TRUE(verified.ok()) << verified.status().to_string();
    EXPECT_TRUE(verified->ok);
  };
  const auto fetching = [&](size_t thread, size_t round) {
    const size_t i = (thread + round) % kStill;
    FetchRequest request;
    request.id = ids[i];
    if (round % 2 == 0) request.table = "docs";
    const auto reply = lake_->run<Fetch>(request, {});
    ASSERT_TRUE(reply.ok()) << reply.status().to_string();
    EXPECT_EQ(reply->text, body_of(i));
  };
  const auto querying = [&](size_t, size_t) {
    SqlRequest request;
    request.query = "SELECT count(*) FROM docs WHERE body LIKE '%lantern%'";
    const auto reply = lake_->run<Sql>(request, {});
    ASSERT_TRUE(reply.ok()) << reply.status().to_string();
    ASSERT_EQ(reply->rows.size(), 1u);
    EXPECT_EQ(reply->rows[0][0].as_int(), static_cast<int64_t>(kStill));
  };
  // A session of its own that makes, fills and drops a table of its own, and finds by word meanwhile.
  const auto writing = [&](size_t thread, size_t round) {
    const auto session = lake_->part<SqlSessions>().open("", false);
    ASSERT_TRUE(session.ok()) << session.status().to_string();
    const auto run = [&](const std::string& statement) {
      std::string rows;
      const base::Status status = (*session)->run_statement(statement, {.name = "csv", .header = false},
                                                            [&](std::string_view text) {
                                                              rows += text;
                                                              return true;
                                                            },
                                                            {});
      EXPECT_TRUE(status.ok()) << statement << ": " << status.to_string();
      return rows;
    };
    const std::string table = "own.t" + std::to_string(thread) + "_" + std::to_string(round);
    run("CREATE TABLE " + table + " AS SELECT range AS i FROM range(5)");
    run("INSERT INTO " + table + " SELECT rank + 100 FROM search('lantern', in_table := 'docs', mode := 'lexical')");
    EXPECT_EQ(run("SELECT count(*), max(i) FROM " + table), "11,106\n");
    run("DROP TABLE " + table);
  };
  // Two that share a table with who reads, each with a file that changes; two with a table of their own.
  const auto pulling = [&](size_t thread, size_t round) {
    const std::string folder = "moving-" + std::to_string(thread);
    const std::string into = thread % 16 < 8 ? "docs" : "aside" + std::to_string(thread);
    write(folder, "news.md", "# News\n\nNumber " + std::to_string(round) + " of " + folder + ", ferried over.\n");
    const auto reply = pull(folder, into);
    ASSERT_TRUE(reply.ok()) << reply.status().to_string();
    EXPECT_EQ(reply->added, round == 0 ? 1 : 0);
    EXPECT_EQ(reply->changed, round == 0 ? 0 : 1);
    EXPECT_TRUE(reply->rejects.empty());
  };
  const auto optimizing = [&](size_t, size_t round) {
    OptimizeRequest request;
    if (round % 2 == 0) request.tables = {"docs"};
    const auto reply = lake_->run<Optimize>(request, {});
    // A table that SQL drops meanwhile is no table any more.
    if (!reply.ok() && request.tables.empty()) {
      EXPECT_EQ(reply.status().code(), base::Code::not_found) << reply.status().to_string();
      return;
    }
    ASSERT_TRUE(reply.ok()) << reply.status().to_string();
    EXPECT_LE(reply->tables.front().files_after, reply->tables.front().files_before);
  };
  const std::function<void(size_t, size_t)> roles[] = {searching, searching, asking,  fetching,
                                                       querying,  writing,   pulling, optimizing};
  std::latch start(kThreads);
  std::vector<std::thread> threads;
  for (size_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      start.arrive_and_wait();
      for (size_t round = 0; round < kRounds && !testing::Test::HasFatalFailure(); ++round) {
        roles[t % std::size(roles)](t, round);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  // Nothing was lost, and nothing is damaged.
  const CheckReply checked = take(lake_->run<Check>({}, {}));
  for (const Problem& problem : checked.problems) ADD_FAILURE() << problem.table << " " << problem.problem;
  EXPECT_EQ(take(search("ferried", "lexical")).hits.size(), kThreads / std::size(roles));
  const TablesReply tables = take(lake_->run<ListTables>({}, {}));
  ASSERT_EQ(tables.tables.size(), 3u);
  EXPECT_EQ(tables.tables[2].rows, static_cast<int64_t>(kStill + 2));
}

// Who reads does not wait for who writes: a watch holds its table's lock as long as it goes on.
TEST_F(Concurrency, ReadingDoesNotWaitForWriting) {
  take(pull("still", "docs"));
  write("moving", "news.md", "# News\n\nThe tide is late.\n");
  base::Cancel stop;
  std::atomic<int> rounds = 0;
  std::thread watching([&] {
    PullRequest request;
    request.source = directory_ + "/moving";
    request.into = "docs";
    const base::Context context{nullptr, &stop};
    request.watch = true;
    const auto watched = lake_->run<Pull>(request, context, [&](const base::Result<PullReply>& reply) {
      EXPECT_TRUE(reply.ok()) << reply.status().to_string();
      ++rounds;
      return true;
    });
    EXPECT_TRUE(watched.ok() || watched.status().code() == base::Code::cancelled) << watched.status().to_string();
  });
  while (rounds == 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  // The index of this version is gone: search builds it, and the watch still holds the lock.
  size_t removed = 0;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(directory_ + "/lake/main/docs/_tarn")) {
    removed += entry.path().extension() == ".seg" ? fs::remove(entry.path()) : 0;
  }
  EXPECT_EQ(removed, 4u);  // by word and by meaning, of two data files
  EXPECT_EQ(take(search("Falkner", "hybrid")).hits.front().title, "House of Falkner");
  EXPECT_EQ(take(search("tide", "lexical")).hits.size(), 1u);
  // So does a writer of another table.
  write("elsewhere", "a.md", "# Elsewhere\n\nA third place.\n");
  EXPECT_EQ(take(pull("elsewhere", "other")).added, 1);
  stop.request();
  watching.join();
}

}  // namespace
}  // namespace tarn::workspace
