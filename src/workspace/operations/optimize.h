// optimize: small data files and their segments, merged.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "operation/operation.h"
#include "workspace/operations/fields.h"

namespace tarn::workspace {

class Databases;
class TableLocks;
class Tables;

struct OptimizeRequest {
  std::vector<std::string> tables;  // empty = all
  std::string by = {};              // a column that the rows are put in the order of; "" = none
};
struct OptimizedTable {
  std::string table;
  int64_t version = 0;
  int64_t files_before = 0, files_after = 0, bytes_before = 0, bytes_after = 0;
};
struct OptimizeReply {
  std::vector<OptimizedTable> tables;
  double took_ms = 0;
};

struct Optimize {
  static operation::Declaration<OptimizeRequest, OptimizeReply> declare();
  static base::Result<OptimizeReply> run(const OptimizeRequest& request, Tables& tables, Databases& databases,
                                         TableLocks& locks, const base::Context& context);
};

}  // namespace tarn::workspace

namespace tarn::operation {

template <>
struct Describe<workspace::OptimizeRequest> {
  static auto fields() {
    using R = workspace::OptimizeRequest;
    return std::tuple{
        field("tables", &R::tables, "tables to optimize; all when none is named").positional().metavar("TABLE"),
        field("by", &R::by, "write all rows anew in the order of this column").metavar("COLUMN")};
  }
};
template <>
struct Describe<workspace::OptimizedTable> {
  static auto fields() {
    using R = workspace::OptimizedTable;
    return std::tuple{
        field("table", &R::table, "namespace.name"),
        field("version", &R::version, "its version afterwards"),
        field("files_before", &R::files_before, "data files before"),
        field("files_after", &R::files_after, "data files after"),
        field("bytes_before", &R::bytes_before, "their bytes before"),
        field("bytes_after", &R::bytes_after, "their bytes after"),
    };
  }
};
template <>
struct Describe<workspace::OptimizeReply> {
  static auto fields() {
    using R = workspace::OptimizeReply;
    return std::tuple{
        field("tables", &R::tables, "the tables looked at"),
        took_field(&R::took_ms),
    };
  }
};

}  // namespace tarn::operation
