// One connection of the Model Context Protocol, in either era, without its transport: lines in, lines out.
// Shape:   how the client opens decides the era. Legacy (2025-03-26, 2025-06-18, 2025-11-25): initialize, then calls.
//          Modern (2026-07-28): no handshake, each request carries its version in _meta; server/discover says what
//          there is. A batch is answered as one where 2025-03-26 was agreed on, and refused everywhere else.
// Limits:  kMaxCalls calls run at once, kMaxWaiting wait; more are refused with an error. kMaxBatch messages a batch.
// Errors:  a tool's failure is a result with isError (code, message, hint); a broken message is a JSON-RPC error.
// Threads: receive() by one thread; `send` is called from that and from the calls' threads, one at a time.
// Source:  Model Context Protocol specification, revisions 2025-11-25 and 2026-07-28.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "operation/operation.h"

namespace tarn::server {

inline constexpr size_t kMaxCalls = 4;
inline constexpr size_t kMaxWaiting = 64;
inline constexpr size_t kMaxBatch = 256;  // messages

struct ServerInfo {
  std::string name = "tarn", title = "Tarn", version;
};

class McpConnection {
 public:
  using Send = std::function<void(const std::string& line)>;

  McpConnection(const std::vector<operation::Bound>& operations, ServerInfo info, Send send);
  ~McpConnection();  // cancels what runs and waits for it
  McpConnection(const McpConnection&) = delete;
  McpConnection& operator=(const McpConnection&) = delete;

  void receive(std::string_view line);
  // Waits until no call runs or waits; false when `patience` ran out before.
  bool drain(std::chrono::milliseconds patience);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tarn::server
