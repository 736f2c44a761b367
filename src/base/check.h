// TARN_CHECK: an assertion about our own code that stays on in release. Never used on bytes from outside.
#pragma once

namespace tarn::base {
[[noreturn]] void check_failed(const char* condition, const char* file, int line);
}

#define TARN_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::tarn::base::check_failed(#condition, __FILE__, __LINE__))
