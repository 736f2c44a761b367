#include "delta/select.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "delta/partition.h"
#include "delta/physical.h"
#include "delta/protocol.h"
#include "delta/schema.h"
#include "duck/connection.h"

namespace tarn::delta {
namespace {

using base::Code;
using base::Result;
using base::Status;

// DuckDB takes every path for a pattern; each of a pattern's characters stands for itself in brackets.
std::string path_literal(const std::string& path) {
  std::string escaped;
  for (char c : path) escaped += c == '*' || c == '?' || c == '[' ? fmt::format("[{}]", c) : std::string(1, c);
  return duck::quote_literal(escaped);
}

// A bit for each row up to the last of `rows`, ascending: the first is the highest of the first byte, as DuckDB's BIT
// has it. In hexadecimal digits.
std::string bits_of(const RowList& rows) {
  std::string digits(static_cast<size_t>(rows.back() / 8 + 1) * 2, '0');
  for (const int64_t row : rows) {
    char& digit = digits[static_cast<size_t>(row / 4)];
    const int value = (digit <= '9' ? digit - '0' : digit - 'a' + 10) | 8 >> row % 4;
    digit = "0123456789abcdef"[value];
  }
  return digits;
}

std::string type_of(const json::Value& type) { return duckdb_type(type).value(); }

std::string path_list(const std::vector<std::string>& paths) {
  std::string list;
  for (const std::string& path : paths) list += (list.empty() ? "" : ", ") + path_literal(path);
  return list;
}

std::string plain_call(const std::vector<std::string>& paths) {
  return fmt::format("read_parquet([{}], hive_partitioning=false)", path_list(paths));
}

struct Plan {
  const Snapshot& snapshot;
  const std::string& directory;
  std::vector<const Field*> fields;      // of the result
  std::vector<const Field*> stored;      // those in the files
  std::vector<const Field*> partitions;  // those that the log has
  const Selection& selection;

  std::string path(const DataFile& file) const { return file_location(directory, file); }

  // Whether the footer of one of these files may leave NaN out of a column's bounds: others write so, and DuckDB does
  // not.
  bool hides_nan(const std::vector<const SourceFile*>& files) const {
    return has_floats(stored) &&
           std::any_of(files.begin(), files.end(), [](const SourceFile* source) { return is_foreign(*source->file); });
  }

  // Whether these files have every stored column under its own name and in its own type, as the statistics of files
  // that Tarn wrote tell. DuckDB then reads them without a schema: it takes their statistics into its plans, which it
  // does not when a schema is given.
  bool as_written(const std::vector<const SourceFile*>& files) const {
    constexpr size_t kAsked = 256;
    if (files.size() > kAsked || stored.empty() || column_mapping(snapshot) != ColumnMapping::none) return false;
    for (const Field* field : stored) {
      const bool virtual_name = find_field({*field}, "filename") || find_field({*field}, "file_row_number") ||
                                find_field({*field}, "file_index");
      if (!field->type.is_string() || is_primitive(field->type, "void") || virtual_name) return false;
      if (field->metadata.contains("delta.typeChanges")) return false;
    }
    return std::all_of(files.begin(), files.end(), [&](const SourceFile* source) {
      if (is_foreign(*source->file)) return false;
      const auto stats = json::parse(source->file->stats);
      return stats.ok() && std::all_of(stored.begin(), stored.end(),
                                       [&](const Field* field) { return (*stats)["nullCount"].contains(field->name); });
    });
  }

  std::string columns(bool plain) const {
    std::string list;
    const auto add = [&](const std::string& expression, std::string_view name) {
      list += (list.empty() ? "" : ", ") + expression + " AS " + duck::quote_name(name);
    };
    for (const Field* field : fields) {
      const auto partition = std::find(partitions.begin(), partitions.end(), field);
      if (partition != partitions.end()) {
        add(partition_value(*field, fmt::format("p.v{}", partition - partitions.begin())), field->name);
      } else {
        const auto at = std::find(stored.begin(), stored.end(), field) - stored.begin();
        // Of one type with the column, the cast is nothing.
        add(plain ? fmt::format("CAST(f.{} AS {})", duck::quote_name(field->name), type_of(field->type))
                  : to_logical(snapshot, fmt::format("f.c{}", at), field->type),
            field->name);
      }
    }
    if (selection.with_position) {
      // The path as in the log, from the path as DuckDB opened it; a file of a linked table that lies elsewhere keeps
      // that.
      const std::string below = duck::quote_literal(directory + "/");
      add(fmt::format("if(starts_with(f.filename, {0}), substr(f.filename, length({0}) + 1), f.filename)", below),
          "tarn_file");
      add("f.file_row_number", "tarn_row");
    }
    return list;
  }

