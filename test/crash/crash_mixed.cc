// Kills the program with SIGKILL in every kind of operation that writes, aimed at its commits, and looks whether the lake is what a record
// kept outside of it says: what was acknowledged is there, what was killed is there wholly or not at all, and nothing else changed.
//
//     crash_mixed --tarn dist/tarn/bin/tarn [--kills 1000] [--files 60] [--seed N] [--keep]
//
// Exit 0: nothing was lost. 1: what was, with the seed and the directory. 2: it could not run. Bars: anchors C1, C9.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
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
  int kills = 1000, files = 60;
  uint64_t seed = 0;
  bool keep = false;
};

using Pairs = std::map<std::string, int64_t>;  // the rows of main.pairs

// One operation: what to type, and what main.pairs holds after it; an operation on main.docs leaves `after` as it is.
struct Operation {
  std::string name, table;
  std::vector<std::string> words;
  Pairs after;
};

struct Tally {
  int killed = 0, ended = 0, took_effect = 0;  // of those killed
};

class MixedCrashTest {
 public:
  explicit MixedCrashTest(const Settings& settings)
      : settings_(settings),
        random_(settings.seed),
        root_(make_root()),
        folder_(root_ + "/source", settings.seed ^ 0x5eed),
        judge_(settings.tarn, root_, settings.seed) {}

  int run() {
    fmt::print("crash_mixed: seed {}, {} kills, in {}\n", settings_.seed, settings_.kills, root_);
    folder_.create(settings_.files);
    if (!prepare()) return 2;
    while (kills_ < settings_.kills && judge_.failures() == 0) one_operation();
    if (judge_.failures() == 0) finish();
    for (const auto& [name, t] : tallies_) {
      fmt::print("crash_mixed: {:<10} {:>4} killed ({} of them had taken effect), {:>4} ended before their kill\n",
                 name, t.killed, t.took_effect, t.ended);
    }
    fmt::print("crash_mixed: {} kills, {} of them within 50 ms of a new file; {}\n", kills_, close_,
               judge_.failures() != 0 ? "FAILED" : "nothing lost, nothing doubled, every check clean");
    if (judge_.failures() == 0 && !settings_.keep) std::filesystem::remove_all(root_);
    return judge_.failures() != 0 ? 1 : 0;
  }

