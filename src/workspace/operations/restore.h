// restore: a table as it was.
#pragma once

#include <cstdint>
#include <string>

#include "operation/operation.h"

namespace tarn::workspace {

class TableLocks;
class Tables;

struct RestoreRequest {
  std::string table;
  std::string to;  // a version, a time or a tag
};
struct RestoreReply {
  std::string table;
  int64_t restored = 0;  // the version that it was restored to
  int64_t version = 0;   // the version that this made
  bool changed = false;
  int64_t rows = 0, files = 0;
};

struct Restore {
  static operation::Declaration<RestoreRequest, RestoreReply> declare();
  static base::Result<RestoreReply> run(const RestoreRequest& request, Tables& tables, TableLocks& locks,
                                        const base::Context& context);
};

}  // namespace tarn::workspace

namespace tarn::operation {

template <>
struct Describe<workspace::RestoreRequest> {
  static auto fields() {
    using R = workspace::RestoreRequest;
    return std::tuple{
        field("table", &R::table, "namespace.name, or a name in main").required().positional(),
        field("to", &R::to, "what to go back to").required().positional().metavar("VERSION|TIME|TAG"),
    };
  }
};
template <>
struct Describe<workspace::RestoreReply> {
  static auto fields() {
    using R = workspace::RestoreReply;
    return std::tuple{
        field("table", &R::table, "namespace.name"),
        field("restored", &R::restored, "the version that it went back to"),
        field("version", &R::version, "its version now"),
        field("changed", &R::changed, "false when it was the same already"),
        field("rows", &R::rows, "live rows now"),
        field("files", &R::files, "data files now"),
    };
  }
};

}  // namespace tarn::operation
