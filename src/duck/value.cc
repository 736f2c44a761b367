// Cells to DuckDB values (parameters, appended lists) and into the vectors of functions.
#include <cmath>
#include <limits>

#include "duck/handles.h"

namespace tarn::duck {
namespace {

using base::Code;
using base::Status;

std::string_view kind_of(const Cell& cell) {
  constexpr std::string_view kKinds[] = {"null", "boolean", "integer", "number", "text", "list"};
  return kKinds[cell.value.index()];
}

Status mismatch(const Cell& cell, std::string_view type) {
  return {Code::invalid_argument, "a " + std::string(kind_of(cell)) + " is no " + std::string(type)};
}

const bool* as_bool(const Cell& c) { return std::get_if<bool>(&c.value); }
const int64_t* as_int(const Cell& c) { return std::get_if<int64_t>(&c.value); }
const double* as_double(const Cell& c) { return std::get_if<double>(&c.value); }
const std::string* as_text(const Cell& c) { return std::get_if<std::string>(&c.value); }

// The type that a list of cells asks for: what its first element that is not null asks for; numbers win over integers.
TypeHandle natural_type(const Cell& cell) {
  if (as_bool(cell)) return TypeHandle(duckdb_create_logical_type(DUCKDB_TYPE_BOOLEAN));
  if (as_int(cell)) return TypeHandle(duckdb_create_logical_type(DUCKDB_TYPE_BIGINT));
  if (as_double(cell)) return TypeHandle(duckdb_create_logical_type(DUCKDB_TYPE_DOUBLE));
  if (as_text(cell)) return TypeHandle(duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR));
  if (const auto* list = std::get_if<CellList>(&cell.value)) {
    const Cell* witness = nullptr;
    for (const Cell& item : *list) {
      if (item.is_null()) continue;
      if (!witness || as_double(item)) witness = &item;
    }
    TypeHandle child = witness ? natural_type(*witness) : TypeHandle(duckdb_create_logical_type(DUCKDB_TYPE_SQLNULL));
    return TypeHandle(duckdb_create_list_type(child.get()));
  }
  return TypeHandle(duckdb_create_logical_type(DUCKDB_TYPE_SQLNULL));
}

base::Result<ValueHandle> make_list(const CellList& list, duckdb_logical_type type, bool fixed) {
  TypeHandle child(fixed ? duckdb_array_type_child_type(type) : duckdb_list_type_child_type(type));
  if (fixed && list.size() != duckdb_array_type_array_size(type)) {
    return Status(Code::invalid_argument, "a list of " + std::to_string(list.size()) + " is no " + type_name(type));
  }
  std::vector<ValueHandle> owned;
  std::vector<duckdb_value> values;
  values.reserve(list.size() + 1);  // DuckDB makes no list of a null pointer
  for (const Cell& item : list) {
    TARN_ASSIGN(ValueHandle value, make_value(item, child.get()));
    values.push_back(value.get());
    owned.push_back(std::move(value));
  }
  return ValueHandle(fixed ? duckdb_create_array_value(child.get(), values.data(), values.size())
                           : duckdb_create_list_value(child.get(), values.data(), values.size()));
}

// A list of cells in the order of the fields.
base::Result<ValueHandle> make_struct(const CellList& list, duckdb_logical_type type) {
  if (list.size() != duckdb_struct_type_child_count(type)) {
    return Status(Code::invalid_argument, "a list of " + std::to_string(list.size()) + " is no " + type_name(type));
  }
  std::vector<ValueHandle> owned;
  std::vector<duckdb_value> values;
  for (size_t i = 0; i < list.size(); ++i) {
    TARN_ASSIGN(ValueHandle value, make_value(list[i], TypeHandle(duckdb_struct_type_child_type(type, i)).get()));
    values.push_back(value.get());
    owned.push_back(std::move(value));
  }
  return ValueHandle(duckdb_create_struct_value(type, values.data()));
}

}  // namespace

