#include "worker/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

namespace tarn::worker {
namespace {

using base::Code;
using base::Status;

// Passed on to workers; nothing else is, since an environment holds passwords and keys.
constexpr std::string_view kKeptVariables[] = {"LD_LIBRARY_PATH",     "ICU_DATA",          "TZ",
                                               "TARN_WORKER_SECCOMP", "LLVM_PROFILE_FILE", "ASAN_OPTIONS",
                                               "UBSAN_OPTIONS",       "TSAN_OPTIONS",      "LSAN_OPTIONS"};
// Set in a worker's environment: a program that forgot to call serve() must not spawn itself without end.
constexpr char kInsideWorker[] = "TARN_INSIDE_WORKER=1";

std::vector<std::string> worker_environment() {
  std::vector<std::string> kept = {kInsideWorker};
  for (char** entry = environ; entry && *entry; ++entry) {
    std::string_view variable(*entry);
    for (std::string_view name : kKeptVariables) {
      if (variable.size() > name.size() && variable.starts_with(name) && variable[name.size()] == '=') {
        kept.emplace_back(variable);
      }
    }
  }
  return kept;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> out;
  for (std::string& s : strings) out.push_back(s.data());
  out.push_back(nullptr);
  return out;
}

// Returns errno, 0 when it runs.
int spawn_self(int child_fd, const Limits& limits, pid_t* pid) {
  std::vector<std::string> arguments = {"tarn-worker",
                                        kWorkerMarker,
                                        std::to_string(getpid()),
                                        std::to_string(limits.memory_bytes),
                                        std::to_string(limits.reply_bytes),
                                        std::to_string(limits.open_files),
                                        limits.threads ? "1" : "0"};
  std::vector<std::string> environment = worker_environment();

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, child_fd, kWorkerFd);
  posix_spawn_file_actions_addclosefrom_np(&actions, kWorkerFd + 1);

  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setpgroup(&attributes, 0);  // Ctrl-C is for the parent, which ends its workers in order
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);

  int error = posix_spawn(pid, "/proc/self/exe", &actions, &attributes, pointers(arguments).data(),
                          pointers(environment).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

// dup2() to kWorkerFd must come from another descriptor, or it would stay close-on-exec.
int move_above_worker_fd(int fd) {
  if (fd > kWorkerFd) return fd;
  int moved = fcntl(fd, F_DUPFD_CLOEXEC, kWorkerFd + 1);
  close(fd);
  return moved;
}

}  // namespace

base::Result<std::unique_ptr<Process>> Process::spawn(const Limits& limits) {
  if (getenv("TARN_INSIDE_WORKER")) {
    return Status(Code::internal, "a worker tried to start a worker",
                  "main() must call worker::is_worker() and worker::serve() before anything else");
  }
  int fds[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) {
    return Status(Code::io, std::string("cannot make a socket for a worker: ") + std::strerror(errno));
  }
  int child_fd = move_above_worker_fd(fds[1]);
  pid_t pid = -1;
  int error = child_fd < 0 ? errno : spawn_self(child_fd, limits, &pid);
  if (child_fd >= 0) close(child_fd);
  if (error != 0) {
    close(fds[0]);
    return Status(Code::io, std::string("cannot start a worker: ") + std::strerror(error));
  }
  return std::unique_ptr<Process>(new Process(pid, fds[0], limits));
}

int Process::kill_and_reap() {
  if (pid_ < 0) return 0;
  kill(pid_, SIGKILL);  // no effect on a process that has ended: its status stays what it was
  int wait_status = 0;
  while (waitpid(pid_, &wait_status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  close(fd_);
  fd_ = -1;
  return wait_status;
}

bool Process::idle_and_alive() const {
  pollfd entry{fd_, POLLIN, 0};
  return poll(&entry, 1, 0) == 0;
}

bool Process::fits(const Limits& limits) const {
  return limits.memory_bytes == limits_.memory_bytes && limits.reply_bytes == limits_.reply_bytes &&
         limits.open_files == limits_.open_files && limits.threads == limits_.threads;
}

void Process::begin(const Limits& limits) {
  limits_ = limits;
  clockid_t clock;
  timespec used{};
  if (clock_getcpuclockid(pid_, &clock) != 0 || clock_gettime(clock, &used) != 0) return;
  rlimit limit{};
  if (prlimit(pid_, RLIMIT_CPU, nullptr, &limit) != 0) return;
  limit.rlim_cur = limits.cpu_seconds == 0 ? limit.rlim_max : static_cast<rlim_t>(used.tv_sec + limits.cpu_seconds);
  prlimit(pid_, RLIMIT_CPU, &limit, nullptr);
}

Status Process::describe_death(std::string_view job) {
  int wait_status = 0;
  // A worker that closed its socket and runs on gets a moment, then is killed.
  for (int tries = 0; tries < 40; ++tries) {
    pid_t reaped = waitpid(pid_, &wait_status, WNOHANG);
    if (reaped == pid_) {
      pid_ = -1;
      close(fd_);
      fd_ = -1;
      break;
    }
    timespec pause{0, 5'000'000};
    nanosleep(&pause, nullptr);
  }
  if (pid_ >= 0) wait_status = kill_and_reap();

  if (!greeted) {
    const std::string why = WIFSIGNALED(wait_status) ? std::string("signal ") + strsignal(WTERMSIG(wait_status))
                                                     : "exit code " + std::to_string(WEXITSTATUS(wait_status));
    return {Code::internal, "a worker did not start: " + why,
            "main() must call worker::is_worker() and worker::serve() before anything else"};
  }
  std::string what = "job '" + std::string(job) + "': ";
  if (WIFSIGNALED(wait_status)) {
    int signal = WTERMSIG(wait_status);
    if (signal == SIGXCPU) {
      return {Code::exhausted,
              what + "over the limit of CPU time (" + std::to_string(limits_.cpu_seconds) + " seconds)"};
    }
    if (signal == SIGSYS) {
      return {Code::internal, what + "the worker died: it made a system call that workers may not make"};
    }
    return {Code::internal,
            what + "the worker died: signal " + std::to_string(signal) + " (" + strsignal(signal) + ")"};
  }
  if (WEXITSTATUS(wait_status) == kExitOutOfMemory) {
    return {Code::exhausted, what + "over the limit memory_bytes (" + std::to_string(limits_.memory_bytes) + ")"};
  }
  return {Code::internal, what + "the worker died: exit code " + std::to_string(WEXITSTATUS(wait_status))};
}

}  // namespace tarn::worker
