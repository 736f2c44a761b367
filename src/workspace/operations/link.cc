#include "workspace/operations/link.h"

#include <fmt/format.h>

#include "index/indexer.h"
#include "lake/link.h"
#include "lake/table_name.h"
#include "lake/text_table.h"
#include "workspace/counts.h"
#include "workspace/table_locks.h"
#include "workspace/tables.h"

namespace tarn::workspace {

using base::Code;
using base::Result;
using base::Status;
using operation::Face;

operation::Declaration<LinkRequest, LinkReply> Link::declare() {
  operation::Operation o;
  o.name = "link";
  o.faces = {Face::cli};
  o.doc = "read a Delta table or Parquet folder that lies elsewhere";
  o.help = R"(It becomes a table of the lake without a copy and is never written. What others commit to it is seen at
the next read. With a text column it can be searched: its index lies in the lake, and the table has the columns id,
title, uri and body beside its own.)";
  o.examples = {{"tarn link /data/sales --as main.sales", "query it with SQL"},
                {"tarn link ./tickets --as tickets --text description --id number", "search it as well"},
                {"tarn link /data/clone --as main.clone --allow-outside", "a shallow clone, whose files lie elsewhere"},
                {"tarn link --as tickets --delete", "take the link away"}};
  o.errors = {{Code::not_found, "there is no such folder, or no table in it"},
              {Code::already_exists, "the lake has a table of that name"},
              {Code::invalid_argument, "a column is not there, or the folder lies in the lake"},
              {Code::permission_denied, "its log names files outside its folder"}};
  o.read_only = false;
  return operation::declare<LinkRequest, LinkReply>(std::move(o));
}

Result<LinkReply> Link::run(const LinkRequest& request, Tables& tables, TableLocks& locks,
                            const base::Context& context) {
  LinkReply reply;
  TARN_ASSIGN(reply.table, lake::full_name(request.as));
  const std::string path = lake::path_of_table(reply.table);
  const auto lock = locks.hold(reply.table);
  TARN_ASSIGN(const lake::Environment environment, tables.lake_environment(!request.remove, false));
  if (request.remove) {
    if (!request.path.empty()) {
      return Status(Code::invalid_argument, "--delete takes no path", "tarn link --as TABLE --delete");
    }
    const auto link = lake::read_link(*environment.store, path);
    if (link.status().code() == Code::not_found) {
      return Status(Code::not_found, fmt::format("{} is no link", reply.table), "tarn show TABLE says what a table is");
    }
    TARN_TRY(link);
    TARN_TRY(lake::remove_link(environment, path));
    tables.forget(reply.table);
    reply.change = "deleted";
    reply.target = link->target;
    reply.kind = link->kind;
    return reply;
  }
  if (request.path.empty()) return Status(Code::invalid_argument, "what is to be linked?", "tarn link PATH --as TABLE");
  lake::LinkInfo info;
  info.target = request.path;
  info.text = request.text;
  info.id = request.id;
  info.title = request.title;
  info.uri = request.uri;
  info.outside = request.allow_outside;
  TARN_ASSIGN(const auto table, lake::create_link(environment, path, info));
  tables.forget(reply.table);
  TARN_ASSIGN(const auto snapshot, table->snapshot());
  reply.change = "made";
  reply.target = table->link()->target;
  reply.kind = table->link()->kind;
  reply.version = snapshot->version.value;
  reply.files = static_cast<int64_t>(snapshot->files.size());
  reply.rows = live_rows(*snapshot);
  reply.searchable = lake::is_text_table(snapshot->schema);
  return reply;
}

}  // namespace tarn::workspace