base::Result<ValueHandle> make_value(const Cell& cell, duckdb_logical_type type) {
  if (cell.is_null()) return ValueHandle(duckdb_create_null_value());
  const duckdb_type id = type ? duckdb_get_type_id(type) : DUCKDB_TYPE_INVALID;
  if (const auto* list = std::get_if<CellList>(&cell.value)) {
    if (id == DUCKDB_TYPE_LIST) return make_list(*list, type, false);
    if (id == DUCKDB_TYPE_ARRAY) return make_list(*list, type, true);
    if (id == DUCKDB_TYPE_STRUCT) return make_struct(*list, type);
    return make_list(*list, natural_type(cell).get(), false);
  }
  if (const bool* v = as_bool(cell)) return ValueHandle(duckdb_create_bool(*v));
  if (const double* v = as_double(cell)) {
    return ValueHandle(id == DUCKDB_TYPE_FLOAT ? duckdb_create_float(static_cast<float>(*v))
                                               : duckdb_create_double(*v));
  }
  if (const int64_t* v = as_int(cell)) {
    switch (id) {
      case DUCKDB_TYPE_TIMESTAMP:
        return ValueHandle(duckdb_create_timestamp({*v}));
      case DUCKDB_TYPE_TIMESTAMP_TZ:
        return ValueHandle(duckdb_create_timestamp_tz({*v}));
      case DUCKDB_TYPE_DATE:
        if (*v < std::numeric_limits<int32_t>::min() || *v > std::numeric_limits<int32_t>::max()) {
          return mismatch(cell, "DATE");
        }
        return ValueHandle(duckdb_create_date({static_cast<int32_t>(*v)}));
      default:
        return ValueHandle(duckdb_create_int64(*v));
    }
  }
  const std::string& text = *as_text(cell);
  if (id == DUCKDB_TYPE_BLOB) {
    return ValueHandle(duckdb_create_blob(reinterpret_cast<const uint8_t*>(text.data()), text.size()));
  }
  TARN_TRY(check_utf8(text));
  return ValueHandle(duckdb_create_varchar_length(text.data(), text.size()));
}

Cell read_value(duckdb_value value) {
  if (!value || duckdb_is_null_value(value)) return {};
  const duckdb_logical_type type = duckdb_get_value_type(value);  // borrowed
  switch (duckdb_get_type_id(type)) {
    case DUCKDB_TYPE_BOOLEAN:
      return duckdb_get_bool(value);
    case DUCKDB_TYPE_TINYINT:
    case DUCKDB_TYPE_SMALLINT:
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_UTINYINT:
    case DUCKDB_TYPE_USMALLINT:
    case DUCKDB_TYPE_UINTEGER:
      return duckdb_get_int64(value);
    case DUCKDB_TYPE_FLOAT:
      return static_cast<double>(duckdb_get_float(value));
    case DUCKDB_TYPE_DOUBLE:
      return duckdb_get_double(value);
    case DUCKDB_TYPE_TIMESTAMP:
      return duckdb_get_timestamp(value).micros;
    case DUCKDB_TYPE_TIMESTAMP_TZ:
      return duckdb_get_timestamp_tz(value).micros;
    case DUCKDB_TYPE_DATE:
      return int64_t{duckdb_get_date(value).days};
    case DUCKDB_TYPE_BLOB: {
      duckdb_blob blob = duckdb_get_blob(value);
      std::string out(static_cast<const char*>(blob.data), blob.size);
      duckdb_free(blob.data);
      return out;
    }
    case DUCKDB_TYPE_LIST: {
      CellList list;
      for (uint64_t i = 0; i < duckdb_get_list_size(value); ++i) {
        list.push_back(read_value(ValueHandle(duckdb_get_list_child(value, i)).get()));
      }
      return list;
    }
    default:
      return take_string(duckdb_get_varchar(value));
  }
}

