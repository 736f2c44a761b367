// The vector part of a data file's segment: one vector a passage, and the hash of what was encoded, by which vectors
// are reused.
// Shape:   doc/format/segment.md; passage ordinals are those of the lexical part of the same data file.
// Errors:  as index/lexical_segment.h. Threads: immutable and shared.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/hash.h"
#include "index/container.h"
#include "vector/vectors.h"

namespace tarn::index {

// `halves` is row-major float16, input_hashes.size() rows.
std::string write_vector_segment(std::span<const uint16_t> halves, size_t dimensions,
                                 std::span<const base::Hash128> input_hashes, const base::Hash128& definition,
                                 const base::Hash128& source);

class VectorSegment {
 public:
  static base::Result<std::shared_ptr<const VectorSegment>> open(std::shared_ptr<const Container> container);
  const vector::Reader& vectors() const { return *vectors_; }
  uint32_t passage_count() const { return vectors_->passage_count(); }
  base::Hash128 input_hash(base::PassageOrdinal passage) const;
  const std::string& path() const { return container_->path(); }
  size_t size_bytes() const { return container_->size_bytes(); }

 private:
  VectorSegment() = default;
  std::shared_ptr<const Container> container_;
  std::shared_ptr<const vector::Reader> vectors_;
  const char* input_hashes_ = nullptr;
};

}  // namespace tarn::index
