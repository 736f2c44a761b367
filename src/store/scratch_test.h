// A directory for one test, removed at its end; in memory where the machine has /dev/shm, since what is proved does not
// depend on the disk.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>

#include "base/check.h"

namespace tarn::store {

class ScratchDirectory {
 public:
  ScratchDirectory() {
    const bool memory = std::filesystem::is_directory("/dev/shm");
    path_ = (memory ? "/dev/shm" : std::filesystem::temp_directory_path().string()) + "/tarn-store-test-XXXXXX";
    TARN_CHECK(::mkdtemp(path_.data()) != nullptr);
  }
  ~ScratchDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace tarn::store
