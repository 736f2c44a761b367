#include "duck/arrow_file.h"

#include <fstream>
#include <vector>

#include "duck/arrow_stream.h"
#include "duck/session.h"

namespace tarn::duck {
namespace {

using base::Code;
using base::Status;

using ArrowOptionsHandle = Handle<duckdb_arrow_options, duckdb_destroy_arrow_options>;

Status status_of(duckdb_error_data data) {
  const ErrorHandle error(data);
  if (!error || !duckdb_error_data_has_error(error.get())) return {};
  return error_status(duckdb_error_data_message(error.get()));
}

// Owns what DuckDB hands over by the C data interface.
template <typename T>
struct Released : T {
  Released() : T{} {}
  ~Released() {
    if (this->release) this->release(this);
  }
  Released(const Released&) = delete;
  Released& operator=(const Released&) = delete;
};

struct OpenResult {
  duckdb_result handle{};
  ~OpenResult() { duckdb_destroy_result(&handle); }
};

}  // namespace

Status SessionConnection::write_arrow(const std::string& select, const std::string& path) {
  if (open_->gate) return locked_writes_nothing();
  TARN_TRY(describe(select).status());  // one statement, in DuckDB's words
  PreparedHandle statement;
  if (duckdb_prepare(open_->handle, select.c_str(), statement.out()) != DuckDBSuccess) {
    return open_->database->failures->explain(duckdb_prepare_error(statement.get()));
  }
  OpenResult result;
  const auto failed = [&] {
    const char* why = duckdb_result_error(&result.handle);
    return open_->database->failures->explain(why ? why : "INTERNAL Error: DuckDB gave no reason");
  };
  if (duckdb_execute_prepared_streaming(statement.get(), &result.handle) != DuckDBSuccess) return failed();
  const ArrowOptionsHandle options(duckdb_result_get_arrow_options(&result.handle));
  std::vector<TypeHandle> types;
  std::vector<duckdb_logical_type> raw;
  std::vector<const char*> names;
  for (uint64_t i = 0; i < duckdb_column_count(&result.handle); ++i) {
    types.emplace_back(duckdb_column_logical_type(&result.handle, i));
    raw.push_back(types.back().get());
    names.push_back(duckdb_column_name(&result.handle, i));
  }
  Released<ArrowSchema> schema;
  TARN_TRY(status_of(duckdb_to_arrow_schema(options.get(), raw.data(), names.data(), raw.size(), &schema)));
  TARN_ASSIGN(const std::string head, arrow_schema_message(schema));
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << head;
  while (file) {
    const ChunkHandle chunk(duckdb_fetch_chunk(result.handle));
    if (!chunk) {
      if (const char* why = duckdb_result_error(&result.handle); why && *why) return failed();
      break;
    }
    if (duckdb_data_chunk_get_size(chunk.get()) == 0) continue;
    Released<ArrowArray> batch;
    TARN_TRY(status_of(duckdb_data_chunk_to_arrow(options.get(), chunk.get(), &batch)));
    TARN_ASSIGN(const std::string message, arrow_batch_message(schema, batch));
    file << message;
  }
  file << arrow_end();
  file.close();
  if (!file) return {Code::io, path + ": cannot be written"};
  return {};
}

base::Status write_arrow(Connection& connection, const std::string& select, const std::string& path) {
  auto* here = dynamic_cast<SessionConnection*>(&connection);  // the other kind is remote.h's
  return here ? here->write_arrow(select, path) : locked_writes_nothing();
}

}  // namespace tarn::duck
