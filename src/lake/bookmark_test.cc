#include "lake/bookmark.h"

#include "base/example_test.h"
#include "lake/lake_fixture_test.h"

namespace tarn::lake {
namespace {

TEST_F(LakeTest, Bookmarks) {
  // The document's example is what is written.
  const auto bookmark = json::Value::object({{"after", "2026-11-22"}, {"seen", 3}});
  EXPECT_EQ(bookmark_text("folder:/srv/docs", 7, bookmark), base::example("bookmark.md", "the file holds"));
  const auto table = create_pairs();
  const auto none = take(table->snapshot());
  EXPECT_FALSE(take(table->bookmark(*none, "s")).has_value());
  const std::string odd = "folder:/srv/../a b%\n.é";
  ASSERT_OK(table->put_bookmark(odd, 1, bookmark));
  ASSERT_OK(table->put_bookmark(odd, 1, bookmark));  // the same pull, again
  EXPECT_EQ(table->put_bookmark(odd, 1, json::Value::object({{"other", 1}})).code(), base::Code::already_exists);
  EXPECT_EQ(take(table->put_next_bookmark(*none, odd, json::Value::object({{"other", 1}}))), 2);
  const auto change = table->change(none);
  change->set_transaction(odd, 2);
  take(change->commit({}));
  const auto after = take(table->snapshot());
  EXPECT_EQ(json::write(*take(table->bookmark(*after, odd))), R"({"other":1})");
  EXPECT_EQ(take(table->put_next_bookmark(*after, odd, bookmark)), 3);
  expect_clean(*table);
  // Damage and loss have names.
  const std::string path = take(bookmark_directory("main/t", odd)) + "/2.json";
  const std::string text = take(store_->read(path));
  for (size_t i = 0; i < text.size() - 1; ++i) {
    std::string damaged = text;
    damaged[i] = static_cast<char>(damaged[i] ^ 2);
    const auto read = parse_bookmark(damaged, odd, 2, path);
    EXPECT_FALSE(read.ok()) << i << " " << damaged;
    EXPECT_FALSE(parse_bookmark(text.substr(0, i), odd, 2, path).ok());
  }
  ASSERT_OK(store_->remove(path));
  EXPECT_EQ(table->bookmark(*after, odd).status().code(), base::Code::corruption);
  EXPECT_EQ(take(table->check(connection_, {})).size(), 1U);
  for (const std::string& bad : {std::string(), std::string(201, 'x')}) {
    EXPECT_EQ(table->put_bookmark(bad, 1, bookmark).code(), base::Code::invalid_argument);
  }
}

}  // namespace
}  // namespace tarn::lake
