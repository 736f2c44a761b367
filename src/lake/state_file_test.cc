// The state file: what it holds comes back, when it is written and when it counts, and what happens to it when it is
// damaged.
#include "delta/state_file.h"

#include <filesystem>
#include <fstream>
#include <utility>

#include "delta/log.h"
#include "lake/lake_fixture_test.h"
#include "store/local_store.h"

namespace tarn::lake {
namespace {

class StateFileTest : public LakeTest {
 protected:
  // A log of `commits` commits with 400 files each, none of which is there.
  void write_log(int64_t commits) {
    for (int64_t version = 0; version < commits; ++version) {
      std::string text = R"({"commitInfo":{"timestamp":)" + std::to_string(1'700'000'000'000 + version) + "}}\n";
      if (version == 0) {
        text +=
            R"({"protocol":{"minReaderVersion":1,"minWriterVersion":2}})"
            "\n"
            R"({"metaData":{"id":"i","format":{"provider":"parquet","options":{}},"schemaString":)"
            R"("{\"type\":\"struct\",\"fields\":[{\"name\":\"v\",\"type\":\"long\",\"nullable\":true,\"metadata\":{}}]}",)"
            R"("partitionColumns":[],"configuration":{}}})"
            "\n";
      }
      for (int64_t i = 0; i < 400; ++i) {
        text += R"({"add":{"path":"p)" + std::to_string(version * 400 + i) +
                R"(.parquet","partitionValues":{},"size":7,"modificationTime":1,"dataChange":true}})"
                "\n";
      }
      ASSERT_OK(store_->put(delta::commit_path("main/t", base::Version(version)), text));
    }
  }
  size_t live() { return take(take(open_table(environment_, "main/t"))->snapshot())->files.size(); }
  std::string stored() {
    const auto text = store_->read(delta::state_path("main/t"));
    return text.ok() ? *text : std::string();
  }
  std::vector<std::string> damage() {
    std::vector<std::string> found;
    for (const Finding& finding : take(check_table(environment_, "main/t", connection_, {}))) {
      if (finding.where == delta::state_path("main/t")) found.push_back(finding.what);
    }
    return found;
  }
};

delta::State example_state() {
  delta::State state;
  delta::Actions actions;
  actions.protocol =
      take(json::parse(R"({"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["deletionVectors"],
    "writerFeatures":["deletionVectors"]})"));
  actions.metadata = take(json::parse(R"({"id":"i","format":{"provider":"parquet","options":{}},"schemaString":
    "{\"type\":\"struct\",\"fields\":[]}","partitionColumns":[],"configuration":{}})"));
  actions.transactions = {{"pull", 3, 1'700'000'000'000}, {"other", 1, {}}};
  actions.domains = {take(json::parse(R"({"domain":"d","configuration":"{}","removed":false})"))};
  delta::Add plain, rich;
  plain.file.path = plain.file.encoded_path = "a.parquet";
  plain.file.size_bytes = 300;
  plain.file.modified_ms = 1'700'000'000'001;
  plain.file.stats = R"({"numRecords":2})";
  plain.file.tags[std::string(delta::kHashTag)] = "00112233445566778899aabbccddeeff";
  rich.file = plain.file;
  rich.file.path = "p=x y/b.parquet";
  rich.file.encoded_path = "p=x%20y/%62.parquet";
  rich.file.tags["other"] = "1";
  rich.file.partition_values = {{"p", "x y"}, {"q", std::nullopt}};
  rich.file.deletion_vector = delta::DeletionVector{"u", "ab^-aqEH.-t@S}K{vb[*k^", 1, 36, 2};
  rich.file.base_row_id = 5;
  rich.file.row_commit_version = 6;
  rich.file.clustering_provider = "liquid";
  actions.adds = {plain, rich};
  EXPECT_OK(state.apply(actions));
  state.version = base::Version(12);
  state.committed_at_us = 1'700'000'000'002'000;
  return state;
}

