// Sources by name: what tarn.toml says is what is pulled, and a secret stays where it is kept.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/status_test.h"
#include "workspace/sql_sessions.h"
#include "workspace/workspace.h"

namespace tarn::workspace {

struct WikiOptions {
  bool archived = false;
};

}  // namespace tarn::workspace

namespace tarn::operation {

template <>
struct Describe<workspace::WikiOptions> {
  static auto fields() { return std::tuple{field("archived", &workspace::WikiOptions::archived, "old pages too")}; }
};

}  // namespace tarn::operation

namespace tarn::workspace {
namespace {

using base::Code;
using base::Status;
namespace fs = std::filesystem;

constexpr const char* kSecret = R"(hunter2"und\mehr)";
constexpr const char* kSecretInJson = R"(hunter2\"und\\mehr)";

// A source that takes its secret along into everything that it says.
class CarelessWiki final : public connector::Connector {
 public:
  CarelessWiki(std::string secret, const std::string* mode) : secret_(std::move(secret)), mode_(mode) {}

  base::Result<connector::Outcome> run(const json::Value&, const connector::RunOptions&, connector::Sink& sink,
                                       const base::Context&) override {
    if (*mode_ == "edits") std::ofstream(secret_) << "";  // the secret is the path of a file
    if (*mode_ == "fails") return Status(Code::unavailable, "GET ?token=" + secret_ + ": 503", "without " + secret_);
    connector::Item page;
    page.uri = "https://wiki.example/1?token=" + secret_;
    page.name = "page";
    page.mime = "text/markdown";
    page.bytes = "# Page\n\nOf the wiki.\n";
    page.labels = {"label " + secret_, json::write(json::Value(secret_))};
    page.source_version = "1" + secret_;
    page.size_bytes = page.bytes.size();
    if (*mode_ == "extra") page.extra.set("header", "Bearer " + secret_);
    TARN_TRY(sink.upsert(page));
    connector::Item broken = page;
    broken.uri = "https://wiki.example/2";
    broken.bytes.clear();
    broken.open = [secret = secret_](const base::Context&) -> base::Result<std::unique_ptr<connector::ByteStream>> {
      return Status(Code::io, "Authorization: Bearer " + secret);
    };
    TARN_TRY(sink.upsert(broken));
    sink.reject({"https://wiki.example/3?" + secret_, "at " + secret_, "no " + secret_});
    connector::Outcome outcome(connector::Found::news);
    outcome.bookmark = json::Value::object({{"seen", *mode_ == "bookmark" ? secret_ : "1"}});
    outcome.notes = {"asked with " + secret_};
    return outcome;
  }

