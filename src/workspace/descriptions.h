// Every field of the operations' requests and replies, described once: see operation/field.h. From here come the JSON codecs, the
// schemas and the command line.
#pragma once

#include "workspace/operations.h"

namespace tarn::operation {

namespace w = tarn::workspace;

inline auto as_of_field(auto member) {
  return field("as_of", member, "read the lake as it was: a version (one table only), a time, or a tag")
      .metavar("VERSION|TIME|TAG");
}
inline auto took_field(auto member) { return field("took_ms", member, "wall time in milliseconds"); }

template <>
struct Describe<w::Coverage> {
  static auto fields() {
    return std::tuple{
        field("lexical", &w::Coverage::lexical, "share of the live rows that the word index covers, 0 to 1"),
        field("semantic", &w::Coverage::semantic, "share of the live rows that the vector index covers, 0 to 1"),
    };
  }
};
template <>
struct Describe<w::PinnedTable> {
  static auto fields() {
    return std::tuple{
        field("table", &w::PinnedTable::table, "namespace.name"),
        field("version", &w::PinnedTable::version, "the version that was read"),
        field("committed_at", &w::PinnedTable::committed_at, "when that version was committed"),
        field("coverage", &w::PinnedTable::coverage, "how much of it the indexes cover"),
    };
  }
};

template <>
struct Describe<w::PullRequest> {
  static auto fields() {
    return std::tuple{
        field("source", &w::PullRequest::source, "a folder, a file or a URL").required().positional(),
        field("into", &w::PullRequest::into, "the table to bring it into, made when it is not there").metavar("TABLE"),
        field("watch", &w::PullRequest::watch, "go on and pull again whenever the source changes, until Ctrl-C"),
        field("dry_run", &w::PullRequest::dry_run, "say what would change and write nothing"),
        field("commit_every", &w::PullRequest::commit_every, "commit after so many documents")
            .between(1, 1'000'000)
            .metavar("N"),
        field("include", &w::PullRequest::include, "only paths that match one of these globs").metavar("GLOB"),
        field("exclude", &w::PullRequest::exclude, "no paths that match one of these globs").metavar("GLOB"),
        field("no_ignore", &w::PullRequest::no_ignore, "take what .gitignore and .tarnignore files leave out, too"),
        field("allow_empty", &w::PullRequest::allow_empty,
              "delete all rows of a source that is empty and on another file system than before"),
        field("as", &w::PullRequest::as,
              "take the files that match as markdown, html or text: markdown:*.qmd; kept with the source")
            .metavar("TYPE:PATTERN"),
        field("charset", &w::PullRequest::charset,
              "what the files are written in, such as windows-1252; kept with the source")
            .metavar("NAME"),
        field("whole_page", &w::PullRequest::whole_page,
              "take all text of web pages, their navigation too; kept with the source"),
        field("default_reading", &w::PullRequest::default_reading,
              "forget the --as, --charset and --whole-page that were kept"),
    };
  }
};
template <>
struct Describe<w::Reject> {
  static auto fields() {
    return std::tuple{
        field("item", &w::Reject::item, "path or URI"),
        field("place", &w::Reject::place, "line or byte in the item; empty for all of it"),
        field("reason", &w::Reject::reason, "why it was not taken"),
    };
  }
};
template <>
struct Describe<w::PullChange> {
  static auto fields() {
    return std::tuple{
        field("change", &w::PullChange::change, "added, changed, renamed, deleted or taken over"),
        field("uri", &w::PullChange::uri, "the item"),
        field("from", &w::PullChange::from, "its former URI, for a rename and for what is taken over").omit_empty(),
    };
  }
};
template <>
struct Describe<w::PullReply> {
  static auto fields() {
    return std::tuple{
        field("source", &w::PullReply::source, "as given"),
        field("table", &w::PullReply::table, "namespace.name"),
        field("version", &w::PullReply::version, "the table's version after the pull"),
        field("dry_run", &w::PullReply::dry_run, "nothing was written"),
        field("commits", &w::PullReply::commits, "commits made; 0 when nothing had changed"),
        field("seen", &w::PullReply::seen, "items in the source"),
        field("added", &w::PullReply::added, "new items"),
        field("changed", &w::PullReply::changed, "items with new content"),
        field("renamed", &w::PullReply::renamed, "items that moved and kept their ids"),
        field("deleted", &w::PullReply::deleted, "items that are gone from the source"),
        field("unchanged", &w::PullReply::unchanged, "items as they were"),
        field("taken_over", &w::PullReply::taken_over,
              "items whose rows belonged to a source within this one, and are this one's now"),
        field("reading", &w::PullReply::reading, "how the source is read, as options, where not by default")
            .omit_empty(),
        field("rejected", &w::PullReply::rejected, "items that could not be taken"),
        field("skipped", &w::PullReply::skipped,
              "items of a kind that is not read, such as pictures, and links and devices with no file behind them"),
        field("passages", &w::PullReply::passages, "passages written"),
        field("encoded", &w::PullReply::encoded, "passages whose vector had to be computed"),
        field("size_bytes", &w::PullReply::size_bytes, "bytes read from the source"),
        took_field(&w::PullReply::took_ms),
        field("changes", &w::PullReply::changes, "what would change (dry run)").omit_empty(),
        field("rejects", &w::PullReply::rejects,
              "what was not taken, and why, failures first; all of it is in the table tarn.rejects")
            .omit_empty(),
        field("notes", &w::PullReply::notes, "what the user should know, said when it is new").omit_empty(),
    };
  }
};

template <>
struct Describe<w::TablesRequest> {
  static auto fields() { return std::tuple{as_of_field(&w::TablesRequest::as_of)}; }
};
template <>
struct Describe<w::TableSummary> {
  static auto fields() {
    return std::tuple{
        field("table", &w::TableSummary::table, "namespace.name"),
        field("version", &w::TableSummary::version, "its version"),
        field("committed_at", &w::TableSummary::committed_at, "when that version was committed"),
        field("rows", &w::TableSummary::rows, "live rows"),
        field("files", &w::TableSummary::files, "data files"),
        field("size_bytes", &w::TableSummary::size_bytes, "bytes in data files"),
    };
  }
};
template <>
struct Describe<w::UnreadableTable> {
  static auto fields() {
    return std::tuple{
        field("table", &w::UnreadableTable::table, "namespace.name"),
        field("problem", &w::UnreadableTable::problem, "why it cannot be read"),
        field("remedy", &w::UnreadableTable::remedy, "what to do"),
    };
  }
};
template <>
struct Describe<w::TablesReply> {
  static auto fields() {
    return std::tuple{
        field("lake", &w::TablesReply::lake, "the lake's directory"),
        field("tables", &w::TablesReply::tables, "by name"),
        field("unreadable", &w::TablesReply::unreadable, "tables that are damaged or whose link leads nowhere"),
    };
  }
};

template <>
struct Describe<w::ShowRequest> {
  static auto fields() {
    return std::tuple{
        field("table", &w::ShowRequest::table, "namespace.name, or a name in main").required().positional(),
        as_of_field(&w::ShowRequest::as_of),
    };
  }
};
template <>
struct Describe<w::ColumnInfo> {
  static auto fields() {
    return std::tuple{
        field("name", &w::ColumnInfo::name, "column"),
        field("type", &w::ColumnInfo::type, "SQL type"),
        field("nullable", &w::ColumnInfo::nullable, "may be NULL"),
    };
  }
};
template <>
struct Describe<w::TableSource> {
  static auto fields() {
    return std::tuple{
        field("id", &w::TableSource::id, "the source's id"),
        field("url", &w::TableSource::url, "where it is"),
        field("bookmark", &w::TableSource::bookmark, "number of its bookmark"),
        field("pulled_at", &w::TableSource::pulled_at, "when it was last pulled"),
        field("reading", &w::TableSource::reading, "how it is read, as options of pull, where not by default")
            .omit_empty(),
    };
  }
};
template <>
struct Describe<w::IndexInfo> {
  static auto fields() {
    return std::tuple{
        field("definition", &w::IndexInfo::definition, "hash of the index definition"),
        field("kind", &w::IndexInfo::kind, "lexical or semantic"),
        field("made_with", &w::IndexInfo::made_with, "its analyzer or encoder"),
        field("coverage", &w::IndexInfo::coverage, "share of the live rows that it covers, 0 to 1"),
        field("segments", &w::IndexInfo::segments, "segments on disk"),
        field("passages", &w::IndexInfo::passages, "passages in them"),
        field("size_bytes", &w::IndexInfo::size_bytes, "bytes on disk"),
    };
  }
};
template <>
struct Describe<w::TableProperty> {
  static auto fields() {
    return std::tuple{
        field("name", &w::TableProperty::name, "the property"),
        field("value", &w::TableProperty::value, "its value"),
    };
  }
};
template <>
struct Describe<w::TableTag> {
  static auto fields() {
    return std::tuple{
        field("tag", &w::TableTag::tag, "the tag"),
        field("version", &w::TableTag::version, "the version that it keeps"),
    };
  }
};
template <>
struct Describe<w::TableLink> {
  static auto fields() {
    return std::tuple{
        field("target", &w::TableLink::target, "the folder that it points to"),
        field("kind", &w::TableLink::kind, "delta or parquet"),
        field("id", &w::TableLink::id, "the column taken as id"),
        field("title", &w::TableLink::title, "the column taken as title"),
        field("uri", &w::TableLink::uri, "the column taken as uri"),
        field("text", &w::TableLink::text, "the column taken as body"),
        field("outside", &w::TableLink::outside, "data files may lie elsewhere on this machine (--allow-outside)"),
    };
  }
};
template <>
struct Describe<w::ShowReply> {
  static auto fields() {
    return std::tuple{
        field("table", &w::ShowReply::table, "namespace.name"),
        field("version", &w::ShowReply::version, "its version"),
        field("committed_at", &w::ShowReply::committed_at, "when that version was committed"),
        field("path", &w::ShowReply::path, "its directory"),
        field("rows", &w::ShowReply::rows, "live rows"),
        field("deleted_rows", &w::ShowReply::deleted_rows, "rows in its files that deletion vectors hide"),
        field("files", &w::ShowReply::files, "data files"),
        field("size_bytes", &w::ShowReply::size_bytes, "bytes in data files"),
        field("columns", &w::ShowReply::columns, "in their order"),
        field("sources", &w::ShowReply::sources, "what has been pulled into it"),
        field("indexes", &w::ShowReply::indexes, "what it can be searched by"),
        field("oldest_version", &w::ShowReply::oldest_version, "the oldest version that its log still has"),
        field("partitioned_by", &w::ShowReply::partitioned_by, "columns by whose values its files are parted"),
        field("properties", &w::ShowReply::properties, "its Delta properties"),
        field("tags", &w::ShowReply::tags, "tags that keep versions of it"),
        field("link", &w::ShowReply::link, "where it lies, when it is only linked").omit_empty(),
    };
  }
};

template <>
struct Describe<w::HistoryRequest> {
  static auto fields() {
    return std::tuple{
        field("table", &w::HistoryRequest::table, "namespace.name, or a name in main").required().positional(),
        field("limit", &w::HistoryRequest::limit, "the newest so many versions")
            .between(1, 10'000)
            .letter('n')
            .metavar("N"),
    };
  }
};
template <>
struct Describe<w::CommitInfo> {
  static auto fields() {
    return std::tuple{
        field("version", &w::CommitInfo::version, "the version that the commit made"),
        field("committed_at", &w::CommitInfo::committed_at, "when"),
        field("operation", &w::CommitInfo::operation, "what it did"),
        field("engine", &w::CommitInfo::engine, "who wrote it"),
        field("rows_added", &w::CommitInfo::rows_added, "rows that became live"),
        field("rows_removed", &w::CommitInfo::rows_removed, "rows that ceased to be"),
        field("files_added", &w::CommitInfo::files_added, "data files added"),
        field("files_removed", &w::CommitInfo::files_removed, "data files removed"),
        field("user_metadata", &w::CommitInfo::user_metadata, "what its writer wanted to say").omit_empty(),
    };
  }
};
template <>
struct Describe<w::HistoryReply> {
  static auto fields() {
    return std::tuple{
        field("table", &w::HistoryReply::table, "namespace.name"),
        field("versions", &w::HistoryReply::versions, "newest first"),
        field("truncated", &w::HistoryReply::truncated, "there are older ones"),
    };
  }
};

template <>
struct Describe<w::OptimizeRequest> {
  static auto fields() {
    return std::tuple{
        field("tables", &w::OptimizeRequest::tables, "tables to optimize; all when none is named")
            .positional()
            .metavar("TABLE"),
        field("by", &w::OptimizeRequest::by, "write all rows anew in the order of this column").metavar("COLUMN")};
  }
};
template <>
struct Describe<w::OptimizedTable> {
  static auto fields() {
    return std::tuple{
        field("table", &w::OptimizedTable::table, "namespace.name"),
        field("version", &w::OptimizedTable::version, "its version afterwards"),
        field("files_before", &w::OptimizedTable::files_before, "data files before"),
        field("files_after", &w::OptimizedTable::files_after, "data files after"),
        field("bytes_before", &w::OptimizedTable::bytes_before, "their bytes before"),
        field("bytes_after", &w::OptimizedTable::bytes_after, "their bytes after"),
    };
  }
};
template <>
struct Describe<w::OptimizeReply> {
  static auto fields() {
    return std::tuple{
        field("tables", &w::OptimizeReply::tables, "the tables looked at"),
        took_field(&w::OptimizeReply::took_ms),
    };
  }
};

inline auto in_field(auto member) {
  return field("in", member, "tables to look in; all when none is named").commas().metavar("TABLE").max_items(100);
}
inline auto filter_field(auto member) {
  return field("filter", member, "a SQL condition on the table's columns, such as \"lang = 'en'\"")
      .metavar("CONDITION")
      .max_bytes(65536);
}

template <>
struct Describe<w::SearchRequest> {
  static auto fields() {
    return std::tuple{
        field("query", &w::SearchRequest::query, "words; \"a phrase\", +must, -not")
            .required()
            .positional()
            .words()
            .max_bytes(65536),
        in_field(&w::SearchRequest::in),
        field("mode", &w::SearchRequest::mode, "by word, by meaning, or both")
            .one_of({"lexical", "semantic", "hybrid"}),
        filter_field(&w::SearchRequest::filter),
        field("k", &w::SearchRequest::k, "at most so many documents").between(1, 1000).letter('k').metavar("N"),
        field("offset", &w::SearchRequest::offset, "leave out the first so many").between(0, 10'000).metavar("N"),
        as_of_field(&w::SearchRequest::as_of),
        field("explain", &w::SearchRequest::explain, "say how each score came about"),
    };
  }
};
template <>
struct Describe<w::Scores> {
  static auto fields() {
    return std::tuple{
        field("lexical", &w::Scores::lexical, "BM25 score"),
        field("semantic", &w::Scores::semantic, "cosine similarity"),
    };
  }
};
template <>
struct Describe<w::HitPassage> {
  static auto fields() {
    return std::tuple{
        field("heading", &w::HitPassage::heading, "path of headings, outermost first"),
        field("page", &w::HitPassage::page, "page number, where there are pages"),
        field("start", &w::HitPassage::start, "first byte in body"),
        field("end", &w::HitPassage::end, "byte after the last in body"),
        field("columns", &w::HitPassage::columns,
              "the row of column names of the table that the passage begins within"),
        field("text", &w::HitPassage::text, "the passage, or the part of it that matched best"),
        field("highlights", &w::HitPassage::highlights, "[start, end) bytes of the matches in text"),
    };
  }
};
template <>
struct Describe<w::HitRow> {
  static auto fields() {
    return std::tuple{
        field("file", &w::HitRow::file, "data file"),
        field("index", &w::HitRow::index, "row in it, from 0"),
    };
  }
};
template <>
struct Describe<w::Hit> {
  static auto fields() {
    return std::tuple{
        field("rank", &w::Hit::rank, "from 1"),
        field("score", &w::Hit::score, "what the ranking is by"),
        field("scores", &w::Hit::scores, "of each leg"),
        field("table", &w::Hit::table, "namespace.name"),
        field("id", &w::Hit::id, "document id, unique in the table"),
        field("title", &w::Hit::title, "the document's title"),
        field("uri", &w::Hit::uri, "where the document is"),
        field("passage", &w::Hit::passage, "the best passage of the document"),
        field("row", &w::Hit::row, "where the document is stored"),
        field("explain", &w::Hit::explain, "how the score came about").omit_empty(),
    };
  }
};
template <>
struct Describe<w::SearchReply> {
  static auto fields() {
    return std::tuple{
        field("query", &w::SearchReply::query, "as given"),
        field("mode", &w::SearchReply::mode, "as it ran"),
        took_field(&w::SearchReply::took_ms),
        field("tables", &w::SearchReply::tables, "what was searched, at which version"),
        field("hits", &w::SearchReply::hits, "best first"),
        field("notes", &w::SearchReply::notes, "what limits this reply").omit_empty(),
    };
  }
};

template <>
struct Describe<w::AskRequest> {
  static auto fields() {
    return std::tuple{
        field("question", &w::AskRequest::question, "a question in plain words")
            .required()
            .positional()
            .words()
            .max_bytes(65536),
        in_field(&w::AskRequest::in),
        filter_field(&w::AskRequest::filter),
        as_of_field(&w::AskRequest::as_of),
        field("k", &w::AskRequest::k, "answer from at most so many documents").between(1, 100).letter('k').metavar("N"),
    };
  }
};
template <>
struct Describe<w::Columns> {
  static auto fields() {
    return std::tuple{
        field("text", &w::Columns::text, "the row that names the columns"),
        field("span", &w::Columns::span, "[start, end) bytes of it in body"),
    };
  }
};
template <>
struct Describe<w::Citation> {
  static auto fields() {
    return std::tuple_cat(
        std::tuple{field("marker", &w::Citation::marker, "the [n] in the answer")}, Describe<w::Hit>::fields(),
        std::tuple{
            field("quote", &w::Citation::quote, "the words, re-read from the lake and compared"),
            field("span", &w::Citation::span, "[start, end) bytes of the quote in body"),
            field("version", &w::Citation::version, "the table's version that was quoted"),
            field("hash", &w::Citation::hash, "of body at that version"),
            field("columns", &w::Citation::columns, "of a table's row: what names its columns").omit_empty(),
        });
  }
};
template <>
struct Describe<w::AskPart> {
  static auto fields() {
    return std::tuple{
        field("question", &w::AskPart::question, "one of the questions that the question holds"),
        field("found", &w::AskPart::found, "false: nothing in the lake answers it"),
        field("reason", &w::AskPart::reason, "why nothing was found").omit_empty(),
        field("markers", &w::AskPart::markers, "the [n] that answer it"),
    };
  }
};
template <>
struct Describe<w::AskReply> {
  static auto fields() {
    return std::tuple{
        field("query", &w::AskReply::query, "the question as given"),
        field("mode", &w::AskReply::mode, "how the evidence was looked for"),
        took_field(&w::AskReply::took_ms),
        field("tables", &w::AskReply::tables, "what was searched, at which version"),
        field("hits", &w::AskReply::hits, "the evidence, best first"),
        field("found", &w::AskReply::found, "false: nothing relevant is in the lake"),
        field("calibrated", &w::AskReply::calibrated,
              "false: the model has no calibration.json, so found was judged by words alone"),
        field("reason", &w::AskReply::reason, "why nothing was found, of the question or of one of its parts"),
        field("parts", &w::AskReply::parts, "of two questions in one: what became of each").omit_empty(),
        field("answer", &w::AskReply::answer, "sentences, each followed by its [n]"),
        field("citations", &w::AskReply::citations, "what each [n] stands for"),
        field("receipt", &w::AskReply::receipt, "file with which the answer can be verified"),
        field("notes", &w::AskReply::notes, "what limits this reply").omit_empty(),
    };
  }
};

template <>
struct Describe<w::VerifyRequest> {
  static auto fields() {
    return std::tuple{
        field("receipt", &w::VerifyRequest::receipt, "the receipt's file").required().positional().max_bytes(4096)};
  }
};
template <>
struct Describe<w::VerifiedQuote> {
  static auto fields() {
    return std::tuple{
        field("marker", &w::VerifiedQuote::marker, "the [n] in the answer"),
        field("table", &w::VerifiedQuote::table, "namespace.name"),
        field("version", &w::VerifiedQuote::version, "the version that was quoted"),
        field("id", &w::VerifiedQuote::id, "document id"),
        field("title", &w::VerifiedQuote::title, "the document's title"),
        field("uri", &w::VerifiedQuote::uri, "where the document was"),
        field("quote", &w::VerifiedQuote::quote, "the words"),
        field("then", &w::VerifiedQuote::then, "at its version: stands, altered, unreadable"),
        field("now", &w::VerifiedQuote::now, "in the newest version: stands, moved, changed, deleted, unreadable"),
        field("note", &w::VerifiedQuote::note, "more about it").omit_empty(),
    };
  }
};
template <>
struct Describe<w::VerifyReply> {
  static auto fields() {
    return std::tuple{
        field("receipt", &w::VerifyReply::receipt, "the file"),
        field("question", &w::VerifyReply::question, "what was asked"),
        field("answered_at", &w::VerifyReply::answered_at, "when"),
        field("ok", &w::VerifyReply::ok, "the receipt is unharmed and every quote stands at its version"),
        field("current", &w::VerifyReply::current, "every quote stands in the newest version too"),
        field("quotes", &w::VerifyReply::quotes, "one by one"),
        field("problems", &w::VerifyReply::problems, "with the receipt itself").omit_empty(),
    };
  }
};

template <>
struct Describe<w::FetchRequest> {
  static auto fields() {
    return std::tuple{
        field("id", &w::FetchRequest::id, "a document's id, uri or path, or namespace.table/id as search gives it")
            .required()
            .positional()
            .max_bytes(16384),
        field("table", &w::FetchRequest::table, "the table to look in; every one when not given").metavar("TABLE"),
        as_of_field(&w::FetchRequest::as_of),
    };
  }
};
template <>
struct Describe<w::FetchReply> {
  static auto fields() {
    return std::tuple{
        field("id", &w::FetchReply::id, "the document's id as asked for"),
        field("title", &w::FetchReply::title, "its title"),
        field("text", &w::FetchReply::text, "its whole body, Markdown"),
        field("url", &w::FetchReply::url, "where it is"),
        field("metadata", &w::FetchReply::metadata, "table, version, and every other column that has a value"),
    };
  }
};

template <>
struct Describe<w::SqlRequest> {
  static auto fields() {
    return std::tuple{
        field("query", &w::SqlRequest::query, "one SELECT over the lake's tables").required().positional().words(),
        as_of_field(&w::SqlRequest::as_of),
        field("max_rows", &w::SqlRequest::max_rows, "stop after so many rows").between(1, 100'000).metavar("N"),
    };
  }
};
template <>
struct Describe<w::SqlColumn> {
  static auto fields() {
    return std::tuple{
        field("name", &w::SqlColumn::name, "column"),
        field("type", &w::SqlColumn::type, "SQL type"),
    };
  }
};
template <>
struct Describe<w::SqlReply> {
  static auto fields() {
    return std::tuple{
        field("columns", &w::SqlReply::columns, "in their order"),
        field("rows", &w::SqlReply::rows, "each a list of values in the columns' order"),
        field("truncated", &w::SqlReply::truncated, "there are more rows"),
        took_field(&w::SqlReply::took_ms),
    };
  }
};

template <>
struct Describe<w::CheckRequest> {
  static auto fields() {
    return std::tuple{field("tables", &w::CheckRequest::tables, "tables to check; all when none is named")
                          .positional()
                          .metavar("TABLE")};
  }
};
template <>
struct Describe<w::Problem> {
  static auto fields() {
    return std::tuple{
        field("table", &w::Problem::table, "namespace.name"),
        field("file", &w::Problem::file, "the file, where it is one"),
        field("problem", &w::Problem::problem, "what is wrong"),
        field("remedy", &w::Problem::remedy, "what to do"),
    };
  }
};
template <>
struct Describe<w::CheckedTable> {
  static auto fields() {
    return std::tuple{
        field("table", &w::CheckedTable::table, "namespace.name"),
        field("version", &w::CheckedTable::version, "its version"),
        field("rows", &w::CheckedTable::rows, "live rows"),
        field("files", &w::CheckedTable::files, "data files read"),
        field("segments", &w::CheckedTable::segments, "segments read"),
        field("passages", &w::CheckedTable::passages, "passages compared"),
        field("size_bytes", &w::CheckedTable::size_bytes, "bytes read"),
    };
  }
};
template <>
struct Describe<w::CheckReply> {
  static auto fields() {
    return std::tuple{
        field("ok", &w::CheckReply::ok, "no problem was found"),
        field("tables", &w::CheckReply::tables, "what was checked"),
        field("problems", &w::CheckReply::problems, "what was found"),
        took_field(&w::CheckReply::took_ms),
    };
  }
};

template <>
struct Describe<w::DoctorRequest> {
  static auto fields() { return std::tuple{}; }
};
template <>
struct Describe<w::DoctorCheck> {
  static auto fields() {
    return std::tuple{
        field("name", &w::DoctorCheck::name, "what was looked at"),
        field("status", &w::DoctorCheck::status, "ok, warn or fail"),
        field("detail", &w::DoctorCheck::detail, "what was seen"),
        field("fix", &w::DoctorCheck::fix, "what to do about it"),
    };
  }
};
template <>
struct Describe<w::DoctorReply> {
  static auto fields() {
    return std::tuple{
        field("ok", &w::DoctorReply::ok, "nothing failed"),
        field("checks", &w::DoctorReply::checks, "one by one"),
    };
  }
};

}  // namespace tarn::operation