 private:
  static std::string make_root() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tarn-mixed-XXXXXX").string();
    if (!::mkdtemp(pattern.data())) std::exit(2);
    std::filesystem::create_directories(pattern + "/source");
    return std::filesystem::canonical(pattern).string();
  }

  std::vector<std::string> pull_words() const {
    return {"pull", folder_.path(), "--into", "docs", "--commit-every", "10"};
  }

  bool prepare() {
    for (const auto& words :
         {pull_words(), {"sql", "CREATE TABLE main.pairs AS SELECT 'first' AS id, 1::BIGINT AS v"}}) {
      const Ended ended = crash::run(judge_.command(words), root_);
      if (!ended.killed && ended.code == 0) continue;
      fmt::print("crash_mixed: cannot run: {}{}\n", ended.err, ended.out);
      return false;
    }
    pairs_ = {{"first", 1}};
    judge_.verify_end(folder_);
    verify_pairs({pairs_});
    return judge_.failures() == 0;
  }

  std::string some_id() {
    auto it = pairs_.begin();
    std::advance(it, static_cast<ptrdiff_t>(random_.below(pairs_.size())));
    return it->first;
  }

  Operation next_operation() {
    Operation op{"", "main/pairs", {}, pairs_};
    const auto sql = [&](std::string name, const std::string& statement) {
      op.name = std::move(name);
      op.words = {"sql", statement};
    };
    switch (pairs_.empty() ? 0 : random_.below(8)) {
      case 0:
      case 1: {
        std::string values;
        for (uint64_t i = 0, n = 1 + random_.below(20); i < n; ++i, ++next_) {
          const std::string id = fmt::format("p{}", next_);
          values += fmt::format("{}('{}', {})", values.empty() ? "" : ", ", id, next_);
          op.after[id] = next_;
        }
        sql("insert", "INSERT INTO main.pairs VALUES " + values);
        break;
      }
      case 2: {
        const int64_t parts = 5 + static_cast<int64_t>(random_.below(10)),
                      part = static_cast<int64_t>(random_.below(5));
        std::erase_if(op.after, [&](const auto& pair) { return pair.second % parts == part; });
        sql("delete", fmt::format("DELETE FROM main.pairs WHERE v % {} = {}", parts, part));
        break;
      }
      case 3: {
        const std::string id = some_id();
        for (auto& [key, v] : op.after) {
          if (key >= id) v += 1000;
        }
        sql("update", fmt::format("UPDATE main.pairs SET v = v + 1000 WHERE id >= '{}'", id));
        break;
      }
      case 4:
        op.name = "optimize";
        op.words = {"optimize", "main.pairs"};
        break;
      case 5:
        op.name = "optimize docs";
        op.table = "main/docs";
        op.words = {"optimize", "main.docs"};
        break;
      default:
        op.name = "pull";
        op.table = "main/docs";
        op.words = pull_words();
        if (pulled_) folder_.change();
        pulled_ = false;
    }
    return op;
  }

  void one_operation() {
    const Operation op = next_operation();
    CommitWatch watch(judge_.lake() + "/" + op.table);
    Child child(judge_.command(op.words), root_);
    const bool aim = random_.below(4) != 0;
    if (aim) {
      // Most operations make one to eight files, a pull some hundred.
      const uint64_t target = 1 + random_.below(op.name == "pull" ? 80 : 4);
      while (child.running() && watch.new_files() < target) watch.wait(20);
      std::this_thread::sleep_for(std::chrono::microseconds(random_.below(random_.below(2) == 0 ? 3'000 : 50'000)));
    } else {
      std::this_thread::sleep_for(std::chrono::milliseconds(random_.below(400)));
    }
    while (watch.wait(0)) {
    }
    double since_ms = watch.ms_since_new_file();
    child.kill_now();
    const Ended ended = child.wait();
    Tally& tally = tallies_[op.name];
    if (!ended.killed) {
      ++tally.ended;
      if (ended.code != 0) return judge_.fail(fmt::format("{} ended with {}: {}", op.name, ended.code, ended.err));
    } else {
      ++tally.killed;
      ++kills_;
    }
    while (watch.wait(0)) since_ms = 0;  // one more came before the kill
    close_ += ended.killed && since_ms <= 50 ? 1 : 0;
    tally.took_effect += ended.killed && watch.commits() > 0 ? 1 : 0;
    if (op.table == "main/pairs") {
      judge_.check();
      verify_pairs(ended.killed ? std::vector<Pairs>{pairs_, op.after} : std::vector<Pairs>{op.after});
    } else if (op.name == "pull" && !ended.killed) {
      pulled_ = true;
      judge_.verify_end(folder_);
    } else {
      judge_.verify_middle(folder_);
    }
    if (kills_ % 50 == 0 && ended.killed) fmt::print("crash_mixed: {} kills\n", kills_), std::fflush(stdout);
  }

  // main.pairs is one of these; then it is taken for what it is.
  void verify_pairs(const std::vector<Pairs>& may_be) {
    const json::Value rows = judge_.rows("main/pairs", "SELECT id, v FROM main.pairs");
    Pairs found;
    for (const json::Value& row : rows.items()) {
      if (!found.emplace(row["id"].as_string(), row["v"].as_int()).second)
        judge_.fail(fmt::format("main.pairs has {} twice", row["id"].as_string()));
    }
    if (std::find(may_be.begin(), may_be.end(), found) == may_be.end())
      judge_.fail(fmt::format("main.pairs has {} rows, and neither those before nor those after", found.size()));
    pairs_ = std::move(found);
  }

  void finish() {
    const Ended ended = crash::run(judge_.command(pull_words()), root_);
    if (ended.killed || ended.code != 0)
      return judge_.fail(fmt::format("the last pull: {}: {}", ended.code, ended.err));
    judge_.verify_end(folder_);
    verify_pairs({pairs_});
  }

  const Settings settings_;
  base::Random random_;
  const std::string root_;
  SourceFolder folder_;
  Judge judge_;
  Pairs pairs_;
  bool pulled_ = true;  // the folder is as the last whole pull saw it
  int64_t next_ = 100;
  int kills_ = 0, close_ = 0;
  std::map<std::string, Tally> tallies_;
};

}  // namespace
}  // namespace tarn::crash

int main(int argc, char** argv) {
  tarn::crash::Settings settings;
  settings.seed = tarn::base::Random::from_system().next() % 1'000'000;
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    const bool has_value = i + 1 < argc;
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
    std::fprintf(stderr, "usage: crash_mixed --tarn PROGRAM [--kills N] [--files N] [--seed N] [--keep]\n");
    return 2;
  }
  return tarn::crash::MixedCrashTest(settings).run();
}
