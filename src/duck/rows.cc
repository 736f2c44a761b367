// Results, chunk by chunk.
#include "duck/chunk.h"
#include "duck/session.h"

namespace tarn::duck {
namespace {

class StreamRows final : public Rows {
 public:
  explicit StreamRows(std::shared_ptr<OpenConnection> open) : open_(std::move(open)) { open_->interrupted = false; }
  ~StreamRows() override {
    chunk_.reset();
    duckdb_destroy_result(&result_);
  }
  base::Status start(PreparedHandle statement) {
    statement_ = std::move(statement);
    const duckdb_statement_type kind = duckdb_prepared_statement_type(statement_.get());
    // Only reading statements stream: of the others DuckDB tells the number of changed rows only when it has the whole
    // result.
    const bool streams = kind == DUCKDB_STATEMENT_TYPE_SELECT;
    return begin(streams ? duckdb_execute_prepared_streaming(statement_.get(), &result_)
                         : duckdb_execute_prepared(statement_.get(), &result_));
  }
  base::Status start(const std::string& sql) { return begin(duckdb_query(open_->handle, sql.c_str(), &result_)); }
  const std::vector<Column>& columns() const override { return columns_; }
  base::Result<const Chunk*> next() override {
    if (!ahead_) TARN_TRY(fetch());
    ahead_ = false;
    return done_ ? nullptr : static_cast<const Chunk*>(&view_);
  }
  uint64_t rows_changed() const override { return changed_; }

 private:
  base::Status begin(duckdb_state state) {
    if (state != DuckDBSuccess) return failed();
    const duckdb_result_type type = duckdb_result_return_type(result_);
    if (type != DUCKDB_RESULT_TYPE_QUERY_RESULT) {
      if (type == DUCKDB_RESULT_TYPE_CHANGED_ROWS) changed_ = duckdb_rows_changed(&result_);
      done_ = true;
      return base::ok();
    }
    for (uint64_t i = 0; i < duckdb_column_count(&result_); ++i) {
      TypeHandle column(duckdb_column_logical_type(&result_, i));
      columns_.push_back({duckdb_column_name(&result_, i), type_name(column.get())});
      shapes_.push_back(read_shape(column.get()));
    }
    // The first chunk now, so that most failures come from query() and not from inside a half-written answer.
    TARN_TRY(fetch());
    ahead_ = true;
    return base::ok();
  }
  base::Status failed() {
    const char* message = duckdb_result_error(&result_);
    done_ = true;
    // A thread that fails stops the others, and one that was stopped may be heard first.
    if (!open_->interrupted && message && std::string_view(message).starts_with("INTERRUPT Error")) {
      return {base::Code::unavailable, "the statement failed, and DuckDB does not say why", "run it again"};
    }
    return open_->failure(message ? message : "INTERNAL Error: DuckDB gave no reason");
  }
  base::Status fetch() {
    while (!done_) {
      chunk_ = ChunkHandle(duckdb_fetch_chunk(result_));
      if (!chunk_) {
        if (const char* message = duckdb_result_error(&result_); message && *message) return failed();
        done_ = true;
      } else if (duckdb_data_chunk_get_size(chunk_.get()) > 0) {
        view_.set(chunk_.get(), shapes_);
        return base::ok();
      }
    }
    return base::ok();
  }

  std::shared_ptr<OpenConnection> open_;
  PreparedHandle statement_;
  duckdb_result result_{};
  std::vector<Column> columns_;
  std::vector<Shape> shapes_;
  ChunkHandle chunk_;
  VectorChunk view_;
  uint64_t changed_ = 0;
  bool done_ = false, ahead_ = false;
};

class NoRows final : public Rows {
 public:
  const std::vector<Column>& columns() const override { return columns_; }
  base::Result<const Chunk*> next() override { return static_cast<const Chunk*>(nullptr); }
  uint64_t rows_changed() const override { return 0; }

 private:
  std::vector<Column> columns_;
};

}  // namespace

std::unique_ptr<Rows> no_rows() { return std::make_unique<NoRows>(); }

base::Result<std::unique_ptr<Rows>> run_statement(std::shared_ptr<OpenConnection> open, PreparedHandle statement) {
  auto rows = std::make_unique<StreamRows>(std::move(open));
  TARN_TRY(rows->start(std::move(statement)));
  return std::unique_ptr<Rows>(std::move(rows));
}

base::Result<std::unique_ptr<Rows>> run_text(std::shared_ptr<OpenConnection> open, const std::string& sql) {
  auto rows = std::make_unique<StreamRows>(std::move(open));
  TARN_TRY(rows->start(sql));
  return std::unique_ptr<Rows>(std::move(rows));
}

}  // namespace tarn::duck
