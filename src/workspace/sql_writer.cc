// What SQL that writes needs of a lake: newest versions, tables that appear and go in one step, one writer at a time.
// Shape:   a table is made beside its place, as `<namespace>/_creating-<name>-<id>`, and renamed when it is whole; a dropped one is renamed
//          to `<namespace>/_dropped-<name>-<time>`. Names with `_` in front are no tables, to Tarn and to other engines. Renaming back
//          undoes a drop: doc/design/sql-writes.md.
#include <fmt/format.h>

#include <algorithm>

#include "ingest/text_table.h"
#include "workspace/workspace.h"

namespace tarn::workspace {
namespace {

using base::Code;
using base::Result;
using base::Status;

struct Place {
  std::string space, table;
  std::string path() const { return space + "/" + table; }
  std::string beside(std::string_view what, const std::string& id) const {
    return fmt::format("{}/_{}-{}-{}", space, what, table, id);
  }
};

Result<Place> place_of(const std::string& name) {
  TARN_ASSIGN(const std::string canonical, ingest::canonical_table(name));
  const size_t dot = canonical.find('.');
  return Place{canonical.substr(0, dot), canonical.substr(dot + 1)};
}

// A time that can stand in a file's name: 20261126T031500123456Z.
std::string compact_time(int64_t now_us) {
  std::string text = base::format_utc(now_us);
  std::erase_if(text, [](char c) { return c == '-' || c == ':' || c == '.'; });
  return text;
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
    TARN_ASSIGN(const Place place, place_of(name));
    TARN_ASSIGN(const lake::Environment environment, lake_environment(true, true));
    const Status there(Code::already_exists, fmt::format("there is a table {} already", name));
    if (store::exists(*environment.store, place.path() + "/_delta_log")) return there;
    lake::CreateOptions options;
    options.schema = schema;
    if (!fill) {
      TARN_TRY(lake::create_table(environment, place.path(), options).status());
    } else {
      const std::string beside = place.beside("creating", random_.uuid());
      TARN_ASSIGN(const auto table, lake::create_table(environment, beside, options));
      TARN_TRY(fill(*table));
      const Status named = environment.store->rename_directory(beside, place.path());
      if (named.code() == Code::already_exists) return there;
      TARN_TRY(named);
    }
    TARN_ASSIGN(Pinned pinned, pin(name, ""));
    return sql::PinnedTable{std::move(pinned.table), std::move(pinned.snapshot)};
  };
  writer.drop = [this](const std::string& name) -> Status {
    TARN_ASSIGN(const Place place, place_of(name));
    TARN_ASSIGN(const lake::Environment environment, lake_environment(false, false));
    {
      const std::lock_guard lock(opening_);
      tables_.erase(place.space + "." + place.table);
      live_sets_.erase(place.space + "." + place.table);
    }
    return environment.store->rename_directory(place.path(),
                                               place.beside("dropped", compact_time(environment.clock->now_us())));
  };
  return writer;
}

}  // namespace tarn::workspace
