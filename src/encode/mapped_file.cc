#include "encode/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace tarn::encode {

base::Result<std::shared_ptr<const MappedFile>> MappedFile::open(const std::string& path) {
  const auto fail = [&](base::Code code, std::string_view why) {
    return base::Status(code, path + ": " + std::string(why),
                        "install the model again, or name its folder with --model");
  };
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return fail(errno == ENOENT || errno == ENOTDIR ? base::Code::not_found : base::Code::io, std::strerror(errno));
  }
  struct stat status = {};
  void* data = MAP_FAILED;
  if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0) {
    data = mmap(nullptr, static_cast<size_t>(status.st_size), PROT_READ, MAP_SHARED, file, 0);
  }
  close(file);
  if (S_ISREG(status.st_mode) && status.st_size == 0) return fail(base::Code::corruption, "the file is empty");
  if (data == MAP_FAILED) return fail(base::Code::io, S_ISREG(status.st_mode) ? "cannot be mapped" : "is not a file");
  return std::shared_ptr<const MappedFile>(
      new MappedFile({static_cast<const char*>(data), static_cast<size_t>(status.st_size)}));
}

MappedFile::~MappedFile() { munmap(const_cast<char*>(bytes_.data()), bytes_.size()); }

}  // namespace tarn::encode
