#include "connector/secret.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <string_view>

#include "connector/open_file.h"
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
// What the tool needs to reach its user's desktop; nothing else, since an environment holds the secrets of others.
constexpr std::string_view kKeptVariables[] = {"PATH", "HOME", "LANG", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY"};
constexpr std::string_view kKeptPrefixes[] = {"DBUS_", "XDG_"};

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
    TARN_TRY(context.check());
    pollfd ready{fd, POLLIN, 0};
    const int n = poll(&ready, 1, kListenMs);
    if (n < 0 && errno != EINTR) return {Code::io, "the secret cannot be waited for"};
    if (n <= 0) continue;
    const ssize_t count = read(fd, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return {Code::io, "the secret cannot be read"};
    if (count == 0) return {};
    text->append(buffer, static_cast<size_t>(count));
  }
  return {};
}

}  // namespace

std::string open_to_others(uint32_t mode) {
  if ((mode & (S_IRWXG | S_IRWXO)) == 0) return "";
  return fmt::format("may be read by others (its mode is {:o})", mode & 07777);
}

namespace {

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
  const OpenFile file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) {
    const Code code = errno == EACCES                       ? Code::permission_denied
                      : errno == ENOENT || errno == ENOTDIR ? Code::not_found
                                                            : Code::io;
    return Status(code, fmt::format("the secret cannot be read from {}: {}", place, std::strerror(errno)));
  }
  struct stat about{};
  if (fstat(file.get(), &about) != 0 || !S_ISREG(about.st_mode)) {
    return Status(Code::not_found, "the secret cannot be read from " + place + ": it is no regular file");
  }
  if (const std::string open = open_to_others(about.st_mode); !open.empty()) {
    return Status(Code::permission_denied, place + " " + open,
                  "chmod 600 it; if others have read it, get a new secret");
  }
  std::string text;
  TARN_TRY(read_from(file.get(), context, &text));
  return secret_of(std::move(text), place);
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

bool is_kept(std::string_view variable) {
  const std::string_view name = variable.substr(0, variable.find('='));
  return std::find(std::begin(kKeptVariables), std::end(kKeptVariables), name) != std::end(kKeptVariables) ||
         std::any_of(std::begin(kKeptPrefixes), std::end(kKeptPrefixes),
                     [&](std::string_view prefix) { return name.starts_with(prefix); });
}

// Returns errno, 0 when it runs.
int spawn_tool(std::vector<std::string> words, int output, pid_t* child) {
  std::vector<std::string> environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    if (is_kept(*entry)) environment.emplace_back(*entry);
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  const int error = posix_spawnp(child, kTool, &actions, nullptr, pointers(words).data(), pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

// Until the child is gone, which is killed where it must not go on. Ctrl-C reaches it too: that it failed then says
// nothing of the keyring.
Status wait_for(pid_t child, Status status, const Context& context, int* ended) {
  for (;;) {
    if (status.ok()) status = context.check();
    if (!status.ok()) kill(child, SIGKILL);
    const pid_t gone = waitpid(child, ended, status.ok() ? WNOHANG : 0);
    if (gone == 0) {
      poll(nullptr, 0, kListenMs);
    } else if (gone > 0 || errno != EINTR) {
      return status.ok() ? context.check() : status;
    }
  }
}

base::Result<Secret> from_keyring(const SecretPlace& entry, const Context& context) {
  std::vector<std::string> words = {kTool, "lookup"};
  std::string place = "the keyring's entry";
  for (const auto& [name, value] : entry.attributes) {
    words.push_back(name);
    words.push_back(value);
    place += " " + display_name(name) + "=" + display_name(value);
  }
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return Status(Code::io, "no pipe to the keyring can be opened");
  const OpenFile reading(ends[0]);
  OpenFile writing(ends[1]);
  pid_t child = 0;
  if (const int error = spawn_tool(std::move(words), writing.get(), &child); error == ENOENT) {
    return Status(Code::unsupported, "the keyring cannot be asked: the program secret-tool is not here",
                  "apt install libsecret-tools, or use secret_env or secret_file");
  } else if (error != 0) {
    return Status(Code::io, std::string("the keyring cannot be asked: secret-tool: ") + std::strerror(error));
  }
  writing.close();
  std::string text;
  Status status = read_from(reading.get(), context, &text);
  // It would wait for ever for someone who takes the rest.
  if (status.ok() && text.size() > kMaxSecretBytes) {
    status = Status(Code::invalid_argument, "the secret in " + place + " is more than one line");
  }
  int ended = 0;
  TARN_TRY(wait_for(child, std::move(status), context, &ended));
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
