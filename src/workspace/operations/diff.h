// diff: two versions of a table, row by row and, in texts, word by word.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "json/value.h"
#include "operation/operation.h"

namespace tarn::workspace {

class Databases;
class Tables;

struct DiffRequest {
  std::string table;
  std::string versions;  // "A..B": versions, times or tags; "A.." and "A" end at the newest
  int64_t limit = 20;    // rows
};
struct DiffSide {
  int64_t version = 0;
  std::string committed_at;
};
struct DiffPart {
  std::string op;  // "=" both, "-" before, "+" after
  std::string text;
};
struct DiffPassage {
  int64_t line_before = 1, line_after = 1;
  std::vector<DiffPart> parts;
};
struct DiffCell {
  std::string column;
  json::Value before, after;          // long text is cut
  std::vector<DiffPassage> passages;  // of a text that changed: where, and how
  bool truncated = false;             // there are more passages
};
struct DiffLine {
  std::string change;  // added, removed, changed
  std::optional<std::string> id;
  std::vector<DiffCell> columns;  // those that differ; of a row that came or went, those that have a value
};
struct DiffReply {
  std::string table;
  DiffSide from, to;
  int64_t added = 0, removed = 0, changed = 0;
  std::vector<std::string> columns_added, columns_removed;
  std::vector<DiffLine> rows;  // at most `limit`
  bool truncated = false;
  int64_t files_read = 0, files = 0;
  double took_ms = 0;
};

struct Diff {
  static operation::Declaration<DiffRequest, DiffReply> declare();
  static base::Result<DiffReply> run(const DiffRequest& request, Tables& tables, Databases& databases,
                                     const base::Context& context);
};

}  // namespace tarn::workspace

namespace tarn::operation {

template <>
struct Describe<workspace::DiffRequest> {
  static auto fields() {
    using R = workspace::DiffRequest;
    return std::tuple{
        field("table", &R::table, "namespace.name, or a name in main").required().positional(),
        field("versions", &R::versions, "from and to: versions, times or tags; A alone ends at the newest")
            .required()
            .positional()
            .metavar("A..B"),
        field("limit", &R::limit, "show so many rows; all are counted").between(0, 10'000).letter('n').metavar("N"),
    };
  }
};
template <>
struct Describe<workspace::DiffSide> {
  static auto fields() {
    using R = workspace::DiffSide;
    return std::tuple{
        field("version", &R::version, "the version"),
        field("committed_at", &R::committed_at, "when it was committed"),
    };
  }
};
template <>
struct Describe<workspace::DiffPart> {
  static auto fields() {
    using R = workspace::DiffPart;
    return std::tuple{
        field("op", &R::op, "= in both, - before only, + after only"),
        field("text", &R::text, "the words"),
    };
  }
};
template <>
struct Describe<workspace::DiffPassage> {
  static auto fields() {
    using R = workspace::DiffPassage;
    return std::tuple{
        field("line_before", &R::line_before, "line where it begins, before"),
        field("line_after", &R::line_after, "line where it begins, after"),
        field("parts", &R::parts, "in order"),
    };
  }
};
template <>
struct Describe<workspace::DiffCell> {
  static auto fields() {
    using R = workspace::DiffCell;
    return std::tuple{
        field("column", &R::column, "its name"),
        field("before", &R::before, "its value before; long text is cut; NaN and infinities are text").omit_empty(),
        field("after", &R::after, "its value after; long text is cut; NaN and infinities are text").omit_empty(),
        field("passages", &R::passages, "of a text: what changed in it").omit_empty(),
        field("truncated", &R::truncated, "there are more passages"),
    };
  }
};
template <>
struct Describe<workspace::DiffLine> {
  static auto fields() {
    using R = workspace::DiffLine;
    return std::tuple{
        field("change", &R::change, "added, removed or changed"),
        field("id", &R::id, "the row's id; null where the table has none"),
        field("columns", &R::columns, "what differs; of an added or removed row, what it holds"),
    };
  }
};
template <>
struct Describe<workspace::DiffReply> {
  static auto fields() {
    using R = workspace::DiffReply;
    return std::tuple{
        field("table", &R::table, "namespace.name"),
        field("from", &R::from, "the older side"),
        field("to", &R::to, "the newer side"),
        field("added", &R::added, "rows that only the newer side has"),
        field("removed", &R::removed, "rows that only the older side has"),
        field("changed", &R::changed, "rows that both have, with other values"),
        field("columns_added", &R::columns_added, "columns that only the newer side has").omit_empty(),
        field("columns_removed", &R::columns_removed, "columns that only the older side has").omit_empty(),
        field("rows", &R::rows, "at most limit of them"),
        field("truncated", &R::truncated, "there are more"),
        field("files_read", &R::files_read, "data files that had to be looked at"),
        field("files", &R::files, "data files of both sides"),
        field("took_ms", &R::took_ms, "wall time in milliseconds"),
    };
  }
};

}  // namespace tarn::operation
