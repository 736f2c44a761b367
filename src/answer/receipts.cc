#include "answer/receipts.h"

#include <algorithm>

#include "json/value.h"

namespace tarn::answer {
namespace {

bool quotes(const std::string& receipt, const QuotedRow& row) {
  const auto parsed = json::parse(receipt);
  if (!parsed.ok()) {
    return std::any_of(row.ids.begin(), row.ids.end(),
                       [&](const std::string& id) { return receipt.find(id) != std::string::npos; });
  }
  const auto& all = (*parsed)["tarn_receipt"]["quotes"].items();
  return std::any_of(all.begin(), all.end(), [&](const json::Value& quote) {
    return row.tables.contains(quote["table"].as_string()) &&
           (row.ids.contains(quote["id"].as_string()) || row.uris.contains(quote["uri"].as_string()));
  });
}

}  // namespace

base::Result<std::vector<std::string>> receipts_that_quote(const store::Store& store, const QuotedRow& row) {
  std::vector<std::string> found;
  TARN_ASSIGN(const auto entries, store.list(kReceipts, store::Detail::names));
  for (const auto& entry : entries) {
    if (entry.is_directory) continue;
    std::string path = std::string(kReceipts) + "/" + entry.name;
    TARN_ASSIGN(const std::string text, store.read(path));
    if (quotes(text, row)) found.push_back(std::move(path));
  }
  return found;
}

}  // namespace tarn::answer
