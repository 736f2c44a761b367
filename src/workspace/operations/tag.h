// tag: versions named and kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "operation/operation.h"

namespace tarn::workspace {

class LakeStore;
class Tables;

struct TagRequest {
  std::string name;   // "" lists
  std::string table;  // "" = every table
  std::optional<int64_t> version;
  bool remove = false;
};
struct TaggedTable {
  std::string table;
  int64_t version = 0;
};
struct TagInfo {
  std::string tag;
  std::string created_at;
  std::vector<TaggedTable> tables;
};
struct TagReply {
  std::string change;         // "", "made" or "deleted"
  std::vector<TagInfo> tags;  // all of them, or the one that was made or deleted
};

struct Tag {
  static operation::Declaration<TagRequest, TagReply> declare();
  static base::Result<TagReply> run(const TagRequest& request, Tables& tables, LakeStore& lake,
                                    const base::Context& context);
};

}  // namespace tarn::workspace

namespace tarn::operation {

template <>
struct Describe<workspace::TagRequest> {
  static auto fields() {
    using R = workspace::TagRequest;
    return std::tuple{
        field("name", &R::name, "the tag; without one, all tags are listed").positional(),
        field("table", &R::table, "tag this table only; without one, every table of the lake").positional(),
        field("version", &R::version, "an older version of the table, instead of its newest").at_least(0).metavar("V"),
        field("delete", &R::remove, "give the tag up: what only it kept, the next vacuum takes"),
    };
  }
};
template <>
struct Describe<workspace::TaggedTable> {
  static auto fields() {
    using R = workspace::TaggedTable;
    return std::tuple{
        field("table", &R::table, "namespace.name"),
        field("version", &R::version, "the version that the tag keeps"),
    };
  }
};
template <>
struct Describe<workspace::TagInfo> {
  static auto fields() {
    using R = workspace::TagInfo;
    return std::tuple{
        field("tag", &R::tag, "its name"),
        field("created_at", &R::created_at, "when it was made"),
        field("tables", &R::tables, "what it keeps"),
    };
  }
};
template <>
struct Describe<workspace::TagReply> {
  static auto fields() {
    using R = workspace::TagReply;
    return std::tuple{
        field("change", &R::change, "made, deleted, or empty for a list"),
        field("tags", &R::tags, "by name"),
    };
  }
};

}  // namespace tarn::operation
