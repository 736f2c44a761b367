#include "lake/linked_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "delta/partition.h"
#include "delta/path.h"
#include "delta/schema.h"
#include "delta/statistics.h"
#include "duck/cancel_watch.h"
#include "lake/data_file.h"
#include "lake/text_table.h"
#include "lake/vacuum.h"
#include "store/hash_file.h"

namespace tarn::lake {
namespace {

using base::Code;
using base::Result;
using base::Status;

constexpr int kMaxDepth = 32;

std::string list_literal(const std::string& directory, const std::vector<delta::DataFile>& files) {
  std::string list;
  for (const delta::DataFile& file : files) {
    list += (list.empty() ? "" : ", ") + duck::quote_literal(directory + "/" + file.path);
  }
  return "[" + list + "]";
}

// Rows of each file, by its footer.
Status count_rows(duck::Connection& connection, const std::string& directory, const std::vector<delta::DataFile>& files,
                  std::map<std::string, int64_t>* counts) {
  TARN_ASSIGN(const auto rows, connection.query(fmt::format("SELECT file_name, num_rows FROM parquet_file_metadata({})",
                                                            list_literal(directory, files))));
  while (true) {
    TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
    if (chunk == nullptr) return {};
    for (size_t i = 0; i < chunk->rows(); ++i) {
      (*counts)[std::string(chunk->text(0, i)).substr(directory.size() + 1)] = chunk->integer(1, i);
    }
  }
}

std::string key_of(const delta::DataFile& file) {
  return fmt::format("{}\n{}\n{}", file.path, file.size_bytes, file.tags.at(std::string(kTimeTag)));
}

}  // namespace

LinkedTable::LinkedTable(const Environment& environment, std::string path, LinkInfo link)
    : environment_(environment), path_(std::move(path)), link_(std::move(link)) {}

Status LinkedTable::open(const base::Context& context) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path target(link_.target);
  if (!fs::is_directory(target, error)) {
    return {Code::not_found, fmt::format("'{}' is a link to {}, which is not there", path_, link_.target),
            "bring the folder back, or take the link away: tarn link --as TABLE --delete"};
  }
  target_name_ = target.filename().string();
  TARN_ASSIGN(target_store_, store::open_local(target.parent_path().string()));
  if (link_.kind == "delta") {
    delta_ = std::make_shared<DeltaTable>(Environment{target_store_.get(), environment_.clock, environment_.random,
                                                      nullptr, link_.outside, environment_.connect},
                                          target_name_);
  }
  return base::as_status(own_snapshot({}, context));
}

Status LinkedTable::list_folder(const store::Store& store, const std::string& root, const std::string& below, int depth,
                                const base::Context& context, Listed* listed) {
  TARN_TRY(context.check());
  const std::string at = below.empty() ? root : root + "/" + below;
  if (depth > kMaxDepth) {
    return {Code::exhausted, fmt::format("{}: more than {} directories below each other", at, kMaxDepth)};
  }
  if (below.empty()) {
    TARN_ASSIGN(const auto own, store.stat(root));
    listed->newest_us = own.modified_us;
  }
  TARN_ASSIGN(const auto entries, store.list(at));
  for (const auto& entry : entries) {
    if (entry.name[0] == '.' || (entry.name[0] == '_' && entry.name.find('=') == std::string::npos)) continue;
    const std::string path = below.empty() ? entry.name : below + "/" + entry.name;
    if (entry.is_directory) {
      listed->newest_us = std::max(listed->newest_us, entry.modified_us);
      TARN_TRY(list_folder(store, root, path, depth + 1, context, listed));
    } else if (entry.name.ends_with(".parquet")) {
      if (listed->files.size() == kMaxLinkedFiles) {
        return {Code::exhausted, fmt::format("{}: more than {} Parquet files", root, kMaxLinkedFiles)};
      }
      listed->newest_us = std::max(listed->newest_us, entry.modified_us);
      delta::DataFile file;
      file.path = path;
      file.encoded_path = delta::encode_path(path);
      file.size_bytes = static_cast<int64_t>(entry.size_bytes);
      file.modified_ms = entry.modified_us / 1000;
      file.tags[std::string(kTimeTag)] = std::to_string(entry.modified_us);
      file.partition_values = delta::partitions_of_path(path);
      listed->files.push_back(std::move(file));
    }
  }
  return {};
}

