#include "search/names.h"

#include <algorithm>
#include <span>

#include "base/ascii.h"
#include "search/function_words.h"

namespace tarn::search {
namespace {

using base::is_digit;
using base::is_lower;
using base::is_upper;

using inverted::Clause;
using inverted::Occur;
using Kind = QueryWord::Kind;

constexpr size_t kMaxNameWords = 16;

struct Context {
  std::string_view run;
  size_t content = 0;       // words of the query that are no function words
  bool lower = false;       // some word of the query is not all capitals
  bool title_case = false;  // each of its words begins with a capital
};

bool has_sign(std::string_view run, std::string_view name) {
  const auto begin = static_cast<size_t>(name.data() - run.data());
  const std::string_view before = run.substr(0, begin), after = run.substr(begin + name.size());
  const bool in_front = !before.empty() && std::string_view("-$@#").find(before.back()) != std::string_view::npos;
  return in_front || after.starts_with("()") || name.front() == '.' || name.front() == '-' || name.ends_with("++") ||
         name.ends_with('#');
}

bool begins_sentence(std::string_view run, std::string_view name) {
  const std::string_view before = run.substr(0, static_cast<size_t>(name.data() - run.data()));
  const size_t last = before.find_last_not_of(" \t\r\n(");
  return last == std::string_view::npos || std::string_view(".?!:").find(before[last]) != std::string_view::npos;
}

bool is_acronym(std::string_view name) {  // U.S.A., e.g.
  for (size_t i = 0; i < name.size(); ++i) {
    if (i % 2 == 1 ? name[i] != '.' : !base::may_be_letter(name[i])) return false;
  }
  return true;
}

bool is_name(std::string_view name, const Context& context) {
  size_t digits = 0, letters = 0, upper = 0;
  bool joined = false, capital_within = false;
  for (size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    digits += is_digit(c);
    letters += base::may_be_letter(c);
    upper += is_upper(c);
    const bool within = i > 0 && i + 1 < name.size();
    joined = joined || c == '_' || (within && std::string_view(".:@&([{<>=\\%").find(c) != std::string_view::npos);
    capital_within = capital_within || (i > 0 && is_upper(c) && is_lower(name[i - 1]));
  }
  if (digits > 2 || (digits > 0 && letters > 0)) return true;
  if ((joined && letters > 0 && !is_acronym(name)) || has_sign(context.run, name)) return true;
  if (context.content > kMaxCapitalWords) return false;
  if (capital_within) return true;
  if (upper > 1 && upper == letters) return context.lower;
  return is_upper(name.front()) && letters > 1 && !context.title_case && !begins_sentence(context.run, name);
}

Clause in_a_row(std::span<const QueryWord> words) {
  Clause clause{Occur::should, {}, {}};
  for (size_t i = 0; i < words.size(); ++i) {
    clause.terms.push_back(words[i].terms.front().term);
    clause.offsets.push_back(static_cast<uint32_t>(i));
  }
  return clause;
}

Name make_name(std::span<const QueryWord> words, std::string_view written) {
  Name name{{in_a_row(words)}};
  // Other spellings of the whole: utf8 for utf-8, 4.5.6 for v4.5.6.
  for (const QueryTerm& term : words.front().terms) {
    if (term.form == text::Form::spelling && (words.size() == 1 || term.written == written)) {
      name.ways.push_back({Occur::should, {term.term}, {0}});
    }
  }
  return name;
}

}  // namespace

std::vector<Name> names_of(const std::vector<Run>& runs, const std::vector<std::vector<QueryWord>>& words) {
  Context context;
  size_t capitals = 0, all = 0;
  for (size_t r = 0; r < runs.size(); ++r) {
    if (runs[r].occur == Occur::must_not) continue;
    for (const QueryWord& word : words[r]) {
      context.lower = context.lower || std::any_of(word.written.begin(), word.written.end(), is_lower);
      context.content += word.kind != Kind::function;
      capitals += is_upper(word.written.front());
      ++all;
    }
  }
  context.title_case = capitals == all || capitals * 2 > all + 1;
  std::vector<Name> names;
  if (context.content > kMaxNamedWords) return names;
  for (size_t r = 0; r < runs.size(); ++r) {
    if (runs[r].occur == Occur::must_not) continue;
    context.run = runs[r].text;
    const std::span<const QueryWord> of_run(words[r]);
    for (size_t from = 0, to = 0; from < of_run.size(); from = to) {
      // Words between two blanks.
      to = from + 1;
      const auto end = [](const QueryWord& w) { return w.written.data() + w.written.size(); };
      while (to < of_run.size()) {
        const char* gap = end(of_run[to - 1]);
        const char* next = of_run[to].written.data();
        if (gap < next &&
            std::string_view(gap, static_cast<size_t>(next - gap)).find_first_of(" \t\r\n") != std::string_view::npos) {
          break;
        }
        ++to;
      }
      const auto chunk = of_run.subspan(from, to - from);
      const std::string_view written(
          chunk.front().written.data(),
          static_cast<size_t>(std::max(end(chunk.back()), end(chunk.front())) - chunk.front().written.data()));
      if (chunk.size() > kMaxNameWords || (chunk.size() == 1 && chunk.front().kind == Kind::function)) continue;
      const bool only = context.content == 1 && chunk.size() == 1;
      if (!only && !chunk.front().emoji && !is_name(written, context)) continue;
      Name name = make_name(chunk, written);
      const bool known = std::any_of(names.begin(), names.end(), [&](const Name& other) {
        return other.ways.front().terms == name.ways.front().terms;
      });
      if (!known && names.size() < kMaxNames) names.push_back(std::move(name));
    }
  }
  return names;
}

}  // namespace tarn::search