namespace {

template <typename T>
Status put_integer(duckdb_vector vector, uint64_t row, const Cell& cell, std::string_view type) {
  const int64_t* v = as_int(cell);
  if (!v) return mismatch(cell, type);
  if (static_cast<int64_t>(static_cast<T>(*v)) != *v) {
    return {Code::invalid_argument, std::to_string(*v) + " does not fit " + std::string(type)};
  }
  static_cast<T*>(duckdb_vector_get_data(vector))[row] = static_cast<T>(*v);
  return base::ok();
}

template <typename T>
Status put_number(duckdb_vector vector, uint64_t row, const Cell& cell, std::string_view type) {
  T* out = static_cast<T*>(duckdb_vector_get_data(vector)) + row;
  if (const double* v = as_double(cell)) {
    *out = static_cast<T>(*v);
  } else if (const int64_t* i = as_int(cell)) {
    *out = static_cast<T>(*i);
  } else {
    return mismatch(cell, type);
  }
  return base::ok();
}

Status put_text(duckdb_vector vector, uint64_t row, const Cell& cell, bool bytes) {
  const std::string* text = as_text(cell);
  if (!text) return mismatch(cell, bytes ? "BLOB" : "VARCHAR");
  if (!bytes) TARN_TRY(check_utf8(*text));
  duckdb_vector_assign_string_element_len(vector, row, text->data(), text->size());
  return base::ok();
}

Status put_list(duckdb_vector vector, uint64_t row, const Cell& cell) {
  const auto* list = std::get_if<CellList>(&cell.value);
  if (!list) return mismatch(cell, "list");
  const uint64_t start = duckdb_list_vector_get_size(vector);
  // reserve() may move the child's data, so the child is asked for after it.
  if (duckdb_list_vector_reserve(vector, start + list->size()) != DuckDBSuccess ||
      duckdb_list_vector_set_size(vector, start + list->size()) != DuckDBSuccess) {
    return {Code::internal, "DuckDB would not grow a list"};
  }
  static_cast<duckdb_list_entry*>(duckdb_vector_get_data(vector))[row] = {start, list->size()};
  duckdb_vector child = duckdb_list_vector_get_child(vector);
  for (size_t i = 0; i < list->size(); ++i) TARN_TRY(write_cell(child, start + i, (*list)[i]));
  return base::ok();
}

Status put_array(duckdb_vector vector, uint64_t row, const Cell& cell, duckdb_logical_type type) {
  const auto* list = std::get_if<CellList>(&cell.value);
  const uint64_t size = duckdb_array_type_array_size(type);
  if (!list) return mismatch(cell, type_name(type));
  if (list->size() != size) {
    return {Code::invalid_argument, "a list of " + std::to_string(list->size()) + " is no " + type_name(type)};
  }
  duckdb_vector child = duckdb_array_vector_get_child(vector);
  for (size_t i = 0; i < size; ++i) TARN_TRY(write_cell(child, row * size + i, (*list)[i]));
  return base::ok();
}

}  // namespace

Status write_cell(duckdb_vector vector, uint64_t row, const Cell& cell) {
  if (cell.is_null()) {
    duckdb_vector_ensure_validity_writable(vector);
    duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), row);
    return base::ok();
  }
  TypeHandle type(duckdb_vector_get_column_type(vector));
  switch (duckdb_get_type_id(type.get())) {
    case DUCKDB_TYPE_BOOLEAN: {
      const bool* v = as_bool(cell);
      if (!v) return mismatch(cell, "BOOLEAN");
      static_cast<bool*>(duckdb_vector_get_data(vector))[row] = *v;
      return base::ok();
    }
    case DUCKDB_TYPE_TINYINT:
      return put_integer<int8_t>(vector, row, cell, "TINYINT");
    case DUCKDB_TYPE_SMALLINT:
      return put_integer<int16_t>(vector, row, cell, "SMALLINT");
    case DUCKDB_TYPE_INTEGER:
      return put_integer<int32_t>(vector, row, cell, "INTEGER");
    case DUCKDB_TYPE_DATE:
      return put_integer<int32_t>(vector, row, cell, "DATE");
    case DUCKDB_TYPE_BIGINT:
      return put_integer<int64_t>(vector, row, cell, "BIGINT");
    case DUCKDB_TYPE_TIMESTAMP:
      return put_integer<int64_t>(vector, row, cell, "TIMESTAMP");
    case DUCKDB_TYPE_TIMESTAMP_TZ:
      return put_integer<int64_t>(vector, row, cell, "TIMESTAMP WITH TIME ZONE");
    case DUCKDB_TYPE_FLOAT:
      return put_number<float>(vector, row, cell, "FLOAT");
    case DUCKDB_TYPE_DOUBLE:
      return put_number<double>(vector, row, cell, "DOUBLE");
    case DUCKDB_TYPE_VARCHAR:
      return put_text(vector, row, cell, false);
    case DUCKDB_TYPE_BLOB:
      return put_text(vector, row, cell, true);
    case DUCKDB_TYPE_LIST:
      return put_list(vector, row, cell);
    case DUCKDB_TYPE_ARRAY:
      return put_array(vector, row, cell, type.get());
    default:
      return {Code::unsupported, "a function cannot give " + type_name(type.get())};
  }
}

}  // namespace tarn::duck
