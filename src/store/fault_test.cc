// C3 for the store: every operation with its n-th system call failing, for every n until nothing fails any
// more.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>

#include "store/fault_store.h"
#include "store/scratch_test.h"

namespace tarn::store {
namespace {

struct Operation {
  std::string name;
  std::function<base::Status(Store&)> run;
  // Which file it writes ("" for none), what is there before ("" for nothing) and after.
  std::string path, before, after;
  bool again_ok = true;  // whether running it once more after a success is a success
};

base::Status publish(Store& store, const std::string& directory, const std::string& path) {
  TARN_ASSIGN(const std::string staged, store.stage(directory));
  std::ofstream(staged) << "published";
  base::Status status = store.publish(staged, path);
  store.discard(staged);
  return status;
}

std::vector<Operation> operations() {
  const auto value = [](const auto& result, std::string_view expected) -> base::Status {
    if (!result.ok()) return result.status();
    return *result == expected ? base::Status() : base::Status(base::Code::internal, "wrong bytes: " + *result);
  };
  return {
      {"put new", [](Store& s) { return s.put("d/new", "hello world"); }, "d/new", "", "hello world"},
      {"put over", [](Store& s) { return s.put("d/old", "hello world"); }, "d/old", "old bytes", "hello world"},
      {"put deep", [](Store& s) { return s.put("p/q/r/new", "hello"); }, "p/q/r/new", "", "hello"},
      {"put_if_absent", [](Store& s) { return s.put_if_absent("p/new", "hello"); }, "p/new", "", "hello", false},
      {"publish", [](Store& s) { return publish(s, "d", "p/file"); }, "p/file", "", "published", false},
      {"stage", [](Store& s) { return s.stage("p/q").status(); }, "", "", ""},
      {"read", [=](Store& s) { return value(s.read("d/old"), "old bytes"); }, "", "", ""},
      {"read_at", [=](Store& s) { return value(s.read_at("d/old", 4, 5), "bytes"); }, "", "", ""},
      {"map",
       [](Store& s) -> base::Status {
         TARN_ASSIGN(const auto copy, s.local("d/old"));
         TARN_ASSIGN(const auto bytes, copy->bytes());
         return bytes == "old bytes" ? base::Status() : base::Status(base::Code::internal, "wrong bytes");
       },
       "", "", ""},
      {"list",
       [](Store& s) -> base::Status {
         TARN_ASSIGN(const auto entries, s.list("d"));
         return entries.size() == 1 ? base::Status() : base::Status(base::Code::internal, "wrong list");
       },
       "", "", ""},
      {"stat", [](Store& s) { return s.stat("d/old").status(); }, "", "", ""},
      {"remove", [](Store& s) { return s.remove("d/old"); }, "d/old", "old bytes", ""},
  };
}

std::string content(const Store& store, const std::string& path) {
  const auto bytes = store.read(path);
  return bytes.ok() ? *bytes : "";
}

class NthFailure : public testing::TestWithParam<Fault> {};

TEST_P(NthFailure, LeavesOldOrNewAndARerunSucceeds) {
  const Fault fault = GetParam();
  uint64_t fired = 0;
  for (const bool for_good : {false, true}) {
    for (const Operation& operation : operations()) {
      for (uint64_t nth = 1;; ++nth) {
        ASSERT_LT(nth, 100u) << operation.name << " never gets through";
        const ScratchDirectory scratch;
        ASSERT_TRUE((*open_local(scratch.path()))->put("d/old", "old bytes").ok());
        FaultStore store(scratch.path());
        store.arm(fault, nth, for_good);
        const base::Status status = operation.run(store);
        const std::string where =
            operation.name + ", call " + std::to_string(nth) + " (" + store.fired_at() + "): " + status.to_string();
        const bool through = !store.fired();
        store.disarm();
        fired += !through;
        if (through || fault == Fault::short_write) {
          EXPECT_TRUE(status.ok()) << where;
        }
        if (!status.ok()) {
          EXPECT_EQ(status.code(), fault == Fault::io_error ? base::Code::io : base::Code::exhausted) << where;
          EXPECT_THAT(status.message(), testing::StartsWith(scratch.path().substr(0, scratch.path().rfind("/"))))
              << where;
        }
        // Nobody sees half a write or a temporary file, in this process or another.
        auto other = std::move(open_local(scratch.path())).value();
        if (!operation.path.empty()) {
          const std::string now = content(*other, operation.path);
          EXPECT_TRUE(now == operation.after || (!status.ok() && now == operation.before))
              << where << ": \"" << now << "\"";
        }
        for (const char* directory : {"", "d", "p", "p/q", "p/q/r"}) {
          const auto entries = other->list(directory);
          for (const Entry& e : *entries) {
            const std::string path = *directory == '\0' ? e.name : directory + ("/" + e.name);
            EXPECT_TRUE(e.is_directory || path == operation.path || path == "d/old") << where << ": orphan " << path;
          }
        }
        // The same again, with nothing in its way.
        const base::Status again = operation.run(store);
        const bool there = !operation.path.empty() && !operation.again_ok;
        EXPECT_TRUE(again.ok() || (there && again.code() == base::Code::already_exists))
            << where << "; " << again.to_string();
        if (!operation.path.empty()) {
          EXPECT_EQ(content(store, operation.path), operation.after) << where;
        }
        if (through) break;
      }
    }
  }
  EXPECT_GT(fired, 4u);
}

std::string fault_name(const testing::TestParamInfo<Fault>& info) {
  constexpr const char* kNames[] = {"io_error", "no_space", "too_many_files", "short_write"};
  return kNames[static_cast<size_t>(info.param)];
}

INSTANTIATE_TEST_SUITE_P(Faults, NthFailure,
                         testing::Values(Fault::io_error, Fault::no_space, Fault::too_many_files, Fault::short_write),
                         fault_name);

TEST(Faults, AFullDiskNamesTheBytesNeeded) {
  const ScratchDirectory scratch;
  FaultStore store(scratch.path());
  ASSERT_TRUE(store.put("d/x", "old").ok());
  bool seen = false;
  for (uint64_t nth = 1;; ++nth) {
    store.arm(Fault::no_space, nth);
    const auto status = store.put("d/x", std::string(12345, 'x'));
    if (!store.fired()) break;
    ASSERT_EQ(status.code(), base::Code::exhausted);
    if (store.fired_at().starts_with("write")) {
      seen = true;
      EXPECT_THAT(status.message(), testing::HasSubstr("12345 bytes are needed"));
    }
  }
  EXPECT_TRUE(seen);
}

TEST(Faults, AFailedSyncSaysSoAndDropsTheFile) {
  const ScratchDirectory scratch;
  FaultStore store(scratch.path());
  const std::string staged = *store.stage("");
  bool seen = false;
  for (uint64_t nth = 1;; ++nth) {
    std::ofstream(staged) << "x";
    store.arm(Fault::io_error, nth);
    const auto status = store.publish(staged, "x" + std::to_string(nth));
    if (!store.fired()) break;
    if (!store.fired_at().starts_with("sync ")) continue;
    seen = true;
    EXPECT_EQ(status.code(), base::Code::io);
    EXPECT_THAT(status.message(), testing::HasSubstr("not tried again"));
    // A second publish could not tell that bytes were lost: the file is gone instead.
    store.disarm();
    EXPECT_EQ(store.publish(staged, "y").code(), base::Code::not_found);
  }
  EXPECT_TRUE(seen);
}

}  // namespace
}  // namespace tarn::store
