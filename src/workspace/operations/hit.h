// What search and ask find, and where, described for the faces: their JSON is fixed by operations_test.cc.
// Units:   start and end are byte offsets into `body` at the version named.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "document/anchor.h"
#include "operation/operation.h"
#include "search/search.h"

namespace tarn::workspace {

// The share of the live set that each leg could search; null where the table has no such index.
struct Coverage {
  std::optional<double> lexical, semantic;
};
// One table as an operation pinned it.
struct PinnedTable {
  std::string table;
  int64_t version = 0;
  std::string committed_at;
  Coverage coverage;
};

}  // namespace tarn::workspace

namespace tarn::operation {

template <>
struct Describe<workspace::Coverage> {
  static auto fields() {
    using R = workspace::Coverage;
    return std::tuple{
        field("lexical", &R::lexical, "share of the live rows that the word index covers, 0 to 1"),
        field("semantic", &R::semantic, "share of the live rows that the vector index covers, 0 to 1"),
    };
  }
};
template <>
struct Describe<workspace::PinnedTable> {
  static auto fields() {
    using R = workspace::PinnedTable;
    return std::tuple{
        field("table", &R::table, "namespace.name"),
        field("version", &R::version, "the version that was read"),
        field("committed_at", &R::committed_at, "when that version was committed"),
        field("coverage", &R::coverage, "how much of it the indexes cover"),
    };
  }
};
template <>
struct Describe<search::Scores> {
  static auto fields() {
    using R = search::Scores;
    return std::tuple{
        field("lexical", &R::lexical, "BM25 score"),
        field("semantic", &R::semantic, "cosine similarity"),
    };
  }
};
template <>
struct Describe<document::Anchor> {
  static auto fields() {
    using R = document::Anchor;
    return std::tuple{
        field("kind", &R::kind, "page, slide, sheet, cells, line, second, message part"),
        field("value", &R::value, "its number or name"),
    };
  }
};
template <>
struct Describe<search::HitPassage> {
  static auto fields() {
    using R = search::HitPassage;
    return std::tuple{
        field("heading", &R::heading, "path of headings, outermost first"),
        field("page", &R::page, "page number, where there are pages"),
        field("anchor", &R::anchor, "the place in the source, where it is known").omit_empty(),
        field("start", &R::start, "first byte in body"),
        field("end", &R::end, "byte after the last in body"),
        field("columns", &R::columns, "the row of column names of the table that the passage begins within"),
        field("text", &R::text, "the passage, or the part of it that matched best"),
        field("highlights", &R::highlights, "[start, end) bytes of the matches in text"),
    };
  }
};
template <>
struct Describe<search::HitRow> {
  static auto fields() {
    using R = search::HitRow;
    return std::tuple{
        field("file", &R::file, "data file"),
        field("index", &R::index, "row in it, from 0"),
    };
  }
};
template <>
struct Describe<search::TermExplanation> {
  static auto fields() {
    using R = search::TermExplanation;
    return std::tuple{
        field("term", &R::term, "a word, or a phrase with blanks between its terms"),
        field("document_frequency", &R::document_frequency, "live passages that have it; of a phrase's rarest term"),
        field("idf", &R::idf, "of a phrase: the sum of its terms'"),
        field("boost", &R::boost, "how often the query has it"),
        field("frequency", &R::frequency, "in this passage"),
        field("score", &R::score, "its part; the parts add up to the lexical score"),
    };
  }
};
template <>
struct Describe<search::LexicalExplanation> {
  static auto fields() {
    using R = search::LexicalExplanation;
    return std::tuple{
        field("k1", &R::k1, "of BM25"),
        field("b", &R::b, "of BM25"),
        field("length", &R::length, "words of the passage"),
        field("average_length", &R::average_length, "of the live passages of its table"),
    };
  }
};
template <>
struct Describe<search::HybridExplanation> {
  static auto fields() {
    using R = search::HybridExplanation;
    return std::tuple{
        field("names", &R::names, "rare names of the query that the passage's document has"),
        field("semantic_weight", &R::semantic_weight, "what meaning weighs, 0 to 1"),
        field("best_lexical", &R::best_lexical, "of the pool"),
        field("best_semantic", &R::best_semantic, "of the pool"),
        field("pool_depth", &R::pool_depth, "the best passages of each leg that are joined"),
    };
  }
};
// Its schema is left open: each tool of a model that returns hits would carry it, and few ask for an explanation.
template <>
struct Codec<search::Explanation> {
  static Shape shape() { return Codec<json::Value>::shape(); }
  static void read(const json::Value&, search::Explanation&) {}
  static json::Value write(const search::Explanation& from) {
    json::Value made = json::Value::object(
        {{"terms", Codec<std::vector<search::TermExplanation>>::write(from.terms)}, {"bm25", encode(from.bm25)}});
    if (from.hybrid) made.set("hybrid", encode(*from.hybrid));
    return made;
  }
};
template <>
struct Describe<search::Hit> {
  static auto fields() {
    using R = search::Hit;
    return std::tuple{
        field("rank", &R::rank, "from 1"),
        field("score", &R::score, "what the ranking is by"),
        field("scores", &R::scores, "of each leg"),
        field("table", &R::table, "namespace.name"),
        field("id", &R::id, "document id, unique in the table"),
        field("title", &R::title, "the document's title"),
        field("uri", &R::uri, "where the document is"),
        field("passage", &R::passage, "the best passage of the document"),
        field("row", &R::row, "where the document is stored"),
        field("explain", &R::explain, "how the score came about").omit_empty(),
    };
  }
};

}  // namespace tarn::operation
