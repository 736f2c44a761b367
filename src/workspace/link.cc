// link: a table that lies elsewhere, under a name in the lake.
#include "lake/link.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "ingest/text_table.h"
#include "workspace/workspace.h"

namespace tarn::workspace {

using base::Code;
using base::Result;
using base::Status;

Result<LinkReply> Workspace::link(const LinkRequest& request, const base::Context&) {
  LinkReply reply;
  TARN_ASSIGN(reply.table, ingest::canonical_table(request.as));
  const std::string path = ingest::table_path(reply.table);
  const auto lock = writing_.hold(reply.table);
  TARN_ASSIGN(const lake::Environment environment, lake_environment(!request.remove, false));
  if (request.remove) {
    if (!request.path.empty())
      return Status(Code::invalid_argument, "--delete takes no path", "tarn link --as TABLE --delete");
    const auto link = lake::read_link(*environment.store, path);
    if (link.status().code() == Code::not_found) {
      return Status(Code::not_found, fmt::format("{} is no link", reply.table), "tarn show TABLE says what a table is");
    }
    TARN_TRY(link);
    TARN_TRY(lake::remove_link(environment, path));
    forget_opened(reply.table);
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
  forget_opened(reply.table);
  TARN_ASSIGN(const auto snapshot, table->snapshot());
  reply.change = "made";
  reply.target = table->link()->target;
  reply.kind = table->link()->kind;
  reply.version = snapshot->version.value;
  reply.files = static_cast<int64_t>(snapshot->files.size());
  for (const auto& [name, file] : snapshot->files) {
    reply.rows += file.row_count().value_or(0) - (file.deletion_vector ? file.deletion_vector->cardinality : 0);
  }
  reply.searchable = index::is_indexed(snapshot->schema);
  return reply;
}

std::vector<std::string> Workspace::readable_directories() {
  std::vector<std::string> directories{options_.lake};
  const auto lake_store = store(false);
  if (!lake_store.ok()) return directories;
  const auto links = lake::list_links(**lake_store);
  if (!links.ok()) return directories;
  for (const auto& [path, link] : *links) {
    // One whose folder is away does not keep the others from being read.
    std::error_code error;
    if (!std::filesystem::is_directory(link.target, error)) continue;
    directories.push_back(link.target);
    if (!link.outside) continue;
    const auto linked = table(ingest::table_name(path), {}, {});
    const auto newest =
        linked.ok() ? (*linked)->snapshot() : Result<std::shared_ptr<const delta::Snapshot>>(linked.status());
    if (!newest.ok()) continue;
    for (const auto& [file, data] : (*newest)->files) {
      if (file.starts_with('/') && std::filesystem::exists(file, error)) directories.push_back(file);
    }
  }
  return directories;
}

}  // namespace tarn::workspace
