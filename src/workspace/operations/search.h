// search: documents by word, by meaning, or both.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "operation/operation.h"
#include "workspace/operations/fields.h"
#include "workspace/operations/hit.h"

namespace tarn::workspace {

class Retrieval;
class Tables;

struct SearchRequest {
  std::string query;
  std::vector<std::string> in;  // tables; empty = every table with an index
  std::string mode = "hybrid";  // lexical, semantic, hybrid
  std::string filter;           // a SQL condition on the table's columns
  int64_t k = 10;
  int64_t offset = 0;
  std::string as_of;
  bool explain = false;
};
struct SearchReply {
  std::string query, mode;
  double took_ms = 0;
  std::vector<PinnedTable> tables;
  std::vector<search::Hit> hits;
  std::vector<std::string> notes;  // what the reader must know: a leg that could not run, coverage below 1
};

// A row of search() in SQL.
struct SearchRow {
  int64_t rank = 0;
  double score = 0;
  std::optional<double> lexical, semantic;
  std::string table_name, id, title, uri;
  std::vector<std::string> heading;
  int64_t span_start = 0, span_end = 0;
  std::string passage;
};

struct Search {
  using Row = SearchRow;
  static operation::Declaration<SearchRequest, SearchReply> declare();
  static base::Result<SearchReply> run(const SearchRequest& request, Tables& tables, Retrieval& retrieval,
                                       const base::Context& context);
  static std::vector<Row> rows(const SearchReply& reply);
};

}  // namespace tarn::workspace

namespace tarn::operation {

template <>
struct Describe<workspace::SearchRequest> {
  static auto fields() {
    using R = workspace::SearchRequest;
    return std::tuple{
        field("query", &R::query, "words; \"a phrase\", +must, -not").required().positional().words().max_bytes(65536),
        in_field(&R::in),
        field("mode", &R::mode, "by word, by meaning, or both").one_of({"lexical", "semantic", "hybrid"}),
        filter_field(&R::filter),
        field("k", &R::k, "at most so many documents").between(1, 1000).letter('k').metavar("N"),
        field("offset", &R::offset, "leave out the first so many").between(0, 10'000).metavar("N"),
        as_of_field(&R::as_of),
        field("explain", &R::explain, "say how each score came about"),
    };
  }
};
template <>
struct Describe<workspace::SearchReply> {
  static auto fields() {
    using R = workspace::SearchReply;
    return std::tuple{
        field("query", &R::query, "as given"),
        field("mode", &R::mode, "as it ran"),
        took_field(&R::took_ms),
        field("tables", &R::tables, "what was searched, at which version"),
        field("hits", &R::hits, "best first"),
        field("notes", &R::notes, "what limits this reply").omit_empty(),
    };
  }
};

template <>
struct Describe<workspace::SearchRow> {
  static auto fields() {
    using R = workspace::SearchRow;
    return std::tuple{
        field("rank", &R::rank, "from 1"),
        field("score", &R::score, "what the ranking is by"),
        field("lexical", &R::lexical, "BM25 score"),
        field("semantic", &R::semantic, "cosine similarity"),
        field("table_name", &R::table_name, "namespace.name"),
        field("id", &R::id, "document id, unique in the table"),
        field("title", &R::title, "the document's title"),
        field("uri", &R::uri, "where the document is"),
        field("heading", &R::heading, "path of headings, outermost first"),
        field("span_start", &R::span_start, "first byte in body"),
        field("span_end", &R::span_end, "byte after the last in body"),
        field("passage", &R::passage, "the passage, or the part of it that matched best"),
    };
  }
};

}  // namespace tarn::operation
