#include <algorithm>
#include <bit>

#include "inverted/query.h"
#include "inverted/segment_search.h"
#include "inverted/top_k.h"

namespace tarn::inverted {
namespace {

// What the segment's own dictionary and lists say of the query's terms.
void resolve(const Query& query, const Segment& segment, std::vector<ResolvedTerm>* out) {
  for (const Clause& clause : query.clauses) {
    for (const std::string& term : clause.terms) out->push_back(segment.resolve(term));
  }
}

// No passage of the segment has a greater sum. False when none can match.
bool segment_bound(const Query& query, const Bm25& bm25, const std::vector<double>& weights,
                   std::span<const ResolvedTerm> terms, double* bound) {
  *bound = 0;
  bool matches = false;
  size_t at = 0;
  for (size_t c = 0; c < query.clauses.size(); ++c) {
    const Clause& clause = query.clauses[c];
    bool here = !clause.terms.empty();
    double least = kMaxScore;
    for (size_t t = 0; t < clause.terms.size(); ++t, ++at) {
      here &= terms[at].term.value != ResolvedTerm::kAbsent;
      if (!here || clause.occur == Occur::must_not) continue;
      double best = 0;
      for (const Impact& i : terms[at].impacts) {
        if (i.frequency == 0) break;
        best = std::max(best, bm25.bound(weights[c], i));
      }
      least = std::min(least, best);
    }
    if (clause.occur == Occur::must_not) continue;
    if (!here) {
      if (clause.occur == Occur::must) return false;
      continue;
    }
    matches = true;
    *bound += least;
  }
  return matches;
}

}  // namespace

std::vector<Scored> search(const Query& query, const Statistics& statistics, std::span<const SegmentView> segments,
                           size_t k) {
  const Bm25 bm25(statistics);
  const std::vector<double> weights = clause_weights(query, statistics);
  TopK top(k, segments);
  size_t terms = 0;
  for (const Clause& c : query.clauses) terms += c.terms.size();

  struct Visit {
    uint64_t order;  // the greatest bound first, as float bits, then the segment
    double bound;
    uint32_t segment() const { return static_cast<uint32_t>(order); }
  };
  std::vector<Visit> visits;
  std::vector<ResolvedTerm> own;  // of the segments that came without
  std::vector<size_t> own_at(segments.size());
  for (uint32_t s = 0; s < segments.size(); ++s) {
    if (segments[s].resolved.size() == terms && terms > 0) continue;
    own_at[s] = own.size();
    resolve(query, Segment::of(*segments[s].reader), &own);
  }
  const auto terms_of = [&](uint32_t s) {
    const auto& given = segments[s].resolved;
    return given.size() == terms && terms > 0 ? given : std::span<const ResolvedTerm>(own).subspan(own_at[s], terms);
  };
  for (uint32_t s = 0; s < segments.size(); ++s) {
    double bound;
    if (!segment_bound(query, bm25, weights, terms_of(s), &bound)) continue;
    visits.push_back({uint64_t{~std::bit_cast<uint32_t>(static_cast<float>(bound))} << 32 | s, bound});
  }
  std::sort(visits.begin(), visits.end(), [](const Visit& a, const Visit& b) { return a.order < b.order; });
  SegmentSearch one(query, bm25, weights, &top);
  for (size_t i = 0; i < visits.size(); ++i) {
    // A segment's first bytes come from memory: they are asked for while the segments before it are searched.
    if (i + 8 < visits.size()) {
      const char* reader = reinterpret_cast<const char*>(segments[visits[i + 8].segment()].reader);
      for (size_t line = 0; line < sizeof(Segment); line += 64) __builtin_prefetch(reader + line);
    }
    if (i + 3 < visits.size()) {
      const uint32_t s = visits[i + 3].segment();
      for (const ResolvedTerm& t : terms_of(s)) Segment::of(*segments[s].reader).prefetch(t);
    }
    if (visits[i].bound >= top.least()) {
      one.run(visits[i].segment(), segments[visits[i].segment()], terms_of(visits[i].segment()));
    }
  }
  return top.take();
}

}  // namespace tarn::inverted
