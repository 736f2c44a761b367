// tag, and what --as-of means.
#include <fmt/format.h>

#include "ingest/text_table.h"
#include "lake/tags.h"
#include "workspace/workspace.h"

namespace tarn::workspace {
namespace {

using base::Code;
using base::Result;
using base::Status;

TagInfo to_info(const lake::Tag& tag) {
  TagInfo info{tag.name, base::format_utc(tag.created_at_us), {}};
  for (const auto& [path, pinned] : tag.tables) info.tables.push_back({ingest::table_name(path), pinned.version.value});
  return info;
}

}  // namespace

Result<AsOf> Workspace::as_of(const std::string& text) {
  AsOf wanted{text, {}, {}, {}};
  if (text.empty()) return wanted;
  if (text.size() <= 18 && text.find_first_not_of("0123456789") == std::string::npos) {
    wanted.version = base::Version(std::stoll(text));
    return wanted;
  }
  if (const auto time = base::parse_utc(text); time.ok()) {
    wanted.time_us = *time;
    return wanted;
  }
  if (!lake::is_tag_name(text)) {
    return Status(Code::invalid_argument, fmt::format("--as-of '{}' is neither a version, a time nor a tag", text),
                  "write a version such as 12, a time such as 2026-11-22T10:00:00Z, or a tag's name; tarn history and "
                  "tarn tag list them");
  }
  TARN_ASSIGN(store::Store * lake_store, store(false));
  TARN_ASSIGN(wanted.tag, lake::read_tag(*lake_store, text));
  return wanted;
}

Result<std::optional<base::Version>> Workspace::version_of(const lake::Table& table, const AsOf& wanted,
                                                           const base::Context& context) {
  std::optional<base::Version> version = wanted.version;
  if (wanted.time_us) {
    TARN_ASSIGN(version, table.version_at(*wanted.time_us, context));
  } else if (wanted.tag) {
    const auto pinned = wanted.tag->tables.find(table.path());
    if (pinned == wanted.tag->tables.end()) {
      return Status(Code::not_found,
                    fmt::format("tag '{}' names no version of {}", wanted.tag->name, ingest::table_name(table.path())),
                    "tarn tag lists what each tag names");
    }
    TARN_ASSIGN(const auto newest, table.snapshot({}, context));
    if (newest->table_id != pinned->second.table_id) {
      return Status(Code::not_found, fmt::format("tag '{}' is of another table that was called {}", wanted.tag->name,
                                                 ingest::table_name(table.path())));
    }
    version = pinned->second.version;
  }
  return version;
}

Result<TagReply> Workspace::tag(const TagRequest& request, const base::Context& context) {
  TagReply reply;
  TARN_ASSIGN(store::Store * lake_store, store(false));
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
    TARN_ASSIGN(all, pin_all({}, "", false, context));
    // What a link points to, others vacuum: no tag keeps it.
    std::erase_if(all, [](const Pinned& pinned) { return pinned.table->link().has_value(); });
    if (all.empty()) return Status(Code::not_found, "the lake has no table that could be tagged");
  } else {
    TARN_ASSIGN(Pinned pinned, pin(request.table, request.version ? std::to_string(*request.version) : "", context));
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
  // From here on no vacuum begins that does not see the tag. One that began before it may take what is tagged: then there is no tag.
  for (const Pinned& pinned : all) {
    Status kept = pinned.table->check_no_vacuum();
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
