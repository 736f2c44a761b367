#include "search/query.h"

#include <fmt/format.h>

#include <algorithm>

#include "search/function_words.h"

namespace tarn::search {
namespace {

using base::Code;
using base::Result;
using base::Status;
using inverted::Clause;
using inverted::Occur;

struct Piece {
  Occur occur = Occur::should;
  bool phrase = false;
  std::string_view text;
};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::vector<Piece> split(std::string_view words) {
  std::vector<Piece> pieces;
  size_t at = 0;
  while (at < words.size()) {
    if (is_space(words[at])) {
      ++at;
      continue;
    }
    Piece piece;
    if ((words[at] == '+' || words[at] == '-') && at + 1 < words.size() && !is_space(words[at + 1])) {
      piece.occur = words[at] == '+' ? Occur::must : Occur::must_not;
      ++at;
    }
    if (words[at] == '"') {
      const size_t end = std::min(words.find('"', at + 1), words.size());
      piece.phrase = true;
      piece.text = words.substr(at + 1, end - at - 1);
      at = std::min(end + 1, words.size());
    } else {
      size_t end = at;
      while (end < words.size() && !is_space(words[end]) && words[end] != '"') ++end;
      piece.text = words.substr(at, end - at);
      at = end;
    }
    if (!piece.text.empty()) pieces.push_back(piece);
  }
  return pieces;
}

struct Word {
  std::string term;
  uint32_t position;
};

std::vector<Word> analyze(const text::Analyzer& analyzer, std::string_view text) {
  std::vector<Word> words;
  analyzer.analyze(text, [&](const text::Token& token) { words.push_back({std::string(token.term), token.position}); });
  return words;
}

// The words in a row. Of the terms that share a position the first is the word itself (text/README.md).
Clause phrase_of(const std::vector<Word>& words, Occur occur) {
  Clause clause{occur, {}, {}};
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0 && words[i].position == words[i - 1].position) continue;
    clause.terms.push_back(words[i].term);
    clause.offsets.push_back(words[i].position - words.front().position);
  }
  return clause;
}

// Words that only build the sentence are not looked for beside others: they cost and rank nothing.
void drop_function_words(ParsedQuery* query) {
  inverted::Query kept;
  for (size_t i = 0; i < query->lexical.clauses.size(); ++i) {
    const Clause& clause = query->lexical.clauses[i];
    if (clause.occur == Occur::should && clause.terms.size() == 1 && is_function_word(clause.terms[0])) continue;
    kept.clauses.push_back(clause);
    kept.boosts.push_back(query->lexical.boosts[i]);
  }
  const bool wanted = std::any_of(kept.clauses.begin(), kept.clauses.end(),
                                  [](const Clause& clause) { return clause.occur != Occur::must_not; });
  if (wanted) query->lexical = std::move(kept);
}

void add_clause(ParsedQuery* query, Clause clause) {
  for (size_t i = 0; i < query->lexical.clauses.size(); ++i) {
    const Clause& other = query->lexical.clauses[i];
    if (other.occur == clause.occur && other.terms == clause.terms && other.offsets == clause.offsets) {
      if (clause.occur == Occur::should) query->lexical.boosts[i] += 1;
      return;
    }
  }
  query->lexical.clauses.push_back(std::move(clause));
  query->lexical.boosts.push_back(1);
}

// What is left when all pieces are read: without function words, with the terms that are looked for.
Result<ParsedQuery> finished(ParsedQuery query) {
  drop_function_words(&query);
  for (const Clause& clause : query.lexical.clauses) {
    if (clause.occur == Occur::must_not) continue;
    query.terms.insert(query.terms.end(), clause.terms.begin(), clause.terms.end());
  }
  if (query.terms.empty()) {
    return Status(Code::invalid_argument, "the query has no word to look for",
                  query.has_must_not ? "add a word that is wanted: -word only takes away" : "give at least one word");
  }
  std::sort(query.terms.begin(), query.terms.end());
  query.terms.erase(std::unique(query.terms.begin(), query.terms.end()), query.terms.end());
  return query;
}

Status check_clauses(const ParsedQuery& query) {
  if (query.lexical.clauses.size() <= kMaxClauses) return {};
  return {Code::exhausted, fmt::format("the query has more than {} different words", kMaxClauses), "shorten the query"};
}

}  // namespace

Result<ParsedQuery> parse_query(std::string_view words, const text::Analyzer& analyzer) {
  ParsedQuery query;
  for (const Piece& piece : split(words)) {
    const std::vector<Word> terms = analyze(analyzer, piece.text);
    if (piece.occur != Occur::must_not) {
      if (!query.text.empty()) query.text += ' ';
      query.text += piece.text;
    }
    if (terms.empty()) continue;
    if (piece.occur == Occur::must) query.has_must = true;
    if (piece.occur == Occur::must_not) query.has_must_not = true;
    if (piece.phrase || piece.occur != Occur::should) {
      add_clause(&query, phrase_of(terms, piece.occur));
    } else {
      for (const Word& term : terms) add_clause(&query, {Occur::should, {term.term}, {0}});
    }
    TARN_TRY(check_clauses(query));
  }
  return finished(std::move(query));
}

Result<ParsedQuery> parse_question(std::string_view question, const text::Analyzer& analyzer) {
  ParsedQuery query;
  query.text = question;
  for (const Word& term : analyze(analyzer, question)) {
    add_clause(&query, {Occur::should, {term.term}, {0}});
    TARN_TRY(check_clauses(query));
  }
  return finished(std::move(query));
}

}  // namespace tarn::search
