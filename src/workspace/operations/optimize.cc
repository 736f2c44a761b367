#include "workspace/operations/optimize.h"

#include "base/clock.h"
#include "workspace/counts.h"
#include "workspace/databases.h"
#include "workspace/table_locks.h"
#include "workspace/tables.h"

namespace tarn::workspace {

using base::Code;
using base::Result;
using base::Status;
using operation::Face;

operation::Declaration<OptimizeRequest, OptimizeReply> Optimize::declare() {
  operation::Operation o;
  o.name = "optimize";
  o.faces = {Face::cli, Face::network};
  o.doc = "merge small data files and their index segments";
  o.help = "Older versions stay readable. Nothing is encoded again.";
  o.examples = {
      {"tarn optimize", "every table"},
      {"tarn optimize main.docs", "one of them"},
      {"tarn optimize main.log --by time", "all of it in the order of a column, which queries by it skip files by"}};
  o.read_only = false;
  o.summary = true;
  o.list = "tables";
  return operation::declare<OptimizeRequest, OptimizeReply>(std::move(o));
}

Result<OptimizeReply> Optimize::run(const OptimizeRequest& request, Tables& tables, Databases& databases,
                                    TableLocks& locks, const base::Context& context) {
  const base::Stopwatch stopwatch;
  if (!request.by.empty() && request.tables.empty()) {
    return Status(Code::invalid_argument, "an order by a column needs its table", "tarn optimize TABLE --by COLUMN");
  }
  TARN_ASSIGN(std::vector<Pinned> all, tables.pin_all(request.tables, "", false, context));
  TARN_ASSIGN(auto connection, databases.connect());
  OptimizeReply reply;
  for (const Pinned& pinned : all) {
    TARN_TRY(context.check());
    if (pinned.table->link() && request.tables.empty()) continue;  // only read
    const auto lock = locks.hold(pinned.name);
    TARN_ASSIGN(const auto table, lake::writable(pinned.table));
    TARN_ASSIGN(base::Version version, table->optimize(*connection, {.cluster_by = request.by}, context));
    TARN_ASSIGN(auto after, pinned.table->snapshot(version));
    reply.tables.push_back({pinned.name, version.value, static_cast<int64_t>(pinned.snapshot->files.size()),
                            static_cast<int64_t>(after->files.size()), size_bytes(*pinned.snapshot),
                            size_bytes(*after)});
  }
  reply.took_ms = stopwatch.elapsed_ms();
  return reply;
}

}  // namespace tarn::workspace
