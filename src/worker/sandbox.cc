#include "worker/sandbox.h"

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "base/sanitized.h"

namespace tarn::worker {
namespace {

// Bytes of private writable mappings, which is what RLIMIT_DATA counts; 0 when /proc does not say.
uint64_t data_bytes() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word) {
    uint64_t kib = 0;
    if (word == "VmData:" && status >> kib) return kib << 10;
  }
  return 0;
}

void set_limit(__rlimit_resource resource, rlim_t value) {
  rlimit limit{};
  if (getrlimit(resource, &limit) != 0) return;
  if (limit.rlim_max != RLIM_INFINITY && value > limit.rlim_max) value = limit.rlim_max;
  limit = {value, value};
  setrlimit(resource, &limit);
}

// What reading, computing and answering need. Files may be opened, but only for reading (below); no call here makes a
// socket, a process, a name or a file.
constexpr int kAllowed[] = {
    SCMP_SYS(read),
    SCMP_SYS(readv),
    SCMP_SYS(pread64),
    SCMP_SYS(preadv),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(close),
    SCMP_SYS(lseek),
    SCMP_SYS(fstat),
    SCMP_SYS(stat),
    SCMP_SYS(lstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(statx),
    SCMP_SYS(statfs),
    SCMP_SYS(fstatfs),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(getdents64),
    SCMP_SYS(getcwd),
    SCMP_SYS(fadvise64),
    SCMP_SYS(readahead),
    SCMP_SYS(dup),
    SCMP_SYS(dup2),
    SCMP_SYS(dup3),
    SCMP_SYS(pipe),
    SCMP_SYS(pipe2),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(recvfrom),
    SCMP_SYS(sendto),
    SCMP_SYS(recvmsg),
    SCMP_SYS(sendmsg),
    SCMP_SYS(shutdown),
    SCMP_SYS(mmap),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(mprotect),
    SCMP_SYS(madvise),
    SCMP_SYS(mincore),
    SCMP_SYS(msync),
    SCMP_SYS(mlock),
    SCMP_SYS(munlock),
    SCMP_SYS(brk),
    SCMP_SYS(mbind),
    SCMP_SYS(get_mempolicy),
    SCMP_SYS(set_mempolicy),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigtimedwait),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(futex),
    SCMP_SYS(futex_waitv),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(get_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(membarrier),
    SCMP_SYS(set_tid_address),
    SCMP_SYS(gettid),
    SCMP_SYS(getpid),
    SCMP_SYS(getppid),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(getpgrp),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sched_setaffinity),
    SCMP_SYS(sched_getparam),
    SCMP_SYS(sched_getscheduler),
    SCMP_SYS(getpriority),
    SCMP_SYS(getcpu),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(times),
    SCMP_SYS(getrusage),
    SCMP_SYS(getrlimit),
    SCMP_SYS(sysinfo),
    SCMP_SYS(uname),
    SCMP_SYS(getrandom),
    SCMP_SYS(arch_prctl),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
};

// Refused with EPERM like everything else that is not listed, but so clearly hostile in a parser that the worker ends.
[[maybe_unused]] constexpr int kFatal[] = {SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(ptrace),
                                           SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev)};

// A call that this machine's kernel or libseccomp does not know is no reason to run without a filter.
bool added(int result) { return result == 0 || result == -EDOM || result == -EOPNOTSUPP; }

// A condition on an argument; libseccomp's own macros for it are C.
scmp_arg_cmp equals(unsigned argument, scmp_datum_t value) { return {argument, SCMP_CMP_EQ, value, 0}; }
scmp_arg_cmp masked(unsigned argument, scmp_datum_t mask, scmp_datum_t value) {
  return {argument, SCMP_CMP_MASKED_EQ, mask, value};
}

bool add_rules(scmp_filter_ctx filter, bool threads) {
  bool good = true;
  const auto allow = [&](int call) { good &= added(seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 0, nullptr)); };
  const auto allow_if = [&](int call, scmp_arg_cmp condition) {
    good &= added(seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &condition));
  };
  for (int call : kAllowed) allow(call);

  constexpr scmp_datum_t kWriting = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND;
  allow_if(SCMP_SYS(open), masked(1, kWriting, 0));
  allow_if(SCMP_SYS(openat), masked(2, kWriting, 0));

  // Threads, not processes. clone3 hides its flags in memory: glibc takes ENOSYS as "use clone".
  if (threads) allow_if(SCMP_SYS(clone), masked(0, CLONE_THREAD, CLONE_THREAD));
  good &= added(seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0, nullptr));

  // abort() and thread cancellation signal the process itself, and nobody else.
  const auto self = static_cast<scmp_datum_t>(getpid());
  allow_if(SCMP_SYS(tgkill), equals(0, self));
  allow_if(SCMP_SYS(kill), equals(0, self));

  // glibc reads limits through prlimit64 with no new value; setting one stays refused.
  allow_if(SCMP_SYS(prlimit64), equals(2, 0));
  for (scmp_datum_t command : {F_GETFD, F_SETFD, F_GETFL, F_DUPFD, F_DUPFD_CLOEXEC}) {
    allow_if(SCMP_SYS(fcntl), equals(1, command));
  }
  allow_if(SCMP_SYS(prctl), equals(0, PR_SET_NAME));
  allow_if(SCMP_SYS(prctl), equals(0, PR_GET_DUMPABLE));
  allow_if(SCMP_SYS(ioctl), equals(1, TCGETS));

  // A sanitizer that found something starts its symbolizer: refused with EPERM there, so that its report still gets
  // out.
  if constexpr (!base::kSanitized) {
    for (int call : kFatal) good &= added(seccomp_rule_add_array(filter, SCMP_ACT_KILL_PROCESS, call, 0, nullptr));
  }
  return good;
}

}  // namespace

bool die_with_parent(int parent_pid) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  return getppid() == parent_pid;  // it may have died before prctl
}

void limit_resources(uint64_t memory_bytes, uint64_t open_files) {
  set_limit(RLIMIT_CORE, 0);
  set_limit(RLIMIT_NOFILE, static_cast<rlim_t>(open_files));
  // On top of what is mapped already: a sanitizer's shadow memory alone is terabytes of reserved addresses.
  set_limit(RLIMIT_DATA, data_bytes() + memory_bytes);
}

std::string filter_system_calls(bool threads) {
  if (const char* wish = std::getenv("TARN_WORKER_SECCOMP"); wish && std::strcmp(wish, "off") == 0) {
    return "switched off by TARN_WORKER_SECCOMP";
  }
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return std::string("no_new_privs: ") + std::strerror(errno);
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
  if (!filter) return "libseccomp could not make a filter";
  std::string why;
  if (!add_rules(filter, threads)) {
    why = "libseccomp refused a rule";
  } else if (int result = seccomp_load(filter); result != 0) {
    why = std::string("the kernel refused the filter: ") + std::strerror(-result);
  }
  seccomp_release(filter);
  return why;
}

}  // namespace tarn::worker
