#include "store/failure.h"

#include <fmt/format.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <system_error>

namespace tarn::store {
namespace {

base::Code code_of(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return base::Code::not_found;
    case EEXIST:
      return base::Code::already_exists;
    case EACCES:
    case EPERM:
    case EROFS:
      return base::Code::permission_denied;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      return base::Code::exhausted;
    case EISDIR:
    case ENAMETOOLONG:
      return base::Code::invalid_argument;
    default:
      return base::Code::io;
  }
}

std::string hint_of(int error) {
  switch (error) {
    case EACCES:
    case EPERM:
      return "check the owner and the mode of the file and of its directory";
    case EROFS:
      return "the file system is mounted read-only";
    case ENOSPC:
      return "free some space and run again; nothing that was stored is lost";
    case EDQUOT:
      return "the disk quota is used up; nothing that was stored is lost";
    case EFBIG:
      return "raise the limit of a file's size (ulimit -f); nothing that was stored is lost";
    case EMFILE:
    case ENFILE:
      return "raise the limit of open files (ulimit -n)";
    case EIO:
      return "the disk may be failing; see the kernel's log";
    default:
      return {};
  }
}

std::string text_of(int error) { return std::generic_category().message(error); }

}  // namespace

base::Status failure(int error, std::string_view what, const std::string& path) {
  return {code_of(error), fmt::format("{}: {} failed: {}", path, what, text_of(error)), hint_of(error)};
}

base::Status write_failure(int error, std::string_view what, const std::string& path, uint64_t bytes_needed) {
  if (error != ENOSPC && error != EDQUOT && error != EFBIG) return failure(error, what, path);
  std::string free;
  struct statvfs fs{};
  const auto slash = path.rfind('/');
  if (::statvfs(path.substr(0, slash == 0 ? 1 : slash).c_str(), &fs) == 0) {
    free = fmt::format(", {} are free", uint64_t{fs.f_bavail} * fs.f_frsize);
  }
  return {base::Code::exhausted,
          fmt::format("{}: {} failed: {}: {} bytes are needed{}", path, what, text_of(error), bytes_needed, free),
          hint_of(error)};
}

base::Status sync_failure(int error, const std::string& path) {
  return {code_of(error) == base::Code::exhausted ? base::Code::exhausted : base::Code::io,
          fmt::format("{}: sync failed: {}: its bytes may not be on the disk; it was not tried again", path,
                      text_of(error)),
          hint_of(error)};
}

}  // namespace tarn::store
