#include "store/write_behind.h"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>

#include "store/scratch_test.h"

namespace tarn::store {
namespace {

TEST(WriteBehind, ChangesNothingAndWaitsForNobody) {
  const ScratchDirectory scratch;
  const std::string path = scratch.path() + "/rows";
  const std::string piece(1 << 20, 'x');
  {
    const WriteBehind behind(path);
    std::this_thread::sleep_for(std::chrono::milliseconds(2 * kWriteBehindMs));  // there is no file yet
    std::ofstream file(path, std::ios::binary);
    for (int i = 0; i < 3; ++i) {
      file << piece << std::flush;
      std::this_thread::sleep_for(std::chrono::milliseconds(2 * kWriteBehindMs));
    }
  }
  std::ifstream file(path, std::ios::binary);
  const std::string got((std::istreambuf_iterator<char>(file)), {});
  EXPECT_TRUE(got == piece + piece + piece);
  const WriteBehind never(scratch.path() + "/never");
}

}  // namespace
}  // namespace tarn::store
