#include "workspace/operations/vacuum.h"

#include "base/clock.h"
#include "lake/bookmark.h"
#include "lake/dropped.h"
#include "lake/originals.h"
#include "lake/table_name.h"
#include "workspace/databases.h"
#include "workspace/table_locks.h"
#include "workspace/tables.h"

namespace tarn::workspace {

using base::Code;
using base::Result;
using operation::Face;

operation::Declaration<VacuumRequest, VacuumReply> Vacuum::declare() {
  operation::Operation o;
  o.name = "vacuum";
  o.faces = {Face::cli, Face::network};
  o.doc = "remove the files that no version worth keeping needs";
  o.help = R"(Removes data files, deletion vectors, change files, bookmarks and index segments that no version within
the retention has, no tag names and no reader holds. Versions older than that can then no longer be read in full.
Without --retain each table's own retention counts (delta.deletedFileRetentionDuration, else 7 days). A file that was
never committed stays an hour at least. Where no table is named, tables that were dropped longer ago go as well, and
originals that no row names any more.)";
  o.examples = {{"tarn vacuum --dry-run", "what would go"},
                {"tarn vacuum main.docs --retain 30d --yes", "one table, without a question"}};
  o.errors = {{Code::not_found, "there is no such table, or a tag's version cannot be read"},
              {Code::invalid_argument, "the duration is none, or it was not confirmed"},
              {Code::unsupported, "the table has a feature that Tarn does not write"}};
  o.read_only = false;
  o.destructive = true;
  o.list = "tables";
  return operation::declare<VacuumRequest, VacuumReply>(std::move(o));
}

Result<VacuumReply> Vacuum::run(const VacuumRequest& request, Tables& tables, TableLocks& locks, Databases& databases,
                                const base::Context& context) {
  const base::Stopwatch stopwatch;
  lake::VacuumOptions options;
  options.dry_run = request.dry_run;
  if (!request.retain.empty()) {
    TARN_ASSIGN(options.retain_us, base::parse_duration(request.retain));
  }
  TARN_ASSIGN(std::vector<Pinned> all, tables.pin_all(request.tables, "", false, context));
  TARN_ASSIGN(lake::LeaseHolder * holder, tables.leases());
  holder->release_idle();
  VacuumReply reply;
  reply.dry_run = request.dry_run;
  for (const Pinned& pinned : all) {
    TARN_TRY(context.check());
    const auto lock = locks.hold(pinned.name);
    const auto report = lake::vacuum(pinned.table, options, context);
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
    TARN_ASSIGN(const lake::Environment environment, tables.lake_environment(false, false));
    TARN_ASSIGN(const lake::AsideReport swept, lake::sweep_aside(environment, options, context));
    for (const lake::SweptTable& one : swept.removed) {
      SweptTable gone{lake::name_of_table(one.table.table), one.table.path, {}, one.files, one.size_bytes};
      if (one.table.dropped_at_us) gone.dropped_at = base::format_utc(*one.table.dropped_at_us);
      reply.dropped.push_back(std::move(gone));
    }
    TARN_ASSIGN(const auto connection, databases.connect());
    TARN_ASSIGN(const auto originals, lake::sweep_originals(environment, *connection, request.dry_run, context));
    reply.originals = static_cast<int64_t>(originals.size());
    for (const lake::RemovedFile& file : originals) reply.originals_bytes += file.size_bytes;
  }
  reply.took_ms = stopwatch.elapsed_ms();
  return reply;
}

}  // namespace tarn::workspace
