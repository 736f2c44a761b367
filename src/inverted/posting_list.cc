#include "inverted/posting_list.h"

#include <algorithm>
#include <cstring>

#include "simd/unpack.h"

namespace tarn::inverted {
namespace {

size_t packed_bytes(uint32_t count, unsigned bits) {
  return count == kBlock ? simd::packed_block_bytes(bits) : simd::packed_row_bytes(count, bits);
}

void pack(const uint32_t* values, uint32_t count, unsigned bits, std::string* out) {
  if (count == kBlock) {
    simd::pack_block(values, bits, out);
  } else {
    simd::pack_row(values, count, bits, out);
  }
}

void unpack(const unsigned char* packed, uint32_t count, unsigned bits, uint32_t* values) {
  if (count == kBlock) {
    simd::unpack_block(packed, bits, values);
  } else {
    simd::unpack_row(packed, count, bits, values);
  }
}

void put_impacts(std::span<const Impact> impacts, std::string* out) {
  out->append(reinterpret_cast<const char*>(impacts.data()), impacts.size_bytes());
}

// Gaps (less one) and frequencies (less one) of one block, packed into `out`; the widths come back.
void write_body(uint32_t before, std::span<const uint32_t> passages, std::span<const uint32_t> frequencies,
                uint8_t* passage_bits, uint8_t* frequency_bits, std::string* out) {
  uint32_t gaps[kBlock] = {}, less[kBlock] = {};
  const auto count = static_cast<uint32_t>(passages.size());
  for (uint32_t i = 0; i < count; ++i) {
    gaps[i] = passages[i] - before - 1;
    less[i] = frequencies[i] - 1;
    before = passages[i];
  }
  *passage_bits = static_cast<uint8_t>(simd::bits_needed(gaps, count));
  *frequency_bits = static_cast<uint8_t>(simd::bits_needed(less, count));
  pack(gaps, count, *passage_bits, out);
  pack(less, count, *frequency_bits, out);
}

constexpr uint32_t kBeforeFirst = ~0u;  // one less than passage 0

}  // namespace

void write_postings(std::span<const uint32_t> passages, std::span<const uint32_t> frequencies,
                    std::span<const uint32_t> lengths, std::string* out) {
  const auto count = static_cast<uint32_t>(passages.size());
  const auto front_of = [&](size_t from, size_t n, ImpactFront* front) {
    for (size_t i = from; i < from + n; ++i) front->add(frequencies[i], lengths[passages[i]]);
  };
  ImpactFront whole;
  if (count <= kBlock) {
    front_of(0, count, &whole);
    const auto impacts = whole.cut(impact_limit(count));
    out->push_back(static_cast<char>(impacts.size()));
    put_impacts(impacts, out);
    const size_t widths = out->size();
    out->append(2, '\0');
    uint8_t passage_bits, frequency_bits;
    write_body(kBeforeFirst, passages, frequencies, &passage_bits, &frequency_bits, out);
    (*out)[widths] = static_cast<char>(passage_bits);
    (*out)[widths + 1] = static_cast<char>(frequency_bits);
    return;
  }

  std::string records, block_impacts, bodies;
  const uint32_t blocks = (count + kBlock - 1) / kBlock;
  std::vector<BlockRecord> table(blocks);
  uint32_t before = kBeforeFirst;
  for (uint32_t b = 0; b < blocks; ++b) {
    const size_t from = size_t{b} * kBlock, n = std::min<size_t>(kBlock, count - from);
    BlockRecord& r = table[b];
    ImpactFront front;
    front_of(from, n, &front);
    const auto impacts = front.cut(impact_limit(n));
    for (const Impact& i : impacts) whole.add(i);
    r.last_passage = passages[from + n - 1];
    r.first_impact = static_cast<uint32_t>(block_impacts.size() / sizeof(Impact));
    r.impacts = static_cast<uint8_t>(impacts.size());
    put_impacts(impacts, &block_impacts);
    r.body = static_cast<uint32_t>(bodies.size());
    write_body(before, passages.subspan(from, n), frequencies.subspan(from, n), &r.passage_bits, &r.frequency_bits,
               &bodies);
    before = r.last_passage;
  }
  const auto impacts = whole.cut(kMaxImpacts);
  const size_t head = 1 + impacts.size_bytes() + sizeof(BlockRecord) * blocks + 4 + block_impacts.size();
  for (BlockRecord& r : table) r.body += static_cast<uint32_t>(head);
  out->push_back(static_cast<char>(impacts.size()));
  put_impacts(impacts, out);
  base::ByteWriter(out).fixed(static_cast<uint32_t>(block_impacts.size() / sizeof(Impact)));
  out->append(reinterpret_cast<const char*>(table.data()), sizeof(BlockRecord) * blocks);
  out->append(block_impacts);
  out->append(bodies);
}

bool PostingList::check(std::string_view section, uint64_t where, uint32_t count, uint32_t passage_count) {
  if (count < 2 || count > passage_count || where >= section.size()) return false;
  const std::string_view list = section.substr(where);
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(list[i]); };
  const size_t impacts = byte(0);
  if (impacts < 1 || impacts > kMaxImpacts) return false;
  size_t at = 1 + sizeof(Impact) * impacts;
  if (count <= kBlock) {
    if (list.size() < at + 2 || byte(at) > 32 || byte(at + 1) > 32) return false;
    return list.size() - at - 2 >= packed_bytes(count, byte(at)) + packed_bytes(count, byte(at + 1));
  }
  if (list.size() < at + 4) return false;
  const uint64_t all_impacts = base::load_le<uint32_t>(list.data() + at);
  at += 4;
  const uint32_t blocks = (count + kBlock - 1) / kBlock;
  if (list.size() - at < sizeof(BlockRecord) * uint64_t{blocks} + sizeof(Impact) * all_impacts) return false;
  uint64_t next = 0;  // the least that the next last passage can be
  for (uint32_t b = 0; b < blocks; ++b, at += sizeof(BlockRecord)) {
    const auto r = base::load_le<BlockRecord>(list.data() + at);
    const uint32_t n = b + 1 < blocks ? kBlock : count - b * kBlock;
    if (r.passage_bits > 32 || r.frequency_bits > 32 || r.impacts < 1 || r.impacts > kMaxImpacts) return false;
    if (uint64_t{r.first_impact} + r.impacts > all_impacts) return false;
    if (r.body > list.size() ||
        list.size() - r.body < packed_bytes(n, r.passage_bits) + packed_bytes(n, r.frequency_bits)) {
      return false;
    }
    if (r.last_passage >= passage_count || r.last_passage < next) return false;
    next = uint64_t{r.last_passage} + 1;
  }
  return true;
}

