// C2 for the store: random operations, a power cut after every system call of them, every fate of what was not synced.
// TARN_STORE_CANARY=sync|sync_directory|rename leaves out one such call; then the first test here must fail.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>

#include "base/random.h"
#include "store/fault_store.h"
#include "store/path.h"
#include "store/recording_files.h"
#include "store/scratch_test.h"

namespace tarn::store {
namespace {

constexpr std::string_view kAbsent = "(absent)";

// What one operation makes of one path.
struct Step {
  std::string path, content;
};

// Random operations; each is recorded between two marks, "begin" and "end".
std::vector<Step> work(RecordingStore& store, uint64_t seed, int operations) {
  base::Random random(seed);
  std::vector<Step> steps;
  const char* paths[] = {"top", "t/_delta_log/0.json", "t/_delta_log/1.json", "t/part", "u/v/w/deep"};
  for (int i = 0; i < operations; ++i) {
    const std::string path = paths[random.below(std::size(paths))];
    const std::string content =
        std::to_string(i) + ":" + std::string(1 + random.below(40), static_cast<char>('a' + i % 26));
    const uint64_t kind = random.below(8);
    if (kind < 2 || kind == 7) {
      const bool remove = kind == 7;
      steps.push_back({path, remove ? std::string(kAbsent) : content});
      store.mark("begin");
      EXPECT_TRUE((remove ? store.remove(path) : store.put(path, content)).ok());
    } else if (exists(store, path)) {
      EXPECT_EQ(store.put_if_absent(path, content).code(), base::Code::already_exists);
      continue;
    } else if (kind < 5) {
      steps.push_back({path, content});
      store.mark("begin");
      EXPECT_TRUE(store.put_if_absent(path, content).ok());
    } else {
      steps.push_back({path, content});
      store.mark("begin");
      const std::string staged = *store.stage(parent_of(path));
      std::ofstream(staged) << content;
      EXPECT_TRUE(store.publish(staged, path).ok());
    }
    store.mark("end");
  }
  return steps;
}

// The violations that one state shows.
std::vector<std::string> judge(const PowerCut& cut, const std::vector<Step>& steps) {
  const size_t begun = (cut.marks.size() + 1) / 2, ended = cut.marks.size() / 2;
  std::map<std::string, std::set<std::string>> allowed;
  for (size_t i = 0; i < begun; ++i) {
    auto& contents = allowed[steps[i].path];
    if (contents.empty()) contents.insert(std::string(kAbsent));
    // A removed file may come back, so a removal only adds; anything else, once acknowledged, is the one
    // truth.
    if (i < ended && steps[i].content != kAbsent) contents.clear();
    contents.insert(steps[i].content);
  }
  std::vector<std::string> violations;
  auto store = open_local(cut.directory);
  for (const auto& [path, contents] : allowed) {
    const auto bytes = (*store)->read(path);
    const std::string found = bytes.ok() ? *bytes : std::string(kAbsent);
    if (!contents.contains(found)) violations.push_back(path + " holds \"" + found + "\": " + cut.describe());
  }
  // Nothing but these files may be seen.
  for (const char* directory : {"", "t", "t/_delta_log", "u", "u/v", "u/v/w"}) {
    const auto entries = (*store)->list(directory);
    for (const Entry& e : *entries) {
      const std::string path = *directory == '\0' ? e.name : directory + ("/" + e.name);
      if (!e.is_directory && !allowed.contains(path)) violations.push_back(path + " is seen: " + cut.describe());
    }
  }
  return violations;
}

struct Outcome {
  size_t states = 0;
  std::vector<std::string> violations;
  Recording recording;
};

Outcome crash_everywhere(uint64_t seed, int operations, std::optional<Omission> omission,
                         NewNames new_names = NewNames::by_rename) {
  const ScratchDirectory scratch;
  RecordingStore store(scratch.path() + "/real", omission, new_names);
  const auto steps = work(store, seed, operations);
  Outcome outcome;
  outcome.recording = store.recording();
  const auto states =
      for_each_power_cut(outcome.recording, all_variants(seed), scratch.path(), [&](const PowerCut& cut) {
        for (auto& v : judge(cut, steps)) outcome.violations.push_back(std::move(v));
      });
  EXPECT_TRUE(states.ok()) << states.status().to_string();
  if (states.ok()) outcome.states = *states;
  return outcome;
}

std::optional<Omission> canary_of_environment() {
  const char* name = ::getenv("TARN_STORE_CANARY");
  if (name == nullptr) return {};
  const std::string canary = name;
  if (canary == "sync") return Omission{Event::Kind::sync, 3, {}};
  if (canary == "sync_directory") return Omission{Event::Kind::sync_directory, 3, {}};
  return Omission{Event::Kind::rename, 3, {}};
}

TEST(PowerCut, AcknowledgedIsThereAndNothingIsTorn) {
  const bool soak = ::getenv("TARN_SOAK") != nullptr;
  size_t states = 0;
  for (uint64_t seed = 1; seed <= (soak ? 200u : 8u); ++seed) {
    const Outcome outcome = crash_everywhere(seed, 14, canary_of_environment());
    EXPECT_TRUE(outcome.violations.empty()) << "seed " << seed << ": " << outcome.violations.front();
    states += outcome.states;
  }
  EXPECT_GT(states, 500u) << "the harness must have played something";
  RecordProperty("states", static_cast<int>(states));
}

// Where new names are made by a link (NFS): the same, with its own calls to leave out.
TEST(PowerCut, AcknowledgedIsThereWhereNamesAreMadeByLinks) {
  const bool soak = ::getenv("TARN_SOAK") != nullptr;
  for (uint64_t seed = 1; seed <= (soak ? 100u : 3u); ++seed) {
    const Outcome outcome = crash_everywhere(seed, 14, {}, NewNames::by_link);
    EXPECT_TRUE(outcome.violations.empty()) << "seed " << seed << ": " << outcome.violations.front();
    EXPECT_GT(outcome.recording.count(Event::Kind::link), 2u);
  }
}

// Every single sync, directory sync, rename and link is needed, and the harness notices when it is missing.
void expect_each_missing_call_is_noticed(NewNames new_names, const std::vector<Event::Kind>& kinds) {
  const uint64_t seed = 5;
  const Recording whole = crash_everywhere(seed, 10, {}, new_names).recording;
  for (const auto kind : kinds) {
    const size_t calls = whole.count(kind);
    ASSERT_GT(calls, 1u);
    size_t noticed = 0;
    std::string missed;
    for (uint64_t nth = 1; nth <= calls; ++nth) {
      if (!crash_everywhere(seed, 10, Omission{kind, nth, {}}, new_names).violations.empty()) {
        ++noticed;
      } else {
        missed += " " + std::to_string(nth);
      }
    }
    EXPECT_EQ(noticed, calls) << "kind " << static_cast<int>(kind) << ", missed:" << missed;
  }
}

TEST(PowerCut, CanaryEachMissingCallIsNoticed) {
  expect_each_missing_call_is_noticed(NewNames::by_rename,
                                      {Event::Kind::sync, Event::Kind::sync_directory, Event::Kind::rename});
}

TEST(PowerCut, CanaryEachMissingCallIsNoticedWhereNamesAreMadeByLinks) {
  expect_each_missing_call_is_noticed(NewNames::by_link,
                                      {Event::Kind::sync, Event::Kind::sync_directory, Event::Kind::link});
}

// A directory whose maker died between mkdir and the sync of its parent, by another process.
TEST(PowerCut, ADirectoryThatADeadProcessLeftIsMadeDurable) {
  for (const bool with_sync : {true, false}) {
    const ScratchDirectory scratch;
    const std::string root = scratch.path() + "/real";
    std::filesystem::create_directory(root);
    std::optional<Omission> omission;
    if (!with_sync) omission = Omission{Event::Kind::sync_directory, 1, {}};
    const auto files = std::make_shared<RecordingFiles>(root, system_files(), omission);
    ASSERT_EQ(files->make_directory(root + "/lake"), 0);
    auto store = std::move(LocalStore::open(root + "/lake", files, base::system_clock())).value();
    ASSERT_TRUE(store->put("x", "content").ok());
    files->mark("acknowledged");
    size_t lost = 0, checked = 0;
    const auto states =
        for_each_power_cut(files->recording(), all_variants(1), scratch.path(), [&](const PowerCut& cut) {
          if (cut.marks.empty()) return;
          ++checked;
          std::ifstream in(cut.directory + "/lake/x");
          std::string content;
          in >> content;
          lost += content != "content";
        });
    ASSERT_TRUE(states.ok());
    EXPECT_GT(checked, 0u);
    EXPECT_EQ(lost > 0, !with_sync);
  }
}

TEST(PowerCut, ANewRootAndItsParentsAreDurable) {
  const ScratchDirectory scratch;
  const std::string root = scratch.path() + "/real";
  std::filesystem::create_directory(root);
  const auto files = std::make_shared<RecordingFiles>(root, system_files(), std::nullopt);
  auto store = std::move(LocalStore::open(root + "/a/b/lake", files, base::system_clock())).value();
  files->mark("opened");
  ASSERT_TRUE(store->put("x", "content").ok());
  files->mark("put");
  const auto states = for_each_power_cut(files->recording(), all_variants(1), scratch.path(), [&](const PowerCut& cut) {
    const std::string lake = cut.directory + "/a/b/lake";
    EXPECT_TRUE(cut.marks.empty() || std::filesystem::is_directory(lake)) << cut.describe();
    EXPECT_TRUE(cut.marks.size() < 2 || std::filesystem::exists(lake + "/x")) << cut.describe();
  });
  ASSERT_TRUE(states.ok());
  EXPECT_GT(*states, 5u);
}

// The model itself: each fate as the header says.
TEST(Materialise, TheFatesOfOneUnsyncedRewrite) {
  Recording recording;
  recording.start = {{"d", true, 0, ""}, {"d/x", false, 2, "0123"}};
  recording.events = {{Event::Kind::write, "d/x", {}, 2, 4, "456789"}, {Event::Kind::rename, "d/x", "d/y", 0, 0, {}}};
  const ScratchDirectory scratch;
  const auto state = [&](size_t cut, Unsynced bytes, Names names) {
    const std::string directory = scratch.path() + "/s";
    std::filesystem::remove_all(directory);
    EXPECT_TRUE(materialise(recording, cut, {bytes, names, 7}, directory).ok());
    auto store = std::move(open_local(directory)).value();
    std::string text;
    const auto entries = store->list("d");
    for (const Entry& e : *entries) text += e.name + "=" + *store->read("d/" + e.name) + ";";
    return text;
  };
  EXPECT_EQ(state(0, Unsynced::kept, Names::kept), "x=0123;");
  EXPECT_EQ(state(1, Unsynced::lost, Names::kept), "x=0123;");
  EXPECT_EQ(state(1, Unsynced::kept, Names::kept), "x=0123456789;");
  EXPECT_EQ(state(1, Unsynced::torn, Names::kept), "x=0123456;");
  const std::string garbage = state(1, Unsynced::garbage, Names::kept);
  EXPECT_EQ(garbage.size(), std::string("x=0123456789;").size());
  EXPECT_EQ(garbage.substr(0, 6), "x=0123");
  EXPECT_NE(garbage, "x=0123456789;");
  EXPECT_EQ(state(2, Unsynced::kept, Names::lost), "x=0123456789;");
  EXPECT_EQ(state(2, Unsynced::kept, Names::kept), "y=0123456789;");
  EXPECT_EQ(materialise(recording, 2, {}, scratch.path()).code(), base::Code::invalid_argument);
}

// A directory that is renamed is, with all that is in it, under one of its two names and never under both or none.
TEST(PowerCutTest, DirectoriesAreRenamedWhole) {  // C2
  const ScratchDirectory scratch;
  RecordingStore store(scratch.path() + "/lake");
  ASSERT_TRUE(store.put("main/t/_delta_log/0.json", "zero").ok());
  ASSERT_TRUE(store.put("main/t/part", "rows").ok());
  store.mark("begin");
  ASSERT_TRUE(store.rename_directory("main/t", "main/_dropped-t").ok());
  store.mark("dropped");
  ASSERT_TRUE(store.put("main/_dropped-t/more", "later").ok());
  EXPECT_EQ(store.rename_directory("main/t", "main/u").code(), base::Code::not_found);
  EXPECT_EQ(store.rename_directory("main/_dropped-t", "other/t").code(), base::Code::invalid_argument);
  ASSERT_TRUE(store.put("main/u/part", "another").ok());
  EXPECT_EQ(store.rename_directory("main/_dropped-t", "main/u").code(), base::Code::already_exists);
  size_t moved = 0, kept = 0;
  const auto states = for_each_power_cut(store.recording(), all_variants(5), scratch.path(), [&](const PowerCut& cut) {
    if (cut.marks.empty()) return;
    const auto left = *open_local(cut.directory);
    const bool before = exists(*left, "main/t"), after = exists(*left, "main/_dropped-t");
    EXPECT_NE(before, after) << cut.describe();
    EXPECT_TRUE(after || cut.marks.size() == 1) << cut.describe();
    const std::string at = before ? "main/t" : "main/_dropped-t";
    EXPECT_EQ(*left->read(at + "/_delta_log/0.json"), "zero") << cut.describe();
    EXPECT_EQ(*left->read(at + "/part"), "rows") << cut.describe();
    ++(before ? kept : moved);
  });
  ASSERT_TRUE(states.ok()) << states.status().to_string();
  EXPECT_GT(moved, 0u);
  EXPECT_GT(kept, 0u);
}

}  // namespace
}  // namespace tarn::store
