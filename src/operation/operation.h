// An operation of Tarn, declared once: every face (CLI, MCP, later HTTP and SQL) is made from this.
// Shape:   Operation is what can be said of it without running it; Declared<Request, Reply> adds the types; Bound adds the handler.
// Errors:  Bound::call returns invalid_argument for a request that does not fit, else what the handler returned.
// Threads: immutable; call() from any thread if the handler allows it.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/progress.h"
#include "operation/field.h"

namespace tarn::operation {

struct Example {
  std::string command;  // runnable as it stands: "tarn search 'write-ahead log'"
  std::string doc;
};
struct Error {
  base::Code code;
  std::string when;
};

struct Operation {
  std::string name = {};       // "search"; the CLI's subcommand
  std::string tool = {};       // the MCP tool's name; "" = not offered to models
  std::string doc = {};        // one line
  std::string help = {};       // paragraphs for people
  std::string tool_help = {};  // what a model must know to use it well; "" = doc
  std::vector<Example> examples = {};
  std::vector<Error> errors = {};
  bool read_only = true;
  bool destructive = false;  // asks first, where there is someone to ask
  std::string list = {};     // the reply's field that holds its list: what --jsonl prints a line for each of; "" = none
  Shape request = {}, reply = {};

  json::Value request_schema() const { return schema(request, Side::request); }
  json::Value reply_schema() const { return schema(reply, Side::reply); }
};

struct Bound {
  Operation operation;
  std::function<base::Result<json::Value>(const json::Value& request, const base::Context& context)> call;
};

template <Described RequestType, Described ReplyType>
struct Declared {
  using Request = RequestType;
  using Reply = ReplyType;
  using Handler = std::function<base::Result<Reply>(const Request&, const base::Context&)>;

  Operation operation;

  Bound bind(Handler handler) const {
    return {operation,
            [handler = std::move(handler)](const json::Value& request,
                                           const base::Context& context) -> base::Result<json::Value> {
              TARN_ASSIGN(const Request decoded, decode<Request>(request));
              TARN_ASSIGN(const Reply reply, handler(decoded, context));
              return encode(reply);
            }};
  }
};

template <Described Request, Described Reply>
Declared<Request, Reply> declare(Operation operation) {
  operation.request = shape_of<Request>();
  operation.reply = shape_of<Reply>();
  return {std::move(operation)};
}

// The bound operation of that name; null when there is none.
const Bound* find(const std::vector<Bound>& operations, std::string_view name);

}  // namespace tarn::operation
