#include "delta/checksum.h"

#include <fmt/format.h>

#include "base/hash.h"
#include "delta/protocol.h"

namespace tarn::delta {
namespace {

constexpr std::string_view kOwnHash = ",\"tarnXxh3\":\"";

struct Deleted {
  int64_t records = 0, vectors = 0;
};

Deleted count_deleted(const State& state) {
  Deleted deleted;
  for (const auto& [path, file] : state.files) {
    if (!file.deletion_vector) continue;
    deleted.records += file.deletion_vector->cardinality;
    ++deleted.vectors;
  }
  return deleted;
}

json::Value transactions_of(const State& state) {
  json::Value list = json::Value::array();
  for (const auto& [id, transaction] : state.transaction_actions) list.push(transaction_action(transaction)["txn"]);
  return list;
}

}  // namespace

bool own_hash_holds(std::string_view text) {
  const size_t at = text.rfind(kOwnHash);
  return at != std::string_view::npos &&
         text.substr(at + kOwnHash.size()) == base::hash128(text.substr(0, at)).hex() + "\"}";
}

std::string with_own_hash(std::string object) {
  object.pop_back();
  return object + fmt::format("{}{}\"}}", kOwnHash, base::hash128(object).hex());
}

std::string checksum_text(const State& state, const std::string& commit_text, const std::string& transaction_id,
                          const std::string& checkpoint_hash) {
  const Deleted deleted = count_deleted(state);
  json::Value domains = json::Value::array();
  for (const auto& [name, domain] : state.domains) domains.push(domain);
  json::Value checksum = json::Value::object({{"txnId", transaction_id},
                                              {"tableSizeBytes", state.size_bytes},
                                              {"numFiles", static_cast<int64_t>(state.files.size())},
                                              {"numDeletedRecordsOpt", deleted.records},
                                              {"numDeletionVectorsOpt", deleted.vectors},
                                              {"numMetadata", 1},
                                              {"numProtocol", 1},
                                              {"setTransactions", transactions_of(state)},
                                              {"domainMetadata", std::move(domains)},
                                              {"metadata", state.metadata},
                                              {"protocol", state.protocol},
                                              {"tarnCommitXxh3", base::hash128(commit_text).hex()}});
  if (has_commit_timestamps(state)) checksum.set("inCommitTimestampOpt", state.committed_at_us / 1000);
  if (!checkpoint_hash.empty()) checksum.set("tarnCheckpointXxh3", checkpoint_hash);
  return with_own_hash(json::write(checksum));
}

std::vector<std::string> compare_checksum(const std::string& checksum, const State& state) {
  std::vector<std::string> differences;
  const auto parsed = json::parse(checksum);
  if (!parsed.ok() || !parsed->is_object()) return {"the checksum file is not a JSON object"};
  const auto number = [&](const char* name, int64_t actual) {
    const json::Value& said = (*parsed)[name];
    if (said.is_number() && said.as_int(-1) != actual) {
      differences.push_back(fmt::format("{} is {}, where the checksum says {}", name, actual, json::write(said)));
    }
  };
  const Deleted deleted = count_deleted(state);
  number("tableSizeBytes", state.size_bytes);
  number("numFiles", static_cast<int64_t>(state.files.size()));
  number("numDeletedRecordsOpt", deleted.records);
  number("numDeletionVectorsOpt", deleted.vectors);
  number("numMetadata", 1);
  number("numProtocol", 1);
  if (!parsed->contains("tarnCommitXxh3") && !parsed->contains("tarnXxh3")) {
    return differences;  // another engine's: it fills the rest in its own way
  }
  if (!own_hash_holds(checksum)) differences.push_back("its bytes are not those that were written");
  if (!same_json((*parsed)["metadata"], state.metadata)) differences.push_back("the metadata is not the checksum's");
  if (!same_json((*parsed)["protocol"], state.protocol)) differences.push_back("the protocol is not the checksum's");
  const bool keeps_all = state.configuration.count("delta.setTransactionRetentionDuration") == 0;
  if (keeps_all && !same_json((*parsed)["setTransactions"], transactions_of(state))) {
    differences.push_back("the transactions are not the checksum's");
  }
  return differences;
}

}  // namespace tarn::delta
