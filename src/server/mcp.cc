#include "server/mcp.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <optional>

#include "operation/nearest.h"
#include "server/calls.h"
#include "server/rpc.h"
#include "server/tools.h"

namespace tarn::server {
namespace {

using json::Value;

constexpr const char* kModern = "2026-07-28";
constexpr std::array kLegacy = {"2025-11-25", "2025-06-18",
                                "2025-03-26"};  // newest first: the first is offered to strangers
constexpr std::string_view kWithBatches = "2025-03-26";
constexpr const char* kVersionKey = "io.modelcontextprotocol/protocolVersion";
constexpr const char* kCapabilitiesKey = "io.modelcontextprotocol/clientCapabilities";
constexpr const char* kServerKey = "io.modelcontextprotocol/serverInfo";
constexpr int64_t kListTtlMs = 3'600'000;  // the tools change with the program only
constexpr int64_t kProgressEveryMs = 100;

constexpr const char* kInstructions =
    "Tarn is a local lake of documents and tables. Use search to find documents and fetch to read one; ask for an "
    "answer made of "
    "verbatim, re-checked quotes; sql for counts, filters and joins; list_tables and describe_table to learn what "
    "there is. Every reply "
    "names the table version it was read at. When nothing relevant is found, say so.";

enum class Era { unknown, legacy, modern };

using Answer = std::function<void(const std::string& line)>;

// A message, and where its reply goes: out, or into its batch.
struct Request : RpcMessage {
  Answer answer;
};

// The replies to one batch, sent as one when the last of its messages is done with: each holds a share.
class Batch {
 public:
  explicit Batch(Answer send) : send_(std::move(send)) {}
  ~Batch() {
    if (!replies_.empty()) send_("[" + replies_ + "]");
  }
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;
  void add(const std::string& reply) {
    const std::lock_guard lock(mutex_);
    replies_ += (replies_.empty() ? "" : ",") + reply;
  }

 private:
  const Answer send_;
  std::mutex mutex_;
  std::string replies_;
};

// Progress of a call as notifications. Counts of different phases are added up, for progress must never go back.
class ProgressNotes final : public base::Progress {
 public:
  ProgressNotes(Value token, std::function<void(const std::string&)> send)
      : token_(std::move(token)), send_(std::move(send)) {}

  void update(std::string_view phase, uint64_t done, uint64_t total, std::string_view unit) override {
    const std::lock_guard lock(mutex_);
    if (token_.is_null()) return;
    if (phase != phase_ || done < done_) {
      before_ += done_;
      phase_ = phase;
      ++phases_;
    }
    done_ = done;
    const auto now = std::chrono::steady_clock::now();
    const uint64_t progress = before_ + done_;
    if (progress <= sent_ || now - sent_at_ < std::chrono::milliseconds(kProgressEveryMs)) return;
    sent_ = progress;
    sent_at_ = now;
    Value params = Value::object({{"progressToken", token_}, {"progress", progress}});
    if (total >= done && phases_ == 1 && total > 0) params.set("total", total);
    params.set("message", std::string(phase) + ": " + std::to_string(done) +
                              (total > 0 ? "/" + std::to_string(total) : "") + " " + std::string(unit));
    send_(notification_message("notifications/progress", std::move(params)));
  }
  void finish() {
    const std::lock_guard lock(mutex_);
    token_ = Value();
  }

 private:
  std::mutex mutex_;
  Value token_;
  const std::function<void(const std::string&)> send_;
  std::string phase_;
  uint64_t before_ = 0, done_ = 0, sent_ = 0;
  int phases_ = 0;
  std::chrono::steady_clock::time_point sent_at_{};
};

}  // namespace

class McpConnection::Impl {
 public:
  Impl(const std::vector<operation::Bound>& operations, ServerInfo info, Send send)
      : info_(std::move(info)),
        send_(std::move(send)),
        tools_(make_tools(operations)),
        calls_(kMaxCalls, kMaxWaiting) {}

  void receive(std::string_view line) {
    const auto parsed = parse_line(line);
    if (const auto* refusal = std::get_if<RpcRefusal>(&parsed)) return send(error_message(refusal->id, refusal->error));
    const Value& value = std::get<Value>(parsed);
    if (value.is_array()) return receive_batch(value);
    receive_one(value, [this](const std::string& reply) { send(reply); });
  }

  bool drain(std::chrono::milliseconds patience) { return calls_.drain(patience); }

