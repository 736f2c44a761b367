// A receipt: an answer that can be replayed. JSON, written once, named by the hash of its content.
// Shape:   doc/format/receipt.md. It holds its own quotes and hashes, so that it needs no version to be kept.
// Errors:  invalid_argument for bytes that are no receipt, unsupported for a later format.
// Threads: pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "answer/ask.h"
#include "answer/checked_files.h"
#include "json/value.h"

namespace tarn::answer {

inline constexpr int kReceiptFormat = 2;  // 1, without anchors and caller, is read for ever

struct ReceiptQuote {
  std::string table;
  int64_t version = 0;
  std::string id, title, uri, quote, body_hash, file;
  std::vector<std::string> heading;
  uint64_t start = 0, end = 0;
  std::optional<document::Anchor> anchor = {};
};

struct Receipt {
  std::string question, answered_at, answer, mode, encoder, analyzer, program;
  std::string caller;                // on whose behalf it was asked (base::Context)
  std::vector<std::string> tables;   // "main.docs@12 2026-11-22T10:00:00Z"
  std::vector<ReceiptQuote> quotes;  // marker n is quotes[n - 1]
};

Receipt make_receipt(const Request& request, const Reply& reply, const std::vector<search::Target>& targets,
                     const search::Environment& environment, const std::string& answered_at, const std::string& program,
                     const std::string& caller);

// The bytes, and the name that they have: "r-" and 16 digits of their hash.
std::string write_receipt(const Receipt& receipt);
std::string receipt_name(std::string_view bytes);

struct ParsedReceipt {
  Receipt receipt;
  bool unharmed = false;  // the content matches the hash that it carries
};
base::Result<ParsedReceipt> read_receipt(std::string_view bytes);

// How one quote stands.
enum class Then { stands, altered, unreadable };
enum class Now { stands, moved, changed, deleted, unreadable };
struct Standing {
  Then then = Then::unreadable;
  Now now = Now::unreadable;
  std::string note;
};
std::string_view name(Then then);
std::string_view name(Now now);

// Reads the quote again at its version and in the newest one. `table` is null when the lake has no such table. `files`
// serves all quotes of a receipt.
Standing verify_quote(const ReceiptQuote& quote, const lake::TableReader* table, CheckedFiles& files,
                      duck::Connection& connection);

}  // namespace tarn::answer
