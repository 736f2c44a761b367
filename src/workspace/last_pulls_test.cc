#include "workspace/last_pulls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/status_test.h"
#include "store/memory_store_test.h"

namespace tarn::workspace {
namespace {

// The example of doc/format/last-pull.md.
constexpr std::string_view kExample =
    "{\"format\":1,\"state\":\"failed\",\"ended_at\":\"2026-11-30T17:00:00Z\","
    "\"ended_ok\":\"2026-11-29T17:00:00Z\","
    "\"problem\":\"https://wiki.example/: answered 503 (5 attempts)\","
    "\"hash\":\"1dd4c2c4769a903c816306bac46d724e\"}\n";
constexpr const char* kPath = "_tarn/pulls/main.docs/0123456789abcdef0123456789abcdef.json";

TEST(LastPulls, AreWrittenAsTheirDocumentSays) {
  store::MemoryStore files;
  ASSERT_OK(files.put(kPath, kExample));
  const LastPulls read = read_last_pulls(files);
  ASSERT_EQ(read.size(), 1U);
  const auto& [key, last] = *read.begin();
  EXPECT_EQ(last.state, "failed");
  EXPECT_EQ(last.ended_ok, "2026-11-29T17:00:00Z");
  EXPECT_EQ(last.problem, "https://wiki.example/: answered 503 (5 attempts)");
  put_last_pull(files, key.first, key.second, last);
  EXPECT_EQ(take(files.read(kPath)), kExample);
  EXPECT_THAT(damaged_last_pulls(files), testing::IsEmpty());
}

// D1
TEST(LastPulls, EachByteCounts) {
  for (size_t at = 0; at < kExample.size(); ++at) {
    store::MemoryStore files;
    std::string bytes(kExample);
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    ASSERT_OK(files.put(kPath, bytes));
    EXPECT_THAT(damaged_last_pulls(files), testing::ElementsAre(kPath)) << at;
    EXPECT_TRUE(read_last_pulls(files).empty()) << at;
    ASSERT_OK(files.put(kPath, kExample.substr(0, at)));
    EXPECT_THAT(damaged_last_pulls(files), testing::ElementsAre(kPath)) << at;
  }
}

}  // namespace
}  // namespace tarn::workspace
