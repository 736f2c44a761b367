// Damages every file of a lake, one damage at a time, and looks whether it is found and whether anything wrong is
// answered (README.md).
//
//     damage_lake [--cuts 2000] [--flips 10000] [--reads 20] [--seed N] [--keep]
//
// Exit 0: every damage was found and named, and nothing wrong was answered in silence. 1: what was not, with the seed.
// 2: it could not run. A crash ends the program by its signal. Bars: anchors D1, C7.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "base/random.h"
#include "small_lake.h"
#include "worker/pool.h"

namespace tarn::damage {
namespace {

namespace fs = std::filesystem;

struct Settings {
  uint64_t cuts = 2000, flips = 10'000, reads = 20, seed = 0;
  bool keep = false;
};

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
void write_file(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

std::string kind_of(const std::string& path) {
  const auto has = [&](const char* part) { return path.find(part) != std::string::npos; };
  if (has("tarn/rejects/")) return "table tarn.rejects";
  if (has("_last_checkpoint")) return "_last_checkpoint";
  if (has(".checkpoint.")) return "checkpoint";
  if (path.ends_with(".crc")) return "checksum";
  if (has("_delta_log/")) return "commit";
  if (has("/bookmarks/")) return "bookmark";
  if (has("lexicon-")) return "lexicon";
  if (has("/lexical-")) return "segment, lexical";
  if (has("/vector-")) return "segment, vector";
  if (has("receipts/")) return "receipt";
  if (path.ends_with(".bin")) return "deletion vectors";
  if (path.ends_with(".parquet")) return "data file";
  return "other";
}

struct Tally {
  uint64_t files = 0, cuts = 0, flips = 0, found = 0, read = 0, same = 0, errors = 0, said = 0;
};

class Damager {
 public:
  explicit Damager(const Settings& settings) : settings_(settings), random_(settings.seed), root_(make_root()) {}

  int run() {
    fmt::print("damage_lake: seed {}, {} cuts a file, {} flips, in {}\n", settings_.seed, settings_.cuts,
               settings_.flips, root_);
    if (const auto made = make_small_lake(lake(), root_ + "/source"); !made.ok()) return cannot(made.to_string());
    {
      const auto opened = open_small_lake(lake());
      workspace::AskRequest request;
      request.question = "What is told of the middle of page 4?";
      const auto asked = (*opened)->run<workspace::Ask>(request, {});
      if (!asked.ok() || !asked->receipt) return cannot("no answer to take a receipt from");
      receipt_ = *asked->receipt;
    }
    remember();
    before_ = read_lake(lake(), receipt_);
    restore();
    for (const auto& [what, answer] : before_) {
      if (answer.is_error() || answer.said) return cannot(what + " of the whole lake: " + answer.text);
    }
    if (const std::string problems = check(); !problems.empty()) {
      return cannot("the whole lake is not clean: " + problems);
    }
    plan();
    // A commit that cannot be read hides what comes after it: each alone. Of the other files many can be damaged at
    // once, each in its own way; of a table's checkpoints one, since another stands in for it, and apart from them what
    // tells whether they are whole.
    std::map<size_t, std::vector<std::string>> groups;
    std::map<std::string, size_t> checkpoints;  // of each log so far
    for (const auto& [path, list] : planned_) {
      if (is_commit(path)) continue;
      const bool checkpoint = path.find(".checkpoint.") != std::string::npos;
      const size_t group = is_witness(path) ? SIZE_MAX : checkpoint ? checkpoints[fs::path(path).parent_path()]++ : 0;
      groups[group].push_back(path);
    }
    for (const auto& [group, paths] : groups) {
      for (size_t round = 0;; ++round) {
        std::vector<Damage> damages;
        for (const std::string& path : paths) {
          if (round < planned_[path].size()) damages.push_back(planned_[path][round]);
        }
        if (damages.empty()) break;
        try_all(damages, 0);
      }
    }
    for (const auto& [path, list] : planned_) {
      for (size_t i = 0; i < list.size(); ++i) {
        if (is_commit(path)) {
          try_all({list[i]}, i % settings_.reads == 0 ? 1 : 0);
        } else if (i % settings_.reads == 0) {
          read_one(list[i]);
        }
      }
    }
    report();
    if (failures_ == 0 && !settings_.keep) fs::remove_all(root_);
    return failures_ == 0 ? 0 : 1;
  }

 private:
  static bool is_commit(const std::string& path) {
    return path.find("/_delta_log/") != std::string::npos && path.ends_with(".json");
  }
  static bool is_witness(const std::string& path) {
    return path.ends_with(".crc") || path.ends_with("/_last_checkpoint");
  }
  static std::string make_root() {
    std::string pattern =
        (fs::is_directory("/dev/shm") ? "/dev/shm" : fs::temp_directory_path().string()) + "/tarn-damage-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) std::exit(2);
    return pattern;
  }
  std::string lake() const { return root_ + "/lake"; }
  static int cannot(const std::string& why) {
    fmt::print("damage_lake: cannot run: {}\n", why);
    return 2;
  }

  void remember() {
    for (const auto& entry : fs::recursive_directory_iterator(lake())) {
      if (entry.is_regular_file()) files_[fs::relative(entry.path(), lake()).string()] = read_file(entry.path());
    }
  }
  // Reading may build a segment or a lexicon again: everything is put back as it was.
  void restore() {
    for (const auto& entry : fs::recursive_directory_iterator(lake())) {
      if (!entry.is_regular_file()) continue;
      const auto known = files_.find(fs::relative(entry.path(), lake()).string());
      if (known == files_.end()) {
        fs::remove(entry.path());
      } else if (read_file(entry.path()) != known->second) {
        write_file(entry.path(), known->second);
      }
    }
    for (const auto& [path, bytes] : files_) {
      if (!fs::exists(lake() + "/" + path)) write_file(lake() + "/" + path, bytes);
    }
  }

  // Every problem as one text, "" when there is none.
  std::string check() {
    const auto opened = open_small_lake(lake());
    const auto checked = (*opened)->run<workspace::Check>({}, {});
    if (!checked.ok()) return checked.status().to_string();
    std::string text;
    for (const auto& problem : checked->problems) text += fmt::format("{}: {}\n", problem.file, problem.problem);
    return text;
  }

  struct Damage {
    std::string path, bytes, what;
  };

  void plan() {
    const uint64_t flips_each = std::max<uint64_t>(1, settings_.flips / files_.size());
    for (const auto& [path, good] : files_) {
      Tally& tally = tallies_[kind_of(path)];
      ++tally.files;
      std::set<size_t> lengths;
      if (good.size() <= settings_.cuts) {
        for (size_t i = 0; i < good.size(); ++i) lengths.insert(i);
      } else {
        lengths = {0, good.size() - 1};
        while (lengths.size() < settings_.cuts) lengths.insert(random_.below(good.size()));
      }
      auto& list = planned_[path];
      for (const size_t length : lengths) {
        list.push_back({path, good.substr(0, length), fmt::format("cut to {} of {} bytes", length, good.size())});
      }
      tally.cuts += lengths.size();
      for (uint64_t i = 0; i < flips_each; ++i) {
        const uint64_t bit = random_.below(good.size() * 8);
        std::string bad = good;
        bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
        list.push_back({path, std::move(bad), fmt::format("bit {} of byte {} flipped", bit % 8, bit / 8)});
      }
      tally.flips += flips_each;
    }
  }

  void fail(const Damage& damage, const std::string& what) {
    if (++failures_ <= 20) {
      fmt::print("damage_lake: FAILED: {}, {}: {} (seed {})\n", damage.path, damage.what, what, settings_.seed);
    }
  }

  void try_all(const std::vector<Damage>& damages, int read) {
    for (const Damage& damage : damages) write_file(lake() + "/" + damage.path, damage.bytes);
    const std::string problems = check();
    for (const Damage& damage : damages) {
      if (problems.find(fs::path(damage.path).filename().string()) != std::string::npos) {
        ++tallies_[kind_of(damage.path)].found;
      } else {
        fail(damage, problems.empty() ? "check finds nothing" : "check does not name it: " + problems);
      }
    }
    if (read != 0) read_one(damages.front());
    for (const Damage& damage : damages) write_file(lake() + "/" + damage.path, files_[damage.path]);
  }

  void read_one(const Damage& damage) {
    write_file(lake() + "/" + damage.path, damage.bytes);
    Tally& tally = tallies_[kind_of(damage.path)];
    ++tally.read;
    const bool data = kind_of(damage.path) == "data file" || damage.path.ends_with(".parquet");
    bool same = true, error = false;
    for (const auto& [what, answer] : read_lake(lake(), receipt_)) {
      const auto whole = before_.find(what);
      if (whole != before_.end() && whole->second.text == answer.text) continue;
      same = false;
      error = error || answer.is_error();
      if (answer.is_error() || answer.said) continue;
      if (what.starts_with("sql") && data) {
        ++silent_sql_;  // as any Parquet reader
      } else {
        fail(damage, what + " answers otherwise, and says nothing");
      }
    }
    ++(same ? tally.same : error ? tally.errors : tally.said);
    data_reads_ += data ? 1 : 0;
    restore();
  }

  void report() const {
    fmt::print("{:<20} {:>6} {:>8} {:>8} {:>8} | {:>6} {:>8} {:>8} {:>6}\n", "file", "files", "cuts", "flips", "found",
               "read", "the same", "error", "said");
    Tally all;
    for (const auto& [kind, t] : tallies_) {
      fmt::print("{:<20} {:>6} {:>8} {:>8} {:>8} | {:>6} {:>8} {:>8} {:>6}\n", kind, t.files, t.cuts, t.flips, t.found,
                 t.read, t.same, t.errors, t.said);
      all.cuts += t.cuts;
      all.flips += t.flips;
      all.found += t.found;
      all.read += t.read;
    }
    fmt::print(
        "damage_lake: {} of {} damages found by check; {} read, {} of {} readings of damaged data files were wrong by "
        "SQL alone\n",
        all.found, all.cuts + all.flips, all.read, silent_sql_, data_reads_);
    fmt::print("damage_lake: {}\n", failures_ == 0 ? "all found and named, no wrong answer, no crash"
                                                   : fmt::format("FAILED: {}", failures_));
  }

  const Settings settings_;
  base::Random random_;
  const std::string root_;
  std::string receipt_;
  std::map<std::string, std::string> files_;
  std::map<std::string, Answer> before_;
  std::map<std::string, Tally> tallies_;
  std::map<std::string, std::vector<Damage>> planned_;
  uint64_t failures_ = 0, silent_sql_ = 0, data_reads_ = 0;
};

}  // namespace
}  // namespace tarn::damage

int main(int argc, char** argv) {
  tarn::workspace::register_workers();
  if (tarn::worker::is_worker(argc, argv)) return tarn::worker::serve(argc, argv);
  tarn::damage::Settings settings;
  settings.seed = tarn::base::Random::from_system().next() % 1'000'000;
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    uint64_t* number = name == "--cuts"    ? &settings.cuts
                       : name == "--flips" ? &settings.flips
                       : name == "--reads" ? &settings.reads
                       : name == "--seed"  ? &settings.seed
                                           : nullptr;
    if (name == "--keep") {
      settings.keep = true;
    } else if (number != nullptr && i + 1 < argc) {
      *number = std::strtoull(argv[++i], nullptr, 10);
    } else {
      std::fprintf(stderr, "usage: damage_lake [--cuts N] [--flips N] [--reads N] [--seed N] [--keep]\n");
      return 2;
    }
  }
  if (settings.reads == 0 || settings.cuts == 0) return 2;
  return tarn::damage::Damager(settings).run();
}
