// Writes a file to disk while another library still fills it, so that the sync at its end has little left to do: a card
// of 40 MB/s is busy while the next rows are encoded, and not only after the last.
// Shape:   a thread that looks at the file's size every kWriteBehindMs and asks the kernel to begin writing what is
//          new. A hint: what it cannot do it leaves to the sync, and an error of the disk stays for the sync to report
//          (nothing here waits for a page).
// Threads: one object, one thread of its own, which ends with it.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace tarn::store {

inline constexpr int kWriteBehindMs = 50;

class WriteBehind {
 public:
  explicit WriteBehind(std::string path);  // absolute; the file may not exist yet
  ~WriteBehind();
  WriteBehind(const WriteBehind&) = delete;
  WriteBehind& operator=(const WriteBehind&) = delete;

 private:
  void run();
  std::string path_;
  std::mutex mutex_;
  std::condition_variable ends_;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace tarn::store
