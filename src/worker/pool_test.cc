// Workers that crash, hang, eat memory, shout or attack: each fails alone, and the next job works.
#include "worker/pool.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <thread>
#include <vector>

#include "base/random.h"
#include "base/sanitized.h"
#include "worker/frame.h"
#include "worker/process.h"

namespace tarn::worker {
namespace {

using base::Code;
using base::Result;
using base::Status;

std::string error_name(long result) { return result >= 0 ? "allowed" : std::strerror(errno); }

void register_test_jobs() {
  register_job("echo", [](std::string_view r) -> Result<std::string> { return std::string(r); });
  register_job("pid", [](std::string_view) -> Result<std::string> { return std::to_string(getpid()); });
  register_job("fail", [](std::string_view r) -> Result<std::string> {
    return Status(Code::unsupported, "not " + std::string(r), "do something else");
  });
  register_job("throw", [](std::string_view) -> Result<std::string> { throw std::runtime_error("thrown"); });
  register_job("segv", [](std::string_view) -> Result<std::string> {
    raise(SIGSEGV);
    return std::string();
  });
  register_job("abort", [](std::string_view) -> Result<std::string> { abort(); });
  register_job("exit", [](std::string_view) -> Result<std::string> { _exit(3); });
  register_job("loop", [](std::string_view) -> Result<std::string> {
    std::atomic<uint64_t> turns{0};
    for (;;) turns.fetch_add(1, std::memory_order_relaxed);
  });
  register_job("sleep", [](std::string_view) -> Result<std::string> {
    for (;;) pause();
  });
  register_job("nap", [](std::string_view r) -> Result<std::string> {
    std::this_thread::sleep_for(std::chrono::milliseconds(atoi(std::string(r).c_str())));
    return std::string("rested");
  });
  register_job("eat", [](std::string_view) -> Result<std::string> {
    std::vector<std::string> all;
    for (;;) all.emplace_back(size_t{1} << 20, 'x');
  });
  register_job("large",
               [](std::string_view r) -> Result<std::string> { return std::string(std::stoull(std::string(r)), 'x'); });
  // Writes what no honest worker would.
  register_job("raw", [](std::string_view r) -> Result<std::string> {
    (void)!write(kWorkerFd, r.data(), r.size());
    for (;;) pause();
  });
  register_job("hang up", [](std::string_view) -> Result<std::string> {
    shutdown(kWorkerFd, SHUT_RDWR);
    for (;;) pause();
  });
  register_job("forbidden", [](std::string_view what) -> Result<std::string> {
    if (what == "socket") return error_name(socket(AF_INET, SOCK_STREAM, 0));
    if (what == "unix socket") return error_name(socket(AF_UNIX, SOCK_STREAM, 0));
    if (what == "write a file") return error_name(open("/tmp/tarn-worker-must-not-write", O_WRONLY | O_CREAT, 0600));
    if (what == "append to a file") return error_name(open("/dev/null", O_RDWR));
    if (what == "unlink") return error_name(unlink("/tmp/tarn-worker-must-not-unlink"));
    if (what == "mkdir") return error_name(mkdir("/tmp/tarn-worker-must-not-mkdir", 0700));
    if (what == "kill parent") return error_name(kill(getppid(), 0));
    if (what == "fork") {
      pid_t child = fork();
      if (child == 0) _exit(0);
      return error_name(child);
    }
    if (what == "raise limit") {
      rlimit limit{RLIM_INFINITY, RLIM_INFINITY};
      return error_name(setrlimit(RLIMIT_CPU, &limit));
    }
    if (what == "read a file") return error_name(open("/proc/self/status", O_RDONLY | O_CLOEXEC));
    if (what == "thread") {
      try {
        int done = 0;
        std::thread([&] { done = 1; }).join();
        return std::string(done ? "allowed" : "lost");
      } catch (const std::system_error& e) {
        return std::string(std::strerror(e.code().value()));
      }
    }
    if (what == "ptrace") return error_name(ptrace(PTRACE_TRACEME, 0, nullptr, nullptr));
    if (what == "exec") {
      char* arguments[] = {const_cast<char*>("true"), nullptr};
      return error_name(execv("/bin/true", arguments));
    }
    return Status(Code::internal, "what?");
  });
  register_job("descriptors", [](std::string_view) -> Result<std::string> {
    std::string open_ones;
    for (int fd = 0; fd < 200; ++fd) {
      if (fcntl(fd, F_GETFD) >= 0) open_ones += std::to_string(fd) + " ";
    }
    return open_ones;
  });
  register_job("open files", [](std::string_view) -> Result<std::string> {
    std::vector<int> opened;
    for (int fd; (fd = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;) opened.push_back(fd);
    for (const int fd : opened) close(fd);  // the worker goes on
    return std::to_string(opened.size());
  });
  // "count size": so many messages of so many bytes, the first of which says who it is.
  register_stream("count", [](std::string_view r, Channel& channel) -> Result<std::string> {
    const std::string text(r);
    const size_t space = text.find(' ');
    const std::string message(std::stoul(text.substr(space)), 'm');
    TARN_TRY(channel.send(std::to_string(getpid())));
    for (unsigned long i = std::stoul(text); i > 0; --i) TARN_TRY(channel.send(message));
    return std::string("counted");
  });
  // Gives back what it gets, and says at the end how much that was.
  register_stream("relay", [](std::string_view, Channel& channel) -> Result<std::string> {
    size_t bytes = 0;
    for (;;) {
      TARN_ASSIGN(const auto message, channel.receive());
      if (!message) return std::to_string(bytes);
      bytes += message->size();
      TARN_TRY(channel.send(*message));
    }
  });
  register_stream("flood", [](std::string_view, Channel& channel) -> Result<std::string> {
    TARN_TRY(channel.send(std::to_string(getpid())));
    for (;;) TARN_TRY(channel.send("more"));
  });
  register_stream("deaf", [](std::string_view, Channel& channel) -> Result<std::string> {
    TARN_TRY(channel.send(std::to_string(getpid())));
    for (;;) pause();
  });
  register_stream("give up", [](std::string_view, Channel& channel) -> Result<std::string> {
    TARN_TRY(channel.send("first"));
    return Status(Code::unsupported, "no further");
  });
  register_stream("break off", [](std::string_view, Channel& channel) -> Result<std::string> {
    for (int i = 0; i < 3; ++i) TARN_TRY(channel.send(std::to_string(i)));
    raise(SIGKILL);
    return std::string();
  });
  // A frame that says more than comes: the rest never, or only the end of the process.
  register_job("half a frame", [](std::string_view r) -> Result<std::string> {
    FrameHeader header;
    header.kind = FrameKind::result;
    header.body_bytes = 200 << 20;
    (void)!write(kWorkerFd, &header, sizeof header);
    (void)!write(kWorkerFd, "begin", 5);
    if (r == "exit") _exit(4);
    for (;;) pause();
  });
  register_job("environment", [](std::string_view name) -> Result<std::string> {
    const char* value = getenv(std::string(name).c_str());
    return std::string(value ? value : "(unset)");
  });
}

Limits quick() {
  Limits limits;
  limits.job_timeout_ms = 20'000;
  return limits;
}

bool is_alive(pid_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string id, name, state;
  return (stat >> id >> name >> state) && state != "Z";
}

// Waits until the process is gone, at most five seconds.
bool ends(pid_t pid) {
  for (int i = 0; i < 500 && is_alive(pid); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return !is_alive(pid);
}

void expect_works(Pool* pool) {
  auto reply = pool->run("echo", "again");
  ASSERT_TRUE(reply.ok()) << reply.status().to_string();
  EXPECT_EQ(*reply, "again");
}

TEST(Pool, RunsJobsAndKeepsTheirWorker) {
  auto pool = make_pool(1, quick());
  std::string binary("\0\1\xFF", 3);
  EXPECT_EQ(*pool->run("echo", binary), binary);
  EXPECT_EQ(*pool->run("echo", ""), "");
  EXPECT_EQ(*pool->run("pid", ""), *pool->run("pid", ""));
  const std::string large(5 << 20, 'z');
  EXPECT_EQ(*pool->run("echo", large), large);
}

TEST(Pool, AJobsOwnFailureComesBackWhole) {
  auto pool = make_pool(1, quick());
  const std::string pid = *pool->run("pid", "");
  auto reply = pool->run("fail", "this");
  EXPECT_EQ(reply.status().code(), Code::unsupported);
  EXPECT_EQ(reply.status().message(), "not this");
  EXPECT_EQ(reply.status().hint(), "do something else");
  EXPECT_EQ(pool->run("throw", "").status().message(), "the job threw: thrown");
  EXPECT_EQ(pool->run("no such job", "").status().code(), Code::internal);
  EXPECT_EQ(*pool->run("pid", ""), pid) << "an honest failure costs no worker";
}

TEST(Pool, ACrashFailsAlone) {
  auto pool = make_pool(1, quick());
  for (const char* job : {"segv", "abort", "exit"}) {
    auto reply = pool->run(job, "");
    EXPECT_EQ(reply.status().code(), Code::internal) << job;
    EXPECT_NE(reply.status().message().find("the worker died"), std::string::npos) << reply.status().message();
    expect_works(pool.get());
  }
  if (!base::kSanitized) {
    EXPECT_NE(pool->run("segv", "").status().message().find("signal 11"), std::string::npos);
  }
}

TEST(Pool, TimeIsLimited) {
  Limits limits;
  limits.job_timeout_ms = 600;  // long enough for an honest job on a busy machine
  auto pool = make_pool(1, limits);
  for (const char* job : {"loop", "sleep"}) {
    auto reply = pool->run(job, "");
    EXPECT_EQ(reply.status().code(), Code::exhausted) << job;
    EXPECT_NE(reply.status().message().find("job_timeout_ms (600"), std::string::npos) << reply.status().message();
    expect_works(pool.get());
  }
}

TEST(Pool, MemoryIsLimited) {
  Limits limits = quick();
  limits.memory_bytes = uint64_t{64} << 20;
  auto pool = make_pool(1, limits);
  auto reply = pool->run("eat", "");
  ASSERT_FALSE(reply.ok());
  if (base::kSanitized) {  // a sanitizer's allocator ends the process in its own way
    EXPECT_NE(reply.status().message().find("the worker died"), std::string::npos) << reply.status().to_string();
  } else {
    EXPECT_EQ(reply.status().code(), Code::exhausted);
    EXPECT_NE(reply.status().message().find("memory_bytes (67108864)"), std::string::npos) << reply.status().message();
  }
  expect_works(pool.get());
}

TEST(Pool, RepliesAreLimited) {
  Limits limits = quick();
  limits.reply_bytes = 1000;
  auto pool = make_pool(1, limits);
  EXPECT_TRUE(pool->run("large", "1000").ok());
  auto reply = pool->run("large", "1001");
  EXPECT_EQ(reply.status().code(), Code::exhausted);
  EXPECT_NE(reply.status().message().find("reply_bytes (1000)"), std::string::npos);
  expect_works(pool.get());
}

TEST(Pool, ALyingWorkerIsNotBelieved) {
  Limits limits = quick();
  limits.reply_bytes = 1000;
  auto pool = make_pool(1, limits);
  const auto bytes = [](const FrameHeader& h) { return std::string(reinterpret_cast<const char*>(&h), sizeof h); };
  FrameHeader good;
  good.kind = FrameKind::result;
  FrameHeader header = good;
  header.body_bytes = uint64_t{1} << 60;
  EXPECT_EQ(pool->run("raw", bytes(header)).status().code(), Code::exhausted);
  header.kind = FrameKind::data;
  EXPECT_EQ(pool->run("raw", bytes(header)).status().code(), Code::exhausted);
  const auto is_no_frame = [&](const FrameHeader& h) {
    const Status status = pool->run("raw", bytes(h)).status();
    return status.code() == Code::internal && status.message().find("no frame") != std::string::npos;
  };
  EXPECT_TRUE(make_pool(1, limits)->run("raw", bytes(good)).ok());
  header = good;
  header.text_bytes = 0xFFFFFFFF;
  EXPECT_TRUE(is_no_frame(header));
  header = good;
  header.hint_bytes = 0xFFFFFFFF;
  EXPECT_TRUE(is_no_frame(header));
  header = good;
  header.code = 999;
  EXPECT_TRUE(is_no_frame(header));
  for (const FrameKind kind :
       {FrameKind::greeting, FrameKind::start, FrameKind::end, FrameKind::cancel, FrameKind(9)}) {
    header = good;
    header.kind = kind;  // that a worker may not send, or not twice
    EXPECT_TRUE(is_no_frame(header)) << static_cast<int>(kind);
  }
  EXPECT_EQ(pool->run("raw", std::string(sizeof header, 'x')).status().code(), Code::internal);
  EXPECT_EQ(pool->run("hang up", "").status().code(), Code::internal);
  expect_works(pool.get());
}

// S2: kill -9 in the middle of a job loses that job only.
TEST(Pool, AHundredKillsLoseAHundredJobs) {
  auto pool = make_pool(2, quick());
  const uint64_t seed = 17;
  base::Random random(seed);
  int lost = 0;
  for (int i = 0; i < 100; ++i) {
    auto victim = pool->run("pid", "");
    ASSERT_TRUE(victim.ok());
    const pid_t pid = static_cast<pid_t>(std::stol(*victim));
    std::thread killer([pid, wait_us = random.below(3000)] {
      std::this_thread::sleep_for(std::chrono::microseconds(wait_us));
      kill(pid, SIGKILL);
    });
    auto reply = pool->run("nap", "30");
    killer.join();
    EXPECT_TRUE(ends(pid));  // on a busy machine it may die only now, and would take the next job with it
    if (reply.ok()) {        // the kill came before the job had its worker: another one did it
      EXPECT_EQ(*reply, "rested");
    } else {
      ++lost;
      EXPECT_EQ(reply.status().message(), "job 'nap': the worker died: signal 9 (Killed)")
          << "seed " << seed << " kill " << i;
    }
    expect_works(pool.get());
  }
  EXPECT_GT(lost, 50);
}

TEST(Pool, AnIdleWorkersDeathLosesNothing) {
  auto pool = make_pool(1, quick());
  for (int i = 0; i < 5; ++i) {
    const pid_t pid = static_cast<pid_t>(std::stol(*pool->run("pid", "")));
    kill(pid, SIGKILL);
    ends(pid);
    expect_works(pool.get());
  }
}

TEST(Pool, ManyThreadsShareFewWorkers) {
  auto pool = make_pool(3, quick());
  std::vector<std::thread> threads;
  std::atomic<int> right{0}, failed{0};
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 40; ++i) {
        if (i % 13 == 5) {
          failed += !pool->run("exit", "").ok();
          continue;
        }
        const std::string text = std::to_string(t * 1000 + i);
        auto reply = pool->run("echo", text);
        right += reply.ok() && *reply == text;
      }
    });
  }
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(failed, 8 * 3);
  EXPECT_EQ(right, 8 * 37);
}

