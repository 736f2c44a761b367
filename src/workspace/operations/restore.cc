#include "workspace/operations/restore.h"

#include "workspace/counts.h"
#include "workspace/table_locks.h"
#include "workspace/tables.h"

namespace tarn::workspace {

using base::Code;
using base::Result;
using operation::Face;

operation::Declaration<RestoreRequest, RestoreReply> Restore::declare() {
  operation::Operation o;
  o.name = "restore";
  o.faces = {Face::cli, Face::network};
  o.doc = "make a table what it was at a version, a time or a tag";
  o.help = R"(Makes a new version with the rows, columns and bookmarks of the older one. Nothing is lost: what came
after stays in the history. Data files and index segments are used again as they are.)";
  o.examples = {{"tarn restore main.docs 12", "to a version"},
                {"tarn restore main.docs release-1", "to a tag"},
                {"tarn restore main.docs 2026-11-22T10:00:00Z", "to a time"}};
  o.errors = {{Code::not_found, "there is no such version, or its files are gone"},
              {Code::conflict, "a vacuum is under way, or others write all the time"}};
  o.read_only = false;
  return operation::declare<RestoreRequest, RestoreReply>(std::move(o));
}

Result<RestoreReply> Restore::run(const RestoreRequest& request, Tables& tables, TableLocks& locks,
                                  const base::Context& context) {
  TARN_ASSIGN(Pinned target, tables.pin(request.table, request.to, context));
  const auto lock = locks.hold(target.name);
  TARN_ASSIGN(const auto before, target.table->snapshot());
  TARN_ASSIGN(const auto table, lake::writable(target.table));
  TARN_ASSIGN(const base::Version version, table->restore(target.snapshot->version, context));
  TARN_ASSIGN(const auto after, target.table->snapshot(version));
  RestoreReply reply;
  reply.table = target.name;
  reply.restored = target.snapshot->version.value;
  reply.version = version.value;
  reply.changed = version > before->version;
  reply.files = static_cast<int64_t>(after->files.size());
  reply.rows = live_rows(*after);
  return reply;
}

}  // namespace tarn::workspace
