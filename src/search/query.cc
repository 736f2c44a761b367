#include "search/query.h"

#include <fmt/format.h>

#include <algorithm>

#include "search/query_words.h"

namespace tarn::search {
namespace {

using base::Code;
using base::Result;
using base::Status;
using inverted::Clause;
using inverted::Occur;
using Kind = QueryWord::Kind;
using Words = std::vector<QueryWord>;

constexpr size_t kMaxWholePhrase = 8, kMaxShortPhrase = 5;  // words

// The words [from, to) in a row, each as itself.
Clause phrase_of(const Words& words, size_t from, size_t to, Occur occur = Occur::should) {
  Clause clause{occur, {}, {}};
  for (size_t i = from; i < to; ++i) {
    clause.terms.push_back(words[i].terms.front().term);
    clause.offsets.push_back(static_cast<uint32_t>(i - from));
  }
  return clause;
}

void sort_unique(std::vector<std::string>* terms) {
  std::sort(terms->begin(), terms->end());
  terms->erase(std::unique(terms->begin(), terms->end()), terms->end());
}

// Clauses of the words that were read, run by run.
class Composer {
 public:
  Composer(const std::vector<Run>& runs, const std::vector<Words>& words, Syntax syntax)
      : is_question_(syntax == Syntax::question) {
    bool others = false, one_term = false;
    for (size_t r = 0; r < runs.size(); ++r) {
      if (runs[r].occur == Occur::must_not) continue;
      for (const QueryWord& word : words[r]) {
        others = others || word.kind == Kind::function;
        if (word.kind == Kind::function) continue;
        ++content_;
        one_term = word.terms.size() == 1;
      }
    }
    leads_ = content_ == 1 && one_term && others;
    for (size_t r = 0; r < runs.size(); ++r) {
      if (words[r].empty()) continue;
      if (!is_question_ && (runs[r].quoted || runs[r].occur != Occur::should)) {
        phrase(words[r], runs[r].occur);
      } else {
        plain(words[r]);
      }
    }
  }

  ParsedQuery take(std::vector<Name> names) {
    // A name of several words (SKU-99/b, x[i](y)) counts as it is typed too.
    for (const Name& name : names) {
      if (name.ways.front().terms.size() > 1) add(name.ways.front(), is_question_ ? kTypedNameBoost : 1);
    }
    query_.names = std::move(names);
    for (const Clause& clause : query_.lexical.clauses) {
      if (clause.occur != Occur::must_not) {
        query_.terms.insert(query_.terms.end(), clause.terms.begin(), clause.terms.end());
      }
    }
    sort_unique(&query_.terms);
    if (content_ == 0) query_.content = query_.terms;
    sort_unique(&query_.content);
    return std::move(query_);
  }

 private:
  bool scarce() const { return content_ < 2; }

  void phrase(const Words& words, Occur occur) {
    Clause clause = phrase_of(words, 0, words.size(), occur);
    if (occur != Occur::should) query_.demands.push_back(clause);
    if (occur != Occur::must_not) {
      query_.content.insert(query_.content.end(), clause.terms.begin(), clause.terms.end());
      query_.marks.push_back({clause, {}});
    }
    if (leads_ && occur == Occur::should) clause.occur = Occur::must;
    add(std::move(clause), 1);
  }

  void plain(const Words& words) {
    for (size_t i = 0; i < words.size(); ++i) {
      word(words[i], words.size() == 1);
      if (i + 1 < words.size() && belong_together(words[i], words[i + 1])) in_a_row(words, i, i + 2);
    }
    if (scarce()) {
      if (words.size() > 2 && words.size() <= kMaxWholePhrase) in_a_row(words, 0, words.size());
      return;
    }
    // Of "how to use single sign on", what follows the words that ask. It only orders what its words find, and is not
    // marked.
    const auto is_function = [](const QueryWord& w) { return w.kind == Kind::function; };
    const auto first = std::find_if_not(words.begin(), words.end(), is_function);
    const auto size = static_cast<size_t>(words.end() - first);
    if (size > 2 && size <= kMaxShortPhrase && std::any_of(first, words.end(), is_function)) {
      add(phrase_of(words, words.size() - size, words.size()), 1);
    }
  }

