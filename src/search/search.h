// Ranked retrieval over the live sets of tables: by word (BM25), by meaning (cosine), or both.
// Ranking: passages are scored; a document has its best passage's score. Hybrid is the convex combination of both
//          scores, each mapped from a fixed lower bound (0 for BM25, −1 for cosine) and the pool's best score to [0,
//          1], over the kPoolDepth best passages of each leg; a passage found by one leg only gets its exact score in
//          the other. Above that, each rare name of the query (names.h) that a passage holds counts 1: no document
//          without a rare name stands above one with it, where the rest of the query's names are equal. Rare is what
//          stands in few documents for the passages there are (kRareFew, kRareMany) and in kPoolDepth passages at most;
//          all of these are in the pool. A document's best passage counts the names of all of them.
//          Source: Bruch, Gai, Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", TOIS 2023.
// Order:   score descending, then document id, then passage ordinal; the same for any cutting of the data into files.
// Filter:  any SQL condition on the table's columns, evaluated on a locked connection before ranking; it does not touch
//          statistics.
// Errors:  invalid_argument (query, filter: with DuckDB's text), unavailable (semantic search without an encoder).
// Threads: search() may be called from any thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/progress.h"
#include "duck/connection.h"
#include "encode/encoder.h"
#include "index/live_set.h"
#include "search/query.h"

namespace tarn::search {

enum class Mode { lexical, semantic, hybrid };
std::string_view mode_name(Mode mode);

inline constexpr size_t kPoolDepth = 400;
// A rare name stands in no more documents than a quarter of the passages and 8, or a fiftieth and 100; or in one.
inline constexpr size_t kRareFew = 8, kRareFewShare = 4, kRareMany = 100, kRareManyShare = 50;
// Weight of the semantic leg where the encoder has no calibration; the fitted one is measured in bench/quality
// (doc/design/hybrid.md).
inline constexpr double kNeutralSemanticWeight = 0.5;

struct Target {
  std::string name;  // "main.docs"
  std::shared_ptr<const lake::TableReader> table;
  std::shared_ptr<const index::LiveSet> live;
};

struct Request {
  std::string query;
  Mode mode = Mode::hybrid;
  size_t k = 10, offset = 0;
  std::string filter;  // SQL condition, or ""
  bool explain = false;
  bool group = true;         // one hit a document; false: every passage is a hit
  bool is_question = false;  // a sentence: no operators in it
};

// What a word or phrase of the query gives to a passage's BM25 score: idf · boost · tf / (tf + k1 · (1 − b + b · length
// / average)).
struct TermExplanation {
  std::string term;                 // a phrase's terms, with blanks between them
  uint64_t document_frequency = 0;  // live passages; of a phrase's rarest term
  double idf = 0;                   // of a phrase: the sum of its terms' idf
  double boost = 1;                 // how often the query has it
  uint32_t frequency = 0;           // tf: in this passage
  double score = 0;                 // its part; the parts add up to the lexical score
};

struct LexicalExplanation {
  double k1 = 0, b = 0;
  uint32_t length = 0;        // of the passage, in words
  double average_length = 0;  // of the live passages of its table
};
// score = names + (1 − w) · lexical / best_lexical + w · (semantic + 1) / (best_semantic + 1), w = semantic_weight.
struct HybridExplanation {
  uint32_t names = 0;  // rare names of the query that it holds
  double semantic_weight = 0;
  double best_lexical = 0, best_semantic = -1;  // of its pool
  uint64_t pool_depth = kPoolDepth;
};
// How a hit's score came about.
struct Explanation {
  std::vector<TermExplanation> terms;
  LexicalExplanation bm25;
  std::optional<HybridExplanation> hybrid;  // of a hybrid search
};

// What search finds, as every face shows it: workspace/operations/hit.h says how it looks as JSON.
struct Scores {
  std::optional<double> lexical, semantic;  // in the legs that the mode has
};
struct HitPassage {
  std::vector<std::string> heading;        // path, outermost first
  std::optional<int64_t> page;             // the anchor's, where it is a page with a number
  std::optional<document::Anchor> anchor;  // where the passage begins
  uint64_t start = 0, end = 0;             // bytes of the body
  std::optional<std::string> columns;      // the table's row of column names, when the passage begins below it
  std::string text;                        // body[start, end)
  std::vector<std::pair<uint32_t, uint32_t>> highlights = {};  // byte spans of `text`
  // Not shown:
  std::string context = {};                    // the line it is read under (document::Passage), or ""
  std::vector<document::Anchor> anchors = {};  // as in document::Passage
};
struct HitRow {
  std::string file;  // data file, as in the log
  base::RowIndex index;
};
struct Hit {
  uint64_t rank = 0;  // from 1
  double score = 0;
  Scores scores;
  std::string table, id, title, uri;
  HitPassage passage;
  HitRow row;
  std::optional<Explanation> explain;  // when asked
  size_t target = 0;                   // index into the targets; not shown
};

struct Reply {
  Mode mode = Mode::lexical;  // as it was done
  std::vector<Hit> hits;
  double took_ms = 0;
};

// A request's query, read once: for the search, and for what is done with what it finds.
struct Asked {
  ParsedQuery query;
  std::vector<float> vector;  // of query.text; empty where nothing is searched by meaning
};

struct Environment {
  const text::Analyzer* analyzer = nullptr;
  encode::Encoder* encoder = nullptr;  // null: lexical only
  // A connection locked to the lake, for filters.
  std::function<base::Result<std::unique_ptr<duck::Connection>>()> locked;
};

// `asked` is what the request's query was read as.
base::Result<Reply> search(const Request& request, const Asked& asked, const std::vector<Target>& targets,
                           const Environment& environment, const base::Context& context);
base::Result<Reply> search(const Request& request, const std::vector<Target>& targets, const Environment& environment,
                           const base::Context& context);

}  // namespace tarn::search
