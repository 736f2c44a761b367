// Random corpora and queries for this room's tests and benchmark, and the slow reference: every passage scored from its
// words.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/random.h"
#include "inverted/postings.h"
#include "inverted/query.h"

namespace tarn::inverted::testing_corpus {

struct TestPassage {
  std::vector<std::pair<std::string, uint32_t>> words;  // with positions, ascending
  std::string id;                                       // of its document
  uint32_t ordinal = 0;                                 // in the document
  bool live = true, allowed = true;
};

using Corpus = std::vector<TestPassage>;

inline std::string word_of(uint64_t rank) { return "w" + std::to_string(rank); }

// Rank of a word by a Zipf-like law over `vocabulary` words.
inline uint64_t zipf(base::Random& random, uint64_t vocabulary) {
  const double u = random.unit();
  return static_cast<uint64_t>(std::pow(static_cast<double>(vocabulary), u)) - 1;
}

inline Corpus random_corpus(base::Random& random, size_t passages, uint64_t vocabulary, uint64_t longest) {
  Corpus corpus(passages);
  size_t i = 0;
  for (uint64_t document = 0; i < passages; ++document) {
    const std::string id = std::to_string(random.below(1000000)) + "-" + std::to_string(document);
    for (uint32_t o = 0; o <= random.below(4) && i < passages; ++o, ++i) {
      TestPassage& p = corpus[i];
      p.id = id;
      p.ordinal = o;
      uint32_t position = static_cast<uint32_t>(random.below(3));
      const uint64_t length = random.below(10) == 0 ? random.below(3) : random.below(longest);
      for (uint64_t n = 0; n < length; ++n) {
        p.words.emplace_back(word_of(zipf(random, vocabulary)), position);
        // Also 0: two words at one position.
        position += random.below(12) == 0 ? static_cast<uint32_t>(random.below(6)) : 1;
      }
    }
  }
  return corpus;
}

inline std::string build(const Corpus& corpus, size_t from, size_t to) {
  Builder builder;
  std::vector<Occurrence> occurrences;
  for (size_t i = from; i < to; ++i) {
    occurrences.clear();
    for (const auto& [word, position] : corpus[i].words) occurrences.push_back({word, position});
    builder.add_passage(occurrences);
  }
  return builder.finish();
}

// The corpus cut into segments, with what search() needs of each.
struct Segments {
  std::vector<std::string> bytes;
  std::vector<std::shared_ptr<const Reader>> readers;
  std::vector<size_t> first;  // corpus index of each segment's passage 0
  std::vector<std::vector<uint64_t>> deleted, allowed;
  std::vector<SegmentView> views;
};

inline std::unique_ptr<Segments> segments_of(const Corpus& corpus, std::vector<size_t> cuts, bool filtered) {
  auto s = std::make_unique<Segments>();
  std::sort(cuts.begin(), cuts.end());
  cuts.insert(cuts.begin(), 0);
  cuts.push_back(corpus.size());
  const size_t count = cuts.size() - 1;
  s->deleted.resize(count);
  s->allowed.resize(count);
  for (size_t i = 0; i < count; ++i) {
    s->bytes.push_back(build(corpus, cuts[i], cuts[i + 1]));
    s->first.push_back(cuts[i]);
    const size_t words = (cuts[i + 1] - cuts[i] + 63) / 64;
    s->deleted[i].resize(words);
    s->allowed[i].resize(words);
    for (size_t p = cuts[i]; p < cuts[i + 1]; ++p) {
      const size_t at = p - cuts[i];
      if (!corpus[p].live) s->deleted[i][at / 64] |= uint64_t{1} << (at % 64);
      if (corpus[p].allowed) s->allowed[i][at / 64] |= uint64_t{1} << (at % 64);
    }
  }
  for (size_t i = 0; i < count; ++i) {
    s->readers.push_back(Reader::open(s->bytes[i], "test").value());
    SegmentView v;
    v.reader = s->readers[i].get();
    v.deleted = &s->deleted[i];
    v.allowed = filtered ? &s->allowed[i] : nullptr;
    const size_t base = cuts[i];
    v.tie = [&corpus, base](base::PassageOrdinal p) {
      const TestPassage& t = corpus[base + p.value];
      return std::pair<std::string_view, uint32_t>(t.id, t.ordinal);
    };
    s->views.push_back(std::move(v));
  }
  return s;
}

inline uint32_t count_term(const TestPassage& p, const std::string& term) {
  uint32_t n = 0;
  for (const auto& [word, position] : p.words) n += word == term;
  return n;
}

inline uint32_t count_clause(const TestPassage& p, const Clause& c) {
  if (c.terms.empty()) return 0;
  if (c.terms.size() == 1) return count_term(p, c.terms[0]);
  const std::set<std::pair<std::string, uint32_t>> at(p.words.begin(), p.words.end());
  std::set<int64_t> starts;
  for (const auto& [word, position] : p.words) {
    if (word != c.terms[0]) continue;
    const int64_t start = int64_t{position} - c.offsets[0];
    bool all = true;
    for (size_t i = 1; i < c.terms.size(); ++i) {
      const int64_t there = start + c.offsets[i];
      all &= there >= 0 && at.contains({c.terms[i], static_cast<uint32_t>(there)});
    }
    if (all) starts.insert(start);
  }
  return static_cast<uint32_t>(starts.size());
}

// Statistics of the live passages, whatever is allowed.
inline Statistics statistics_of(const Corpus& corpus, const Query& query) {
  Statistics s;
  for (const Clause& c : query.clauses) s.document_frequency.emplace_back(c.terms.size(), 0);
  for (const TestPassage& p : corpus) {
    if (!p.live) continue;
    ++s.passage_count;
    std::set<uint32_t> positions;
    std::set<std::string_view> words;
    for (const auto& [word, position] : p.words) {
      positions.insert(position);
      words.insert(word);
    }
    s.total_length += positions.size();
    for (size_t c = 0; c < query.clauses.size(); ++c) {
      for (size_t t = 0; t < query.clauses[c].terms.size(); ++t) {
        s.document_frequency[c][t] += words.contains(query.clauses[c].terms[t]);
      }
    }
  }
  return s;
}

struct Answer {
  size_t passage;  // in the corpus
  float score;
  bool operator==(const Answer&) const = default;
};

// By the formula of query.h, without anything of the room's code.
inline std::vector<Answer> reference(const Corpus& corpus, const Query& query, const Statistics& s, size_t k,
                                     bool filtered) {
  const double n = static_cast<double>(s.passage_count);
  const double average = s.passage_count == 0 || s.total_length == 0 ? 1 : static_cast<double>(s.total_length) / n;
  std::vector<Answer> all;
  for (size_t i = 0; i < corpus.size(); ++i) {
    const TestPassage& p = corpus[i];
    if (!p.live || (filtered && !p.allowed)) continue;
    std::set<uint32_t> positions;
    for (const auto& w : p.words) positions.insert(w.second);
    const double length = static_cast<double>(positions.size());
    double sum = 0;
    bool must = false, all_musts = true, should = false, excluded = false;
    for (size_t c = 0; c < query.clauses.size(); ++c) {
      const Clause& clause = query.clauses[c];
      const uint32_t tf = count_clause(p, clause);
      if (clause.occur == Occur::must_not) {
        excluded |= tf > 0;
        continue;
      }
      if (clause.occur == Occur::must) {
        must = true;
        all_musts &= tf > 0;
      } else {
        should |= tf > 0;
      }
      if (tf == 0) continue;
      double idf = 0;
      for (const uint64_t df : s.document_frequency[c]) {
        idf += std::log(1 + (n - static_cast<double>(df) + 0.5) / (static_cast<double>(df) + 0.5));
      }
      const double boost = query.boosts.empty() ? 1.0 : static_cast<double>(query.boosts[c]);
      const double norm = kK1 * (1 - kB) + kK1 * kB / average * length;
      const double part = idf * boost * (tf / (tf + norm));
      sum += std::nearbyint(part * 1073741824.0) / 1073741824.0;  // a multiple of 2^-30
    }
    if (excluded || (must ? !all_musts : !should)) continue;
    all.push_back({i, static_cast<float>(sum)});
  }
  std::sort(all.begin(), all.end(), [&](const Answer& a, const Answer& b) {
    if (a.score != b.score) return a.score > b.score;
    const TestPassage &x = corpus[a.passage], &y = corpus[b.passage];
    return x.id != y.id ? x.id < y.id : x.ordinal < y.ordinal;
  });
  if (all.size() > k) all.resize(k);
  return all;
}

inline std::vector<Answer> answers(const Segments& s, const std::vector<Scored>& found) {
  std::vector<Answer> out;
  for (const Scored& f : found) out.push_back({s.first[f.segment] + f.passage.value, f.score});
  return out;
}

// A query over the corpus's words: shoulds, musts, must_nots and phrases that stand in some passage, and words that
// nobody has.
inline Query random_query(base::Random& random, const Corpus& corpus, uint64_t vocabulary) {
  Query q;
  const uint64_t clauses = 1 + random.below(random.below(8) == 0 ? 20 : 5);
  const uint64_t kind = random.below(6);
  for (uint64_t c = 0; c < clauses; ++c) {
    Clause clause;
    clause.occur = kind <= 2   ? Occur::should
                   : kind == 3 ? (random.below(3) ? Occur::must : Occur::should)
                               : static_cast<Occur>(random.below(3));
    const TestPassage& p = corpus[random.below(corpus.size())];
    if (kind != 0 && random.below(4) == 0 && p.words.size() > 3) {
      const size_t start = random.below(p.words.size() - 2);
      const size_t end = std::min<size_t>(p.words.size(), start + 2 + random.below(2));
      for (size_t i = start; i < end; ++i) {
        clause.terms.push_back(p.words[i].first);
        clause.offsets.push_back(p.words[i].second - p.words[start].second);
      }
    } else {
      clause.terms = {random.below(12) == 0 ? "unknown"
                      : random.below(2)     ? word_of(random.below(5))
                                            : word_of(zipf(random, vocabulary))};
      clause.offsets = {0};
    }
    q.clauses.push_back(std::move(clause));
  }
  if (random.below(3) == 0) {
    for (size_t c = 0; c < q.clauses.size(); ++c) {
      q.boosts.push_back(random.below(10) == 0 ? 0.0f : static_cast<float>(random.unit() * 4));
    }
  }
  const bool wanted =
      std::any_of(q.clauses.begin(), q.clauses.end(), [](const Clause& c) { return c.occur != Occur::must_not; });
  if (!wanted) q.clauses[0].occur = Occur::should;
  return q;
}

}  // namespace tarn::inverted::testing_corpus
