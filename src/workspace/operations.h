// The requests and replies of Tarn's operations: plain structs, one pair for each. Their JSON is the same in CLI, MCP and HTTP.
// Shape:   what each field means, its default and its limits stand once, in workspace/descriptions.h. The JSON of search and ask is
//          fixed: ARCHITECTURE.md. Optional = null where there is no value.
// Units:   start and end are byte offsets into `body` at the version named; times are RFC 3339, UTC; took_ms is wall time.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "operation/operation.h"

namespace tarn::workspace {

using Span = std::array<int64_t, 2>;  // [start, end)

// The share of the live set that each leg could search; null where the table has no such index.
struct Coverage {
  std::optional<double> lexical, semantic;
};

// One table as an operation pinned it.
struct PinnedTable {
  std::string table;
  int64_t version = 0;
  std::string committed_at;
  Coverage coverage;
};

// ---- pull -------------------------------------------------------------------------------------------------------------------

struct PullRequest {
  std::string source;
  std::string into = "main.docs";
  bool watch = false;  // goes on until cancelled; each round is reported to the observer
  bool dry_run = false;
  int64_t commit_every = 1000;                // documents
  std::vector<std::string> include, exclude;  // globs
  bool no_ignore = false;
  bool allow_empty = false;  // believe a source that is empty now and on another file system
  // How the source is read, kept with it: what is not given is as in the last pull.
  std::string charset;
  std::vector<std::string> as;  // TYPE:PATTERN
  bool whole_page = false;
  bool default_reading = false;  // nothing is as in the last pull
};

struct Reject {
  std::string item;   // path or uri
  std::string place;  // "line 12", "byte 4096", "" for the whole item
  std::string reason;
};

struct PullChange {
  std::string change;  // added, changed, renamed, deleted, taken over
  std::string uri;
  std::optional<std::string> from;  // the old uri of a rename, and of what is taken over
};

struct PullReply {
  std::string source, table;
  std::optional<int64_t> version;  // after the pull; null for a dry run into a table that is not there
  bool dry_run = false;
  int64_t commits = 0;
  int64_t seen = 0;  // items that the source has now
  int64_t added = 0, changed = 0, renamed = 0, deleted = 0, unchanged = 0;
  int64_t taken_over = 0;              // from a source within this one
  std::optional<std::string> reading;  // as options, where it is not by default
  int64_t rejected = 0, skipped = 0;
  int64_t passages = 0, encoded = 0;  // written; of those, vectors that had to be computed
  int64_t size_bytes = 0;             // read from the source
  double took_ms = 0;
  std::vector<PullChange> changes;  // dry run only, the first kMaxListed
  std::vector<Reject> rejects;      // the first kMaxListed; all of them are in tarn.rejects
  std::vector<std::string> notes;   // what the user should know, said when it is new
};

inline constexpr size_t kMaxListed = 1000;

// ---- tables, show, history, optimize ----------------------------------------------------------------------------------------

struct TablesRequest {
  std::string as_of;
};
struct TableSummary {
  std::string table;
  int64_t version = 0;
  std::string committed_at;
  int64_t rows = 0, files = 0, size_bytes = 0;
};
struct UnreadableTable {
  std::string table, problem, remedy;
};
struct TablesReply {
  std::string lake;
  std::vector<TableSummary> tables;
  std::vector<UnreadableTable> unreadable;
};

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

struct HistoryRequest {
  std::string table;
  int64_t limit = 20;
};
struct CommitInfo {
  int64_t version = 0;
  std::string committed_at;
  std::string operation;  // as its commitInfo says: "PULL", "WRITE", "MERGE", "OPTIMIZE" …
  std::string engine;
  int64_t rows_added = 0, rows_removed = 0, files_added = 0, files_removed = 0;
  std::optional<std::string> user_metadata;  // what its writer wanted to say
};
struct HistoryReply {
  std::string table;
  std::vector<CommitInfo> versions;  // newest first
  bool truncated = false;
};

struct OptimizeRequest {
  std::vector<std::string> tables;  // empty = all
  std::string by = {};              // a column that the rows are put in the order of; "" = none
};
struct OptimizedTable {
  std::string table;
  int64_t version = 0;
  int64_t files_before = 0, files_after = 0, bytes_before = 0, bytes_after = 0;
};
struct OptimizeReply {
  std::vector<OptimizedTable> tables;
  double took_ms = 0;
};

// ---- search, ask, verify, fetch ---------------------------------------------------------------------------------------------

struct SearchRequest {
  std::string query;
  std::vector<std::string> in;  // tables; empty = every table with an index
  std::string mode = "hybrid";  // lexical, semantic, hybrid
  std::string filter;           // a SQL condition on the table's columns
  int64_t k = 10;
  int64_t offset = 0;
  std::string as_of;
  bool explain = false;
};

struct Scores {
  std::optional<double> lexical, semantic;
};
struct HitPassage {
  std::vector<std::string> heading;  // path, outermost first
  std::optional<int64_t> page;
  int64_t start = 0, end = 0;
  std::optional<std::string> columns;  // the table's row of column names, when the passage begins below it
  std::string text;
  std::vector<Span> highlights;  // byte spans in `text`
};
struct HitRow {
  std::string file;
  int64_t index = 0;
};
struct Hit {
  int64_t rank = 0;  // from 1
  double score = 0;
  Scores scores;
  std::string table, id, title, uri;
  HitPassage passage;
  HitRow row;
  json::Value explain;  // only when asked for
};
struct SearchReply {
  std::string query, mode;
  double took_ms = 0;
  std::vector<PinnedTable> tables;
  std::vector<Hit> hits;
  std::vector<std::string> notes;  // what the reader must know: a leg that could not run, coverage below 1
};

struct AskRequest {
  std::string question;
  std::vector<std::string> in;
  std::string filter;
  std::string as_of;
  int64_t k = 10;  // hits that the answer may be taken from
};
// The row that names the columns of a table: shown with a quoted row, and no part of the quote.
struct Columns {
  std::string text;
  Span span{};  // [start, end) bytes in body
};
// A hit with the words that are quoted. quote == body[span[0], span[1]) at `version`, compared before it is shown.
struct Citation : Hit {
  int64_t marker = 0;  // [1], [2] … in the answer
  std::string quote;
  Span span{};
  int64_t version = 0;
  std::string hash;                // of body: XXH3-128, 32 digits
  std::optional<Columns> columns;  // of a table's row
};
// One of the questions that a question holds ("What is the port, and who is the harbour master?").
struct AskPart {
  std::string question;
  bool found = false;
  std::optional<std::string> reason;  // why nothing was found
  std::vector<int64_t> markers;       // of the citations that answer it
};
struct AskReply {
  std::string query, mode;
  double took_ms = 0;
  std::vector<PinnedTable> tables;
  std::vector<Hit> hits;
  bool found = false;
  bool calibrated = true;             // false: the encoder's model has no calibration.json
  std::optional<std::string> reason;  // why nothing was found, of the question or of one of its parts
  std::vector<AskPart> parts;         // of a question that holds several; else empty
  std::string answer;                 // sentences, each followed by its markers "[1]"; "" when not found
  std::vector<Citation> citations;
  std::optional<std::string> receipt;  // path of the file; null when not found
  std::vector<std::string> notes;
};

struct VerifyRequest {
  std::string receipt;  // a path
};
struct VerifiedQuote {
  int64_t marker = 0;
  std::string table;
  int64_t version = 0;
  std::string id, title, uri, quote;
  std::string then;  // at its version: "stands", "altered" (bytes differ), "unreadable" (version or file is gone)
  std::string
      now;  // in the newest version: "stands", "moved" (same words, other place), "changed", "deleted", "unreadable"
  std::optional<std::string> note;
};
struct VerifyReply {
  std::string receipt, question, answered_at;
  bool ok = false;       // the receipt is unharmed and every quote stands at its version
  bool current = false;  // every quote stands (or moved) in the newest version too
  std::vector<VerifiedQuote> quotes;
  std::vector<std::string> problems;  // with the receipt itself
};

struct FetchRequest {
  std::string id;     // a document's id, or "namespace.table/id" as search tools give it
  std::string table;  // "" = taken from the id, else every text table is looked in
  std::string as_of;
};
struct FetchReply {
  std::string id, title, text, url;
  json::Value
      metadata;  // object: table, version, uri, mime, author, times, labels … every other column that has a value
};

// ---- sql, check, doctor -----------------------------------------------------------------------------------------------------

// As an operation SQL is read-only and bounded and runs on the locked connection, whoever asks. The shell's way is in cli/lake.h.
struct SqlRequest {
  std::string query;
  std::string as_of;
  int64_t max_rows = 1000;
};
struct SqlColumn {
  std::string name, type;
};
struct SqlReply {
  std::vector<SqlColumn> columns;
  std::vector<std::vector<json::Value>> rows;
  bool truncated = false;  // there are more rows than max_rows
  double took_ms = 0;
};

struct CheckRequest {
  std::vector<std::string> tables;  // empty = all
};
struct Problem {
  std::string table;
  std::string file;  // "" where it is not one file
  std::string problem, remedy;
};
struct CheckedTable {
  std::string table;
  int64_t version = 0;
  int64_t rows = 0, files = 0, segments = 0, passages = 0, size_bytes = 0;
};
struct CheckReply {
  bool ok = false;
  std::vector<CheckedTable> tables;
  std::vector<Problem> problems;
  double took_ms = 0;
};

struct DoctorRequest {};
struct DoctorCheck {
  std::string name;
  std::string status;  // ok, warn, fail
  std::string detail;
  std::optional<std::string> fix;
};
struct DoctorReply {
  bool ok = false;  // nothing failed
  std::vector<DoctorCheck> checks;
};

// ---- declarations -----------------------------------------------------------------------------------------------------------

// The operations without their handlers, in the order of the help: made at each call, cheap, and touching no lake.
std::vector<operation::Operation> operations();

// "main.docs/guide/intro.md": how tools name a document of any table in one word. Table names have no "/", ids may.
std::string document_reference(std::string_view table, std::string_view id);
struct DocumentReference {
  std::string table, id;
};
// Nothing where the text before the first "/" cannot be a table's name ("namespace.name").
std::optional<DocumentReference> parse_document_reference(std::string_view reference);

}  // namespace tarn::workspace