  void word(const QueryWord& word, bool alone) {
    if (word.kind == Kind::function && !scarce()) return;
    const bool beside = word.kind == Kind::function && content_ > 0;
    if (beside && !leads_) return;
    const float boost = beside ? kFunctionWordBoost : 1.0F;
    for (const QueryTerm& term : word.terms) {
      if (word.only_joined && term.form == text::Form::word) continue;
      Clause clause{Occur::should, {term.term}, {0}};
      if (word.kind != Kind::function) query_.content.push_back(term.term);
      if (word.kind == Kind::content || alone || content_ == 0) {
        query_.marks.push_back({clause, {}});
      } else if (word.kind == Kind::capital) {
        query_.marks.push_back({clause, std::string(word.written)});
      }
      if (leads_ && word.kind != Kind::function) clause.occur = Occur::must;
      add(std::move(clause), boost);
    }
  }

  bool belong_together(const QueryWord& a, const QueryWord& b) const {
    if (a.kind == Kind::content && b.kind == Kind::content) return false;
    if (a.kind != Kind::function && b.kind != Kind::function) return true;  // vitamin A, IT department
    return scarce() && (content_ == 0 || a.kind != Kind::function || b.kind != Kind::function);
  }

  void in_a_row(const Words& words, size_t from, size_t to) {
    Clause clause = phrase_of(words, from, to);
    query_.marks.push_back({clause, {}});
    add(std::move(clause), 1);
  }

  void add(Clause clause, float boost) {
    for (size_t i = 0; i < query_.lexical.clauses.size(); ++i) {
      const Clause& other = query_.lexical.clauses[i];
      if (other.occur == clause.occur && other.terms == clause.terms && other.offsets == clause.offsets) {
        if (clause.occur == Occur::should) query_.lexical.boosts[i] += boost;
        return;
      }
    }
    query_.lexical.clauses.push_back(std::move(clause));
    query_.lexical.boosts.push_back(boost);
  }

  ParsedQuery query_;
  bool is_question_;
  size_t content_ = 0;  // words that are wanted and are no function words
  bool leads_ = false;  // there is one, and function words beside it: it must be there
};

std::string wanted_text(const std::vector<Run>& runs) {
  std::string text;
  for (const Run& run : runs) {
    if (run.occur == Occur::must_not) continue;
    if (!text.empty()) text += ' ';
    text += run.text;
  }
  return text;
}

Result<ParsedQuery> parse(std::string_view typed, const text::Analyzer& analyzer, Syntax syntax) {
  const std::vector<Run> runs = read_runs(typed, syntax);
  const std::vector<Words> words = read_words(runs, analyzer);
  ParsedQuery query = Composer(runs, words, syntax).take(names_of(runs, words));
  if (query.lexical.clauses.size() > kMaxClauses) {
    return Status(Code::exhausted, fmt::format("the query has more than {} different words", kMaxClauses),
                  "shorten the query");
  }
  if (query.terms.empty()) {
    return Status(
        Code::invalid_argument, "the query has no word to look for",
        query.demands.empty() ? "give at least one word" : "add a word that is wanted: -word only takes away");
  }
  query.text = syntax == Syntax::question ? std::string(typed) : wanted_text(runs);
  return query;
}

}  // namespace

Result<ParsedQuery> parse_query(std::string_view typed, const text::Analyzer& analyzer) {
  return parse(typed, analyzer, Syntax::query);
}

Result<ParsedQuery> parse_question(std::string_view question, const text::Analyzer& analyzer) {
  return parse(question, analyzer, Syntax::question);
}

}  // namespace tarn::search
