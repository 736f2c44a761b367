#include "delta/actions.h"

#include <fmt/format.h>

#include "delta/path.h"

namespace tarn::delta {
namespace {

using base::Code;
using base::Result;
using base::Status;

Status damaged(std::string_view action, std::string_view why) {
  return {Code::corruption, fmt::format("action '{}': {}", action, why)};
}

Result<std::string> path_of(const json::Value& body, std::string_view action, std::string* encoded) {
  *encoded = body["path"].as_string();
  return read_path(*encoded, action);
}

Status read_texts(const json::Value& body, std::string_view action,
                  std::map<std::string, std::optional<std::string>>* texts) {
  if (!body.is_null() && !body.is_object()) return damaged(action, "partitionValues is not an object");
  for (const auto& [key, value] : body.members()) {
    if (!value.is_null() && !value.is_string()) return damaged(action, "a partition value is not text");
    (*texts)[key] = value.is_null() ? std::nullopt : std::optional(value.as_string());
  }
  return {};
}

Result<std::optional<DeletionVector>> read_vector(const json::Value& body, std::string_view action) {
  if (body.is_null()) return std::optional<DeletionVector>();
  DeletionVector vector;
  vector.storage = body["storageType"].as_string();
  if (vector.storage != "u" && vector.storage != "i" && vector.storage != "p") {
    return damaged(action, fmt::format("deletion vector with storage '{}'", vector.storage));
  }
  if (!body["pathOrInlineDv"].is_string()) return damaged(action, "deletion vector without pathOrInlineDv");
  vector.path_or_inline = body["pathOrInlineDv"].as_string();
  if (!body["sizeInBytes"].is_number() || !body["cardinality"].is_number()) {
    return damaged(action, "deletion vector without sizeInBytes or cardinality");
  }
  const int64_t size = body["sizeInBytes"].as_int(-1);
  const int64_t offset = body["offset"].as_int(0);
  vector.cardinality = body["cardinality"].as_int(-1);
  if (size < 0 || size > INT32_MAX || offset < 0 || offset > INT32_MAX || vector.cardinality < 0) {
    return damaged(action, "deletion vector with an impossible size, offset or cardinality");
  }
  vector.size_bytes = static_cast<int32_t>(size);
  if (!body["offset"].is_null()) vector.offset = static_cast<int32_t>(offset);
  return std::optional(std::move(vector));
}

json::Value without_nulls(const json::Value& value) {
  if (!value.is_object()) return value;
  json::Value kept = json::Value::object();
  for (const auto& [key, member] : value.members()) {
    if (!member.is_null()) kept.set(key, without_nulls(member));
  }
  return kept;
}

template <typename Action>
void read_row_ids(const json::Value& body, Action* action) {
  if (body["baseRowId"].is_number()) action->base_row_id = body["baseRowId"].as_int();
  if (body["defaultRowCommitVersion"].is_number()) {
    action->row_commit_version = body["defaultRowCommitVersion"].as_int();
  }
}

template <typename Action>
void write_row_ids(const Action& action, json::Value* body) {
  if (action.base_row_id) body->set("baseRowId", *action.base_row_id);
  if (action.row_commit_version) body->set("defaultRowCommitVersion", *action.row_commit_version);
}

Status read_add(const json::Value& body, Actions* actions) {
  Add add;
  DataFile& file = add.file;
  TARN_ASSIGN(file.path, path_of(body, "add", &file.encoded_path));
  TARN_TRY(read_texts(body["partitionValues"], "add", &file.partition_values));
  if (!body["size"].is_number() || body["size"].as_int(-1) < 0) return damaged("add", "no size");
  file.size_bytes = body["size"].as_int();
  file.modified_ms = body["modificationTime"].as_int();
  if (body["stats"].is_string()) {
    file.stats = body["stats"].as_string();
  } else if (body["stats_parsed"].is_object()) {
    file.stats = json::write(without_nulls(body["stats_parsed"]));  // a checkpoint that keeps them as columns only
  }
  for (const auto& [key, value] : body["tags"].members()) {
    if (value.is_string()) file.tags[key] = value.as_string();
  }
  TARN_ASSIGN(file.deletion_vector, read_vector(body["deletionVector"], "add"));
  read_row_ids(body, &file);
  file.clustering_provider = body["clusteringProvider"].as_string();
  add.data_change = body["dataChange"].as_bool(true);
  actions->adds.push_back(std::move(add));
  return {};
}

Status read_remove(const json::Value& body, Actions* actions) {
  Remove remove;
  TARN_ASSIGN(remove.path, path_of(body, "remove", &remove.encoded_path));
  TARN_TRY(read_texts(body["partitionValues"], "remove", &remove.partition_values));
  remove.deleted_at_ms = body["deletionTimestamp"].as_int();
  remove.data_change = body["dataChange"].as_bool(true);
  if (body["size"].is_number()) remove.size_bytes = body["size"].as_int();
  TARN_ASSIGN(remove.deletion_vector, read_vector(body["deletionVector"], "remove"));
  read_row_ids(body, &remove);
  actions->removes.push_back(std::move(remove));
  return {};
}

Status read_transaction(const json::Value& body, Actions* actions) {
  if (!body["appId"].is_string() || !body["version"].is_number()) return damaged("txn", "no appId or version");
  Transaction transaction{body["appId"].as_string(), body["version"].as_int(), std::nullopt};
  if (body["lastUpdated"].is_number()) transaction.updated_at_ms = body["lastUpdated"].as_int();
  actions->transactions.push_back(std::move(transaction));
  return {};
}

Status read_single(const json::Value& body, std::string_view action, std::optional<json::Value>* place) {
  if (!body.is_object()) return damaged(action, "not an object");
  if (*place) return damaged(action, "twice in one commit");
  *place = body;
  return {};
}

json::Value texts(const std::map<std::string, std::optional<std::string>>& values) {
  json::Value object = json::Value::object();
  for (const auto& [key, value] : values) object.set(key, value ? json::Value(*value) : json::Value());
  return object;
}

json::Value vector_body(const DeletionVector& vector) {
  json::Value body = json::Value::object({{"storageType", vector.storage}, {"pathOrInlineDv", vector.path_or_inline}});
  if (vector.offset) body.set("offset", int64_t{*vector.offset});
  body.set("sizeInBytes", int64_t{vector.size_bytes});
  body.set("cardinality", vector.cardinality);
  return body;
}

}  // namespace

Result<std::string> read_path(const std::string& encoded, std::string_view action) {
  if (encoded.empty()) return damaged(action, "no path");
  // A path that leaves the table becomes a file of this machine or stays as it is; the snapshot refuses it when it is
  // still live at the end.
  if (!is_local_path(encoded)) {
    const std::string file = local_file_of(encoded);
    return file.empty() ? encoded : file;
  }
  auto path = decode_path(encoded);
  if (!path.ok()) return damaged(action, path.status().message());
  return path;
}

Status parse_action(const json::Value& line, Actions* actions) {
  if (!line.is_object()) return {Code::corruption, "an action is not a JSON object"};
  for (const auto& [key, body] : line.members()) {
    if (body.is_null()) continue;
    if (key == "add") TARN_TRY(read_add(body, actions));
    if (key == "remove") TARN_TRY(read_remove(body, actions));
    if (key == "txn") TARN_TRY(read_transaction(body, actions));
    if (key == "protocol") TARN_TRY(read_single(body, key, &actions->protocol));
    if (key == "metaData") TARN_TRY(read_single(body, key, &actions->metadata));
    if (key == "commitInfo") actions->commit_info = body;
    if (key == "domainMetadata") {
      if (!body["domain"].is_string()) return damaged(key, "no domain");
      actions->domains.push_back(body);
    }
    if (key == "sidecar") {
      if (!body["path"].is_string()) return damaged(key, "no path");
      actions->sidecars.push_back(body["path"].as_string());
    }
    // Files for readers of changes only: a path that cannot be read does not keep anyone from the table.
    if (key == "cdc") {
      if (auto path = read_path(body["path"].as_string(), key); path.ok()) actions->change_files.push_back(*path);
    }
    // checkpointMetadata and unknown actions say nothing that a snapshot needs.
  }
  return {};
}

Result<Actions> parse_actions(std::string_view text, std::string_view what) {
  Actions actions;
  size_t line_number = 0;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = text.substr(begin, end - begin);
    begin = end + 1;
    ++line_number;
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty()) continue;
    const auto value = json::parse(line);
    if (!value.ok()) {
      return Status(Code::corruption, fmt::format("{} line {}: {}", what, line_number, value.status().message()));
    }
    if (auto status = parse_action(*value, &actions); !status.ok()) {
      return status.with_context(fmt::format("{} line {}", what, line_number));
    }
  }
  return actions;
}

