// Passages that a search may return, with their scores: the pools of both legs over several tables.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "search/search.h"

namespace tarn::search {

struct Candidate {
  size_t target = 0;
  uint32_t segment = 0;
  base::PassageOrdinal passage;
  float score = 0;
  std::optional<float> lexical, semantic;
};

// Which passages may be found, by target and segment; an empty list of bitmaps means all.
using Allowed = std::vector<std::vector<index::Bitmap>>;

class Pools {
 public:
  Pools(const ParsedQuery& query, const std::vector<Target>& targets, const Allowed& allowed);

  std::vector<Candidate> lexical(size_t depth) const;
  std::vector<Candidate> semantic(std::span<const float> vector, size_t depth) const;
  std::vector<Candidate> hybrid(std::span<const float> vector);

  // How the candidate's score came about; best scores are of the hybrid pool that was asked for last.
  Explanation explain(const Candidate& candidate) const;

  // The total order of results.
  bool before(const Candidate& a, const Candidate& b) const;
  const index::LiveSet::Segment& segment(const Candidate& c) const {
    return (*targets_)[c.target].live->segments()[c.segment];
  }

 private:
  bool admits(const Candidate& candidate) const;  // by +must and -not, for what meaning alone has found

  const ParsedQuery* query_;
  const std::vector<Target>* targets_;
  const Allowed* allowed_;
  std::vector<index::LiveSet::Resolved> resolved_;  // by target
  bool hybrid_ = false;
  double best_lexical_ = 0, best_semantic_ = -1;  // of the hybrid pool
};

// The best candidate of each document, in order, from candidates in order.
std::vector<Candidate> best_of_documents(const Pools& pools, const std::vector<Candidate>& ordered);

}  // namespace tarn::search
