#include "workspace/operations/tables.h"

#include "base/clock.h"
#include "workspace/counts.h"
#include "workspace/lake_store.h"
#include "workspace/tables.h"

namespace tarn::workspace {

using base::Result;
using operation::Face;

operation::Declaration<TablesRequest, TablesReply> ListTables::declare() {
  operation::Operation o;
  o.name = "tables";
  o.tool = "list_tables";
  o.faces = {Face::cli, Face::model, Face::network};
  o.doc = "list the tables of the lake";
  o.tool_help = "List the tables of the lake with their version and number of rows. Start here to learn what there is.";
  o.examples = {{"tarn tables", "names, versions, rows"}, {"tarn tables --as-of 2026-11-01", "as they were"}};
  o.list = "tables";
  return operation::declare<TablesRequest, TablesReply>(
      std::move(o), [](const TablesReply& r) { return r.tables.empty() && !r.unreadable.empty() ? 1 : 0; });
}

Result<TablesReply> ListTables::run(const TablesRequest& request, Tables& tables, LakeStore& lake,
                                    const base::Context& context) {
  TablesReply reply;
  reply.lake = lake.directory();
  std::vector<PassedOver> passed_over;
  TARN_ASSIGN(std::vector<Pinned> all, tables.pin_all({}, request.as_of, false, context, &passed_over));
  for (const PassedOver& table : passed_over) {
    reply.unreadable.push_back({table.name, table.status.message(), table.status.hint()});
  }
  for (const Pinned& pinned : all) {
    reply.tables.push_back({pinned.name, pinned.snapshot->version.value,
                            base::format_utc(pinned.snapshot->committed_at_us), live_rows(*pinned.snapshot),
                            static_cast<int64_t>(pinned.snapshot->files.size()), size_bytes(*pinned.snapshot)});
  }
  return reply;
}

}  // namespace tarn::workspace
