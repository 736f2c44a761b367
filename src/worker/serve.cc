// The worker's side: greet, then do one job after another until the pool hangs up.
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <limits>
#include <map>
#include <mutex>
#include <new>

#include "worker/frame.h"
#include "worker/pool.h"
#include "worker/process.h"
#include "worker/sandbox.h"

namespace tarn::worker {
namespace {

struct Registered {
  Stream run;
  Limits limits;
};
std::map<std::string, Registered, std::less<>>& jobs() {
  static auto* all = new std::map<std::string, Registered, std::less<>>;  // never destroyed: a worker ends by _exit
  return *all;
}

uint64_t number(const char* text) {
  uint64_t value = 0;
  std::from_chars(text, text + std::strlen(text), value);
  return value;
}

// Throwing would let a job swallow it; the pool knows this exit as the memory limit.
void out_of_memory() { _exit(kExitOutOfMemory); }

// What the pool sends is whole or the end: it is not doubted here.
Frame next_frame() {
  Frame frame;
  const Transfer got = receive_frame(kWorkerFd, std::numeric_limits<uint64_t>::max(), {}, &frame);
  if (got != Transfer::done) _exit(got == Transfer::closed ? 0 : kExitNoParent);
  return frame;
}

class SocketChannel final : public Channel {
 public:
  SocketChannel(std::string_view job, uint64_t reply_bytes) : job_(job), reply_bytes_(reply_bytes) {}
  base::Status send(std::string_view message) override {
    if (message.size() > reply_bytes_) return reply_too_large(job_, reply_bytes_);
    const std::lock_guard lock(sending_);
    if (send_frame(kWorkerFd, FrameKind::data, {}, message, {}) != Transfer::done) _exit(0);
    return base::ok();
  }
  base::Result<std::optional<std::string>> receive() override {
    if (!over_) {
      Frame frame = next_frame();
      if (frame.kind == FrameKind::data) return std::optional(std::move(frame.body));
      if (frame.kind != FrameKind::end && frame.kind != FrameKind::cancel) _exit(kExitNoParent);
      over_ = frame.kind;
    }
    if (*over_ == FrameKind::end) return std::optional<std::string>();
    return base::Status(base::Code::cancelled, "the call was cancelled");
  }

 private:
  const std::string_view job_;
  const uint64_t reply_bytes_;
  std::mutex sending_;
  std::optional<FrameKind> over_;
};

base::Result<std::string> run_job(const Frame& start, Channel& channel) {
  const auto job = jobs().find(start.text);
  if (job == jobs().end()) {
    return base::Status(base::Code::internal, "no job is registered as '" + start.text + "'");
  }
  try {
    return job->second.run(start.body, channel);
  } catch (const std::bad_alloc&) {
    _exit(kExitOutOfMemory);
  } catch (const std::exception& e) {
    return base::Status(base::Code::internal, std::string("the job threw: ") + e.what());
  }
}

}  // namespace

void register_job(std::string name, Job job, const Limits& limits) {
  register_stream(
      std::move(name), [job = std::move(job)](std::string_view request, Channel&) { return job(request); }, limits);
}

void register_stream(std::string name, Stream stream, const Limits& limits) {
  TARN_CHECK(name.size() <= kMaxTextBytes);
  jobs()[std::move(name)] = {std::move(stream), limits};
}

Limits declared_limits(std::string_view job) {
  const auto known = jobs().find(job);
  return known == jobs().end() ? Limits() : known->second.limits;
}

bool is_worker(int argc, char** argv) { return argc == kWorkerArguments && std::strcmp(argv[1], kWorkerMarker) == 0; }

int serve(int argc, char** argv) {
  if (!is_worker(argc, argv)) return 2;
  if (!die_with_parent(static_cast<int>(number(argv[2])))) _exit(kExitNoParent);
  const uint64_t reply_bytes = number(argv[4]);
  limit_resources(number(argv[3]), number(argv[5]));
  std::set_new_handler(out_of_memory);
  if (send_greeting(kWorkerFd, filter_system_calls(number(argv[6]) != 0)) != Transfer::done) _exit(kExitNoParent);

  for (;;) {
    const Frame start = next_frame();
    if (start.kind != FrameKind::start) continue;  // of the last job, which ended without it
    SocketChannel channel(start.text, reply_bytes);
    const base::Result<std::string> result = run_job(start, channel);
    base::Status status = result.status();
    if (result.ok() && result->size() > reply_bytes) status = reply_too_large(start.text, reply_bytes);
    const std::string_view reply = status.ok() ? std::string_view(*result) : std::string_view();
    if (send_frame(kWorkerFd, FrameKind::result, status, reply, {}) != Transfer::done) _exit(0);
  }
}

base::Status reply_too_large(std::string_view job, uint64_t reply_bytes) {
  return {base::Code::exhausted, "job '" + std::string(job) + "': its reply is over the limit reply_bytes (" +
                                     std::to_string(reply_bytes) + ")"};
}

}  // namespace tarn::worker
