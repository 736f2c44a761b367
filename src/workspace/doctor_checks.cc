#include <fcntl.h>
#include <fmt/format.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "workspace/doctor.h"

namespace tarn::workspace {
namespace {

namespace fs = std::filesystem;

// File systems whose rename and link are not those of a local disk (statfs(2)).
constexpr int64_t kNetworkKinds[] = {0x6969, 0xFF534D42, 0xFE534D42, 0x01021997};  // NFS, CIFS, SMB2, 9P

std::string gigabytes(uint64_t bytes) { return fmt::format("{:.1f} GB", static_cast<double>(bytes) / 1e9); }

bool is_network(const std::string& folder) {
  struct statfs info{};
  if (statfs(folder.c_str(), &info) != 0) return false;
  for (const int64_t kind : kNetworkKinds) {
    if ((static_cast<int64_t>(info.f_type) & 0xFFFFFFFF) == kind) return true;
  }
  return false;
}

}  // namespace

DoctorCheck passed(std::string name, std::string detail) { return {std::move(name), "ok", std::move(detail), {}}; }
DoctorCheck warned(std::string name, std::string detail, std::string fix) {
  return {std::move(name), "warn", std::move(detail), std::move(fix)};
}
DoctorCheck failed(std::string name, std::string detail, std::string fix) {
  return {std::move(name), "fail", std::move(detail), std::move(fix)};
}

DoctorCheck check_lake_folder(const std::string& lake) {
  std::error_code error;
  const bool there = fs::exists(lake, error);
  if (error) {
    return failed("lake folder", lake + ": " + error.message(), "give another folder with --lake or TARN_LAKE");
  }
  if (there && !fs::is_directory(lake, error)) {
    return failed("lake folder", lake + " is not a folder", "give another folder with --lake or TARN_LAKE");
  }
  fs::path above = lake;
  while (!above.empty() && !fs::exists(above, error) && above != above.parent_path()) above = above.parent_path();
  if (access(above.c_str(), R_OK | W_OK | X_OK) != 0) {
    return failed("lake folder", above.string() + " cannot be written: " + std::strerror(errno),
                  "give yourself the right to write there, or another folder with --lake or TARN_LAKE");
  }
  if (is_network(above.string())) {
    return warned("lake folder", lake + " is on a network file system",
                  "keep the lake on a local disk: commits need its rename and link");
  }
  return passed("lake folder", there ? lake : lake + " (the first pull makes it)");
}

DoctorCheck check_temporary_folder(const std::string& folder) {
  std::string path = folder + "/tarn-doctor-XXXXXX";
  const int file = mkstemp(path.data());
  if (file < 0) {
    return failed("temporary folder", folder + " cannot be written: " + std::strerror(errno),
                  "set TMPDIR to a folder that can be written");
  }
  close(file);
  unlink(path.c_str());
  return passed("temporary folder", folder);
}

DoctorCheck check_disk(const std::string& where, uint64_t free_bytes) {
  const std::string detail = fmt::format("{} free at {}", gigabytes(free_bytes), where);
  if (free_bytes < kFullDiskBytes) return failed("disk", detail, "free some space: nothing can be pulled");
  if (free_bytes < kLowDiskBytes) return warned("disk", detail, "free some space before a large pull");
  return passed("disk", detail);
}

DoctorCheck check_memory(uint64_t available_bytes) {
  if (available_bytes == 0) return warned("memory", "cannot be asked for", "mount /proc");
  const std::string detail = gigabytes(available_bytes) + " available";
  if (available_bytes < kLowMemoryBytes) {
    return warned("memory", detail, "close something, or use --model none: words need little memory");
  }
  return passed("memory", detail);
}

DoctorCheck check_clock(const base::Clock& clock, int64_t program_us) {
  const std::string now = base::format_utc(clock.now_us()).substr(0, 19) + "Z";
  if (clock.now_us() < program_us) {
    return failed("clock",
                  now + " is before the program was installed (" + base::format_utc(program_us).substr(0, 10) + ")",
                  "set the clock: versions are found by their time");
  }
  return passed("clock", now);
}

uint64_t free_bytes_of(const std::string& folder) {
  std::error_code error;
  fs::path above = folder;
  while (!fs::exists(above, error) && above != above.parent_path()) above = above.parent_path();
  struct statvfs info{};
  return statvfs(above.c_str(), &info) == 0 ? static_cast<uint64_t>(info.f_bavail) * info.f_frsize : 0;
}

uint64_t available_memory_bytes() {
  std::ifstream file("/proc/meminfo");
  for (std::string name; file >> name;) {
    uint64_t kilobytes = 0;
    if (name == "MemAvailable:" && file >> kilobytes) return kilobytes * 1024;
    file.ignore(256, '\n');
  }
  return 0;
}

}  // namespace tarn::workspace
