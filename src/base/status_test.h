// What tests say of a Status or a Result: ASSERT_OK, EXPECT_OK, take().
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <utility>

#include "base/status.h"

#define ASSERT_OK(expression)                                                   \
  do {                                                                          \
    const ::tarn::base::Status ok_status = ::tarn::base::as_status(expression); \
    ASSERT_TRUE(ok_status.ok()) << ok_status.to_string();                       \
  } while (false)
#define EXPECT_OK(expression)                                                   \
  do {                                                                          \
    const ::tarn::base::Status ok_status = ::tarn::base::as_status(expression); \
    EXPECT_TRUE(ok_status.ok()) << ok_status.to_string();                       \
  } while (false)

namespace tarn {

// The value; a test that gets none has nothing to go on with.
template <typename T>
T take(base::Result<T> result) {
  EXPECT_TRUE(result.ok()) << result.status().to_string();
  if (!result.ok()) std::abort();
  return std::move(result).value();
}

}  // namespace tarn
