// vacuum: files that no version worth keeping needs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "operation/operation.h"

namespace tarn::workspace {

class TableLocks;
class Databases;
class Tables;

inline constexpr size_t kMaxListed = 1000;  // files that a reply names

struct VacuumRequest {
  std::vector<std::string> tables;  // empty = all
  std::string retain;               // "7d", "12h", "0"; "" = as each table says
  bool dry_run = false;
};
struct VacuumedFile {
  std::string path;
  int64_t size_bytes = 0;
};
struct VacuumedTable {
  std::string table;
  int64_t version = 0;
  int64_t files = 0, segments = 0, size_bytes = 0;  // taken away: the table's own; segments; bytes of both
  int64_t kept_by_tags = 0, kept_by_leases = 0;
  std::vector<VacuumedFile> removed;  // the first kMaxListed
};
// A dropped table, or one whose making never ended.
struct SweptTable {
  std::string table;                      // what it was, or was to be
  std::string path;                       // in the lake
  std::optional<std::string> dropped_at;  // nothing: it was being made
  int64_t files = 0, size_bytes = 0;
};
struct VacuumReply {
  bool dry_run = false;
  std::vector<VacuumedTable> tables;
  std::vector<SweptTable> dropped;             // that went; only where no table is named
  int64_t originals = 0, originals_bytes = 0;  // that no row names any more; only where no table is named
  double took_ms = 0;
};

struct Vacuum {
  static operation::Declaration<VacuumRequest, VacuumReply> declare();
  static base::Result<VacuumReply> run(const VacuumRequest& request, Tables& tables, TableLocks& locks,
                                       Databases& databases, const base::Context& context);
};

}  // namespace tarn::workspace

namespace tarn::operation {

template <>
struct Describe<workspace::VacuumRequest> {
  static auto fields() {
    using R = workspace::VacuumRequest;
    return std::tuple{
        field("tables", &R::tables, "tables; all when none is named").positional().metavar("TABLE"),
        field("retain", &R::retain, "keep what was live within this time: 30d, 12h, 45m, 0").metavar("DURATION"),
        field("dry_run", &R::dry_run, "say what would go and remove nothing"),
    };
  }
};
template <>
struct Describe<workspace::VacuumedFile> {
  static auto fields() {
    using R = workspace::VacuumedFile;
    return std::tuple{
        field("path", &R::path, "relative to the table"),
        field("size_bytes", &R::size_bytes, "its bytes"),
    };
  }
};
template <>
struct Describe<workspace::VacuumedTable> {
  static auto fields() {
    using R = workspace::VacuumedTable;
    return std::tuple{
        field("table", &R::table, "namespace.name"),
        field("version", &R::version, "its version afterwards"),
        field("files", &R::files, "data files, deletion vectors, change files and bookmarks that went"),
        field("segments", &R::segments, "index files that went"),
        field("size_bytes", &R::size_bytes, "bytes of both"),
        field("kept_by_tags", &R::kept_by_tags, "files that only a tag keeps"),
        field("kept_by_leases", &R::kept_by_leases, "files that only a reader keeps"),
        field("removed", &R::removed, "the first 1000 of them").omit_empty(),
    };
  }
};
template <>
struct Describe<workspace::SweptTable> {
  static auto fields() {
    using R = workspace::SweptTable;
    return std::tuple{
        field("table", &R::table, "what it was, or was to be: namespace.name"),
        field("path", &R::path, "its folder in the lake"),
        field("dropped_at", &R::dropped_at, "null for one whose making was never ended"),
        field("files", &R::files, "its files"),
        field("size_bytes", &R::size_bytes, "their bytes"),
    };
  }
};
template <>
struct Describe<workspace::VacuumReply> {
  static auto fields() {
    using R = workspace::VacuumReply;
    return std::tuple{
        field("dry_run", &R::dry_run, "nothing was removed"),
        field("tables", &R::tables, "by name"),
        field("dropped", &R::dropped, "tables that were dropped long ago, or never made in full, that went")
            .omit_empty(),
        field("originals", &R::originals, "originals that no row names any more, that went").omit_empty(),
        field("originals_bytes", &R::originals_bytes, "their size").omit_empty(),
        field("took_ms", &R::took_ms, "wall time in milliseconds"),
    };
  }
};

}  // namespace tarn::operation
