#include "connector/stream.h"

#include <gtest/gtest.h>

#include <vector>

namespace tarn::connector {
namespace {

class Parts final : public ByteStream {
 public:
  explicit Parts(std::vector<std::string> parts) : parts_(std::move(parts)) {}
  base::Result<std::string_view> next() override {
    if (at_ == parts_.size()) return std::string_view();
    if (parts_[at_] == "broken") return base::Status(base::Code::io, "connection reset");
    return std::string_view(parts_[at_++]);
  }
  size_t read() const { return at_; }

 private:
  const std::vector<std::string> parts_;
  size_t at_ = 0;
};

TEST(Stream, IsReadToItsEndAndHashedOnTheWay) {
  Parts parts({"one ", "two ", "three"});
  const auto all = read_all(parts, 13, 0, {});
  ASSERT_TRUE(all.ok()) << all.status().to_string();
  EXPECT_EQ(all->bytes, "one two three");
  EXPECT_EQ(all->hash, base::hash128("one two three"));
  Parts none({});
  EXPECT_EQ(read_all(none, 0, 1000, {})->hash, base::hash128(""));
}

TEST(Stream, IsGivenUpAtTheLimitNotAtItsEnd) {
  Parts parts({"12345", "6", "never"});
  const base::Status status = read_all(parts, 5, 1 << 30, {}).status();
  EXPECT_EQ(status.code(), base::Code::exhausted);
  EXPECT_NE(status.message().find("max_item_bytes, 5"), std::string::npos);
  EXPECT_EQ(parts.read(), 2u);
}

TEST(Stream, AFailureAndAStopAreTold) {
  Parts parts({"1", "broken"});
  EXPECT_EQ(read_all(parts, 100, 0, {}).status().code(), base::Code::io);
  base::Cancel cancel;
  cancel.request();
  Parts whole({"1"});
  EXPECT_EQ(read_all(whole, 100, 0, {nullptr, &cancel}).status().code(), base::Code::cancelled);
}

}  // namespace
}  // namespace tarn::connector
