#include "inverted/forward.h"

#include <algorithm>

#include "base/bytes.h"
#include "simd/unpack.h"

namespace tarn::inverted {
namespace {

// Values that ascend (strictly: less one) as gaps after the first.
void gaps_of(const std::vector<uint32_t>& values, uint32_t less, std::vector<uint32_t>* gaps) {
  gaps->resize(values.size() - 1);
  for (size_t i = 1; i < values.size(); ++i) (*gaps)[i - 1] = values[i] - values[i - 1] - less;
}

uint32_t varint_at(std::string_view bytes, size_t* at) {
  uint32_t v = 0;
  for (unsigned shift = 0; shift < 35 && *at < bytes.size(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes[(*at)++]);
    v |= static_cast<uint32_t>(byte & 0x7F) << (shift & 31);
    if (!(byte & 0x80)) break;
  }
  return v;
}

}  // namespace

void write_forward(const ForwardRecord& record, std::string* out) {
  if (record.which.empty()) return;
  thread_local std::vector<uint32_t> term_gaps, steps;
  gaps_of(record.terms, 1, &term_gaps);
  gaps_of(record.positions, 0, &steps);
  const unsigned term_bits = simd::bits_needed(term_gaps.data(), term_gaps.size());
  // At least one bit: a reader may trust that occurrences take room.
  const unsigned step_bits = std::max(1u, simd::bits_needed(steps.data(), steps.size()));
  const auto last = static_cast<uint32_t>(record.terms.size() - 1);
  base::ByteWriter w(out);
  w.fixed(static_cast<uint8_t>(term_bits));
  w.fixed(static_cast<uint8_t>(step_bits));
  w.varint(record.terms.size());
  w.varint(record.which.size());
  w.varint(record.terms[0]);
  w.varint(record.positions[0]);
  simd::pack_row(term_gaps.data(), term_gaps.size(), term_bits, out);
  simd::pack_row(record.which.data(), record.which.size(), simd::bits_needed(&last, 1), out);
  simd::pack_row(steps.data(), steps.size(), step_bits, out);
}

void read_forward(std::string_view bytes, uint32_t term_count, ForwardRecord* out) {
  out->terms.clear();
  out->which.clear();
  out->positions.clear();
  if (bytes.size() < 6) return;
  const unsigned term_bits = static_cast<unsigned char>(bytes[0]), step_bits = static_cast<unsigned char>(bytes[1]);
  size_t at = 2;
  const uint64_t terms = varint_at(bytes, &at), occurrences = varint_at(bytes, &at);
  const uint32_t first_term = varint_at(bytes, &at), first_position = varint_at(bytes, &at);
  if (term_bits > 32 || step_bits > 32 || terms == 0 || terms > term_count || occurrences < terms) return;
  const auto last = static_cast<uint32_t>(terms - 1);
  const unsigned which_bits = simd::bits_needed(&last, 1);
  const size_t term_bytes = simd::packed_row_bytes(terms - 1, term_bits),
               which_bytes = simd::packed_row_bytes(occurrences, which_bits);
  const size_t step_bytes = simd::packed_row_bytes(occurrences - 1, step_bits);
  if (step_bits == 0 || bytes.size() - at < term_bytes + which_bytes + step_bytes) return;

  const auto* packed = reinterpret_cast<const unsigned char*>(bytes.data()) + at;
  out->terms.resize(terms);
  out->which.resize(occurrences);
  out->positions.resize(occurrences);
  simd::unpack_row(packed, terms - 1, term_bits, out->terms.data() + 1);
  simd::unpack_row(packed + term_bytes, occurrences, which_bits, out->which.data());
  simd::unpack_row(packed + term_bytes + which_bytes, occurrences - 1, step_bits, out->positions.data() + 1);
  out->terms[0] = first_term;
  out->positions[0] = first_position;
  bool sound = true;
  uint64_t term = first_term;
  for (size_t i = 1; i < terms; ++i) {
    term += uint64_t{out->terms[i]} + 1;
    out->terms[i] = static_cast<uint32_t>(term);
  }
  sound &= term < term_count;
  for (size_t i = 1; i < occurrences; ++i) out->positions[i] += out->positions[i - 1];
  for (const uint32_t w : out->which) sound &= w < terms;
  if (!sound) {
    out->terms.clear();
    out->which.clear();
    out->positions.clear();
  }
}

}  // namespace tarn::inverted
