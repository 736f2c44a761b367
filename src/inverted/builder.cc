#include <algorithm>
#include <limits>

#include "base/bytes.h"
#include "base/check.h"
#include "inverted/dictionary.h"
#include "inverted/forward.h"
#include "inverted/layout.h"
#include "inverted/posting_list.h"
#include "inverted/postings.h"
#include "inverted/segment.h"
#include "inverted/term_table.h"

namespace tarn::inverted {

struct Builder::State {
  TermTable terms;
  std::vector<uint32_t> document_frequency;  // by term id
  std::vector<uint32_t> last_passage;        // by term id: the last passage that counted for it, plus 1
  std::vector<uint32_t> ids;                 // of all occurrences, passage after passage
  std::vector<uint32_t> positions;
  std::vector<uint32_t> occurrences;  // by passage
  std::vector<uint32_t> lengths;      // by passage: distinct positions
  uint64_t total_length = 0;
  uint64_t posting_count = 0;

  void add(uint32_t id, uint32_t position) {
    if (id == document_frequency.size()) {
      document_frequency.push_back(0);
      last_passage.push_back(0);
    }
    const auto passage = static_cast<uint32_t>(lengths.size()) + 1;
    if (last_passage[id] != passage) {
      last_passage[id] = passage;
      ++document_frequency[id];
      ++posting_count;
    }
    ids.push_back(id);
    positions.push_back(position);
  }

  void end_passage(size_t first) {
    uint32_t length = 0;
    for (size_t i = first; i < positions.size(); ++i) {
      TARN_CHECK(i == first || positions[i] >= positions[i - 1]);
      length += i == first || positions[i] != positions[i - 1];
    }
    TARN_CHECK(lengths.size() < kSingle);
    lengths.push_back(length);
    occurrences.push_back(static_cast<uint32_t>(positions.size() - first));
    total_length += length;
  }

