// Any bytes as messages of a connection: nothing crashes, and every line that is sent back is JSON.
#include <cstdint>
#include <cstdlib>

#include "server/mcp.h"
#include "server/rpc.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tarn;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  server::McpConnection connection({}, {.version = "0"}, [](const std::string& line) {
    if (!json::parse(line).ok()) std::abort();
  });
  for (size_t at = 0; at <= text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    connection.receive(text.substr(at, end - at));
    at = end + 1;
  }
  return 0;
}
