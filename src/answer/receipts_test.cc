#include "answer/receipts.h"

#include <gtest/gtest.h>

#include "base/status_test.h"
#include "store/memory_store_test.h"

namespace tarn::answer {
namespace {

std::string quoting(const std::string& table, const std::string& id, const std::string& uri) {
  return R"({"tarn_receipt":{"quotes":[{"table":"main.other","id":"x","uri":"u"},{"table":")" + table + R"(","id":")" +
         id + R"(","uri":")" + uri + R"("}]}})";
}

TEST(Receipts, ThoseThatQuoteARowAreFoundByItsIdOrUri) {
  store::MemoryStore store;
  const std::string at = std::string(kReceipts) + "/";
  const QuotedRow row{{"main.docs", "main._dropped-docs"}, {"pear-17"}, {"file:///pear"}};
  EXPECT_TRUE(take(receipts_that_quote(store, row)).empty()) << "no receipt was ever written";
  ASSERT_OK(store.put(at + "by-id.json", quoting("main.docs", "pear-17", "file:///1")));
  ASSERT_OK(store.put(at + "by-uri.json", quoting("main._dropped-docs", "older", "file:///pear")));
  ASSERT_OK(store.put(at + "of-another-row.json", quoting("main.docs", "plum-2", "file:///plum")));
  ASSERT_OK(store.put(at + "of-another-table.json", quoting("main.notes", "pear-17", "file:///pear")));
  ASSERT_OK(store.put(at + "torn.json", quoting("main.notes", "pear-17", "").substr(0, 110)));
  ASSERT_OK(store.put(at + "torn-elsewhere.json", "{\"tarn_receipt\":"));
  EXPECT_EQ(take(receipts_that_quote(store, row)),
            (std::vector<std::string>{at + "by-id.json", at + "by-uri.json", at + "torn.json"}));
}

}  // namespace
}  // namespace tarn::answer
