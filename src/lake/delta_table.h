// The one implementation of Table: a cached newest state, commits on top of it, and what the parts of a change need.
// Threads: shared. The cache's lock is held for a few instructions: who loads a version does so with no lock held, and
//          others who want the same one wait for it. Who asks for the newest version looks at the log itself, so what
//          it gets is never older than its question.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/once.h"
#include "delta/checkpoint.h"
#include "delta/commit.h"
#include "delta/log.h"
#include "delta/select.h"
#include "lake/table.h"

namespace tarn::lake {

// A commit that lost the race is tried again on the new state so often.
inline constexpr int kMaxCommitAttempts = 1000;

class DeltaTable final : public Table, public std::enable_shared_from_this<DeltaTable> {
 public:
  // `aside`: it is changed also where a tombstone hides it.
  DeltaTable(const Environment& environment, std::string path, bool aside = false);

  const std::string& path() const override { return path_; }
  store::Store& store() const override { return *environment_.store; }
  base::Result<std::shared_ptr<const delta::Snapshot>> snapshot(std::optional<base::Version> version,
                                                                const base::Context& context) const override;
  base::Result<base::Version> version_at(int64_t time_us, const base::Context& context) const override;
  base::Result<std::vector<delta::Commit>> history(size_t limit, const base::Context& context) const override;
  std::unique_ptr<Change> change(std::shared_ptr<const delta::Snapshot> base) override;
  base::Result<base::Version> optimize(duck::Connection& connection, const OptimizeOptions& options,
                                       const base::Context& context) override;
  base::Result<VacuumReport> vacuum(const VacuumOptions& options, const base::Context& context) override;
  base::Result<base::Version> restore(base::Version version, const base::Context& context) override;
  base::Result<ForgetReport> forget(duck::Connection& connection, const ForgetOptions& options,
                                    const std::function<base::Status(const ForgetReport&)>& before_files_go,
                                    const base::Context& context) override;
  base::Result<Select> select_file(const delta::DataFile& file, const std::vector<std::string>& columns) const override;
  std::string data_address(const delta::DataFile& file) const override;
  base::Result<std::string> data_hash(const delta::DataFile& file) const override;
  base::Status check_no_vacuum() const override;
  base::Status check_files(const delta::Snapshot& snapshot, const base::Context& context) const override;
  base::Result<delta::RowList> deleted_rows(const delta::DataFile& file) const override;
  base::Result<Select> select(const delta::Snapshot& snapshot, const std::vector<std::string>& columns,
                              bool with_position) const override;
  base::Status put_bookmark(const std::string& source_id, int64_t n, const json::Value& bookmark) override;
  base::Result<int64_t> put_next_bookmark(const delta::Snapshot& snapshot, const std::string& source_id,
                                          const json::Value& bookmark) override;
  base::Result<std::optional<json::Value>> bookmark(const delta::Snapshot& snapshot,
                                                    const std::string& source_id) const override;
  base::Result<std::vector<Finding>> check(duck::Connection& connection, const base::Context& context) const override;

  // The state of a version (the newest when not given), from the cache or the log.
  base::Result<std::shared_ptr<const delta::State>> state(std::optional<base::Version> version,
                                                          const base::Context& context) const;
  // One attempt to make `draft` the version after `latest` (or version 0). already_exists when another commit was
  // first. It is not stopped; the checkpoint that may be due after it is.
  base::Result<std::shared_ptr<const delta::State>> try_commit(const delta::State* latest,
                                                               const delta::CommitDraft& draft,
                                                               const base::Context& context);

  // What the commit that made `after` of `before` has brought about: merges of small files, each a commit of its own.
  base::Status maintain(std::shared_ptr<const delta::State> before, std::shared_ptr<const delta::State> after,
                        const base::Context& context);

  std::string uuid() const { return environment_.random->uuid(); }
  bool read_only() const { return environment_.foreign_files; }  // a linked table
  int64_t now_us() const { return environment_.clock->now_us(); }
  int64_t now_ms() const { return now_us() / 1000; }
  Observer* observer() const { return environment_.observer; }
  const duck::Connect& connect() const { return environment_.connect; }
  const delta::Log& log() const { return log_; }
  // Files of a snapshot with their deleted rows, for select_rows().
  base::Result<std::vector<delta::SourceFile>> sources(const std::vector<const delta::DataFile*>& files) const;
  // delta::select_rows() of them.
  base::Result<Select> select_rows(const delta::Snapshot& snapshot, const std::vector<delta::SourceFile>& files,
                                   const delta::Selection& selection) const;
  // Data files, by their paths in the log, as DuckDB is to open them.
  base::Result<store::LocalFiles> local_files(const std::vector<std::string>& paths) const;

 private:
  struct Newest {
    std::shared_ptr<const delta::State> state;
    uint64_t size_bytes = 0;  // of the version's own commit: when they change, another table lies at the path
    int64_t modified_us = 0;
  };
  using StatePointer = std::shared_ptr<const delta::State>;
  base::Result<StatePointer> newest(const base::Context& context) const;
  // `from` with the commits that followed it; null when it is no version of what lies there now.
  base::Result<StatePointer> follow(Newest from, const base::Context& context) const;
  base::Result<StatePointer> load_newest(const base::Context& context) const;
  StatePointer cached(base::Version version) const;  // null when it is not
  bool is_old(base::Version version) const;          // a later one is known
  Newest as_newest(StatePointer state) const;
  void remember(Newest newest) const;            // unless a later version is known
  void forget(const StatePointer& state) const;  // and all older ones, where it is still the newest known
  void keep(StatePointer state) const;
  void store_state(const delta::State& state) const;  // in the table's state file, where it may
  void after_commit(const delta::State& state, const std::string& text, const std::string& transaction_id,
                    const base::Context& context);
  bool checkpoint_due(const delta::State& state) const;
  // Its hash; empty when it could not be written.
  std::string make_checkpoint(const delta::State& state, const base::Context& context);

  Environment environment_;
  std::string path_;
  bool aside_;
  delta::CheckpointReader checkpoints_;
  delta::Log log_;
  mutable std::mutex cache_mutex_;
  mutable Newest newest_;
  mutable std::list<StatePointer> older_;                    // most recently used first
  mutable base::OncePerKey<int64_t, StatePointer> loading_;  // by version; kLoadNewest: the newest
};

// already_exists when a table, a link or a dropped table has the path, in whatever spelling.
base::Status check_no_table(const store::Store& store, const std::string& path);
// Version 0 of a new table without rows; `made` becomes what it will be.
base::Result<delta::CommitDraft> first_commit(const DeltaTable& table, const CreateOptions& options,
                                              delta::State* made);

}  // namespace tarn::lake