 private:
  const std::string secret_;
  const std::string* const mode_;
};

struct ToldProgress final : base::Progress {
  std::string text;
  void update(std::string_view phase, uint64_t, uint64_t, std::string_view unit) override {
    text += std::string(phase) + " " + std::string(unit) + "\n";
  }
};

class SourcesTest : public testing::Test {
 protected:
  SourcesTest() {
    std::string pattern = (fs::temp_directory_path() / "tarn-sources-test-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
    fs::create_directories(directory_ + "/lake");
    write("notes/a.md", "# A\n\nA note.\n");
    write("notes/b.txt", "Another note.\n");
    write("more/c.md", "# C\n\nOne more.\n");
    connectors_ = connector::connectors();
    connector::Descriptor wiki;
    wiki.name = "wiki";
    wiki.schemes = {"wiki+https"};
    wiki.options = operation::shape_of<WikiOptions>();
    wiki.takes_secret = true;
    wiki.canonical = [](const std::string& url) -> base::Result<std::string> { return url; };
    wiki.open = [this](const connector::Source& source) -> base::Result<std::unique_ptr<connector::Connector>> {
      given_ = source.secret.reveal();
      if (mode_ == "closed") return Status(Code::permission_denied, "not with " + given_);
      return std::unique_ptr<connector::Connector>(new CarelessWiki(given_, &mode_));
    };
    connectors_.push_back(std::move(wiki));
    OpenOptions options;
    options.lake = directory_ + "/lake";
    options.threads = 2;
    options.model = "none";
    options.connectors = &connectors_;
    workspace_ = take(Workspace::open(std::move(options)));
  }
  ~SourcesTest() override {
    workspace_.reset();
    fs::remove_all(directory_);
  }

  void write(const std::string& name, const std::string& text) const {
    const fs::path path = directory_ + "/" + name;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  void configure(const std::string& text) const { write("lake/tarn.toml", text); }
  std::string folder(const std::string& name) const { return "url = \"" + directory_ + "/" + name + "\"\n"; }

  base::Result<PullReply> pull(PullRequest request) {
    auto reply = workspace_->run<Pull>(request, {.progress = &progress_});
    told_ += reply.ok() ? json::write(operation::encode(*reply)) : reply.status().to_string();
    return reply;
  }
  base::Result<PullReply> pull(const std::string& source) {
    PullRequest request;
    request.source = source;
    return pull(request);
  }
  std::vector<SourceSummary> sources() {
    const auto reply = take(workspace_->run<Sources>({}, {}));
    told_ += json::write(operation::encode(reply));
    return reply.sources;
  }

  // Every cell of every table: their files are compressed.
  std::string cells() const {
    std::string all;
    const auto add = [&](const std::string& query) {
      for (const auto& row : take(workspace_->run<Sql>({query, "", 1000}, {})).rows) {
        for (const json::Value& cell : row) all += (cell.is_string() ? cell.as_string() : json::write(cell)) + "\n";
      }
    };
    for (const auto& row : take(workspace_->run<Sql>({"SHOW ALL TABLES", "", 1000}, {})).rows) {
      add("SELECT * FROM \"" + row[1].as_string() + "\".\"" + row[2].as_string() + "\"");
    }
    return all;
  }

  // Every byte of the lake, but of tarn.toml.
  std::string lake() const {
    std::string all;
    for (const auto& entry : fs::recursive_directory_iterator(directory_ + "/lake")) {
      if (!entry.is_regular_file() || entry.path().filename() == "tarn.toml") continue;
      all += entry.path().string() + "\n";
      std::ifstream file(entry.path(), std::ios::binary);
      all.append(std::istreambuf_iterator<char>(file), {});
    }
    return all;
  }

  std::string directory_, given_, mode_, told_;
  ToldProgress progress_;
  std::vector<connector::Descriptor> connectors_;
  std::unique_ptr<Workspace> workspace_;
};

TEST_F(SourcesTest, ANameIsPulledAsItStandsInTheFile) {
  configure("[sources.notes]\n" + folder("notes") + "into = \"main.notes\"\ninclude = [\"*.md\"]\n");
  EXPECT_EQ(sources()[0].state, "never pulled");
  EXPECT_EQ(sources()[0].table, "main.notes");
  const PullReply first = take(pull("notes"));
  EXPECT_EQ(first.table, "main.notes");
  EXPECT_EQ(first.added, 1);
  EXPECT_EQ(take(pull("notes")).commits, 0);
  const auto all = sources();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].name, "notes");
  EXPECT_EQ(all[0].state, "ok");
  EXPECT_EQ(all[0].rows, 1);
  EXPECT_EQ(all[0].kind, "folder");
  ASSERT_TRUE(all[0].lag_s && all[0].pulled_at && all[0].changed_at);
  EXPECT_LT(*all[0].lag_s, 3600);
  EXPECT_GE(*all[0].pulled_at, *all[0].changed_at) << "a pull that found nothing new counts too";

  PullRequest other;
  other.source = "notes";
  other.into = "main.other";
  EXPECT_EQ(pull(other).status().code(), Code::invalid_argument);
  other.into = "main.notes";
  other.options = json::Value::object({{"exclude", json::Value::array({"a.md"})}});
  const Status refused = pull(other).status();
  EXPECT_EQ(refused.code(), Code::invalid_argument);
  EXPECT_NE(refused.message().find("--exclude"), std::string::npos) << refused.message();
  other.options = json::Value::object({{"allow_empty", true}});
  EXPECT_OK(pull(other));
}

// An option that is taken out of the file is out, though a pull has kept it.
TEST_F(SourcesTest, WhatStandsInTheFileIsAll) {
  configure("[sources.notes]\n" + folder("notes") + "as = [\"markdown:*.txt\"]\n");
  EXPECT_EQ(take(pull("notes")).reading, "--as markdown:*.txt");
  configure("[sources.notes]\n" + folder("notes"));
  const PullReply plain = take(pull("notes"));
  EXPECT_EQ(plain.reading, std::nullopt);
  EXPECT_EQ(plain.changed, 1);
}

TEST_F(SourcesTest, OneFailureDoesNotStopTheOthers) {
  configure("[sources.b-gone]\n" + folder("gone") + "[sources.a-notes]\n" + folder("notes") + "[sources.c-more]\n" +
            folder("more") + "into = \"main.more\"\n");
  PullRequest request;
  request.all = true;
  const PullReply reply = take(pull(request));
  ASSERT_EQ(reply.pulls.size(), 3u);
  EXPECT_EQ(reply.pulls[0].state, "ok");
  EXPECT_EQ(reply.pulls[1].name, "b-gone");
  EXPECT_EQ(reply.pulls[1].state, "failed");
  EXPECT_EQ(reply.pulls[1].code, "not_found");
  EXPECT_EQ(reply.pulls[2].state, "ok");
  EXPECT_EQ(reply.pulls[2].table, "main.more");
  EXPECT_EQ(reply.added, 3);
  EXPECT_EQ(reply.failed(), 1);
  EXPECT_EQ(Pull::declare().exit_code(reply), 1);
  const auto all = sources();
  EXPECT_EQ(all[1].state, "failed");
  EXPECT_NE(all[1].problem->find("gone"), std::string::npos);
  request.watch = true;
  EXPECT_EQ(pull(request).status().code(), Code::invalid_argument);
  configure("");
  request.watch = false;
  EXPECT_EQ(pull(request).status().code(), Code::not_found);
}

TEST_F(SourcesTest, WhoeverHasNoNameIsListedToo) {
  take(pull(directory_ + "/more"));
  configure("[sources.notes]\n" + folder("notes"));
  take(pull("notes"));
  auto all = sources();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[1].name, std::nullopt);
  EXPECT_EQ(all[1].rows, 1);
  EXPECT_EQ(all[0].rows, 2);
  // Its folder goes: the rows stay, and the next look says so.
  fs::remove_all(directory_ + "/notes");
  EXPECT_FALSE(pull("notes").ok());
  all = sources();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].state, "failed");
  EXPECT_EQ(all[0].rows, 2);
  EXPECT_TRUE(all[0].problem && all[0].pulled_at);
}

