#include "delta/protocol.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "delta/constraint.h"
#include "delta/partition.h"
#include "delta/physical.h"
#include "delta/schema.h"
#include "delta/type_widening.h"

namespace tarn::delta {
namespace {

using base::Code;
using base::Result;
using base::Status;

constexpr int kReaderVersion = 3, kWriterVersion = 7;

constexpr std::array<std::string_view, 7> kRead{"columnMapping",      "deletionVectors",      "timestampNtz",
                                                "typeWidening",       "typeWidening-preview", "v2Checkpoint",
                                                "vacuumProtocolCheck"};
// Features of writers alone. What each asks of an operation stands in the check_…able functions.
constexpr std::array<std::string_view, 13> kWrite{
    "allowColumnDefaults", "appendOnly",       "changeDataFeed",  "checkConstraints", "clustering",
    "domainMetadata",      "generatedColumns", "icebergCompatV1", "icebergCompatV2",  "identityColumns",
    "inCommitTimestamp",   "invariants",       "rowTracking"};
// Features that writer versions before 7 have without naming them.
struct Implied {
  int writer_version;
  std::string_view feature;
};
constexpr std::array<Implied, 7> kImplied{{{2, "appendOnly"},
                                           {2, "invariants"},
                                           {3, "checkConstraints"},
                                           {4, "changeDataFeed"},
                                           {4, "generatedColumns"},
                                           {5, "columnMapping"},
                                           {6, "identityColumns"}}};

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

// Iceberg's readers want partition values and nested ids in the files.
Status check_iceberg(const Snapshot& snapshot) {
  for (const char* version : {"V1", "V2"}) {
    if (is_true(snapshot, fmt::format("delta.enableIcebergCompat{}", version))) {
      return unsupported(fmt::format("is kept readable for Iceberg (icebergCompat{})", version), "write");
    }
  }
  return {};
}

// Clustering asks for bounds of its columns in every file; Tarn keeps none of text.
Status check_clustering(const Snapshot& snapshot) {
  if (!supports(snapshot, "clustering")) return {};
  const auto domain = snapshot.domains.find("delta.clustering");
  if (domain == snapshot.domains.end()) return {};
  const auto parsed = json::parse(domain->second["configuration"].as_string());
  if (!parsed.ok()) return unsupported("has clustering columns that cannot be read (clustering)", "write");
  for (const json::Value& item : (*parsed)["clusteringColumns"].items()) {
    // A path of names, or one name.
    const std::string name = item.is_array() && !item.items().empty() ? item.items()[0].as_string() : item.as_string();
    const bool nested = item.is_array() && item.items().size() > 1;
    const auto field = std::find_if(snapshot.schema.begin(), snapshot.schema.end(),
                                    [&](const Field& candidate) { return physical_name(snapshot, candidate) == name; });
    if (nested || field == snapshot.schema.end() || !field->type.is_string() || is_primitive(field->type, "string") ||
        is_primitive(field->type, "binary")) {
      return unsupported(fmt::format("is clustered by '{}' (clustering), of which Tarn keeps no bounds", name),
                         "write");
    }
  }
  return {};
}

Status check_row_ids(const Snapshot& snapshot) {
  if (supports(snapshot, "rowTracking") && is_true(snapshot, "delta.enableRowTracking")) {
    return unsupported("keeps its rows' ids when they move (rowTracking)", "rewrite");
  }
  return {};
}

Status check_type_changes(const std::vector<Field>& fields) {
  for (const Field& field : fields) {
    for (const json::Value& change : field.metadata["delta.typeChanges"].items()) {
      if (!widens(change["fromType"], change["toType"])) {
        return unsupported(fmt::format("changed column '{}' from {} to {} (typeWidening)", field.name,
                                       json::write(change["fromType"]), json::write(change["toType"])),
                           "read");
      }
    }
    for (const json::Value* inside = &field.type; inside->is_object();) {
      TARN_TRY(check_type_changes(struct_fields(*inside)));
      inside = &(*inside)[inside->contains("elementType") ? "elementType" : "valueType"];
    }
  }
  return {};
}

bool is_reader_feature(std::string_view feature) { return knows(kRead, feature); }

json::Value names(const std::set<std::string>& features, bool readers) {
  json::Value list = json::Value::array();
  for (const std::string& feature : features) {
    if (!readers || is_reader_feature(feature)) list.push(feature);
  }
  return list;
}

json::Value protocol_action(int reader_version, const std::set<std::string>& features) {
  const bool any = std::any_of(features.begin(), features.end(), is_reader_feature);
  if (any && reader_version < kReaderVersion) reader_version = kReaderVersion;
  json::Value action =
      json::Value::object({{"minReaderVersion", reader_version}, {"minWriterVersion", kWriterVersion}});
  if (reader_version == kReaderVersion) action.set("readerFeatures", names(features, true));
  action.set("writerFeatures", names(features, false));
  return action;
}

}  // namespace

Status check_readable(const Snapshot& snapshot) {
  if (snapshot.reader_version < 1 || snapshot.reader_version > kReaderVersion) {
    return unsupported(fmt::format("needs reader version {}", snapshot.reader_version), "read");
  }
  if (snapshot.reader_version == kReaderVersion) {
    for (const std::string& feature : snapshot.reader_features) {
      if (!is_reader_feature(feature)) {
        return unsupported(fmt::format("needs the reader feature '{}'", feature), "read");
      }
    }
  }
  return check_type_changes(snapshot.schema);
}

Status check_writable(const Snapshot& snapshot) {
  TARN_TRY(check_readable(snapshot));
  if (snapshot.writer_version < 1 || snapshot.writer_version > kWriterVersion) {
    return unsupported(fmt::format("needs writer version {}", snapshot.writer_version), "write");
  }
  if (snapshot.writer_version == kWriterVersion) {
    for (const std::string& feature : snapshot.writer_features) {
      if (!is_reader_feature(feature) && !knows(kWrite, feature)) {
        return unsupported(fmt::format("needs the writer feature '{}'", feature), "write");
      }
    }
  }
  return check_iceberg(snapshot);
}

Status check_appendable(const Snapshot& snapshot) {
  TARN_TRY(check_writable(snapshot));
  TARN_TRY(check_clustering(snapshot));
  for (const Field& field : snapshot.schema) {
    if (field.metadata.contains("delta.identity.start")) {
      return unsupported(fmt::format("numbers the rows in column '{}' (identityColumns)", field.name), "write");
    }
    if (is_partition(snapshot, field)) TARN_TRY(check_partition_type(field));
  }
  return check_constraints(snapshot);
}

Status check_rewritable(const Snapshot& snapshot) {
  TARN_TRY(check_writable(snapshot));
  TARN_TRY(check_clustering(snapshot));
  return check_row_ids(snapshot);
}

Status check_deletable(const Snapshot& snapshot) {
  TARN_TRY(check_writable(snapshot));
  if (is_true(snapshot, "delta.appendOnly")) {
    return {Code::permission_denied, "the table is append-only (delta.appendOnly): rows cannot be deleted or replaced"};
  }
  return {};
}

Status check_replaceable(const Snapshot& snapshot) {
  TARN_TRY(check_deletable(snapshot));
  return check_row_ids(snapshot);
}

bool supports(const Snapshot& snapshot, std::string_view feature) {
  const auto& named = snapshot.writer_features;
  if (snapshot.writer_version >= kWriterVersion) return std::find(named.begin(), named.end(), feature) != named.end();
  return std::any_of(kImplied.begin(), kImplied.end(), [&](const Implied& implied) {
    return implied.feature == feature && implied.writer_version <= snapshot.writer_version;
  });
}

bool is_true(const Snapshot& snapshot, const std::string& name) { return property(snapshot, name) == "true"; }

bool writes_deletion_vectors(const Snapshot& snapshot) {
  return supports(snapshot, "deletionVectors") && is_true(snapshot, "delta.enableDeletionVectors");
}
bool keeps_change_feed(const Snapshot& snapshot) {
  return supports(snapshot, "changeDataFeed") && is_true(snapshot, "delta.enableChangeDataFeed");
}
bool has_commit_timestamps(const Snapshot& snapshot) {
  return supports(snapshot, "inCommitTimestamp") && is_true(snapshot, "delta.enableInCommitTimestamps");
}
bool assigns_row_ids(const Snapshot& snapshot) {
  return supports(snapshot, "rowTracking") && !is_true(snapshot, "delta.rowTrackingSuspended");
}

ColumnMapping column_mapping(const Snapshot& snapshot) {
  const auto& features = snapshot.reader_features;
  const bool supported =
      snapshot.reader_version == 2 || std::find(features.begin(), features.end(), "columnMapping") != features.end();
  const std::string mode = supported ? property(snapshot, "delta.columnMapping.mode") : "";
  return mode == "name" ? ColumnMapping::name : mode == "id" ? ColumnMapping::id : ColumnMapping::none;
}

Result<std::set<std::string>> needed_features(const std::vector<Field>& schema,
                                              const std::map<std::string, std::string>& configuration) {
  static const std::map<std::string, std::string> kSwitches{{"delta.enableDeletionVectors", "deletionVectors"},
                                                            {"delta.enableChangeDataFeed", "changeDataFeed"},
                                                            {"delta.enableInCommitTimestamps", "inCommitTimestamp"},
                                                            {"delta.enableTypeWidening", "typeWidening"},
                                                            {"delta.enableRowTracking", ""},
                                                            {"delta.enableIcebergCompatV1", ""},
                                                            {"delta.enableIcebergCompatV2", ""},
                                                            {"delta.enableIcebergCompatV3", ""},
                                                            {"delta.enableVariantShredding", ""}};
  std::set<std::string> features{"appendOnly", "invariants"};
  for (const auto& [key, value] : configuration) {
    const auto refused = [&, &name = key, &given = value] {
      return Status(Code::unsupported,
                    fmt::format("the property {} = '{}' asks for what Tarn does not write", name, given));
    };
    if (const auto it = kSwitches.find(key); it != kSwitches.end() && value == "true") {
      if (it->second.empty()) return refused();
      features.insert(it->second);
    }
    if (key == "delta.columnMapping.mode" && value != "none") {
      if (value != "name" && value != "id") return refused();
      features.insert("columnMapping");
    }
    if (key == "delta.checkpointPolicy" && value == "v2") features.insert("v2Checkpoint");
    if (key.starts_with("delta.constraints.")) {
      const auto translated = translate_expression(value, schema);
      if (!translated.ok()) return translated.status().with_context(key);
      features.insert("checkConstraints");
    }
    if (key.starts_with("delta.feature.")) {
      const std::string feature = key.substr(std::string_view("delta.feature.").size());
      if (!knows(kWrite, feature) && !is_reader_feature(feature)) return refused();
      features.insert(feature);
    }
  }
  for (const Field& field : schema) {
    if (uses_type(field.type, "timestamp_ntz")) features.insert("timestampNtz");
  }
  return features;
}

json::Value protocol_for(const std::set<std::string>& features) {
  if (features.size() <= 2) return json::Value::object({{"minReaderVersion", 1}, {"minWriterVersion", 2}});
  return protocol_action(1, features);
}

std::optional<json::Value> upgraded_protocol(const Snapshot& snapshot, const std::set<std::string>& features) {
  if (std::all_of(features.begin(), features.end(),
                  [&](const std::string& name) { return supports(snapshot, name); })) {
    return std::nullopt;
  }
  std::set<std::string> all(snapshot.writer_features.begin(), snapshot.writer_features.end());
  for (const Implied& implied : kImplied) {
    if (supports(snapshot, implied.feature)) all.insert(std::string(implied.feature));
  }
  all.insert(features.begin(), features.end());
  return protocol_action(snapshot.reader_version, all);
}

}  // namespace tarn::delta
