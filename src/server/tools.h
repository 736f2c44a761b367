// MCP tools made from the operations: names, schemas, calls. search answers in the shape that connectors of chat
// products ask of it (results of id, title, url); everything else answers with the operation's own reply.
// Limits:  kMaxReplyBytes of JSON a reply.
// Threads: immutable; call() from any thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "operation/operation.h"

namespace tarn::server {

inline constexpr size_t kMaxReplyBytes = size_t{8} << 20;

struct Tool {
  std::string name;
  json::Value description;  // as tools/list shows it
  std::function<base::Result<json::Value>(const json::Value& arguments, const base::Context& context)> call;
};

// Those operations that are tools, in a stable order: search and fetch first.
std::vector<Tool> make_tools(const std::vector<operation::Bound>& operations);

// A tool's reply as tools/call gives it: structured content and the same as one text item; isError where it failed.
json::Value call_result(const base::Result<json::Value>& reply);

}  // namespace tarn::server
