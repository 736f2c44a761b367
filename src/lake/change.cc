#include "lake/change.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "delta/protocol.h"
#include "delta/schema.h"
#include "delta/statistics.h"
#include "lake/data_file.h"

namespace tarn::lake {
namespace {

using base::Code;
using base::Result;
using base::Status;

Status check_unique(duck::Connection& connection, const delta::Snapshot& snapshot, const delta::Field& key,
                    const std::string& path) {
  const std::string call = delta::read_parquet_call(snapshot, {path}, {&key});
  TARN_ASSIGN(const auto rows, connection.query("SELECT CAST(c0 AS VARCHAR), count(*) FROM " + call +
                                                " GROUP BY ALL HAVING count(*) > 1 OR bool_or(c0 IS NULL) LIMIT 1"));
  TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
  if (chunk == nullptr || chunk->rows() == 0) return {};
  if (chunk->is_null(0, 0)) {
    return {Code::invalid_argument, fmt::format("a new row has no '{}', which is the key", key.name)};
  }
  return {Code::invalid_argument,
          fmt::format("the key {} = '{}' is in {} of the new rows", key.name, chunk->text(0, 0), chunk->integer(1, 0)),
          "keep one row for each key"};
}

}  // namespace

Status TableChange::start(const base::Context& context) {
  TARN_TRY(context.check());
  if (base_) return {};
  if (!given_base_) return {Code::invalid_argument, "a change needs the snapshot that it starts from"};
  if (table_->read_only()) {
    return {Code::permission_denied, fmt::format("table '{}' is linked: it is read only", table_->path()),
            "write to it where it lies"};
  }
  TARN_ASSIGN(base_, table_->state(given_base_->version, context));
  seen_ = base_;
  return {};
}

Status TableChange::write(duck::Connection& connection, const NewRows& rows, const std::string* unique_key,
                          const base::Context& context) {
  TARN_TRY(delta::check_appendable(*base_));
  TARN_TRY(follow_rows(connection, rows.select));
  Inspect inspect;
  if (unique_key != nullptr) {
    TARN_ASSIGN(const delta::Field* key, key_field(shape(), *unique_key));
    TARN_ASSIGN(const delta::Field* before, key_field(*base_, *unique_key));
    if (key->type != before->type) {
      return {Code::invalid_argument, fmt::format("the key '{}' cannot widen in an upsert", key->name),
              "append a row with the wider value first"};
    }
    inspect = [this, &connection, key](const std::string& staged) {
      return check_unique(connection, shape(), *key, staged);
    };
  }
  TARN_ASSIGN(auto files, write_fitted(connection, rows, std::move(inspect), context));
  for (const delta::DataFile& file : files) written_.add(file);
  for (delta::DataFile& file : files) TARN_TRY(add(std::move(file), rows.feed, context));
  return {};
}

// Mostly the rows have the very columns of the table, which one binding shows and uses. Others are fitted, by a second
// one.
Result<std::vector<delta::DataFile>> TableChange::write_fitted(duck::Connection& connection, const NewRows& rows,
                                                               Inspect inspect, const base::Context& context) {
  WriteOptions options;
  options.inspect = std::move(inspect);
  options.order = rows.order;
  std::vector<duck::Column> columns;
  bool fit = false;
  options.see_columns = [&](const std::vector<duck::Column>& given) {
    columns = given;
    fit = are_of_schema(columns, shape().schema);
    return fit;
  };
  auto files = write_rows(*table_, connection, shape(), duck::seen_columns(rows.select), options, context);
  if (fit || columns.empty()) return files;  // none are seen of a select that cannot be bound
  TARN_ASSIGN(const std::string fitted, fit_to_schema(connection, shape().schema, columns, rows.select));
  options.see_columns = {};
  return write_rows(*table_, connection, shape(), fitted, options, context);
}

Status TableChange::add(delta::DataFile file, Feed feed, const base::Context& context) {
  if (table_->observer() != nullptr) TARN_TRY(table_->observer()->file_written(*table_, base_.get(), file, context));
  if (feed == Feed::update) updates_.insert(file.path);
  pending_.push_back(std::move(file));
  return {};
}

Status TableChange::follow_rows(duck::Connection& connection, const std::string& select) {
  if (on_change_ == OnChange::fail) return {};
  TARN_ASSIGN(auto evolution, delta::evolve(connection, shape(), select, [this] { return table_->uuid(); }));
  if (!evolution) return {};
  if (!evolution->protocol && evolution_) evolution->protocol = evolution_->protocol;
  evolution_ = std::move(evolution);
  return {};
}

Status TableChange::append(duck::Connection& connection, const NewRows& rows, const base::Context& context) {
  TARN_TRY(start(context));
  return context.reason(write(connection, rows, nullptr, context));
}

Status TableChange::upsert(duck::Connection& connection, const NewRows& rows, const std::string& key,
                           const base::Context& context) {
  TARN_TRY(start(context));
  return context.reason(replace(connection, rows, key, context));
}

Status TableChange::replace(duck::Connection& connection, const NewRows& rows, const std::string& key,
                            const base::Context& context) {
  TARN_TRY(delta::check_replaceable(*base_));
  TARN_ASSIGN(const delta::Field* field, key_field(*base_, key));
  const size_t before = pending_.size();
  TARN_TRY(write(connection, rows, &key, context));
  ++upserts_;
  if (pending_.size() == before) return {};
  KeySource source{field->name, {}, {}};
  for (size_t i = before; i < pending_.size(); ++i) source.files.push_back(pending_[i].path);
  std::vector<const delta::DataFile*> files;
  for (const auto& [path, file] : seen_->files) files.push_back(&file);
  for (size_t i = 0; i < before; ++i) files.push_back(&pending_[i]);
  TARN_TRY(find_rows(connection, files, source, context));
  sources_.push_back(source);
  return {};
}

Status TableChange::delete_keys(duck::Connection& connection, const std::string& key,
                                const std::vector<std::string>& keys, const base::Context& context) {
  TARN_TRY(start(context));
  TARN_TRY(delta::check_deletable(*base_));
  TARN_ASSIGN(const delta::Field* field, key_field(*base_, key));
  if (keys.empty()) return {};
  const KeySource source{field->name, {}, keys};
  std::vector<const delta::DataFile*> files;
  for (const auto& [path, file] : seen_->files) files.push_back(&file);
  for (const delta::DataFile& file : pending_) files.push_back(&file);
  if (const Status found = find_rows(connection, files, source, context); !found.ok()) return context.reason(found);
  sources_.push_back(source);
  return {};
}

Status TableChange::delete_rows(const std::string& file, const delta::RowList& rows, Feed feed) {
  TARN_TRY(start({}));
  TARN_TRY(delta::check_deletable(*base_));
  const auto it = base_->files.find(file);
  if (it == base_->files.end()) {
    return {Code::not_found,
            fmt::format("version {} of '{}' has no file '{}'", base_->version.value, table_->path(), file)};
  }
  const auto count = it->second.row_count();
  for (int64_t row : rows) {
    if (row < 0 || (count && row >= *count)) {
      return {Code::invalid_argument, fmt::format("file '{}' has no row {}", file, row)};
    }
  }
  TARN_ASSIGN(const delta::RowList gone, table_->deleted_rows(it->second));
  delta::RowList live(rows);
  std::sort(live.begin(), live.end());
  live.erase(std::unique(live.begin(), live.end()), live.end());
  live = without(live, gone);
  if (live.empty()) return {};
  given_[file] = merged(given_[file], live);
  if (feed == Feed::update) updated_[file] = merged(updated_[file], live);
  return {};
}

void TableChange::set_transaction(const std::string& app_id, int64_t version) {
  transaction_ = delta::Transaction{app_id, version, table_->now_ms()};
}

void TableChange::set_operation(const std::string& name, json::Value parameters) {
  operation_ = name;
  parameters_ = std::move(parameters);
}

bool TableChange::empty() const { return pending_.empty() && found_.empty() && given_.empty() && !evolution_; }

int64_t TableChange::rows_appended() const {
  int64_t rows = 0;
  for (const delta::DataFile& file : pending_) rows += file.row_count().value_or(0);
  return rows;
}

Result<base::Version> TableChange::commit(const base::Context& context) {
  auto committed = try_to_commit(context);
  return committed.ok() ? committed : Result<base::Version>(context.reason(committed.status()));
}

Result<base::Version> TableChange::try_to_commit(const base::Context& context) {
  TARN_TRY(start(context));
  if (empty() && !transaction_) return base_->version;
  TARN_TRY(delta::check_writable(*base_));
  for (int attempt = 0; attempt < kMaxCommitAttempts; ++attempt) {
    TARN_ASSIGN(const auto latest, table_->state(std::nullopt, context));
    TARN_TRY(follow(latest, context));
    TARN_ASSIGN(const delta::CommitDraft made, draft(*latest, context));
    // Others deleted all that this change was to delete.
    if (made.adds.empty() && made.removes.empty() && !made.transaction && !made.metadata) return latest->version;
    TARN_TRY(context.check());
    const auto committed = table_->try_commit(latest.get(), made, context);
    written_.settle(committed.status());
    if (committed.ok()) {
      // The change stands, whatever becomes of this: the next commit that is due makes up for it.
      static_cast<void>(table_->maintain(latest, *committed, context));
      return (*committed)->version;
    }
    if (committed.status().code() != Code::already_exists) return committed.status();
  }
  return Status(Code::conflict,
                fmt::format("table '{}': other writers were first {} times", table_->path(), kMaxCommitAttempts),
                "try again when fewer write at once");
}

Result<delta::CommitDraft> TableChange::draft(const delta::State& latest, const base::Context& context) {
  delta::CommitDraft made;
  made.operation = operation_;
  made.parameters = parameters_;
  made.transaction = transaction_;
  made.blind_append = sources_.empty() && given_.empty();
  if (evolution_) {
    made.metadata = evolution_->metadata;
    made.protocol = evolution_->protocol;
  }
  TARN_TRY(draft_deletions(latest, context, &made));
  TARN_TRY(draft_changes(latest, context, &made));
  for (const delta::DataFile& file : pending_) {
    if (found_.count(file.path) == 0) made.adds.push_back({file, true});
  }
  describe(&made);
  return made;
}

Status TableChange::draft_deletions(const delta::State& latest, const base::Context& context,
                                    delta::CommitDraft* made) {
  std::set<std::string> paths;
  for (const auto* some : {&found_, &given_}) {
    for (const auto& [path, rows] : *some) paths.insert(path);
  }
  delta::DeletionVectorFile vectors;
  const std::string vector_id = table_->uuid();
  TARN_ASSIGN(const std::string vector_name, delta::encode_uuid(vector_id));
  int64_t deleted_count = 0;
  for (const std::string& path : paths) {
    TARN_TRY(context.check());
    const auto own =
        std::find_if(pending_.begin(), pending_.end(), [&](const delta::DataFile& file) { return file.path == path; });
    delta::DataFile file = own != pending_.end() ? *own : latest.files.at(path);
    TARN_ASSIGN(const delta::RowList gone, table_->deleted_rows(file));
    delta::RowList list = gone;
    for (const auto* some : {&found_, &given_}) {
      if (const auto rows = some->find(path); rows != some->end()) list = merged(list, rows->second);
    }
    if (list.size() == gone.size()) continue;  // another commit deleted them all
    deleted_count += static_cast<int64_t>(list.size() - gone.size());
    auto count = file.row_count();
    if (!count) {
      TARN_TRY(delta::with_connection(table_->connect(), [&](duck::Connection& connection) -> Status {
        TARN_ASSIGN(const store::LocalFiles copy, table_->local_files({path}));
        TARN_ASSIGN(const auto result, connection.query("SELECT num_rows FROM parquet_file_metadata(" +
                                                        duck::quote_literal(copy.paths[0]) + ")"));
        TARN_ASSIGN(const duck::Chunk* chunk, result->next());
        if (chunk != nullptr && chunk->rows() == 1) count = chunk->integer(0, 0);
        return {};
      }));
      if (!count) {
        return {Code::corruption, fmt::format("{}/{}: its number of rows is not known", table_->path(), path)};
      }
      file.stats = delta::count_only(*count);
    }
    if (list.back() >= *count) {
      return {Code::invalid_argument, fmt::format("file '{}' has no row {}", path, list.back())};
    }
    const bool all_gone = static_cast<int64_t>(list.size()) == *count;
    if (own == pending_.end()) {
      if (!all_gone && !delta::writes_deletion_vectors(latest)) {
        TARN_TRY(rewrite(latest, file, list, context, made));
        continue;
      }
      made->removes.push_back(delta::removal_of(file, table_->now_ms(), true));
    }
    if (all_gone) continue;
    if (!delta::writes_deletion_vectors(latest)) {
      TARN_TRY(rewrite(latest, file, list, context, made));
      continue;
    }
    const std::string encoded = delta::encode_rows(list);
    const auto cardinality = static_cast<int64_t>(list.size());
    if (encoded.size() <= delta::kMaxInlineBytes) {
      file.deletion_vector = delta::inline_deletion_vector(encoded, cardinality);
    } else {
      file.deletion_vector = vectors.add(encoded, cardinality);
      file.deletion_vector->path_or_inline = vector_name;
    }
    file.stats = delta::loosen(file.stats);
    made->adds.push_back({std::move(file), true});
  }
  made->metrics.emplace_back("numDeletedRows", deleted_count);
  if (vectors.empty()) return {};
  const std::string vector_file = delta::deletion_vector_file_name(vector_id);
  written_.add_other(vector_file);
  return table_->store().put_if_absent(table_->path() + "/" + vector_file, vectors.bytes());
}

// For tables without deletion vectors: the rows that stay, in a new file.
Status TableChange::rewrite(const delta::State& latest, const delta::DataFile& file, const delta::RowList& deleted,
                            const base::Context& context, delta::CommitDraft* made) {
  TARN_TRY(delta::check_rewritable(latest));
  const bool own = latest.files.find(file.path) == latest.files.end();
  const delta::State& shape_of_rows = own ? shape() : latest;
  TARN_ASSIGN(const Select select, table_->select_rows(shape_of_rows, {{&file, deleted}}, {}));
  WriteOptions options;
  options.enforce = false;
  options.partition = &file.partition_values;
  std::vector<delta::DataFile> written;
  TARN_TRY(delta::with_connection(table_->connect(), [&](duck::Connection& connection) -> Status {
    TARN_ASSIGN(written, write_rows(*table_, connection, shape_of_rows, select.sql, options, context));
    return {};
  }));
  for (const delta::DataFile& kept : written) written_.add(kept);
  for (delta::DataFile& kept : written) {
    if (table_->observer() != nullptr) TARN_TRY(table_->observer()->file_written(*table_, base_.get(), kept, context));
    made->adds.push_back({std::move(kept), true});
  }
  if (!own) made->removes.push_back(delta::removal_of(file, table_->now_ms(), true));
  return {};
}

void TableChange::describe(delta::CommitDraft* made) const {
  int64_t rows = 0, bytes = 0;
  for (const delta::DataFile& file : pending_) {
    rows += file.row_count().value_or(0);
    bytes += file.size_bytes;
  }
  if (!pending_.empty()) {
    made->metrics.emplace_back("numFiles", static_cast<int64_t>(pending_.size()));
    made->metrics.emplace_back("numOutputRows", rows);
    made->metrics.emplace_back("numOutputBytes", bytes);
  }
  if (!made->operation.empty()) return;
  if (upserts_ > 0) {
    made->operation = "MERGE";
    if (!sources_.empty()) made->parameters.set("key", sources_.front().column);
  } else if (!sources_.empty() || !given_.empty()) {
    made->operation = "DELETE";
  } else {
    made->operation = "WRITE";
    made->parameters.set("mode", "Append");
    made->parameters.set("partitionBy", "[]");
  }
}

std::unique_ptr<Change> DeltaTable::change(std::shared_ptr<const delta::Snapshot> base) {
  return std::make_unique<TableChange>(shared_from_this(), std::move(base));
}

}  // namespace tarn::lake
