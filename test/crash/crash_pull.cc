// Kills `tarn pull` with SIGKILL again and again and looks whether a row was lost or doubled. What the rows must be is kept here, outside
// of Tarn. Half of the kills are aimed: within 50 ms of a new file in the table or its log (inotify); the others fall at any time.
// After each kill `tarn check` must be clean, no row may be doubled, and every row must be a version that its file really had; when a
// resumed pull has ended, the rows must be the files, and one more pull must commit nothing.
//
//     crash_pull --tarn dist/tarn/bin/tarn [--kills 200] [--files 620] [--seed N] [--keep]
//
// Exit 0: nothing was lost. 1: what was, with the seed and the directory. 2: it could not run.
// Source:  RocksDB's db_crashtest (an expected state outside of the database).
#include <unistd.h>

#include <chrono>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "child.h"
#include "commit_watch.h"
#include "json/value.h"
#include "source_folder.h"

namespace tarn::crash {
namespace {

struct Settings {
  std::string tarn;
  int kills = 200, files = 620;  // 25 documents a commit: more than 20 commits a pull
  uint64_t seed = 0;
  bool keep = false;
};

class CrashTest {
 public:
  explicit CrashTest(const Settings& settings)
      : settings_(settings),
        random_(settings.seed),
        root_(make_root()),
        folder_(root_ + "/source", settings.seed ^ 0x5eed) {}

  int run() {
    std::printf("crash_pull: seed %llu, %d kills, %d files, in %s\n", static_cast<unsigned long long>(settings_.seed),
                settings_.kills, settings_.files, root_.c_str());
    folder_.create(settings_.files);
    double whole_ms = calibrate();
    while (kills() < settings_.kills && failures_ == 0) {
      one_pull(whole_ms);
      if (random_.below(6) == 0) folder_.change_a_little();  // the source moves on while a pull is unfinished
    }
    if (failures_ == 0) finish();
    std::printf(
        "crash_pull: %d kills: %d before the first commit of their pull, %d between commits, %d within a commit; %d "
        "aimed, %d at any time; "
        "%d pulls ended (%d before their kill came), %d commits seen\n",
        kills(), before_, between_, within_, aimed_, anywhere_, ended_, missed_, commits_);
    std::printf("crash_pull: %s\n", failures_ ? "FAILED" : "nothing lost, nothing doubled, every check clean");
    if (failures_ == 0 && !settings_.keep) std::filesystem::remove_all(root_);
    return failures_ ? 1 : 0;
  }

 private:
  static std::string make_root() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tarn-crash-XXXXXX").string();
    if (!::mkdtemp(pattern.data())) std::exit(2);
    std::filesystem::create_directories(pattern + "/source");
    return std::filesystem::canonical(pattern).string();
  }

  int kills() const { return before_ + between_ + within_; }

  [[gnu::format(printf, 2, 3)]] void fail(const char* format, ...) {
    ++failures_;
    std::printf("crash_pull: FAILED after %d kills: ", kills());
    va_list arguments;
    va_start(arguments, format);
    std::vprintf(format, arguments);
    va_end(arguments);
    std::printf(" (seed %llu, everything is kept in %s)\n", static_cast<unsigned long long>(settings_.seed),
                root_.c_str());
  }

