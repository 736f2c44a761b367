// tables: what the lake holds.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "operation/operation.h"
#include "workspace/operations/fields.h"

namespace tarn::workspace {

class LakeStore;
class Tables;

struct TablesRequest {
  std::string as_of;
};
struct TableSummary {
  std::string table;
  int64_t version = 0;
  std::string committed_at;
  int64_t rows = 0, files = 0, size_bytes = 0;
};
struct UnreadableTable {
  std::string table, problem, remedy;
};
struct TablesReply {
  std::string lake;
  std::vector<TableSummary> tables;
  std::vector<UnreadableTable> unreadable;
};

struct ListTables {
  static operation::Declaration<TablesRequest, TablesReply> declare();
  static base::Result<TablesReply> run(const TablesRequest& request, Tables& tables, LakeStore& lake,
                                       const base::Context& context);
};

}  // namespace tarn::workspace

namespace tarn::operation {

template <>
struct Describe<workspace::TablesRequest> {
  static auto fields() {
    using R = workspace::TablesRequest;
    return std::tuple{as_of_field(&R::as_of)};
  }
};
template <>
struct Describe<workspace::TableSummary> {
  static auto fields() {
    using R = workspace::TableSummary;
    return std::tuple{
        field("table", &R::table, "namespace.name"),
        field("version", &R::version, "its version"),
        field("committed_at", &R::committed_at, "when that version was committed"),
        field("rows", &R::rows, "live rows"),
        field("files", &R::files, "data files"),
        field("size_bytes", &R::size_bytes, "bytes in data files"),
    };
  }
};
template <>
struct Describe<workspace::UnreadableTable> {
  static auto fields() {
    using R = workspace::UnreadableTable;
    return std::tuple{
        field("table", &R::table, "namespace.name"),
        field("problem", &R::problem, "why it cannot be read"),
        field("remedy", &R::remedy, "what to do"),
    };
  }
};
template <>
struct Describe<workspace::TablesReply> {
  static auto fields() {
    using R = workspace::TablesReply;
    return std::tuple{
        field("lake", &R::lake, "the lake's directory"),
        field("tables", &R::tables, "by name"),
        field("unreadable", &R::unreadable, "tables that are damaged or whose link leads nowhere"),
    };
  }
};

}  // namespace tarn::operation
