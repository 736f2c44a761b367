// forget: a row out of every version and of what names it. doc/design/forget.md.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "operation/operation.h"
#include "workspace/operations/vacuum.h"

namespace tarn::workspace {

class Databases;
class LakeStore;
class LiveSets;
class TableLocks;
class Tables;

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
  std::vector<std::string> originals;  // that only it had, and went
  std::vector<std::string> tags;       // that name a version that can no longer be read in full
  std::vector<std::string> notes;
  double took_ms = 0;
};

struct Forget {
  static operation::Declaration<ForgetRequest, ForgetReply> declare();
  static base::Result<ForgetReply> run(const ForgetRequest& request, Tables& tables, LakeStore& lake,
                                       Databases& databases, TableLocks& locks, LiveSets& live_sets,
                                       const base::Context& context);
};

}  // namespace tarn::workspace

namespace tarn::operation {

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
        field("found", &R::found, "something was found; without it only what the notes say was done"),
        field("dry_run", &R::dry_run, "nothing was changed"),
        field("tables", &R::tables, "where it was found"),
        field("receipts", &R::receipts, "receipts that quoted it, removed"),
        field("originals", &R::originals, "kept bytes that no other item has, removed").omit_empty(),
        field("tags", &R::tags, "tags that name a version that can no longer be read in full"),
        field("notes", &R::notes, "what is left to do"),
        field("took_ms", &R::took_ms, "wall time in milliseconds"),
    };
  }
};

}  // namespace tarn::operation
