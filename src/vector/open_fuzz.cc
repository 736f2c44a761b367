// Any bytes: refused, or every row and a search can be read.
#include <cstdint>
#include <cstring>
#include <memory>

#include "vector/vectors.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tarn;
  // A heap block of the exact size, so that a read past the end is seen; new aligns it.
  const std::unique_ptr<char[]> copy(new char[size + 1]);
  if (size > 0) std::memcpy(copy.get(), data, size);
  const auto reader = vector::Reader::open({copy.get(), size}, "fuzz");
  if (!reader.ok()) return 0;
  const std::vector<float> query((*reader)->dimensions(), 0.1f);
  const vector::SegmentView view{reader->get(), nullptr, nullptr, {}};
  const auto hits = vector::search(query, {&view, 1}, 10);
  for (const vector::Scored& hit : hits) {
    if ((*reader)->score(query, hit.passage) != hit.score) __builtin_trap();
  }
  return 0;
}
