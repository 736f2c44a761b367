#include "inverted/segment.h"

#include <algorithm>
#include <array>

#include "inverted/impacts.h"

namespace tarn::inverted {
namespace {

base::Status corrupt(std::string_view what, std::string_view why, uint64_t offset) {
  return {base::Code::corruption,
          std::string(what) + ": inverted file: " + std::string(why) + " at offset " + std::to_string(offset),
          "remove the file; the next pull or search builds it again"};
}

}  // namespace

base::Result<std::shared_ptr<const Reader>> Reader::open(std::string_view bytes, std::string what) {
  TARN_ASSIGN(auto segment, Segment::open(bytes, what));
  return std::shared_ptr<const Reader>(std::move(segment));
}

base::Result<std::shared_ptr<const Segment>> Segment::open(std::string_view bytes, std::string_view what) {
  if (bytes.size() < kHeaderBytes + kTail) return corrupt(what, "bytes end too early", bytes.size());
  if (!bytes.starts_with(kMagic)) return corrupt(what, "does not begin with " + std::string(kMagic), 0);
  auto s = std::make_shared<Segment>();
  const auto u32 = [&](size_t at) { return base::load_le<uint32_t>(bytes.data() + at); };
  const auto u64 = [&](size_t at) { return base::load_le<uint64_t>(bytes.data() + at); };
  s->passages_ = u32(kAtPassages);
  s->total_length_ = u64(kAtTotalLength);
  s->length_width_ = static_cast<unsigned char>(bytes[kAtLengthWidth]);
  const uint32_t terms = u32(kAtTerms);
  if (s->length_width_ != 1 && s->length_width_ != 2 && s->length_width_ != 4) {
    return corrupt(what, "unknown width of lengths", kAtLengthWidth);
  }

  std::array<uint64_t, kSections> at;
  for (size_t i = 0; i < kSections; ++i) {
    at[i] = u64(kAtSections + 8 * i);
    const uint64_t least = i == 0 ? kHeaderBytes : at[i - 1];
    if (at[i] < least || at[i] > bytes.size() - kTail) {
      return corrupt(what, "a section lies outside", kAtSections + 8 * i);
    }
  }
  if (at[kEnd] != bytes.size() - kTail) {
    return corrupt(what, "the sections do not end with the bytes", kAtSections + 8 * kEnd);
  }
  const auto section = [&](Section i) { return bytes.substr(at[i], at[i + 1] - at[i]); };
  const auto holds = [&](Section i, uint64_t least) { return section(i).size() >= least; };
  if (!holds(kLengths, uint64_t{s->passages_} * s->length_width_)) {
    return corrupt(what, "too few lengths", at[kLengths]);
  }
  if (!holds(kTermTable, uint64_t{terms} * 8)) return corrupt(what, "too short a term table", at[kTermTable]);
  if (!holds(kForwardIndex, (uint64_t{s->passages_} + 1) * 4)) {
    return corrupt(what, "too short a forward index", at[kForwardIndex]);
  }
  const uint64_t dictionary_blocks = (uint64_t{terms} + kDictionaryBlock - 1) / kDictionaryBlock;
  if (!holds(kDictionaryIndex, dictionary_blocks * 4)) {
    return corrupt(what, "too short a dictionary index", at[kDictionaryIndex]);
  }

  s->lengths_ = bytes.data() + at[kLengths];
  s->dictionary_ = Dictionary(section(kDictionaryIndex).substr(0, dictionary_blocks * 4), section(kDictionary), terms);
  s->term_table_ = section(kTermTable);
  s->postings_ = section(kPostings);
  s->forward_index_ = section(kForwardIndex);
  s->forward_ = section(kForward);
  if (!s->dictionary_.check()) return corrupt(what, "a dictionary block lies outside", at[kDictionaryIndex]);
  for (uint64_t t = 0; t < terms; ++t) {
    const uint32_t count = u32(at[kTermTable] + 8 * t), where = u32(at[kTermTable] + 8 * t + 4);
    const bool sound =
        count & kSingle ? where < s->passages_ : PostingList::check(s->postings_, where, count, s->passages_);
    if (!sound) return corrupt(what, "a posting list lies outside", at[kTermTable] + 8 * t);
  }
  return std::shared_ptr<const Segment>(std::move(s));
}

std::optional<TermOrdinal> Segment::find(std::string_view term) const {
  const auto found = dictionary_.find(term);
  return found ? std::optional(TermOrdinal(*found)) : std::nullopt;
}

uint32_t Segment::document_frequency(TermOrdinal term) const {
  if (term.value >= term_count()) return 0;
  const auto count = base::load_le<uint32_t>(term_table_.data() + size_t{8} * term.value);
  return count & kSingle ? 1 : count;
}

PostingList Segment::postings(uint32_t term) const {
  if (term >= term_count()) return {};
  const char* entry = term_table_.data() + size_t{8} * term;
  const auto count = base::load_le<uint32_t>(entry), where = base::load_le<uint32_t>(entry + 4);
  if (count & kSingle) return {where, count & ~kSingle};
  return {reinterpret_cast<const unsigned char*>(postings_.data()) + where, count};
}

PostingList Segment::postings(const ResolvedTerm& term) const {
  if (term.count & kSingle && term.place < passages_) return {term.place, term.count & ~kSingle};
  // A lexicon may be damaged or not of this segment. Checking a short list costs nothing; a long one is found by its
  // ordinal.
  const bool sound = term.count <= kBlock && PostingList::check(postings_, term.place, term.count, passages_);
  if (!sound) return postings(term.term.value);
  return {reinterpret_cast<const unsigned char*>(postings_.data()) + term.place, term.count};
}

ResolvedTerm Segment::resolve(std::string_view term) const {
  const auto found = dictionary_.find(term);
  return found ? resolved(*found) : ResolvedTerm();
}

ResolvedTerm Segment::resolved(uint32_t term) const {
  ResolvedTerm r;
  r.term = TermOrdinal(term);
  if (term >= term_count()) return r;
  r.count = base::load_le<uint32_t>(term_table_.data() + size_t{8} * term);
  r.place = base::load_le<uint32_t>(term_table_.data() + size_t{8} * term + 4);
  const PostingList list = postings(term);
  ImpactFront front;
  if (list.is_single()) {
    front.add(list.single_frequency(), length_of(list.single_passage()));
  } else {
    for (uint32_t i = 0; i < list.impacts(); ++i) front.add(list.impact(i));
  }
  const auto cut = front.cut(std::size(r.impacts));
  std::copy(cut.begin(), cut.end(), r.impacts);
  return r;
}

void Segment::forward(uint32_t passage, ForwardRecord* out) const {
  uint64_t from = 0, to = 0;
  if (passage < passages_) {
    from = base::load_le<uint32_t>(forward_index_.data() + size_t{4} * passage);
    to = base::load_le<uint32_t>(forward_index_.data() + size_t{4} * passage + 4);
  }
  read_forward(from <= to && to <= forward_.size() ? forward_.substr(from, to - from) : std::string_view(),
               term_count(), out);
}

void Segment::passage_terms(base::PassageOrdinal passage, std::vector<TermCount>* out) const {
  thread_local ForwardRecord record;
  forward(passage.value, &record);
  out->clear();
  out->reserve(record.terms.size());
  for (const uint32_t t : record.terms) out->push_back({TermOrdinal(t), 0});
  for (const uint32_t w : record.which) ++(*out)[w].frequency;
}

void Segment::passage_occurrences(base::PassageOrdinal passage,
                                  const std::function<void(TermOrdinal, uint32_t)>& sink) const {
  ForwardRecord record;  // the sink may ask for another passage
  forward(passage.value, &record);
  for (size_t i = 0; i < record.which.size(); ++i) {
    sink(TermOrdinal(record.terms[record.which[i]]), record.positions[i]);
  }
}

}  // namespace tarn::inverted
