// Whether a column of the rows that are written has both zeros, 0.0 and -0.0. DuckDB's dictionaries hold equal values
// once, whatever their sign (1.5.5), so such rows are written without dictionaries, and no others.
// Shape:   `SELECT * FROM (select) AS row WHERE CASE WHEN has_floats() THEN look(row) ELSE true END`: the binding of
//          look() sees the columns' types, and where none of them holds FLOAT or DOUBLE at any depth, has_floats() is
//          false and all of it is folded away.
// Cost:    nothing for files without floats.
#include <algorithm>

#include "base/random.h"
#include "duck/session.h"

namespace tarn::duck {
namespace {

using base::Code;
using base::Status;

struct Names {
  std::string look = drawn("tarn_zeros_"), has_floats = drawn("tarn_floats_"), row = drawn("tarn_row_");
  static std::string drawn(const char* stem) {
    std::string name = stem + base::Random::from_system().uuid();
    std::erase(name, '-');
    return name;
  }
};
const Names& names() {
  static const Names drawn;
  return drawn;
}

// Binding is done on the thread that runs the statement.
thread_local ZeroWatch* watching = nullptr;

// Adds what of a type is to be looked at; false when it has no floats.
bool find_floats(duckdb_logical_type type, ZeroWatch::Place* place, size_t* leaves) {
  const auto child = [&](duckdb_logical_type of, uint64_t index, ZeroWatch::Place* above) {
    const TypeHandle owned(of);
    ZeroWatch::Place below{.index = index};
    if (find_floats(owned.get(), &below, leaves)) above->children.push_back(std::move(below));
  };
  place->type = duckdb_get_type_id(type);
  switch (place->type) {
    case DUCKDB_TYPE_FLOAT:
    case DUCKDB_TYPE_DOUBLE:
      place->leaf = std::min((*leaves)++, ZeroWatch::kMaxLeaves - 1);
      return true;
    case DUCKDB_TYPE_STRUCT:
      for (uint64_t i = 0; i < duckdb_struct_type_child_count(type); ++i) {
        child(duckdb_struct_type_child_type(type, i), i, place);
      }
      break;
    case DUCKDB_TYPE_LIST:
      child(duckdb_list_type_child_type(type), 0, place);
      break;
    case DUCKDB_TYPE_ARRAY:
      place->array_size = duckdb_array_type_array_size(type);
      child(duckdb_array_type_child_type(type), 0, place);
      break;
    case DUCKDB_TYPE_MAP: {  // a list of structs of key and value
      ZeroWatch::Place entry{.index = 0, .type = DUCKDB_TYPE_STRUCT};
      child(duckdb_map_type_key_type(type), 0, &entry);
      child(duckdb_map_type_value_type(type), 1, &entry);
      if (!entry.children.empty()) place->children.push_back(std::move(entry));
      break;
    }
    default:
      return false;
  }
  return !place->children.empty();
}

template <typename Bits>
void look_at(const void* data, uint64_t count, ZeroWatch::Seen* seen) {
  constexpr Bits kMinus = Bits{1} << (sizeof(Bits) * 8 - 1);
  const Bits* bits = static_cast<const Bits*>(data);
  Bits plus = 0, minus = 0;
  for (uint64_t i = 0; i < count; ++i) {
    plus |= static_cast<Bits>(bits[i] == 0);
    minus |= static_cast<Bits>(bits[i] == kMinus);
  }
  if (plus) seen->plus.store(true, std::memory_order_relaxed);
  if (minus) seen->minus.store(true, std::memory_order_relaxed);
}

bool any_valid(duckdb_vector vector, uint64_t count) {
  uint64_t* validity = duckdb_vector_get_validity(vector);
  if (!validity) return count > 0;
  for (uint64_t i = 0; i < count; ++i) {
    if (duckdb_validity_row_is_valid(validity, i)) return true;
  }
  return false;
}

// DuckDB hands a function flat vectors, at every depth. What lies where a null is may count: then a file has no
// dictionaries for nothing.
void look(duckdb_vector vector, uint64_t count, const ZeroWatch::Place& place, ZeroWatch* watch) {
  if (count == 0) return;
  switch (place.type) {
    case DUCKDB_TYPE_FLOAT:
      return look_at<uint32_t>(duckdb_vector_get_data(vector), count, &watch->seen[place.leaf]);
    case DUCKDB_TYPE_DOUBLE:
      return look_at<uint64_t>(duckdb_vector_get_data(vector), count, &watch->seen[place.leaf]);
    case DUCKDB_TYPE_STRUCT:
      for (const auto& child : place.children) {
        look(duckdb_struct_vector_get_child(vector, child.index), count, child, watch);
      }
      return;
    case DUCKDB_TYPE_ARRAY:
      if (any_valid(vector, count)) {
        look(duckdb_array_vector_get_child(vector), count * place.array_size, place.children[0], watch);
      }
      return;
    default:
      if (any_valid(vector, count)) {
        look(duckdb_list_vector_get_child(vector), duckdb_list_vector_get_size(vector), place.children[0], watch);
      }
  }
}

void bind(duckdb_bind_info info, bool with_row) {
  auto& failures = *static_cast<Failures*>(duckdb_scalar_function_bind_get_extra_info(info));
  guarded(
      failures, "zeros",
      [&]() -> Status {
        if (watching == nullptr) return {Code::invalid_argument, "a mark of zeros where nobody looks"};
        duckdb_scalar_function_set_bind_data(info, watching, nullptr);
        duckdb_scalar_function_set_bind_data_copy(info, [](void* watch) { return watch; });
        if (!with_row) return {};
        using ExpressionHandle = Handle<duckdb_expression, duckdb_destroy_expression>;
        const ExpressionHandle row(duckdb_scalar_function_bind_get_argument(info, 0));
        const TypeHandle type(duckdb_expression_return_type(row.get()));
        size_t leaves = 0;
        watching->row = {};
        watching->has_floats = find_floats(type.get(), &watching->row, &leaves);
        return {};
      },
      [&](const char* why) { duckdb_scalar_function_bind_set_error(info, why); });
}

void say(duckdb_vector output, uint64_t count, bool what) {
  bool* out = static_cast<bool*>(duckdb_vector_get_data(output));
  std::fill_n(out, count, what);
}

void run_has_floats(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  const auto* watch = static_cast<const ZeroWatch*>(duckdb_scalar_function_get_bind_data(info));
  say(output, std::max<uint64_t>(1, duckdb_data_chunk_get_size(input)), watch->has_floats);
}

void run_look(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  auto* watch = static_cast<ZeroWatch*>(duckdb_scalar_function_get_bind_data(info));
  const uint64_t count = duckdb_data_chunk_get_size(input);
  if (!watch->both()) look(duckdb_data_chunk_get_vector(input, 0), count, watch->row, watch);
  say(output, count, true);
}

Status add(const OpenConnection& open, const std::string& name, bool with_row, duckdb_scalar_function_bind_t bound,
           duckdb_scalar_function_t run) {
  const ScalarHandle handle(duckdb_create_scalar_function());
  duckdb_scalar_function_set_name(handle.get(), name.c_str());
  if (with_row) {
    const TypeHandle any(duckdb_create_logical_type(DUCKDB_TYPE_ANY));
    duckdb_scalar_function_add_parameter(handle.get(), any.get());
    // Stays where it stands, above what the select does.
    duckdb_scalar_function_set_volatile(handle.get());
  }
  const TypeHandle result(duckdb_create_logical_type(DUCKDB_TYPE_BOOLEAN));
  duckdb_scalar_function_set_return_type(handle.get(), result.get());
  duckdb_scalar_function_set_special_handling(handle.get());
  // Lives as long as the database, which owns both.
  duckdb_scalar_function_set_extra_info(handle.get(), open.database->failures.get(), nullptr);
  duckdb_scalar_function_set_bind(handle.get(), bound);
  duckdb_scalar_function_set_function(handle.get(), run);
  if (duckdb_register_scalar_function(open.handle, handle.get()) != DuckDBSuccess) {
    return {Code::internal, "DuckDB takes no function " + name};
  }
  return {};
}

}  // namespace

ZeroWatch::ZeroWatch() { watching = this; }
ZeroWatch::~ZeroWatch() { watching = nullptr; }

bool ZeroWatch::both() const {
  return std::any_of(seen.begin(), seen.end(), [](const Seen& one) {
    return one.plus.load(std::memory_order_relaxed) && one.minus.load(std::memory_order_relaxed);
  });
}

std::string ZeroWatch::watched(const std::string& select) {
  return "SELECT * FROM (\n" + select + "\n) AS " + names().row + " WHERE CASE WHEN " + names().has_floats +
         "() THEN " + names().look + "(" + names().row + ") ELSE true END";
}

Status register_zero_marks(const OpenConnection& open) {
  TARN_TRY(add(open, names().has_floats, false, [](duckdb_bind_info info) { bind(info, false); }, run_has_floats));
  return add(open, names().look, true, [](duckdb_bind_info info) { bind(info, true); }, run_look);
}

}  // namespace tarn::duck
