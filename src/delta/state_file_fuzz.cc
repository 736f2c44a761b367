// Any bytes as a state file, with the sum that they need to be looked at.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/bytes.h"
#include "delta/state_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tarn;
  std::string bytes = "TRNSTAT1" + std::string(reinterpret_cast<const char*>(data), size);
  base::ByteWriter(&bytes).hash(base::hash128(bytes));
  const auto read = delta::read_state(bytes, "fuzz");
  if (!read.ok()) return 0;
  // What is written is read back the same.
  const std::string again = delta::state_bytes(*read->state, read->commit);
  const auto twice = delta::read_state(again, "again");
  if (!twice.ok() || delta::state_bytes(*twice->state, twice->commit) != again) std::abort();
  return 0;
}
