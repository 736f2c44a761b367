#include "ingest/rows.h"

#include <algorithm>
#include <atomic>
#include <tuple>

#include "base/hash.h"
#include "delta/schema.h"
#include "document/reader.h"

namespace tarn::ingest {
namespace {

std::string unique_name() {
  static std::atomic<uint64_t> count{0};  // connections of one database share their tables
  return "tarn_rows_" + std::to_string(count.fetch_add(1));
}

}  // namespace

bool LiveRow::is_current(std::string_view mime) const {
  const document::Reader* now = document::reader_of(mime);
  return now && extractor == now->version && (reader.empty() || reader == now->name);
}

std::vector<std::string> LiveRow::stale_parts() const {
  std::vector<std::string> stale;
  for (const auto& [name, part] : parts) {
    if (part.source_version != source_version || part.extractor != extractor) stale.push_back(part.id);
  }
  return stale;
}

void LiveRow::add_ids_to(std::vector<std::string>& ids) const {
  ids.push_back(id);
  for (const auto& [name, part] : parts) ids.push_back(part.id);
}

std::map<std::string, std::string> LiveRow::part_ids() const {
  std::map<std::string, std::string> ids;
  for (const auto& [name, part] : parts) ids.emplace(name, part.id);
  return ids;
}

base::Status LiveRows::load(const lake::TableReader& table, const delta::Snapshot& snapshot,
                            duck::Connection& connection, const std::string& source) {
  std::vector<std::string> columns = {"id", "source", "uri", "source_version", "extractor"};
  std::string list = "id, uri, source_version, extractor";
  for (const std::string name : {"reader", "part"}) {
    const bool there = std::any_of(snapshot.schema.begin(), snapshot.schema.end(),
                                   [&](const delta::Field& field) { return field.name == name; });
    if (there) columns.push_back(name);
    list += there ? ", " + name : ", NULL::VARCHAR";
  }
  TARN_ASSIGN(const lake::Select live, table.select(snapshot, columns, false));
  TARN_ASSIGN(auto rows, connection.query("SELECT " + list + " FROM (" + live.sql +
                                          ") WHERE source = " + duck::quote_literal(source)));
  std::vector<std::tuple<std::string, std::string, LiveRow::Part>> parts;  // uri, name
  for (;;) {
    TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
    if (!chunk) break;
    for (size_t i = 0; i < chunk->rows(); ++i) {
      if (chunk->is_null(0, i) || chunk->is_null(1, i)) continue;  // written by someone else: not ours to replace
      const auto text = [&](size_t column) {
        return chunk->is_null(column, i) ? std::string() : std::string(chunk->text(column, i));
      };
      const int64_t extractor = chunk->is_null(3, i) ? 0 : chunk->integer(3, i);
      live_ids_.insert(text(0));
      ids_.insert(text(0));
      if (const std::string part = text(5); !part.empty()) {
        parts.emplace_back(text(1), part, LiveRow::Part{text(0), text(2), extractor});
      } else {
        by_uri_.emplace(text(1), LiveRow{text(0), text(2), extractor, text(4), {}});
      }
    }
  }
  for (auto& [uri, name, part] : parts) {
    LiveRow* item = find(uri);
    if (!item || !item->parts.emplace(name, part).second) orphans_.push_back(part.id);
  }
  return {};
}

void LiveRows::part_becomes_item(const std::string& of, const std::string& name, const std::string& uri) {
  LiveRow* whole = find(of);
  const auto part = whole ? whole->parts.find(name) : std::map<std::string, LiveRow::Part>::iterator();
  if (!whole || part == whole->parts.end() || find(uri)) return;
  LiveRow row{part->second.id, {}, 0, {}, {}};
  whole->parts.erase(part);
  const std::string prefix = name + "/";
  for (auto at = whole->parts.lower_bound(prefix); at != whole->parts.end() && at->first.starts_with(prefix);) {
    row.parts.emplace(at->first.substr(prefix.size()), at->second);
    at = whole->parts.erase(at);
  }
  by_uri_.emplace(uri, std::move(row));
}

void LiveRows::add_ids(const LiveRow& row) {
  std::vector<std::string> all;
  row.add_ids_to(all);
  live_ids_.insert(all.begin(), all.end());
  ids_.insert(all.begin(), all.end());
}

LiveRow* LiveRows::find(const std::string& uri) {
  auto at = by_uri_.find(uri);
  return at == by_uri_.end() ? nullptr : &at->second;
}

std::string LiveRows::new_id(const std::string& source_id, const std::string& uri, const std::string& part) {
  std::string key = source_id + '\0' + uri;
  if (!part.empty()) key += std::string(2, '\0') + part;
  for (uint64_t counter = 0;; ++counter) {
    std::string id = base::hash128(counter == 0 ? key : key + '\0' + std::to_string(counter)).hex();
    if (ids_.insert(id).second) return id;
  }
}

RowBuffer::RowBuffer(duck::Connection& connection, std::vector<delta::Field> schema)
    : connection_(connection), schema_(std::move(schema)), name_(unique_name()) {}

RowBuffer::~RowBuffer() {
  appender_.reset();
  if (created_) static_cast<void>(connection_.execute("DROP TABLE IF EXISTS " + name_).ok());
}

base::Status RowBuffer::create() {
  if (created_) return {};
  std::string columns;
  for (const delta::Field& f : schema_) {
    TARN_ASSIGN(const std::string type, delta::duckdb_type(f.type));
    columns += (columns.empty() ? "" : ", ") + duck::quote_name(f.name) + " " + type;
  }
  TARN_TRY(connection_.execute("CREATE TEMP TABLE " + name_ + " (" + columns + ")"));
  created_ = true;
  return {};
}

base::Status RowBuffer::add(const std::vector<duck::Cell>& row) {
  TARN_TRY(create());
  if (!appender_) {
    TARN_ASSIGN(appender_, connection_.appender(name_));
  }
  TARN_TRY(appender_->append(row));
  ++rows_;
  return {};
}

base::Result<std::string> RowBuffer::select() {
  TARN_TRY(create());
  if (appender_) TARN_TRY(appender_->flush());
  appender_.reset();
  std::string columns;
  for (const delta::Field& f : schema_) columns += (columns.empty() ? "" : ", ") + duck::quote_name(f.name);
  return "SELECT " + columns + " FROM " + name_;
}

base::Status RowBuffer::clear() {
  rows_ = 0;
  appender_.reset();
  if (!created_) return {};
  created_ = false;
  return connection_.execute("DROP TABLE " + name_);
}

}  // namespace tarn::ingest
