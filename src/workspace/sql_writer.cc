// What SQL that writes needs of a lake: newest versions, tables that appear and go in one step, one writer at a time.
// Shape:   lake/dropped.h, doc/design/sql-writes.md.
#include <fmt/format.h>

#include "lake/dropped.h"
#include "lake/table_name.h"
#include "workspace/sql_sessions.h"

namespace tarn::workspace {
namespace {

using base::Code;
using base::Result;
using base::Status;

Result<std::string> path_of(const std::string& name) {
  TARN_ASSIGN(const std::string canonical, lake::full_name(name));
  return lake::path_of_table(canonical);
}

}  // namespace

sql::LakeWriter SqlSessions::writer(const std::string& as_of) {
  sql::LakeWriter writer;
  if (!as_of.empty()) {
    writer.refusal = fmt::format("this session reads the lake as of {}, and an old version is not written to", as_of);
  }
  writer.hold = [this](const std::string& name) -> std::shared_ptr<void> {
    return std::make_shared<std::unique_lock<std::mutex>>(locks_.hold(name));
  };
  writer.pin = [this](const std::string& name, const std::string& when,
                      const base::Context& context) -> Result<sql::PinnedTable> {
    TARN_ASSIGN(Pinned pinned, tables_.pin(name, when, context));
    return sql::PinnedTable{std::move(pinned.table), std::move(pinned.snapshot)};
  };
  const auto made = [this](const std::string& name) -> Result<sql::PinnedTable> {
    auto pinned = tables_.pin(name, "", {});
    if (!pinned.ok()) return pinned.status().with_context(fmt::format("{} was made all the same", name));
    return sql::PinnedTable{std::move(pinned->table), std::move(pinned->snapshot)};
  };
  writer.create = [this, made](const std::string& name,
                               const std::vector<delta::Field>& schema) -> Result<sql::PinnedTable> {
    TARN_ASSIGN(const std::string path, path_of(name));
    TARN_ASSIGN(const lake::Environment environment, tables_.lake_environment(true, true));
    lake::CreateOptions options;
    options.schema = schema;
    TARN_TRY(lake::create_table(environment, path, options));
    return made(name);
  };
  writer.create_as = [this, made](const std::string& name, duck::Connection& connection, const lake::NewRows& select,
                                  const base::Context& context, int64_t* rows) -> Result<sql::PinnedTable> {
    TARN_ASSIGN(const std::string path, path_of(name));
    TARN_ASSIGN(const lake::Environment environment, tables_.lake_environment(true, true));
    TARN_ASSIGN(*rows, lake::create_table_as(environment, path, connection, select, context));
    return made(name);
  };
  writer.drop = [this](const std::string& name) -> Status {
    TARN_ASSIGN(const std::string path, path_of(name));
    TARN_ASSIGN(const std::string canonical, lake::full_name(name));
    TARN_ASSIGN(const lake::Environment environment, tables_.lake_environment(false, false));
    const Status dropped = lake::drop_table(environment, path);
    tables_.forget(canonical);
    return dropped;
  };
  return writer;
}

}  // namespace tarn::workspace
