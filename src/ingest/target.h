// The table that a pull writes to, and the chain of commits that this pull makes in it.
// Shape:   every commit moves txn(source id) by one bookmark, so that two pulls of one source never interleave.
// Errors:  conflict when another pull of the same source committed since this one began.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "duck/connection.h"
#include "ingest/ingest.h"
#include "ingest/record_rows.h"
#include "ingest/rows.h"
#include "ingest/state.h"

namespace tarn::ingest {

// Who pulls: every bookmark says it, for those who read the lake.
struct Origin {
  std::string source, source_id;  // canonical URL, and what the commits call it
  int64_t pulled_at_us = 0;
};

class Target {
 public:
  // `name` is canonical. With `dry_run` a missing table (or store) is fine.
  static base::Result<Target> open(const lake::Environment& environment, const std::string& name, const Origin& origin,
                                   bool dry_run, const base::Context& context);
  // The same for a table of any columns.
  static base::Result<Target> open_any(const lake::Environment& environment, const std::string& name,
                                       const Origin& origin, bool dry_run, const base::Context& context);

  bool exists() const { return table_ != nullptr; }
  // Number of this source's bookmark; nothing where it was never pulled into the table.
  std::optional<int64_t> current() const { return current_; }
  const lake::TableReader& table() const { return *table_; }
  const delta::Snapshot& snapshot() const { return *snapshot_; }      // as the pull found it
  const State* state() const { return state_ ? &*state_ : nullptr; }  // of the last pull that ended
  bool interrupted() const { return interrupted_; }
  // Whether what tables beside this one have of this source may be other than the bookmark says: it was never pulled,
  // or a pull ended between announce() and its last commit.
  bool beside_unsure() const { return !state_ || interrupted_ || announced_before_; }
  // What the last pull kept of its options, whether it ended or not.
  const json::Value& options() const { return options_; }
  // The other sources of the table, with the URLs that their bookmarks name; `relation` is not known here.
  base::Result<std::vector<OtherSource>> others() const;
  // Where the rows of this source were last changed.
  std::optional<int64_t> moved_at() const {
    return state_ && !interrupted_ && state_->moved_at ? state_->moved_at : current_;
  }
  base::Version version() const { return version_; }

  // Before something is written beside the table that the bookmark of commit_last() or commit_records() tells: it is
  // this state, whatever they are given. Creates the table.
  base::Status announce(const std::vector<delta::Field>& schema, const State& state, const base::Context& context);
  // Rows without deletions. Creates the table when it is missing.
  base::Result<base::Version> commit_step(duck::Connection& connection, RowBuffer& rows, bool any_live,
                                          const json::Value& options, const base::Context& context);
  // The rest of the rows, deletions and the bookmark.
  base::Result<base::Version> commit_last(duck::Connection* connection, RowBuffer* rows, bool any_live,
                                          const std::vector<std::string>& deleted_ids, const State& state,
                                          const json::Value& parameters, const base::Context& context);
  // Records, which were compared with the table: those that are new or other, deletions and the bookmark. `rows` may be
  // null: only the bookmark.
  base::Result<base::Version> commit_records(duck::Connection& connection, const RecordRows* rows, const State& state,
                                             const json::Value& parameters, const base::Context& context);

 private:
  base::Status create(const std::vector<delta::Field>& schema, const base::Context& context);
  // conflict when someone else moved the bookmark.
  base::Result<std::shared_ptr<const delta::Snapshot>> newest(const std::vector<delta::Field>& schema,
                                                              const base::Context& context);
  base::Status read_state();
  void stamp(json::Value* bookmark) const;  // with its origin
  // Writes the bookmark, with its origin, under the next free number, unless it was announced; names it in the change.
  base::Status move_bookmark(const delta::Snapshot& base, lake::Change& change, json::Value bookmark);
  base::Result<base::Version> commit(lake::Change& change, const base::Context& context);
  base::Status lost() const;

  lake::Environment environment_;
  std::string name_;
  Origin origin_;
  std::shared_ptr<lake::Table> table_;
  std::shared_ptr<const delta::Snapshot> snapshot_;
  // Bookmark numbers: the whole one at the beginning, ours now, ours that is written and not yet committed.
  std::optional<int64_t> found_, current_, next_;
  std::optional<State> state_;
  json::Value options_;
  bool interrupted_ = false, announced_before_ = false;
  base::Version version_;
};

}  // namespace tarn::ingest
