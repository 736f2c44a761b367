// Child processes, spawned from this program itself, for code that may crash, hang or be attacked. They have limits and no network.
// Shape:   a job is a name (registered by register_job) and bytes in → bytes out or a Status. A pool keeps a few workers alive and
//          gives each job to a free one; a worker that dies or runs over its limits is replaced and its job fails alone.
// Limits:  data memory, CPU and wall time a job, reply size; seccomp: no sockets, no exec, no opening of files for writing.
// Errors:  exhausted (which limit), internal ("the worker died: signal 11"), and what the job itself returned.
// Threads: run() may be called from any thread; it blocks until the job's end.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"

namespace tarn::worker {

struct Limits {
  uint64_t memory_bytes = uint64_t{1} << 30;
  int job_timeout_ms = 30'000;
  uint64_t reply_bytes = uint64_t{256} << 20;
};

using Job = std::function<base::Result<std::string>(std::string_view request)>;

// Called before main's work begins, in parent and worker alike, so that both know the same names.
void register_job(std::string name, Job job);

// True when this process was started as a worker (argv[1] is the worker marker): serve() then never returns to main's own work.
bool is_worker(int argc, char** argv);
int serve(int argc, char** argv);

class Pool {
 public:
  virtual ~Pool() = default;
  virtual base::Result<std::string> run(std::string_view job, std::string_view request) = 0;
};

// Starts at most `count` workers, each when it is first needed.
std::unique_ptr<Pool> make_pool(int count, const Limits& limits);

}  // namespace tarn::worker