PostingList::PostingList(const unsigned char* list, uint32_t count) : count_(count), impacts_(list[0]), list_(list) {
  if (!has_records()) return;
  records_ = list + 1 + sizeof(Impact) * impacts_ + 4;
  block_impacts_ = records_ + sizeof(BlockRecord) * blocks();
}

PostingList::Body PostingList::body(uint32_t block) const {
  if (!has_records()) {
    const unsigned char* widths = list_ + 1 + sizeof(Impact) * impacts_;
    return {widths + 2, widths + 2 + packed_bytes(count_, widths[0]), count_, widths[0], widths[1]};
  }
  const BlockRecord r = record(block);
  const uint32_t n = std::min(kBlock, count_ - block * kBlock);
  const unsigned char* at = list_ + r.body;
  return {at, at + packed_bytes(n, r.passage_bits), n, r.passage_bits, r.frequency_bits};
}

uint32_t PostingList::read_passages(uint32_t block, uint32_t passage_count, uint32_t* passages) const {
  if (is_single()) {
    passages[0] = single_passage_;
    return 1;
  }
  const Body b = body(block);
  unpack(b.passages, b.count, b.passage_bits, passages);
  const uint32_t before = block == 0 ? kBeforeFirst : last_passage(block - 1);
  if (b.count == kBlock) {
    simd::sum_gaps_block(before, passages);
    const uint32_t last = has_records() ? last_passage(block) : passages[kBlock - 1];
    if (passages[0] <= before && before != kBeforeFirst) return 0;
    return last < passage_count && simd::ascends_to(passages, last) ? b.count : 0;
  }
  uint64_t passage = before == kBeforeFirst ? 0 : uint64_t{before} + 1;
  for (uint32_t i = 0; i < b.count; ++i) {
    passage += passages[i];
    passages[i] = static_cast<uint32_t>(passage++);
  }
  return passage <= passage_count && (!has_records() || passage - 1 == last_passage(block)) ? b.count : 0;
}

void PostingList::read_frequencies(uint32_t block, uint32_t* frequencies) const {
  if (is_single()) {
    frequencies[0] = single_frequency_;
    return;
  }
  const Body b = body(block);
  unpack(b.frequencies, b.count, b.frequency_bits, frequencies);
  for (uint32_t i = 0; i < b.count; ++i) frequencies[i] += 1;
}

}  // namespace tarn::inverted
