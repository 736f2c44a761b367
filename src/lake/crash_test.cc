// C2, C3, C5 for the lake, over every operation (crash_operations_test.h): a power cut after every system call, with
// every fate of what was not synced; every call that fails, in every way; a limit on the size of files, which also
// stops what DuckDB writes; a stop at every place where the operation asks for one. What opens afterwards is the
// version before or the version after, whole, with all earlier ones; check() finds nothing; the next writer needs no
// repair. The canary leaves out one sync, directory sync or rename at a time, and the same judgement must condemn it.
#include <fmt/format.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "base/hash.h"
#include "base/stop_after_test.h"
#include "lake/crash_operations_test.h"
#include "store/fault_store.h"
#include "store/recording.h"

namespace tarn::lake {
namespace {

using Lines = std::vector<std::string>;

bool is_soak() { return std::getenv("TARN_SOAK") != nullptr; }

base::Result<Lines> rows_of(const TableReader& table, std::optional<base::Version> version) {
  TARN_ASSIGN(const auto snapshot, table.snapshot(version));
  TARN_ASSIGN(const Select select, table.select(*snapshot, {}, false));
  TARN_ASSIGN(const auto rows,
              duck::shared_connection().query("SELECT id || '|' || v FROM (" + select.sql + ") ORDER BY ALL"));
  Lines lines;
  while (true) {
    TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
    if (chunk == nullptr) return lines;
    for (size_t row = 0; row < chunk->rows(); ++row) lines.emplace_back(chunk->text(0, row));
  }
}

class CrashTest : public testing::TestWithParam<Operation> {
 protected:
  // The table before the operation, and what its versions hold: those before, and the one that the operation makes.
  void SetUp() override {
    const auto store = take(store::open_local(prepared_.path()));
    ASSERT_OK(prepare(GetParam(), environment(store.get()), connection_));
    if (!GetParam().makes_the_table) {
      const auto table = take(open_table(environment(store.get()), "main/t"));
      before_ = static_cast<size_t>(take(table->snapshot())->version.value) + 1;
      for (size_t v = 0; v < before_; ++v) versions_.push_back(take(rows_of(*table, version(v))));
    }
    clock_.advance_us(int64_t{24} * 3600 * 1'000'000);
    const store::ScratchDirectory whole;
    copy_prepared(whole.path());
    const auto run = take(store::open_local(whole.path()));
    ASSERT_OK(GetParam().run(environment(run.get()), connection_, {}));
    const auto table = take(open_table(environment(run.get()), "main/t"));
    const auto last = static_cast<size_t>(take(table->snapshot())->version.value);
    ASSERT_EQ(last + 1, before_ + static_cast<size_t>(GetParam().versions + GetParam().merges));
    for (size_t v = before_; v <= last; ++v) versions_.push_back(take(rows_of(*table, version(v))));
  }

  static base::Version version(size_t number) { return base::Version(static_cast<int64_t>(number)); }
  Environment environment(store::Store* store) {
    return {store, &clock_, &random_, nullptr, false, duck::shared_duckdb().connect};
  }
  void copy_prepared(const std::string& to) {
    std::filesystem::copy(prepared_.path(), to, std::filesystem::copy_options::recursive);
  }

  struct Found {
    std::vector<std::string> violations;
    bool after = false;  // what the operation makes is there
  };

  // What is wrong with a lake that was left in the middle of the operation. It is written to.
  Found judge(store::Store& store, bool acknowledged) {
    Found found;
    const auto wrong = [&](std::string what) { found.violations.push_back(std::move(what)); };
    const auto opened = open_table(environment(&store), "main/t");
    if (!opened.ok()) {
      if (before_ == 0 && !acknowledged && opened.status().code() == base::Code::not_found) return found;
      wrong(opened.status().to_string());
      return found;
    }
    const auto snapshot = (*opened)->snapshot();
    if (!snapshot.ok()) {
      wrong(snapshot.status().to_string());
      return found;
    }
    const auto newest = static_cast<size_t>((*snapshot)->version.value);
    found.after = is_after(store, newest);
    // What goes in steps and was stopped may have taken some of them twice.
    const bool known = newest < versions_.size() || GetParam().in_steps;
    if (!known || newest + 1 < before_ || (acknowledged && GetParam().durable && !found.after)) {
      wrong(fmt::format("version {}{}", newest, found.after ? "" : ", and what was acknowledged is not done"));
      return found;
    }
    for (size_t v = GetParam().keeps_old_versions ? 0 : newest; v <= newest; ++v) {
      const auto rows = rows_of(**opened, version(v));
      if (!rows.ok()) {
        wrong(fmt::format("version {} of {}: {}", v, newest, rows.status().to_string()));
      } else if (*rows != expected(v)) {
        wrong(fmt::format("version {} of {} has other rows", v, newest));
      }
    }
    const auto findings = (*opened)->check(connection_, {});
    if (!findings.ok()) {
      wrong("check: " + findings.status().to_string());
    } else {
      for (const Finding& finding : *findings) wrong("check: " + finding.where + ": " + finding.what);
    }
    const auto next = change_rows(environment(&store), {}, [&](Change& change) {
      return change.append(connection_, "SELECT 'the next writer' AS id, 1 AS v", {});
    });
    const auto rows = rows_of(**opened, std::nullopt);
    if (!next.ok() || !rows.ok() || rows->size() != expected(newest).size() + 1) {
      wrong("the next writer: " + next.to_string() + ", " + rows.status().to_string());
    }
    return found;
  }

