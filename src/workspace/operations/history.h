// history: the versions of a table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "operation/operation.h"

namespace tarn::workspace {

class Tables;

struct HistoryRequest {
  std::string table;
  int64_t limit = 20;
};
struct CommitInfo {
  int64_t version = 0;
  std::string committed_at;
  std::string operation;  // as its commitInfo says: "PULL", "WRITE", "MERGE", "OPTIMIZE" …
  std::string engine;
  int64_t rows_added = 0, rows_removed = 0, files_added = 0, files_removed = 0;
  std::optional<std::string> user_metadata;  // what its writer wanted to say
};
struct HistoryReply {
  std::string table;
  std::vector<CommitInfo> versions;  // newest first
  bool truncated = false;
};

struct History {
  static operation::Declaration<HistoryRequest, HistoryReply> declare();
  static base::Result<HistoryReply> run(const HistoryRequest& request, Tables& tables, const base::Context& context);
};

}  // namespace tarn::workspace

namespace tarn::operation {

template <>
struct Describe<workspace::HistoryRequest> {
  static auto fields() {
    using R = workspace::HistoryRequest;
    return std::tuple{
        field("table", &R::table, "namespace.name, or a name in main").required().positional(),
        field("limit", &R::limit, "the newest so many versions").between(1, 10'000).letter('n').metavar("N"),
    };
  }
};
template <>
struct Describe<workspace::CommitInfo> {
  static auto fields() {
    using R = workspace::CommitInfo;
    return std::tuple{
        field("version", &R::version, "the version that the commit made"),
        field("committed_at", &R::committed_at, "when"),
        field("operation", &R::operation, "what it did"),
        field("engine", &R::engine, "who wrote it"),
        field("rows_added", &R::rows_added, "rows that became live"),
        field("rows_removed", &R::rows_removed, "rows that ceased to be"),
        field("files_added", &R::files_added, "data files added"),
        field("files_removed", &R::files_removed, "data files removed"),
        field("user_metadata", &R::user_metadata, "what its writer wanted to say").omit_empty(),
    };
  }
};
template <>
struct Describe<workspace::HistoryReply> {
  static auto fields() {
    using R = workspace::HistoryReply;
    return std::tuple{
        field("table", &R::table, "namespace.name"),
        field("versions", &R::versions, "newest first"),
        field("truncated", &R::truncated, "there are older ones"),
    };
  }
};

}  // namespace tarn::operation
