#include "delta/state.h"

#include <fmt/format.h>

#include "delta/path.h"
#include "delta/protocol.h"
#include "delta/schema.h"

namespace tarn::delta {
namespace {

using base::Code;
using base::Status;

std::string vector_id(const std::optional<DeletionVector>& vector) {
  return vector ? vector->unique_id() : std::string();
}

std::vector<std::string> names(const json::Value& array) {
  std::vector<std::string> texts;
  for (const json::Value& item : array.items()) texts.push_back(item.as_string());
  return texts;
}

Status read_protocol(const json::Value& protocol, State* state) {
  const json::Value& reader = protocol["minReaderVersion"];
  const json::Value& writer = protocol["minWriterVersion"];
  if (!reader.is_number() || !writer.is_number()) {
    return {Code::corruption, "action 'protocol': no minReaderVersion or minWriterVersion"};
  }
  state->protocol = protocol;
  state->reader_version = static_cast<int>(reader.as_int());
  state->writer_version = static_cast<int>(writer.as_int());
  state->reader_features = names(protocol["readerFeatures"]);
  state->writer_features = names(protocol["writerFeatures"]);
  return {};
}

Status read_metadata(const json::Value& metadata, State* state) {
  if (!metadata["schemaString"].is_string()) return {Code::corruption, "action 'metaData': no schemaString"};
  const std::string& provider = metadata["format"]["provider"].as_string();
  if (!provider.empty() && provider != "parquet") {
    return {Code::unsupported, fmt::format("the table's data files are '{}', not Parquet", provider)};
  }
  state->metadata = metadata;
  state->table_id = metadata["id"].as_string();
  state->partition_columns = names(metadata["partitionColumns"]);
  state->configuration.clear();
  for (const auto& [key, value] : metadata["configuration"].members()) {
    if (value.is_string()) state->configuration[key] = value.as_string();
  }
  auto schema = read_schema(metadata["schemaString"].as_string());
  if (!schema.ok()) {
    // A type of a feature that Tarn lacks: the feature's name says more than the type's, and validate() knows it.
    if (schema.status().code() == Code::unsupported && !check_readable(*state).ok()) return {};
    return schema.status();
  }
  state->schema = std::move(*schema);
  return {};
}

}  // namespace

Status State::apply(Actions actions) {
  if (actions.protocol) TARN_TRY(read_protocol(*actions.protocol, this));
  if (actions.metadata) TARN_TRY(read_metadata(*actions.metadata, this));
  for (Remove& remove : actions.removes) {
    const std::string id = vector_id(remove.deletion_vector);
    const auto it = files.find(remove.path);
    if (it != files.end() && vector_id(it->second.deletion_vector) == id) {
      size_bytes -= it->second.size_bytes;
      files.erase(it);
      foreign.erase(remove.path);
    }
    if (keeps_tombstones) tombstones[{remove.path, id}] = std::move(remove);
  }
  for (Add& add : actions.adds) {
    if (!is_local_path(add.file.encoded_path)) foreign.insert(add.file.path);
    if (keeps_tombstones) tombstones.erase({add.file.path, vector_id(add.file.deletion_vector)});
    size_bytes += add.file.size_bytes;
    // A checkpoint's files mostly come in their order, or nearly.
    const auto [place, fresh] = files.try_emplace(add.file.path);
    if (!fresh) size_bytes -= place->second.size_bytes;
    place->second = std::move(add.file);
  }
  for (const Transaction& transaction : actions.transactions) {
    transactions[transaction.app_id] = transaction.version;
    transaction_actions[transaction.app_id] = transaction;
  }
  for (const json::Value& domain : actions.domains) {
    const std::string& name = domain["domain"].as_string();
    if (domain["removed"].as_bool(false)) {
      domains.erase(name);
    } else {
      domains[name] = domain;
    }
  }
  return {};
}

bool State::agrees_with(const State& other) const {
  if (!same_json(protocol, other.protocol) || !same_json(metadata, other.metadata)) return false;
  if (transactions != other.transactions || files.size() != other.files.size()) return false;
  for (const auto& [path, file] : files) {
    const auto it = other.files.find(path);
    if (it == other.files.end() || it->second.size_bytes != file.size_bytes ||
        it->second.deletion_vector != file.deletion_vector || it->second.partition_values != file.partition_values) {
      return false;
    }
  }
  return true;
}

Status State::validate(bool foreign_files) const {
  if (protocol.is_null()) return {Code::corruption, "the log has no 'protocol' action"};
  TARN_TRY(check_readable(*this));
  if (metadata.is_null()) return {Code::corruption, "the log has no 'metaData' action"};
  for (const std::string& path : foreign) {
    if (!foreign_files || local_file_of(path).empty()) return foreign_path(path);
  }
  for (const std::string& column : partition_columns) {
    if (find_field(schema, column) == nullptr) {
      return {Code::corruption, fmt::format("partition column '{}' is not in the schema", column)};
    }
  }
  return {};
}

bool same_json(const json::Value& a, const json::Value& b) {
  if (a.is_object() && b.is_object()) {
    const auto covered = [](const json::Value& inner, const json::Value& outer) {
      for (const auto& [key, value] : inner.members()) {
        if (!same_json(value, outer[key])) return false;
      }
      return true;
    };
    return covered(a, b) && covered(b, a);
  }
  if (a.is_array() && b.is_array()) {
    const auto &left = a.items(), &right = b.items();
    if (left.size() != right.size()) return false;
    for (size_t i = 0; i < left.size(); ++i) {
      if (!same_json(left[i], right[i])) return false;
    }
    return true;
  }
  return a == b;
}

std::optional<int64_t> commit_time_us(const json::Value& commit_info) {
  for (const char* key : {"inCommitTimestamp", "timestamp"}) {
    const json::Value& time = commit_info[key];
    if (time.is_number() && time.as_int() < INT64_MAX / 1000 && time.as_int() > INT64_MIN / 1000) {
      return time.as_int() * 1000;
    }
  }
  return std::nullopt;
}

}  // namespace tarn::delta
