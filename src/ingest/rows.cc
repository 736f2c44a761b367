#include "ingest/rows.h"

#include <atomic>

#include "base/hash.h"
#include "ingest/text_table.h"

namespace tarn::ingest {
namespace {

std::string unique_name() {
  static std::atomic<uint64_t> count{0};  // connections of one database share their tables
  return "tarn_rows_" + std::to_string(count.fetch_add(1));
}

}  // namespace

base::Status LiveRows::load(const lake::TableReader& table, const delta::Snapshot& snapshot,
                            duck::Connection& connection, const std::string& source) {
  TARN_ASSIGN(std::string live,
              table.select_sql(snapshot, {"id", "source", "uri", "source_version", "extractor"}, false));
  TARN_ASSIGN(auto rows, connection.query("SELECT id, uri, source_version, extractor FROM (" + live +
                                          ") WHERE source = " + duck::quote_literal(source)));
  for (;;) {
    TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
    if (!chunk) return {};
    for (size_t i = 0; i < chunk->rows(); ++i) {
      if (chunk->is_null(0, i) || chunk->is_null(1, i)) continue;  // written by someone else: not ours to replace
      LiveRow row;
      row.id = chunk->text(0, i);
      if (!chunk->is_null(2, i)) row.source_version = chunk->text(2, i);
      if (!chunk->is_null(3, i)) row.extractor = chunk->integer(3, i);
      live_ids_.insert(row.id);
      ids_.insert(row.id);
      by_uri_.emplace(std::string(chunk->text(1, i)), std::move(row));
    }
  }
}

LiveRow* LiveRows::find(const std::string& uri) {
  auto at = by_uri_.find(uri);
  return at == by_uri_.end() ? nullptr : &at->second;
}

std::string LiveRows::new_id(const std::string& source_id, const std::string& uri) {
  std::string key = source_id + '\0' + uri;
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

base::Status RowBuffer::add(const std::vector<duck::Cell>& row) {
  if (!created_) {
    std::string columns;
    for (const delta::Field& f : schema_)
      columns += (columns.empty() ? "" : ", ") + duck::quote_name(f.name) + " " + duck_type(f);
    TARN_TRY(connection_.execute("CREATE TEMP TABLE " + name_ + " (" + columns + ")"));
    created_ = true;
  }
  if (!appender_) {
    TARN_ASSIGN(appender_, connection_.appender(name_));
  }
  TARN_TRY(appender_->append(row));
  ++rows_;
  return {};
}

base::Result<std::string> RowBuffer::select() {
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