  const Lines& expected(size_t version) const { return versions_[std::min(version, versions_.size() - 1)]; }
  // Whether what the operation makes is there.
  bool is_after(store::Store& store, size_t newest) {
    if (GetParam().done) return GetParam().done(environment(&store));
    return newest + 1 >= before_ + static_cast<size_t>(GetParam().versions);
  }

  struct Played {
    size_t states = 0, old_states = 0, new_states = 0;
    std::vector<std::string> violations;
    store::Recording recording;
  };
  // Of a canary only the first violation counts; what a missing sync takes away is still gone when all was
  // acknowledged, so that only a missing rename has to be looked for before.
  Played play(const std::vector<store::Variant>& variants, std::optional<store::Omission> omission) {
    const store::ScratchDirectory root, scratch;
    copy_prepared(root.path());
    store::RecordingStore recording(root.path(), omission);
    EXPECT_OK(GetParam().run(environment(&recording), connection_, {}));
    recording.mark("acknowledged");
    Played played;
    played.recording = recording.recording();
    const auto states =
        store::for_each_power_cut(played.recording, variants, scratch.path(), [&](const store::PowerCut& cut) {
          const bool rename = omission && omission->kind == store::Event::Kind::rename;
          if (omission && (!played.violations.empty() || (cut.marks.empty() && !rename))) return;
          const auto store = take(store::open_local(cut.directory));
          const Found found = judge(*store, !cut.marks.empty());
          ++(found.after ? played.new_states : played.old_states);
          for (const std::string& violation : found.violations) {
            played.violations.push_back(cut.describe() + ": " + violation);
          }
        });
    played.states = take(states);
    return played;
  }

