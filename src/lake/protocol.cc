#include "lake/protocol.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lake/schema.h"

namespace tarn::lake {
namespace {

using base::Code;
using base::Status;

constexpr int kReaderVersion = 3, kWriterVersion = 7;

constexpr std::array<std::string_view, 5> kRead{"columnMapping", "deletionVectors", "timestampNtz", "v2Checkpoint",
                                                "vacuumProtocolCheck"};
// Features that ask nothing of Tarn's commits, or nothing while what they are for is not in use (check_active).
constexpr std::array<std::string_view, 13> kWrite{
    "allowColumnDefaults", "appendOnly",     "changeDataFeed",     "checkConstraints", "columnMapping",
    "deletionVectors",     "domainMetadata", "generatedColumns",   "identityColumns",  "invariants",
    "timestampNtz",        "v2Checkpoint",   "vacuumProtocolCheck"};

template <size_t N>
bool knows(const std::array<std::string_view, N>& known, std::string_view name) {
  return std::find(known.begin(), known.end(), name) != known.end();
}

std::string property(const Snapshot& snapshot, const std::string& name) {
  const auto it = snapshot.configuration.find(name);
  return it == snapshot.configuration.end() ? "" : it->second;
}

Status unsupported(std::string_view what, std::string_view doing) {
  return {Code::unsupported, fmt::format("the table {}, which Tarn does not {}", what, doing),
          fmt::format("{} it with an engine that knows the feature", doing)};
}

// Metadata keys, anywhere in a type, that oblige a writer to compute or to check values.
Status check_columns(const std::vector<Field>& fields) {
  for (const Field& field : fields) {
    for (const char* key :
         {"delta.invariants", "delta.generationExpression", "delta.identity.start", "CURRENT_DEFAULT"}) {
      if (field.metadata.contains(key))
        return unsupported(fmt::format("has '{}' on column '{}'", key, field.name), "write");
    }
    TARN_TRY(check_columns(struct_fields(field.type)));
  }
  return {};
}

}  // namespace

Status check_readable(const Snapshot& snapshot) {
  if (snapshot.reader_version < 1 || snapshot.reader_version > kReaderVersion) {
    return unsupported(fmt::format("needs reader version {}", snapshot.reader_version), "read");
  }
  if (snapshot.reader_version == kReaderVersion) {
    for (const std::string& feature : snapshot.reader_features) {
      if (!knows(kRead, feature)) return unsupported(fmt::format("needs the reader feature '{}'", feature), "read");
    }
  }
  if (column_mapping(snapshot) != ColumnMapping::none) {
    for (const Field& field : snapshot.schema) {
      if (field.type.is_object()) {
        return unsupported(fmt::format("maps the columns inside '{}' to other names (columnMapping)", field.name),
                           "read");
      }
    }
  }
  return {};
}

Status check_writable(const Snapshot& snapshot) {
  TARN_TRY(check_readable(snapshot));
  if (snapshot.writer_version < 1 || snapshot.writer_version > kWriterVersion) {
    return unsupported(fmt::format("needs writer version {}", snapshot.writer_version), "write");
  }
  if (snapshot.writer_version == kWriterVersion) {
    for (const std::string& feature : snapshot.writer_features) {
      if (!knows(kWrite, feature)) return unsupported(fmt::format("needs the writer feature '{}'", feature), "write");
    }
  }
  for (const auto& [key, value] : snapshot.configuration) {
    if (key.starts_with("delta.constraints.")) return unsupported(fmt::format("has the constraint '{}'", key), "write");
  }
  if (property(snapshot, "delta.enableChangeDataFeed") == "true")
    return unsupported("keeps a change data feed", "write");
  return check_columns(snapshot.schema);
}

Status check_appendable(const Snapshot& snapshot) {
  TARN_TRY(check_writable(snapshot));
  if (!snapshot.partition_columns.empty()) {
    return unsupported(fmt::format("is partitioned by '{}'", snapshot.partition_columns[0]), "write");
  }
  if (column_mapping(snapshot) != ColumnMapping::none)
    return unsupported("maps its columns to other names (columnMapping)", "write");
  return {};
}

Status check_deletable(const Snapshot& snapshot) {
  TARN_TRY(check_writable(snapshot));
  if (property(snapshot, "delta.appendOnly") == "true") {
    return {Code::permission_denied, "the table is append-only (delta.appendOnly): rows cannot be deleted or replaced"};
  }
  return {};
}

bool writes_deletion_vectors(const Snapshot& snapshot) {
  const auto& features = snapshot.writer_features;
  return std::find(features.begin(), features.end(), "deletionVectors") != features.end() &&
         property(snapshot, "delta.enableDeletionVectors") == "true";
}

ColumnMapping column_mapping(const Snapshot& snapshot) {
  const auto& features = snapshot.reader_features;
  const bool supported =
      snapshot.reader_version == 2 || std::find(features.begin(), features.end(), "columnMapping") != features.end();
  const std::string mode = supported ? property(snapshot, "delta.columnMapping.mode") : "";
  return mode == "name" ? ColumnMapping::name : mode == "id" ? ColumnMapping::id : ColumnMapping::none;
}

json::Value protocol_for(const std::vector<Field>& schema, const std::map<std::string, std::string>& configuration) {
  json::Value::Array readers;
  const auto vectors = configuration.find("delta.enableDeletionVectors");
  if (vectors != configuration.end() && vectors->second == "true") readers.emplace_back("deletionVectors");
  if (std::any_of(schema.begin(), schema.end(),
                  [](const Field& field) { return uses_type(field.type, "timestamp_ntz"); })) {
    readers.emplace_back("timestampNtz");
  }
  if (readers.empty()) return json::Value::object({{"minReaderVersion", 1}, {"minWriterVersion", 2}});
  json::Value::Array writers = readers;
  writers.emplace_back("appendOnly");
  writers.emplace_back("invariants");
  return json::Value::object({{"minReaderVersion", kReaderVersion},
                              {"minWriterVersion", kWriterVersion},
                              {"readerFeatures", json::Value(std::move(readers))},
                              {"writerFeatures", json::Value(std::move(writers))}});
}

}  // namespace tarn::lake
