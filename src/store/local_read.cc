// The reading half of the local store.
#include <fmt/format.h>
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>

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

class Mapping final : public MappedFile {
 public:
  Mapping(const char* at, size_t size) : at_(at), size_(size) {}
  ~Mapping() override {
    if (size_ > 0) ::munmap(const_cast<char*>(at_), size_);
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  std::string_view bytes() const override { return {at_, size_}; }

 private:
  const char* at_;
  size_t size_;
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

base::Result<std::shared_ptr<const MappedFile>> LocalStore::map(std::string_view path) const {
  TARN_TRY(check_path(path));
  OpenFile file(*files_, absolute(path));
  TARN_TRY(file.open());
  const char* at = "";
  if (file.size_bytes() > 0) {
    if (int error = files_->map(file.handle(), file.size_bytes(), &at)) return failure(error, "map", absolute(path));
  }
  return std::shared_ptr<const MappedFile>(std::make_shared<Mapping>(at, file.size_bytes()));
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