Result<std::shared_ptr<const delta::Snapshot>> LinkedTable::folder_snapshot(const base::Context& context) const {
  Listed listed;
  TARN_TRY(list_folder(*target_store_, target_name_, "", 0, context, &listed));
  if (listed.files.empty()) {
    return Status(Code::not_found, fmt::format("{} holds no Delta table and no Parquet file", link_.target));
  }
  std::string listing = std::to_string(listed.newest_us);
  for (const delta::DataFile& file : listed.files) listing += "\n" + key_of(file);
  {
    const std::lock_guard lock(mutex_);
    if (own_ && listing == listing_) return own_;
  }
  TARN_ASSIGN(auto snapshot, reading_.get(listing, [&] { return read_folder(std::move(listed), context); }, context));
  reading_.forget(listing);
  const std::lock_guard lock(mutex_);
  listing_ = std::move(listing);
  own_ = snapshot;
  return snapshot;
}

Result<std::shared_ptr<const delta::Snapshot>> LinkedTable::read_folder(Listed listed,
                                                                        const base::Context& context) const {
  auto snapshot = std::make_shared<delta::Snapshot>();
  std::map<std::string, int64_t> known;
  {
    const std::lock_guard lock(mutex_);
    known = row_counts_;
  }
  std::vector<delta::DataFile> unknown;
  for (const delta::DataFile& file : listed.files) {
    if (known.count(key_of(file)) == 0) unknown.push_back(file);
  }
  const Status looked = delta::with_connection(environment_.connect, [&](duck::Connection& connection) -> Status {
    const duck::CancelWatch watch(connection, context);
    std::map<std::string, int64_t> counts;
    if (!unknown.empty()) TARN_TRY(count_rows(connection, link_.target, unknown, &counts));
    for (const delta::DataFile& file : unknown) known[key_of(file)] = counts[file.path];
    TARN_ASSIGN(
        snapshot->schema,
        delta::fields_of_select(
            connection, fmt::format("SELECT * FROM read_parquet({}, union_by_name=true, hive_partitioning=false)",
                                    list_literal(link_.target, listed.files))));
    return {};
  });
  if (!looked.ok()) return context.reason(looked.with_context(link_.target));
  for (delta::Field& field : snapshot->schema) field.nullable = true;
  for (const auto& [name, value] : listed.files.front().partition_values) {
    if (delta::find_field(snapshot->schema, name) != nullptr) continue;
    snapshot->schema.push_back({name, json::Value("string"), true});
    snapshot->partition_columns.push_back(name);
  }
  // A folder's version is the time of its newest change: it grows with every one of them.
  snapshot->version = base::Version(listed.newest_us / 1000);
  snapshot->committed_at_us = listed.newest_us;
  snapshot->table_id = link_.target;
  for (delta::DataFile& file : listed.files) {
    file.stats = delta::count_only(known.at(key_of(file)));
    snapshot->files[file.path] = file;
  }
  const std::lock_guard lock(mutex_);
  row_counts_.merge(known);
  return std::shared_ptr<const delta::Snapshot>(std::move(snapshot));
}

Result<std::shared_ptr<const delta::Snapshot>> LinkedTable::own_snapshot(std::optional<base::Version> version,
                                                                         const base::Context& context) const {
  if (delta_) return delta_->snapshot(version, context);
  TARN_ASSIGN(auto snapshot, folder_snapshot(context));
  if (!version || snapshot->version == *version) return snapshot;
  return Status(Code::not_found,
                fmt::format("'{}' is a link to a folder of Parquet files: it has no version {}, only what is there now",
                            path_, version->value));
}

std::vector<LinkedTable::Mapped> LinkedTable::mapped(const std::vector<delta::Field>& schema) const {
  if (link_.text.empty()) return {};
  const auto text = [](const std::string& column) {
    return fmt::format("CAST({} AS VARCHAR)", duck::quote_name(column));
  };
  std::vector<Mapped> all;
  for (const std::string_view wanted : kTextColumns) {
    const std::string name(wanted);
    const std::string given = wanted == "body"    ? link_.text
                              : wanted == "id"    ? link_.id
                              : wanted == "title" ? link_.title
                                                  : link_.uri;
    const delta::Field* own = delta::find_field(schema, name);
    if (!given.empty()) {
      if (given == name && own != nullptr && delta::is_primitive(own->type, "string")) continue;
      all.push_back({name, text(given)});
    } else if (own == nullptr || !delta::is_primitive(own->type, "string")) {
      all.push_back({name, wanted == "uri"  ? text(link_.id.empty() ? "id" : link_.id)
                           : own != nullptr ? text(name)
                                            : "''"});
    }
  }
  return all;
}

