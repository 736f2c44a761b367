// The few sentences that answer a question, chosen from passages by word and by meaning. They are quoted as they stand.
// Ranking: a piece's score joins its cosine with the question (read under its title and headings), the share of the
//          question's idf that it covers, and its passage's own score; a question for a definition prefers pieces that
//          define. Near-repetitions of a chosen piece are passed over (maximal marginal relevance, Carbonell and
//          Goldstein, SIGIR 1998); neighbours become one quote.
// Found:   the evidence gives a confidence, by a logistic model that was fitted to questions with and without an answer
//          in the corpus (doc/design/answer-threshold.md); below the threshold nothing relevant was found, and that is
//          said.
#pragma once

#include <string>
#include <vector>

#include "answer/question.h"
#include "search/search.h"

namespace tarn::answer {

inline constexpr size_t kPassagesRead = 12;
inline constexpr size_t kMaxQuotes = 4;

// How sure retrieval is that there is an answer. Words are those of the question that are not function words, each
// weighed by its idf.
struct Evidence {
  double nearest = 0;  // best cosine of a piece with the question; 0 without an encoder
  double found = 0;    // weights of the words that the best passage has, under its headings; the rarest word's is 1
  double missing = 0;  // weight of the rarest word that it has not
  // Of the best piece, read with its title and headings:
  // Least, over the question's words, of the best cosine with a word of the piece; 0 without an encoder.
  double counterpart = 0;
  double unkind = 0;      // 1: it has nothing of the kind that is asked for (a sum, a name, a time …)
  double confidence = 0;  // what these say together: the probability that there is an answer
};
// Fills `confidence` from the rest, by the numbers that were fitted with the encoder's model; null: by words alone.
void weigh(Evidence* evidence, const encode::Calibration* calibration);
// True when an answer may be given.
bool is_relevant(const Evidence& evidence);

struct Quote {
  size_t hit = 0;               // index into the hits
  uint64_t start = 0, end = 0;  // bytes of the body
  std::string text;
  double score = 0;
  bool is_row = false;   // of a table: says something under the names of the columns
  bool in_list = false;  // an item of a list, or its steps
};

struct Extraction {
  Evidence evidence;
  std::vector<Quote> quotes;  // in reading order: by rank of the document, then by place
};

// The encoder that the question was read by, or null.
base::Result<Extraction> extract(const Question& question, const std::vector<search::Hit>& hits,
                                 const text::Analyzer& analyzer, encode::Encoder* encoder,
                                 const base::Context& context);

}  // namespace tarn::answer
