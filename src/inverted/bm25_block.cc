#include "inverted/bm25_block.h"

#include <cstring>

#include "simd/kernel.h"

namespace tarn::inverted {
namespace {

using Ints [[gnu::vector_size(32)]] = int32_t;
using Doubles [[gnu::vector_size(64)]] = double;
static_assert(sizeof(Doubles) / sizeof(double) == kPartsPad);

// The steps of Bm25::part() on eight postings. Divisions, sums and products round alike at every width
// (-ffp-contract=off).
[[gnu::always_inline]] inline void parts_body(const Bm25& bm25, double weight, const uint32_t* frequencies,
                                              const uint32_t* lengths, size_t count, double* parts) {
  const Ints most = Ints{} + static_cast<int32_t>(kMaxFrequency);
  for (size_t i = 0; i < count; i += kPartsPad) {
    Ints f, l;
    std::memcpy(&f, frequencies + i, sizeof f);
    std::memcpy(&l, lengths + i, sizeof l);
    f = ((f < 0) | (f > most)) ? most : f;  // "below zero" is 2^31 and more
    const Doubles tf = __builtin_convertvector(f, Doubles);
    // A length of 2^31 and more is negative here; one exact addition mends it.
    Doubles length = __builtin_convertvector(l, Doubles);
    length = length < 0 ? length + 4294967296.0 : length;
    const Doubles part = weight * (tf / (tf + (bm25.base + bm25.slope * length)));
    const Doubles rounded = (part + kRound) - kRound;
    std::memcpy(parts + i, &rounded, sizeof rounded);
  }
}

void parts_scalar(const Bm25& b, double w, const uint32_t* f, const uint32_t* l, size_t n, double* p) {
  parts_body(b, w, f, l, n, p);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) void parts_avx2(const Bm25& b, double w, const uint32_t* f, const uint32_t* l, size_t n,
                                                double* p) {
  parts_body(b, w, f, l, n, p);
}
__attribute__((target("avx512f"))) void parts_avx512(const Bm25& b, double w, const uint32_t* f, const uint32_t* l,
                                                     size_t n, double* p) {
  parts_body(b, w, f, l, n, p);
}
#endif

using Parts = void (*)(const Bm25&, double, const uint32_t*, const uint32_t*, size_t, double*);

Parts choose() {
#if defined(__x86_64__)
  if (simd::best_kernel() == simd::Kernel::avx512) return parts_avx512;
  if (simd::best_kernel() == simd::Kernel::avx2) return parts_avx2;
#endif
  return parts_scalar;
}

template <typename Width>
void gather(const char* lengths, const uint32_t* passages, size_t count, uint32_t* out) {
  for (size_t i = 0; i < count; ++i) out[i] = base::load_le<Width>(lengths + sizeof(Width) * size_t{passages[i]});
}

}  // namespace

void gather_lengths(const Segment& segment, const uint32_t* passages, size_t count, uint32_t* lengths) {
  switch (segment.length_width()) {
    case 1:
      return gather<uint8_t>(segment.lengths(), passages, count, lengths);
    case 2:
      return gather<uint16_t>(segment.lengths(), passages, count, lengths);
    default:
      return gather<uint32_t>(segment.lengths(), passages, count, lengths);
  }
}

void part_block(const Bm25& bm25, double weight, const uint32_t* frequencies, const uint32_t* lengths, size_t count,
                double* parts) {
  static const Parts parts_of = choose();
  parts_of(bm25, weight, frequencies, lengths, count, parts);
}

}  // namespace tarn::inverted
