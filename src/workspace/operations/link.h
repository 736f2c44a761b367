// link: a table that lies elsewhere, under a name in the lake.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "operation/operation.h"

namespace tarn::workspace {

class TableLocks;
class Tables;

struct LinkRequest {
  std::string path;                  // a folder; "" with `remove`
  std::string as;                    // the table's name
  std::string text, id, title, uri;  // columns that make it searchable
  bool allow_outside = false;
  bool remove = false;
};
struct LinkReply {
  std::string change;  // made or deleted
  std::string table, target;
  std::string kind;  // delta or parquet
  std::optional<int64_t> version;
  int64_t rows = 0, files = 0;
  bool searchable = false;
};

struct Link {
  static operation::Declaration<LinkRequest, LinkReply> declare();
  static base::Result<LinkReply> run(const LinkRequest& request, Tables& tables, TableLocks& locks,
                                     const base::Context& context);
};

}  // namespace tarn::workspace

namespace tarn::operation {

template <>
struct Describe<workspace::LinkRequest> {
  static auto fields() {
    using R = workspace::LinkRequest;
    return std::tuple{
        field("path", &R::path, "a Delta table's folder, or a folder of Parquet files").positional(),
        field("as", &R::as, "the name it gets in the lake: namespace.name, or a name in main")
            .required()
            .metavar("TABLE"),
        field("text", &R::text, "the column that is to be searched").metavar("COLUMN"),
        field("id", &R::id, "the column that tells rows apart; else id").metavar("COLUMN"),
        field("title", &R::title, "the column that is shown as the title; else title").metavar("COLUMN"),
        field("uri", &R::uri, "the column that says where the row is from; else uri, else the id").metavar("COLUMN"),
        field("allow_outside", &R::allow_outside,
              "its log may name data files elsewhere on this machine, by absolute paths and file: URLs"),
        field("delete", &R::remove, "take the link and its index away; what it points to stays"),
    };
  }
};
template <>
struct Describe<workspace::LinkReply> {
  static auto fields() {
    using R = workspace::LinkReply;
    return std::tuple{
        field("change", &R::change, "made or deleted"),
        field("table", &R::table, "namespace.name"),
        field("target", &R::target, "the folder that it points to"),
        field("kind", &R::kind, "delta or parquet"),
        field("version", &R::version, "the version that is there now; null for a deleted link"),
        field("rows", &R::rows, "live rows"),
        field("files", &R::files, "data files"),
        field("searchable", &R::searchable, "it can be searched; the first search builds its index"),
    };
  }
};

}  // namespace tarn::operation
