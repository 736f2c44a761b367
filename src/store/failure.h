// errno → Status, in one way for the whole room.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"

namespace tarn::store {

// "`path`: `what` failed: No such file or directory". `what` is a verb: "read", "write".
base::Status failure(int error, std::string_view what, const std::string& path);
// The same where `bytes_needed` bytes were to be written: a full disk says so, and how much is free.
base::Status write_failure(int error, std::string_view what, const std::string& path, uint64_t bytes_needed);
// A sync that failed is never tried again; the message says so.
base::Status sync_failure(int error, const std::string& path);

}  // namespace tarn::store
