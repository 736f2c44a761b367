// Kills `tarn pull` with SIGKILL again and again and looks whether a row was lost or doubled. What the rows must be is
// kept here, outside of Tarn. Half of the kills fall within 50 ms of a new file in the table or its log (inotify,
// measured); the others at any time. After each kill `tarn check` must be clean, no row may be doubled, and every row
// must be a version that its file really had; when a resumed pull has ended, the rows must be the files, and one more
// pull must commit nothing.
//
//     crash_pull --tarn dist/tarn/bin/tarn [--kills 200] [--files 620] [--seed N] [--keep] [--peer PYTHON peer_rows.py]
//
// Exit 0: nothing was lost. 1: what was, with the seed and the directory. 2: it could not run.
// Source:  RocksDB's db_crashtest (an expected state outside of the database).
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <string>

#include "base/clock.h"
#include "crash_run.h"

namespace tarn::crash {
namespace {

constexpr int kCommitEvery = 25;

class PullCrash : CrashRun {
 public:
  explicit PullCrash(const Settings& settings) : CrashRun(settings) {}

  int run() {
    const double whole_ms = calibrate();
    if (judge_.failures() != 0) return 2;
    // On a busy machine a few more, until half of them fell where they should.
    const auto enough = [&] {
      return kills() >= settings_.kills && (close_ * 2 >= kills() || kills() >= 3 * settings_.kills);
    };
    while (!enough() && judge_.failures() == 0) {
      one_pull(whole_ms);
      if (random_.below(6) == 0) folder_.change_a_little();  // the source moves on while a pull is unfinished
    }
    if (judge_.failures() == 0) finish();
    fmt::print(
        "crash_pull: {} kills: {} before the first commit of their pull, {} between commits, {} within a commit; {} "
        "within 50 ms of a new file, {} at any time; {} pulls ended ({} before their kill came), {} commits seen\n",
        kills(), before_, between_, within_, close_, kills() - close_, ended_, missed_, commits_);
    return verdict();
  }

 private:
  int kills() const { return before_ + between_ + within_; }

  void fail(const std::string& what) { judge_.fail(fmt::format("after {} kills: {}", kills(), what)); }

  // A pull to its end; then the folder moves on.
  bool whole_pull(const std::string& what) {
    if (!run_whole(fmt::format("after {} kills: {}", kills(), what), pull_words(kCommitEvery))) return false;
    ++ended_;
    judge_.verify_end(folder_);
    return true;
  }

  // How long a whole pull takes: the others are killed within about that time.
  double calibrate() {
    const base::Stopwatch stopwatch;
    if (!run_whole("the first pull", pull_words(kCommitEvery))) return 0;
    const double ms = stopwatch.elapsed_ms();
    judge_.verify_end(folder_);
    fmt::print("crash_pull: a whole pull takes {:.0f} ms\n", ms);
    folder_.change();
    return ms;
  }

  void one_pull(double whole_ms) {
    Aim aim;
    // Half of the kills shall fall within 50 ms of a new file.
    if (close_ * 2 <= kills()) {
      // An update writes about eight files a commit; any of them may be the one.
      aim.files = 1 + random_.below(random_.below(3) == 0 ? 6 : 120);
      aim.then_us = random_.below(45'000);
    } else {
      aim.at_ms = static_cast<double>(random_.below(1000)) / 1000 * whole_ms;
    }
    const Killed killed = kill(pull_words(kCommitEvery), "main/docs", aim);
    commits_ += static_cast<int>(killed.commits);
    if (!killed.ended.killed) {
      ++missed_;
      if (killed.ended.code != 0) {
        return fail(fmt::format("a pull ended with {}: {}", killed.ended.code, killed.ended.err));
      }
      ++ended_;
      judge_.verify_end(folder_);
      folder_.change();
      return;
    }
    (killed.within_commit ? within_ : killed.commits > 0 ? between_ : before_)++;
    close_ += killed.close ? 1 : 0;
    judge_.verify_middle(folder_);
    if (!settings_.peer.empty() && kills() % 5 == 0) judge_.compare_with(settings_.peer);
    if (random_.below(4) == 0 && whole_pull("a resumed pull")) folder_.change();
    if (kills() % 10 == 0) fmt::print("crash_pull: {} kills, {} commits\n", kills(), commits_), std::fflush(stdout);
  }

  void finish() {
    if (!whole_pull("the last pull")) return;
    if (close_ * 2 < kills()) fail("fewer than half of the kills fell within 50 ms of a new file");
    const auto log_entries = [&] {
      auto all = std::filesystem::directory_iterator(judge_.lake() + "/main/docs/_delta_log");
      return std::distance(begin(all), end(all));
    };
    const auto before = log_entries();
    if (run_whole("one more pull", pull_words(kCommitEvery)) && log_entries() != before) {
      fail("a pull of the unchanged folder committed");
    }
  }

  int before_ = 0, between_ = 0, within_ = 0, close_ = 0, ended_ = 0, missed_ = 0, commits_ = 0;
};

}  // namespace
}  // namespace tarn::crash

int main(int argc, char** argv) {
  // 25 documents a commit: more than 20 commits a pull.
  const auto settings = tarn::crash::read_settings({"crash_pull", 200, 620}, argc, argv);
  return settings ? tarn::crash::PullCrash(*settings).run() : 2;
}
