// Child processes, spawned from this program itself, for code that may crash, hang or be attacked. They have limits and
// no network.
// Shape:   a job is a name (registered with what it may use) and a request → a reply or a Status; a stream also sends
//          and receives messages while it works. A pool keeps a few workers alive and gives each call to a free one
//          that has the limits it asks for; a worker that dies or runs over a limit is replaced, and its call fails
//          alone. doc/design/worker.md
// Limits:  memory, CPU and wall time a call, bytes a message, open files, threads; seccomp: no sockets, no exec, no
//          opening of files for writing. Messages are not queued: who sends waits until the other side reads.
// Errors:  exhausted (which limit), cancelled, internal ("the worker died: signal 11"), and what the job itself
//          returned.
// Threads: a Pool from any thread. Of a Call, one thread receives; send(), cancel() and allow() may come from any
//          other.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"

namespace tarn::worker {

struct Limits {
  uint64_t memory_bytes = uint64_t{1} << 30;
  int job_timeout_ms = 30'000;                 // of wall time; 0 = as long as it takes
  int cpu_seconds = 32;                        // of all its threads; 0 = no limit
  uint64_t reply_bytes = uint64_t{256} << 20;  // of one message of the worker's, its reply included
  int open_files = 64;
  bool threads = false;  // may start threads
};

inline constexpr int kCancelGraceMs = 2'000;  // from cancel() until a worker that does not obey is killed

// What a stream sees of its call.
class Channel {
 public:
  virtual ~Channel() = default;
  // Waits while the caller does not read. Any thread. exhausted for a message over reply_bytes, which is then not sent.
  virtual base::Status send(std::string_view message) = 0;
  // The next message; nothing when the caller has said that there are no more; cancelled when the call is to end now.
  virtual base::Result<std::optional<std::string>> receive() = 0;
};

using Job = std::function<base::Result<std::string>(std::string_view request)>;
using Stream = std::function<base::Result<std::string>(std::string_view request, Channel& channel)>;

// Called before main's work begins, in parent and worker alike, so that both know the same names and limits.
void register_job(std::string name, Job job, const Limits& limits = {});
void register_stream(std::string name, Stream stream, const Limits& limits = {});

// True when this process was started as a worker (argv[1] is the worker marker): serve() then never returns to main's
// own work.
bool is_worker(int argc, char** argv);
int serve(int argc, char** argv);

// One job at work. The worker's messages come in order; then the call is over.
class Call {
 public:
  // Cancels what is not over, and waits for its end as cancel() says.
  virtual ~Call() = default;
  // Waits while the worker does not read, within the limit of time: who sends more than a socket holds must receive in
  // another thread. A failure says only that the call is over; receive() says why.
  virtual base::Status send(std::string_view message) = 0;
  virtual base::Status end() = 0;  // there are no more messages
  // The next message; nothing when the job is done; its failure, or the worker's.
  virtual base::Result<std::optional<std::string>> receive() = 0;
  virtual const std::string& reply() const = 0;  // of a job that is done
  // The job is told; when it has not ended after kCancelGraceMs, its worker is killed. receive() then ends with
  // cancelled, unless the job was done before.
  virtual void cancel() = 0;
  // The limit of wall time begins anew, with `ms` (0 = none). A cancelled call keeps its grace.
  virtual void allow(int ms) = 0;
};

class Pool {
 public:
  virtual ~Pool() = default;  // its calls must be over
  virtual base::Result<std::string> run(std::string_view job, std::string_view request) = 0;
  // Waits for a free worker, and for nothing that the worker does. Without `limits`, those of the pool, else those of
  // the job.
  virtual base::Result<std::unique_ptr<Call>> start(std::string_view job, std::string_view request,
                                                    const std::optional<Limits>& limits = {}) = 0;
};

// Starts at most `count` workers, each when it is first needed. `limits` stand for those of all jobs.
std::unique_ptr<Pool> make_pool(int count, const std::optional<Limits>& limits = {});

}  // namespace tarn::worker
