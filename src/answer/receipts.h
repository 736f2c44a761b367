// The receipts of a lake: `_tarn/receipts/<name>.json`, each named by the hash of its bytes (answer/receipt.h).
// Errors:  what the store returns.
// Threads: any.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/status.h"
#include "store/store.h"

namespace tarn::answer {

inline constexpr const char* kReceipts = "_tarn/receipts";  // below the lake

// A row that is forgotten: what its table is called, and was called, and what names the row.
struct QuotedRow {
  std::set<std::string> tables, ids, uris;
};
// Paths of the receipts that quote it. They go as a whole: their answer is made of the quotes. One that is no JSON is
// among them when it has one of the ids anywhere.
base::Result<std::vector<std::string>> receipts_that_quote(const store::Store& store, const QuotedRow& row);

}  // namespace tarn::answer
