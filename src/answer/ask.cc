#include "answer/ask.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "answer/checked_files.h"
#include "answer/codes.h"
#include "answer/question.h"
#include "answer/surroundings.h"
#include "base/hash.h"
#include "document/document.h"
#include "lake/fetch.h"

namespace tarn::answer {
namespace {

using base::Result;
using base::Status;

// The bodies that quotes are of, read again from the lake: each file is hashed once, each row read once.
class Bodies {
 public:
  Bodies(const std::vector<search::Target>& targets, duck::Connection& connection)
      : targets_(targets), connection_(connection) {}

  // corruption when the quote does not stand there as quoted. Valid as long as this object.
  Result<std::string_view> checked(const Quote& quote, const search::Hit& hit) {
    const search::Target& target = targets_[hit.target];
    TARN_TRY(files_.check(*target.table, target.live->snapshot().files.at(hit.row.file)));
    auto found = bodies_.find({hit.target, hit.id});
    if (found == bodies_.end()) {
      TARN_ASSIGN(lake::Row row,
                  lake::fetch_row(*target.table, target.live->snapshot(), hit.id, hit.row.file, connection_));
      found = bodies_.emplace(std::pair(hit.target, hit.id), row.text("body")).first;
    }
    const std::string_view body = found->second;
    if (quote.end <= body.size() && body.substr(quote.start, quote.end - quote.start) == quote.text) return body;
    return Status(
        base::Code::corruption,
        fmt::format("{}: '{}' at bytes {}–{} is not what the index holds", target.name, hit.id, quote.start, quote.end),
        "remove the table's _tarn index folders; they are rebuilt");
  }

