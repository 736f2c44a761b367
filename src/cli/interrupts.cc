#include "cli/interrupts.h"

#include <unistd.h>

#include <atomic>
#include <csignal>

namespace tarn::cli {
namespace {

std::atomic<base::Cancel*> current{nullptr};
static_assert(std::atomic<base::Cancel*>::is_always_lock_free);  // so that a handler may use it

void on_signal(int) {
  if (base::Cancel* cancel = current.load()) cancel->request();
  static constexpr char kText[] = "\ntarn: stopping; once more ends it at once\n";
  if (isatty(STDERR_FILENO) != 0) {
    [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, kText, sizeof kText - 1);
  }
}

}  // namespace

base::Cancel* arm_interrupts() {
  auto* fresh = new base::Cancel;  // never freed: another thread may still look at the former one
  current.store(fresh);
  struct sigaction action{};
  action.sa_handler = on_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // the second signal finds the default
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a limit on the size of files is an error like a full disk
  return fresh;
}

}  // namespace tarn::cli
