#include "lake/present_rows.h"

#include <fmt/format.h>

#include <iterator>

#include "duck/connection.h"

namespace tarn::lake {
namespace {

bool nests_a_list(const json::Value& type) {
  const std::string& kind = type["type"].as_string();
  if (kind == "array" || kind == "map") return true;
  for (const json::Value& field : type["fields"].items()) {
    if (nests_a_list(field["type"])) return true;
  }
  return false;
}

// A list keeps, beside its own elements, those of rows that were passed over, and a cast of it casts them all: its
// elements are copied.
std::string own_elements(const std::string& value, const json::Value& type) {
  if (!nests_a_list(type)) return value;
  const std::string& kind = type["type"].as_string();
  std::string copy;
  if (kind == "array") {
    copy = fmt::format("list_concat({}, [])", value);
  } else if (kind == "map") {
    copy = fmt::format("map_from_entries(list_concat(map_entries({}), []))", value);
  } else {
    for (const json::Value& field : type["fields"].items()) {
      const std::string name = duck::quote_name(field["name"].as_string());
      copy += fmt::format("{}{} := {}", copy.empty() ? "struct_pack(" : ", ", name,
                          own_elements(fmt::format("({}).{}", value, name), field["type"]));
    }
    copy += ")";
  }
  return fmt::format("CASE WHEN {} IS NULL THEN NULL ELSE {} END", value, copy);
}

// random() is different at each call, so nothing that uses the column is moved below it; of TRY() DuckDB has no
// statistics; and with rows from both branches the values are copied, without the dictionary of a page.
std::string guarded(const delta::Field& field) {
  const std::string name = duck::quote_name(field.name), value = own_elements(name, field.type);
  return fmt::format("CASE WHEN random() < 0.5 THEN {0} ELSE TRY({0}) END AS {1}", value, name);
}

}  // namespace

base::Result<Select> select_present(const TableReader& table, const delta::Snapshot& snapshot, bool with_position) {
  delta::Snapshot whole = snapshot, holed = snapshot;
  std::erase_if(whole.files, [](const auto& file) { return file.second.deletion_vector.has_value(); });
  std::erase_if(holed.files, [](const auto& file) { return !file.second.deletion_vector.has_value(); });
  if (holed.files.empty()) return table.select(snapshot, {}, with_position);
  std::string columns;
  for (const delta::Field& field : snapshot.schema) columns += (columns.empty() ? "" : ", ") + guarded(field);
  if (with_position) columns += ", tarn_file, tarn_row";
  TARN_ASSIGN(Select present, table.select(holed, {}, with_position));
  present.sql = fmt::format("SELECT {} FROM ({})", columns, present.sql);
  if (whole.files.empty()) return present;
  TARN_ASSIGN(Select others, table.select(whole, {}, with_position));
  others.sql += " UNION ALL " + present.sql;
  std::move(present.files.begin(), present.files.end(), std::back_inserter(others.files));
  return others;
}

}  // namespace tarn::lake
