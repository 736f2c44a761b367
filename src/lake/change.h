// A change in the making: new files, rows to delete, and the rules by which it follows a table that moved meanwhile.
// Shape:   deletions are positions in the base's files, found by key or given. Before each attempt to commit they are
//          moved to the newest state (conflict.cc): by key they are looked up again in files that others added; given
//          ones stand or fall.
// Source:  Delta protocol; Delta's concurrency control (WriteSerializable).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "delta/evolve.h"
#include "lake/data_file.h"
#include "lake/delta_table.h"
#include "lake/uncommitted.h"

namespace tarn::lake {

// Whose rows a change deletes: those with the keys of files that it wrote, or of a list.
struct KeySource {
  std::string column;
  std::vector<std::string> files;  // paths of pending files; none = `keys`
  std::vector<std::string> keys;
};

class TableChange final : public Change {
 public:
  TableChange(std::shared_ptr<DeltaTable> table, std::shared_ptr<const delta::Snapshot> base)
      : table_(std::move(table)), given_base_(std::move(base)), written_(*table_) {}

  base::Status append(duck::Connection& connection, const NewRows& rows, const base::Context& context) override;
  base::Status upsert(duck::Connection& connection, const NewRows& rows, const std::string& key,
                      const base::Context& context) override;
  base::Status delete_keys(duck::Connection& connection, const std::string& key, const std::vector<std::string>& keys,
                           const base::Context& context) override;
  base::Status delete_rows(const std::string& file, const delta::RowList& rows, Feed feed = Feed::plain) override;
  void on_change(OnChange what) override { on_change_ = what; }
  void set_transaction(const std::string& app_id, int64_t version) override;
  void set_operation(const std::string& name, json::Value parameters) override;
  bool empty() const override;
  int64_t rows_appended() const override;
  base::Result<base::Version> commit(const base::Context& context) override;

 private:
  base::Status start(const base::Context& context);  // takes the base's state; once
  base::Status follow_rows(duck::Connection& connection,
                           const std::string& select);  // evolves the schema where that is wanted
  // The schema that new rows have: the base's, or what became of it.
  const delta::State& shape() const { return evolution_ ? *evolution_->after : *base_; }
  base::Status write(duck::Connection& connection, const NewRows& rows, const std::string* unique_key,
                     const base::Context& context);
  base::Result<std::vector<delta::DataFile>> write_fitted(duck::Connection& connection, const NewRows& rows,
                                                          Inspect inspect, const base::Context& context);
  base::Status add(delta::DataFile file, Feed feed, const base::Context& context);
  base::Status replace(duck::Connection& connection, const NewRows& rows, const std::string& key,
                       const base::Context& context);
  base::Result<base::Version> try_to_commit(const base::Context& context);
  // Adds to `found_` the live rows of `files` whose key is one of the source's (find_rows.cc).
  base::Status find_rows(duck::Connection& connection, const std::vector<const delta::DataFile*>& files,
                         const KeySource& source, const base::Context& context);
  base::Status follow(const std::shared_ptr<const delta::State>& latest, const base::Context& context);  // conflict.cc
  base::Status follow_given(const delta::State& latest);
  base::Result<delta::CommitDraft> draft(const delta::State& latest, const base::Context& context);
  base::Status draft_deletions(const delta::State& latest, const base::Context& context, delta::CommitDraft* draft);
  base::Status rewrite(const delta::State& latest, const delta::DataFile& file, const delta::RowList& deleted,
                       const base::Context& context, delta::CommitDraft* draft);
  base::Status draft_changes(const delta::State& latest, const base::Context& context,
                             delta::CommitDraft* draft);  // change_data.cc
  void describe(delta::CommitDraft* draft) const;

  std::shared_ptr<DeltaTable> table_;
  std::shared_ptr<const delta::Snapshot> given_base_;
  std::shared_ptr<const delta::State> base_, seen_;  // seen_: the state that the deletions below refer to
  OnChange on_change_ = OnChange::fail;
  std::optional<delta::Evolution> evolution_;
  std::vector<delta::DataFile> pending_;
  Uncommitted written_;  // these, and what drafts of the commit have written
  std::vector<KeySource> sources_;
  std::map<std::string, delta::RowList> found_, given_;  // rows to delete, ascending, by path
  std::map<std::string, delta::RowList> updated_;        // of given_
  std::set<std::string> updates_;                        // of pending_: paths of files with the new rows of those
  std::optional<delta::Transaction> transaction_;
  std::string operation_;
  json::Value parameters_ = json::Value::object();
  int64_t upserts_ = 0;
};

// A key has to be a column that DuckDB can compare: no list, map or struct, and in the files.
base::Result<const delta::Field*> key_field(const delta::Snapshot& snapshot, const std::string& key);

// Ascending lists as sets.
delta::RowList merged(const delta::RowList& a, const delta::RowList& b);
delta::RowList without(const delta::RowList& rows, const delta::RowList& gone);

}  // namespace tarn::lake