std::shared_ptr<const delta::Snapshot> LinkedTable::exposed(std::shared_ptr<const delta::Snapshot> own) const {
  const auto added = mapped(own->schema);
  if (added.empty()) return own;
  auto made = std::make_shared<delta::Snapshot>(*own);
  for (const Mapped& column : added) {
    const auto field = std::find_if(made->schema.begin(), made->schema.end(), [&](const delta::Field& candidate) {
      return delta::find_field({candidate}, column.name) != nullptr;
    });
    if (field == made->schema.end()) {
      made->schema.push_back({column.name, json::Value("string"), true});
    } else {
      *field = {column.name, json::Value("string"), true};
    }
  }
  return made;
}

Result<std::shared_ptr<const delta::Snapshot>> LinkedTable::snapshot(std::optional<base::Version> version,
                                                                     const base::Context& context) const {
  TARN_ASSIGN(auto own, own_snapshot(version, context));
  for (const std::string& column : {link_.text, link_.id, link_.title, link_.uri}) {
    if (column.empty() || delta::find_field(own->schema, column) != nullptr) continue;
    return Status(
        Code::invalid_argument,
        fmt::format("the link '{}' names the column '{}', which {} no longer has", path_, column, link_.target),
        "link it anew with the columns that it has now: tarn link --as TABLE --delete, then tarn link PATH");
  }
  {
    const std::lock_guard lock(mutex_);
    if (exposed_ && exposed_->version == own->version && exposed_->files.size() == own->files.size()) return exposed_;
  }
  auto made = exposed(own);
  if (version) return made;
  const std::lock_guard lock(mutex_);
  exposed_ = made;
  return made;
}

Status LinkedTable::check_columns() const {
  TARN_ASSIGN(const auto own, own_snapshot({}, {}));
  for (const std::string& column : {link_.text, link_.id, link_.title, link_.uri}) {
    if (column.empty() || delta::find_field(own->schema, column) != nullptr) continue;
    return {Code::invalid_argument, fmt::format("{} has no column '{}'", link_.target, column),
            "tarn show lists a table's columns"};
  }
  if (link_.text.empty()) {
    if (link_.id.empty() && link_.title.empty() && link_.uri.empty()) return {};
    return {Code::invalid_argument, "columns are named, but no text that is to be searched", "name it: --text COLUMN"};
  }
  if (link_.id.empty() && delta::find_field(own->schema, "id") == nullptr) {
    return {Code::invalid_argument, fmt::format("{} has no column 'id', and none is named", link_.target),
            "name the column that tells rows apart: --id COLUMN"};
  }
  return {};
}

Result<base::Version> LinkedTable::version_at(int64_t time_us, const base::Context& context) const {
  if (delta_) return delta_->version_at(time_us, context);
  TARN_ASSIGN(const auto own, own_snapshot({}, context));
  if (own->committed_at_us <= time_us) return own->version;
  return Status(Code::not_found, fmt::format("'{}' is a link to a folder of Parquet files, changed after {}", path_,
                                             base::format_utc(time_us)));
}

Result<std::vector<delta::Commit>> LinkedTable::history(size_t limit, const base::Context& context) const {
  if (delta_) return delta_->history(limit, context);
  TARN_ASSIGN(const auto own, own_snapshot({}, context));
  delta::Commit commit;
  commit.version = own->version;
  commit.committed_at_us = own->committed_at_us;
  commit.operation = "FOLDER";
  return std::vector<delta::Commit>{commit};
}

Result<delta::RowList> LinkedTable::deleted_rows(const delta::DataFile& file) const {
  return delta_ ? delta_->deleted_rows(file) : Result<delta::RowList>(delta::RowList());
}

Result<std::string> LinkedTable::own_sql(const delta::Snapshot& snapshot, bool with_deleted) const {
  // The log's columns for the files that are asked for.
  TARN_ASSIGN(const auto own, own_snapshot(snapshot.version, {}));
  std::vector<delta::SourceFile> sources;
  for (const auto& [path, file] : snapshot.files) {
    delta::RowList gone;
    if (!with_deleted) {
      TARN_ASSIGN(gone, deleted_rows(file));
    }
    sources.push_back({&file, std::move(gone)});
  }
  return delta::select_rows(*own, link_.target, sources, {{}, true, false});
}

