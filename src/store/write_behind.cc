#include "store/write_behind.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <system_error>

namespace tarn::store {

WriteBehind::WriteBehind(std::string path) : path_(std::move(path)) {
  try {
    thread_ = std::thread([this] { run(); });
  } catch (const std::system_error&) {  // no thread to be had: the sync does it all
  }
}

WriteBehind::~WriteBehind() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  ends_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void WriteBehind::run() {
  int file = -1;
  off_t begun = 0;
  std::unique_lock lock(mutex_);
  while (!ends_.wait_for(lock, std::chrono::milliseconds(kWriteBehindMs), [this] { return ended_; })) {
    lock.unlock();
    if (file < 0) file = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat now{};
    if (file >= 0 && ::fstat(file, &now) == 0 && now.st_size > begun &&
        ::sync_file_range(file, begun, now.st_size - begun, SYNC_FILE_RANGE_WRITE) == 0) {
      begun = now.st_size;
    }
    lock.lock();
  }
  if (file >= 0) ::close(file);
}

}  // namespace tarn::store
