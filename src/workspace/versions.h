// Requests and replies of what is done with a table's versions: tag, vacuum, restore, diff, forget. As operations.h says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "json/value.h"

namespace tarn::workspace {

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
  std::vector<SweptTable> dropped;  // that went; only where no table is named
  double took_ms = 0;
};

struct RestoreRequest {
  std::string table;
  std::string to;  // a version, a time or a tag
};
struct RestoreReply {
  std::string table;
  int64_t restored = 0;  // the version that it was restored to
  int64_t version = 0;   // the version that this made
  bool changed = false;
  int64_t rows = 0, files = 0;
};

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

struct ForgetRequest {
  std::string id;
  std::vector<std::string> in;  // tables; empty = every table with an `id`
  bool dry_run = false;
};
struct ForgottenTable {
  std::string table;
  int64_t version = 0;                 // afterwards
  int64_t rows = 0;                    // in data files of all versions
  int64_t rewritten = 0;               // live files written anew
  std::vector<VacuumedFile> removed;   // data files, segments, lexicons, log files
  std::vector<std::string> cut;        // log files and bookmarks out of which words were taken
  std::vector<int64_t> lost_versions;  // that can no longer be read in full
};
struct ForgetReply {
  std::string id;
  bool found = false;
  bool dry_run = false;
  std::vector<ForgottenTable> tables;  // where something was found
  std::vector<std::string> receipts;   // that quoted it and went
  std::vector<std::string> tags;       // that name a version that can no longer be read in full
  std::vector<std::string> notes;
  double took_ms = 0;
};

}  // namespace tarn::workspace
