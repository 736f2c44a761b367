// One worker process as its pool sees it: spawn, one exchange at a time, kill.
// Shape:   /proc/self/exe kWorkerMarker <parent pid> <memory bytes> <reply bytes>; the socket is kWorkerFd, standard output goes to
//          standard error (it may carry data), every other descriptor is closed.
// Errors:  exchange() says how the worker failed; after any failure but the job's own the process is gone.
// Threads: one at a time. spawn() must be called by a thread that outlives the worker: the kernel kills it when that thread ends.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"
#include "worker/pool.h"

namespace tarn::worker {

inline constexpr char kWorkerMarker[] = "--tarn-worker";
inline constexpr int kWorkerArguments = 5;
inline constexpr int kWorkerFd = 3;
inline constexpr int kExitOutOfMemory = 97;
inline constexpr int kExitNoParent = 98;
inline constexpr int kStartTimeoutMs = 30'000;

base::Status reply_too_large(std::string_view job, uint64_t reply_bytes);

class Process {
 public:
  // The greeting has been read when this returns; `why_no_filter` is "" when the worker has its seccomp filter.
  static base::Result<std::unique_ptr<Process>> spawn(const Limits& limits, std::string* why_no_filter);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // False when the worker has died (or spoken) while nobody asked it anything.
  bool idle_and_alive() const;
  // *usable is false when the process must be thrown away.
  base::Result<std::string> exchange(std::string_view job, std::string_view request, bool* usable);
  pid_t pid() const { return pid_; }

 private:
  Process(pid_t pid, int fd, const Limits& limits) : pid_(pid), fd_(fd), limits_(limits) {}
  int kill_and_reap();  // its wait status
  void allow_cpu_for_one_job() const;
  base::Status describe_death(std::string_view job);

  pid_t pid_;
  int fd_;
  Limits limits_;
};

}  // namespace tarn::worker
