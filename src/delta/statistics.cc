#include "delta/statistics.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <map>
#include <optional>

#include "delta/physical.h"
#include "delta/schema.h"
#include "delta/type_parser.h"

namespace tarn::delta {
namespace {

void collect(const Snapshot& snapshot, const std::vector<Field>& fields, const Leaf& above, std::vector<Leaf>* leaves) {
  for (const Field& field : fields) {
    Leaf leaf = above;
    leaf.path.push_back(field.name);
    leaf.stored.push_back(physical_name(snapshot, field));
    leaf.type = field.type;
    leaf.widened = field.metadata.contains("delta.typeChanges");
    if (field.type.is_string()) {
      leaves->push_back(std::move(leaf));
    } else {
      collect(snapshot, struct_fields(field.type), leaf, leaves);
    }
  }
}

bool all_digits(std::string_view text) {
  for (char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return !text.empty();
}

// "2020-01-02 03:04:05.678+00" as "2020-01-02T03:04:05.678000Z".
std::optional<std::string> iso_time(std::string_view text, bool with_zone) {
  if (with_zone) {
    if (text.size() < 3 || text.substr(text.size() - 3) != "+00") return std::nullopt;
    text.remove_suffix(3);
  }
  if (text.size() < 19 || !is_plain_date(text.substr(0, 10)) || text[10] != ' ') return std::nullopt;
  std::string fraction;
  if (text.size() > 19) {
    if (text[19] != '.' || text.size() > 26 || !all_digits(text.substr(20))) return std::nullopt;
    fraction = text.substr(20);
  }
  fraction.resize(6, '0');
  return fmt::format("{}T{}.{}{}", text.substr(0, 10), text.substr(11, 8), fraction, with_zone ? "Z" : "");
}

// DuckDB's text of a bound as JSON, or nothing when the log had better not have it.
std::optional<json::Value> bound(const json::Value& type, const std::string& text) {
  const std::string& name = type.as_string();
  int precision = 0, scale = 0;
  const bool decimal = read_decimal(name, &precision, &scale) && precision <= 15;
  if (name == "long" || name == "integer" || name == "short" || name == "byte" || (decimal && scale == 0)) {
    int64_t value = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    if (result.ec != std::errc() || result.ptr != text.data() + text.size()) return std::nullopt;
    return json::Value(value);
  }
  if (name == "float" || name == "double" || decimal) {
    double value = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    if (result.ec != std::errc() || result.ptr != text.data() + text.size() || !std::isfinite(value)) {
      return std::nullopt;
    }
    // -0 equals 0 and yet sorts before it in some engines.
    return json::Value(value == 0 ? 0.0 : value);
  }
  if (name == "date" && is_plain_date(text)) return json::Value(text);
  std::optional<std::string> time;
  if (name == "timestamp") time = iso_time(text, true);
  if (name == "timestamp_ntz") time = iso_time(text, false);
  if (time) return json::Value(*time);
  return std::nullopt;
}

void set_at(json::Value* object, const std::vector<std::string>& path, json::Value value) {
  json::Value inner = std::move(value);
  // Values are set from the inside out: each level is taken out, changed and put back.
  for (size_t depth = path.size(); depth-- > 0;) {
    json::Value level = json::Value::object();
    const json::Value* at = object;
    for (size_t i = 0; i < depth && at != nullptr; ++i) at = at->find(path[i]);
    if (at != nullptr && at->is_object()) level = *at;
    level.set(path[depth], std::move(inner));
    inner = std::move(level);
  }
  *object = std::move(inner);
}

// Where the value of a member of the outermost object starts and ends in JSON text that is known to be valid.
std::optional<std::pair<size_t, size_t>> find_member(const std::string& text, std::string_view wanted) {
  int depth = 0;
  size_t i = 0;
  const auto skip_string = [&] {
    const size_t begin = ++i;
    while (text[i] != '"') i += text[i] == '\\' ? 2 : 1;
    return std::string_view(text).substr(begin, i - begin);
  };
  bool key_next = false;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '{' || c == '[') key_next = ++depth == 1;
    if (c == '}' || c == ']') --depth;
    if (c == ',' && depth == 1) key_next = true;
    if (c != '"') continue;
    const std::string_view string = skip_string();
    if (depth != 1 || !key_next) continue;
    key_next = false;
    if (string != wanted) continue;
    const size_t begin = text.find_first_not_of(" \t\r\n:", i + 1);
    return std::pair(begin, text.find_first_of(",} \t\r\n", begin));
  }
  return std::nullopt;
}

}  // namespace

bool is_plain_date(std::string_view text) {
  return text.size() == 10 && text[4] == '-' && text[7] == '-' && all_digits(text.substr(0, 4)) &&
         all_digits(text.substr(5, 2)) && all_digits(text.substr(8, 2)) && text.substr(0, 4) != "0000";
}

std::string Leaf::sql() const {
  std::string text;
  for (const std::string& name : path) text += (text.empty() ? "" : ".") + duck::quote_name(name);
  return text;
}

std::vector<Leaf> leaves_of(const Snapshot& snapshot) {
  std::vector<Leaf> leaves;
  collect(snapshot, snapshot.schema, {}, &leaves);
  return leaves;
}

std::string make_statistics(const Snapshot& snapshot, const duck::ParquetFile& written) {
  std::map<std::vector<std::string>, const duck::ColumnStats*> columns;
  for (const auto& column : written.columns) columns[column.path] = &column;
  json::Value smallest = json::Value::object(), largest = json::Value::object(), nulls = json::Value::object();
  for (const Leaf& leaf : leaves_of(snapshot)) {
    const auto it = columns.find(leaf.stored);
    if (it == columns.end()) continue;
    const duck::ColumnStats& column = *it->second;
    if (column.null_count) set_at(&nulls, leaf.stored, *column.null_count);
    const std::string& type = leaf.type.as_string();
    // DuckDB leaves NaN out of its bounds; to Spark it is the largest number of all.
    const bool nan_free = (type != "float" && type != "double") || column.has_nan == false;
    if (!column.min || !column.max || !nan_free) continue;
    auto low = bound(leaf.type, *column.min), high = bound(leaf.type, *column.max);
    if (!low || !high) continue;
    set_at(&smallest, leaf.stored, std::move(*low));
    set_at(&largest, leaf.stored, std::move(*high));
  }
  return json::write(json::Value::object({{"numRecords", written.row_count},
                                          {"minValues", std::move(smallest)},
                                          {"maxValues", std::move(largest)},
                                          {"nullCount", std::move(nulls)},
                                          {"tightBounds", true}}));
}

std::string loosen(const std::string& statistics) {
  if (!json::parse(statistics).ok()) return statistics;
  if (const auto found = find_member(statistics, "tightBounds")) {
    return statistics.substr(0, found->first) + "false" + statistics.substr(found->second);
  }
  const size_t brace = statistics.find('{');
  const bool empty = statistics.find_first_not_of(" \t\r\n", brace + 1) == statistics.find('}', brace + 1);
  return statistics.substr(0, brace + 1) + (empty ? "\"tightBounds\":false" : "\"tightBounds\":false,") +
         statistics.substr(brace + 1);
}

std::string count_only(int64_t row_count) {
  return json::write(json::Value::object({{"numRecords", row_count}, {"tightBounds", true}}));
}

}  // namespace tarn::delta
