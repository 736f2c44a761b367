#include "answer/candidates.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "answer/sentences.h"
#include "base/ascii.h"
#include "document/document.h"
#include "index/definition.h"
#include "search/function_words.h"

namespace tarn::answer {
namespace {

// What a piece gains when the question wants a definition and the piece gives one.
constexpr double kDefinitionGain = 0.1;
// What a piece loses that speaks of something said before it, which is not there.
constexpr double kDanglingLoss = 0.05;
// What a piece loses that has not the rarest word which a neighbour in its passage has.
constexpr double kNeighbourLoss = 0.05;
// What the row of a table's names loses, and a heading: what is below them answers better, where it answers.
constexpr double kNamesLoss = 0.1;
// What a piece loses that has nothing of the kind that is asked for.
constexpr double kUnkindLoss = 0.1;
// Of two pieces with the same words the shorter says it more plainly: what one loses each time it is e times as long as
// this.
constexpr double kLengthLoss = 0.005, kPlainBytes = 100;
// A piece below this may be no more than a label.
constexpr size_t kShortBytes = 25;
// The best piece takes the next sentence along when it is shorter than the first, and both together are no longer than
// the second.
constexpr size_t kShortQuoteBytes = 160, kExtendedQuoteBytes = 450;

// Behind these a sentence says when or where something holds, and not what it is.
constexpr std::array<std::string_view, 14> kConditions = {"after",  "although", "as",   "because", "before",
                                                          "for",    "how",      "if",   "in",      "since",
                                                          "unless", "until",    "when", "while"};

// "X is …", "X — …", or the term of a list of definitions: its first line has all that the question asks for, and
// little else, and ends with a word of it: "log files are" says nothing of the log. What stands in brackets behind is
// another name.
bool defines(const Question& question, std::string_view text, const text::Analyzer& analyzer) {
  size_t end = text.size();
  for (std::string_view mark : {" is ", " are ", " — ", "\n\n", " means ", " refers to "}) {
    end = std::min(end, text.find(mark));
  }
  if (end > 80 || end == text.size()) return false;
  std::string_view head = text.substr(0, end);
  const std::string first = base::lower(head.substr(0, head.find(' ')));
  if (std::find(kConditions.begin(), kConditions.end(), first) != kConditions.end()) return false;
  std::set<std::string> terms = terms_of(analyzer, index::searchable_text(head));
  if (head.ends_with(')')) head = head.substr(0, head.rfind('('));
  std::string last;
  analyzer.analyze(index::searchable_text(head), [&](const text::Token& token) {
    if (token.form == text::Form::word) last = token.term;
  });
  return covered_share(question, terms) > 0.99 && terms.size() <= question.weights.size() + 3 &&
         question.weights.count(last) > 0;
}

// The sentence after a short quote in its paragraph, with the blanks before it; empty where there is none or it does
// not fit.
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

bool same(const Span& a, const Span& b) { return a.start == b.start && a.end == b.end; }

// The span that is quoted for a piece: all steps where the question asks how something is done.
Span quoted_span(const Question& question, const std::vector<Piece>& pieces, size_t index) {
  if (question.asks_how && pieces[index].is_step) {
    const Span whole = whole_list(pieces, index);
    if (whole.end - whole.start <= kMaxListBytes) return whole;
  }
  return quotable(pieces, index);
}

// A word that is neither the question's nor one that only builds sentences.
bool says_more(const Question& question, const std::set<std::string>& terms) {
  return std::any_of(terms.begin(), terms.end(), [&](const std::string& term) {
    return question.weights.count(term) == 0 && !search::is_function_word(term);
  });
}

bool has_any(const Question& question, const std::set<std::string>& terms) {
  return std::any_of(question.weights.begin(), question.weights.end(),
                     [&](const auto& word) { return terms.count(word.first) > 0; });
}

// Of the words that some of these have and others have not, the weight that each has.
using Group = std::vector<Candidate*>;
std::vector<double> telling_weights(const Question& question, const Group& group) {
  std::vector<double> weights(group.size(), 0);
  for (const auto& [term, weight] : question.weights) {
    const auto has = [&, &word = term](const Candidate* c) { return c->terms.count(word) > 0; };
    if (std::none_of(group.begin(), group.end(), has) || std::all_of(group.begin(), group.end(), has)) continue;
    for (size_t i = 0; i < group.size(); ++i) weights[i] += has(group[i]) ? weight : 0;
  }
  return weights;
}

// Rows of a document that lack what tells the row asked for go. Within a passage, what lacks the rarest word that
// another piece has loses: further off in a long document the word is of another matter.
void compare_neighbours(const Question& question, const std::vector<search::Hit>& hits,
                        std::vector<Candidate>* candidates) {
  std::map<std::pair<size_t, std::string>, Group> rows;
  std::map<size_t, Group> passages;
  for (Candidate& candidate : *candidates) {
    const search::Hit& hit = hits[candidate.quote.hit];
    passages[candidate.quote.hit].push_back(&candidate);
    if (candidate.quote.is_row) rows[{hit.target, hit.id}].push_back(&candidate);
  }
  std::set<const Candidate*> dropped;
  for (const auto& [document, group] : rows) {
    const std::vector<double> weights = telling_weights(question, group);
    const double most = *std::max_element(weights.begin(), weights.end());
    for (size_t i = 0; i < group.size(); ++i) {
      if (weights[i] < most) dropped.insert(group[i]);
    }
  }
  for (const auto& [passage, group] : passages) {
    std::vector<double> rarest;  // of each piece, the weight of the rarest word that it has
    for (const Candidate* candidate : group) {
      double most = 0;
      for (const auto& [term, weight] : question.weights) {
        if (candidate->terms.count(term)) most = std::max(most, weight);
      }
      rarest.push_back(most);
    }
    const double most = *std::max_element(rarest.begin(), rarest.end());
    for (size_t i = 0; i < group.size(); ++i) {
      if (rarest[i] < most) group[i]->extra -= kNeighbourLoss;
    }
  }
  std::vector<Candidate> kept;
  for (Candidate& candidate : *candidates) {
    if (!dropped.count(&candidate)) kept.push_back(std::move(candidate));
  }
  *candidates = std::move(kept);
}

}  // namespace

std::vector<Candidate> candidates_of(const Question& question, const std::vector<search::Hit>& hits,
                                     const text::Analyzer& analyzer, Evidence* evidence) {
  std::vector<Candidate> candidates;
  for (size_t h = 0; h < hits.size(); ++h) {
    const search::Hit& hit = hits[h];
    const std::set<std::string> above =
        terms_of(analyzer, index::context_text(hit.title, hit.passage.heading, hit.passage.context));
    const auto under = [&](std::set<std::string> terms) {
      terms.insert(above.begin(), above.end());
      return terms;
    };
    const Match found = match(question, under(terms_of(analyzer, index::searchable_text(hit.passage.text))));
    if (h == 0 || found.found > evidence->found) {
      evidence->found = found.found;
      evidence->missing = found.missing;
    }
    const std::vector<Piece> pieces = pieces_of(hit.passage.text, document::opens_code(hit.passage.context));
    Span last;
    for (size_t i = 0; i < pieces.size(); ++i) {
      const Span span = quoted_span(question, pieces, i);
      if (span.end == span.start || same(span, last)) continue;
      last = span;
      Candidate candidate;
      candidate.quote = {h, hit.passage.start + span.start, hit.passage.start + span.end,
                         hit.passage.text.substr(span.start, span.end - span.start), 0};
      candidate.quote.is_row = pieces[i].kind == PieceKind::table;
      candidate.quote.in_list = pieces[i].list > 0;
      candidate.terms = terms_of(analyzer, index::searchable_text(candidate.quote.text));
      const std::set<std::string> own = candidate.terms;
      if (own.empty()) continue;
      const bool is_label = pieces[i].kind == PieceKind::heading && !pieces[i].asks;
      if ((span.end - span.start < kShortBytes || is_label) &&
          (!says_more(question, own) || !has_any(question, under(own)))) {
        continue;
      }
      const bool is_header = same(pieces[i].header, pieces[i]);
      const Span& header = pieces[i].header;
      if (pieces[i].kind == PieceKind::table && !is_header) {
        // Rows that stand before any row of names go on with the table of the passage before.
        candidate.header =
            header.end > 0 ? hit.passage.text.substr(header.start, header.end - header.start) : hit.passage.context;
      }
      candidate.terms.merge(terms_of(analyzer, index::searchable_text(candidate.header)));
      candidate.follows = follows(hit.passage.text, pieces, i, span);
      candidate.covered = 0.5 * covered_share(question, own) + 0.5 * covered_share(question, under(candidate.terms));
      if (question.defines && defines(question, candidate.quote.text, analyzer)) candidate.extra += kDefinitionGain;
      if (pieces[i].refers_back && span.start == pieces[i].start) candidate.extra -= kDanglingLoss;
      if (is_header || is_label) candidate.extra -= kNamesLoss;
      const double length = static_cast<double>(span.end - span.start) / kPlainBytes;
      if (length > 1) candidate.extra -= kLengthLoss * std::log(length);
      const std::string columns = candidate.header.empty() ? "" : candidate.header + "\n";
      candidate.read_as = index::encoder_input(hit.title, {hit.passage.heading, 0, 0}, columns + candidate.quote.text);
      candidate.has_kind = has_kind(question.kind, columns + candidate.quote.text);
      if (!candidate.has_kind) candidate.extra -= kUnkindLoss;
      candidates.push_back(std::move(candidate));
    }
  }
  compare_neighbours(question, hits, &candidates);
  return candidates;
}

}  // namespace tarn::answer
