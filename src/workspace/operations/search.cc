#include "workspace/operations/search.h"

#include <fmt/format.h>

#include "base/clock.h"
#include "workspace/retrieval.h"
#include "workspace/tables.h"

namespace tarn::workspace {

using base::Code;
using base::Result;
using base::Status;
using operation::Face;

namespace {

Result<search::Mode> mode_of(const std::string& name) {
  if (name == "lexical") return search::Mode::lexical;
  if (name == "semantic") return search::Mode::semantic;
  if (name == "hybrid") return search::Mode::hybrid;
  return Status(Code::invalid_argument, fmt::format("'{}' is no search mode", name), "lexical, semantic or hybrid");
}

}  // namespace

operation::Declaration<SearchRequest, SearchReply> Search::declare() {
  operation::Operation o;
  o.name = "search";
  o.faces = {Face::cli, Face::model, Face::network, Face::sql};
  o.doc = "find documents by word, by meaning, or both";
  o.help =
      R"(Words are matched after stemming; "a phrase" keeps its order, +word must be there, -word must not; --word and
-40 are words. Small words (the, of) are not looked for beside others, unless they are in capitals (IT department)
or in a phrase. Each document is shown once, with its best passage. A filter is a SQL condition that decides what takes
part before anything is ranked.)";
  o.tool_help =
      "Search the lake's documents by word and meaning. Words, \"exact phrases\", +must and -not work. Returns results "
      "with id, title, url and the best passage; give an id to fetch for the whole document.";
  o.examples = {{"tarn search 'write-ahead log'", "both ways"},
                {"tarn search '\"point in time\" +recovery -windows' --mode lexical -k 5", "by word only"},
                {"tarn search backup --filter \"uri like '%admin%'\" --json", "among some documents, for a program"},
                {"tarn search backup --in main.docs --as-of 3", "as the table was at version 3"}};
  o.errors = {{Code::not_found, "a table or version is not there"},
              {Code::invalid_argument, "the filter does not parse"},
              {Code::unavailable, "semantic was asked for and no encoder is installed"}};
  o.list = "hits";
  return operation::declare<SearchRequest, SearchReply>(std::move(o));
}

Result<SearchReply> Search::run(const SearchRequest& request, Tables& tables, Retrieval& retrieval,
                                const base::Context& context) {
  const base::Stopwatch stopwatch;
  TARN_ASSIGN(search::Mode mode, mode_of(request.mode));
  const auto lease = tables.reading();
  const bool with_vectors = mode != search::Mode::lexical;
  std::vector<PassedOver> passed_over;
  TARN_ASSIGN(std::vector<search::Target> all,
              retrieval.targets(request.in, request.as_of, with_vectors, context, &passed_over));
  search::Request inner{
      request.query,   mode, static_cast<size_t>(request.k), static_cast<size_t>(request.offset), request.filter,
      request.explain, true};
  search::Environment environment = retrieval.environment();
  if (!with_vectors) environment.encoder = nullptr;
  TARN_ASSIGN(search::Reply found, search::search(inner, all, environment, context));
  SearchReply reply;
  reply.query = request.query;
  reply.mode = search::mode_name(found.mode);
  for (const search::Target& target : all) {
    reply.tables.push_back(to_pinned(target, with_vectors && environment.encoder));
  }
  reply.hits = std::move(found.hits);
  reply.notes = retrieval.notes(all, passed_over, request.mode, found.mode);
  reply.took_ms = stopwatch.elapsed_ms();
  return reply;
}

std::vector<SearchRow> Search::rows(const SearchReply& reply) {
  std::vector<SearchRow> rows;
  for (const search::Hit& hit : reply.hits) {
    rows.push_back({static_cast<int64_t>(hit.rank), hit.score, hit.scores.lexical, hit.scores.semantic, hit.table,
                    hit.id, hit.title, hit.uri, hit.passage.heading, static_cast<int64_t>(hit.passage.start),
                    static_cast<int64_t>(hit.passage.end), hit.passage.text});
  }
  return rows;
}

}  // namespace tarn::workspace
