// check: log, data files, segments, lexicon and bookmarks agree.
#include <fmt/format.h>

#include "index/verify.h"
#include "workspace/workspace.h"

namespace tarn::workspace {

using base::Result;
using base::Status;

Status Workspace::check_table(const Pinned& pinned, CheckReply* reply, const base::Context& context) {
  CheckedTable checked{
      pinned.name, pinned.snapshot->version.value, 0, static_cast<int64_t>(pinned.snapshot->files.size()), 0, 0, 0};
  for (const auto& [path, file] : pinned.snapshot->files) {
    checked.rows += file.row_count().value_or(0) - (file.deletion_vector ? file.deletion_vector->cardinality : 0);
    checked.size_bytes += file.size_bytes;
  }
  TARN_ASSIGN(duck::Database * opened, database());
  TARN_ASSIGN(auto connection, opened->connect());
  TARN_ASSIGN(std::vector<lake::Finding> findings, pinned.table->check(*connection));
  for (lake::Finding& finding : findings) {
    reply->problems.push_back({pinned.name, finding.where, finding.what,
                               "restore the file from a backup, or read an older version with --as-of"});
  }
  TARN_TRY(context.check());
  if (index::is_indexed(pinned.snapshot->schema)) {
    TARN_ASSIGN(index::Indexer * builder, indexer());
    TARN_ASSIGN(index::Verification verified, index::verify(*pinned.table, *pinned.snapshot, *builder, *connection));
    checked.segments = verified.segments;
    checked.passages = verified.passages;
    for (lake::Finding& finding : verified.findings) {
      reply->problems.push_back(
          {pinned.name, finding.where, finding.what, "remove the file; the next pull or search builds it again"});
    }
  }
  reply->tables.push_back(std::move(checked));
  return base::ok();
}

Result<CheckReply> Workspace::check(const CheckRequest& request, const base::Context& context) {
  const base::Stopwatch stopwatch;
  TARN_ASSIGN(std::vector<Pinned> all, pin_all(request.tables, "", false));
  CheckReply reply;
  for (const Pinned& pinned : all) {
    TARN_TRY(context.check());
    const Status status = check_table(pinned, &reply, context);
    if (status.code() == base::Code::cancelled) return status;
    if (!status.ok()) reply.problems.push_back({pinned.name, "", status.message(), status.hint()});
  }
  reply.ok = reply.problems.empty();
  reply.took_ms = stopwatch.elapsed_ms();
  return reply;
}

}  // namespace tarn::workspace
