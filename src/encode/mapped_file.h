// A whole file, mapped for reading.
// Errors:  not_found, io, or corruption for an empty file.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"

namespace tarn::encode {

class MappedFile {
 public:
  static base::Result<std::shared_ptr<const MappedFile>> open(const std::string& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  std::string_view bytes() const { return bytes_; }

 private:
  explicit MappedFile(std::string_view bytes) : bytes_(bytes) {}
  std::string_view bytes_;
};

}  // namespace tarn::encode
