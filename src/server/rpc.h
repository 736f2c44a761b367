// JSON-RPC 2.0 messages: one JSON object each, decoded with limits.
// Limits:  kMaxMessageBytes a message.
// Errors:  what cannot be decoded gives the JSON-RPC error to send back, with the id where one could be read.
// Shape:   a message that is written holds no character that a reader may take for the end of its line: U+0085, U+2028
//          and U+2029 come escaped, and so do the controls and overrides that act on a terminal. Batches, which MCP has
//          in 2025-03-26 only, are cut into messages by whoever serves them.
// Source:  JSON-RPC 2.0 specification.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "json/value.h"

namespace tarn::server {

inline constexpr size_t kMaxMessageBytes = size_t{16} << 20;

inline constexpr int kParseError = -32700;
inline constexpr int kInvalidRequest = -32600;
inline constexpr int kMethodNotFound = -32601;
inline constexpr int kInvalidParams = -32602;
inline constexpr int kInternalError = -32603;
inline constexpr int kBusy = -32000;                // of the band that is left to implementations
inline constexpr int kUnsupportedVersion = -32022;  // MCP 2026-07-28

struct RpcError {
  int code = kInternalError;
  std::string message;
  json::Value data;  // null = none
};

struct RpcMessage {
  enum class Kind { request, notification, response };
  Kind kind = Kind::request;
  json::Value id;      // text or whole number; null for a notification
  std::string method;  // "" for a response
  json::Value params;  // object or null
};

struct RpcRefusal {
  json::Value id;  // null where none could be read
  RpcError error;
};

// One line's JSON.
std::variant<json::Value, RpcRefusal> parse_line(std::string_view line);
std::variant<RpcMessage, RpcRefusal> decode_message(const json::Value& message);
std::variant<RpcMessage, RpcRefusal> decode_message(std::string_view line);

std::string result_message(const json::Value& id, json::Value result);
std::string error_message(const json::Value& id, const RpcError& error);
std::string notification_message(std::string_view method, json::Value params);

}  // namespace tarn::server
