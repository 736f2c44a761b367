#include "worker/pool.h"

#include <gtest/gtest.h>

int main(int argc, char** argv) {
  tarn::worker::register_job("echo", [](std::string_view request) -> tarn::base::Result<std::string> { return std::string(request); });
  if (tarn::worker::is_worker(argc, argv)) return tarn::worker::serve(argc, argv);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}

TEST(Pool, Echoes) {
  auto pool = tarn::worker::make_pool(2, {});
  auto reply = pool->run("echo", "hello");
  ASSERT_TRUE(reply.ok()) << reply.status().to_string();
  EXPECT_EQ(*reply, "hello");
}
