// search: documents by word, by meaning, or both.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "operation/operation.h"
#include "workspace/operations/fields.h"
#include "workspace/operations/hit.h"

namespace tarn::workspace {

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
  std::vector<Hit> hits;
  std::vector<std::string> notes;  // what the reader must know: a leg that could not run, coverage below 1
};

struct Search {
  static operation::Declaration<SearchRequest, SearchReply> declare();
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

}  // namespace tarn::operation
