#include "lake/commit.h"

namespace tarn::lake {

std::string commit_text(const CommitDraft& draft, int64_t timestamp_ms, const std::string& transaction_id) {
  // Spark reads parameters and metrics as maps of text.
  json::Value parameters = json::Value::object();
  for (const auto& [key, value] : draft.parameters.members()) {
    parameters.set(key, value.is_string() ? value : json::Value(json::write(value)));
  }
  json::Value metrics = json::Value::object();
  for (const auto& [key, value] : draft.metrics) metrics.set(key, std::to_string(value));
  std::string text;
  const auto line = [&](const json::Value& action) { text += json::write(action) + "\n"; };
  line(json::Value::object({{"commitInfo", json::Value::object({{"timestamp", timestamp_ms},
                                                                {"operation", draft.operation},
                                                                {"operationParameters", std::move(parameters)},
                                                                {"isolationLevel", "WriteSerializable"},
                                                                {"isBlindAppend", draft.blind_append},
                                                                {"operationMetrics", std::move(metrics)},
                                                                {"engineInfo", kEngine},
                                                                {"txnId", transaction_id}})}}));
  if (draft.protocol) line(json::Value::object({{"protocol", *draft.protocol}}));
  if (draft.metadata) line(json::Value::object({{"metaData", *draft.metadata}}));
  for (const Remove& remove : draft.removes) line(remove_action(remove));
  for (const Add& add : draft.adds) line(add_action(add));
  if (draft.transaction) line(transaction_action(*draft.transaction));
  return text;
}

}  // namespace tarn::lake
