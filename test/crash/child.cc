#include "child.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

extern char** environ;

namespace tarn::crash {
namespace {

std::string read_all(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string((std::istreambuf_iterator<char>(file)), {});
}

}  // namespace

Child::Child(const std::vector<std::string>& command, const std::string& scratch)
    : out_(scratch + "/stdout"), err_(scratch + "/stderr") {
  std::vector<char*> arguments;
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, out_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_addopen(&actions, 2, err_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  int error = posix_spawn(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    std::fprintf(stderr, "crash_pull: cannot start %s\n", arguments[0]);
    std::exit(2);
  }
}

Child::~Child() {
  if (!waited_) {
    kill_now();
    wait();
  }
}

bool Child::running() {
  if (waited_) return false;
  waited_ = ::waitpid(pid_, &status_, WNOHANG) == pid_;
  return !waited_;
}

void Child::kill_now() {
  if (!waited_) ::kill(pid_, SIGKILL);
}

Ended Child::wait() {
  while (!waited_) waited_ = ::waitpid(pid_, &status_, 0) == pid_ || errno == ECHILD;
  Ended ended;
  ended.killed = WIFSIGNALED(status_);
  ended.code = ended.killed ? WTERMSIG(status_) : WEXITSTATUS(status_);
  ended.out = read_all(out_);
  ended.err = read_all(err_);
  return ended;
}

Ended run(const std::vector<std::string>& command, const std::string& scratch) {
  return Child(command, scratch).wait();
}

}  // namespace tarn::crash
