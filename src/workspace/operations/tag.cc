#include "workspace/operations/tag.h"

#include <fmt/format.h>

#include "base/clock.h"
#include "lake/table_name.h"
#include "lake/tags.h"
#include "workspace/lake_store.h"
#include "workspace/tables.h"

namespace tarn::workspace {

using base::Code;
using base::Result;
using base::Status;
using operation::Face;

namespace {

TagInfo to_info(const lake::Tag& tag) {
  TagInfo info{tag.name, base::format_utc(tag.created_at_us), {}};
  for (const auto& [path, pinned] : tag.tables) {
    info.tables.push_back({lake::name_of_table(path), pinned.version.value});
  }
  return info;
}

}  // namespace

operation::Declaration<TagRequest, TagReply> Tag::declare() {
  operation::Operation o;
  o.name = "tag";
  o.faces = {Face::cli, Face::network};
  o.doc = "name versions and keep them; list or delete tags";
  o.help = R"(A tag names one version of a table, or the newest of every table, and keeps it: vacuum leaves what a tag
needs, for as long as the tag is there. Everything that takes --as-of takes a tag.)";
  o.examples = {{"tarn tag release-1", "every table as it is now"},
                {"tarn tag audit main.docs --version 12", "one version of one table"},
                {"tarn tag", "all tags"},
                {"tarn tag audit --delete", "give it up"}};
  o.errors = {{Code::already_exists, "there is a tag of that name"},
              {Code::not_found, "there is no such tag, table or version, or its files are gone"},
              {Code::conflict, "a vacuum is under way"}};
  o.read_only = false;
  o.list = "tags";
  return operation::declare<TagRequest, TagReply>(std::move(o));
}

Result<TagReply> Tag::run(const TagRequest& request, Tables& tables, LakeStore& lake, const base::Context& context) {
  TagReply reply;
  TARN_ASSIGN(store::Store * lake_store, lake.open());
  if (request.name.empty()) {
    if (request.remove) return Status(Code::invalid_argument, "which tag is to be deleted?", "tarn tag NAME --delete");
    TARN_ASSIGN(const auto tags, lake::list_tags(*lake_store));
    for (const lake::Tag& tag : tags) reply.tags.push_back(to_info(tag));
    return reply;
  }
  if (request.remove) {
    const auto tag = lake::read_tag(*lake_store, request.name);
    // One that is damaged can be given up as well.
    if (!tag.ok() && tag.status().code() != Code::corruption) return tag.status();
    TARN_TRY(lake::delete_tag(*lake_store, request.name));
    reply.change = "deleted";
    reply.tags.push_back(tag.ok() ? to_info(*tag) : TagInfo{request.name, "", {}});
    return reply;
  }
  TARN_TRY(lake::check_tag_name(request.name));
  if (request.version && request.table.empty()) {
    return Status(Code::invalid_argument, "--version needs a table", "tarn tag NAME TABLE --version V");
  }
  std::vector<Pinned> all;
  if (request.table.empty()) {
    TARN_ASSIGN(all, tables.pin_all({}, "", false, context));
    // What a link points to, others vacuum: no tag keeps it.
    std::erase_if(all, [](const Pinned& pinned) { return pinned.table->link().has_value(); });
    if (all.empty()) return Status(Code::not_found, "the lake has no table that could be tagged");
  } else {
    TARN_ASSIGN(Pinned pinned,
                tables.pin(request.table, request.version ? std::to_string(*request.version) : "", context));
    if (pinned.table->link()) {
      return Status(
          Code::permission_denied,
          fmt::format("{} is a link to {}, which a tag cannot keep", pinned.name, pinned.table->link()->target),
          "pull it into a table of its own, and tag that");
    }
    all.push_back(std::move(pinned));
  }
  lake::Tag tag{request.name, base::system_clock().now_us(), {}};
  for (const Pinned& pinned : all) {
    tag.tables[pinned.table->path()] = {pinned.snapshot->table_id, pinned.snapshot->version};
  }
  TARN_TRY(lake::put_tag(*lake_store, tag));
  // From here on no vacuum begins that does not see the tag. One that began before it may take what is tagged: then
  // there is no tag.
  for (const Pinned& pinned : all) {
    TARN_ASSIGN(const auto table, lake::writable(pinned.table));
    Status kept = table->check_no_vacuum();
    if (kept.ok()) kept = pinned.table->check_files(*pinned.snapshot);
    if (kept.ok()) continue;
    TARN_TRY(lake::delete_tag(*lake_store, request.name));
    return kept;
  }
  reply.change = "made";
  reply.tags.push_back(to_info(tag));
  return reply;
}

}  // namespace tarn::workspace
