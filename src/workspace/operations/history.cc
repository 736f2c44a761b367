#include "workspace/operations/history.h"

#include <cstdlib>

#include "base/clock.h"
#include "workspace/tables.h"

namespace tarn::workspace {

using base::Code;
using base::Result;
using operation::Face;

namespace {

// What the writer says it did, else what was counted.
int64_t metric(const delta::Commit& commit, std::initializer_list<const char*> names, std::optional<int64_t> counted) {
  for (const char* name : names) {
    const json::Value& value = commit.metrics[name];
    // Spark writes metrics as strings.
    if (value.is_string()) return std::atoll(value.as_string().c_str());
    if (value.is_number()) return value.as_int();
  }
  return counted.value_or(0);
}

}  // namespace

operation::Declaration<HistoryRequest, HistoryReply> History::declare() {
  operation::Operation o;
  o.name = "history";
  o.faces = {Face::cli, Face::network};
  o.doc = "list the versions of a table, newest first";
  o.examples = {{"tarn history main.docs", "the last 20"}, {"tarn history main.docs -n 3 --json", "for a program"}};
  o.errors = {{Code::not_found, "there is no such table"}};
  o.list = "versions";
  return operation::declare<HistoryRequest, HistoryReply>(std::move(o));
}

Result<HistoryReply> History::run(const HistoryRequest& request, Tables& tables, const base::Context& context) {
  TARN_ASSIGN(Pinned pinned, tables.pin(request.table, "", context));
  // One more than asked for tells whether there is more.
  TARN_ASSIGN(std::vector<delta::Commit> commits,
              pinned.table->history(static_cast<size_t>(request.limit) + 1, context));
  HistoryReply reply;
  reply.table = pinned.name;
  reply.truncated = commits.size() > static_cast<size_t>(request.limit);
  if (reply.truncated) commits.resize(static_cast<size_t>(request.limit));
  for (const delta::Commit& commit : commits) {
    reply.versions.push_back(
        {commit.version.value,
         base::format_utc(commit.committed_at_us),
         commit.operation,
         commit.engine,
         metric(commit,
                {"numOutputRows", "numTargetRowsInserted", "num_added_rows", "num_target_rows_inserted",
                 "num_updated_rows"},
                commit.rows_added),
         metric(commit,
                {"numDeletedRows", "numTargetRowsDeleted", "num_deleted_rows", "num_target_rows_deleted",
                 "num_updated_rows"},
                commit.rows_deleted),
         metric(commit,
                {"numAddedFiles", "numFiles", "numTargetFilesAdded", "num_added_files", "num_target_files_added"},
                commit.files_added),
         metric(commit, {"numRemovedFiles", "numTargetFilesRemoved", "num_removed_files", "num_target_files_removed"},
                commit.files_removed),
         {}});
    if (!commit.user_metadata.empty()) reply.versions.back().user_metadata = commit.user_metadata;
  }
  return reply;
}

}  // namespace tarn::workspace