  // Forward records in passage order and, on the way, the postings of all terms: term t's lie at [start[t], start[t +
  // 1]).
  void invert(const std::vector<uint32_t>& ordinal_of, const std::vector<uint64_t>& start,
              std::vector<uint32_t>* passages, std::vector<uint32_t>* frequencies, std::string* forward_index,
              std::string* forward) const;
};

Builder::Builder() : state_(std::make_unique<State>()) {}
Builder::~Builder() = default;

void Builder::add_passage(std::span<const Occurrence> occurrences) {
  const size_t first = state_->ids.size();
  for (const Occurrence& o : occurrences) state_->add(state_->terms.id(o.term), o.position);
  state_->end_passage(first);
}

void Builder::add_reader(const Reader& reader, const std::vector<uint64_t>* deleted) {
  const Segment& segment = Segment::of(reader);
  constexpr uint32_t kUnknown = ~0u;
  std::vector<uint32_t> id_of(segment.term_count(), kUnknown);
  ForwardRecord record;
  for (uint32_t p = 0; p < segment.passage_count(); ++p) {
    if (deleted != nullptr && p / 64 < deleted->size() && ((*deleted)[p / 64] >> (p % 64) & 1)) continue;
    const size_t first = state_->ids.size();
    segment.forward(p, &record);
    for (size_t i = 0; i < record.which.size(); ++i) {
      const uint32_t ordinal = record.terms[record.which[i]];
      if (id_of[ordinal] == kUnknown) id_of[ordinal] = state_->terms.id(segment.dictionary().term(ordinal));
      state_->add(id_of[ordinal], record.positions[i]);
    }
    state_->end_passage(first);
  }
}

size_t Builder::memory_bytes() const {
  const State& s = *state_;
  return s.terms.memory_bytes() + 8 * s.document_frequency.size() + 8 * s.ids.size() + 8 * s.lengths.size() +
         8 * s.posting_count;
}

void Builder::State::invert(const std::vector<uint32_t>& ordinal_of, const std::vector<uint64_t>& start,
                            std::vector<uint32_t>* passages, std::vector<uint32_t>* frequencies,
                            std::string* forward_index, std::string* forward) const {
  std::vector<uint64_t> next(start.begin(), start.end());
  std::vector<uint32_t> local(ordinal_of.size());  // by ordinal: its index in the passage at hand
  std::vector<uint32_t> frequency;
  ForwardRecord record;
  base::ByteWriter index(forward_index);
  size_t at = 0;
  for (uint32_t p = 0; p < lengths.size(); ++p) {
    index.fixed(static_cast<uint32_t>(forward->size()));
    const size_t end = at + occurrences[p];
    record.terms.clear();
    record.which.resize(end - at);
    for (size_t i = at; i < end; ++i) record.which[i - at] = ordinal_of[ids[i]];
    record.terms = record.which;
    std::sort(record.terms.begin(), record.terms.end());
    record.terms.erase(std::unique(record.terms.begin(), record.terms.end()), record.terms.end());
    for (uint32_t i = 0; i < record.terms.size(); ++i) local[record.terms[i]] = i;
    frequency.assign(record.terms.size(), 0);
    for (uint32_t& w : record.which) ++frequency[w = local[w]];
    record.positions.assign(positions.begin() + static_cast<ptrdiff_t>(at),
                            positions.begin() + static_cast<ptrdiff_t>(end));
    write_forward(record, forward);
    TARN_CHECK(forward->size() <= kMaxSection);
    for (size_t i = 0; i < record.terms.size(); ++i) {
      const uint64_t to = next[record.terms[i]]++;
      (*passages)[to] = p;
      (*frequencies)[to] = frequency[i];
    }
    at = end;
  }
  index.fixed(static_cast<uint32_t>(forward->size()));
}

std::string Builder::finish() {
  State& s = *state_;
  const std::vector<uint32_t> order = s.terms.sorted();
  const auto terms = static_cast<uint32_t>(order.size());
  std::vector<uint32_t> ordinal_of(terms);
  std::vector<uint64_t> start(size_t{terms} + 1);
  std::string dictionary_index, dictionary, term_table, postings, forward_index, forward;
  DictionaryWriter dictionary_writer(&dictionary_index, &dictionary);
  for (uint32_t t = 0; t < terms; ++t) {
    ordinal_of[order[t]] = t;
    start[t + 1] = start[t] + s.document_frequency[order[t]];
    dictionary_writer.add(s.terms.term(order[t]));
  }
  std::vector<uint32_t> passages(s.posting_count), frequencies(s.posting_count);
  s.invert(ordinal_of, start, &passages, &frequencies, &forward_index, &forward);

  base::ByteWriter table(&term_table);
  for (uint32_t t = 0; t < terms; ++t) {
    const size_t from = start[t], count = start[t + 1] - from;
    if (count == 1) {
      table.fixed(kSingle | frequencies[from]);
      table.fixed(passages[from]);
      continue;
    }
    table.fixed(static_cast<uint32_t>(count));
    table.fixed(static_cast<uint32_t>(postings.size()));
    write_postings({passages.data() + from, count}, {frequencies.data() + from, count}, s.lengths, &postings);
  }
  TARN_CHECK(postings.size() <= kMaxSection && dictionary.size() <= kMaxSection);

  const uint32_t longest = s.lengths.empty() ? 0 : *std::max_element(s.lengths.begin(), s.lengths.end());
  const uint8_t width = longest <= 0xFF ? 1 : longest <= 0xFFFF ? 2 : 4;
  std::string lengths;
  for (const uint32_t l : s.lengths) lengths.append(reinterpret_cast<const char*>(&l), width);

  std::string out;
  base::ByteWriter w(&out);
  w.bytes(kMagic);
  w.fixed(static_cast<uint32_t>(s.lengths.size()));
  w.fixed(terms);
  w.fixed(s.total_length);
  w.fixed(width);
  out.resize(kHeaderBytes);
  const auto place = [&](Section section, std::string* bytes) {
    w.align(8);
    const uint64_t at = out.size();
    out.replace(kAtSections + 8 * section, 8, reinterpret_cast<const char*>(&at), 8);
    out += *bytes;
    std::string().swap(*bytes);
  };
  out.reserve(kHeaderBytes + lengths.size() + dictionary_index.size() + dictionary.size() + term_table.size() +
              postings.size() + forward_index.size() + forward.size() + 8 * kSections + kTail);
  std::string nothing;
  place(kLengths, &lengths);
  place(kDictionaryIndex, &dictionary_index);
  place(kDictionary, &dictionary);
  place(kTermTable, &term_table);
  place(kPostings, &postings);
  place(kForwardIndex, &forward_index);
  place(kForward, &forward);
  place(kEnd, &nothing);
  out.resize(out.size() + kTail);
  state_ = std::make_unique<State>();
  return out;
}

}  // namespace tarn::inverted
