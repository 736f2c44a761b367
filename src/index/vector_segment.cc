#include "index/vector_segment.h"

#include <fmt/format.h>

#include "base/bytes.h"

namespace tarn::index {

using base::Result;
using base::Status;

std::string write_vector_segment(std::span<const uint16_t> halves, size_t dimensions,
                                 std::span<const base::Hash128> input_hashes, const base::Hash128& definition,
                                 const base::Hash128& source) {
  TARN_CHECK(halves.size() == dimensions * input_hashes.size());
  std::string hashes;
  base::ByteWriter writer(&hashes);
  for (const base::Hash128& hash : input_hashes) writer.hash(hash);
  std::vector<Section> sections;
  sections.push_back({SectionId::vectors, vector::build_from_halves(halves, dimensions)});
  sections.push_back({SectionId::input_hashes, std::move(hashes)});
  return write_container(Part::vector, definition, source, sections);
}

Result<std::shared_ptr<const VectorSegment>> VectorSegment::open(std::shared_ptr<const Container> container) {
  std::shared_ptr<VectorSegment> segment(new VectorSegment());
  segment->container_ = container;
  TARN_ASSIGN(std::string_view vectors, container->section(SectionId::vectors));
  TARN_ASSIGN(segment->vectors_, vector::Reader::open(vectors, container->path()));
  TARN_ASSIGN(std::string_view hashes, container->section(SectionId::input_hashes));
  if (hashes.size() != size_t{segment->vectors_->passage_count()} * base::kHashBytes) {
    return Status(base::Code::corruption, fmt::format("{}: hashes and vectors differ in number", container->path()));
  }
  segment->input_hashes_ = hashes.data();
  return std::shared_ptr<const VectorSegment>(std::move(segment));
}

base::Hash128 VectorSegment::input_hash(base::PassageOrdinal passage) const {
  TARN_CHECK(passage.value < passage_count());
  return base::load_hash(input_hashes_ + size_t{passage.value} * base::kHashBytes);
}

}  // namespace tarn::index
