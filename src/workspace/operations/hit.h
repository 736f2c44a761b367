// What search and ask find, and where: their JSON is fixed by operations_test.cc.
// Units:   start and end are byte offsets into `body` at the version named.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "json/value.h"
#include "operation/operation.h"

namespace tarn::workspace {

using Span = std::array<int64_t, 2>;  // [start, end)

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
struct Scores {
  std::optional<double> lexical, semantic;
};
// A place in the source: "page" "12", "line" "340", "sheet" "Costs".
struct Anchor {
  std::string kind, value;
};
struct HitPassage {
  std::vector<std::string> heading;   // path, outermost first
  std::optional<int64_t> page;        // the anchor's, where it is a page with a number
  std::optional<Anchor> anchor = {};  // where the passage begins
  int64_t start = 0, end = 0;
  std::optional<std::string> columns;  // the table's row of column names, when the passage begins below it
  std::string text;
  std::vector<Span> highlights;  // byte spans in `text`
};
struct HitRow {
  std::string file;
  int64_t index = 0;
};
struct Hit {
  int64_t rank = 0;  // from 1
  double score = 0;
  Scores scores;
  std::string table, id, title, uri;
  HitPassage passage;
  HitRow row;
  json::Value explain;  // only when asked for
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
struct Describe<workspace::Scores> {
  static auto fields() {
    using R = workspace::Scores;
    return std::tuple{
        field("lexical", &R::lexical, "BM25 score"),
        field("semantic", &R::semantic, "cosine similarity"),
    };
  }
};
template <>
struct Describe<workspace::Anchor> {
  static auto fields() {
    using R = workspace::Anchor;
    return std::tuple{
        field("kind", &R::kind, "page, slide, sheet, cells, line, second, message part"),
        field("value", &R::value, "its number or name"),
    };
  }
};
template <>
struct Describe<workspace::HitPassage> {
  static auto fields() {
    using R = workspace::HitPassage;
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
struct Describe<workspace::HitRow> {
  static auto fields() {
    using R = workspace::HitRow;
    return std::tuple{
        field("file", &R::file, "data file"),
        field("index", &R::index, "row in it, from 0"),
    };
  }
};
template <>
struct Describe<workspace::Hit> {
  static auto fields() {
    using R = workspace::Hit;
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
