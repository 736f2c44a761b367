// One version of a Delta table: what the log says is live.
// Shape:   immutable; files by path. Source: Delta protocol (PROTOCOL.md), "Action reconciliation".
// Threads: share freely.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/status.h"
#include "json/value.h"

namespace tarn::delta {

struct Field {
  std::string name;
  json::Value type;  // Delta's schema JSON: "string", "long", {"type":"array",…}
  bool nullable = true;
  json::Value metadata = json::Value::object();
};

// Rows of one data file by their index, ascending.
using RowList = std::vector<int64_t>;

struct DeletionVector {
  std::string storage;  // "u" (file, relative), "i" (inline), "p" (absolute path)
  std::string path_or_inline;
  std::optional<int32_t> offset;
  int32_t size_bytes = 0;
  int64_t cardinality = 0;
  std::string unique_id() const;  // storage + path + "@" + offset, as the protocol names it
  bool operator==(const DeletionVector&) const = default;
};

struct DataFile {
  std::string path;  // decoded, relative to the table
  std::map<std::string, std::optional<std::string>> partition_values;
  int64_t size_bytes = 0;
  int64_t modified_ms = 0;
  std::string stats;  // JSON text or ""
  std::map<std::string, std::string> tags;
  std::optional<DeletionVector> deletion_vector;
  std::string encoded_path;                                // as the log has it (an URI); "" = encode `path`
  std::optional<int64_t> base_row_id, row_commit_version;  // of tables with row tracking
  std::string clustering_provider;
  std::optional<int64_t> row_count() const;  // numRecords of stats
};

// The name that a tag of every add by Tarn carries: XXH3-128 of the whole data file.
inline constexpr std::string_view kHashTag = "tarn.xxh3";

struct Snapshot {
  base::Version version;
  int64_t committed_at_us = 0;
  std::string table_id;
  std::vector<Field> schema;
  std::vector<std::string> partition_columns;
  std::map<std::string, std::string> configuration;
  int reader_version = 1, writer_version = 2;
  std::vector<std::string> reader_features, writer_features;
  std::map<std::string, DataFile> files;        // by path
  std::map<std::string, int64_t> transactions;  // app id → version
  std::map<std::string, json::Value> domains;   // live domainMetadata, by name
};

struct Commit {
  base::Version version;
  int64_t committed_at_us = 0;
  std::string operation;   // "WRITE", "MERGE", "OPTIMIZE" …
  json::Value parameters;  // operationParameters
  json::Value metrics;     // operationMetrics
  // What its actions did, whatever the metrics say: of rows nothing where a file's number of rows is not known.
  std::optional<int64_t> rows_added, rows_deleted;
  int64_t files_added = 0, files_removed = 0;
  std::string engine;
  std::string user_metadata;
};

}  // namespace tarn::delta
