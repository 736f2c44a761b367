// search, ask, verify, fetch: what finds and quotes.
#include <fmt/format.h>

#include <filesystem>

#include "answer/receipt.h"
#include "document/document.h"
#include "search/fetch.h"
#include "workspace/workspace.h"

namespace tarn::workspace {
namespace {

using base::Code;
using base::Result;
using base::Status;

constexpr size_t kMaxReceiptBytes = size_t{16} << 20;

Result<search::Mode> mode_of(const std::string& name) {
  if (name == "lexical") return search::Mode::lexical;
  if (name == "semantic") return search::Mode::semantic;
  if (name == "hybrid") return search::Mode::hybrid;
  return Status(Code::invalid_argument, fmt::format("'{}' is no search mode", name), "lexical, semantic or hybrid");
}

std::string mode_name(search::Mode mode) {
  return mode == search::Mode::lexical ? "lexical" : mode == search::Mode::semantic ? "semantic" : "hybrid";
}

json::Value explain_json(const search::Explanation& from) {
  json::Value terms = json::Value::array();
  for (const search::TermExplanation& term : from.terms) {
    terms.push(json::Value::object({{"term", term.term},
                                    {"document_frequency", term.document_frequency},
                                    {"idf", term.idf},
                                    {"boost", term.boost},
                                    {"frequency", static_cast<int64_t>(term.frequency)},
                                    {"score", term.score}}));
  }
  json::Value explain =
      json::Value::object({{"terms", terms},
                           {"bm25", json::Value::object({{"k1", inverted::kK1},
                                                         {"b", inverted::kB},
                                                         {"length", static_cast<int64_t>(from.length)},
                                                         {"average_length", from.average_length}})}});
  if (from.hybrid) {
    explain.set("hybrid", json::Value::object({{"names", static_cast<int64_t>(from.names)},
                                               {"semantic_weight", from.semantic_weight},
                                               {"best_lexical", from.best_lexical},
                                               {"best_semantic", from.best_semantic},
                                               {"pool_depth", static_cast<int64_t>(search::kPoolDepth)}}));
  }
  return explain;
}

// What the reader must know of how it was searched.
std::vector<std::string> notes_of(const std::vector<search::Target>& targets,
                                  const std::vector<PassedOver>& passed_over, const std::string& asked,
                                  search::Mode done, const Status& encoder) {
  std::vector<std::string> notes;
  if (mode_name(done) != asked) {
    notes.push_back(
        fmt::format("searched by word only: {}",
                    encoder.ok() ? fmt::format("there is no encoder for {} search", asked) : encoder.message()));
  }
  for (const search::Target& target : targets) {
    const auto say = [&](std::string_view leg, double coverage) {
      if (coverage < 1)
        notes.push_back(fmt::format("{}: the {} index covers {:.1f} % of the rows", target.name, leg, coverage * 100));
    };
    say("lexical", target.live->lexical_coverage());
    if (done != search::Mode::lexical) say("semantic", target.live->semantic_coverage());
    for (const std::string& file : target.live->damaged()) notes.push_back(fmt::format("passed over: {}", file));
  }
  for (const PassedOver& table : passed_over)
    notes.push_back(fmt::format("passed over {}: {}", table.name, table.status.message()));
  return notes;
}

std::optional<double> optional_double(const std::optional<float>& v) {
  return v ? std::optional<double>(static_cast<double>(*v)) : std::nullopt;
}

}  // namespace

Hit to_hit(const search::Hit& from, size_t rank, const std::vector<search::Target>& targets, bool explain) {
  Hit hit;
  hit.rank = static_cast<int64_t>(rank);
  hit.score = static_cast<double>(from.score);
  hit.scores = {optional_double(from.lexical), optional_double(from.semantic)};
  hit.table = targets[from.target].name;
  hit.id = from.id;
  hit.title = from.title;
  hit.uri = from.uri;
  hit.passage.heading = from.heading;
  hit.passage.start = static_cast<int64_t>(from.start);
  hit.passage.end = static_cast<int64_t>(from.end);
  if (!from.context.empty() && !document::opens_code(from.context)) hit.passage.columns = from.context;
  hit.passage.text = from.text;
  for (const auto& [start, end] : from.highlights) hit.passage.highlights.push_back({int64_t{start}, int64_t{end}});
  hit.row = {from.file, from.row.value};
  if (explain && from.explanation) hit.explain = explain_json(*from.explanation);
  return hit;
}

PinnedTable to_pinned(const search::Target& target, bool with_vectors) {
  const delta::Snapshot& snapshot = target.live->snapshot();
  PinnedTable pinned{target.name, snapshot.version.value, base::format_utc(snapshot.committed_at_us), {}};
  pinned.coverage.lexical = target.live->lexical_coverage();
  if (with_vectors) pinned.coverage.semantic = target.live->semantic_coverage();
  return pinned;
}

Result<SearchReply> Workspace::search(const SearchRequest& request, const base::Context& context) {
  const base::Stopwatch stopwatch;
  TARN_ASSIGN(search::Mode mode, mode_of(request.mode));
  const auto lease = reading();
  const bool with_vectors = mode != search::Mode::lexical;
  std::vector<PassedOver> passed_over;
  TARN_ASSIGN(std::vector<search::Target> all, targets(request.in, request.as_of, with_vectors, context, &passed_over));
  search::Request inner{
      request.query,   mode, static_cast<size_t>(request.k), static_cast<size_t>(request.offset), request.filter,
      request.explain, true};
  search::Environment environment = search_environment(context);
  if (!with_vectors) environment.encoder = nullptr;
  TARN_ASSIGN(search::Reply found, search::search(inner, all, environment, context));
  SearchReply reply;
  reply.query = request.query;
  reply.mode = mode_name(found.mode);
  for (const search::Target& target : all)
    reply.tables.push_back(to_pinned(target, with_vectors && environment.encoder));
  for (size_t i = 0; i < found.hits.size(); ++i) {
    reply.hits.push_back(to_hit(found.hits[i], inner.offset + i + 1, all, request.explain));
  }
  reply.notes = notes_of(all, passed_over, request.mode, found.mode, opened_encoder()->status);
  reply.took_ms = stopwatch.elapsed_ms();
  return reply;
}

Result<AskReply> Workspace::ask(const AskRequest& request, const base::Context& context) {
  const base::Stopwatch stopwatch;
  const auto lease = reading();
  std::vector<PassedOver> passed_over;
  TARN_ASSIGN(std::vector<search::Target> all, targets(request.in, request.as_of, true, context, &passed_over));
  const search::Environment environment = search_environment(context);
  answer::Request inner{request.question, search::Mode::hybrid, request.filter, static_cast<size_t>(request.k)};
  TARN_ASSIGN(duck::Database * opened, database());
  TARN_ASSIGN(auto connection, opened->connect());
  TARN_ASSIGN(answer::Reply answered, answer::ask(inner, all, environment, *connection, context));

  AskReply reply;
  reply.query = request.question;
  reply.mode = mode_name(answered.mode);
  for (const search::Target& target : all) reply.tables.push_back(to_pinned(target, environment.encoder != nullptr));
  for (size_t i = 0; i < answered.hits.size(); ++i) reply.hits.push_back(to_hit(answered.hits[i], i + 1, all, false));
  reply.found = answered.found;
  reply.calibrated = answered.calibrated;
  reply.answer = answered.answer;
  if (!answered.reason.empty()) reply.reason = answered.reason;
  for (const answer::Part& from : answered.parts) {
    AskPart part{from.question, from.found, std::nullopt, {}};
    if (!from.found) part.reason = from.reason;
    for (size_t at : from.citations) part.markers.push_back(static_cast<int64_t>(at + 1));
    reply.parts.push_back(std::move(part));
  }
  reply.notes = notes_of(all, passed_over, "hybrid", answered.mode, opened_encoder()->status);
  if (!answered.calibrated) {
    reply.notes.push_back(
        "uncalibrated: the model has no calibration.json, so whether there is an answer was judged by words alone");
  }
  for (const std::string& withheld : answered.withheld) reply.notes.push_back("a quote was withheld: " + withheld);
  if (!answered.found) {
    reply.took_ms = stopwatch.elapsed_ms();
    return reply;
  }
  for (size_t i = 0; i < answered.citations.size(); ++i) {
    const answer::Citation& from = answered.citations[i];
    Citation citation;
    static_cast<Hit&>(citation) = to_hit(from.hit, i + 1, all, false);
    citation.marker = static_cast<int64_t>(i + 1);
    citation.quote = from.quote;
    citation.span = {static_cast<int64_t>(from.start), static_cast<int64_t>(from.end)};
    citation.version = all[from.target].live->snapshot().version.value;
    citation.hash = from.body_hash;
    if (!from.columns.empty()) {
      citation.columns =
          Columns{from.columns, {static_cast<int64_t>(from.columns_start), static_cast<int64_t>(from.columns_end)}};
    }
    reply.citations.push_back(std::move(citation));
  }
  const std::string receipt = answer::write_receipt(answer::make_receipt(
      inner, answered, all, environment, base::format_utc(base::system_clock().now_us()), "tarn " TARN_VERSION));
  TARN_ASSIGN(store::Store * lake_store, store(false));
  const std::string path = fmt::format("{}/{}.json", kReceipts, answer::receipt_name(receipt));
  const Status written = lake_store->put(path, receipt);
  if (written.ok()) {
    reply.receipt = lake_store->absolute(path);
  } else {
    reply.notes.push_back("no receipt was written: " + written.message());
  }
  reply.took_ms = stopwatch.elapsed_ms();
  return reply;
}

Result<VerifyReply> Workspace::verify(const VerifyRequest& request, const base::Context& context) {
  // A path, or the name that a receipt of this lake has.
  namespace fs = std::filesystem;
  std::error_code error;
  fs::path path = request.receipt;
  if (!fs::exists(path, error) && path.filename() == path) {
    path = fs::path(options_.lake) / kReceipts /
           (path.extension() == ".json" ? path : fs::path(request.receipt + ".json"));
  }
  if (!fs::is_regular_file(path, error)) {
    return Status(Code::not_found, fmt::format("there is no receipt at {}", request.receipt),
                  "tarn ask prints the path of the receipt that it wrote");
  }
  if (fs::file_size(path, error) > kMaxReceiptBytes) {
    return Status(Code::exhausted,
                  fmt::format("{} is over the limit of {} bytes for a receipt", path.string(), kMaxReceiptBytes));
  }
  TARN_ASSIGN(auto folder, store::open_local(path.parent_path().empty() ? "." : path.parent_path().string()));
  TARN_ASSIGN(std::string bytes, folder->read(path.filename().string()));
  const auto parsed = answer::read_receipt(bytes);
  if (!parsed.ok()) return parsed.status().with_context(path.string());

  const auto lease = reading();
  VerifyReply reply;
  reply.receipt = path.string();
  reply.question = parsed->receipt.question;
  reply.answered_at = parsed->receipt.answered_at;
  reply.ok = parsed->unharmed;
  reply.current = parsed->unharmed;
  if (!parsed->unharmed)
    reply.problems.push_back("the receipt was changed after it was written: its content does not match its hash");
  TARN_ASSIGN(duck::Database * opened, database());
  TARN_ASSIGN(auto connection, opened->connect());
  for (size_t i = 0; i < parsed->receipt.quotes.size(); ++i) {
    TARN_TRY(context.check());
    const answer::ReceiptQuote& quote = parsed->receipt.quotes[i];
    const auto found = table(quote.table, {}, context);
    const answer::Standing standing = answer::verify_quote(quote, found.ok() ? found->get() : nullptr, *connection);
    VerifiedQuote verified{static_cast<int64_t>(i + 1),
                           quote.table,
                           quote.version,
                           quote.id,
                           quote.title,
                           quote.uri,
                           quote.quote,
                           std::string(answer::name(standing.then)),
                           std::string(answer::name(standing.now)),
                           {}};
    if (!standing.note.empty()) verified.note = standing.note;
    reply.ok = reply.ok && standing.then == answer::Then::stands;
    reply.current = reply.current && (standing.now == answer::Now::stands || standing.now == answer::Now::moved);
    reply.quotes.push_back(std::move(verified));
  }
  return reply;
}

}  // namespace tarn::workspace
