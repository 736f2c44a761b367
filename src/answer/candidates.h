// What could be quoted of the passages that were found, with what each has of the question's words.
// Rules:   a short piece must say more than the question does, and with its headings have a word of it; a row of a
//          table that lacks a word by which another row is told apart is no candidate; the steps of a list are one when
//          the question asks how.
// Threads: pure.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "answer/extract.h"
#include "answer/question.h"

namespace tarn::answer {

struct Candidate {
  Quote quote;
  std::set<std::string> terms;  // of the quote and its columns
  double covered = 0;           // share of the question, half by the piece alone, half with its title and headings
  double cosine = 0;
  double extra = 0;          // gains and losses
  std::string header;        // of a table's row
  std::string_view follows;  // what the paragraph says next, when both are short
  std::vector<float> vector;
  std::string read_as;     // title, headings, columns and the words of the quote: what the encoder reads
  double counterpart = 0;  // see Evidence; of the best pieces only
  double gain = 0;         // of the score, by the counterpart
  bool has_kind = true;    // something of what is asked for
};

// `evidence`: its words are filled.
std::vector<Candidate> candidates_of(const Question& question, const std::vector<search::Hit>& hits,
                                     const text::Analyzer& analyzer, Evidence* evidence);

}  // namespace tarn::answer