  const store::ScratchDirectory prepared_;
  base::FixedClock clock_{1'790'000'000'000'000};
  base::Random random_{42};
  duck::Connection& connection_ = duck::shared_connection();
  size_t before_ = 0;  // how many versions there are before
  std::vector<Lines> versions_;
};

TEST_P(CrashTest, APowerCutLeavesTheOldVersionOrTheNew) {
  const uint64_t seed = 11;
  std::vector<store::Variant> variants = {{store::Unsynced::lost, store::Names::lost, 0},
                                          {store::Unsynced::torn, store::Names::kept, 0},
                                          {store::Unsynced::mixed, store::Names::mixed, seed}};
  if (is_soak()) variants = store::all_variants(seed, 8);
  const Played played = play(variants, {});
  EXPECT_TRUE(played.violations.empty()) << "seed " << seed << ", " << played.violations.size()
                                         << " violations, the first: " << played.violations.front();
  EXPECT_GE(played.states, GetParam().done ? 2U : 10U);  // what makes no version is short
  EXPECT_GT(played.old_states, 0U);
  EXPECT_GT(played.new_states, 0U) << "no cut fell between a commit's name and its acknowledgement";
  RecordProperty("states", static_cast<int>(played.states));
  std::printf("power cuts in %s: %zu states\n", GetParam().name.c_str(), played.states);
}

// What readers do without: a power cut may take its last writing away.
bool is_aid(const std::string& path) {
  return path.ends_with(".crc") || path.ends_with("_last_checkpoint") ||
         path.find(".checkpoint.") != std::string::npos || path.find("/_tarn/creating-") != std::string::npos;
}

std::string directory_of(const std::string& path) {
  return path.substr(0, path.find('/') == std::string::npos ? 0 : path.rfind('/'));
}

class CrashCanary : public CrashTest {};

TEST_P(CrashCanary, EachMissingCallIsNoticed) {
  const std::vector<store::Variant> variants = {{store::Unsynced::torn, store::Names::kept, 0},
                                                {store::Unsynced::lost, store::Names::lost, 0}};
  using Kind = store::Event::Kind;
  const auto events = play({}, {}).recording.events;
  // Each file's sync; the syncs of each directory that gets a name which counts; the renames that make a commit. (A
  // data file may lie there half written: nothing names it yet.)
  std::vector<store::Omission> omissions;
  std::set<std::string> directories;
  std::map<std::string, std::string> final_name;  // of temporary files
  for (const store::Event& event : events) {
    if (event.kind == Kind::rename) final_name[event.path] = event.to;
  }
  uint64_t syncs = 0;
  for (const store::Event& event : events) {
    if (event.kind == Kind::sync) {
      ++syncs;
      const auto name = final_name.find(event.path);
      if (name == final_name.end() || !is_aid(name->second)) omissions.push_back({Kind::sync, syncs, {}});
    } else if (event.kind == Kind::rename && !is_aid(event.to)) {
      directories.insert(directory_of(event.to));
      if (event.to.ends_with(".json") && event.to.find("_delta_log") != std::string::npos) {
        omissions.push_back({Kind::rename, 0, event.to});
      }
    } else if (event.kind == Kind::make_directory) {
      directories.insert(directory_of(event.path));
    }
  }
  for (const std::string& directory : directories) {
    if (!directory.empty()) omissions.push_back({Kind::sync_directory, 0, directory});
  }
  EXPECT_GE(omissions.size(), 3U);
  for (const store::Omission& omission : omissions) {
    EXPECT_FALSE(play(variants, omission).violations.empty())
        << "without call " << omission.nth << " of kind " << static_cast<int>(omission.kind) << " at '" << omission.path
        << "' the harness sees nothing";
  }
}

TEST_P(CrashTest, EveryCallMayFail) {
  using store::Fault;
  uint64_t failures = 0;
  for (const auto fault : {Fault::io_error, Fault::no_space, Fault::too_many_files, Fault::short_write}) {
    // All in a soak; here every eleventh, beginning elsewhere for each operation and fault.
    const uint64_t step = is_soak() ? 1 : 11;
    const uint64_t first = 1 + (base::hash64(GetParam().name) + static_cast<uint64_t>(fault)) % step;
    for (const bool for_good : {false, true}) {
      if (for_good && (fault == Fault::short_write || !is_soak())) continue;
      for (uint64_t nth = first;; nth += step) {
        ASSERT_LT(nth, 1000U) << GetParam().name << " never gets through";
        const store::ScratchDirectory root;
        copy_prepared(root.path());
        store::FaultStore store(root.path());
        store.arm(fault, nth, for_good);
        const base::Status result = GetParam().run(environment(&store), connection_, {});
        const bool fired = store.fired();
        const std::string where = store.fired_at();
        store.disarm();
        SCOPED_TRACE(fmt::format("{}, fault {}{}, call {} at {}: {}", GetParam().name, static_cast<int>(fault),
                                 for_good ? " for good" : "", nth, where, result.to_string()));
        if (!fired) {
          EXPECT_OK(result);
          break;
        }
        ++failures;
        const auto table = open_table(environment(&store), "main/t");
        const bool after =
            table.ok() && is_after(store, static_cast<size_t>(take((*table)->snapshot())->version.value));
        // A commit whose name is there and whose directory would not be synced is visible, and reported as what may not
        // last.
        const bool named = where.starts_with("sync_directory");
        if (result.ok()) {
          EXPECT_TRUE(after);
        } else {
          EXPECT_TRUE(named || !after || GetParam().in_steps);
          EXPECT_EQ(result.code(), fault == Fault::io_error ? base::Code::io : base::Code::exhausted);
          EXPECT_FALSE(result.message().empty());
        }
        if (fault == Fault::short_write) {
          EXPECT_OK(result);
        }
        // The same again, with nothing in its way.
        if (!after || (!result.ok() && GetParam().in_steps)) {
          EXPECT_OK(GetParam().run(environment(&store), connection_, {}));
        }
        for (const std::string& violation : judge(store, true).violations) ADD_FAILURE() << violation;
        if (HasFailure()) return;
      }
    }
  }
  if (!GetParam().done) {  // which is too short for the sample
    EXPECT_GT(failures, is_soak() ? 40U : 2U);
  }
}

// Every file of the table as it lies there, without aids, which come and go, and bookmarks, which the caller puts.
Lines files_below(const std::string& root) {
  Lines files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    const std::string path = entry.path().string();
    if (entry.is_regular_file() && !is_aid(path) && path.find("/bookmarks/") == std::string::npos) {
      files.push_back(path.substr(root.size()));
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

TEST_P(CrashTest, StoppedAnywhereItIsBeforeOrAfter) {
  uint64_t stops = 0, finished = 0;
  for (uint64_t nth = 1;; ++nth) {
    ASSERT_LT(nth, 2000U) << GetParam().name << " never gets through";
    const store::ScratchDirectory root;
    copy_prepared(root.path());
    const auto store = take(store::open_local(root.path()));
    const Lines files = files_below(root.path());
    base::StopAfter stop(nth);
    base::ToldProgress progress;
    const base::Status result = GetParam().run(environment(store.get()), connection_, {&progress, &stop});
    SCOPED_TRACE(fmt::format("{}, check {}: {}", GetParam().name, nth, result.to_string()));
    if (!stop.requested()) {
      EXPECT_OK(result);
      break;
    }
    const Lines left = files_below(root.path());
    const auto table = open_table(environment(store.get()), "main/t");
    const bool after = table.ok() && is_after(*store, static_cast<size_t>(take((*table)->snapshot())->version.value));
    if (result.ok()) {  // what came after the commit was left out
      EXPECT_TRUE(after);
      ++finished;
    } else {
      ++stops;
      EXPECT_EQ(result.code(), base::Code::cancelled);
      if (!GetParam().in_steps) {
        EXPECT_FALSE(after);
        EXPECT_EQ(left, files) << "what was staged is gone";
      }
      if (GetParam().in_steps) {
        EXPECT_OK(GetParam().run(environment(store.get()), connection_, {}));
      }
    }
    // The very files that were there need no long look.
    const bool untouched = left == files && !GetParam().in_steps;
    if (!untouched || nth % 4 == 1 || is_soak()) {
      for (const std::string& violation : judge(*store, result.ok() || GetParam().in_steps).violations) {
        ADD_FAILURE() << violation;
      }
    }
    if (HasFailure()) return;
  }
  const bool short_one = GetParam().done || GetParam().makes_the_table;
  EXPECT_GE(stops, short_one ? 0U : 3U);
  std::printf("stops of %s: %d, and %d after its commit\n", GetParam().name.c_str(), static_cast<int>(stops),
              static_cast<int>(finished));
}

// A limit on the size of files, from none to enough: it stops DuckDB's writing of Parquet too, which no test file
// system sees.
TEST_P(CrashTest, AFileMayNotGrow) {
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
  size_t refused = 0;
  bool through = false;
  for (rlim_t bytes = 0; bytes < 64 << 10 && !through; bytes = is_soak() ? bytes + 64 : bytes * 3 / 2 + 100) {
    const store::ScratchDirectory root;
    copy_prepared(root.path());
    const auto store = take(store::open_local(root.path()));
    const rlimit small{bytes, old.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    const base::Status result = GetParam().run(environment(store.get()), connection_, {});
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &old), 0);
    SCOPED_TRACE(fmt::format("{}, {} bytes a file: {}", GetParam().name, bytes, result.to_string()));
    through = result.ok();
    refused += through ? 0 : 1;
    if (!through) {
      EXPECT_OK(GetParam().run(environment(store.get()), connection_, {}));
    }
    for (const std::string& violation : judge(*store, true).violations) ADD_FAILURE() << violation;
    if (HasFailure()) break;
  }
  EXPECT_GE(refused, GetParam().writes ? GetParam().too_small : 0U);
  EXPECT_TRUE(through);
  std::signal(SIGXFSZ, before);
}

std::string operation_name(const testing::TestParamInfo<Operation>& info) { return info.param.name; }
// All in a soak; here those that between them use every kind of file.
std::vector<Operation> canary_operations() {
  std::vector<Operation> all = operations();
  std::erase_if(all, [](const Operation& o) {
    if (!o.writes) return true;  // nothing that could be left out
    return !is_soak() && o.name != "create" && o.name != "upsert_bookmark" && o.name != "delete_vector_file";
  });
  return all;
}

INSTANTIATE_TEST_SUITE_P(Operations, CrashTest, testing::ValuesIn(operations()), operation_name);
INSTANTIATE_TEST_SUITE_P(Operations, CrashCanary, testing::ValuesIn(canary_operations()), operation_name);

}  // namespace
}  // namespace tarn::lake
