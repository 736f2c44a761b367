#include "answer/extract.h"

#include <algorithm>
#include <map>

#include "answer/candidates.h"
#include "answer/lines.h"
#include "answer/sentences.h"
#include "base/ascii.h"
#include "search/function_words.h"

namespace tarn::answer {
namespace {

using base::Result;

// Weights of a piece's score (doc/design/answer-threshold.md says how they were chosen).
constexpr double kMeaningWeight = 0.7, kWordWeight = 0.15, kPassageWeight = 0.15;
// No more pieces than these are read by the encoder.
constexpr ptrdiff_t kMaxEncoded = 48;
// So many pieces are read word by word, and a word's counterpart weighs this much.
constexpr size_t kReadClosely = 3;
constexpr double kCounterpartWeight = 0.15;
// By so much of itself the least counterpart counts for more with each further word that needs one.
constexpr double kMoreWords = 0.25;
// A further piece must reach this share of the best one's score, what only a few gained by close reading not counted.
constexpr double kKeepShare = 0.92;
// Above these a piece repeats a chosen one.
constexpr double kRepeatCosine = 0.9, kRepeatWords = 0.8;

double dot(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size() && i < b.size(); ++i) sum += double{a[i]} * double{b[i]};
  return sum;
}

double jaccard(const std::set<std::string>& a, const std::set<std::string>& b) {
  size_t both = 0;
  for (const std::string& term : a) both += b.count(term);
  const size_t either = a.size() + b.size() - both;
  return either == 0 ? 0 : static_cast<double>(both) / static_cast<double>(either);
}

base::Status encode(const Question& question, std::vector<Candidate>* candidates, encode::Encoder& encoder,
                    const base::Context& context) {
  std::vector<encode::Input> inputs;
  for (const Candidate& candidate : *candidates) inputs.push_back({encode::Role::passage, candidate.read_as});
  TARN_ASSIGN(std::vector<float> vectors, encoder.encode(inputs, encode::Urgency::urgent, context));
  const size_t dimensions = encoder.dimensions();
  const auto row = [&](size_t i) {
    const auto start = vectors.begin() + static_cast<ptrdiff_t>(i * dimensions);
    return std::vector<float>(start, start + static_cast<ptrdiff_t>(dimensions));
  };
  for (size_t i = 0; i < candidates->size(); ++i) {
    (*candidates)[i].vector = row(i);
    (*candidates)[i].cosine = dot(question.asked.vector, (*candidates)[i].vector);
  }
  return base::ok();
}

// A word of the question that has to have a counterpart: it builds no sentence, and does not only say what kind is
// asked for or speak to whoever answers.
bool needs_counterpart(const std::string& word) {
  const bool is_word = std::any_of(word.begin(), word.end(),
                                   [](char c) { return base::is_lower(c) || base::is_digit(c) || (c & '\x80') != 0; });
  return is_word && !search::is_function_word(word) && !is_asking_word(word) && !is_spoken_word(word);
}

// For each word of the question the nearest one of the text, in their contexts; the least of these cosines, and more
// where there are more words, for the least of many is less by itself. 1 when no word needs one.
double least_counterpart(const encode::WordVectors& asked, const encode::WordVectors& text, size_t dimensions) {
  double least = 1;
  size_t count = 0;
  for (size_t q = 0; q < asked.words.size(); ++q) {
    if (!needs_counterpart(asked.words[q])) continue;
    double nearest = 0;
    for (size_t w = 0; w < text.words.size(); ++w) {
      double cosine = 0;
      for (size_t d = 0; d < dimensions; ++d) {
        cosine += double{asked.vectors[q * dimensions + d]} * double{text.vectors[w * dimensions + d]};
      }
      nearest = std::max(nearest, cosine);
    }
    least = std::min(least, nearest);
    ++count;
  }
  return count < 2 ? least : std::min(1.0, least * (1 + kMoreWords * static_cast<double>(count - 1)));
}

bool scores_more(const Candidate& a, const Candidate& b) { return a.quote.score > b.quote.score; }

// The best few are read word by word; what each gains by that may make another one the best.
base::Status read_closely(const Question& question, std::vector<Candidate>* candidates, encode::Encoder& encoder,
                          const base::Context& context) {
  const size_t count = std::min(candidates->size(), kReadClosely);
  std::vector<encode::Input> inputs;
  for (size_t i = 0; i < count; ++i) inputs.push_back({encode::Role::passage, (*candidates)[i].read_as});
  TARN_ASSIGN(const std::vector<encode::WordVectors> read,
              encoder.encode_words(inputs, encode::Urgency::urgent, context));
  for (size_t i = 0; i < count; ++i) {
    Candidate& candidate = (*candidates)[i];
    candidate.counterpart = least_counterpart(question.words, read[i], encoder.dimensions());
    candidate.gain = kCounterpartWeight * candidate.counterpart;
    candidate.quote.score += candidate.gain;
  }
  return base::ok();
}

bool overlap(const Quote& a, const Quote& b) { return a.hit == b.hit && a.start < b.end && b.start < a.end; }

// The chosen ones, best first.
std::vector<const Candidate*> choose(std::vector<Candidate>* candidates) {
  std::vector<Candidate*> order;
  for (Candidate& candidate : *candidates) order.push_back(&candidate);
  std::stable_sort(order.begin(), order.end(),
                   [](const Candidate* a, const Candidate* b) { return a->quote.score > b->quote.score; });
  Candidate& best = *order.front();
  best.quote.text += best.follows;
  best.quote.end += best.follows.size();
  std::vector<const Candidate*> chosen;
  for (const Candidate* candidate : order) {
    if (chosen.size() == kMaxQuotes) break;
    const auto before = [](const Candidate* c) { return c->quote.score - c->gain; };
    if (!chosen.empty() && before(candidate) < kKeepShare * before(chosen.front())) break;
    const bool repeats = std::any_of(chosen.begin(), chosen.end(), [&](const Candidate* other) {
      return overlap(candidate->quote, other->quote) || dot(candidate->vector, other->vector) > kRepeatCosine ||
             jaccard(candidate->terms, other->terms) > kRepeatWords;
    });
    if (!repeats) chosen.push_back(candidate);
  }
  return chosen;
}

// Nothing but blanks, marks of quotation, and the marker of the next item.
bool is_gap(std::string_view text) {
  const size_t at = text.find_first_not_of(" \t\r\n>");
  if (at == std::string_view::npos) return true;
  const std::string marker = std::string(text.substr(at)) + " x";
  return text.substr(0, at).find('\n') != std::string_view::npos && marker_size(marker) + 1 == marker.size();
}

// Reading order: documents as their best quote ranks, quotes as they stand; those that stand next to each other become
// one.
std::vector<Quote> in_reading_order(const std::vector<const Candidate*>& chosen, const std::vector<search::Hit>& hits) {
  std::map<std::pair<size_t, std::string>, size_t> document_rank;
  std::vector<Quote> quotes;
  for (const Candidate* candidate : chosen) {
    const search::Hit& hit = hits[candidate->quote.hit];
    document_rank.try_emplace({hit.target, hit.id}, document_rank.size());
    quotes.push_back(candidate->quote);
  }
  const auto key = [&](const Quote& q) {
    return std::pair(document_rank.at({hits[q.hit].target, hits[q.hit].id}), q.start);
  };
  std::stable_sort(quotes.begin(), quotes.end(), [&](const Quote& a, const Quote& b) { return key(a) < key(b); });
  std::vector<Quote> joined;
  for (Quote& quote : quotes) {
    if (!joined.empty() && joined.back().hit == quote.hit && joined.back().end <= quote.start) {
      Quote& before = joined.back();
      const search::Hit& hit = hits[quote.hit];
      const std::string_view text = hit.passage.text;
      const std::string_view between = text.substr(before.end - hit.passage.start, quote.start - before.end);
      if (is_gap(between) && !before.is_row && !quote.is_row && quote.end - before.start <= kMaxQuoteBytes) {
        before.text = text.substr(before.start - hit.passage.start, quote.end - before.start);
        before.end = quote.end;
        before.score = std::max(before.score, quote.score);
        before.in_list = before.in_list || quote.in_list;
        continue;
      }
    }
    joined.push_back(std::move(quote));
  }
  return joined;
}

}  // namespace

