// Passages that a search may return, with their scores: the pools of both legs over several tables.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "search/search.h"

namespace tarn::search {

struct Candidate {
  size_t target = 0;
  uint32_t segment = 0;
  base::PassageOrdinal passage;
  float score = 0;
  std::optional<float> lexical, semantic;
  uint32_t names = 0;  // rare names of the query that count for it
};

// Which passages may be found, by target and segment; an empty list of bitmaps means all.
using Allowed = std::vector<std::vector<index::Bitmap>>;

class Pools {
 public:
  Pools(const ParsedQuery& query, const std::vector<Target>& targets, const Allowed& allowed);

  std::vector<Candidate> lexical(size_t depth) const;
  std::vector<Candidate> semantic(std::span<const float> vector, size_t depth) const;
  std::vector<Candidate> hybrid(std::span<const float> vector, double semantic_weight);

  // How the candidate's score came about; best scores are of the hybrid pool that was asked for last.
  Explanation explain(const Candidate& candidate) const;

  // The total order of results.
  bool before(const Candidate& a, const Candidate& b) const;
  const index::LiveSet::Segment& segment(const Candidate& c) const {
    return (*targets_)[c.target].live->segments()[c.segment];
  }
  std::pair<size_t, std::string_view> document_of(const Candidate& c) const;  // its target and id

 private:
  // By which a passage is known in all targets.
  using Place = std::tuple<size_t, uint32_t, base::PassageOrdinal>;

  bool admits(const Candidate& candidate) const;  // by +must and -not, for what meaning alone has found
  bool allows(const Candidate& candidate) const;  // by the filter
  // The live passages that hold a name, whatever the filter says; none when it is not rare.
  std::vector<Candidate> holders_of_rare(const Name& name) const;
  // Of each passage that may be found and holds a rare name, which ones (bit i: the i-th name).
  std::map<Place, uint32_t> rare_names() const;
  void count_names(const std::map<Place, uint32_t>& held, std::vector<Candidate>* pool) const;

  const ParsedQuery* query_;
  const std::vector<Target>* targets_;
  const Allowed* allowed_;
  std::vector<index::LiveSet::Resolved> resolved_;  // by target
  bool hybrid_ = false;
  double semantic_weight_ = 0;
  double best_lexical_ = 0, best_semantic_ = -1;  // of the hybrid pool
};

// The best candidate of each document, in order, from candidates in order.
std::vector<Candidate> best_of_documents(const Pools& pools, const std::vector<Candidate>& ordered);

}  // namespace tarn::search
