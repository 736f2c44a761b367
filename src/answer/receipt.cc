#include "answer/receipt.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/clock.h"
#include "base/hash.h"
#include "lake/fetch.h"

namespace tarn::answer {
namespace {

using base::Code;
using base::Result;
using base::Status;
using json::Value;

Value strings(const std::vector<std::string>& items) {
  Value array = Value::array();
  for (const std::string& item : items) array.push(item);
  return array;
}

std::vector<std::string> to_strings(const Value& array) {
  std::vector<std::string> items;
  for (const Value& item : array.items()) items.push_back(item.as_string());
  return items;
}

Value content_of(const Receipt& receipt) {
  Value quotes = Value::array();
  for (const ReceiptQuote& q : receipt.quotes) {
    Value quote = Value::object({{"table", q.table},
                                 {"version", q.version},
                                 {"id", q.id},
                                 {"title", q.title},
                                 {"uri", q.uri},
                                 {"heading", strings(q.heading)},
                                 {"start", q.start},
                                 {"end", q.end},
                                 {"quote", q.quote},
                                 {"body_hash", q.body_hash},
                                 {"file", q.file}});
    if (q.anchor) quote.set("anchor", Value::object({{"kind", q.anchor->kind}, {"value", q.anchor->value}}));
    quotes.push(std::move(quote));
  }
  return Value::object({{"format", kReceiptFormat},
                        {"program", receipt.program},
                        {"caller", receipt.caller},
                        {"question", receipt.question},
                        {"answered_at", receipt.answered_at},
                        {"mode", receipt.mode},
                        {"analyzer", receipt.analyzer},
                        {"encoder", receipt.encoder},
                        {"tables", strings(receipt.tables)},
                        {"answer", receipt.answer},
                        {"quotes", quotes}});
}

// body[start, end) is the quote; offsets come from outside.
bool stands_in(const std::string& body, const ReceiptQuote& quote) {
  return quote.start <= quote.end && quote.end <= body.size() &&
         std::string_view(body).substr(quote.start, quote.end - quote.start) == quote.quote;
}

Then read_then(const ReceiptQuote& quote, const lake::TableReader& table, CheckedFiles& files,
               duck::Connection& connection, std::string* note) {
  const auto snapshot = table.snapshot(base::Version(quote.version));
  if (!snapshot.ok()) {
    *note = snapshot.status().message();
    return Then::unreadable;
  }
  const auto file = (*snapshot)->files.find(quote.file);
  Status status =
      file == (*snapshot)->files.end()
          ? Status(Code::not_found, fmt::format("version {} has no data file {}", quote.version, quote.file))
          : files.check(table, file->second);
  if (status.ok()) {
    const auto row = lake::fetch_row(table, **snapshot, quote.id, quote.file, connection);
    if (row.ok()) {
      const std::string body = row->text("body");
      const bool same = stands_in(body, quote) && base::hash128(body).hex() == quote.body_hash;
      if (!same) *note = "the words at that place are others";
      return same ? Then::stands : Then::altered;
    }
    status = row.status();
  }
  *note = status.message();
  return status.code() == Code::corruption ? Then::altered : Then::unreadable;
}

Now read_now(const ReceiptQuote& quote, const lake::TableReader& table, duck::Connection& connection,
             std::string* note) {
  const auto snapshot = table.snapshot();
  if (!snapshot.ok()) {
    *note = snapshot.status().message();
    return Now::unreadable;
  }
  const auto row = lake::fetch_row(table, **snapshot, quote.id, "", connection);
  if (!row.ok()) {
    *note = row.status().message();
    return row.status().code() == Code::not_found ? Now::deleted : Now::unreadable;
  }
  const std::string body = row->text("body");
  if (stands_in(body, quote)) return Now::stands;
  return body.find(quote.quote) != std::string::npos ? Now::moved : Now::changed;
}

}  // namespace

std::string_view name(Then then) {
  switch (then) {
    case Then::stands:
      return "stands";
    case Then::altered:
      return "altered";
    case Then::unreadable:
      return "unreadable";
  }
  return "unreadable";
}

std::string_view name(Now now) {
  switch (now) {
    case Now::stands:
      return "stands";
    case Now::moved:
      return "moved";
    case Now::changed:
      return "changed";
    case Now::deleted:
      return "deleted";
    case Now::unreadable:
      return "unreadable";
  }
  return "unreadable";
}

Receipt make_receipt(const Request& request, const Reply& reply, const std::vector<search::Target>& targets,
                     const search::Environment& environment, const std::string& answered_at, const std::string& program,
                     const std::string& caller) {
  Receipt receipt;
  receipt.question = request.question;
  receipt.answered_at = answered_at;
  receipt.answer = reply.answer;
  receipt.mode = search::mode_name(reply.mode);
  receipt.encoder = environment.encoder ? environment.encoder->identity() : "";
  receipt.analyzer = environment.analyzer->identity();
  receipt.program = program;
  receipt.caller = caller;
  for (const search::Target& target : targets) {
    const delta::Snapshot& snapshot = target.live->snapshot();
    receipt.tables.push_back(
        fmt::format("{}@{} {}", target.name, snapshot.version.value, base::format_utc(snapshot.committed_at_us)));
  }
  for (const Citation& citation : reply.citations) {
    ReceiptQuote quote;
    quote.table = citation.table;
    quote.version = citation.version.value;
    quote.id = citation.id;
    quote.title = citation.title;
    quote.uri = citation.uri;
    quote.quote = citation.quote;
    quote.body_hash = citation.hash;
    quote.file = citation.row.file;
    quote.heading = citation.passage.heading;
    quote.start = citation.span.start;
    quote.end = citation.span.end;
    quote.anchor = citation.anchor;
    receipt.quotes.push_back(std::move(quote));
  }
  return receipt;
}

std::string write_receipt(const Receipt& receipt) {
  const Value content = content_of(receipt);
  const std::string hash = base::hash128(json::write(content)).hex();
  return json::write_pretty(Value::object({{"tarn_receipt", content}, {"hash", hash}})) + "\n";
}

std::string receipt_name(std::string_view bytes) { return "r-" + base::hash128(bytes).hex().substr(0, 16); }

Result<ParsedReceipt> read_receipt(std::string_view bytes) {
  auto parsed = json::parse(bytes);
  if (!parsed.ok() || !(*parsed)["tarn_receipt"].is_object()) {
    return Status(Code::invalid_argument, "this is not a receipt",
                  "tarn ask prints the path of the receipt that it wrote");
  }
  const Value& content = (*parsed)["tarn_receipt"];
  const int64_t format = content["format"].as_int();
  if (format < 1 || format > kReceiptFormat) {
    return Status(Code::unsupported,
                  fmt::format("the receipt has format {}, this program reads up to {}", format, kReceiptFormat),
                  "use the version of tarn that wrote it, or a newer one");
  }
  ParsedReceipt result;
  result.unharmed = base::hash128(json::write(content)).hex() == (*parsed)["hash"].as_string();
  Receipt& receipt = result.receipt;
  receipt.question = content["question"].as_string();
  receipt.answered_at = content["answered_at"].as_string();
  receipt.answer = content["answer"].as_string();
  receipt.mode = content["mode"].as_string();
  receipt.encoder = content["encoder"].as_string();
  receipt.analyzer = content["analyzer"].as_string();
  receipt.program = content["program"].as_string();
  receipt.caller = content["caller"].as_string();
  receipt.tables = to_strings(content["tables"]);
  for (const Value& q : content["quotes"].items()) {
    receipt.quotes.push_back({q["table"].as_string(), q["version"].as_int(), q["id"].as_string(),
                              q["title"].as_string(), q["uri"].as_string(), q["quote"].as_string(),
                              q["body_hash"].as_string(), q["file"].as_string(), to_strings(q["heading"]),
                              static_cast<uint64_t>(std::max<int64_t>(0, q["start"].as_int())),
                              static_cast<uint64_t>(std::max<int64_t>(0, q["end"].as_int()))});
    const Value& anchor = q["anchor"];
    // It is shown and never counted with: where in the body it stands is not kept.
    if (anchor.is_object()) {
      receipt.quotes.back().anchor = {receipt.quotes.back().start, anchor["kind"].as_string(),
                                      anchor["value"].as_string()};
    }
  }
  return result;
}

Standing verify_quote(const ReceiptQuote& quote, const lake::TableReader* table, CheckedFiles& files,
                      duck::Connection& connection) {
  Standing standing;
  if (!table) {
    standing.note = fmt::format("the lake has no table {}", quote.table);
    return standing;
  }
  standing.then = read_then(quote, *table, files, connection, &standing.note);
  std::string now_note;
  standing.now = read_now(quote, *table, connection, &now_note);
  if (standing.note.empty()) standing.note = now_note;
  return standing;
}

}  // namespace tarn::answer
