#include "delta/commit.h"

namespace tarn::delta {

std::string commit_text(const CommitDraft& draft, int64_t timestamp_ms, bool in_commit,
                        const std::string& transaction_id) {
  // Spark reads parameters and metrics as maps of text.
  json::Value parameters = json::Value::object();
  for (const auto& [key, value] : draft.parameters.members()) {
    parameters.set(key, value.is_string() ? value : json::Value(json::write(value)));
  }
  json::Value metrics = json::Value::object();
  for (const auto& [key, value] : draft.metrics) metrics.set(key, std::to_string(value));
  std::string text;
  const auto line = [&](const json::Value& action) { text += json::write(action) + "\n"; };
  json::Value info = json::Value::object();
  if (in_commit) info.set("inCommitTimestamp", timestamp_ms);
  info.set("timestamp", timestamp_ms);
  info.set("operation", draft.operation);
  info.set("operationParameters", std::move(parameters));
  info.set("isolationLevel", "WriteSerializable");
  info.set("isBlindAppend", draft.blind_append);
  info.set("operationMetrics", std::move(metrics));
  info.set("engineInfo", kEngine);
  info.set("txnId", transaction_id);
  if (draft.keeps_row_ids) info.set("tags", json::Value::object({{"delta.rowTracking.preserved", "true"}}));
  line(json::Value::object({{"commitInfo", std::move(info)}}));
  if (draft.protocol) line(json::Value::object({{"protocol", *draft.protocol}}));
  if (draft.metadata) line(json::Value::object({{"metaData", *draft.metadata}}));
  for (const Remove& remove : draft.removes) line(remove_action(remove));
  for (const Add& add : draft.adds) line(add_action(add));
  for (const DataFile& file : draft.changes) line(change_file_action(file));
  for (const json::Value& domain : draft.domains) line(json::Value::object({{"domainMetadata", domain}}));
  if (draft.transaction) line(transaction_action(*draft.transaction));
  for (const Transaction& transaction : draft.more_transactions) line(transaction_action(transaction));
  return text;
}

}  // namespace tarn::delta
