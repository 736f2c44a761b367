// Any bytes as messages of a connection with tools: nothing crashes, and every line that is sent back is JSON.
#include <cstdint>
#include <cstdlib>

#include "server/mcp.h"
#include "server/rpc.h"
#include "workspace/operations.h"

namespace {

using namespace tarn;

const std::vector<operation::Bound>& operations() {
  static const std::vector<operation::Bound> bound = {
      operation::bind<workspace::Search>(
          [](const workspace::SearchRequest& r, const base::Context&) -> base::Result<workspace::SearchReply> {
            workspace::SearchReply reply;
            reply.query = r.query;
            reply.hits.resize(static_cast<size_t>(r.k % 3));
            return reply;
          }),
      operation::bind<workspace::Sql>(
          [](const workspace::SqlRequest&, const base::Context&) -> base::Result<workspace::SqlReply> {
            return base::Status(base::Code::unsupported, "no");
          })};
  return bound;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  server::McpConnection connection(operations(), {.version = "0"}, [](const std::string& line) {
    if (!json::parse(line).ok()) std::abort();
  });
  // As if a client had shaken hands, unless the first byte says that none did.
  if (!text.starts_with('!')) {
    connection.receive(R"({"jsonrpc":"2.0","id":"h","method":"initialize","params":{"protocolVersion":"2025-11-25"}})");
  }
  for (size_t at = 0; at <= text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    connection.receive(text.substr(at, end - at));
    at = end + 1;
  }
  if (!connection.drain(std::chrono::seconds(5))) std::abort();
  return 0;
}
