// No path, whatever its bytes, may name something outside the root.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/check.h"
#include "store/local_store.h"
#include "store/path.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const tarn::store::LocalStore store("/nowhere/lake", tarn::store::system_files(), tarn::base::system_clock());
  const std::string_view path(reinterpret_cast<const char*>(data), size);
  const std::string at = store.absolute(path);
  TARN_CHECK(at.find('\0') == std::string::npos);
  const std::string normal = std::filesystem::path(at).lexically_normal().string();
  TARN_CHECK(normal == at);
  TARN_CHECK(normal == "/nowhere/lake" || normal.starts_with("/nowhere/lake/"));
  TARN_CHECK(!store.read_at(path, 0, 1).ok());
  if (tarn::store::check_file_path(path).ok()) TARN_CHECK(tarn::store::check_path(path).ok());
  (void)tarn::store::is_abandoned(path, tarn::store::kTemporaryAgeUs);
  return 0;
}
