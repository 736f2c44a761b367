#include "inverted/lexicon.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"
#include "inverted/impacts.h"
#include "inverted/lexicon_layout.h"
#include "inverted/segment.h"

namespace tarn::inverted {
namespace {

// Varints that run out read as 0, and `sound` tells.
class Varints {
 public:
  explicit Varints(std::string_view bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}
  uint32_t next() {
    if (at_ < end_ && !(*at_ & 0x80)) return static_cast<unsigned char>(*at_++);  // most are below 128
    uint64_t v = 0;
    for (unsigned shift = 0; shift < 35 && at_ < end_; shift += 7) {
      const auto byte = static_cast<unsigned char>(*at_++);
      v |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if (!(byte & 0x80)) return static_cast<uint32_t>(v);
    }
    sound_ = false;
    return 0;
  }
  bool sound() const { return sound_; }

 private:
  const char* at_;
  const char* end_;
  bool sound_ = true;
};

base::Status corrupt(std::string_view what, std::string_view why, uint64_t offset) {
  return {base::Code::corruption,
          std::string(what) + ": lexicon: " + std::string(why) + " at offset " + std::to_string(offset),
          "delete it: it is made again from the segments"};
}

}  // namespace

base::Result<std::shared_ptr<const Lexicon>> Lexicon::open(std::string_view bytes, std::string_view what) {
  namespace layout = lexicon_layout;
  if (bytes.size() < layout::kHeaderBytes) return corrupt(what, "bytes end too early", bytes.size());
  if (!bytes.starts_with(layout::kMagic)) return corrupt(what, "does not begin with " + std::string(layout::kMagic), 0);
  if (base::load_le<uint32_t>(bytes.data() + layout::kAtSegments) > kMaxSegments) {
    return corrupt(what, "too many segments", layout::kAtSegments);
  }
  auto l = std::make_shared<Lexicon>();
  l->segments_ = base::load_le<uint32_t>(bytes.data() + layout::kAtSegments);
  const auto terms = base::load_le<uint32_t>(bytes.data() + layout::kAtTerms);
  uint64_t at[layout::kSections];
  for (size_t i = 0; i < layout::kSections; ++i) {
    at[i] = base::load_le<uint64_t>(bytes.data() + layout::kAtSections + 8 * i);
    if (at[i] < (i == 0 ? layout::kHeaderBytes : at[i - 1]) || at[i] > bytes.size()) {
      return corrupt(what, "a section lies outside", layout::kAtSections + 8 * i);
    }
  }
  const auto section = [&](size_t i) { return bytes.substr(at[i], at[i + 1] - at[i]); };
  const uint64_t blocks = (uint64_t{terms} + kDictionaryBlock - 1) / kDictionaryBlock;
  if (section(layout::kDictionaryIndex).size() < 4 * blocks) {
    return corrupt(what, "too short a dictionary index", at[layout::kDictionaryIndex]);
  }
  if (section(layout::kOffsets).size() < 4 * (uint64_t{terms} + 1)) {
    return corrupt(what, "too few offsets", at[layout::kOffsets]);
  }
  l->dictionary_ =
      Dictionary(section(layout::kDictionaryIndex).substr(0, 4 * blocks), section(layout::kDictionary), terms);
  if (!l->dictionary_.check()) return corrupt(what, "a dictionary block lies outside", at[layout::kDictionaryIndex]);
  l->offsets_ = section(layout::kOffsets);
  l->entries_ = section(layout::kEntries);
  return std::shared_ptr<const Lexicon>(std::move(l));
}

template <typename Sink>
void Lexicon::each_entry(uint32_t term, Sink&& sink) const {
  const uint64_t from = base::load_le<uint32_t>(offsets_.data() + size_t{4} * term);
  const uint64_t to = base::load_le<uint32_t>(offsets_.data() + size_t{4} * term + 4);
  if (from > to || to > entries_.size()) return;
  Varints in(entries_.substr(from, to - from));
  uint64_t segment = 0;
  for (uint32_t left = in.next(); left > 0; --left) {
    LexiconEntry e;
    segment += in.next();
    e.segment = static_cast<uint32_t>(segment++);
    e.term.term = TermOrdinal(in.next());
    const uint32_t counts = in.next();
    e.document_frequency = counts >> 2;
    e.term.place = in.next();
    for (uint32_t n = 0; n <= (counts & 3); ++n) {
      e.term.impacts[n].frequency = static_cast<uint16_t>(in.next());
      e.term.impacts[n].length = static_cast<uint16_t>(in.next());
    }
    if (!in.sound() || segment > segments_) return;
    // Of a single posting the table has the frequency. Where that may not fit an impact, it is left to the table.
    const uint16_t frequency = e.term.impacts[0].frequency;
    e.term.count = e.document_frequency > 1 ? e.document_frequency : frequency < kManyTimes ? kSingle | frequency : 0;
    sink(e);
  }
}

void Lexicon::entries(uint32_t term, std::vector<LexiconEntry>* out) const {
  out->clear();
  each_entry(term, [&](const LexiconEntry& e) { out->push_back(e); });
}

uint64_t Lexicon::find(std::string_view term, std::vector<LexiconEntry>* out) const {
  out->clear();
  const auto ordinal = dictionary_.find(term);
  if (!ordinal) return 0;
  entries(*ordinal, out);
  uint64_t sum = 0;
  for (const LexiconEntry& e : *out) sum += e.document_frequency;
  return sum;
}

Lexicon::Resolution Lexicon::resolve(const Query& query) const {
  Resolution r;
  for (const Clause& c : query.clauses) r.terms += c.terms.size();
  r.by_segment.resize(r.terms * segments_);
  size_t at = 0;
  for (const Clause& c : query.clauses) {
    auto& frequencies = r.document_frequency.emplace_back();
    for (const std::string& term : c.terms) {
      uint64_t sum = 0;
      if (const auto ordinal = dictionary_.find(term)) {
        each_entry(*ordinal, [&](const LexiconEntry& e) {
          sum += e.document_frequency;
          r.by_segment[e.segment * r.terms + at] = e.term;
        });
      }
      frequencies.push_back(sum);
      ++at;
    }
  }
  return r;
}

// Terms of many sources in order, each with its entries.
class LexiconMerge {
  struct Source {
    Dictionary::Walk walk;
    const Segment* segment;  // null: the lexicon before
    uint32_t number;
  };
  auto later() {
    return [this](size_t a, size_t b) {
      const int order = sources_[a].walk.term().compare(sources_[b].walk.term());
      return order != 0 ? order > 0 : a > b;
    };
  }