 private:
  void receive_one(const Value& value, Answer answer) {
    auto decoded = decode_message(value);
    if (const auto* refusal = std::get_if<RpcRefusal>(&decoded)) {
      return answer(error_message(refusal->id, refusal->error));
    }
    const Request message{std::move(std::get<RpcMessage>(decoded)), std::move(answer)};
    if (message.kind == RpcMessage::Kind::notification) return notified(message);
    if (message.kind == RpcMessage::Kind::request) requested(message);
    // A response: this server asks nothing of its client.
  }

  // 2025-03-26 has batches; earlier messages do not say which revision is spoken, and later revisions have none.
  void receive_batch(const Value& batch) {
    const auto refuse_it = [&](std::string why) { send(error_message({}, {kInvalidRequest, std::move(why), {}})); };
    if (revision_ != kWithBatches) {
      return refuse_it("batches are served in protocol version " + std::string(kWithBatches) +
                       " only: send one message a line");
    }
    if (batch.items().empty()) return refuse_it("the batch is empty");
    if (batch.items().size() > kMaxBatch) {
      return refuse_it("the batch has more messages than the limit of " + std::to_string(kMaxBatch));
    }
    const auto replies = std::make_shared<Batch>([this](const std::string& reply) { send(reply); });
    for (const Value& value : batch.items()) {
      if (value["method"] == Value("initialize")) {
        replies->add(error_message(value["id"], {kInvalidRequest, "initialize comes alone, not in a batch", {}}));
      } else {
        receive_one(value, [replies](const std::string& reply) { replies->add(reply); });
      }
    }
  }

  void send(const std::string& line) {
    const std::lock_guard lock(sending_);
    send_(line);
  }
  void refuse(const Request& message, int code, std::string text, Value data = {}) {
    message.answer(error_message(message.id, {code, std::move(text), std::move(data)}));
  }

  void notified(const Request& message) {
    if (message.method == "notifications/cancelled") calls_.cancel(message.params["requestId"]);
  }

  // The envelope of a modern request; nothing when it was refused.
  bool modern_envelope_holds(const Request& message) {
    const Value& meta = message.params["_meta"];
    const Value& version = meta[kVersionKey];
    if (!version.is_string() || !meta[kCapabilitiesKey].is_object()) {
      refuse(message, kInvalidParams,
             std::string("params._meta must have ") + kVersionKey + " (text) and " + kCapabilitiesKey + " (object)");
      return false;
    }
    if (version.as_string() == kModern) return true;
    refuse(message, kUnsupportedVersion, "protocol version " + version.as_string().substr(0, 40) + " is not served",
           Value::object({{"supported", supported()}, {"requested", version.as_string().substr(0, 40)}}));
    return false;
  }

  static Value supported() {
    Value versions = Value::array({kModern});
    for (const char* version : kLegacy) versions.push(version);
    return versions;
  }

  void requested(const Request& message) {
    if (message.method == "initialize") return initialize(message);
    const bool enveloped = message.params["_meta"].contains(kVersionKey);
    if (enveloped) {
      if (era_ == Era::legacy) {
        return refuse(message, kInvalidRequest,
                      "this connection was opened by initialize: requests carry no protocol version");
      }
      if (!modern_envelope_holds(message)) return;
      // A discover alone settles nothing: a client may look and then shake hands in the old way.
      if (message.method != "server/discover") era_ = Era::modern;
      return dispatch(message, true);
    }
    if (message.method == "server/discover" || era_ == Era::modern) {
      modern_envelope_holds(message);  // says what is missing
      return;
    }
    if (era_ == Era::unknown && message.method != "ping") {
      return refuse(
          message, kInvalidRequest,
          std::string("the connection is not open: send initialize, or carry ") + kVersionKey + " in params._meta");
    }
    dispatch(message, false);
  }

  void initialize(const Request& message) {
    const Value& asked = message.params["protocolVersion"];
    if (era_ == Era::modern) {
      return refuse(message, kUnsupportedVersion, "this connection speaks 2026-07-28, which has no initialize",
                    Value::object({{"supported", Value::array({kModern})}, {"requested", asked.string_or("")}}));
    }
    if (!asked.is_string()) return refuse(message, kInvalidParams, "params.protocolVersion must be text");
    const bool known = std::find(kLegacy.begin(), kLegacy.end(), asked.as_string()) != kLegacy.end();
    era_ = Era::legacy;
    revision_ = known ? asked.as_string() : kLegacy.front();
    message.answer(result_message(message.id, Value::object({{"protocolVersion", revision_},
                                                             {"capabilities", capabilities()},
                                                             {"serverInfo", server_info()},
                                                             {"instructions", kInstructions}})));
  }