Result<Extraction> extract(const Question& question, const std::vector<search::Hit>& hits,
                           const text::Analyzer& analyzer, encode::Encoder* encoder, const base::Context& context) {
  Extraction extraction;
  Evidence& evidence = extraction.evidence;
  std::vector<Candidate> candidates = candidates_of(question, hits, analyzer, &evidence);
  if (candidates.empty()) return extraction;
  const double best_hit = std::max(hits.front().score, 1e-6);
  if (encoder && candidates.size() > size_t{kMaxEncoded}) {
    // By word first: encoding is what an answer costs.
    const auto first_look = [&](const Candidate& c) {
      return c.covered + hits[c.quote.hit].score / best_hit + c.extra;
    };
    std::stable_sort(candidates.begin(), candidates.end(),
                     [&](const Candidate& a, const Candidate& b) { return first_look(a) > first_look(b); });
    candidates.erase(candidates.begin() + kMaxEncoded, candidates.end());
  }
  if (encoder) TARN_TRY(encode(question, &candidates, *encoder, context));
  for (Candidate& candidate : candidates) {
    candidate.quote.score = kMeaningWeight * (encoder ? candidate.cosine : candidate.covered) +
                            kWordWeight * candidate.covered +
                            kPassageWeight * hits[candidate.quote.hit].score / best_hit + candidate.extra;
    evidence.nearest = std::max(evidence.nearest, candidate.cosine);
  }
  std::stable_sort(candidates.begin(), candidates.end(), scores_more);
  if (encoder) TARN_TRY(read_closely(question, &candidates, *encoder, context));
  std::stable_sort(candidates.begin(), candidates.end(), scores_more);
  evidence.unkind = candidates.front().has_kind ? 0 : 1;
  evidence.counterpart = candidates.front().counterpart;
  weigh(&evidence, encoder ? encoder->calibration() : nullptr);
  extraction.quotes = in_reading_order(choose(&candidates), hits);
  return extraction;
}

}  // namespace tarn::answer
