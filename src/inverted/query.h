// BM25 top-k over the live passages of many segments, exact: the same bits as scoring every passage.
// Scores:  BM25 (Robertson and Zaragoza 2009) with Lucene's idf ln(1 + (N − df + 0.5) / (df + 0.5)); k1, b below; N, df
//          and the average length are those that the caller gives: of the live set. A clause's part is idf · boost · tf
//          / (tf + k1 · (1 − b + b · length / average)) in double, rounded to a multiple of 2^-30, so that sums are
//          exact in any order; the sum is rounded to float. No bound is ever below a score. A phrase scores as a term:
//          its frequency in the passage, its idf the sum of its terms' idfs. A passage matches when all musts and no
//          must_not do and, where there is no must, at least one should. must_not has no part.
// Limits:  a clause's idf · boost counts up to 4,096; a clause without terms matches nothing.
// Order:   score descending, then tie key ascending (bytes), then passage ordinal in the document.
// Threads: search() is pure.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/status.h"
#include "inverted/impact.h"
#include "inverted/postings.h"

namespace tarn::inverted {

inline constexpr double kK1 = 1.2;
inline constexpr double kB = 0.75;

enum class Occur { should, must, must_not };

struct Clause {
  Occur occur = Occur::should;
  std::vector<std::string> terms;  // analyzed; more than one: a phrase
  std::vector<uint32_t> offsets;   // of each term from the first, in positions (phrases)
};

struct Query {
  // At least one must or should; duplicates of a should term were merged by the caller with `boost`.
  std::vector<Clause> clauses;
  std::vector<float> boosts;  // by clause; empty = 1
};

// Of the live set. df by clause term, in the order of clauses and their terms.
struct Statistics {
  uint64_t passage_count = 0;
  uint64_t total_length = 0;
  std::vector<std::vector<uint64_t>> document_frequency;
};

// A clause's term in one segment, as a lexicon knows it beforehand.
struct ResolvedTerm {
  static constexpr uint32_t kAbsent = ~0u;
  TermOrdinal term{kAbsent};
  uint32_t count = 0, place = 0;  // what the segment's term table says of it, or 0: look there
  Impact impacts[4] = {};         // cover its postings; {0, 0} fills up
};

// One segment as this search sees it. Null bitmaps mean "none deleted" and "all allowed"; bit i of word i/64 is passage
// i.
struct SegmentView {
  const Reader* reader = nullptr;
  const std::vector<uint64_t>* deleted = nullptr;
  const std::vector<uint64_t>* allowed = nullptr;
  // The tie key of a passage: its document's id and its ordinal in the document.
  std::function<std::pair<std::string_view, uint32_t>(base::PassageOrdinal)> tie;
  // Of all clauses' terms, in the order of clauses and their terms; empty: search() asks the segment's dictionary.
  std::span<const ResolvedTerm> resolved;
};

struct Scored {
  uint32_t segment = 0;  // index into the views
  base::PassageOrdinal passage;
  float score = 0;
};

// The k best. Segments are visited in the order of their best possible score with the threshold carried along.
std::vector<Scored> search(const Query& query, const Statistics& statistics, std::span<const SegmentView> segments,
                           size_t k);

// The score of one passage, by the same routine; nullopt when the query does not match it.
std::optional<float> score(const Query& query, const Statistics& statistics, const Reader& reader,
                           base::PassageOrdinal passage);

}  // namespace tarn::inverted
