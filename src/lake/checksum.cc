#include "lake/checksum.h"

#include <fmt/format.h>

#include "base/hash.h"
#include "lake/protocol.h"

namespace tarn::lake {
namespace {

constexpr std::string_view kOwnHash = ",\"tarnXxh3\":\"";

// Tarn's checksum files end with the hash of what stands before it; other engines' have none.
bool own_hash_holds(std::string_view checksum) {
  const size_t at = checksum.rfind(kOwnHash);
  return at != std::string_view::npos &&
         checksum.substr(at + kOwnHash.size()) == base::hash128(checksum.substr(0, at)).hex() + "\"}";
}

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

std::string checksum_text(const State& state, const std::string& commit_text, const std::string& transaction_id) {
  const Deleted deleted = count_deleted(state);
  json::Value domains = json::Value::array();
  for (const auto& [name, domain] : state.domains) domains.push(domain);
  json::Value body = json::Value::object({{"txnId", transaction_id},
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
  if (has_commit_timestamps(state)) body.set("inCommitTimestampOpt", state.committed_at_us / 1000);
  std::string text = json::write(body);
  text.pop_back();
  return text + fmt::format("{}{}\"}}", kOwnHash, base::hash128(text).hex());
}

std::vector<std::string> compare_checksum(const std::string& checksum, const State& state,
                                          const std::string& commit_text) {
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
  const json::Value& hash = (*parsed)["tarnCommitXxh3"];
  if (hash.is_null() && !parsed->contains("tarnXxh3"))
    return differences;  // another engine's: it fills the rest in its own way
  if (!own_hash_holds(checksum)) differences.push_back("its bytes are not those that were written");
  if (!same_json((*parsed)["metadata"], state.metadata)) differences.push_back("the metadata is not the checksum's");
  if (!same_json((*parsed)["protocol"], state.protocol)) differences.push_back("the protocol is not the checksum's");
  const bool keeps_all = state.configuration.count("delta.setTransactionRetentionDuration") == 0;
  if (keeps_all && !same_json((*parsed)["setTransactions"], transactions_of(state)))
    differences.push_back("the transactions are not the checksum's");
  if (!commit_text.empty() && hash.as_string() != base::hash128(commit_text).hex()) {
    differences.push_back("the commit's bytes are not those that were written");
  }
  return differences;
}

}  // namespace tarn::lake
