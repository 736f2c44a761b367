// What a question asks for: its words with their weights, and whether it wants a definition.
// Threads: pure.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "search/search.h"

namespace tarn::answer {

struct Question {
  std::string text;  // for the encoder
  std::map<std::string, double>
      weights;           // idf of each term that is no function word (of all, when there is no other), over the tables
  double known = 0;      // share of the weights whose term some live passage has
  bool defines = false;  // "what is …", "what does … do"
};

base::Result<Question> read_question(const std::string& words, const std::vector<search::Target>& targets,
                                     const text::Analyzer& analyzer);

std::set<std::string> terms_of(const text::Analyzer& analyzer, std::string_view text);

// The share of the question's weights whose terms are in `terms`.
double covered_share(const Question& question, const std::set<std::string>& terms);

}  // namespace tarn::answer
