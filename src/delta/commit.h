// One commit as it is about to be written: its actions and what commitInfo says of it.
// Shape:   commitInfo first, then protocol and metaData, removes, adds, txn: one JSON object a line.
// Source:  Delta protocol, "Delta Log Entries", "Commit Provenance Information".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "delta/actions.h"

namespace tarn::delta {

inline constexpr std::string_view kEngine = "Tarn/0.1.0";

struct CommitDraft {
  std::optional<json::Value> protocol, metadata;
  std::vector<Remove> removes;
  std::vector<Add> adds;
  std::vector<DataFile> changes;  // of a change data feed
  std::vector<json::Value> domains;
  std::optional<Transaction> transaction;
  std::vector<Transaction> more_transactions;  // of a restore: every source's
  std::string operation;
  json::Value parameters = json::Value::object();
  std::vector<std::pair<std::string, int64_t>> metrics;
  bool blind_append = false;
  bool keeps_row_ids = false;  // says so of a table with row tracking
};

// `in_commit`: the time is written as inCommitTimestamp too.
std::string commit_text(const CommitDraft& draft, int64_t timestamp_ms, bool in_commit,
                        const std::string& transaction_id);

}  // namespace tarn::delta
