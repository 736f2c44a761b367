#include "search/candidates.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <set>
#include <string_view>
#include <tuple>

#include "inverted/bm25.h"

namespace tarn::search {
namespace {

using base::PassageOrdinal;

auto tie_of(const index::LexicalSegment& segment) {
  return [&segment](PassageOrdinal passage) { return index::LiveSet::tie(segment, passage); };
}

const index::Bitmap* bitmap_or_null(const index::Bitmap& bitmap) { return bitmap.empty() ? nullptr : &bitmap; }

}  // namespace

Pools::Pools(const ParsedQuery& query, const std::vector<Target>& targets, const Allowed& allowed)
    : query_(&query), targets_(&targets), allowed_(&allowed) {
  for (const Target& target : targets) resolved_.push_back(target.live->resolve(query.lexical));
}

bool Pools::before(const Candidate& a, const Candidate& b) const {
  if (a.score != b.score) return a.score > b.score;
  const auto key = [&](const Candidate& c) {
    return std::tuple_cat(index::LiveSet::tie(*segment(c).lexical, c.passage), std::tuple(c.target));
  };
  return key(a) < key(b);
}

std::vector<Candidate> Pools::lexical(size_t depth) const {
  std::vector<Candidate> pool;
  for (size_t t = 0; t < targets_->size(); ++t) {
    const auto& segments = (*targets_)[t].live->segments();
    std::vector<inverted::SegmentView> views(segments.size());
    for (size_t s = 0; s < segments.size(); ++s) {
      views[s].reader = &segments[s].lexical->inverted();
      views[s].deleted = bitmap_or_null(segments[s].deleted);
      views[s].allowed = allowed_->empty() ? nullptr : &(*allowed_)[t][s];
      views[s].tie = tie_of(*segments[s].lexical);
      views[s].resolved = resolved_[t].of(static_cast<uint32_t>(s));
    }
    for (const inverted::Scored& hit : inverted::search(query_->lexical, resolved_[t].statistics, views, depth)) {
      pool.push_back({t, hit.segment, hit.passage, hit.score, hit.score, {}});
    }
  }
  std::sort(pool.begin(), pool.end(), [&](const Candidate& a, const Candidate& b) { return before(a, b); });
  if (pool.size() > depth) pool.resize(depth);
  return pool;
}

std::vector<Candidate> Pools::semantic(std::span<const float> vector, size_t depth) const {
  std::vector<Candidate> pool;
  for (size_t t = 0; t < targets_->size(); ++t) {
    const auto& segments = (*targets_)[t].live->segments();
    std::vector<vector::SegmentView> views;
    std::vector<uint32_t> ordinals;  // of the segments that have vectors
    for (size_t s = 0; s < segments.size(); ++s) {
      if (!segments[s].vectors || segments[s].vectors->vectors().dimensions() != vector.size()) continue;
      views.push_back({&segments[s].vectors->vectors(), bitmap_or_null(segments[s].deleted),
                       allowed_->empty() ? nullptr : &(*allowed_)[t][s], tie_of(*segments[s].lexical)});
      ordinals.push_back(static_cast<uint32_t>(s));
    }
    for (const vector::Scored& hit : vector::search(vector, views, depth)) {
      const Candidate candidate{t, ordinals[hit.segment], hit.passage, hit.score, {}, hit.score};
      if (admits(candidate)) pool.push_back(candidate);
    }
  }
  std::sort(pool.begin(), pool.end(), [&](const Candidate& a, const Candidate& b) { return before(a, b); });
  if (pool.size() > depth) pool.resize(depth);
  return pool;
}

bool Pools::admits(const Candidate& candidate) const {
  const auto matches = [&](inverted::Query query) {
    const inverted::Statistics statistics = (*targets_)[candidate.target].live->resolve(query).statistics;
    return inverted::score(query, statistics, segment(candidate).lexical->inverted(), candidate.passage).has_value();
  };
  for (const inverted::Clause& clause : query_->demands) {
    inverted::Clause alone = clause;
    alone.occur = inverted::Occur::must;
    if (matches({{alone}, {1}}) != (clause.occur == inverted::Occur::must)) return false;
  }
  return true;
}

std::pair<size_t, std::string_view> Pools::document_of(const Candidate& c) const {
  const auto& lexical = *segment(c).lexical;
  return {c.target, lexical.document(lexical.passage(c.passage).document).id};
}

bool Pools::allows(const Candidate& c) const {
  if (allowed_->empty()) return true;
  const index::Bitmap& bits = (*allowed_)[c.target][c.segment];
  const size_t word = c.passage.value / 64;
  return word < bits.size() && (bits[word] >> (c.passage.value % 64) & 1) != 0;
}

std::vector<Candidate> Pools::holders_of_rare(const Name& name) const {
  size_t passages = 0;
  for (const Target& target : *targets_) passages += target.live->passage_count();
  const size_t limit = std::max(
      {size_t{1}, std::min(kRareFew, passages / kRareFewShare), std::min(kRareMany, passages / kRareManyShare)});
  std::vector<Candidate> holders;
  std::set<Place> seen;
  std::set<std::pair<size_t, std::string_view>> documents;
  for (size_t t = 0; t < targets_->size(); ++t) {
    const auto& segments = (*targets_)[t].live->segments();
    for (const inverted::Clause& way : name.ways) {
      const inverted::Query query{{way}, {1}};
      const index::LiveSet::Resolved resolved = (*targets_)[t].live->resolve(query);
      const auto& frequencies = resolved.statistics.document_frequency.front();
      if (std::find(frequencies.begin(), frequencies.end(), 0U) != frequencies.end()) continue;
      if (way.terms.size() == 1 && frequencies.front() > kPoolDepth) return {};
      std::vector<inverted::SegmentView> views(segments.size());
      for (size_t s = 0; s < segments.size(); ++s) {
        views[s].reader = &segments[s].lexical->inverted();
        views[s].deleted = bitmap_or_null(segments[s].deleted);
        views[s].tie = tie_of(*segments[s].lexical);
        views[s].resolved = resolved.of(static_cast<uint32_t>(s));
      }
      for (const inverted::Scored& hit : inverted::search(query, resolved.statistics, views, kPoolDepth + 1)) {
        if (!seen.insert({t, hit.segment, hit.passage}).second) continue;
        holders.push_back({t, hit.segment, hit.passage, 0, {}, {}, 0});
        documents.insert(document_of(holders.back()));
      }
      if (holders.size() > kPoolDepth || documents.size() > limit) return {};
    }
  }
  return holders;
}

std::map<Pools::Place, uint32_t> Pools::rare_names() const {
  std::map<Place, uint32_t> held;
  for (size_t n = 0; n < query_->names.size(); ++n) {
    for (const Candidate& holder : holders_of_rare(query_->names[n])) {
      if (allows(holder) && admits(holder)) held[{holder.target, holder.segment, holder.passage}] |= 1U << n;
    }
  }
  return held;
}

// Puts into the pool what holds a rare name, and counts the names: a document's best passage counts those of all its
// passages.
void Pools::count_names(const std::map<Place, uint32_t>& held, std::vector<Candidate>* pool) const {
  std::map<std::pair<size_t, std::string_view>, uint32_t> of_document;
  for (Candidate& c : *pool) {
    const auto names = held.find({c.target, c.segment, c.passage});
    if (names == held.end()) continue;
    c.names = static_cast<uint32_t>(std::popcount(names->second));
    c.score += static_cast<float>(c.names);
    of_document[document_of(c)] |= names->second;
  }
  const auto sort = [&] {
    std::sort(pool->begin(), pool->end(), [&](const Candidate& a, const Candidate& b) { return before(a, b); });
  };
  sort();
  for (Candidate& c : *pool) {
    if (of_document.empty()) break;
    const auto names = of_document.find(document_of(c));
    if (names == of_document.end()) continue;
    const auto all = static_cast<uint32_t>(std::popcount(names->second));
    c.score += static_cast<float>(all - c.names);
    c.names = all;
    of_document.erase(names);
  }
  sort();
}

std::vector<Candidate> Pools::hybrid(std::span<const float> vector, double semantic_weight) {
  std::vector<Candidate> pool = lexical(kPoolDepth);
  std::set<Place> seen;
  for (const Candidate& c : pool) seen.insert({c.target, c.segment, c.passage});
  const auto add = [&](Candidate candidate) {
    if (!seen.insert({candidate.target, candidate.segment, candidate.passage}).second) return;
    candidate.lexical = inverted::score(query_->lexical, resolved_[candidate.target].statistics,
                                        segment(candidate).lexical->inverted(), candidate.passage);
    pool.push_back(candidate);
  };
  for (const Candidate& candidate : semantic(vector, kPoolDepth)) add(candidate);
  const std::map<Place, uint32_t> held = rare_names();
  for (const auto& [place, names] : held) {
    add({std::get<0>(place), std::get<1>(place), std::get<2>(place), 0, {}, {}, 0});
  }
  for (Candidate& candidate : pool) {
    const auto& vectors = segment(candidate).vectors;
    if (!candidate.semantic && vectors) candidate.semantic = vectors->vectors().score(vector, candidate.passage);
  }
  hybrid_ = true;
  semantic_weight_ = semantic_weight;
  best_lexical_ = 0;
  best_semantic_ = -1;
  for (const Candidate& candidate : pool) {
    best_lexical_ = std::max(best_lexical_, double{candidate.lexical.value_or(0)});
    best_semantic_ = std::max(best_semantic_, double{candidate.semantic.value_or(-1)});
  }
  for (Candidate& candidate : pool) {
    const double by_word = best_lexical_ > 0 ? candidate.lexical.value_or(0) / best_lexical_ : 0;
    const double by_meaning =
        best_semantic_ > -1 ? (candidate.semantic.value_or(-1) + 1.0) / (best_semantic_ + 1.0) : 0;
    candidate.score = static_cast<float>((1 - semantic_weight) * by_word + semantic_weight * by_meaning);
  }
  count_names(held, &pool);
  return pool;
}

namespace {

// How often the clause's terms stand at their offsets in a passage.
uint32_t clause_frequency(const inverted::Reader& reader, PassageOrdinal passage, const inverted::Clause& clause) {
  std::vector<std::set<uint32_t>> positions(clause.terms.size());
  for (size_t t = 0; t < clause.terms.size(); ++t) {
    const auto wanted = reader.find(clause.terms[t]);
    if (!wanted) return 0;
    reader.passage_occurrences(passage, [&](inverted::TermOrdinal term, uint32_t position) {
      if (term == *wanted) positions[t].insert(position);
    });
  }
  uint32_t count = 0;
  for (const uint32_t start : positions[0]) {
    bool all = true;
    for (size_t t = 1; t < positions.size(); ++t) all = all && positions[t].count(start + clause.offsets[t]) > 0;
    count += all ? 1 : 0;
  }
  return count;
}

}  // namespace

Explanation Pools::explain(const Candidate& candidate) const {
  const inverted::Reader& reader = segment(candidate).lexical->inverted();
  const inverted::Statistics& statistics = resolved_[candidate.target].statistics;
  Explanation explanation;
  explanation.bm25 = {inverted::kK1, inverted::kB, reader.length(candidate.passage), 0};
  if (statistics.passage_count > 0) {
    explanation.bm25.average_length =
        static_cast<double>(statistics.total_length) / static_cast<double>(statistics.passage_count);
  }
  if (hybrid_) explanation.hybrid = {candidate.names, semantic_weight_, best_lexical_, best_semantic_};
  for (size_t c = 0; c < query_->lexical.clauses.size(); ++c) {
    inverted::Clause alone = query_->lexical.clauses[c];
    if (alone.occur == inverted::Occur::must_not) continue;
    alone.occur = inverted::Occur::should;
    TermExplanation term;
    for (size_t t = 0; t < alone.terms.size(); ++t) {
      const auto df = static_cast<double>(statistics.document_frequency[c][t]);
      term.term += (t > 0 ? " " : "") + alone.terms[t];
      term.document_frequency = t == 0 ? statistics.document_frequency[c][t]
                                       : std::min(term.document_frequency, statistics.document_frequency[c][t]);
      term.idf += inverted::idf(static_cast<double>(statistics.passage_count), df);
    }
    term.boost = static_cast<double>(query_->lexical.boosts[c]);
    term.frequency = clause_frequency(reader, candidate.passage, alone);
    const inverted::Statistics own{
        statistics.passage_count, statistics.total_length, {statistics.document_frequency[c]}};
    const auto part = inverted::score({{alone}, {query_->lexical.boosts[c]}}, own, reader, candidate.passage);
    term.score = static_cast<double>(part.value_or(0));
    explanation.terms.push_back(std::move(term));
  }
  return explanation;
}

std::vector<Candidate> best_of_documents(const Pools& pools, const std::vector<Candidate>& ordered) {
  std::vector<Candidate> best;
  std::set<std::pair<size_t, std::string_view>> seen;
  for (const Candidate& candidate : ordered) {
    if (seen.insert(pools.document_of(candidate)).second) best.push_back(candidate);
  }
  return best;
}

}  // namespace tarn::search
