// Tables that lie aside: dropped ones, kept for a while so that a drop can be undone, and ones that were being made
// when their writer died.
// Shape:   a dropped one is `<namespace>/_dropped-<name>-<time>`; renaming it back undoes the drop. Where the store
//          renames no directory it stays in its place with a tombstone, `<table>/_tarn/dropped.json`
//          (doc/format/dropped.md), which hides it from Tarn; taking that away undoes the drop. One that is being made
//          is a directory with `_tarn/creating-<id>` and no log yet (before 0.2: `<namespace>/_creating-<name>-<id>`).
//          Names with `_` in front are no tables, to Tarn and to other engines. What has another form is not Tarn's and
//          is left alone.
// Kept:    a dropped table as long as it says itself (delta.deletedFileRetentionDuration) after its drop, and while a
//          tag names one of its versions or a reader that began before the drop is alive. One that was being made as
//          long, from its last file on, and kOrphanAgeUs at least.
// Limits:  kMaxWalkDepth directories below each other.
// Errors:  what the store says. What a stop leaves, the next sweep takes.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lake/table.h"

namespace tarn::lake {

struct AsideTable {
  std::string path;                      // "main/_dropped-docs-20261126T031500123456Z"
  std::string table;                     // what it was, or was to be: "main/docs"
  std::optional<int64_t> dropped_at_us;  // nothing: it was being made
};

std::string dropped_path(const std::string& table_path, int64_t now_us);
std::string tombstone_path(const std::string& table_path);
// `id`: 36 characters, as Random::uuid() gives.
std::string creating_path(const std::string& table_path, const std::string& id);
std::string creating_mark(const std::string& table_path, const std::string& id);
bool is_dropped(const store::Store& store, const std::string& table_path);  // by a tombstone
base::Status no_longer_there(const std::string& table_path);
base::Result<std::vector<AsideTable>> list_aside(const store::Store& store);  // by path

// To read one; not_found when its log is gone.
base::Result<std::shared_ptr<TableReader>> open_aside(const Environment& environment, const AsideTable& aside,
                                                      const base::Context& context);
base::Status remove_aside(store::Store& store, const std::string& path);
// The directories of a table that was not made, where nothing lies in them.
void remove_empty(store::Store& store, const std::string& table_path);

// Durable, in one step, and can be undone.
base::Status drop_table(const Environment& environment, const std::string& path);

struct SweptTable {
  AsideTable table;
  int64_t files = 0, size_bytes = 0;
};
struct AsideReport {
  std::vector<SweptTable> removed;
  int64_t kept_by_tags = 0, kept_by_leases = 0;  // tables that went otherwise
};
// Takes away those that nothing keeps, each as a whole; with `dry_run` only says it.
base::Result<AsideReport> sweep_aside(const Environment& environment, const VacuumOptions& options,
                                      const base::Context& context);

// already_exists where a table or link has the path in another spelling: SQL takes names that differ by case only for
// one.
base::Status check_spelling(const store::Store& store, const std::string& path);

}  // namespace tarn::lake