 public:
  LexiconMerge(const Lexicon* before, std::span<const uint32_t> renumber, std::span<const AddedSegment> added)
      : before_(before), renumber_(renumber) {
    if (before_ != nullptr) sources_.push_back({Dictionary::Walk(before_->dictionary_), nullptr, 0});
    for (const AddedSegment& a : added) {
      const Segment& segment = Segment::of(*a.reader);
      sources_.push_back({Dictionary::Walk(segment.dictionary()), &segment, a.number});
    }
    for (size_t i = 0; i < sources_.size(); ++i) push(i);
  }

  bool next(std::string* term, std::vector<LexiconEntry>* entries) {
    entries->clear();
    while (!heap_.empty() && entries->empty()) {  // a term may be left with no segment
      *term = sources_[heap_.front()].walk.term();
      while (!heap_.empty() && sources_[heap_.front()].walk.term() == *term) {
        const size_t source = heap_.front();
        std::pop_heap(heap_.begin(), heap_.end(), later());
        heap_.pop_back();
        take(sources_[source], entries);
        push(source);
      }
    }
    std::sort(entries->begin(), entries->end(),
              [](const LexiconEntry& a, const LexiconEntry& b) { return a.segment < b.segment; });
    // Damaged bytes may give a term of one segment twice.
    const auto same = [](const LexiconEntry& a, const LexiconEntry& b) { return a.segment == b.segment; };
    entries->erase(std::unique(entries->begin(), entries->end(), same), entries->end());
    return !entries->empty();
  }

