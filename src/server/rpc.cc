#include "server/rpc.h"

#include <fmt/format.h>

namespace tarn::server {
namespace {

using json::Value;

RpcRefusal refuse(Value id, int code, std::string message) { return {std::move(id), {code, std::move(message), {}}}; }

// The text with \u escapes for the characters that end a line for some reader, or that act on a terminal where someone
// looks at the messages: DEL, C1 controls, U+2028 to U+202E, U+2066 to U+2069. In JSON such a character stands inside a
// string only.
std::string one_line(const std::string& text) {
  std::string made;
  made.reserve(text.size());
  for (size_t at = 0; at < text.size(); ++at) {
    const auto byte = [&](size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    const unsigned a = byte(at), b = byte(at + 1), c = byte(at + 2);
    if (a == 0x7F) {
      made += "\\u007f";
    } else if (a == 0xC2 && b >= 0x80 && b < 0xA0) {
      made += fmt::format("\\u{:04x}", b);
      at += 1;
    } else if (a == 0xE2 && ((b == 0x80 && c >= 0xA8 && c <= 0xAE) || (b == 0x81 && c >= 0xA6 && c <= 0xA9))) {
      made += fmt::format("\\u{:04x}", 0x2000 + ((b & 0x3F) << 6) + (c & 0x3F));
      at += 2;
    } else {
      made += text[at];
    }
  }
  return made;
}

bool is_id(const Value& value) { return value.is_string() || value.is_int(); }

}  // namespace

std::variant<Value, RpcRefusal> parse_line(std::string_view line) {
  if (line.size() > kMaxMessageBytes) {
    return refuse({}, kInvalidRequest,
                  "the message is over the limit of " + std::to_string(kMaxMessageBytes) + " bytes");
  }
  auto parsed = json::parse(line, kMaxMessageBytes);
  if (!parsed.ok()) return refuse({}, kParseError, "not JSON: " + parsed.status().message());
  return std::move(*parsed);
}

std::variant<RpcMessage, RpcRefusal> decode_message(std::string_view line) {
  auto parsed = parse_line(line);
  if (auto* refusal = std::get_if<RpcRefusal>(&parsed)) return std::move(*refusal);
  return decode_message(std::get<Value>(parsed));
}

std::variant<RpcMessage, RpcRefusal> decode_message(const Value& message) {
  if (!message.is_object()) return refuse({}, kInvalidRequest, "a message is a JSON object");
  const Value* id = message.find("id");
  const Value known = id && is_id(*id) ? *id : Value();
  if (message["jsonrpc"] != Value("2.0")) return refuse(known, kInvalidRequest, "jsonrpc must be \"2.0\"");
  const Value* method = message.find("method");
  if (!method && (message.contains("result") || message.contains("error"))) {
    return RpcMessage{RpcMessage::Kind::response, known, {}, {}};
  }
  if (!method || !method->is_string() || method->as_string().empty()) {
    return refuse(known, kInvalidRequest, "method must be text");
  }
  if (id && !is_id(*id)) return refuse({}, kInvalidRequest, "id must be text or a whole number");
  const Value& params = message["params"];
  if (!params.is_null() && !params.is_object()) return refuse(known, kInvalidParams, "params must be an object");
  return RpcMessage{id ? RpcMessage::Kind::request : RpcMessage::Kind::notification, known, method->as_string(),
                    params};
}

std::string result_message(const Value& id, Value result) {
  return one_line(json::write(Value::object({{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(result)}})));
}

std::string error_message(const Value& id, const RpcError& error) {
  Value body = Value::object({{"code", error.code}, {"message", error.message}});
  if (!error.data.is_null()) body.set("data", error.data);
  return one_line(json::write(Value::object({{"jsonrpc", "2.0"}, {"id", id}, {"error", std::move(body)}})));
}

std::string notification_message(std::string_view method, Value params) {
  return one_line(json::write(Value::object({{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}})));
}

}  // namespace tarn::server
