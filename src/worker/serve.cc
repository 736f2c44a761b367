// The worker's side: greet, then answer one job after another until the pool hangs up.
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <map>
#include <new>

#include "worker/frame.h"
#include "worker/pool.h"
#include "worker/process.h"
#include "worker/sandbox.h"

namespace tarn::worker {
namespace {

std::map<std::string, Job, std::less<>>& jobs() {
  static auto* all = new std::map<std::string, Job, std::less<>>;  // never destroyed: a worker ends by _exit
  return *all;
}

uint64_t number(const char* text) {
  uint64_t value = 0;
  std::from_chars(text, text + std::strlen(text), value);
  return value;
}

// Throwing would let a job swallow it; the pool knows this exit as the memory limit.
void out_of_memory() { _exit(kExitOutOfMemory); }

base::Result<std::string> run_job(std::string_view name, std::string_view request) {
  auto job = jobs().find(name);
  if (job == jobs().end()) {
    return base::Status(base::Code::internal, "no job is registered as '" + std::string(name) + "'");
  }
  try {
    return job->second(request);
  } catch (const std::bad_alloc&) {
    _exit(kExitOutOfMemory);
  } catch (const std::exception& e) {
    return base::Status(base::Code::internal, std::string("the job threw: ") + e.what());
  }
}

}  // namespace

void register_job(std::string name, Job job) {
  TARN_CHECK(name.size() <= kMaxNameBytes);
  jobs()[std::move(name)] = std::move(job);
}

bool is_worker(int argc, char** argv) { return argc == kWorkerArguments && std::strcmp(argv[1], kWorkerMarker) == 0; }

int serve(int argc, char** argv) {
  if (!is_worker(argc, argv)) return 2;
  if (!die_with_parent(static_cast<int>(number(argv[2])))) _exit(kExitNoParent);
  uint64_t reply_bytes = number(argv[4]);
  limit_resources(number(argv[3]));
  std::set_new_handler(out_of_memory);
  if (send_greeting(kWorkerFd, filter_system_calls()) != Transfer::done) _exit(kExitNoParent);

  for (;;) {
    std::string head, name, request;
    if (receive_all(kWorkerFd, sizeof(RequestHeader), &head, nullptr) != Transfer::done) _exit(0);
    RequestHeader header;
    std::memcpy(&header, head.data(), sizeof header);
    if (header.magic != kRequestMagic || header.name_bytes > kMaxNameBytes ||
        receive_all(kWorkerFd, header.name_bytes, &name, nullptr) != Transfer::done ||
        receive_all(kWorkerFd, header.body_bytes, &request, nullptr) != Transfer::done) {
      _exit(kExitNoParent);
    }
    base::Result<std::string> result = run_job(name, request);
    base::Status status = result.status();
    if (result.ok() && result->size() > reply_bytes) status = reply_too_large(name, reply_bytes);
    if (send_reply(kWorkerFd, status, status.ok() ? std::string_view(*result) : std::string_view()) != Transfer::done) {
      _exit(0);
    }
  }
}

base::Status reply_too_large(std::string_view job, uint64_t reply_bytes) {
  return {base::Code::exhausted, "job '" + std::string(job) + "': its reply is over the limit reply_bytes (" +
                                     std::to_string(reply_bytes) + ")"};
}

}  // namespace tarn::worker