  void dispatch(const Request& message, bool modern) {
    const std::string& method = message.method;
    if (method == "tools/call") return call(message, modern);
    if (method == "server/discover") {
      return reply(
          message,
          Value::object(
              {{"supportedVersions", supported()}, {"capabilities", capabilities()}, {"instructions", kInstructions}}),
          modern, true);
    }
    if (method == "ping" && !modern) return reply(message, Value::object(), modern, false);
    static constexpr std::array<std::pair<const char*, const char*>, 4> kLists = {
        {{"tools/list", "tools"},
         {"resources/list", "resources"},
         {"resources/templates/list", "resourceTemplates"},
         {"prompts/list", "prompts"}}};
    for (const auto& [name, field] : kLists) {
      if (method != name) continue;
      if (!message.params["cursor"].is_null()) {
        return refuse(message, kInvalidParams, "no list has a second page: there is no such cursor");
      }
      Value items = Value::array();
      if (std::string_view(field) == "tools") {
        for (const Tool& tool : tools_) items.push(tool.description);
      }
      return reply(message, Value::object({{field, std::move(items)}}), modern, true);
    }
    if (method == "resources/read") return refuse(message, kInvalidParams, "there is no such resource");
    refuse(message, kMethodNotFound, "there is no method " + method.substr(0, 80));
  }

  void reply(const Request& message, Value result, bool modern, bool cacheable) {
    message.answer(result_message(message.id, stamped(std::move(result), modern, cacheable)));
  }

  Value stamped(Value result, bool modern, bool cacheable) const {
    if (!modern) return result;
    result.set("resultType", "complete");
    if (cacheable) {
      result.set("ttlMs", kListTtlMs);
      result.set("cacheScope", "public");
    }
    return result.set("_meta", Value::object({{kServerKey, server_info()}}));
  }

  void call(const Request& message, bool modern) {
    const Value& name = message.params["name"];
    const Value& arguments = message.params["arguments"];
    if (!name.is_string()) return refuse(message, kInvalidParams, "params.name must be text");
    if (!arguments.is_null() && !arguments.is_object()) {
      return refuse(message, kInvalidParams, "params.arguments must be an object");
    }
    const auto tool =
        std::find_if(tools_.begin(), tools_.end(), [&](const Tool& t) { return t.name == name.as_string(); });
    if (tool == tools_.end()) {
      std::vector<std::string> names;
      for (const Tool& each : tools_) names.push_back(each.name);
      const std::string near = operation::did_you_mean(name.as_string(), names);
      return refuse(message, kInvalidParams,
                    "there is no tool '" + name.as_string().substr(0, 80) + "'" + (near.empty() ? "" : "; " + near));
    }
    const Value& token = message.params["_meta"]["progressToken"];
    const Calls::Started started = calls_.start(
        message.id,
        [this, tool = &*tool, id = message.id, answer = message.answer, modern,
         arguments = arguments.is_null() ? Value::object() : arguments,
         token = token.is_string() || token.is_int() ? token : Value()](const base::Cancel& cancel) -> Calls::Deliver {
          ProgressNotes progress(token, [this](const std::string& line) { send(line); });
          const base::Result<Value> result =
              cancel.requested() ? base::Result<Value>(cancel.check()) : tool->call(arguments, {&progress, &cancel});
          progress.finish();
          if (cancel.requested()) return {};  // the client does not wait for it any more
          return [answer, line = result_message(id, stamped(call_result(result), modern, false))] { answer(line); };
        });
    if (started == Calls::Started::full) {
      refuse(message, kBusy, "too many calls wait: more than " + std::to_string(kMaxWaiting));
    }
    if (started == Calls::Started::taken) refuse(message, kInvalidRequest, "a request with this id is under way");
  }

  static Value capabilities() { return Value::object({{"tools", Value::object()}}); }
  Value server_info() const {
    return Value::object({{"name", info_.name}, {"title", info_.title}, {"version", info_.version}});
  }

  const ServerInfo info_;
  const Send send_;
  const std::vector<Tool> tools_;
  std::mutex sending_;
  Era era_ = Era::unknown;
  std::string revision_;  // that initialize agreed on
  Calls calls_;           // last: its threads end before the rest goes
};

McpConnection::McpConnection(const std::vector<operation::Bound>& operations, ServerInfo info, Send send)
    : impl_(std::make_unique<Impl>(operations, std::move(info), std::move(send))) {}
McpConnection::~McpConnection() = default;
void McpConnection::receive(std::string_view line) { impl_->receive(line); }
bool McpConnection::drain(std::chrono::milliseconds patience) { return impl_->drain(patience); }

}  // namespace tarn::server
