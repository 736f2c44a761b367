#include "lake/originals.h"

#include <fmt/format.h>

#include "base/sha256.h"
#include "delta/physical.h"
#include "delta/schema.h"
#include "lake/dropped.h"
#include "lake/table_name.h"
#include "lake/vacuum.h"

namespace tarn::lake {
namespace {

constexpr size_t kDigits = 64;

// Data files below a directory of a table, whether its log names them or not.
base::Status list_data_files(const store::Store& store, const std::string& directory, int depth,
                             std::vector<std::string>* files) {
  if (depth > kMaxWalkDepth) return {};
  TARN_ASSIGN(const auto entries, store.list(directory, store::Detail::names));
  for (const store::Entry& entry : entries) {
    const std::string path = directory + "/" + entry.name;
    if (entry.is_directory && !entry.name.starts_with('_')) {
      TARN_TRY(list_data_files(store, path, depth + 1, files));
    }
    if (!entry.is_directory && entry.name.ends_with(".parquet")) files->push_back(path);
  }
  return {};
}

base::Status add_rows_of(const TableReader& table, bool asked, const std::set<std::string>& uris,
                         duck::Connection& connection, OriginalsInUse* use, const base::Context& context) {
  TARN_ASSIGN(const auto snapshot, table.snapshot({}, context));
  const delta::Field* extra = delta::find_field(snapshot->schema, "extra");
  const delta::Field* uri = delta::find_field(snapshot->schema, "uri");
  if (!extra || !uri || !delta::is_primitive(extra->type, "string") || !delta::is_primitive(uri->type, "string")) {
    return {};
  }
  std::vector<std::string> files;
  TARN_TRY(list_data_files(table.store(), table.path(), 0, &files));
  if (files.empty()) return {};
  TARN_ASSIGN(const store::LocalFiles local, table.store().local_files(files));
  std::string list, wanted;
  for (const std::string& path : local.paths) list += (list.empty() ? "" : ", ") + duck::quote_literal(path);
  for (const std::string& one : uris) wanted += (wanted.empty() ? "" : ", ") + duck::quote_literal(one);
  const std::string column = duck::quote_name(delta::physical_name(*snapshot, *extra));
  const std::string is_wanted = asked && !wanted.empty()
                                    ? duck::quote_name(delta::physical_name(*snapshot, *uri)) + " IN (" + wanted + ")"
                                    : "false";
  // The files of a table that was changed by others may lack a column.
  TARN_ASSIGN(const auto rows,
              connection.query(fmt::format(
                  "SELECT DISTINCT json_extract_string({0}, '$.original.sha256') AS sha, coalesce({1}, false) FROM "
                  "read_parquet([{2}], union_by_name := true, hive_partitioning := false) WHERE {0} LIKE "
                  "'%\"original\"%' AND json_valid({0}) AND sha IS NOT NULL",
                  column, is_wanted, list)));
  for (;;) {
    TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
    if (!chunk) return {};
    for (size_t i = 0; i < chunk->rows(); ++i) {
      (chunk->integer(1, i) != 0 ? use->of_rows : use->of_others).emplace(chunk->text(0, i));
    }
  }
}

}  // namespace

std::string path_of_original(std::string_view sha256) {
  return fmt::format("{}/{}/{}", kOriginals, sha256.substr(0, 2), sha256);
}

base::Result<std::string> put_original(const Environment& environment, std::string_view bytes) {
  store::Store& store = *environment.store;
  std::string sha256 = base::sha256(bytes);
  base::Status put = store.put_if_absent(path_of_original(sha256), bytes);
  // One that no row names any more is young again, so that no sweep takes it before the commit.
  if (put.code() == base::Code::already_exists) put = store.put(path_of_original(sha256), bytes);
  if (!put.ok()) return put.with_context("the original");
  return sha256;
}

base::Result<std::string> read_original(const Environment& environment, const std::string& sha256) {
  TARN_ASSIGN(std::string bytes, environment.store->read(path_of_original(sha256)));
  if (base::sha256(bytes) == sha256) return bytes;
  return base::Status(base::Code::corruption, path_of_original(sha256) + ": its bytes are not those that were written",
                      "restore the file from a backup");
}

base::Result<std::vector<Original>> list_originals(const Environment& environment) {
  std::vector<Original> all;
  TARN_ASSIGN(const auto folders, environment.store->list(kOriginals, store::Detail::names));
  for (const store::Entry& folder : folders) {
    if (!folder.is_directory) continue;
    TARN_ASSIGN(const auto files, environment.store->list(fmt::format("{}/{}", kOriginals, folder.name)));
    for (const store::Entry& file : files) {
      if (file.is_directory || file.name.size() != kDigits) continue;
      all.push_back({file.name, static_cast<int64_t>(file.size_bytes), file.modified_us});
    }
  }
  return all;
}

base::Result<OriginalsInUse> originals_in_use(const Environment& environment, duck::Connection& connection,
                                              const std::string& table, const std::set<std::string>& uris,
                                              const base::Context& context) {
  OriginalsInUse use;
  TARN_ASSIGN(const auto paths, list_tables(*environment.store));
  for (const std::string& path : paths) {
    TARN_TRY(context.check());
    TARN_ASSIGN(const auto reader, open_reader(environment, path, {}, context));
    if (reader->link()) continue;
    TARN_TRY(add_rows_of(*reader, path == table, uris, connection, &use, context));
  }
  TARN_ASSIGN(const auto aside, list_aside(*environment.store));
  for (const AsideTable& one : aside) {
    const auto reader = open_aside(environment, one, context);
    if (reader.status().code() == base::Code::not_found) continue;
    if (!reader.ok()) return reader.status();
    TARN_TRY(add_rows_of(**reader, one.path == table, uris, connection, &use, context));
  }
  return use;
}

base::Result<std::vector<RemovedFile>> sweep_originals(const Environment& environment, duck::Connection& connection,
                                                       bool dry_run, const base::Context& context) {
  std::vector<RemovedFile> removed;
  TARN_ASSIGN(const auto there, list_originals(environment));
  if (there.empty()) return removed;
  TARN_ASSIGN(const OriginalsInUse use, originals_in_use(environment, connection, "", {}, context));
  const int64_t before_us = (environment.clock ? *environment.clock : base::system_clock()).now_us() - kOrphanAgeUs;
  for (const Original& original : there) {
    if (use.of_others.contains(original.sha256) || original.put_at_us > before_us) continue;
    TARN_TRY(context.check());
    const std::string path = path_of_original(original.sha256);
    if (!dry_run) TARN_TRY(environment.store->remove(path));
    removed.push_back({path, original.size_bytes});
  }
  return removed;
}

}  // namespace tarn::lake
