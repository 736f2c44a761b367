#include "answer/extract.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "answer/sentences.h"
#include "index/definition.h"

namespace tarn::answer {
namespace {

using base::Result;

// Weights of a sentence's score; measured with the thresholds (doc/design/answer-threshold.md).
constexpr double kMeaningWeight = 0.6, kWordWeight = 0.25, kPassageWeight = 0.15;
// A further sentence must reach this share of the best one's score.
constexpr double kKeepShare = 0.88;
// Above these a sentence repeats a chosen one.
constexpr double kRepeatCosine = 0.9, kRepeatWords = 0.8;

struct Piece {
  Quote quote;
  std::set<std::string> words;
  double covered = 0;  // share of the question's idf
  double cosine = 0;
  std::vector<float> vector;
};

std::set<std::string> words_of(const text::Analyzer& analyzer, std::string_view text) {
  std::set<std::string> words;
  analyzer.analyze(text, [&](const text::Token& token) { words.insert(std::string(token.term)); });
  return words;
}

double dot(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size() && i < b.size(); ++i) sum += double{a[i]} * double{b[i]};
  return sum;
}

double jaccard(const std::set<std::string>& a, const std::set<std::string>& b) {
  size_t both = 0;
  for (const std::string& word : a) both += b.count(word);
  const size_t either = a.size() + b.size() - both;
  return either == 0 ? 0 : static_cast<double>(both) / static_cast<double>(either);
}

// The idf of each word of the question, of the tables searched.
std::map<std::string, double> question_words(const search::ParsedQuery& query,
                                             const std::vector<search::Target>& targets) {
  std::map<std::string, double> weights;
  double passages = 0;
  for (const search::Target& target : targets) passages += static_cast<double>(target.live->passage_count());
  for (const std::string& term : query.terms) {
    double df = 0;
    for (const search::Target& target : targets) df += static_cast<double>(target.live->document_frequency(term));
    weights[term] = std::log(1 + (passages - df + 0.5) / (df + 0.5));
  }
  return weights;
}

double covered_share(const std::map<std::string, double>& weights, const std::set<std::string>& words) {
  double all = 0, covered = 0;
  for (const auto& [term, weight] : weights) {
    all += weight;
    if (words.count(term)) covered += weight;
  }
  return all > 0 ? covered / all : 0;
}

base::Status encode_pieces(const std::string& question, const std::vector<search::Hit>& hits,
                           std::vector<Piece>* pieces, const search::Environment& environment,
                           const base::Context& context) {
  std::vector<std::string> inputs{question};
  for (const Piece& piece : *pieces) {
    const search::Hit& hit = hits[piece.quote.hit];
    inputs.push_back(index::encoder_input(hit.title, {hit.heading, 0, 0}, piece.quote.text));
  }
  TARN_ASSIGN(std::vector<float> vectors, environment.encoder->encode(inputs, context));
  const size_t dimensions = environment.encoder->dimensions();
  const auto row = [&](size_t i) {
    const auto start = vectors.begin() + static_cast<ptrdiff_t>(i * dimensions);
    return std::vector<float>(start, start + static_cast<ptrdiff_t>(dimensions));
  };
  const std::vector<float> asked = row(0);
  for (size_t i = 0; i < pieces->size(); ++i) {
    (*pieces)[i].vector = row(i + 1);
    (*pieces)[i].cosine = dot(asked, (*pieces)[i].vector);
  }
  return base::ok();
}

std::vector<Quote> choose(std::vector<Piece> pieces, const std::vector<search::Hit>& hits) {
  std::stable_sort(pieces.begin(), pieces.end(),
                   [](const Piece& a, const Piece& b) { return a.quote.score > b.quote.score; });
  std::vector<const Piece*> chosen;
  for (const Piece& piece : pieces) {
    if (chosen.size() == kMaxQuotes) break;
    if (!chosen.empty() && piece.quote.score < kKeepShare * chosen.front()->quote.score) break;
    const bool repeats = std::any_of(chosen.begin(), chosen.end(), [&](const Piece* other) {
      return dot(piece.vector, other->vector) > kRepeatCosine || jaccard(piece.words, other->words) > kRepeatWords;
    });
    if (!repeats) chosen.push_back(&piece);
  }
  // Reading order: documents as their best sentence ranks, sentences as they stand.
  std::map<std::pair<size_t, std::string>, size_t> document_rank;
  for (const Piece* piece : chosen) {
    const search::Hit& hit = hits[piece->quote.hit];
    document_rank.try_emplace({hit.target, hit.id}, document_rank.size());
  }
  std::vector<Quote> quotes;
  for (const Piece* piece : chosen) quotes.push_back(piece->quote);
  std::stable_sort(quotes.begin(), quotes.end(), [&](const Quote& a, const Quote& b) {
    const auto key = [&](const Quote& q) {
      return std::pair(document_rank.at({hits[q.hit].target, hits[q.hit].id}), q.start);
    };
    return key(a) < key(b);
  });
  return quotes;
}

}  // namespace

Result<Extraction> extract(const std::string& question, const std::vector<search::Hit>& hits,
                           const std::vector<search::Target>& targets, const search::Environment& environment,
                           const base::Context& context) {
  Extraction extraction;
  TARN_ASSIGN(search::ParsedQuery query, search::parse_query(question, *environment.analyzer));
  const std::map<std::string, double> weights = question_words(query, targets);
  std::vector<Piece> pieces;
  for (size_t h = 0; h < hits.size(); ++h) {
    const search::Hit& hit = hits[h];
    const std::set<std::string> context_words =
        words_of(*environment.analyzer, index::context_text(hit.title, hit.heading));
    std::set<std::string> passage_words = words_of(*environment.analyzer, index::searchable_text(hit.text));
    passage_words.insert(context_words.begin(), context_words.end());
    extraction.evidence.coverage = std::max(extraction.evidence.coverage, covered_share(weights, passage_words));
    for (const Span& span : quotable(hit.text)) {
      Piece piece;
      piece.quote = {h, hit.start + span.start, hit.start + span.end,
                     hit.text.substr(span.start, span.end - span.start), 0};
      piece.words = words_of(*environment.analyzer, index::searchable_text(piece.quote.text));
      std::set<std::string> with_context = piece.words;
      with_context.insert(context_words.begin(), context_words.end());
      piece.covered = 0.5 * covered_share(weights, piece.words) + 0.5 * covered_share(weights, with_context);
      pieces.push_back(std::move(piece));
    }
  }
  if (pieces.empty()) return extraction;
  if (environment.encoder) TARN_TRY(encode_pieces(query.text, hits, &pieces, environment, context));
  const double best_hit = std::max(hits.front().score, 1e-6f);
  for (Piece& piece : pieces) {
    extraction.evidence.similarity = std::max(extraction.evidence.similarity, piece.cosine);
    piece.quote.score = kMeaningWeight * (environment.encoder ? piece.cosine : piece.covered) +
                        kWordWeight * piece.covered + kPassageWeight * hits[piece.quote.hit].score / best_hit;
  }
  extraction.quotes = choose(std::move(pieces), hits);
  return extraction;
}

// Thresholds: measured, see doc/design/answer-threshold.md.
bool is_relevant(const Evidence& evidence, bool has_encoder) {
  if (!has_encoder) return evidence.coverage >= 0.6;
  return evidence.similarity >= 0.55 || (evidence.similarity >= 0.35 && evidence.coverage >= 0.5);
}

}  // namespace tarn::answer
