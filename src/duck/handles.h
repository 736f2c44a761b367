// DuckDB's C handles as owners, and the few conversions that every file of this room needs. Internal: includes
// duckdb.h.
#pragma once

#include <duckdb.h>

#include <string>
#include <string_view>
#include <utility>

#include "duck/connection.h"

namespace tarn::duck {

// Owns a C handle whose destroy function takes its address.
template <typename T, auto Destroy>
class Handle {
 public:
  Handle() = default;
  explicit Handle(T handle) : handle_(handle) {}
  Handle(Handle&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Handle& operator=(Handle&& other) noexcept {
    if (this != &other) {
      reset();
      handle_ = std::exchange(other.handle_, nullptr);
    }
    return *this;
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() { reset(); }
  void reset() {
    if (handle_) Destroy(&handle_);
    handle_ = nullptr;
  }
  T get() const { return handle_; }
  T* out() {
    reset();
    return &handle_;
  }
  explicit operator bool() const { return handle_ != nullptr; }

 private:
  T handle_ = nullptr;
};

using ValueHandle = Handle<duckdb_value, duckdb_destroy_value>;
using TypeHandle = Handle<duckdb_logical_type, duckdb_destroy_logical_type>;
using PreparedHandle = Handle<duckdb_prepared_statement, duckdb_destroy_prepare>;
using ExtractedHandle = Handle<duckdb_extracted_statements, duckdb_destroy_extracted>;
using ChunkHandle = Handle<duckdb_data_chunk, duckdb_destroy_data_chunk>;
using ConfigHandle = Handle<duckdb_config, duckdb_destroy_config>;
using AppenderHandle = Handle<duckdb_appender, duckdb_appender_destroy>;
using ScalarHandle = Handle<duckdb_scalar_function, duckdb_destroy_scalar_function>;
using ErrorHandle = Handle<duckdb_error_data, duckdb_destroy_error_data>;

// Takes over a string that DuckDB allocated; "" for null.
inline std::string take_string(char* text) {
  std::string out = text ? text : "";
  duckdb_free(text);
  return out;
}

// DuckDB's message ("Binder Error: …") as a Status; the code follows from its first words.
base::Status error_status(std::string_view message);

// DuckDB's name of a type ("VARCHAR[]").
std::string type_name(duckdb_logical_type type);
// The type of such a name: scalar types, lists and arrays of them.
base::Result<TypeHandle> parse_type(std::string_view name);

// invalid_argument with the byte offset when `text` is not UTF-8 (DuckDB does not check everything that it is handed).
base::Status check_utf8(std::string_view text);

// A cell as a DuckDB value of a type, or of the type that fits the cell best when the type says nothing.
base::Result<ValueHandle> make_value(const Cell& cell, duckdb_logical_type type);
// A value of a parameter as a cell: scalars, text, lists of them.
Cell read_value(duckdb_value value);
// Writes a cell into a vector that DuckDB gave for output. Types: what TableFunction and ScalarFunction allow.
base::Status write_cell(duckdb_vector vector, uint64_t row, const Cell& cell);

}  // namespace tarn::duck
