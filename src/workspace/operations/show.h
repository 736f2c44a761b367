// show: one table, its columns, sources and indexes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "operation/operation.h"
#include "workspace/operations/fields.h"

namespace tarn::workspace {

class Indexing;
class LakeStore;
class Tables;

struct ShowRequest {
  std::string table;
  std::string as_of;
};
struct ColumnInfo {
  std::string name;
  std::string type;  // DuckDB's name of it
  bool nullable = true;
};
struct TableSource {
  std::string id, url;
  int64_t bookmark = 0;  // n of txn(id, n)
  std::optional<std::string> pulled_at;
  std::optional<std::string> reading;  // as options of pull, where it is not by default
};
struct IndexInfo {
  std::string definition;  // hash
  std::string kind;        // lexical, semantic
  std::string made_with;   // the analyzer's or encoder's identity
  double coverage = 0;     // share of the live set
  int64_t segments = 0, passages = 0, size_bytes = 0;
};
struct TableProperty {
  std::string name, value;
};
struct TableTag {
  std::string tag;
  int64_t version = 0;
};
struct TableLink {
  std::string target, kind;
  std::string id, title, uri, text;  // columns that make it searchable
  bool outside = false;
};
struct ShowReply {
  std::string table;
  int64_t version = 0;
  std::string committed_at;
  std::string path;
  int64_t rows = 0, deleted_rows = 0, files = 0, size_bytes = 0;
  std::vector<ColumnInfo> columns;
  std::vector<TableSource> sources;
  std::vector<IndexInfo> indexes;
  std::optional<int64_t> oldest_version;  // that the log has a commit of
  std::vector<std::string> partitioned_by;
  std::vector<TableProperty> properties;
  std::vector<TableTag> tags;
  std::optional<TableLink> link;
};

struct Show {
  static operation::Declaration<ShowRequest, ShowReply> declare();
  static base::Result<ShowReply> run(const ShowRequest& request, Tables& tables, LakeStore& lake, Indexing& indexing,
                                     const base::Context& context);
};

}  // namespace tarn::workspace

namespace tarn::operation {

template <>
struct Describe<workspace::ShowRequest> {
  static auto fields() {
    using R = workspace::ShowRequest;
    return std::tuple{
        field("table", &R::table, "namespace.name, or a name in main").required().positional(),
        as_of_field(&R::as_of),
    };
  }
};
template <>
struct Describe<workspace::ColumnInfo> {
  static auto fields() {
    using R = workspace::ColumnInfo;
    return std::tuple{
        field("name", &R::name, "column"),
        field("type", &R::type, "SQL type"),
        field("nullable", &R::nullable, "may be NULL"),
    };
  }
};
template <>
struct Describe<workspace::TableSource> {
  static auto fields() {
    using R = workspace::TableSource;
    return std::tuple{
        field("id", &R::id, "the source's id"),
        field("url", &R::url, "where it is"),
        field("bookmark", &R::bookmark, "number of its bookmark"),
        field("pulled_at", &R::pulled_at, "when it was last pulled"),
        field("reading", &R::reading, "how it is read, as options of pull, where not by default").omit_empty(),
    };
  }
};
template <>
struct Describe<workspace::IndexInfo> {
  static auto fields() {
    using R = workspace::IndexInfo;
    return std::tuple{
        field("definition", &R::definition, "hash of the index definition"),
        field("kind", &R::kind, "lexical or semantic"),
        field("made_with", &R::made_with, "its analyzer or encoder"),
        field("coverage", &R::coverage, "share of the live rows that it covers, 0 to 1"),
        field("segments", &R::segments, "segments on disk"),
        field("passages", &R::passages, "passages in them"),
        field("size_bytes", &R::size_bytes, "bytes on disk"),
    };
  }
};
template <>
struct Describe<workspace::TableProperty> {
  static auto fields() {
    using R = workspace::TableProperty;
    return std::tuple{
        field("name", &R::name, "the property"),
        field("value", &R::value, "its value"),
    };
  }
};
template <>
struct Describe<workspace::TableTag> {
  static auto fields() {
    using R = workspace::TableTag;
    return std::tuple{
        field("tag", &R::tag, "the tag"),
        field("version", &R::version, "the version that it keeps"),
    };
  }
};
template <>
struct Describe<workspace::TableLink> {
  static auto fields() {
    using R = workspace::TableLink;
    return std::tuple{
        field("target", &R::target, "the folder that it points to"),
        field("kind", &R::kind, "delta or parquet"),
        field("id", &R::id, "the column taken as id"),
        field("title", &R::title, "the column taken as title"),
        field("uri", &R::uri, "the column taken as uri"),
        field("text", &R::text, "the column taken as body"),
        field("outside", &R::outside, "data files may lie elsewhere on this machine (--allow-outside)"),
    };
  }
};
template <>
struct Describe<workspace::ShowReply> {
  static auto fields() {
    using R = workspace::ShowReply;
    return std::tuple{
        field("table", &R::table, "namespace.name"),
        field("version", &R::version, "its version"),
        field("committed_at", &R::committed_at, "when that version was committed"),
        field("path", &R::path, "its directory"),
        field("rows", &R::rows, "live rows"),
        field("deleted_rows", &R::deleted_rows, "rows in its files that deletion vectors hide"),
        field("files", &R::files, "data files"),
        field("size_bytes", &R::size_bytes, "bytes in data files"),
        field("columns", &R::columns, "in their order"),
        field("sources", &R::sources, "what has been pulled into it"),
        field("indexes", &R::indexes, "what it can be searched by"),
        field("oldest_version", &R::oldest_version, "the oldest version that its log still has"),
        field("partitioned_by", &R::partitioned_by, "columns by whose values its files are parted"),
        field("properties", &R::properties, "its Delta properties"),
        field("tags", &R::tags, "tags that keep versions of it"),
        field("link", &R::link, "where it lies, when it is only linked").omit_empty(),
    };
  }
};

}  // namespace tarn::operation
