// What both crash tests have in common: their words, a scratch lake beside a source folder, a program that is killed,
// the verdict.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "child.h"
#include "judge.h"
#include "source_folder.h"

namespace tarn::crash {

struct Settings {
  std::string test;  // "crash_pull"
  int kills = 0, files = 0;
  std::string tarn = {};
  uint64_t seed = 0;
  std::vector<std::string> peer = {};  // command of peer_rows.py
  bool keep = false;
};
// The defaults with what the command line says; nothing, and the usage on stderr, for words that are none.
std::optional<Settings> read_settings(Settings defaults, int argc, char** argv);

// When a program is to be killed: so many microseconds after it made so many new files, or after so many milliseconds.
struct Aim {
  uint64_t files = 0;  // 0: by time
  uint64_t then_us = 0;
  double at_ms = 0;
};
struct Killed {
  Ended ended;
  bool close = false;  // within 50 ms of a new file
  bool within_commit = false;
  uint64_t commits = 0;
};

class CrashRun {
 public:
  explicit CrashRun(const Settings& settings);

 protected:
  // Runs a command on the lake and kills it, unless it ends before; `table` is where its files are looked for.
  Killed kill(const std::vector<std::string>& words, const std::string& table, const Aim& aim);
  // Runs a command to its end; false, and a failure, when it does not end well.
  bool run_whole(const std::string& what, const std::vector<std::string>& words);
  std::vector<std::string> pull_words(int commit_every) const;
  // Says how it ended, and takes the scratch away when all was well. The exit code.
  int verdict();

  const Settings settings_;
  base::Random random_;
  const std::string root_;
  SourceFolder folder_;
  Judge judge_;
};

}  // namespace tarn::crash