TEST_F(StateFileTest, EveryMemberComesBack) {
  const delta::State state = example_state();
  const base::Hash128 commit{1, 2};
  const std::string bytes = delta::state_bytes(state, commit);
  const delta::StoredState read = take(delta::read_state(bytes, "x"));
  EXPECT_EQ(read.commit, commit);
  EXPECT_EQ(delta::state_bytes(*read.state, commit), bytes);
  EXPECT_TRUE(read.state->agrees_with(state));
  EXPECT_EQ(read.state->version, state.version);
  EXPECT_EQ(read.state->committed_at_us, state.committed_at_us);
  EXPECT_EQ(read.state->size_bytes, state.size_bytes);
  EXPECT_EQ(read.state->domains, state.domains);
  for (const auto& [path, file] : state.files) {
    const delta::DataFile& other = read.state->files.at(path);
    EXPECT_EQ(json::write(delta::add_action({other, true})), json::write(delta::add_action({file, true})));
  }
  for (size_t cut = 0; cut < bytes.size(); ++cut) {
    EXPECT_FALSE(delta::read_state(bytes.substr(0, cut), "x").ok()) << cut;
  }
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string bad = bytes;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    EXPECT_EQ(delta::read_state(bad, "x").status().code(), base::Code::corruption) << bit;
  }
}

TEST_F(StateFileTest, IsWrittenWhenTheLogIsLongAndFollowsIt) {
  write_log(2);
  EXPECT_EQ(live(), 800u);
  EXPECT_EQ(stored(), "") << "800 actions are read fast enough";
  write_log(4);
  EXPECT_EQ(live(), 1600u);
  const std::string first = stored();
  EXPECT_EQ(take(delta::read_state(first, "x")).state->version.value, 3);
  // It serves: what lies before its version in the log is not read any more.
  ASSERT_OK(store_->put(delta::commit_path("main/t", base::Version(1)), "damaged"));
  EXPECT_EQ(live(), 1600u);
  EXPECT_FALSE(take(open_table(environment_, "main/t"))->snapshot(base::Version(2)).ok());
  write_log(5);
  EXPECT_EQ(live(), 2000u);
  EXPECT_EQ(stored(), first) << "400 actions more are no reason";
  write_log(8);
  EXPECT_EQ(live(), 3200u);
  EXPECT_EQ(take(delta::read_state(stored(), "x")).state->version.value, 7);
  EXPECT_EQ(damage(), std::vector<std::string>());
}

TEST_F(StateFileTest, CountsOnlyForTheLogThatItWasMadeOf) {
  write_log(3);
  EXPECT_EQ(live(), 1200u);
  const std::string kept = stored();
  ASSERT_NE(kept, "");
  // Another table, at the same place, with the same number of versions.
  std::filesystem::remove_all(file("main/t/_delta_log"));
  write_log(3);
  const std::string last = delta::commit_path("main/t", base::Version(2));
  ASSERT_OK(store_->put(
      last, R"({"add":{"path":"n.parquet","partitionValues":{},"size":7,"modificationTime":1,"dataChange":true}})"));
  EXPECT_EQ(live(), 801u);
  // A damaged one is passed over, and found.
  write_log(4);
  EXPECT_EQ(live(), 1600u);
  std::string bad = stored();
  bad[bad.size() / 2] = static_cast<char>(bad[bad.size() / 2] ^ 4);
  ASSERT_OK(store_->put(delta::state_path("main/t"), bad));
  EXPECT_EQ(live(), 1600u);
  ASSERT_OK(store_->put(delta::state_path("main/t"), bad));
  ASSERT_EQ(damage().size(), 1u);
  EXPECT_NE(damage()[0].find("remove it"), std::string::npos);
  // One that says something else than the log, with all its sums right.
  auto state = *take(delta::read_state(kept, "x")).state;
  state.files.erase(state.files.begin());
  const auto commit = take(store_->read(delta::commit_path("main/t", base::Version(2))));
  ASSERT_OK(store_->put(delta::state_path("main/t"), delta::state_bytes(state, base::hash128(commit))));
  ASSERT_EQ(damage().size(), 1u);
  EXPECT_NE(damage()[0].find("not the log's state"), std::string::npos);
}

// Somebody commits while the state is written, as a forget does that has removed the file already: it must not lie
// there again.
TEST_F(StateFileTest, OfAVersionThatIsNoLongerTheNewestGoes) {
  class Meddled final : public store::LocalStore {
   public:
    Meddled(const std::string& directory, std::function<void()> before)
        : LocalStore(directory, store::system_files(), base::system_clock()), before_(std::move(before)) {}
    base::Status put_volatile(std::string_view path, std::string_view bytes) override {
      std::exchange(before_, [] {})();
      return LocalStore::put_volatile(path, bytes);
    }

   private:
    std::function<void()> before_;
  };
  write_log(3);
  Meddled meddled(scratch_.path(), [this] { write_log(4); });
  use(&meddled);
  EXPECT_EQ(live(), 1600u);
  EXPECT_EQ(stored(), "");
  EXPECT_EQ(live(), 1600u);
  EXPECT_NE(stored(), "");
  use(store_.get());
}

}  // namespace
}  // namespace tarn::lake
