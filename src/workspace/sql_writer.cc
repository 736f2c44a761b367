// What SQL that writes needs of a lake: newest versions, tables that appear and go in one step, one writer at a time.
// Shape:   a table is made beside its place and renamed when it is whole; a dropped one is renamed: lake/dropped.h,
//          doc/design/sql-writes.md.
#include <fmt/format.h>

#include "ingest/text_table.h"
#include "lake/dropped.h"
#include "workspace/workspace.h"

namespace tarn::workspace {
namespace {

using base::Code;
using base::Result;
using base::Status;

Result<std::string> path_of(const std::string& name) {
  TARN_ASSIGN(const std::string canonical, ingest::canonical_table(name));
  return ingest::table_path(canonical);
}

}  // namespace

sql::LakeWriter Workspace::sql_writer(const std::string& as_of) {
  sql::LakeWriter writer;
  if (!as_of.empty()) {
    writer.refusal = fmt::format("this session reads the lake as of {}, and an old version is not written to", as_of);
  }
  writer.hold = [this]() -> std::shared_ptr<void> { return std::make_shared<std::unique_lock<std::mutex>>(writing_); };
  writer.pin = [this](const std::string& name, const std::string& when) -> Result<sql::PinnedTable> {
    TARN_ASSIGN(Pinned pinned, pin(name, when));
    return sql::PinnedTable{std::move(pinned.table), std::move(pinned.snapshot)};
  };
  writer.create = [this](const std::string& name, const std::vector<lake::Field>& schema,
                         const sql::LakeWriter::Fill& fill) -> Result<sql::PinnedTable> {
    TARN_ASSIGN(const std::string path, path_of(name));
    TARN_ASSIGN(const lake::Environment environment, lake_environment(true, true));
    const Status there(Code::already_exists, fmt::format("there is a table {} already", name));
    if (store::exists(*environment.store, path + "/_delta_log")) return there;
    lake::CreateOptions options;
    options.schema = schema;
    if (!fill) {
      TARN_TRY(lake::create_table(environment, path, options).status());
    } else {
      const std::string beside = lake::creating_path(path, random_.uuid());
      TARN_ASSIGN(const auto table, lake::create_table(environment, beside, options));
      if (const Status filled = fill(*table); !filled.ok()) {
        static_cast<void>(lake::remove_aside(*environment.store, beside));  // else vacuum's
        return filled;
      }
      const Status named = environment.store->rename_directory(beside, path);
      if (named.code() == Code::already_exists) return there;
      TARN_TRY(named);
    }
    TARN_ASSIGN(Pinned pinned, pin(name, ""));
    return sql::PinnedTable{std::move(pinned.table), std::move(pinned.snapshot)};
  };
  writer.drop = [this](const std::string& name) -> Status {
    TARN_ASSIGN(const std::string path, path_of(name));
    TARN_ASSIGN(const std::string canonical, ingest::canonical_table(name));
    TARN_ASSIGN(const lake::Environment environment, lake_environment(false, false));
    {
      const std::lock_guard lock(opening_);
      tables_.erase(canonical);
      live_sets_.erase(canonical);
    }
    return environment.store->rename_directory(path, lake::dropped_path(path, environment.clock->now_us()));
  };
  return writer;
}

}  // namespace tarn::workspace