// A worker is killed with the thread that spawned it, so that must never be the thread of a caller.
TEST(Pool, AWorkerOutlivesTheThreadThatAskedForIt) {
  auto pool = make_pool(1, quick());
  std::string first;
  std::thread([&] { first = *pool->run("pid", ""); }).join();
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  EXPECT_EQ(*pool->run("pid", ""), first);
}

TEST(Pool, LeavesNoProcessBehind) {
  pid_t pid = 0;
  {
    auto pool = make_pool(1, quick());
    pid = static_cast<pid_t>(std::stol(*pool->run("pid", "")));
    EXPECT_TRUE(is_alive(pid));
  }
  EXPECT_FALSE(is_alive(pid));
}

TEST(Pool, AKilledParentLeavesNoWorker) {
  int fds[2];
  ASSERT_EQ(pipe2(fds, O_CLOEXEC), 0);
  const pid_t parent = fork();
  if (parent == 0) {
    auto pool = make_pool(1, quick());
    const std::string pid = *pool->run("pid", "") + "\n";
    (void)!write(fds[1], pid.data(), pid.size());
    (void)pool->run("loop", "");
    _exit(0);
  }
  char text[32] = {};
  ASSERT_GT(read(fds[0], text, sizeof text - 1), 0);
  close(fds[0]);
  close(fds[1]);
  const pid_t worker = static_cast<pid_t>(std::atol(text));
  EXPECT_TRUE(is_alive(worker));
  kill(parent, SIGKILL);
  waitpid(parent, nullptr, 0);
  EXPECT_TRUE(ends(worker));
}

