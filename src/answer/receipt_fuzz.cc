// Any bytes as a receipt: read or refused by name; what is read can be written and is read again as it was.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "answer/receipt.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tarn::answer;
  const auto parsed = read_receipt(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!parsed.ok()) return 0;
  const std::string bytes = write_receipt(parsed->receipt);
  const auto again = read_receipt(bytes);
  if (!again.ok() || !again->unharmed || write_receipt(again->receipt) != bytes) abort();
  return 0;
}
