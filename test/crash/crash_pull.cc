// Kills `tarn pull` with SIGKILL again and again and looks whether a row was lost or doubled. What the rows must be is kept here, outside
// of Tarn. Half of the kills fall within 50 ms of a new file in the table or its log (inotify, measured); the others at any time.
// After each kill `tarn check` must be clean, no row may be doubled, and every row must be a version that its file really had; when a
// resumed pull has ended, the rows must be the files, and one more pull must commit nothing.
//
//     crash_pull --tarn dist/tarn/bin/tarn [--kills 200] [--files 620] [--seed N] [--keep] [--peer PYTHON peer_rows.py]
//
// Exit 0: nothing was lost. 1: what was, with the seed and the directory. 2: it could not run.
// Source:  RocksDB's db_crashtest (an expected state outside of the database).
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
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
#include "judge.h"
#include "source_folder.h"

namespace tarn::crash {
namespace {

struct Settings {
  std::string tarn;
  int kills = 200, files = 620;  // 25 documents a commit: more than 20 commits a pull
  uint64_t seed = 0;
  std::vector<std::string> peer;  // command of peer_rows.py; every fifth table is given to it
  bool keep = false;
};

class CrashTest {
 public:
  explicit CrashTest(const Settings& settings)
      : settings_(settings),
        random_(settings.seed),
        root_(make_root()),
        folder_(root_ + "/source", settings.seed ^ 0x5eed),
        judge_(settings.tarn, root_, settings.seed) {}

  int run() {
    std::printf("crash_pull: seed %llu, %d kills, %d files, in %s\n", static_cast<unsigned long long>(settings_.seed),
                settings_.kills, settings_.files, root_.c_str());
    folder_.create(settings_.files);
    double whole_ms = calibrate();
    // On a busy machine a few more, until half of them fell where they should.
    const auto enough = [&] {
      return kills() >= settings_.kills && (close_ * 2 >= kills() || kills() >= 3 * settings_.kills);
    };
    while (!enough() && judge_.failures() == 0) {
      one_pull(whole_ms);
      if (random_.below(6) == 0) folder_.change_a_little();  // the source moves on while a pull is unfinished
    }
    if (judge_.failures() == 0) finish();
    std::printf(
        "crash_pull: %d kills: %d before the first commit of their pull, %d between commits, %d within a commit; %d "
        "within 50 ms of a new file, %d at any time; "
        "%d pulls ended (%d before their kill came), %d commits seen\n",
        kills(), before_, between_, within_, close_, elsewhere_, ended_, missed_, commits_);
    std::printf("crash_pull: %s\n",
                judge_.failures() != 0 ? "FAILED" : "nothing lost, nothing doubled, every check clean");
    if (judge_.failures() == 0 && !settings_.keep) std::filesystem::remove_all(root_);
    return judge_.failures() != 0 ? 1 : 0;
  }

 private:
  static std::string make_root() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tarn-crash-XXXXXX").string();
    if (!::mkdtemp(pattern.data())) std::exit(2);
    std::filesystem::create_directories(pattern + "/source");
    return std::filesystem::canonical(pattern).string();
  }

  int kills() const { return before_ + between_ + within_; }

  void fail(const std::string& what) { judge_.fail(fmt::format("after {} kills: {}", kills(), what)); }

  std::vector<std::string> pull_command() const {
    return judge_.command({"pull", folder_.path(), "--into", "docs", "--commit-every", "25"});
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
    judge_.verify_end(folder_);
    std::printf("crash_pull: a whole pull takes %.0f ms\n", ms);
    folder_.change();
    return ms;
  }

  void one_pull(double whole_ms) {
    CommitWatch watch(root_ + "/lake/main/docs");
    // Half of the kills shall fall within 50 ms of a new file.
    bool aim = close_ * 2 <= kills();
    Child child(pull_command(), root_);
    if (aim) {
      // An update writes about eight files a commit; any of them may be the one.
      uint64_t target = 1 + random_.below(random_.below(3) == 0 ? 6 : 120);
      while (child.running() && watch.new_files() < target) watch.wait(20);
      std::this_thread::sleep_for(std::chrono::microseconds(random_.below(45'000)));
    } else {
      base::Stopwatch stopwatch;
      double at = static_cast<double>(random_.below(1000)) / 1000 * whole_ms;
      while (child.running() && stopwatch.elapsed_ms() < at) watch.wait(2);
    }
    while (watch.wait(0)) {
    }
    double since_ms = watch.ms_since_new_file();
    child.kill_now();
    Ended ended = child.wait();
    while (watch.wait(0)) since_ms = 0;  // one more came before the kill
    commits_ += static_cast<int>(watch.commits());
    if (!ended.killed) {
      ++missed_;
      if (ended.code != 0) return fail(fmt::format("a pull ended with {}: {}", ended.code, ended.err));
      ++ended_;
      judge_.verify_end(folder_);
      folder_.change();
      return;
    }
    (watch.within_commit() ? within_ : watch.commits() > 0 ? between_ : before_)++;
    (since_ms <= 50 ? close_ : elsewhere_)++;
    judge_.verify_middle(folder_);
    if (!settings_.peer.empty() && kills() % 5 == 0) judge_.compare_with(settings_.peer);
    if (random_.below(4) == 0) resume();
    if (kills() % 10 == 0) std::printf("crash_pull: %d kills, %d commits\n", kills(), commits_), std::fflush(stdout);
  }

  // What was killed is gone on with, to its end.
  void resume() {
    Ended ended = crash::run(pull_command(), root_);
    if (ended.killed || ended.code != 0) return fail(fmt::format("a resumed pull: {}: {}", ended.code, ended.err));
    ++ended_;
    judge_.verify_end(folder_);
    folder_.change();
  }

  void finish() {
    Ended ended = crash::run(pull_command(), root_);
    if (ended.killed || ended.code != 0) return fail(fmt::format("the last pull: {}: {}", ended.code, ended.err));
    ++ended_;
    judge_.verify_end(folder_);
    if (close_ * 2 < kills()) fail("fewer than half of the kills fell within 50 ms of a new file");
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
  Judge judge_;
  int before_ = 0, between_ = 0, within_ = 0, close_ = 0, elsewhere_ = 0, ended_ = 0, missed_ = 0, commits_ = 0;
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
    else if (name == "--peer" && i + 2 < argc)
      settings.peer = {argv[i + 1], argv[i + 2]}, i += 2;
    else if (name == "--seed" && has_value)
      settings.seed = std::strtoull(argv[++i], nullptr, 10);
    else
      settings.tarn.clear(), i = argc;
  }
  if (settings.tarn.empty() || settings.kills < 1 || settings.files < 30) {
    std::fprintf(
        stderr,
        "usage: crash_pull --tarn PROGRAM [--kills N] [--files N] [--seed N] [--keep] [--peer PYTHON peer_rows.py]\n");
    return 2;
  }
  return tarn::crash::CrashTest(settings).run();
}