// However it is written, and also where it is not there now.
TEST_F(SourcesTest, ASourceThatIsGoneIsTheSameOne) {
  write("ships.jsonl", "{\"id\":1}\n");
  const std::string ships = "[sources.ships]\nurl = \"jsonl:" + directory_ + "/ships.jsonl\"\ninto = \"ships\"\n";
  configure(ships + "[sources.notes]\n" + folder("more/../notes/"));
  take(pull("notes"));
  take(pull("ships"));
  fs::remove_all(directory_ + "/notes");
  fs::remove(directory_ + "/ships.jsonl");
  const auto all = sources();
  ASSERT_EQ(all.size(), 2u);
  for (const SourceSummary& source : all) {
    EXPECT_TRUE(source.name);
    EXPECT_EQ(source.state, "ok") << *source.name;
    EXPECT_TRUE(source.problem) << *source.name;
    EXPECT_GT(source.rows, 0) << *source.name;
  }
}

TEST_F(SourcesTest, OneSourceHasOneNameForEachTable) {
  for (const std::string& other : {folder("notes/"), "url = \"file://" + directory_ + "/notes\"\n",
                                   folder("notes") + "into = \"docs\"\n", folder("more/../notes")}) {
    configure("[sources.n]\n" + folder("notes") + "into = \"main.docs\"\n[sources.m]\n" + other);
    const Status status = pull("n").status();
    EXPECT_EQ(status.code(), Code::invalid_argument) << other;
    EXPECT_NE(status.message().find("tarn.toml:4: the sources 'm' and 'n' are one, into one table"), std::string::npos)
        << status.message();
    EXPECT_NE(status.message().find("line 1"), std::string::npos) << status.message();
  }
  configure("[sources.n]\n" + folder("notes") + "[sources.m]\n" + folder("notes") + "into = \"other\"\n");
  PullRequest request;
  request.source = "n";
  request.into = "docs";
  EXPECT_EQ(take(pull(request)).table, "main.docs");
}

// The file is read once for all of them: who writes it meanwhile changes no pull that was begun.
TEST_F(SourcesTest, AllAreThoseThatTheFileNamedAtTheStart) {
  setenv("TARN_TEST_WIKI", (directory_ + "/lake/tarn.toml").c_str(), 1);
  mode_ = "edits";
  configure("[sources.a-wiki]\nurl = \"wiki+https://wiki.example/\"\nsecret_env = \"TARN_TEST_WIKI\"\n" +
            std::string("[sources.notes]\n") + folder("notes") + "into = \"main.notes\"\n");
  PullRequest request;
  request.all = true;
  const PullReply reply = take(pull(request));
  unsetenv("TARN_TEST_WIKI");
  ASSERT_EQ(reply.pulls.size(), 2u);
  EXPECT_EQ(reply.pulls[1].state, "ok");
  EXPECT_EQ(reply.pulls[1].table, "main.notes");
  EXPECT_EQ(reply.pulls[1].added, 2u);
}

// How it went with a table that is no more says nothing of the next one.
TEST_F(SourcesTest, ADroppedTableWasNeverPulled) {
  configure("[sources.notes]\n" + folder("notes"));
  take(pull("notes"));
  take(take(workspace_->part<SqlSessions>().open("", false))->query("DROP TABLE main.docs"));
  const auto all = sources();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].state, "never pulled");
  EXPECT_EQ(all[0].pulled_at, std::nullopt);
  EXPECT_FALSE(pull(directory_ + "/nots").ok());
  EXPECT_EQ(lake().find("nots"), std::string::npos) << "a path that was mistyped is remembered";
}

