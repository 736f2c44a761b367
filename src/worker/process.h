// One worker process as its pool sees it: spawn, what it may use, why it died, kill.
// Shape:   /proc/self/exe kWorkerMarker <parent pid> <memory bytes> <reply bytes> <open files> <threads>; the socket is
//          kWorkerFd, standard output goes to standard error (it may carry data), every other descriptor is closed.
// Threads: one at a time. spawn() must be called by a thread that outlives the worker: the kernel kills it when that
//          thread ends.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"
#include "worker/pool.h"

namespace tarn::worker {

inline constexpr char kWorkerMarker[] = "--tarn-worker";
inline constexpr int kWorkerArguments = 7;
inline constexpr int kWorkerFd = 3;
inline constexpr int kExitOutOfMemory = 97;
inline constexpr int kExitNoParent = 98;
inline constexpr int kStartTimeoutMs = 30'000;

base::Status reply_too_large(std::string_view job, uint64_t reply_bytes);
// What a job has been declared to need; the default for one that is not registered.
Limits declared_limits(std::string_view job);

class Process {
 public:
  // Returns while the worker is still starting: its greeting is the first frame of its first call.
  static base::Result<std::unique_ptr<Process>> spawn(const Limits& limits);
  ~Process() { kill_and_reap(); }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // False when the worker has died (or spoken) while nobody asked it anything.
  bool idle_and_alive() const;
  // Whether it may do a job with these limits: what a worker sets on itself at its start is never changed.
  bool fits(const Limits& limits) const;
  // The limits of the next job. Wall time ends a job; that of the CPU ends it also when the parent is stopped and
  // cannot.
  void begin(const Limits& limits);
  int kill_and_reap();  // its wait status
  // The socket is closed: the process has ended, or is about to. Its status says why.
  base::Status describe_death(std::string_view job);

  int fd() const { return fd_; }
  const Limits& limits() const { return limits_; }
  bool greeted = false;

 private:
  Process(pid_t pid, int fd, const Limits& limits) : pid_(pid), fd_(fd), limits_(limits) {}
  pid_t pid_;
  int fd_;
  Limits limits_;
};

}  // namespace tarn::worker
