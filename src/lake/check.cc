#include "lake/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "delta/checksum.h"
#include "delta/deletion_vector.h"
#include "delta/physical.h"
#include "delta/schema.h"
#include "delta/statistics.h"
#include "delta/type_parser.h"
#include "duck/cancel_watch.h"
#include "lake/bookmark.h"
#include "lake/data_file.h"
#include "store/hash_file.h"

namespace tarn::lake {
namespace {

using base::Code;
using base::Result;
using base::Status;

// What both say has to be the same.
bool agree(const json::Value& a, const json::Value& b) {
  if (!a.is_object() || !b.is_object()) return delta::same_json(a, b);
  const auto& members = a.members();
  return std::all_of(members.begin(), members.end(), [&](const auto& member) {
    const json::Value& other = b[member.first];
    return member.second.is_null() || other.is_null() || agree(member.second, other);
  });
}

// A checkpoint may leave statistics out, or keep them as columns, and forgetting takes bounds out of a commit before
// its checkpoint.
bool same_statistics(const std::string& a, const std::string& b) {
  if (a == b || a.empty() || b.empty()) return true;
  const auto left = json::parse(a), right = json::parse(b);
  return left.ok() && right.ok() && agree(*left, *right);
}

bool same_file(const delta::DataFile& a, const delta::DataFile& b) {
  if (!same_statistics(a.stats, b.stats) || a.tags != b.tags) return false;
  return a.path == b.path && a.size_bytes == b.size_bytes && a.deletion_vector == b.deletion_vector &&
         a.partition_values == b.partition_values;
}

bool same_files(const delta::State& a, const delta::State& b) {
  if (a.files.size() != b.files.size()) return false;
  return std::all_of(a.files.begin(), a.files.end(), [&](const auto& entry) {
    const auto it = b.files.find(entry.first);
    return it != b.files.end() && same_file(entry.second, it->second);
  });
}

const json::Value& at(const json::Value& object, const std::vector<std::string>& path) {
  const json::Value* value = &object;
  for (const std::string& name : path) value = &(*value)[name];
  return *value;
}

std::string bound_literal(const json::Value& value, const std::string& type) {
  const std::string text = value.is_string() ? value.as_string() : json::write(value);
  // A decimal's bound may be written with an exponent, which only a number's cast understands.
  const std::string literal = duck::quote_literal(text) + (value.is_number() ? "::DOUBLE" : "");
  return fmt::format("CAST({} AS {})", value.is_int() ? duck::quote_literal(text) : literal, type);
}

// Bounds of text are cut, and those of long decimals went through a double in other writers: they say nothing exact.
bool has_exact_bounds(const json::Value& type) {
  int precision = 0, scale = 0;
  if (delta::is_primitive(type, "string") || delta::is_primitive(type, "binary") || delta::is_primitive(type, "void")) {
    return false;
  }
  return !delta::read_decimal(type.as_string(), &precision, &scale) || precision <= 15;
}

}  // namespace

Result<std::vector<Finding>> check_table(const Environment& environment, const std::string& path,
                                         duck::Connection& connection, const base::Context& context) {
  return std::make_shared<DeltaTable>(environment, path)->check(connection, context);
}

Result<std::vector<Finding>> DeltaTable::check(duck::Connection& connection, const base::Context& context) const {
  const duck::CancelWatch watch(connection, context);
  auto findings = TableCheck(*this, connection, context).run();
  return findings.ok() ? findings : Result<std::vector<Finding>>(context.reason(findings.status()));
}

// What is stopped fails like what is damaged: the context is asked before a finding can be told.
Result<std::vector<Finding>> TableCheck::run() {
  TARN_TRY(context_.check());
  read_state_file();
  TARN_ASSIGN(const auto state, check_log());
  TARN_TRY(context_.check());
  if (!state) return findings_;
  uint64_t done = 0;
  for (const auto& [path, file] : state->files) {
    context_.update("checking", done++, state->files.size(), "files");
    check_file(*state, file);
    TARN_TRY(context_.check());
  }
  context_.update("checking", done, state->files.size(), "files");
  TARN_TRY(check_older(*state));
  check_bookmarks(*state);
  TARN_TRY(context_.check());
  return findings_;
}

std::shared_ptr<delta::State> TableCheck::start_of(const delta::LogFiles& files) {
  auto state = std::make_shared<delta::State>();
  state->version = base::Version(-1);
  if (files.has_commit(0)) return state;
  // A log that was cleaned up begins with a checkpoint, no later than its first commit (the commit of its version may
  // be there or not).
  for (auto it = files.checkpoints.rbegin(); it != files.checkpoints.rend(); ++it) {
    const auto& [version, candidates] = *it;
    if (!files.commits.empty() && version > files.commits.front()) continue;
    for (const auto& candidate : candidates) {
      const auto read = table_.log().from_checkpoint(version, candidate, context_);
      if (read.ok()) return std::make_shared<delta::State>(**read);
      found(delta::log_directory(table_.path()) + "/" + candidate.names[0], read.status().message());
    }
  }
  return nullptr;
}

// Past a damaged place a later checkpoint may still give the newest version: its files are worth checking.
std::shared_ptr<const delta::State> TableCheck::newest_readable() const {
  const auto state = table_.log().load(std::nullopt, context_);
  return state.ok() ? *state : nullptr;
}

Result<std::shared_ptr<const delta::State>> TableCheck::check_log() {
  const std::string directory = delta::log_directory(table_.path());
  TARN_ASSIGN(const delta::LogFiles files, delta::list_log(table_.store(), table_.path()));
  if (!files.remains.empty()) {
    found(directory, delta::ruined_log(table_.path(), files).message());
    return std::shared_ptr<const delta::State>();
  }
  if (files.empty()) return Status(Code::not_found, fmt::format("there is no table at '{}'", table_.path()));
  std::shared_ptr<delta::State> state = start_of(files);
  if (!state) {
    found(directory, "the log has neither version 0 nor a checkpoint that can be read");
    return newest_readable();
  }
  for (const auto& [path, file] : state->files) {
    seen_[path] = file;
    if (file.deletion_vector && file.deletion_vector->storage == "u") {
      vectors_.emplace_back(path, *file.deletion_vector);
    }
  }
  if (state->version.value >= 0) check_version(files, *state);
  while (state->version.value < files.newest()) {
    TARN_TRY(context_.check());
    const base::Version version = state->version.next();
    context_.update("checking the log", static_cast<uint64_t>(version.value), static_cast<uint64_t>(files.newest() + 1),
                    "versions");
    const std::string path = delta::commit_path(table_.path(), version);
    if (!files.has_commit(version.value)) {
      found(path, "the commit is missing");
      return newest_readable();
    }
    const auto actions = table_.log().read_commit(version);
    if (actions.ok()) remember(*actions);
    const Status applied =
        actions.ok() ? table_.log().apply_commit(version.value, *actions, state.get()) : actions.status();
    if (!applied.ok()) {
      found(path, applied.message());
      return newest_readable();
    }
    check_version(files, *state);
  }
  if (const Status valid = state->validate(table_.read_only()); !valid.ok()) {
    found(directory, valid.message());
    return std::shared_ptr<const delta::State>();
  }
  // A checksum is written after its commit is durable.
  for (const int64_t version : files.crcs) {
    if (version > files.newest()) {
      found(delta::commit_path(table_.path(), base::Version(version)),
            "the commit is missing, and its checksum is there");
    }
  }
  check_pointer(files);
  return std::shared_ptr<const delta::State>(state);
}

void TableCheck::check_pointer(const delta::LogFiles& files) {
  const std::string where = delta::log_directory(table_.path()) + "/_last_checkpoint";
  const auto pointer = table_.store().read(where);
  if (!pointer.ok()) {
    if (pointer.status().code() != Code::not_found) found(where, pointer.status().message());
    return;
  }
  const auto parsed = json::parse(*pointer);
  if (!parsed.ok() || files.checkpoints.count((*parsed)["version"].as_int(-1)) == 0) {
    return found(where, "it names no checkpoint that is there");
  }
  // Another engine's carries no hash. Tarn's has its name in two places, of which one flipped bit leaves one.
  const bool others = pointer->find("tarn") == std::string::npos;
  if (!others && !delta::own_hash_holds(*pointer)) found(where, "its bytes are not those that were written");
}

void TableCheck::remember(const delta::Actions& actions) {
  for (const delta::Add& add : actions.adds) {
    seen_[add.file.path] = add.file;
    if (add.file.deletion_vector && add.file.deletion_vector->storage == "u") {
      vectors_.emplace_back(add.file.path, *add.file.deletion_vector);
    }
  }
}

Status TableCheck::check_older(const delta::State& state) {
  uint64_t done = 0;
  for (const auto& [path, file] : seen_) {
    TARN_TRY(context_.check());
    context_.update("checking older files", done++, seen_.size(), "files");
    const auto tag = file.tags.find(std::string(delta::kHashTag));
    if (state.files.count(path) != 0 || tag == file.tags.end() || (path.starts_with('/') && !table_.read_only())) {
      continue;
    }
    const std::string where = table_.path() + "/" + path;
    const delta::StoredAt at = delta::stored_at(table_.store(), table_.path(), path);
    const auto hash = store::hash_file(*at.store, at.path);
    if (hash.ok() ? *hash != tag->second : hash.status().code() != Code::not_found) {
      found(where,
            hash.ok() ? "its bytes are not those that were written (the hash differs)" : hash.status().message());
    }
  }
  for (const auto& [path, vector] : vectors_) {
    TARN_TRY(context_.check());
    const auto live = state.files.find(path);
    if (live != state.files.end() && live->second.deletion_vector == vector) continue;  // checked with its file
    const auto rows = delta::read_deletion_vector(table_.store(), table_.path(), vector);
    if (rows.ok() || rows.status().code() == Code::not_found) continue;
    const auto vector_file = delta::deletion_vector_path(vector);
    found(table_.path() + "/" + (vector_file.ok() ? *vector_file : path), rows.status().message());
  }
  return {};
}

void TableCheck::read_state_file() {
  const auto stored = delta::load_state(table_.store(), table_.path());
  if (stored.ok()) {
    stored_ = *stored;
  } else if (stored.status().code() != Code::not_found) {
    found(delta::state_path(table_.path()),
          stored.status().message() + "; remove it: it is made again when it is wanted");
  }
}

void TableCheck::check_state_file(const delta::State& state) {
  if (!stored_ || stored_->state->version != state.version) return;
  const auto commit = table_.store().read(delta::commit_path(table_.path(), state.version));
  if (!commit.ok() || base::hash128(*commit) != stored_->commit) return;  // not of this log: nobody reads it
  if (!stored_->state->agrees_with(state) || !same_files(*stored_->state, state)) {
    found(delta::state_path(table_.path()), "it is not the log's state; remove it: it is made again when it is wanted");
  }
}

void TableCheck::check_version(const delta::LogFiles& files, const delta::State& state) {
  const std::string path = delta::crc_path(table_.path(), state.version);
  std::string checkpoint_hash;
  if (std::binary_search(files.crcs.begin(), files.crcs.end(), state.version.value)) {
    const auto checksum = table_.store().read(path);
    if (!checksum.ok()) {
      found(path, checksum.status().message());
    } else {
      for (std::string& difference : delta::compare_checksum(*checksum, state)) found(path, std::move(difference));
      // What a damaged checksum says of other files counts for nothing.
      const auto parsed = json::parse(*checksum);
      if (parsed.ok() && delta::own_hash_holds(*checksum)) {
        checkpoint_hash = (*parsed)["tarnCheckpointXxh3"].as_string();
        const std::string commit = delta::commit_path(table_.path(), state.version);
        const auto hash = store::hash_file(table_.store(), commit);
        if (hash.ok() && *hash != (*parsed)["tarnCommitXxh3"].as_string()) {
          found(commit, "its bytes are not those that were written (the hash differs)");
        }
      }
    }
  }
  check_state_file(state);
  const auto checkpoints = files.checkpoints.find(state.version.value);
  if (checkpoints == files.checkpoints.end()) return;
  for (const auto& checkpoint : checkpoints->second) check_checkpoint(checkpoint, state, checkpoint_hash);
}

void TableCheck::check_checkpoint(const delta::CheckpointFiles& checkpoint, const delta::State& state,
                                  const std::string& hash) {
  const std::string where = delta::log_directory(table_.path()) + "/" + checkpoint.names[0];
  if (!hash.empty() && where == delta::checkpoint_path(table_.path(), state.version)) {
    const auto now = store::hash_file(table_.store(), where);
    if (!now.ok()) return found(where, now.status().message());
    if (*now != hash) return found(where, "its bytes are not those that were written (the hash differs)");
  }
  const auto read = table_.log().from_checkpoint(state.version.value, checkpoint, context_);
  if (!read.ok()) return found(where, read.status().message());
  const delta::State& other = **read;
  if (!delta::same_json(other.metadata, state.metadata)) found(where, "its metadata is not the log's");
  if (!delta::same_json(other.protocol, state.protocol)) found(where, "its protocol is not the log's");
  // Those that are no longer kept are in no checkpoint.
  const bool keeps_all = state.configuration.count("delta.setTransactionRetentionDuration") == 0;
  if (keeps_all && other.transactions != state.transactions) found(where, "its transactions are not the log's");
  if (!same_files(other, state)) found(where, "its files are not the log's");
}

void TableCheck::check_file(const delta::State& state, const delta::DataFile& file) {
  const std::string where = table_.path() + "/" + file.path;
  const delta::StoredAt at = delta::stored_at(table_.store(), table_.path(), file.path);
  const auto entry = at.store->stat(at.path);
  if (!entry.ok()) return found(where, entry.status().message());
  if (static_cast<int64_t>(entry->size_bytes) != file.size_bytes) {
    return found(where, fmt::format("it has {} bytes, where the log says {}", entry->size_bytes, file.size_bytes));
  }
  if (const auto tag = file.tags.find(std::string(delta::kHashTag)); tag != file.tags.end()) {
    const auto hash = store::hash_file(*at.store, at.path);
    if (!hash.ok()) return found(where, hash.status().message());
    if (*hash != tag->second) return found(where, "its bytes are not those that were written (the hash differs)");
  }
  if (const Status rows = check_rows(state, file); !rows.ok()) found(where, rows.message());
}

Status TableCheck::check_rows(const delta::State& state, const delta::DataFile& file) {
  const std::string where = table_.path() + "/" + file.path;
  {
    TARN_ASSIGN(const store::LocalFiles copy, table_.local_files({file.path}));
    TARN_ASSIGN(const auto rows,
                connection_.query("SELECT count(*) FROM " + delta::read_parquet_call(state, copy.paths, {})));
    TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
    if (chunk == nullptr || chunk->rows() != 1) return {Code::internal, "count(*) gives no row"};
    const int64_t count = chunk->integer(0, 0);
    if (const auto said = file.row_count(); said && *said != count) {
      found(where, fmt::format("it has {} rows, where the log says {}", count, *said));
    }
    TARN_ASSIGN(const delta::RowList deleted, table_.deleted_rows(file));
    if (!deleted.empty() && deleted.back() >= count) {
      found(where, fmt::format("its deletion vector names row {} of {}", deleted.back(), count));
    }
  }
  if (file.stats.empty()) return {};
  const auto stats = json::parse(file.stats);
  if (!stats.ok()) return {Code::corruption, "its statistics are not JSON: " + stats.status().message()};
  const bool tight = (*stats)["tightBounds"].as_bool(true) && !file.deletion_vector;
  std::string list;
  std::vector<std::string> claims;
  const auto claim = [&](const std::string& wrong, std::string what) {
    list += fmt::format("{}count(*) FILTER (WHERE {})", list.empty() ? "" : ", ", wrong);
    claims.push_back(std::move(what));
  };
  for (const delta::Leaf& leaf : delta::leaves_of(state)) {
    TARN_ASSIGN(const std::string type, delta::duckdb_type(leaf.type));
    const std::string column = leaf.sql();
    const json::Value& low = at((*stats)["minValues"], leaf.stored);
    const json::Value& high = at((*stats)["maxValues"], leaf.stored);
    // Other writers cut times to whole milliseconds.
    const std::string slack = type.starts_with("TIMESTAMP") ? " + INTERVAL 1 MILLISECOND" : "";
    // A bound that was written of FLOAT is, as DOUBLE, another number.
    const bool exact = has_exact_bounds(leaf.type) && !(leaf.widened && delta::is_primitive(leaf.type, "double"));
    if (exact && !low.is_null()) {
      claim(fmt::format("{} < {}", column, bound_literal(low, type)), "values below the minimum of " + column);
    }
    // Other writers leave NaN, which is above all numbers here, out of their bounds.
    const bool floats = delta::is_primitive(leaf.type, "float") || delta::is_primitive(leaf.type, "double");
    if (exact && !high.is_null()) {
      claim(fmt::format("{} > {}{}{}", column, bound_literal(high, type), slack,
                        floats ? fmt::format(" AND NOT isnan({})", column) : ""),
            "values above the maximum of " + column);
    }
    const json::Value& nulls = at((*stats)["nullCount"], leaf.stored);
    if (!nulls.is_number() || delta::is_primitive(leaf.type, "void")) continue;
    if (tight) {
      claim(fmt::format("{} IS NULL) - {} + count(*) FILTER (WHERE false", column, nulls.as_int()),
            "nulls more than the log says of " + column);
    } else if (nulls.as_int() == 0) {
      claim(column + " IS NULL", "nulls where the log says none of " + column);
    }
  }
  if (list.empty()) return {};
  TARN_ASSIGN(const auto sources, table_.sources({&file}));
  TARN_ASSIGN(const Select live, table_.select_rows(state, sources, {}));
  TARN_ASSIGN(const auto rows, connection_.query("SELECT " + list + " FROM (" + live.sql + ")"));
  TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
  if (chunk == nullptr || chunk->rows() != 1) return {Code::internal, "an aggregate gives no row"};
  for (size_t i = 0; i < claims.size(); ++i) {
    if (chunk->integer(i, 0) != 0) found(where, fmt::format("{} {}", chunk->integer(i, 0), claims[i]));
  }
  return {};
}

void TableCheck::check_bookmarks(const delta::State& state) {
  for (const auto& [source, n] : state.transactions) {
    const auto directory = bookmark_directory(table_.path(), source);
    if (!directory.ok()) continue;  // another engine's app id
    const auto entries = table_.store().list(*directory);
    if (!entries.ok() || entries->empty()) continue;
    const auto bookmark = read_bookmark(table_.store(), table_.path(), source, n);
    if (!bookmark.ok() && bookmark.status().code() == Code::corruption) found(*directory, bookmark.status().message());
    // Those of older versions, and those of pulls that never committed, byte for byte.
    for (const auto& entry : *entries) {
      const std::string where = *directory + "/" + entry.name;
      const auto text = table_.store().read(where);
      const int64_t number = std::atoll(entry.name.c_str());
      const auto parsed = text.ok() ? parse_bookmark(*text, source, number, where) : Result<json::Value>(text.status());
      if (!parsed.ok()) {
        if (number != n) found(where, parsed.status().message());
      } else if (*text != bookmark_text(source, number, *parsed)) {
        found(where, "its bytes are not those that were written");
      }
    }
  }
}

}  // namespace tarn::lake