json::Value add_action(const Add& add) {
  const DataFile& file = add.file;
  json::Value body =
      json::Value::object({{"path", file.encoded_path.empty() ? encode_path(file.path) : file.encoded_path},
                           {"partitionValues", texts(file.partition_values)},
                           {"size", file.size_bytes},
                           {"modificationTime", file.modified_ms},
                           {"dataChange", add.data_change}});
  if (!file.stats.empty()) body.set("stats", file.stats);
  if (!file.tags.empty()) {
    json::Value tags = json::Value::object();
    for (const auto& [key, value] : file.tags) tags.set(key, value);
    body.set("tags", std::move(tags));
  }
  if (file.deletion_vector) body.set("deletionVector", vector_body(*file.deletion_vector));
  write_row_ids(file, &body);
  if (!file.clustering_provider.empty()) body.set("clusteringProvider", file.clustering_provider);
  return json::Value::object({{"add", std::move(body)}});
}

json::Value remove_action(const Remove& remove) {
  json::Value body =
      json::Value::object({{"path", remove.encoded_path.empty() ? encode_path(remove.path) : remove.encoded_path},
                           {"deletionTimestamp", remove.deleted_at_ms},
                           {"dataChange", remove.data_change}});
  if (remove.size_bytes) {
    body.set("extendedFileMetadata", true);
    body.set("partitionValues", texts(remove.partition_values));
    body.set("size", *remove.size_bytes);
  }
  if (remove.deletion_vector) body.set("deletionVector", vector_body(*remove.deletion_vector));
  write_row_ids(remove, &body);
  return json::Value::object({{"remove", std::move(body)}});
}

json::Value change_file_action(const DataFile& file) {
  return json::Value::object({{"cdc", json::Value::object({{"path", encode_path(file.path)},
                                                           {"partitionValues", texts(file.partition_values)},
                                                           {"size", file.size_bytes},
                                                           {"dataChange", false}})}});
}

json::Value transaction_action(const Transaction& transaction) {
  json::Value body = json::Value::object({{"appId", transaction.app_id}, {"version", transaction.version}});
  if (transaction.updated_at_ms) body.set("lastUpdated", *transaction.updated_at_ms);
  return json::Value::object({{"txn", std::move(body)}});
}

Remove removal_of(const DataFile& file, int64_t now_ms, bool data_change) {
  Remove remove;
  remove.path = file.path;
  remove.encoded_path = file.encoded_path;
  remove.deleted_at_ms = now_ms;
  remove.data_change = data_change;
  remove.size_bytes = file.size_bytes;
  remove.partition_values = file.partition_values;
  remove.deletion_vector = file.deletion_vector;
  remove.base_row_id = file.base_row_id;
  remove.row_commit_version = file.row_commit_version;
  return remove;
}

}  // namespace tarn::delta
