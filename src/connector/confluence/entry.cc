#include "connector/confluence/entry.h"

#include <algorithm>

#include "document/read.h"

namespace tarn::connector::confluence {

using json::Value;

namespace {

std::optional<int64_t> time_of(const Value& value) { return document::stated_time(value.as_string()); }

}  // namespace

std::string name_of(const Value& user) {
  for (const char* name : {"displayName", "publicName", "username", "accountId"}) {
    if (!user[name].as_string().empty()) return user[name].as_string();
  }
  return {};
}

std::optional<Kind> kind_of(std::string_view type) {
  if (type == "page") return Kind::page;
  if (type == "blogpost") return Kind::post;
  if (type == "comment") return Kind::comment;
  if (type == "attachment") return Kind::attachment;
  return {};
}

Entry entry_v1(const Value& c) {
  Entry e;
  e.kind = kind_of(c["type"].as_string()).value_or(Kind::page);
  e.id = c["id"].as_string();
  e.title = c["title"].as_string();
  e.status = c["status"].as_string();
  e.space = c["space"]["key"].as_string();
  e.version = c["version"]["number"].as_int();
  e.author = name_of(c["history"]["createdBy"]);
  e.created_at_us = time_of(c["history"]["createdDate"]);
  e.updated_at_us = time_of(c["version"]["when"]);
  e.webui = c["_links"]["webui"].as_string();
  if (const auto& above = c["ancestors"].items(); !above.empty()) {
    e.parent = above.back()["id"].as_string();
    for (const Value& one : above) {
      if (e.kind == Kind::page) e.above.emplace_back(one["id"].as_string(), one["title"].as_string());
    }
  }
  e.container = c["container"]["id"].as_string();
  for (const Value& label : c["metadata"]["labels"]["results"].items()) e.labels.push_back(label["name"].as_string());
  std::sort(e.labels.begin(), e.labels.end());
  const Value& more = c["extensions"];
  e.is_inline = more["location"] == Value("inline");
  e.is_resolved = more["resolution"]["status"] == Value("resolved");
  e.selection = more["inlineProperties"]["originalSelection"].as_string();
  e.media_type = more["mediaType"].as_string();
  e.size_bytes = static_cast<uint64_t>(std::max<int64_t>(more["fileSize"].as_int(), 0));
  e.note = more["comment"].as_string();
  e.download = c["_links"]["download"].as_string();
  e.storage = c["body"]["storage"]["value"].as_string();
  return e;
}

Entry entry_v2(const Value& c, Kind kind, const std::map<std::string, std::string>& space_keys) {
  Entry e;
  e.kind = kind;
  e.id = c["id"].as_string();
  e.title = c["title"].as_string();
  e.status = c["status"].as_string();
  const auto space = space_keys.find(c["spaceId"].as_string());
  if (space != space_keys.end()) e.space = space->second;
  e.version = c["version"]["number"].as_int();
  e.author = (c["authorId"].is_string() ? c : c["version"])["authorId"].as_string();
  e.created_at_us = time_of(c["createdAt"]);
  e.updated_at_us = time_of(c["version"]["createdAt"]);
  e.webui = kind == Kind::attachment ? c["webuiLink"].as_string() : c["_links"]["webui"].as_string();
  e.parent = c[kind == Kind::comment ? "parentCommentId" : "parentId"].as_string();
  for (const char* container : {"pageId", "blogPostId", "attachmentId"}) {
    if (kind == Kind::page || kind == Kind::post || !e.container.empty()) break;
    e.container = c[container].as_string();
  }
  e.is_resolved = c["resolutionStatus"] == Value("resolved");
  e.selection = c["properties"]["inlineOriginalSelection"].as_string();
  e.media_type = c["mediaType"].as_string();
  e.size_bytes = static_cast<uint64_t>(std::max<int64_t>(c["fileSize"].as_int(), 0));
  e.note = c["comment"].as_string();
  e.download = c["downloadLink"].as_string();
  for (const Value& label : c["labels"]["results"].items()) e.labels.push_back(label["name"].as_string());
  std::sort(e.labels.begin(), e.labels.end());
  e.storage = c["body"]["storage"]["value"].as_string();
  return e;
}

}  // namespace tarn::connector::confluence