  std::vector<std::string> command(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), settings_.tarn);
    arguments.insert(arguments.end(), {"--lake", root_ + "/lake", "--json"});
    return arguments;
  }
  std::vector<std::string> pull_command() const {
    return command({"pull", folder_.path(), "--into", "docs", "--commit-every", "25"});
  }

  // How long a whole pull takes: the others are killed within about that time.
  double calibrate() {
    base::Stopwatch stopwatch;
    Ended ended = crash::run(pull_command(), root_);
    if (ended.killed || ended.code != 0) {
      std::printf("crash_pull: the first pull failed: %s%s\n", ended.err.c_str(), ended.out.c_str());
      std::exit(2);
    }
    double ms = stopwatch.elapsed_ms();
    verify_end();
    std::printf("crash_pull: a whole pull takes %.0f ms\n", ms);
    folder_.change();
    return ms;
  }

  void one_pull(double whole_ms) {
    CommitWatch watch(root_ + "/lake/main/docs");
    bool aim = random_.below(2) == 0;
    Child child(pull_command(), root_);
    if (aim) {
      // An update writes about eight files a commit; any of them may be the one.
      uint64_t target = 1 + random_.below(random_.below(3) == 0 ? 6 : 120);
      while (child.running() && watch.new_files() < target) watch.wait(20);
      std::this_thread::sleep_for(std::chrono::microseconds(random_.below(50'000)));
    } else {
      base::Stopwatch stopwatch;
      double at = static_cast<double>(random_.below(1000)) / 1000 * whole_ms;
      while (child.running() && stopwatch.elapsed_ms() < at) watch.wait(2);
    }
    child.kill_now();
    Ended ended = child.wait();
    while (watch.wait(0)) {
    }
    commits_ += static_cast<int>(watch.commits());
    if (!ended.killed) {
      ++missed_;
      if (ended.code != 0) return fail("a pull ended with %d: %s", ended.code, ended.err.c_str());
      ++ended_;
      verify_end();
      folder_.change();
      return;
    }
    (watch.within_commit() ? within_ : watch.commits() > 0 ? between_ : before_)++;
    (aim ? aimed_ : anywhere_)++;
    verify_middle();
    if (kills() % 10 == 0) std::printf("crash_pull: %d kills, %d commits\n", kills(), commits_), std::fflush(stdout);
  }

  void check() {
    Ended ended = crash::run(command({"check"}), root_);
    if (ended.killed || ended.code != 0) fail("tarn check: %d: %s%s", ended.code, ended.err.c_str(), ended.out.c_str());
  }

  // The rows, or nothing after a failure. The table may not be there yet.
  json::Value rows() {
    if (!std::filesystem::exists(root_ + "/lake/main/docs/_delta_log/00000000000000000000.json"))
      return json::Value::array();
    Ended ended = crash::run(command({"sql", "SELECT id, uri, source_version, body FROM main.docs"}), root_);
    auto parsed = json::parse(ended.out);
    if (ended.killed || ended.code != 0 || !parsed.ok()) {
      fail("tarn sql: %d: %s%.300s", ended.code, ended.err.c_str(), ended.out.c_str());
      return json::Value::array();
    }
    return std::move(*parsed);
  }

  json::Value rows_not_doubled() {
    json::Value all = rows();
    std::set<std::string> ids, uris;
    for (const json::Value& row : all.items()) {
      if (!ids.insert(row["id"].as_string()).second) fail("the id %s is there twice", row["id"].as_string().c_str());
      if (!uris.insert(row["uri"].as_string()).second)
        fail("the uri %s is there twice", row["uri"].as_string().c_str());
    }
    return all;
  }

  void verify_middle() {
    check();
    json::Value all = rows_not_doubled();
    for (const json::Value& row : all.items())
      if (!folder_.was_ever(row["uri"].as_string(), row["source_version"].as_string()))
        fail("%s has bytes that it never had", row["uri"].as_string().c_str());
  }

  void verify_end() {
    check();
    json::Value all = rows_not_doubled();
    const auto& expected = folder_.expected();
    std::set<std::string> found;
    for (const json::Value& row : all.items()) {
      const std::string& uri = row["uri"].as_string();
      found.insert(uri);
      auto want = expected.find(uri);
      if (want == expected.end())
        fail("%s is gone from the folder and still a row", uri.c_str());
      else if (want->second != row["source_version"].as_string())
        fail("%s is an old version", uri.c_str());
      else if (row["body"].as_string().find(folder_.token(uri)) == std::string::npos)
        fail("%s has another body", uri.c_str());
    }
    for (const auto& [uri, hash] : expected)
      if (!found.contains(uri)) fail("%s is lost", uri.c_str());
  }

  void finish() {
    Ended ended = crash::run(pull_command(), root_);
    if (ended.killed || ended.code != 0) return fail("the last pull: %d: %s", ended.code, ended.err.c_str());
    ++ended_;
    verify_end();
    auto log_entries = [&] {
      auto all = std::filesystem::directory_iterator(root_ + "/lake/main/docs/_delta_log");
      return std::distance(begin(all), end(all));
    };
    auto before = log_entries();
    ended = crash::run(pull_command(), root_);
    if (ended.killed || ended.code != 0 || log_entries() != before) fail("a pull of the unchanged folder committed");
  }

  const Settings settings_;
  base::Random random_;
  const std::string root_;
  SourceFolder folder_;
  int before_ = 0, between_ = 0, within_ = 0, aimed_ = 0, anywhere_ = 0, ended_ = 0, missed_ = 0, commits_ = 0,
      failures_ = 0;
};

}  // namespace
}  // namespace tarn::crash

int main(int argc, char** argv) {
  tarn::crash::Settings settings;
  settings.seed = tarn::base::Random::from_system().next() % 1'000'000;
  for (int i = 1; i < argc; ++i) {
    std::string name = argv[i];
    bool has_value = i + 1 < argc;
    if (name == "--keep")
      settings.keep = true;
    else if (name == "--tarn" && has_value)
      settings.tarn = std::filesystem::absolute(argv[++i]).string();
    else if (name == "--kills" && has_value)
      settings.kills = std::atoi(argv[++i]);
    else if (name == "--files" && has_value)
      settings.files = std::atoi(argv[++i]);
    else if (name == "--seed" && has_value)
      settings.seed = std::strtoull(argv[++i], nullptr, 10);
    else
      settings.tarn.clear(), i = argc;
  }
  if (settings.tarn.empty() || settings.kills < 1 || settings.files < 30) {
    std::fprintf(stderr, "usage: crash_pull --tarn PROGRAM [--kills N] [--files N] [--seed N] [--keep]\n");
    return 2;
  }
  return tarn::crash::CrashTest(settings).run();
}
