// libcurl's handles, each with its open connections, for use again.
// Threads: take() from any thread; a handle belongs to who took it.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "http/curl.h"

namespace tarn::http {

struct Handle {
  const Curl& curl;
  std::unique_ptr<CURLM, decltype(Curl::multi_cleanup)> multi;
  std::unique_ptr<CURL, decltype(Curl::easy_cleanup)> easy;  // ended before the connections are
  explicit Handle(const Curl& library)
      : curl(library),
        multi(library.multi_init(), library.multi_cleanup),
        easy(library.easy_init(), library.easy_cleanup) {}
};

class Handles {
 public:
  // The one that was used last, since its connections are most likely open still; a new one if there is none.
  base::Result<std::unique_ptr<Handle>> take() {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        auto handle = std::move(idle_.back());
        idle_.pop_back();
        return handle;
      }
    }
    TARN_ASSIGN(const Curl* const library, curl());
    auto handle = std::make_unique<Handle>(*library);
    if (!handle->multi || !handle->easy) {
      return base::Status(base::Code::exhausted, "libcurl has no memory for a handle");
    }
    return handle;
  }
  void give_back(std::unique_ptr<Handle> handle) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(handle));
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Handle>> idle_;
};

}  // namespace tarn::http
