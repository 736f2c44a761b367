#include "answer/ask.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/hash.h"
#include "document/document.h"
#include "search/fetch.h"

namespace tarn::answer {
namespace {

using base::Result;
using base::Status;

// Reads the quote again from the lake; the body's hash when it stands there as quoted.
Result<std::string> check_quote(const Quote& quote, const search::Hit& hit, const search::Target& target,
                                duck::Connection& connection) {
  const lake::Snapshot& snapshot = target.live->snapshot();
  TARN_TRY(search::check_file(*target.table, snapshot.files.at(hit.file)));
  TARN_ASSIGN(search::Row row, search::fetch_row(*target.table, snapshot, hit.id, hit.file, connection));
  const std::string body = row.text("body");
  if (quote.end > body.size() || std::string_view(body).substr(quote.start, quote.end - quote.start) != quote.text) {
    return Status(
        base::Code::corruption,
        fmt::format("{}: '{}' at bytes {}–{} is not what the index holds", target.name, hit.id, quote.start, quote.end),
        "remove the table's _tarn index folders; they are rebuilt");
  }
  return base::hash128(body).hex();
}

std::string joined(const std::vector<Citation>& citations) {
  std::string text;
  for (size_t i = 0; i < citations.size(); ++i) {
    if (i > 0) {
      const bool same =
          citations[i].hit.id == citations[i - 1].hit.id && citations[i].target == citations[i - 1].target;
      text += same ? " " : "\n\n";
    }
    text += fmt::format("{} [{}]", document::plain_text(citations[i].quote), i + 1);
  }
  return text;
}

}  // namespace

Result<Reply> ask(const Request& request, const std::vector<search::Target>& targets,
                  const search::Environment& environment, duck::Connection& connection, const base::Context& context) {
  Reply reply;
  search::Request retrieval{request.question, request.mode, kPassagesRead, 0, request.filter, false, false, true};
  TARN_ASSIGN(search::Reply passages, search::search(retrieval, targets, environment, context));
  reply.mode = passages.mode;
  std::vector<std::string> seen;
  for (const search::Hit& hit : passages.hits) {
    const std::string key = fmt::format("{}/{}", hit.target, hit.id);
    if (std::find(seen.begin(), seen.end(), key) != seen.end() || reply.hits.size() == request.k) continue;
    seen.push_back(key);
    reply.hits.push_back(hit);
  }
  if (passages.hits.empty()) {
    reply.reason = "no document has any word or meaning of the question";
    return reply;
  }
  search::Environment legs = environment;
  if (reply.mode == search::Mode::lexical) legs.encoder = nullptr;
  TARN_ASSIGN(Extraction extraction, extract(request.question, passages.hits, targets, legs, context));
  reply.evidence = extraction.evidence;
  if (!is_relevant(extraction.evidence)) {
    reply.reason = fmt::format(
        "nothing relevant was found: what is nearest to the question most likely does not answer it "
        "(confidence {:.0f} %)",
        extraction.evidence.confidence * 100);
    return reply;
  }
  for (const Quote& quote : extraction.quotes) {
    TARN_TRY(context.check());
    const search::Hit& hit = passages.hits[quote.hit];
    const Result<std::string> body_hash = check_quote(quote, hit, targets[hit.target], connection);
    if (!body_hash.ok()) {
      reply.withheld.push_back(body_hash.status().to_string());
      continue;
    }
    reply.citations.push_back({hit, hit.target, quote.text, quote.start, quote.end, *body_hash});
  }
  reply.found = !reply.citations.empty();
  if (!reply.found) reply.reason = "what was found could not be read again from the lake";
  reply.answer = joined(reply.citations);
  return reply;
}

}  // namespace tarn::answer
