#include "answer/extract.h"

#include <algorithm>
#include <map>
#include <set>

#include "answer/question.h"
#include "answer/sentences.h"
#include "index/definition.h"

namespace tarn::answer {
namespace {

using base::Result;

// Weights of a piece's score (doc/design/answer-threshold.md says how they were chosen).
constexpr double kMeaningWeight = 0.7, kWordWeight = 0.15, kPassageWeight = 0.15;
// What a piece gains when the question wants a definition and the piece gives one.
constexpr double kDefinitionGain = 0.1;
// What a piece loses that speaks of something said before it, which is not there.
constexpr double kDanglingLoss = 0.05;
// No more pieces than these are read by the encoder.
constexpr ptrdiff_t kMaxEncoded = 48;
// A further piece must reach this share of the best one's score.
constexpr double kKeepShare = 0.92;
// The best piece takes the next sentence along when it is shorter than the first, and both together are no longer than the second.
constexpr size_t kShortQuoteBytes = 160, kExtendedQuoteBytes = 450;
// Above these a piece repeats a chosen one.
constexpr double kRepeatCosine = 0.9, kRepeatWords = 0.8;

struct Candidate {
  Quote quote;
  std::set<std::string> terms;
  double covered = 0;  // share of the question, half by the piece alone, half with its title and headings
  double cosine = 0;
  double extra = 0;          // gains and losses
  std::string header;        // of a table's row
  std::string_view follows;  // what the paragraph says next, when both are short
  std::vector<float> vector;
};

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

// "X is …", "X — …", or the term of a list of definitions: its first line has all that the question asks for, and little else.
bool defines(const Question& question, std::string_view text, const text::Analyzer& analyzer) {
  size_t head = text.size();
  for (std::string_view mark : {" is ", " are ", " — ", "\n\n", " means ", " refers to "}) {
    head = std::min(head, text.find(mark));
  }
  if (head > 80 || head == text.size()) return false;
  const std::set<std::string> terms = terms_of(analyzer, index::searchable_text(text.substr(0, head)));
  return covered_share(question, terms) > 0.99 && terms.size() <= question.weights.size() + 3;
}

// The sentence after a short quote in its paragraph, with the blanks before it; empty where there is none or it does not fit.
std::string_view follows(std::string_view text, const std::vector<Piece>& pieces, size_t index, const Span& quote) {
  if (index + 1 >= pieces.size() || pieces[index].kind != PieceKind::prose) return {};
  const Piece& next = pieces[index + 1];
  if (next.start < quote.end || next.kind != PieceKind::prose || next.leads_in || next.is_bare) return {};
  if (quote.end - quote.start > kShortQuoteBytes || next.end - quote.start > kExtendedQuoteBytes) return {};
  const std::string_view gap = text.substr(quote.end, next.start - quote.end);
  const bool same_paragraph =
      gap.find_first_not_of(" \n>") == std::string_view::npos && gap.find('\n') == gap.rfind('\n');
  return same_paragraph ? text.substr(quote.end, next.end - quote.end) : std::string_view();
}

std::vector<Candidate> candidates_of(const Question& question, const std::vector<search::Hit>& hits,
                                     const text::Analyzer& analyzer, Evidence* evidence) {
  std::vector<Candidate> candidates;
  for (size_t h = 0; h < hits.size(); ++h) {
    const search::Hit& hit = hits[h];
    const std::set<std::string> above = terms_of(analyzer, index::context_text(hit.title, hit.heading));
    const auto under = [&](std::set<std::string> terms) {
      terms.insert(above.begin(), above.end());
      return terms;
    };
    const Match found = match(question, under(terms_of(analyzer, index::searchable_text(hit.text))));
    if (h == 0 || found.found > evidence->found) {
      evidence->found = found.found;
      evidence->missing = found.missing;
    }
    const std::vector<Piece> pieces = pieces_of(hit.text);
    Span last;
    for (size_t i = 0; i < pieces.size(); ++i) {
      const Span span = quotable(pieces, i);
      if (span.end == span.start || (span.start == last.start && span.end == last.end)) continue;
      last = span;
      Candidate candidate;
      candidate.quote = {h, hit.start + span.start, hit.start + span.end,
                         hit.text.substr(span.start, span.end - span.start), 0};
      candidate.terms = terms_of(analyzer, index::searchable_text(candidate.quote.text));
      const Span& header = pieces[i].header;
      candidate.header = hit.text.substr(header.start, header.end - header.start);
      std::set<std::string> read_under = terms_of(analyzer, index::searchable_text(candidate.header));
      read_under.insert(candidate.terms.begin(), candidate.terms.end());
      candidate.follows = follows(hit.text, pieces, i, span);
      const double whole = covered_share(question, under(read_under));
      candidate.covered = 0.5 * covered_share(question, candidate.terms) + 0.5 * whole;
      if (question.defines && defines(question, candidate.quote.text, analyzer)) candidate.extra += kDefinitionGain;
      if (pieces[i].refers_back && span.start == pieces[i].start) candidate.extra -= kDanglingLoss;
      candidates.push_back(std::move(candidate));
    }
  }
  return candidates;
}

base::Status encode(const std::string& question, const std::vector<search::Hit>& hits,
                    std::vector<Candidate>* candidates, const search::Environment& environment,
                    const base::Context& context) {
  std::vector<std::string> inputs{question};
  for (const Candidate& candidate : *candidates) {
    const search::Hit& hit = hits[candidate.quote.hit];
    const std::string text =
        candidate.header.empty() ? candidate.quote.text : candidate.header + "\n" + candidate.quote.text;
    inputs.push_back(index::encoder_input(hit.title, {hit.heading, 0, 0}, text));
  }
  TARN_ASSIGN(std::vector<float> vectors, environment.encoder->encode(inputs, context));
  const size_t dimensions = environment.encoder->dimensions();
  const auto row = [&](size_t i) {
    const auto start = vectors.begin() + static_cast<ptrdiff_t>(i * dimensions);
    return std::vector<float>(start, start + static_cast<ptrdiff_t>(dimensions));
  };
  const std::vector<float> asked = row(0);
  for (size_t i = 0; i < candidates->size(); ++i) {
    (*candidates)[i].vector = row(i + 1);
    (*candidates)[i].cosine = dot(asked, (*candidates)[i].vector);
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
    if (!chosen.empty() && candidate->quote.score < kKeepShare * chosen.front()->quote.score) break;
    const bool repeats = std::any_of(chosen.begin(), chosen.end(), [&](const Candidate* other) {
      return overlap(candidate->quote, other->quote) || dot(candidate->vector, other->vector) > kRepeatCosine ||
             jaccard(candidate->terms, other->terms) > kRepeatWords;
    });
    if (!repeats) chosen.push_back(candidate);
  }
  return chosen;
}

bool is_gap(std::string_view text) { return text.find_first_not_of(" \t\r\n>") == std::string_view::npos; }

// Reading order: documents as their best quote ranks, quotes as they stand; those that stand next to each other become one.
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
      const std::string_view text = hit.text;
      const std::string_view between = text.substr(before.end - hit.start, quote.start - before.end);
      if (is_gap(between) && quote.end - before.start <= kMaxQuoteBytes) {
        before.text = text.substr(before.start - hit.start, quote.end - before.start);
        before.end = quote.end;
        before.score = std::max(before.score, quote.score);
        continue;
      }
    }
    joined.push_back(std::move(quote));
  }
  return joined;
}

}  // namespace

