#include "lake/text_table.h"

#include <gtest/gtest.h>

namespace tarn::lake {
namespace {

std::vector<delta::Field> of_strings(std::initializer_list<const char*> names) {
  std::vector<delta::Field> fields;
  for (const char* name : names) fields.push_back({name, json::Value("string")});
  return fields;
}

TEST(TextTable, HasFourColumnsOfText) {
  EXPECT_TRUE(is_text_table(text_schema()));
  EXPECT_TRUE(is_text_table(of_strings({"more", "body", "uri", "title", "id"})));
  EXPECT_FALSE(is_text_table(of_strings({"id", "title", "uri"})));
  EXPECT_FALSE(is_text_table(of_strings({"id", "title", "uri", "Body"}))) << "rows are read by these very names";
  auto numbered = text_schema();
  numbered.front().type = json::Value("long");
  EXPECT_FALSE(is_text_table(numbered));
}

}  // namespace
}  // namespace tarn::lake
