// The actions of a Delta log: one JSON object a line, the same objects in the rows of a checkpoint.
// Shape:   parse_action() sorts one object into Actions; the *_line() functions write one.
// Limits:  a line is at most json::kMaxBytes. Unknown actions and unknown fields are passed over, as the protocol asks.
// Errors:  corruption naming what is missing or of the wrong type; the caller adds file and line.
// Source:  Delta protocol, "Actions".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "delta/snapshot.h"

namespace tarn::delta {

struct Remove {
  std::string path;          // decoded
  std::string encoded_path;  // as the log has it
  int64_t deleted_at_ms = 0;
  bool data_change = true;
  std::optional<int64_t> size_bytes;
  std::map<std::string, std::optional<std::string>> partition_values;
  std::optional<DeletionVector> deletion_vector;
  std::optional<int64_t> base_row_id, row_commit_version;
};

struct Add {
  DataFile file;
  bool data_change = true;
};

struct Transaction {
  std::string app_id;
  int64_t version = 0;
  std::optional<int64_t> updated_at_ms;
};

struct Actions {
  std::optional<json::Value> protocol, metadata;  // the object under the key
  std::vector<Add> adds;
  std::vector<Remove> removes;
  std::vector<Transaction> transactions;
  std::vector<json::Value> domains;
  std::vector<std::string> change_files;  // of "cdc", decoded
  std::vector<std::string> sidecars;      // file names; in version 2 checkpoints only
  json::Value commit_info;                // null when there is none
};

// A path as the log has it, decoded.
base::Result<std::string> read_path(const std::string& encoded, std::string_view action);
base::Status parse_action(const json::Value& line, Actions* actions);
// A whole commit (or JSON checkpoint); `what` names the file in errors.
base::Result<Actions> parse_actions(std::string_view text, std::string_view what);

json::Value add_action(const Add& add);
json::Value remove_action(const Remove& remove);
json::Value change_file_action(const DataFile& file);  // "cdc"
json::Value transaction_action(const Transaction& transaction);
// The remove that undoes `file`.
Remove removal_of(const DataFile& file, int64_t now_ms, bool data_change);

}  // namespace tarn::delta