  // What the log knows of each file, joined by its place in the list.
  std::string constants(const std::vector<const SourceFile*>& files) const {
    std::string rows;
    for (size_t i = 0; i < files.size(); ++i) {
      rows += fmt::format("{}({}::UBIGINT", rows.empty() ? "" : ", ", i);
      for (const Field* field : partitions) {
        const auto& values = files[i]->file->partition_values;
        auto it = values.find(physical_name(snapshot, *field));
        if (it == values.end()) it = values.find(field->name);
        rows += it == values.end() || !it->second ? ", NULL::VARCHAR" : ", " + duck::quote_literal(*it->second);
      }
      rows += ")";
    }
    std::string names = "file_index";
    for (size_t i = 0; i < partitions.size(); ++i) names += fmt::format(", v{}", i);
    return fmt::format(" JOIN (VALUES {}) AS p({}) ON p.file_index = f.file_index", rows, names);
  }

  // Numbers only: a path beside each deleted row would fill the join's memory with paths.
  std::string join_deleted(const std::vector<const SourceFile*>& files) const {
    std::string rows;
    for (size_t i = 0; i < files.size(); ++i) {
      // One text a file: DuckDB parses a list of many numbers slowly, and splits a text fast.
      std::string list;
      for (int64_t row : files[i]->deleted) {
        fmt::format_to(std::back_inserter(list), "{}{}", list.empty() ? "" : ",", row);
      }
      rows += fmt::format("{}({}::UBIGINT, '{}')", rows.empty() ? "" : ", ", i, list);
    }
    return fmt::format(
        " {} JOIN (SELECT file_index, unnest(CAST(string_split(list, ',') AS BIGINT[])) AS deleted_row FROM (VALUES "
        "{}) AS v(file_index, "
        "list)) AS d ON d.file_index = f.file_index AND d.deleted_row = f.file_row_number",
        selection.listed_only ? "SEMI" : "ANTI", rows);
  }

  std::string filter_deleted(const std::vector<const SourceFile*>& files) const {
    std::string whens;
    for (size_t i = 0; i < files.size(); ++i) {
      const RowList& deleted = files[i]->deleted;
      if (deleted.empty()) continue;
      whens += fmt::format(
          " WHEN {} THEN CASE WHEN f.file_row_number <= {} THEN get_bit(CAST(unhex('{}') AS BIT), "
          "CAST(f.file_row_number AS INTEGER)) = {} ELSE {} END",
          i, deleted.back(), bits_of(deleted), selection.listed_only ? 1 : 0, !selection.listed_only);
    }
    if (whens.empty()) return "";
    return fmt::format(" WHERE CASE f.file_index{} ELSE {} END", whens, !selection.listed_only);
  }

  // About how many rows: of many files some are asked, for each is a text to be parsed.
  static std::optional<int64_t> row_count(const std::vector<const SourceFile*>& files) {
    constexpr size_t kAsked = 256;
    const size_t step = std::max<size_t>(1, files.size() / kAsked);
    int64_t rows = 0, asked = 0;
    for (size_t i = 0; i < files.size(); i += step, ++asked) {
      const auto count = files[i]->file->row_count();
      if (!count || *count < 0) return {};
      rows += *count;
    }
    return asked == 0 ? 1 : std::max<int64_t>(1, rows / asked * static_cast<int64_t>(files.size()));
  }

  // Whether a bit for each row costs less than a join: the one for every row, the other for every deleted row.
  static bool many_deleted(const SourceFile& source) {
    constexpr size_t kFew = 1000;
    constexpr int64_t kRowsForOneDeleted = 64;
    const auto count = static_cast<int64_t>(source.deleted.size());
    return source.deleted.size() > kFew && source.deleted.back() < INT32_MAX &&
           count * kRowsForOneDeleted >= source.file->row_count().value_or(source.deleted.back());
  }

  enum class Deleted { none, joined, filtered };
  std::string select(const std::vector<const SourceFile*>& files, Deleted deleted) const {
    std::vector<std::string> paths;
    for (const SourceFile* source : files) paths.push_back(path(*source->file));
    const bool plain = as_written(files);
    std::string call = plain ? plain_call(paths) : read_parquet_call(snapshot, paths, stored, hides_nan(files));
    // With the schema given DuckDB opens no file when it plans, and without it only the first: it is told how many rows
    // there are, for joins are ordered by that.
    if (const auto rows = row_count(files)) {
      call.insert(call.size() - 1, fmt::format(", explicit_cardinality={}", *rows));
    }
    std::string sql = "SELECT " + columns(plain) + " FROM " + call + " AS f";
    if (!partitions.empty()) sql += constants(files);
    if (deleted == Deleted::joined) sql += join_deleted(files);
    if (deleted == Deleted::filtered) sql += filter_deleted(files);
    return sql;
  }