 private:
  using Key = std::pair<size_t, std::string>;  // target and id
  const std::vector<search::Target>& targets_;
  duck::Connection& connection_;
  CheckedFiles files_;
  std::map<Key, std::string> bodies_;
};

// The quote as it stands in the body, with what belongs to it.
Citation cite(const Quote& quote, const search::Hit& hit, std::string_view body) {
  const auto bytes = [&](const Span& span) { return body.substr(span.start, span.end - span.start); };
  Citation citation{hit};
  citation.span = {quote.start, quote.end};
  citation.hash = base::hash128(body).hex();
  if (quote.is_row) {
    const Span columns = columns_of(body, citation.span);
    if (columns.end > columns.start) citation.columns = Columns{std::string(bytes(columns)), columns};
  } else if (quote.in_list) {
    const Steps steps = steps_around(body, {hit.passage.start, hit.passage.end}, citation.span);
    citation.is_list = steps.is_list;
    citation.span = steps.span;
    citation.cut_before = steps.cut_before;
    citation.cut_after = steps.cut_after;
  }
  citation.quote = bytes(citation.span);
  citation.anchor = document::anchor_at(hit.passage.anchors, citation.span.start, body);
  return citation;
}

bool of_one_document(const Citation& a, const Citation& b) { return a.target == b.target && a.id == b.id; }

// The citation that holds all of `citation`, if there is one.
size_t find_holder(const std::vector<Citation>& citations, const Citation& citation) {
  return static_cast<size_t>(std::find_if(citations.begin(), citations.end(),
                                          [&](const Citation& other) {
                                            return of_one_document(citation, other) &&
                                                   other.span.start <= citation.span.start &&
                                                   citation.span.end <= other.span.end;
                                          }) -
                             citations.begin());
}

// No more bytes than these between two quotes: the marker of an item, an empty line.
constexpr uint64_t kNoGapBytes = 8;

std::string shown(const Citation& citation) {
  if (citation.columns) return row_text(citation.columns->text, citation.quote);
  const bool has_code = citation.quote.find("```") != std::string::npos;
  return citation.is_list && !has_code ? list_text(citation.quote) : document::plain_text(citation.quote);
}

std::string joined(const std::vector<Citation>& citations) {
  std::string text;
  for (size_t i = 0; i < citations.size(); ++i) {
    const Citation& citation = citations[i];
    if (i > 0) {
      const Citation& before = citations[i - 1];
      if (!of_one_document(citation, before) || citation.span.start < before.span.end) {
        text += "\n\n";
      } else {
        text += citation.span.start - before.span.end > kNoGapBytes ? " … " : " ";
      }
    }
    if (citation.cut_before) text += "… ";
    text += shown(citation);
    if (citation.cut_after) text += " …";
    text += fmt::format(" [{}]", i + 1);
  }
  return text;
}

void add_documents(const std::vector<search::Hit>& passages, size_t most, std::vector<search::Hit>* documents) {
  for (const search::Hit& hit : passages) {
    const bool seen = std::any_of(documents->begin(), documents->end(), [&](const search::Hit& other) {
      return other.target == hit.target && other.id == hit.id;
    });
    if (seen || documents->size() == most) continue;
    documents->push_back(hit);
    documents->back().rank = documents->size();
  }
}

// Drops the quotes of passages without a code of the question, and of those that speak of another numbered thing only;
// title and headings are read with them. What the question asks for, where none is left.
std::string drop_of_another(const std::string& question, const std::vector<search::Hit>& hits,
                            std::vector<Quote>* quotes) {
  const std::vector<std::string> codes = codes_in(question);
  const std::vector<Numbered> numbered = numbered_in(question);
  if ((codes.empty() && numbered.empty()) || quotes->empty()) return "";
  std::erase_if(*quotes, [&](const Quote& quote) {
    const search::Hit& hit = hits[quote.hit];
    std::string read = hit.title + "\n" + hit.uri + "\n" + hit.passage.context + "\n" + hit.passage.text;
    for (const std::string& heading : hit.passage.heading) read += "\n" + heading;
    const bool has_code = codes.empty() || std::any_of(codes.begin(), codes.end(),
                                                       [&](const std::string& code) { return holds_code(read, code); });
    return !has_code || std::any_of(numbered.begin(), numbered.end(),
                                    [&](const Numbered& thing) { return has_another(read, thing); });
  });
  if (!quotes->empty()) return "";
  return codes.empty() ? numbered.front().name + " " + numbered.front().number : codes.front();
}

// Answers one question; its citations join those of the reply.
Result<Part> answer_one(const std::string& question, const Request& request, const std::vector<search::Target>& targets,
                        const search::Environment& environment, Bodies& bodies, const base::Context& context,
                        Reply* reply) {
  Part part{question};
  search::Environment legs = environment;
  if (request.mode == search::Mode::lexical) legs.encoder = nullptr;
  TARN_ASSIGN(const Question read, read_question(question, targets, legs, context));
  const search::Request retrieval{question, request.mode, kPassagesRead, 0, request.filter, false, false, true};
  TARN_ASSIGN(search::Reply passages, search::search(retrieval, read.asked, targets, legs, context));
  reply->mode = passages.mode;
  add_documents(passages.hits, request.k, &reply->hits);
  if (passages.hits.empty()) {
    part.reason = "no document has any word or meaning of the question";
    return part;
  }
  reply->calibrated = !legs.encoder || legs.encoder->calibration();
  TARN_ASSIGN(Extraction extraction, extract(read, passages.hits, *legs.analyzer, legs.encoder, context));
  if (extraction.evidence.confidence >= reply->evidence.confidence) reply->evidence = extraction.evidence;
  if (!is_relevant(extraction.evidence)) {
    part.reason = fmt::format(
        "nothing relevant was found: what is nearest to the question most likely does not answer it "
        "(confidence {:.0f} %)",
        extraction.evidence.confidence * 100);
    return part;
  }
  if (const std::string code = drop_of_another(question, passages.hits, &extraction.quotes); !code.empty()) {
    part.reason = "nothing relevant was found: " + code + " stands in none of the passages that are nearest";
    return part;
  }
  for (const Quote& quote : extraction.quotes) {
    TARN_TRY(context.check());
    const search::Hit& hit = passages.hits[quote.hit];
    const Result<std::string_view> body = bodies.checked(quote, hit);
    if (!body.ok()) {
      reply->withheld.push_back(body.status().to_string());
      continue;
    }
    Citation citation = cite(quote, hit, *body);
    const size_t at = find_holder(reply->citations, citation);
    part.markers.push_back(at + 1);
    if (at < reply->citations.size()) continue;
    citation.marker = citation.rank = at + 1;
    citation.version = targets[hit.target].live->snapshot().version;
    reply->citations.push_back(std::move(citation));
  }
  part.found = !part.markers.empty();
  if (!part.found) part.reason = "what was found could not be read again from the lake";
  return part;
}

}  // namespace

Result<Reply> ask(const Request& request, const std::vector<search::Target>& targets,
                  const search::Environment& environment, duck::Connection& connection, const base::Context& context) {
  Reply reply;
  Bodies bodies(targets, connection);
  const std::vector<std::string> questions = questions_in(request.question);
  for (const std::string& question : questions) {
    TARN_ASSIGN(Part part, answer_one(question, request, targets, environment, bodies, context, &reply));
    reply.found = reply.found || part.found;
    if (part.reason) {
      if (!reply.reason.empty()) reply.reason += "; ";
      reply.reason += questions.size() == 1 ? *part.reason : fmt::format("“{}”: {}", question, *part.reason);
    }
    if (questions.size() > 1) reply.parts.push_back(std::move(part));
  }
  reply.answer = joined(reply.citations);
  return reply;
}

}  // namespace tarn::answer
