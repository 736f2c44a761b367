#include "crash_run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "base/clock.h"
#include "commit_watch.h"

namespace tarn::crash {
namespace {

std::string make_root(const std::string& test) {
  std::string pattern = (std::filesystem::temp_directory_path() / (test + "-XXXXXX")).string();
  if (!::mkdtemp(pattern.data())) std::exit(2);
  std::filesystem::create_directories(pattern + "/source");
  return std::filesystem::canonical(pattern).string();
}

}  // namespace

std::optional<Settings> read_settings(Settings settings, int argc, char** argv) {
  settings.seed = base::Random::from_system().next() % 1'000'000;
  bool understood = true;
  for (int i = 1; i < argc && understood; ++i) {
    const std::string name = argv[i];
    const bool has_value = i + 1 < argc;
    if (name == "--keep") {
      settings.keep = true;
    } else if (name == "--tarn" && has_value) {
      settings.tarn = std::filesystem::absolute(argv[++i]).string();
    } else if (name == "--kills" && has_value) {
      settings.kills = std::atoi(argv[++i]);
    } else if (name == "--files" && has_value) {
      settings.files = std::atoi(argv[++i]);
    } else if (name == "--seed" && has_value) {
      settings.seed = std::strtoull(argv[++i], nullptr, 10);
    } else if (name == "--peer" && i + 2 < argc) {
      settings.peer = {argv[i + 1], argv[i + 2]};
      i += 2;
    } else {
      understood = false;
    }
  }
  if (understood && !settings.tarn.empty() && settings.kills >= 1 && settings.files >= 30) return settings;
  fmt::print(stderr,
             "usage: {} --tarn PROGRAM [--kills N] [--files N] [--seed N] [--keep] [--peer PYTHON peer_rows.py]\n",
             settings.test);
  return {};
}

CrashRun::CrashRun(const Settings& settings)
    : settings_(settings),
      random_(settings.seed),
      root_(make_root(settings.test)),
      folder_(root_ + "/source", settings.seed ^ 0x5eed),
      judge_(settings.tarn, root_, settings.seed) {
  fmt::print("{}: seed {}, {} kills, {} files, in {}\n", settings.test, settings.seed, settings.kills, settings.files,
             root_);
  folder_.create(settings.files);
}

std::vector<std::string> CrashRun::pull_words(int commit_every) const {
  return {"pull", folder_.path(), "--into", "docs", "--commit-every", std::to_string(commit_every)};
}

bool CrashRun::run_whole(const std::string& what, const std::vector<std::string>& words) {
  const Ended ended = crash::run(judge_.command(words), root_);
  if (!ended.killed && ended.code == 0) return true;
  judge_.fail(fmt::format("{}: {}: {}{}", what, ended.code, ended.err, ended.out));
  return false;
}

Killed CrashRun::kill(const std::vector<std::string>& words, const std::string& table, const Aim& aim) {
  CommitWatch watch(judge_.lake() + "/" + table);
  Child child(judge_.command(words), root_);
  if (aim.files > 0) {
    while (child.running() && watch.new_files() < aim.files) watch.wait(20);
    std::this_thread::sleep_for(std::chrono::microseconds(aim.then_us));
  } else {
    const base::Stopwatch stopwatch;
    while (child.running() && stopwatch.elapsed_ms() < aim.at_ms) watch.wait(2);
  }
  while (watch.wait(0)) {
  }
  double since_ms = watch.ms_since_new_file();
  child.kill_now();
  Killed killed;
  killed.ended = child.wait();
  while (watch.wait(0)) since_ms = 0;  // one more came before the kill
  killed.close = since_ms <= 50;
  killed.within_commit = watch.within_commit();
  killed.commits = watch.commits();
  return killed;
}

int CrashRun::verdict() {
  const bool failed = judge_.failures() != 0;
  fmt::print("{}: {}\n", settings_.test, failed ? "FAILED" : "nothing lost, nothing doubled, every check clean");
  if (!failed && !settings_.keep) std::filesystem::remove_all(root_);
  return failed ? 1 : 0;
}

}  // namespace tarn::crash
