// A whole lake on a store that is no directory of this machine: what is written, searched, changed, asked, merged,
// forgotten and cleaned up there, and that a file is kept on this machine only while somebody reads it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/status_test.h"
#include "store/memory_store_test.h"
#include "workspace/workspace.h"

namespace tarn::workspace {
namespace {

using base::Code;
using testing::ElementsAre;
using testing::IsEmpty;

class SecondStore : public testing::Test {
 protected:
  SecondStore() {
    options_.lake = scratch_.path() + "/nowhere";
    options_.threads = 1;
    options_.model = "deterministic";
    options_.store = [this](bool) -> base::Result<std::unique_ptr<store::Store>> {
      return std::unique_ptr<store::Store>(std::make_unique<store::MemoryStore>(objects_));
    };
    std::filesystem::create_directory(scratch_.path() + "/notes");
    open();
  }

  void open() {
    session_.reset();
    workspace_.reset();
    workspace_ = take(Workspace::open(options_));
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(scratch_.path() + "/notes/" + name) << text;
  }
  PullReply pull() {
    PullRequest request;
    request.source = scratch_.path() + "/notes";
    return take(workspace_->run<Pull>(request, {}));
  }
  std::vector<std::string> search(const std::string& query, const std::string& mode = "lexical",
                                  const std::string& filter = {}, const std::string& as_of = {}) {
    SearchRequest request;
    request.query = query;
    request.mode = mode;
    request.filter = filter;
    request.as_of = as_of;
    const SearchReply reply = take(workspace_->run<Search>(request, {}));
    EXPECT_EQ(reply.mode, mode);
    EXPECT_THAT(reply.notes, IsEmpty());
    std::vector<std::string> titles;
    for (const search::Hit& hit : reply.hits) titles.push_back(hit.title);
    return titles;
  }
  // In one session, which holds the versions that its statements have read.
  std::string sql(const std::string& statement) {
    if (!session_) session_ = take(workspace_->part<SqlSessions>().open("", false));
    std::string text;
    EXPECT_OK(session_->run_statement(statement, {.name = "csv", .header = false},
                                      [&](std::string_view some) {
                                        text += some;
                                        return true;
                                      },
                                      {}));
    return text;
  }
  // Data files that lie on this machine because somebody may read them.
  size_t data_files_here() const {
    size_t n = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(objects_.local_root())) {
      n += entry.path().extension() == ".parquet" ? 1 : 0;
    }
    return n;
  }
  void expect_clean() {
    for (const Problem& problem : take(workspace_->run<Check>({}, {})).problems) {
      ADD_FAILURE() << problem.file << ": " << problem.problem;
    }
  }

  store::ScratchDirectory scratch_;
  store::MemoryStore objects_;
  OpenOptions options_;
  std::unique_ptr<Workspace> workspace_;
  std::unique_ptr<sql::Session> session_;
};

TEST_F(SecondStore, ServesAWholeLake) {
  for (const char* bird : {"heron", "stork", "crane", "swan"}) {
    write(std::string(bird) + ".md",
          std::string("# The ") + bird + "\n\nThe " + bird + " nests at the river Lenne. It is seen in April.\n");
  }
  EXPECT_EQ(pull().added, 4);
  EXPECT_EQ(pull().commits, 0) << "the bookmark is read back";
  EXPECT_THAT(search("heron"), ElementsAre("The heron"));
  EXPECT_EQ(search("river", "hybrid").size(), 4u);
  EXPECT_THAT(search("river", "lexical", "title LIKE '%swan'"), ElementsAre("The swan"));

  // Deletions as vectors, by the three ways: SQL, a pull, and a key.
  EXPECT_EQ(sql("UPDATE docs SET title = 'Black stork' WHERE title = 'The stork'"), "");
  EXPECT_EQ(sql("DELETE FROM docs WHERE title = 'The crane'"), "");
  EXPECT_EQ(sql("SELECT title FROM docs ORDER BY ALL"), "Black stork\nThe heron\nThe swan\n");
  EXPECT_EQ(sql("SELECT count(*) FROM docs AT (VERSION => 1)"), "4\n");
  write("heron.md", "# The grey heron\n\nThe heron waits in the shallows.\n");
  std::filesystem::remove(scratch_.path() + "/notes/swan.md");
  const PullReply moved = pull();
  EXPECT_EQ(moved.changed, 1);
  EXPECT_EQ(moved.deleted, 1);
  EXPECT_THAT(search("shallows"), ElementsAre("The grey heron"));
  EXPECT_THAT(search("swan"), IsEmpty());
  EXPECT_THAT(search("swan", "lexical", {}, "1"), ElementsAre("The swan"));
  EXPECT_EQ(sql("CREATE TABLE counts AS SELECT title, strlen(body) AS n FROM docs"), "");
  EXPECT_EQ(sql("SELECT title FROM counts WHERE title LIKE '%heron%'"), "The heron\n") << "as this session read it";
  expect_clean();

  // A locked statement in a worker reads the copies of this process.
  const SqlReply counted = take(workspace_->run<Sql>({.query = "SELECT count(*) FROM docs", .as_of = {}}, {}));
  EXPECT_EQ(counted.rows.at(0).at(0).as_int(), 2);

  AskRequest question;
  question.question = "where does the heron wait?";
  const AskReply asked = take(workspace_->run<Ask>(question, {}));
  ASSERT_TRUE(asked.receipt.has_value()) << asked.reason.value_or("");
  EXPECT_TRUE(asked.receipt->starts_with("memory:_tarn/receipts/")) << *asked.receipt;
  VerifyRequest again;
  again.receipt = *asked.receipt;
  EXPECT_TRUE(take(workspace_->run<Verify>(again, {})).ok);
  again.receipt = asked.receipt->substr(asked.receipt->rfind('/') + 1);
  EXPECT_TRUE(take(workspace_->run<Verify>(again, {})).current);
  again.receipt = "memory:_tarn/receipts/none.json";
  EXPECT_EQ(workspace_->run<Verify>(again, {}).status().code(), Code::not_found);

  session_.reset();
  EXPECT_OK(workspace_->run<Optimize>({.tables = {"docs"}}, {}));
  EXPECT_EQ(search("heron stork").size(), 2u);
  const DiffReply difference = take(workspace_->run<Diff>({.table = "docs", .versions = "1"}, {}));
  EXPECT_EQ(difference.removed + difference.changed, 4);
  EXPECT_OK(workspace_->run<Restore>({.table = "docs", .to = "1"}, {}));
  EXPECT_EQ(search("river").size(), 4u);
  ForgetRequest forget;
  forget.id = "swan.md";
  EXPECT_TRUE(take(workspace_->run<Forget>(forget, {})).found);
  EXPECT_THAT(search("swan"), IsEmpty());
  EXPECT_EQ(sql("DROP TABLE counts"), "");
  session_.reset();
  const VacuumReply vacuumed = take(workspace_->run<Vacuum>({.tables = {}, .retain = "0"}, {}));
  EXPECT_FALSE(vacuumed.tables.empty());
  expect_clean();
  EXPECT_EQ(data_files_here(), 0u) << "all that was read was let go";

  // Another process finds the same lake.
  open();
  EXPECT_THAT(search("crane"), ElementsAre("The crane"));
  EXPECT_EQ(sql("SELECT count(*) FROM docs"), "3\n");
  EXPECT_EQ(data_files_here(), 1u) << "the session's view may be read again";
}

}  // namespace
}  // namespace tarn::workspace
