// The few sentences that answer a question, chosen from passages by word and by meaning. They are quoted as they stand.
// Ranking: a sentence's score joins its cosine with the question (read under its title and headings), the share of the question's idf
//          that it covers, and its passage's own score; near-repetitions of a chosen sentence are passed over (maximal marginal
//          relevance, Carbonell and Goldstein, SIGIR 1998).
// Found:   the best passage and sentence must pass thresholds that were measured on questions with and without an answer in the
//          corpus (doc/design/answer-threshold.md); otherwise nothing relevant was found, and that is said.
#pragma once

#include <string>
#include <vector>

#include "search/search.h"

namespace tarn::answer {

inline constexpr size_t kPassagesRead = 12;
inline constexpr size_t kMaxQuotes = 4;

// How sure retrieval is that there is an answer: both in [0, 1].
struct Evidence {
  double similarity = 0;  // best cosine of a sentence with the question
  double coverage = 0;    // share of the question's idf that the best passage has
};
// True when an answer may be given.
bool is_relevant(const Evidence& evidence, bool has_encoder);

struct Quote {
  size_t hit = 0;               // index into the hits
  uint64_t start = 0, end = 0;  // bytes of the body
  std::string text;
  double score = 0;
};

struct Extraction {
  Evidence evidence;
  std::vector<Quote> quotes;  // in reading order: by rank of the document, then by place
};

base::Result<Extraction> extract(const std::string& question, const std::vector<search::Hit>& hits,
                                 const std::vector<search::Target>& targets, const search::Environment& environment,
                                 const base::Context& context);

}  // namespace tarn::answer
