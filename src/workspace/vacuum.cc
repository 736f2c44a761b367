// vacuum and restore.
#include <fmt/format.h>

#include "base/clock.h"
#include "ingest/text_table.h"
#include "lake/bookmark.h"
#include "lake/dropped.h"
#include "workspace/workspace.h"

namespace tarn::workspace {

using base::Result;
using base::Status;

Result<VacuumReply> Workspace::vacuum(const VacuumRequest& request, const base::Context& context) {
  const base::Stopwatch stopwatch;
  lake::VacuumOptions options;
  options.dry_run = request.dry_run;
  if (!request.retain.empty()) {
    TARN_ASSIGN(options.retain_us, base::parse_duration(request.retain));
  }
  TARN_ASSIGN(std::vector<Pinned> all, pin_all(request.tables, "", false, context));
  TARN_ASSIGN(lake::LeaseHolder * holder, leases());
  holder->release_idle();
  VacuumReply reply;
  reply.dry_run = request.dry_run;
  for (const Pinned& pinned : all) {
    TARN_TRY(context.check());
    const auto lock = writing_.hold(pinned.name);
    const auto report = pinned.table->vacuum(options, context);
    if (!report.ok()) return report.status().with_context(pinned.name);
    VacuumedTable table;
    table.table = pinned.name;
    table.version = report->version.value;
    table.kept_by_tags = report->kept_by_tags;
    table.kept_by_leases = report->kept_by_leases;
    for (const lake::RemovedFile& file : report->removed) {
      const bool derived = file.path.starts_with("_tarn/") && !file.path.starts_with(lake::kBookmarks);
      ++(derived ? table.segments : table.files);
      table.size_bytes += file.size_bytes;
      if (table.removed.size() < kMaxListed) table.removed.push_back({file.path, file.size_bytes});
    }
    reply.tables.push_back(std::move(table));
  }
  if (request.tables.empty()) {
    TARN_ASSIGN(const lake::Environment environment, lake_environment(false, false));
    TARN_ASSIGN(const lake::AsideReport swept, lake::sweep_aside(environment, options, context));
    for (const lake::SweptTable& one : swept.removed) {
      SweptTable gone{ingest::table_name(one.table.table), one.table.path, {}, one.files, one.size_bytes};
      if (one.table.dropped_at_us) gone.dropped_at = base::format_utc(*one.table.dropped_at_us);
      reply.dropped.push_back(std::move(gone));
    }
  }
  reply.took_ms = stopwatch.elapsed_ms();
  return reply;
}

Result<RestoreReply> Workspace::restore(const RestoreRequest& request, const base::Context& context) {
  TARN_ASSIGN(Pinned target, pin(request.table, request.to, context));
  const auto lock = writing_.hold(target.name);
  TARN_ASSIGN(const auto before, target.table->snapshot());
  TARN_ASSIGN(const base::Version version, target.table->restore(target.snapshot->version, context));
  TARN_ASSIGN(const auto after, target.table->snapshot(version));
  RestoreReply reply;
  reply.table = target.name;
  reply.restored = target.snapshot->version.value;
  reply.version = version.value;
  reply.changed = version > before->version;
  reply.files = static_cast<int64_t>(after->files.size());
  for (const auto& [path, file] : after->files) {
    reply.rows += file.row_count().value_or(0) - (file.deletion_vector ? file.deletion_vector->cardinality : 0);
  }
  return reply;
}

}  // namespace tarn::workspace
