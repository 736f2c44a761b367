// search(), passages() and embed() in SQL: the parameters, limits and words of the operations that they are made from.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/status_test.h"
#include "workspace/workspace.h"

namespace tarn::workspace {
namespace {

using base::Code;
using base::Status;
namespace fs = std::filesystem;

class SqlFunctionsTest : public testing::Test {
 protected:
  SqlFunctionsTest() {
    std::string pattern = (fs::temp_directory_path() / "tarn-sql-functions-test-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
    workspace_ = open("deterministic");
    pull("sea", "# Whale\n\nA whale is a large animal of the sea.\n");
    pull("land", "# Stork\n\nA stork stands in the meadow, far from any whale.\n");
    pull("sea", "# Whale\n\nA whale is a large animal. It sings.\n");
    session_ = take(workspace_->part<SqlSessions>().open("", false));
  }
  ~SqlFunctionsTest() override { fs::remove_all(directory_); }

  void pull(const std::string& table, const std::string& text) {
    std::ofstream(directory_ + "/" + table + ".md") << text;
    PullRequest request;
    request.source = directory_ + "/" + table + ".md";
    request.into = table;
    take(workspace_->run<Pull>(request, {}));
  }
  std::unique_ptr<Workspace> open(const std::string& model) {
    OpenOptions options;
    options.lake = directory_ + "/lake";
    options.threads = 2;
    options.model = model;
    return take(Workspace::open(std::move(options)));
  }
  std::string csv(const std::string& query) {
    std::string text;
    const Status status = session_->run_statement(query, {.name = "csv", .header = false},
                                                  [&](std::string_view part) {
                                                    text += part;
                                                    return true;
                                                  },
                                                  {});
    EXPECT_TRUE(status.ok()) << query << ": " << status.to_string();
    return text;
  }
  Status failure(const std::string& query) {
    return session_->run_statement(query, {.name = "csv"}, [](std::string_view) { return true; }, {});
  }

  std::string directory_;
  std::unique_ptr<Workspace> workspace_;
  std::unique_ptr<sql::Session> session_;
};

TEST_F(SqlFunctionsTest, HaveTheColumnsThatAreDescribed) {
  EXPECT_EQ(
      csv("SELECT string_agg(column_name || ' ' || column_type, ', ') FROM (DESCRIBE FROM search('x'))"),
      "\"rank BIGINT, score DOUBLE, lexical DOUBLE, semantic DOUBLE, table_name VARCHAR, id VARCHAR, title VARCHAR, "
      "uri VARCHAR, heading VARCHAR[], span_start BIGINT, span_end BIGINT, passage VARCHAR\"\n");
  EXPECT_EQ(csv("SELECT string_agg(column_name || ' ' || column_type, ', ') FROM (DESCRIBE FROM passages('sea'))"),
            "\"id VARCHAR, ordinal BIGINT, heading VARCHAR[], span_start BIGINT, span_end BIGINT, passage VARCHAR\"\n");
  EXPECT_EQ(csv("SELECT typeof(embed('x')), len(embed('x')) > 1"), "FLOAT[],true\n");
}

TEST_F(SqlFunctionsTest, TakeTheParametersOfTheRequest) {
  EXPECT_EQ(csv("SELECT table_name FROM search('whale', mode := 'lexical') ORDER BY 1"), "main.land\nmain.sea\n");
  EXPECT_EQ(csv("SELECT table_name FROM search('whale', in_table := 'sea')"), "main.sea\n");
  EXPECT_EQ(csv("SELECT count(*) FROM search('whale', in_table := 'sea,land', k := 1)"), "1\n");
  EXPECT_EQ(csv("SELECT rank FROM search('whale', \"offset\" := 1)"), "2\n");
  EXPECT_EQ(csv("SELECT count(*) FROM search('whale', filter := 'title = ''Stork''')"), "1\n");
  EXPECT_EQ(csv("SELECT count(*) FROM search('sea', in_table := 'sea', mode := 'lexical')"), "0\n");
  EXPECT_EQ(csv("SELECT count(*) FROM search('sea', in_table := 'sea', mode := 'lexical', as_of := '1')"), "1\n");
  EXPECT_EQ(csv("SELECT passage LIKE '%sings%' FROM passages('sea')"), "true\n");
  session_ = take(workspace_->part<SqlSessions>().open("1", false));
  EXPECT_EQ(csv("SELECT passage LIKE '%of the sea%' FROM passages('sea')"), "true\n") << "as the session reads";
}

TEST_F(SqlFunctionsTest, RefuseInTheWordsOfTheRequest) {
  const auto words = [](const char* request) {
    const Status status = operation::decode<SearchRequest>(take(json::parse(request))).status();
    return "search(): " + std::string(status.message()) + "|" + status.hint();
  };
  const auto said = [&](const std::string& query) {
    const Status status = failure(query);
    EXPECT_EQ(status.code(), Code::invalid_argument) << status.to_string();
    return std::string(status.message()) + "|" + status.hint();
  };
  EXPECT_EQ(said("FROM search('x', k := 1001)"), words(R"({"query":"x","k":1001})"));
  EXPECT_EQ(said("FROM search('x', mode := 'lexcal')"), words(R"({"query":"x","mode":"lexcal"})"));
  EXPECT_EQ(failure("FROM passages('nowhere')").code(), Code::not_found);
  session_.reset();
  workspace_ = open("none");
  session_ = take(workspace_->part<SqlSessions>().open("", false));
  EXPECT_EQ(failure("SELECT embed('x')").message(), "embed(): no encoder is installed");
}

}  // namespace
}  // namespace tarn::workspace
