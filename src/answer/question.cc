#include "answer/question.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include "base/ascii.h"
#include "inverted/bm25.h"

namespace tarn::answer {
namespace {

using base::lower;

constexpr std::array<std::string_view, 6> kDefining = {"what is ",   "what are ", "what's ",
                                                       "what does ", "what do ",  "define "};

constexpr std::array<std::string_view, 12> kProcedural = {
    "how do ",  "how can ",        "how to ",     "how should ",        "how is ",         "how are ",
    "how must", "what are the st", "what steps ", "what do i have to ", "what must i do ", "steps "};

template <size_t N>
bool begins_with_one(std::string_view text, const std::array<std::string_view, N>& ways) {
  const std::string start = lower(text.substr(0, 32));
  return std::any_of(ways.begin(), ways.end(), [&](std::string_view way) { return start.starts_with(way); });
}

}  // namespace

base::Result<Question> read_question(const std::string& words, const std::vector<search::Target>& targets,
                                     const search::Environment& environment, const base::Context& context) {
  Question question;
  TARN_ASSIGN(question.asked.query, search::parse_question(words, *environment.analyzer));
  const search::ParsedQuery& query = question.asked.query;
  if (environment.encoder) {
    const encode::Input input{encode::Role::query, query.text};
    TARN_ASSIGN(auto read, environment.encoder->encode_words({&input, 1}, encode::Urgency::urgent, context));
    question.words = std::move(read.front());
    question.asked.vector = question.words.text;
  }
  question.defines = begins_with_one(query.text, kDefining);
  question.asks_how = begins_with_one(query.text, kProcedural);
  question.kind = asked_kind(query.text);
  double passages = kAssumedPassages;
  for (const search::Target& target : targets) passages += static_cast<double>(target.live->passage_count());
  const auto add = [&](const std::string& term) {
    double df = 0;
    for (const search::Target& target : targets) df += static_cast<double>(target.live->document_frequency(term));
    question.weights[term] = inverted::idf(passages, df);
  };
  std::vector<std::string> about;
  const std::set<std::string> spoken = terms_of(*environment.analyzer, spoken_words());
  std::copy_if(query.content.begin(), query.content.end(), std::back_inserter(about),
               [&](const std::string& term) { return spoken.count(term) == 0; });
  for (const std::string& term : about.empty() ? query.content : about) add(term);
  return question;
}

std::set<std::string> terms_of(const text::Analyzer& analyzer, std::string_view text) {
  std::set<std::string> terms;
  analyzer.analyze(text, [&](const text::Token& token) { terms.insert(std::string(token.term)); });
  return terms;
}

double covered_share(const Question& question, const std::set<std::string>& terms) {
  double all = 0, covered = 0;
  for (const auto& [term, weight] : question.weights) {
    all += weight;
    if (terms.count(term)) covered += weight;
  }
  return all > 0 ? covered / all : 0;
}

Match match(const Question& question, const std::set<std::string>& terms) {
  Match match;
  double greatest = 0;
  for (const auto& [term, weight] : question.weights) {
    greatest = std::max(greatest, weight);
    if (terms.count(term)) {
      match.found += weight;
    } else {
      match.missing = std::max(match.missing, weight);
    }
  }
  if (greatest > 0) match.found /= greatest;
  return match;
}

}  // namespace tarn::answer
