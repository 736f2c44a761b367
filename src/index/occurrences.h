// The words of a passage with their positions, as the inverted file takes them.
// Threads: one Occurrences a thread; add() calls of one passage, then view().
#pragma once

#include <span>
#include <string>
#include <vector>

#include "inverted/postings.h"
#include "text/analyzer.h"

namespace tarn::index {

class Occurrences {
 public:
  // The words of a passage: what stands above it first, then, kContextGap on, its text. `context` as in
  // document::Passage.
  void analyze(const text::Analyzer& analyzer, std::string_view title, const std::vector<std::string>& heading,
               std::string_view text, std::string_view context = {});
  void clear();
  void add(std::string_view term, uint32_t position);
  // Valid until the next call of another member.
  std::span<const inverted::Occurrence> view();

 private:
  struct Item {
    size_t offset;
    uint32_t size, position;
  };
  std::string terms_;
  std::vector<Item> items_;
  std::vector<inverted::Occurrence> view_;
};

}  // namespace tarn::index
