// The hash of a whole file at rest: XXH3-128, as 32 hexadecimal digits. It is what tags, checksums and checks compare.
#pragma once

#include <string>

#include "base/status.h"
#include "store/store.h"

namespace tarn::store {

base::Result<std::string> hash_file(const Store& store, const std::string& path);

}  // namespace tarn::store
