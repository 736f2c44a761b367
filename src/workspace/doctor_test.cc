// The doctor's checks on good and bad surroundings.
#include "workspace/doctor.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace tarn::workspace {
namespace {

namespace fs = std::filesystem;

class Folder : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "tarn-doctor-test-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    path_ = name;
  }
  void TearDown() override { fs::remove_all(path_); }
  std::string path_;
};

using Doctor = Folder;

TEST_F(Doctor, KnowsAFolderThatIsThereAndOneThatIsNotYet) {
  EXPECT_EQ(check_lake_folder(path_).status, "ok");
  const DoctorCheck later = check_lake_folder(path_ + "/a/b/c");
  EXPECT_EQ(later.status, "ok");
  EXPECT_NE(later.detail.find("first pull"), std::string::npos);
}

TEST_F(Doctor, SaysWhatIsWrongWithAFolder) {
  std::ofstream(path_ + "/file") << "x";
  const DoctorCheck file = check_lake_folder(path_ + "/file");
  EXPECT_EQ(file.status, "fail");
  EXPECT_EQ(file.detail, path_ + "/file is not a folder");
  EXPECT_TRUE(file.fix);
  EXPECT_EQ(check_lake_folder(path_ + "/file/below").status, "fail");
  EXPECT_EQ(check_temporary_folder(path_ + "/none").status, "fail");
  EXPECT_EQ(check_temporary_folder(path_).status, "ok");
  EXPECT_TRUE(fs::is_empty(path_) || std::distance(fs::directory_iterator(path_), {}) == 1)
      << "the probe is taken away";
  if (geteuid() != 0) {  // root may write anywhere
    fs::create_directory(path_ + "/closed");
    chmod((path_ + "/closed").c_str(), 0500);
    EXPECT_EQ(check_lake_folder(path_ + "/closed/lake").status, "fail");
    chmod((path_ + "/closed").c_str(), 0700);
  }
}

TEST_F(Doctor, HasLimits) {
  EXPECT_EQ(check_disk("/", kFullDiskBytes - 1).status, "fail");
  EXPECT_EQ(check_disk("/", kFullDiskBytes).status, "warn");
  EXPECT_EQ(check_disk("/", kLowDiskBytes).status, "ok");
  EXPECT_EQ(check_memory(0).status, "warn");
  EXPECT_EQ(check_memory(kLowMemoryBytes - 1).status, "warn");
  EXPECT_EQ(check_memory(kLowMemoryBytes).status, "ok");
  const base::FixedClock clock(1'000'000'000'000'000);
  EXPECT_EQ(check_clock(clock, 1'000'000'000'000'001).status, "fail");
  EXPECT_EQ(check_clock(clock, 1'000'000'000'000'000).status, "ok");
  EXPECT_GT(free_bytes_of(path_ + "/not/there"), 0u);
  EXPECT_GT(available_memory_bytes(), 0u);
}

}  // namespace
}  // namespace tarn::workspace