  // A filter looks through its files one by one: several selects, each of a few files with deleted rows.
  std::vector<std::string> select_filtered(const std::vector<const SourceFile*>& files) const {
    constexpr size_t kFilesOfAFilter = 32;
    std::vector<std::string> selects;
    std::vector<const SourceFile*> group;
    size_t holed = 0;
    for (const SourceFile* file : files) {
      group.push_back(file);
      if (file->deleted.empty() || ++holed < kFilesOfAFilter) continue;
      selects.push_back(select(group, Deleted::filtered));
      group.clear();
      holed = 0;
    }
    if (!group.empty()) selects.push_back(select(group, Deleted::filtered));
    return selects;
  }

  std::string empty() const {
    std::string list;
    for (const Field* field : fields) {
      list += fmt::format("{}NULL::{} AS {}", list.empty() ? "" : ", ", type_of(field->type),
                          duck::quote_name(field->name));
    }
    if (selection.with_position) list += ", NULL::VARCHAR AS tarn_file, NULL::BIGINT AS tarn_row";
    return "SELECT " + list + " WHERE false";
  }
};

}  // namespace

bool is_foreign(const DataFile& file) { return file.tags.count(std::string(kHashTag)) == 0; }

bool has_floats(const std::vector<const Field*>& fields) {
  return std::any_of(fields.begin(), fields.end(), [](const Field* field) {
    return uses_type(field->type, "float") || uses_type(field->type, "double");
  });
}

std::string read_parquet_call(const Snapshot& snapshot, const std::vector<std::string>& paths,
                              const std::vector<const Field*>& fields, bool hides_nan) {
  const std::string list = path_list(paths);
  const bool by_id = column_mapping(snapshot) == ColumnMapping::id;
  std::string columns;
  for (size_t i = 0; i < fields.size(); ++i) {
    const std::string key = by_id ? std::to_string(fields[i]->metadata["delta.columnMapping.id"].as_int(-1))
                                  : duck::quote_literal(physical_name(snapshot, *fields[i]));
    columns += fmt::format("{}{}: {{name: 'c{}', type: {}, default_value: NULL}}", columns.empty() ? "" : ", ", key, i,
                           duck::quote_literal(type_of(physical_type(snapshot, fields[i]->type))));
  }
  // An empty schema is no schema to DuckDB: a column that no file has stands in for it.
  if (columns.empty()) columns = "'tarn_none': {name: 'c0', type: 'BOOLEAN', default_value: NULL}";
  return fmt::format("read_parquet([{}], schema=MAP{{{}}}, hive_partitioning=false{})", list, columns,
                     hides_nan ? ", can_have_nan=true" : "");
}

Result<std::string> select_rows(const Snapshot& snapshot, const std::string& directory,
                                const std::vector<SourceFile>& files, const Selection& selection) {
  Plan plan{snapshot, directory, {}, {}, {}, selection};
  for (const std::string& name : selection.columns) {
    const Field* field = find_field(snapshot.schema, name);
    if (field == nullptr) return Status(Code::invalid_argument, fmt::format("there is no column '{}'", name));
    plan.fields.push_back(field);
  }
  if (selection.columns.empty()) {
    for (const Field& field : snapshot.schema) {
      if (!selection.in_order || !is_partition(snapshot, field)) plan.fields.push_back(&field);
    }
  }
  for (const Field* field : plan.fields) {
    auto& group = is_partition(snapshot, *field) ? plan.partitions : plan.stored;
    if (std::find(group.begin(), group.end(), field) == group.end()) group.push_back(field);
  }
  // Files of others apart where they are read otherwise, so that Tarn's own are passed over as before.
  std::vector<const SourceFile*> whole, few, many, whole_foreign, few_foreign;
  const bool apart = has_floats(plan.stored);
  for (const SourceFile& source : files) {
    if (selection.listed_only && source.deleted.empty()) continue;
    if (selection.in_order &&
        (!plan.partitions.empty() || (!source.deleted.empty() && source.deleted.back() >= INT32_MAX))) {
      return Status(Code::unsupported, "rows in their order are those of columns in files, of at most 2^31 rows");
    }
    const bool filtered = selection.in_order || Plan::many_deleted(source);
    const bool foreign = apart && is_foreign(*source.file);
    auto& others = source.deleted.empty() ? (foreign ? whole_foreign : whole) : (foreign ? few_foreign : few);
    (filtered ? many : others).push_back(&source);
  }
  std::vector<std::string> selects = plan.select_filtered(many);
  for (const auto* group : {&whole, &whole_foreign}) {
    if (!group->empty()) selects.push_back(plan.select(*group, Plan::Deleted::none));
  }
  for (const auto* group : {&few, &few_foreign}) {
    if (!group->empty()) selects.push_back(plan.select(*group, Plan::Deleted::joined));
  }
  return selects.empty() ? plan.empty() : fmt::to_string(fmt::join(selects, " UNION ALL "));
}

}  // namespace tarn::delta