// No leases: what a link points to lies on this machine.
Result<Select> LinkedTable::select(const delta::Snapshot& snapshot, const std::vector<std::string>& columns,
                                   bool with_position) const {
  TARN_ASSIGN(const std::string rows, own_sql(snapshot, false));
  TARN_ASSIGN(const auto own, own_snapshot(snapshot.version, {}));
  std::map<std::string, std::string> expressions;
  for (const Mapped& column : mapped(own->schema)) expressions[column.name] = column.expression;
  std::string list;
  const auto add = [&](const delta::Field& field) {
    const auto made = expressions.find(field.name);
    const std::string name = duck::quote_name(field.name);
    list += (list.empty() ? "" : ", ") + (made == expressions.end() ? name : made->second + " AS " + name);
  };
  for (const std::string& name : columns) {
    const delta::Field* field = delta::find_field(snapshot.schema, name);
    if (field == nullptr) return Status(Code::invalid_argument, fmt::format("there is no column '{}'", name));
    add(*field);
  }
  if (columns.empty()) {
    for (const delta::Field& field : snapshot.schema) add(field);
  }
  if (with_position) list += ", tarn_file, tarn_row";
  return Select{fmt::format("SELECT {} FROM ({})", list, rows)};
}

Result<Select> LinkedTable::select_file(const delta::DataFile& file, const std::vector<std::string>& columns) const {
  TARN_ASSIGN(const auto newest, snapshot({}, {}));
  delta::Snapshot one = *newest;
  one.files = {{file.path, file}};
  one.files.begin()->second.deletion_vector.reset();
  TARN_ASSIGN(const Select rows, select(one, columns, true));
  std::string list = columns.empty() ? "* EXCLUDE (tarn_file, tarn_row)" : "tarn_row";
  for (const std::string& column : columns) list += ", " + duck::quote_name(column);
  return Select{fmt::format("SELECT {} FROM ({}) ORDER BY tarn_row", list, rows.sql)};
}

Result<std::string> LinkedTable::data_hash(const delta::DataFile& file) const {
  const delta::StoredAt at = delta::stored_at(*target_store_, target_name_, file.path);
  return store::hash_file(*at.store, at.path);
}

Status LinkedTable::check_files(const delta::Snapshot& snapshot, const base::Context& context) const {
  if (delta_) return delta_->check_files(snapshot, context);
  for (const auto& [path, file] : snapshot.files) {
    TARN_TRY(context.check());
    TARN_TRY(target_store_->stat(target_name_ + "/" + path));
  }
  return {};
}

Result<VacuumReport> LinkedTable::sweep(const VacuumOptions& options, const base::Context& context) const {
  VacuumReport report;
  TARN_ASSIGN(const auto newest, snapshot({}, context));
  report.version = newest->version;
  if (environment_.observer == nullptr) return report;
  const auto there = [&]() -> Result<FilesThere> {
    FilesThere files;
    if (!delta_) return files;  // the newest version's are kept anyway, and it has no other
    // Older versions are read as long as their owner leaves their files.
    TARN_ASSIGN(const auto stored, stored_files(*target_store_, target_name_, context));
    for (const auto& [path, file] : stored) files[path] = file.size_bytes;
    return files;
  };
  TARN_ASSIGN(report.removed, environment_.observer->files_swept(*this, there, options.dry_run, context));
  return report;
}

Result<std::vector<Finding>> LinkedTable::check(duck::Connection& connection, const base::Context& context) const {
  if (delta_) return delta_->check(connection, context);
  const duck::CancelWatch watch(connection, context);
  std::vector<Finding> findings;
  TARN_ASSIGN(const auto newest, snapshot({}, context));
  uint64_t done = 0;
  for (const auto& [path, file] : newest->files) {
    context.update("checking", done++, newest->files.size(), "files");
    delta::Snapshot one = *newest;
    one.files = {{path, file}};
    TARN_ASSIGN(const Select rows, select(one, {}, false));
    const auto read = [&]() -> Status {
      TARN_ASSIGN(const auto result,
                  connection.query(fmt::format("SELECT count(*), bit_xor(hash(r)) FROM ({}) AS r", rows.sql)));
      return base::as_status(result->next());
    }();
    TARN_TRY(context.check());
    if (!read.ok()) findings.push_back({data_address(file), read.message()});
  }
  return findings;
}

}  // namespace tarn::lake
