#include "connector/secret.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "connector/uri.h"

extern char** environ;

namespace tarn::connector {

using base::Code;
using base::Context;
using base::Status;

namespace {

constexpr size_t kMaxSecretBytes = size_t{64} << 10;
constexpr int kListenMs = 20;  // to the context while a keyring asks its user
constexpr char kTool[] = "secret-tool";

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { reset(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  void reset() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

// One line; its end does not belong to it.
base::Result<Secret> secret_of(std::string text, const std::string& place) {
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  if (text.empty()) return Status(Code::invalid_argument, "the secret in " + place + " is empty");
  if (text.size() > kMaxSecretBytes || text.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
    return Status(Code::invalid_argument, "the secret in " + place + " is more than one line");
  }
  return Secret(std::move(text));
}

// Up to one byte over the limit, so that who is over it is found out.
Status read_from(int fd, const Context& context, std::string* text) {
  char buffer[4096];
  while (text->size() <= kMaxSecretBytes) {
    pollfd ready{fd, POLLIN, 0};
    if (poll(&ready, 1, kListenMs) == 0) {
      TARN_TRY(context.check());
      continue;
    }
    const ssize_t count = read(fd, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return {Code::io, "the secret cannot be read"};
    if (count == 0) return {};
    text->append(buffer, static_cast<size_t>(count));
  }
  return {};
}

base::Result<Secret> from_environment(const std::string& name) {
  const std::string place = "the variable " + display_name(name);
  const char* const value = std::getenv(name.c_str());
  if (value == nullptr) {
    return Status(Code::not_found, "the secret is not there: " + place + " is not set", "set it where tarn is started");
  }
  return secret_of(value, place);
}

base::Result<Secret> from_file(const std::string& path, const Context& context) {
  const std::string place = "the file " + display_name(path);
  // Not blocking: what stands there may be a pipe.
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat about{};
  if (file.get() < 0 || fstat(file.get(), &about) != 0 || !S_ISREG(about.st_mode)) {
    return Status(errno == EACCES ? Code::permission_denied : Code::not_found,
                  "the secret cannot be read from " + place);
  }
  if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Status(
        Code::permission_denied,
        fmt::format("{} may be read by others (its mode is {:o})", place, static_cast<unsigned>(about.st_mode & 07777)),
        "chmod 600 it; if others have read it, get a new secret");
  }
  std::string text;
  TARN_TRY(read_from(file.get(), context, &text));
  return secret_of(std::move(text), place);
}

base::Result<Secret> from_keyring(const SecretPlace& entry, const Context& context) {
  std::vector<std::string> words = {kTool, "lookup"};
  std::string place = "the keyring's entry";
  for (const auto& [name, value] : entry.attributes) {
    words.push_back(name);
    words.push_back(value);
    place += " " + display_name(name) + "=" + display_name(value);
  }
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return Status(Code::io, "no pipe to the keyring can be opened");
  const Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, writing.get(), STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int error = posix_spawnp(&child, kTool, &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    return Status(Code::unsupported, "the keyring cannot be asked: the program secret-tool is not here",
                  "apt install libsecret-tools, or use secret_env or secret_file");
  }
  writing.reset();
  std::string text;
  const Status status = read_from(reading.get(), context, &text);
  if (!status.ok()) kill(child, SIGKILL);
  int ended = 0;
  while (waitpid(child, &ended, 0) < 0 && errno == EINTR) {
  }
  TARN_TRY(status);
  if (!WIFEXITED(ended) || WEXITSTATUS(ended) != 0) {
    return Status(Code::not_found, "there is no " + place.substr(4) + ", or the keyring is locked",
                  "secret-tool store puts it there");
  }
  return secret_of(std::move(text), place);
}

}  // namespace

base::Result<Secret> read_secret(const SecretPlace& place, const Context& context) {
  switch (place.kind) {
    case SecretPlace::Kind::none:
      return Secret();
    case SecretPlace::Kind::environment:
      return from_environment(place.where);
    case SecretPlace::Kind::file:
      return from_file(place.where, context);
    case SecretPlace::Kind::keyring:
      return from_keyring(place, context);
  }
  return Secret();
}

}  // namespace tarn::connector