Result<Extraction> extract(const std::string& question_words, const std::vector<search::Hit>& hits,
                           const std::vector<search::Target>& targets, const search::Environment& environment,
                           const base::Context& context) {
  Extraction extraction;
  TARN_ASSIGN(const Question question, read_question(question_words, targets, *environment.analyzer));
  Evidence& evidence = extraction.evidence;
  std::vector<Candidate> candidates = candidates_of(question, hits, *environment.analyzer, &evidence);
  if (candidates.empty()) return extraction;
  const double best_hit = std::max(hits.front().score, 1e-6f);
  if (environment.encoder && candidates.size() > size_t{kMaxEncoded}) {
    // By word first: encoding is what an answer costs.
    const auto first_look = [&](const Candidate& c) {
      return c.covered + hits[c.quote.hit].score / best_hit + c.extra;
    };
    std::stable_sort(candidates.begin(), candidates.end(),
                     [&](const Candidate& a, const Candidate& b) { return first_look(a) > first_look(b); });
    candidates.erase(candidates.begin() + kMaxEncoded, candidates.end());
  }
  if (environment.encoder) TARN_TRY(encode(question.text, hits, &candidates, environment, context));
  for (Candidate& candidate : candidates) {
    candidate.quote.score = kMeaningWeight * (environment.encoder ? candidate.cosine : candidate.covered) +
                            kWordWeight * candidate.covered +
                            kPassageWeight * hits[candidate.quote.hit].score / best_hit + candidate.extra;
    evidence.nearest = std::max(evidence.nearest, candidate.cosine);
  }
  weigh(&evidence, environment.encoder != nullptr);
  extraction.quotes = in_reading_order(choose(&candidates), hits);
  return extraction;
}

}  // namespace tarn::answer