// ---- streams
// ----------------------------------------------------------------------------------------------------------------

std::unique_ptr<Call> start(Pool& pool, std::string_view job, std::string_view request = {}) {
  auto call = pool.start(job, request);
  if (!call.ok()) ADD_FAILURE() << call.status().to_string();
  return call.ok() ? std::move(*call) : nullptr;
}

std::string next(Call& call) {
  auto message = call.receive();
  return !message.ok() ? message.status().to_string() : *message ? **message : "(end)";
}

// Its failure, after whatever else it says.
Status end_of(Call& call) {
  for (;;) {
    auto message = call.receive();
    if (!message.ok()) return message.status();
    if (!*message) return base::ok();
  }
}

int64_t resident_mib(pid_t pid) {
  std::ifstream statm("/proc/" + std::to_string(pid) + "/statm");
  int64_t all = 0, resident = 0;
  statm >> all >> resident;
  return resident * 4096 / (1 << 20);
}

TEST(Stream, MessagesGoBothWays) {
  auto pool = make_pool(1, quick());
  const std::string pid = *pool->run("pid", "");
  for (int round = 0; round < 3; ++round) {
    auto call = start(*pool, "relay");
    for (const std::string& text :
         {std::string("one"), std::string(), std::string(100'000, 'x'), std::string("\0", 1)}) {
      ASSERT_TRUE(call->send(text).ok());
      EXPECT_EQ(next(*call), text);
    }
    ASSERT_TRUE(call->end().ok());
    EXPECT_EQ(next(*call), "(end)");
    EXPECT_EQ(next(*call), "(end)");
    EXPECT_EQ(call->reply(), "100004");
  }
  EXPECT_EQ(*pool->run("pid", ""), pid) << "a stream costs no worker";
}

TEST(Stream, OneThreadSendsWhileAnotherReceives) {
  auto pool = make_pool(1, quick());
  auto call = start(*pool, "relay");
  constexpr size_t kMessages = 200, kBytes = 300'000;
  std::thread sender([&] {
    for (size_t i = 0; i < kMessages; ++i) EXPECT_TRUE(call->send(std::string(kBytes, static_cast<char>(i))).ok());
    EXPECT_TRUE(call->end().ok());
  });
  for (size_t i = 0; i < kMessages; ++i) {
    const auto got = call->receive();
    ASSERT_TRUE(got.ok() && *got);
    EXPECT_EQ(**got, std::string(kBytes, static_cast<char>(i)));
  }
  EXPECT_EQ(next(*call), "(end)");
  sender.join();
}

TEST(Stream, ASlowReaderMakesNobodysMemoryGrow) {
  Limits limits = quick();
  limits.memory_bytes = uint64_t{64} << 20;
  auto pool = make_pool(1, limits);
  constexpr int kMessages = 4000, kBytes = 64 << 10;  // 250 MiB
  auto call = start(*pool, "count", std::to_string(kMessages) + " " + std::to_string(kBytes));
  const pid_t worker = static_cast<pid_t>(std::stol(next(*call)));
  const int64_t ours = resident_mib(getpid()), theirs = resident_mib(worker);
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  EXPECT_LT(resident_mib(getpid()), ours + 32);
  EXPECT_LT(resident_mib(worker), theirs + 32);
  for (int i = 0; i < kMessages; ++i) ASSERT_EQ(next(*call).size(), size_t{kBytes}) << i;
  EXPECT_EQ(next(*call), "(end)");
  EXPECT_EQ(call->reply(), "counted");
}

TEST(Stream, WhoSendsToOneThatSendsRunsOutOfTime) {
  Limits limits = quick();
  limits.job_timeout_ms = 1000;
  auto pool = make_pool(1, limits);
  expect_works(pool.get());  // its worker has started
  auto call = start(*pool, "flood");
  const Status sent = call->send(std::string(50 << 20, 'x'));
  EXPECT_EQ(sent.code(), Code::unavailable);
  const Status why = end_of(*call);
  EXPECT_EQ(why.code(), Code::exhausted) << why.to_string();
  EXPECT_NE(why.message().find("job_timeout_ms (1000)"), std::string::npos) << why.message();
  expect_works(pool.get());
}

TEST(Stream, AFloodEndsAtTheLimitOfTime) {
  Limits limits = quick();
  limits.job_timeout_ms = 600;
  auto pool = make_pool(1, limits);
  auto call = start(*pool, "flood");
  EXPECT_EQ(end_of(*call).code(), Code::exhausted);
  call.reset();
  expect_works(pool.get());
}

TEST(Stream, AFailureComesAfterWhatWasSaidBefore) {
  auto pool = make_pool(1, quick());
  auto call = start(*pool, "give up");
  EXPECT_EQ(next(*call), "first");
  EXPECT_EQ(call->receive().status().message(), "no further");
  EXPECT_EQ(call->receive().status().code(), Code::unsupported);
  EXPECT_EQ(call->send("more").code(), Code::unavailable);
  expect_works(pool.get());
}

TEST(Stream, ADeathInItsMiddleFailsTheCallAlone) {
  auto pool = make_pool(1, quick());
  for (int round = 0; round < 3; ++round) {
    auto call = start(*pool, "break off");
    for (const char* message : {"0", "1", "2"}) EXPECT_EQ(next(*call), message);
    EXPECT_EQ(call->receive().status().message(), "job 'break off': the worker died: signal 9 (Killed)");
    EXPECT_FALSE(call->send("more").ok());
    expect_works(pool.get());
  }
}

TEST(Stream, AFrameThatNeverEndsCostsNothing) {
  Limits limits = quick();
  limits.job_timeout_ms = 800;
  auto pool = make_pool(1, limits);
  const int64_t before = resident_mib(getpid());
  EXPECT_NE(pool->run("half a frame", "exit").status().message().find("exit code 4"), std::string::npos);
  EXPECT_EQ(pool->run("half a frame", "").status().code(), Code::exhausted);
  EXPECT_LT(resident_mib(getpid()), before + 32) << "200 MiB were promised";
  expect_works(pool.get());
}

TEST(Stream, MessagesAreLimited) {
  Limits limits = quick();
  limits.reply_bytes = 1000;
  auto pool = make_pool(1, limits);
  auto call = start(*pool, "relay");
  ASSERT_TRUE(call->send(std::string(1000, 'x')).ok());
  EXPECT_EQ(next(*call).size(), 1000u);
  ASSERT_TRUE(call->send(std::string(1001, 'x')).ok());
  const Status why = call->receive().status();
  EXPECT_EQ(why.code(), Code::exhausted);
  EXPECT_NE(why.message().find("reply_bytes (1000)"), std::string::npos) << why.message();
  expect_works(pool.get());
}

TEST(Stream, ACancelledJobEndsAndKeepsItsWorker) {
  auto pool = make_pool(1, quick());
  const std::string pid = *pool->run("pid", "");
  auto call = start(*pool, "relay");
  std::thread other([&] { call->cancel(); });
  EXPECT_EQ(end_of(*call).code(), Code::cancelled);
  other.join();
  call->cancel();  // too late for anything
  EXPECT_EQ(*pool->run("pid", ""), pid);
  start(*pool, "relay").reset();  // who lets go cancels
  EXPECT_EQ(*pool->run("pid", ""), pid);
}

TEST(Stream, AWorkerThatDoesNotObeyIsKilled) {
  auto pool = make_pool(1, quick());
  for (const char* job : {"deaf", "flood"}) {
    auto call = start(*pool, job);
    const pid_t worker = static_cast<pid_t>(std::stol(next(*call)));
    const auto began = std::chrono::steady_clock::now();
    call->cancel();
    const Status why = end_of(*call);
    const auto took = std::chrono::steady_clock::now() - began;
    EXPECT_EQ(why.code(), Code::cancelled);
    EXPECT_NE(why.message().find("did not end within"), std::string::npos) << why.message();
    EXPECT_GE(took, std::chrono::milliseconds(kCancelGraceMs - 50));
    EXPECT_LT(took, std::chrono::milliseconds(3 * kCancelGraceMs));
    EXPECT_FALSE(is_alive(worker));
    expect_works(pool.get());
  }
}

TEST(Stream, TimeCanBeAllowedAnew) {
  Limits limits = quick();
  limits.job_timeout_ms = 400;
  auto pool = make_pool(1, limits);
  EXPECT_TRUE(pool->run("echo", "").ok());  // warm
  auto call = start(*pool, "relay");
  for (int i = 0; i < 4; ++i) {
    call->allow(0);
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    call->allow(20'000);
    ASSERT_TRUE(call->send("x").ok());
    EXPECT_EQ(next(*call), "x");
  }
  call->allow(100);
  EXPECT_NE(call->receive().status().message().find("job_timeout_ms (100)"), std::string::npos);
}

TEST(Stream, AKilledParentLeavesNoWorkerInAStream) {
  int fds[2];
  ASSERT_EQ(pipe2(fds, O_CLOEXEC), 0);
  const pid_t parent = fork();
  if (parent == 0) {
    auto pool = make_pool(1, quick());
    auto call = pool->start("flood", "");
    const std::string pid = **(*call)->receive() + "\n";
    (void)!write(fds[1], pid.data(), pid.size());
    for (;;) pause();
  }
  char text[32] = {};
  ASSERT_GT(read(fds[0], text, sizeof text - 1), 0);
  close(fds[0]);
  close(fds[1]);
  const pid_t worker = static_cast<pid_t>(std::atol(text));
  EXPECT_TRUE(is_alive(worker));
  kill(parent, SIGKILL);
  waitpid(parent, nullptr, 0);
  EXPECT_TRUE(ends(worker));
}

TEST(Limits, EachJobHasItsOwn) {
  Limits small, large;
  small.open_files = 20;
  large.threads = true;
  auto pool = make_pool(2, {});
  const auto run = [&](const char* job, const char* request, const Limits& limits) {
    auto call = pool->start(job, request, limits);
    EXPECT_TRUE(call.ok() && end_of(**call).ok());
    return (*call)->reply();
  };
  EXPECT_LT(std::stoi(run("open files", "", small)), 20);
  EXPECT_GT(std::stoi(run("open files", "", large)), 40);
  EXPECT_EQ(run("forbidden", "thread", large), "allowed");
  EXPECT_EQ(run("forbidden", "thread", small), std::strerror(EPERM));
  // Each keeps the worker that has its limits, while there is room for both; the time of a call asks for no other
  // worker.
  const std::string one = run("pid", "", small), other = run("pid", "", large);
  EXPECT_NE(one, other);
  small.job_timeout_ms = 12'345;
  EXPECT_EQ(run("pid", "", small), one);
  EXPECT_EQ(run("pid", "", large), other);
  large.memory_bytes += 1;
  EXPECT_NE(run("pid", "", large), other);
}

TEST(Sandbox, RefusesWhatComputingDoesNotNeed) {
  auto pool = make_pool(1, quick());
  const std::string refused = std::strerror(EPERM);
  for (const char* what : {"socket", "unix socket", "write a file", "append to a file", "unlink", "mkdir",
                           "kill parent", "fork", "raise limit", "thread"}) {
    auto reply = pool->run("forbidden", what);
    ASSERT_TRUE(reply.ok()) << what << ": " << reply.status().to_string();
    EXPECT_EQ(*reply, refused) << what;
  }
  EXPECT_EQ(*pool->run("forbidden", "read a file"), "allowed");
  Limits with_threads = quick();
  with_threads.threads = true;
  for (const char* what : {"fork", "socket", "write a file", "thread"}) {
    auto call = pool->start("forbidden", what, with_threads);
    ASSERT_TRUE(call.ok() && end_of(**call).ok());
    EXPECT_EQ((*call)->reply(), std::string_view(what) == "thread" ? "allowed" : refused) << what;
  }
  for (const char* what : {"ptrace", "exec"}) {
    auto reply = pool->run("forbidden", what);
    if (base::kSanitized) {
      EXPECT_EQ(*reply, refused) << what;
    } else {
      EXPECT_NE(reply.status().message().find("may not make"), std::string::npos)
          << what << " " << reply.status().to_string();
    }
    expect_works(pool.get());
  }
}

TEST(Sandbox, HoldsNoDescriptorsAndNoSecrets) {
  setenv("TARN_TEST_SECRET", "hush", 1);
  const int kept = open("/dev/null", O_RDONLY);  // without O_CLOEXEC, as a careless library would
  auto pool = make_pool(1, quick());
  const std::string descriptors = *pool->run("descriptors", "");
  EXPECT_TRUE(descriptors.starts_with("0 1 2 3 ")) << descriptors;
  if (!base::kSanitized) {
    EXPECT_EQ(descriptors, "0 1 2 3 ");
  }
  EXPECT_EQ(*pool->run("environment", "TARN_TEST_SECRET"), "(unset)");
  close(kept);
}

TEST(Sandbox, WithoutSeccompThePoolWorksAndSaysSoOnce) {
  setenv("TARN_WORKER_SECCOMP", "off", 1);
  testing::internal::CaptureStderr();
  {
    auto pool = make_pool(1, quick());
    expect_works(pool.get());
    (void)pool->run("exit", "");
    expect_works(pool.get());
    EXPECT_EQ(*pool->run("forbidden", "unix socket"), "allowed");
  }
  unsetenv("TARN_WORKER_SECCOMP");
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_NE(said.find("without a system call filter"), std::string::npos) << said;
  EXPECT_EQ(said.find("warning", said.find("warning") + 1), std::string::npos) << said;
}

}  // namespace
}  // namespace tarn::worker

int main(int argc, char** argv) {
  tarn::worker::register_test_jobs();
  if (tarn::worker::is_worker(argc, argv)) return tarn::worker::serve(argc, argv);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
