#include "delta/partition.h"

#include <fmt/format.h>

#include <algorithm>

#include "delta/path.h"
#include "delta/physical.h"
#include "delta/protocol.h"
#include "delta/schema.h"
#include "delta/statistics.h"

namespace tarn::delta {
namespace {

constexpr size_t kMaxNameBytes = 255;  // of a directory, to a file system
constexpr std::string_view kNull = "__HIVE_DEFAULT_PARTITION__";

std::string escape(std::string_view text) {
  static constexpr std::string_view kEscaped = "\"#%'*/:=?\\{[]^\x7f";
  std::string escaped;
  for (const char c : text) {
    const bool control = static_cast<unsigned char>(c) < 0x20;
    escaped += control || kEscaped.find(c) != std::string_view::npos
                   ? fmt::format("%{:02X}", static_cast<unsigned char>(c))
                   : std::string(1, c);
  }
  return escaped;
}

std::string directory_name(const Field& field, const std::string& text) {
  return escape(field.name) + "=" + escape(text);
}

}  // namespace

base::Status check_partition_type(const Field& field) {
  if (field.type.is_string() && !is_primitive(field.type, "binary") && !is_primitive(field.type, "void")) return {};
  return {
      base::Code::unsupported,
      fmt::format("the table is partitioned by '{}', whose type has no text that all engines read alike", field.name),
      "partition by a column of text, a number, a date or a time"};
}

std::string partition_text(const Field& field, const std::string& value) {
  if (is_primitive(field.type, "timestamp")) {
    return fmt::format("strftime(timezone('UTC', {}), '%Y-%m-%dT%H:%M:%S.%fZ')", value);
  }
  if (is_primitive(field.type, "timestamp_ntz")) return fmt::format("strftime({}, '%Y-%m-%d %H:%M:%S.%f')", value);
  if (is_primitive(field.type, "float") || is_primitive(field.type, "double")) {
    return fmt::format(
        "CASE WHEN isnan({0}) THEN 'NaN' WHEN isinf({0}) THEN if({0} > 0, 'Infinity', '-Infinity') ELSE CAST({0} AS "
        "VARCHAR) END",
        value);
  }
  return fmt::format("CAST({} AS VARCHAR)", value);
}

base::Status check_partition_text(const Snapshot& snapshot, const Field& field,
                                  const std::optional<std::string>& text) {
  if (!text) return {};
  if (text->empty()) {
    return {base::Code::invalid_argument,
            fmt::format("partition column '{}' has an empty text, which Delta cannot tell from null", field.name),
            "write null or another text"};
  }
  if (text->find('\0') != std::string::npos) {
    return {base::Code::invalid_argument,
            fmt::format("partition column '{}' has a text with a zero byte, which no file's name can have", field.name),
            "write another text"};
  }
  if (column_mapping(snapshot) == ColumnMapping::none && directory_name(field, *text).size() > kMaxNameBytes) {
    return {base::Code::invalid_argument,
            fmt::format("partition column '{}' has a text of {} bytes, too long for the name of its directory",
                        field.name, text->size()),
            fmt::format("write a shorter one: '{}=' and the text have at most {} bytes", field.name, kMaxNameBytes)};
  }
  const bool dated = is_primitive(field.type, "date") || is_primitive(field.type, "timestamp") ||
                     is_primitive(field.type, "timestamp_ntz");
  // A time has its date in front, as Delta writes both.
  const size_t end =
      is_primitive(field.type, "date") ? text->size() : std::min(text->find_first_of("T "), text->size());
  if (dated && !is_plain_date(std::string_view(*text).substr(0, end))) {
    return {base::Code::invalid_argument,
            fmt::format("partition column '{}' has the value '{}', which Delta has no text for", field.name, *text),
            "write null or a day of the years 1 to 9999"};
  }
  return {};
}

std::string partition_value(const Field& field, const std::string& text) {
  const std::string value = fmt::format("nullif({}, '')", text);
  if (is_primitive(field.type, "binary")) return fmt::format("encode({})", value);
  return fmt::format("CAST({} AS {})", value, duckdb_type(field.type).value());
}

std::string partition_directory(const Snapshot& snapshot, const PartitionValues& values) {
  if (column_mapping(snapshot) != ColumnMapping::none) return "";
  std::string directory;
  for (const Field* field : partition_fields(snapshot)) {
    const auto it = values.find(field->name);
    const bool null = it == values.end() || !it->second || it->second->empty();
    const std::string name = directory_name(*field, null ? std::string(kNull) : *it->second);
    if (name.size() > kMaxNameBytes) return "";
    directory += name + "/";
  }
  return directory;
}

PartitionValues partitions_of_path(const std::string& path) {
  PartitionValues values;
  for (size_t begin = 0, end = path.find('/'); end != std::string::npos; begin = end + 1, end = path.find('/', begin)) {
    const std::string part = path.substr(begin, end - begin);
    const size_t equals = part.find('=');
    if (equals == 0 || equals == std::string::npos) continue;
    const auto value = decode_path(part.substr(equals + 1));
    values[part.substr(0, equals)] =
        !value.ok() || *value == kNull ? std::optional<std::string>() : std::optional(*value);
  }
  return values;
}

}  // namespace tarn::delta
