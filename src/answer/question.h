// A question, read once: its words with their weights, its vectors, and whether it wants a definition.
// Threads: pure.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "answer/asked.h"
#include "search/search.h"

namespace tarn::answer {

// Passages that are taken to stand beside those of the lake, without a word of the question: with them a word that two
// of five passages have is no common word, and a weight says about the same in a lake of three notes and in a large
// one.
inline constexpr double kAssumedPassages = 50;

struct Question {
  search::Asked asked;
  encode::WordVectors words;  // of its text; empty without an encoder
  // Of each term that is no function word and not only spoken (of all, when there is no other) its idf, over the live
  // passages and kAssumedPassages more.
  std::map<std::string, double> weights;
  bool defines = false;   // "what is …", "what does … do"
  bool asks_how = false;  // "how do I …": for a procedure
  Kind kind = Kind::any;  // what it asks for
};

// "What is the port, and who is the harbour master?" → both questions, each whole by itself; else the question alone.
std::vector<std::string> questions_in(const std::string& text);

// environment.encoder may be null.
base::Result<Question> read_question(const std::string& words, const std::vector<search::Target>& targets,
                                     const search::Environment& environment, const base::Context& context);

std::set<std::string> terms_of(const text::Analyzer& analyzer, std::string_view text);

// The share of the question's weights whose terms are in `terms`.
double covered_share(const Question& question, const std::set<std::string>& terms);

// The weights of the terms that are in `terms`, together, in units of the greatest weight; and the greatest weight of
// one that is not.
struct Match {
  double found = 0, missing = 0;
};
Match match(const Question& question, const std::set<std::string>& terms);

}  // namespace tarn::answer
