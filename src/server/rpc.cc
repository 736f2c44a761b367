#include "server/rpc.h"

namespace tarn::server {
namespace {

using json::Value;

RpcRefusal refuse(Value id, int code, std::string message) { return {std::move(id), {code, std::move(message), {}}}; }

bool is_id(const Value& value) { return value.is_string() || value.is_int(); }

}  // namespace

std::variant<RpcMessage, RpcRefusal> decode_message(std::string_view line) {
  if (line.size() > kMaxMessageBytes) {
    return refuse({}, kInvalidRequest,
                  "the message is over the limit of " + std::to_string(kMaxMessageBytes) + " bytes");
  }
  auto parsed = json::parse(line, kMaxMessageBytes);
  if (!parsed.ok()) return refuse({}, kParseError, "not JSON: " + parsed.status().message());
  const Value& message = *parsed;
  if (message.is_array()) return refuse({}, kInvalidRequest, "batches are not served: send one message a line");
  if (!message.is_object()) return refuse({}, kInvalidRequest, "a message is a JSON object");
  const Value* id = message.find("id");
  const Value known = id && is_id(*id) ? *id : Value();
  if (message["jsonrpc"] != Value("2.0")) return refuse(known, kInvalidRequest, "jsonrpc must be \"2.0\"");
  const Value* method = message.find("method");
  if (!method && (message.contains("result") || message.contains("error")))
    return RpcMessage{RpcMessage::Kind::response, known, {}, {}};
  if (!method || !method->is_string() || method->as_string().empty())
    return refuse(known, kInvalidRequest, "method must be text");
  if (id && !is_id(*id)) return refuse({}, kInvalidRequest, "id must be text or a whole number");
  const Value& params = message["params"];
  if (!params.is_null() && !params.is_object()) return refuse(known, kInvalidParams, "params must be an object");
  return RpcMessage{id ? RpcMessage::Kind::request : RpcMessage::Kind::notification, known, method->as_string(),
                    params};
}

std::string result_message(const Value& id, Value result) {
  return json::write(Value::object({{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(result)}}));
}

std::string error_message(const Value& id, const RpcError& error) {
  Value body = Value::object({{"code", error.code}, {"message", error.message}});
  if (!error.data.is_null()) body.set("data", error.data);
  return json::write(Value::object({{"jsonrpc", "2.0"}, {"id", id}, {"error", std::move(body)}}));
}

std::string notification_message(std::string_view method, Value params) {
  return json::write(Value::object({{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}}));
}

}  // namespace tarn::server
