#include "store/path.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <fstream>

#include "base/hash.h"
#include "base/random.h"

namespace tarn::store {
namespace {

base::Status bad_path(std::string_view path, std::string_view why) {
  // A NUL would cut the message where it is printed as a C string.
  std::string shown(path);
  for (char& c : shown) {
    if (c == '\0') c = '?';
  }
  return {base::Code::invalid_argument, fmt::format("{}: {}", shown.empty() ? "(empty path)" : shown, why)};
}

// Boot and process namespace, in which a process id means something.
const std::string& origin() {
  static const std::string value = [] {
    std::string boot;
    std::ifstream("/proc/sys/kernel/random/boot_id") >> boot;
    std::array<char, 64> space{};
    const ssize_t n = ::readlink("/proc/self/ns/pid", space.data(), space.size());
    boot.append(space.data(), n > 0 ? static_cast<size_t>(n) : 0);
    return fmt::format("{:08x}", static_cast<uint32_t>(base::hash64(boot)));
  }();
  return value;
}

}  // namespace

base::Status check_path(std::string_view path) {
  if (path.empty()) return {};
  if (path.find('\0') != std::string_view::npos) return bad_path(path, "a path must not hold a NUL byte");
  if (path.front() == '/') return bad_path(path, "an absolute path; a store's paths start at its root");
  for (size_t start = 0; start <= path.size();) {
    const size_t end = std::min(path.find('/', start), path.size());
    const auto part = path.substr(start, end - start);
    if (part == "..") return bad_path(path, "the path leaves the store's root");
    if (part.empty() || part == ".") return bad_path(path, "the path has an empty part");
    start = end + 1;
  }
  return {};
}

base::Status check_file_path(std::string_view path) {
  if (path.empty()) return bad_path(path, "a file's name is needed");
  TARN_TRY(check_path(path));
  if (is_temporary(name_of(path))) return bad_path(path, "names that begin with .tmp- are for temporary files");
  return {};
}

std::string_view parent_of(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string_view name_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string temporary_name() {
  // The token keeps a process apart from a dead one that had its id.
  static const uint32_t token = static_cast<uint32_t>(base::Random::from_system().next());
  static std::atomic<uint64_t> next{0};
  return fmt::format("{}{}-{}-{:08x}{:x}", kTemporaryPrefix, origin(), ::getpid(), token,
                     next.fetch_add(1, std::memory_order_relaxed));
}

bool is_abandoned(std::string_view name, int64_t age_us) {
  if (age_us < kTemporaryAgeUs) return false;
  if (age_us >= kForeignTemporaryAgeUs) return true;
  const std::string own = fmt::format("{}{}-", kTemporaryPrefix, origin());
  if (!name.starts_with(own)) return false;
  pid_t pid = 0;
  const auto digits = name.substr(own.size());
  const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), pid);
  return end.ec == std::errc() && pid > 0 && pid != ::getpid() && ::kill(pid, 0) < 0 && errno == ESRCH;
}

}  // namespace tarn::store
