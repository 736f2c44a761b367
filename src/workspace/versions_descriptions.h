// Fields of the requests and replies in versions.h.
#pragma once

#include "operation/operation.h"
#include "workspace/versions.h"

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
        field("took_ms", &R::took_ms, "wall time in milliseconds"),
    };
  }
};

template <>
struct Describe<workspace::RestoreRequest> {
  static auto fields() {
    using R = workspace::RestoreRequest;
    return std::tuple{
        field("table", &R::table, "namespace.name, or a name in main").required().positional(),
        field("to", &R::to, "what to go back to").required().positional().metavar("VERSION|TIME|TAG"),
    };
  }
};
template <>
struct Describe<workspace::RestoreReply> {
  static auto fields() {
    using R = workspace::RestoreReply;
    return std::tuple{
        field("table", &R::table, "namespace.name"),
        field("restored", &R::restored, "the version that it went back to"),
        field("version", &R::version, "its version now"),
        field("changed", &R::changed, "false when it was the same already"),
        field("rows", &R::rows, "live rows now"),
        field("files", &R::files, "data files now"),
    };
  }
};

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

template <>
struct Describe<workspace::ForgetRequest> {
  static auto fields() {
    using R = workspace::ForgetRequest;
    return std::tuple{
        field("id", &R::id, "the row's id, or its uri or path where one row has it").required().positional(),
        field("in", &R::in, "tables; every table with an id when none is named").commas().metavar("TABLE"),
        field("dry_run", &R::dry_run, "say what would go and change nothing"),
    };
  }
};
template <>
struct Describe<workspace::ForgottenTable> {
  static auto fields() {
    using R = workspace::ForgottenTable;
    return std::tuple{
        field("table", &R::table, "namespace.name"),
        field("version", &R::version, "its version afterwards"),
        field("rows", &R::rows, "rows in data files of all versions"),
        field("rewritten", &R::rewritten, "live data files written anew"),
        field("removed", &R::removed, "data files, segments, lexicons and log files that went").omit_empty(),
        field("cut", &R::cut, "log files and bookmarks out of which words were taken").omit_empty(),
        field("lost_versions", &R::lost_versions, "versions that can no longer be read in full"),
    };
  }
};
template <>
struct Describe<workspace::ForgetReply> {
  static auto fields() {
    using R = workspace::ForgetReply;
    return std::tuple{
        field("id", &R::id, "the id that was forgotten"),
        field("found", &R::found, "something was found"),
        field("dry_run", &R::dry_run, "nothing was changed"),
        field("tables", &R::tables, "where it was found"),
        field("receipts", &R::receipts, "receipts that quoted it, removed"),
        field("tags", &R::tags, "tags that name a version that can no longer be read in full"),
        field("notes", &R::notes, "what is left to do"),
        field("took_ms", &R::took_ms, "wall time in milliseconds"),
    };
  }
};

}  // namespace tarn::operation