 private:
  void push(size_t source) {
    if (!sources_[source].walk.next()) return;
    heap_.push_back(source);
    std::push_heap(heap_.begin(), heap_.end(), later());
  }
  void take(const Source& s, std::vector<LexiconEntry>* out) {
    if (s.segment != nullptr) {
      const uint32_t term = s.walk.ordinal();
      out->push_back({s.number, s.segment->document_frequency(TermOrdinal(term)), s.segment->resolved(term)});
      return;
    }
    before_->entries(s.walk.ordinal(), &scratch_);
    for (LexiconEntry& e : scratch_) {
      if (e.segment >= renumber_.size() || renumber_[e.segment] == kGone) continue;
      e.segment = renumber_[e.segment];
      out->push_back(e);
    }
  }

  const Lexicon* before_;
  std::span<const uint32_t> renumber_;
  std::vector<Source> sources_;
  std::vector<size_t> heap_;  // of sources by their term at hand, the least at the front
  std::vector<LexiconEntry> scratch_;
};

namespace {

std::string write(LexiconMerge merge, uint32_t segment_count) {
  namespace layout = lexicon_layout;
  std::string dictionary_index, dictionary, offsets, entries_bytes, term;
  DictionaryWriter dictionary_writer(&dictionary_index, &dictionary);
  base::ByteWriter offset(&offsets), w(&entries_bytes);
  std::vector<LexiconEntry> entries;
  uint32_t terms = 0;
  while (merge.next(&term, &entries)) {
    ++terms;
    dictionary_writer.add(term);
    offset.fixed(static_cast<uint32_t>(entries_bytes.size()));
    w.varint(entries.size());
    uint32_t next = 0;
    for (const LexiconEntry& e : entries) {
      TARN_CHECK(e.segment >= next && e.segment < segment_count);
      w.varint(e.segment - next);
      next = e.segment + 1;
      w.varint(e.term.term.value);
      uint32_t impacts = 1;
      while (impacts < std::size(e.term.impacts) && e.term.impacts[impacts].frequency > 0) ++impacts;
      w.varint(uint64_t{std::min(e.document_frequency, layout::kMostDocuments)} << 2 | (impacts - 1));
      w.varint(e.term.place);
      for (uint32_t i = 0; i < impacts; ++i) {
        w.varint(e.term.impacts[i].frequency);
        w.varint(e.term.impacts[i].length);
      }
    }
    TARN_CHECK(entries_bytes.size() <= kMaxSection);
  }
  offset.fixed(static_cast<uint32_t>(entries_bytes.size()));

  std::string out;
  base::ByteWriter header(&out);
  header.bytes(layout::kMagic);
  header.fixed(segment_count);
  header.fixed(terms);
  out.resize(layout::kHeaderBytes);
  const auto place = [&](size_t section, std::string_view bytes) {
    header.align(8);
    const uint64_t at = out.size();
    out.replace(layout::kAtSections + 8 * section, 8, reinterpret_cast<const char*>(&at), 8);
    out += bytes;
  };
  place(layout::kDictionaryIndex, dictionary_index);
  place(layout::kDictionary, dictionary);
  place(layout::kOffsets, offsets);
  place(layout::kEntries, entries_bytes);
  place(layout::kEnd, {});
  return out;
}

}  // namespace

std::string build_lexicon(std::span<const Reader* const> readers) {
  std::vector<AddedSegment> all;
  for (uint32_t i = 0; i < readers.size(); ++i) all.push_back({i, readers[i]});
  return write(LexiconMerge(nullptr, {}, all), static_cast<uint32_t>(readers.size()));
}

std::string update_lexicon(const Lexicon& before, std::span<const uint32_t> renumber,
                           std::span<const AddedSegment> added, uint32_t segment_count) {
  return write(LexiconMerge(&before, renumber, added), segment_count);
}

}  // namespace tarn::inverted
