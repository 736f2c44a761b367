// The reading half of the local store.
#include <fmt/format.h>
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <optional>

#include "store/failure.h"
#include "store/local_store.h"
#include "store/path.h"

namespace tarn::store {
namespace {

class OpenFile {
 public:
  OpenFile(Files& files, std::string path) : files_(files), path_(std::move(path)) {}
  ~OpenFile() {
    if (handle_ >= 0) files_.close(handle_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  base::Status open() {
    if (int error = files_.open(path_, &handle_, &size_bytes_)) return failure(error, "open", path_);
    return {};
  }

  base::Result<std::string> read(uint64_t offset, uint64_t length) {
    if (offset > size_bytes_ || length > size_bytes_ - offset) return ends_before(offset, length, size_bytes_);
    std::string bytes(length, '\0');
    for (uint64_t done = 0; done < length;) {
      size_t got = 0;
      if (int error = files_.read(handle_, offset + done, bytes.data() + done, length - done, &got)) {
        return failure(error, "read", path_);
      }
      if (got == 0) return ends_before(offset, length, offset + done);
      done += got;
    }
    return bytes;
  }

  int handle() const { return handle_; }
  uint64_t size_bytes() const { return size_bytes_; }

 private:
  base::Status ends_before(uint64_t offset, uint64_t length, uint64_t end) const {
    return {base::Code::corruption,
            fmt::format("{}: ends at byte {}, but {} bytes from byte {} were to be read", path_, end, length, offset)};
  }

  Files& files_;
  std::string path_;
  int handle_ = -1;
  uint64_t size_bytes_ = 0;
};

// A store's file as it lies there, mapped when its bytes are first asked for.
class OwnFile final : public LocalCopy {
 public:
  OwnFile(std::shared_ptr<Files> files, std::string path) : files_(std::move(files)), path_(std::move(path)) {}
  ~OwnFile() override {
    if (bytes_ && !bytes_->empty()) ::munmap(const_cast<char*>(bytes_->data()), bytes_->size());
  }
  OwnFile(const OwnFile&) = delete;
  OwnFile& operator=(const OwnFile&) = delete;

  const std::string& path() const override { return path_; }
  base::Result<std::string_view> bytes() const override {
    const std::lock_guard lock(mutex_);
    if (bytes_) return *bytes_;
    OpenFile file(*files_, path_);
    TARN_TRY(file.open());
    const char* at = "";
    if (file.size_bytes() > 0) {
      if (int error = files_->map(file.handle(), file.size_bytes(), &at)) return failure(error, "map", path_);
    }
    bytes_ = std::string_view(at, file.size_bytes());
    return *bytes_;
  }

 private:
  const std::shared_ptr<Files> files_;
  const std::string path_;
  mutable std::mutex mutex_;
  mutable std::optional<std::string_view> bytes_;
};

}  // namespace

base::Result<std::string> LocalStore::read(std::string_view path) const {
  TARN_TRY(check_path(path));
  OpenFile file(*files_, absolute(path));
  TARN_TRY(file.open());
  return file.read(0, file.size_bytes());
}

base::Result<std::string> LocalStore::read_at(std::string_view path, uint64_t offset, uint64_t length) const {
  TARN_TRY(check_path(path));
  OpenFile file(*files_, absolute(path));
  TARN_TRY(file.open());
  return file.read(offset, length);
}

base::Result<Local> LocalStore::local(std::string_view path) const {
  TARN_TRY(check_path(path));
  return Local(std::make_shared<OwnFile>(files_, absolute(path)));
}

base::Result<LocalFiles> LocalStore::local_files(const std::vector<std::string>& paths) const {
  LocalFiles files;
  files.paths.reserve(paths.size());
  for (const std::string& path : paths) {
    TARN_TRY(check_path(path));
    files.paths.push_back(absolute(path));
  }
  return files;
}

base::Result<Entry> LocalStore::stat(std::string_view path) const {
  TARN_TRY(check_path(path));
  Entry entry;
  if (int error = files_->stat(absolute(path), &entry)) return failure(error, "stat", absolute(path));
  return entry;
}

base::Result<std::vector<Entry>> LocalStore::list(std::string_view directory, Detail detail) const {
  TARN_TRY(check_path(directory));
  std::vector<Entry> entries;
  const int error = files_->list(absolute(directory), detail, &entries);
  if (error == ENOENT || error == ENOTDIR) return std::vector<Entry>();
  if (error != 0) return failure(error, "list", absolute(directory));
  std::erase_if(entries, [](const Entry& e) { return is_temporary(e.name); });
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
  return entries;
}

}  // namespace tarn::store
