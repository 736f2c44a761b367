// The forward list of one passage: its distinct terms and where each occurs.
// Shape:   doc/format/inverted.md: terms ascending as gaps, then each occurrence as an index into them and a step in
//          position. Phrases are checked here too: a passage is short, and so no position is kept twice.
// Errors:  a damaged record reads as empty.
// Threads: free functions; ForwardRecord is one thread's scratch.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tarn::inverted {

struct ForwardRecord {
  std::vector<uint32_t> terms;      // distinct, ascending
  std::vector<uint32_t> which;      // of each occurrence: an index into terms
  std::vector<uint32_t> positions;  // of each occurrence, ascending
};

// A record of no occurrences is no bytes.
void write_forward(const ForwardRecord& record, std::string* out);
// `bytes` can be read kUnpackSlack past its end.
void read_forward(std::string_view bytes, uint32_t term_count, ForwardRecord* out);

}  // namespace tarn::inverted