TEST_F(SourcesTest, AnEmptyFolderWasPulledToo) {
  fs::create_directories(directory_ + "/empty");
  configure("[sources.empty]\n" + folder("empty"));
  take(pull("empty"));
  EXPECT_EQ(sources()[0].state, "ok");
}

TEST_F(SourcesTest, AWordThatNamesNothingIsExplained) {
  EXPECT_NE(pull("notse").status().message().find("cannot read the source"), std::string::npos);
  configure("[sources.notes]\n" + folder("notes"));
  const Status status = pull("notse").status();
  EXPECT_EQ(status.code(), Code::not_found);
  EXPECT_NE(status.message().find("tarn.toml names no source 'notse'"), std::string::npos) << status.message();
  EXPECT_EQ(status.hint(), "did you mean 'notes'?");
  EXPECT_EQ(pull("").status().code(), Code::invalid_argument);
  configure("[sources.notes]\nurl = 3\n");
  EXPECT_NE(pull("notes").status().message().find("/lake/tarn.toml:2:"), std::string::npos);
  EXPECT_EQ(workspace_->run<Sources>({}, {}).status().code(), Code::invalid_argument);
  EXPECT_OK(pull(directory_ + "/notes"));  // a path needs no file of names
}

// S10, CNF-6: what a pull wrote and said is searched for the secret, though the connector lets it slip everywhere.
TEST_F(SourcesTest, ASecretStaysWhereItIsKept) {
  setenv("TARN_TEST_WIKI", kSecret, 1);
  configure("[sources.wiki]\nurl = \"wiki+https://wiki.example/\"\nsecret_env = \"TARN_TEST_WIKI\"\narchived = true\n");
  const PullReply reply = take(pull("wiki"));
  EXPECT_EQ(given_, kSecret);
  EXPECT_EQ(reply.added, 1);
  EXPECT_EQ(reply.rejected, 2);
  for (const char* mode : {"fails", "extra", "bookmark", "closed", ""}) {
    mode_ = mode;
    const auto again = pull("wiki");
    // A field with the secret in it costs its item alone.
    const bool good = mode_.empty() || mode_ == "extra";
    EXPECT_EQ(again.ok(), good) << mode;
    const auto all = sources();
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].state, good ? "ok" : "failed") << mode;
    EXPECT_EQ(all[0].problem.has_value(), !good) << mode;
    EXPECT_TRUE(all[0].pulled_at) << "when it last went well is still known";
    EXPECT_EQ(all[0].rejected, mode_.empty() || mode_ == "fails" ? 2 : 3) << mode;
  }
  unsetenv("TARN_TEST_WIKI");
  const Status without = pull("wiki").status();
  EXPECT_EQ(without.code(), Code::not_found);
  EXPECT_NE(without.message().find("TARN_TEST_WIKI"), std::string::npos);
  EXPECT_EQ(sources()[0].state, "failed") << "a pull without its secret is remembered too";
  EXPECT_NE(sources()[0].problem->find("TARN_TEST_WIKI"), std::string::npos);
  const std::string all = lake() + cells();
  EXPECT_NE(all.find("wiki.example/1?token="), std::string::npos) << "the lake was not looked through";
  EXPECT_NE(all.find("label "), std::string::npos) << "the table was not looked through";
  EXPECT_NE(all.find("wiki.example/3?"), std::string::npos) << "the rejects were not looked through";
  EXPECT_NE(told_.find("wiki.example/2"), std::string::npos);
  for (const char* secret : {kSecret, kSecretInJson}) {
    EXPECT_EQ(all.find(secret), std::string::npos) << secret;
    EXPECT_EQ(told_.find(secret), std::string::npos) << told_;
    EXPECT_EQ(progress_.text.find(secret), std::string::npos);
  }
}

TEST_F(SourcesTest, KindsSayWhatTheyAre) {
  const auto reply = take(workspace_->run<Connectors>({}, {}));
  ASSERT_EQ(reply.connectors.size(), connectors_.size());
  EXPECT_EQ(reply.connectors[0].name, "folder");
  EXPECT_EQ(reply.connectors[0].deletions, "listing");
  EXPECT_EQ(reply.connectors[0].gives, "documents");
  bool once = false;
  for (const ConnectorOption& option : reply.connectors[0].options) {
    once = once || (option.name == "allow_empty" && option.lasts == "once" && option.type == "boolean");
    EXPECT_NE(option.name, "hidden") << "what help does not show";
  }
  EXPECT_TRUE(once);
  EXPECT_EQ(reply.connectors[1].gives, "records");
  EXPECT_TRUE(reply.connectors.back().takes_secret);
}

}  // namespace
}  // namespace tarn::workspace
