#include "lake/table_name.h"

#include <gtest/gtest.h>

#include "base/status_test.h"

namespace tarn::lake {
namespace {

TEST(TableName, IsWrittenInFullOrWithoutTheNamespaceMain) {
  EXPECT_EQ(take(full_name("docs")), "main.docs");
  EXPECT_EQ(take(full_name("tarn.rejects")), "tarn.rejects");
  EXPECT_EQ(take(full_name("2026-reports.north_1")), "2026-reports.north_1");
  for (const char* wrong : {"", ".", "docs.", ".docs", "a.b.c", "a b", "a/b", "caf\xc3\xa9", "_docs", "main._docs",
                            "main.-x", "../x", "main.docs\n"}) {
    EXPECT_EQ(full_name(wrong).status().code(), base::Code::invalid_argument) << wrong;
    EXPECT_FALSE(is_full_name(wrong)) << wrong;
  }
  EXPECT_FALSE(is_full_name("docs"));
}

TEST(TableName, HasPartsAndAPath) {
  EXPECT_EQ(namespace_of("main.docs"), "main");
  EXPECT_EQ(name_within("main.docs"), "docs");
  EXPECT_EQ(path_of_table("main.docs"), "main/docs");
  EXPECT_EQ(name_of_table("main/docs"), "main.docs");
  EXPECT_EQ(name_of_table("main/_dropped-docs-1"), "main._dropped-docs-1");
}

}  // namespace
}  // namespace tarn::lake
