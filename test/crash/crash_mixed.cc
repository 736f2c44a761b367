// Kills the program with SIGKILL in every kind of operation that writes, aimed at its commits, and looks whether the
// lake is what a record kept outside of it says: what was acknowledged is there, what was killed is there wholly or not
// at all, and nothing else changed.
//
//     crash_mixed --tarn dist/tarn/bin/tarn [--kills 1000] [--files 60] [--seed N] [--keep]
//
// Exit 0: nothing was lost. 1: what was, with the seed and the directory. 2: it could not run. Bars: anchors C1, C9.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "crash_run.h"

namespace tarn::crash {
namespace {

constexpr int kCommitEvery = 10;

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

class MixedCrash : CrashRun {
 public:
  explicit MixedCrash(const Settings& settings) : CrashRun(settings) {}

  int run() {
    if (!prepare()) return 2;
    while (kills_ < settings_.kills && judge_.failures() == 0) one_operation();
    if (judge_.failures() == 0 && run_whole("the last pull", pull_words(kCommitEvery))) {
      judge_.verify_end(folder_);
      verify_pairs({pairs_});
    }
    for (const auto& [name, t] : tallies_) {
      fmt::print("crash_mixed: {:<13} {:>4} killed ({} of them had taken effect), {:>4} ended before their kill\n",
                 name, t.killed, t.took_effect, t.ended);
    }
    fmt::print("crash_mixed: {} kills, {} of them within 50 ms of a new file\n", kills_, close_);
    return verdict();
  }

 private:
  bool prepare() {
    if (!run_whole("the first pull", pull_words(kCommitEvery)) ||
        !run_whole("the table", {"sql", "CREATE TABLE main.pairs AS SELECT 'first' AS id, 1::BIGINT AS v"})) {
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
    switch (pairs_.empty() ? 0 : random_.below(11)) {
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
      case 4: {
        const std::string id = some_id();
        for (auto it = op.after.begin(); it != op.after.end();) {
          if (it->first >= id && it->second % 2 == 0) {
            it = op.after.erase(it);
            continue;
          }
          if (it->first >= id) it->second = -it->second;
          ++it;
        }
        const std::string added = fmt::format("m{}", next_++);
        op.after[added] = 0;
        sql("merge",
            fmt::format("MERGE INTO main.pairs AS p USING (SELECT id FROM main.pairs WHERE id >= '{}' UNION ALL "
                        "SELECT '{}') AS s ON p.id = s.id WHEN MATCHED AND v % 2 = 0 THEN DELETE WHEN MATCHED THEN "
                        "UPDATE SET v = -v WHEN NOT MATCHED THEN INSERT VALUES (s.id, 0)",
                        id, added));
        break;
      }
      case 5:
        op.name = "optimize";
        op.words = {"optimize", "main.pairs"};
        break;
      case 6:
        op.name = "vacuum";
        op.words = {"vacuum", "main.pairs", "--retain", "0", "--yes"};
        break;
      case 7: {
        const std::string id = some_id();
        op.after.erase(id);
        op.name = "forget";
        op.words = {"forget", id, "--in", "main.pairs", "--yes"};
        break;
      }
      case 8:
        op.name = "optimize docs";
        op.table = "main/docs";
        op.words = {"optimize", "main.docs"};
        break;
      default:
        op.name = "pull";
        op.table = "main/docs";
        op.words = pull_words(kCommitEvery);
        if (pulled_) folder_.change();
        pulled_ = false;
    }
    return op;
  }

  void one_operation() {
    const Operation op = next_operation();
    Aim aim;
    if (random_.below(4) != 0) {
      // Most operations make one to eight files, a pull some hundred.
      aim.files = 1 + random_.below(op.name == "pull" ? 80 : 4);
      aim.then_us = random_.below(random_.below(2) == 0 ? 3'000 : 50'000);
    } else {
      aim.at_ms = static_cast<double>(random_.below(400));
    }
    const Killed killed = kill(op.words, op.table, aim);
    const Ended& ended = killed.ended;
    Tally& tally = tallies_[op.name];
    if (!ended.killed) {
      ++tally.ended;
      // Files of writers that were killed within the hour may still be committed, as far as forget knows: it does all
      // else, and says so.
      const bool but_for_dead_writers =
          op.name == "forget" && ended.err.find("all else was forgotten") != std::string::npos;
      if (ended.code != 0 && !but_for_dead_writers) {
        return judge_.fail(fmt::format("{} ended with {}: {}", op.name, ended.code, ended.err));
      }
    } else {
      ++tally.killed;
      ++kills_;
      close_ += killed.close ? 1 : 0;
      tally.took_effect += killed.commits > 0 ? 1 : 0;
    }
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
      if (!found.emplace(row["id"].as_string(), row["v"].as_int()).second) {
        judge_.fail(fmt::format("main.pairs has {} twice", row["id"].as_string()));
      }
    }
    if (std::find(may_be.begin(), may_be.end(), found) == may_be.end()) {
      judge_.fail(fmt::format("main.pairs has {} rows, and neither those before nor those after", found.size()));
    }
    pairs_ = std::move(found);
  }

  Pairs pairs_;
  bool pulled_ = true;  // the folder is as the last whole pull saw it
  int64_t next_ = 100;
  int kills_ = 0, close_ = 0;
  std::map<std::string, Tally> tallies_;
};

}  // namespace
}  // namespace tarn::crash

int main(int argc, char** argv) {
  const auto settings = tarn::crash::read_settings({"crash_mixed", 1000, 60}, argc, argv);
  return settings ? tarn::crash::MixedCrash(*settings).run() : 2;
}
