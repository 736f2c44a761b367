// sql: as an operation it is read-only and bounded and runs on the locked connection, whoever asks. The shell's way is
// workspace/opened_lake.h.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "json/value.h"
#include "operation/operation.h"
#include "workspace/operations/fields.h"

namespace tarn::workspace {

struct OpenOptions;
class SqlSessions;

// As an operation SQL is read-only and bounded and runs on the locked connection, whoever asks. The shell's way is in
// cli/lake.h.
struct SqlRequest {
  std::string query;
  std::string as_of;
  int64_t max_rows = 1000;
};
struct SqlColumn {
  std::string name, type;
};
struct SqlReply {
  std::vector<SqlColumn> columns;
  std::vector<std::vector<json::Value>> rows;
  bool truncated = false;  // there are more rows than max_rows
  double took_ms = 0;
};

struct Sql {
  using Piece = std::vector<json::Value>;  // a row
  static operation::Declaration<SqlRequest, SqlReply> declare();
  static base::Result<SqlReply> run(const SqlRequest& request, const OpenOptions& options, SqlSessions& sessions,
                                    const operation::Sink<Piece>& rows, const base::Context& context);
};

}  // namespace tarn::workspace

namespace tarn::operation {

template <>
struct Describe<workspace::SqlRequest> {
  static auto fields() {
    using R = workspace::SqlRequest;
    return std::tuple{
        field("query", &R::query, "one SELECT over the lake's tables").required().positional().words(),
        as_of_field(&R::as_of),
        field("max_rows", &R::max_rows, "stop after so many rows").between(1, 100'000).metavar("N"),
    };
  }
};
template <>
struct Describe<workspace::SqlColumn> {
  static auto fields() {
    using R = workspace::SqlColumn;
    return std::tuple{
        field("name", &R::name, "column"),
        field("type", &R::type, "SQL type"),
    };
  }
};
template <>
struct Describe<workspace::SqlReply> {
  static auto fields() {
    using R = workspace::SqlReply;
    return std::tuple{
        field("columns", &R::columns, "in their order"),
        field("rows", &R::rows, "each a list of values in the columns' order"),
        field("truncated", &R::truncated, "there are more rows"),
        took_field(&R::took_ms),
    };
  }
};

}  // namespace tarn::operation
