// Rows of a result as bytes: each column's type once, then its values as DuckDB holds them, a chunk a message.
// Internal.
// Shape:   a node: whether it has nulls, their bits, then by type: fixed values side by side; lengths and bytes of
//          texts; lengths and the items of lists; the members of structs. Values that are null, or within what is null,
//          are zeros.
// Limits:  a chunk of more than kChunkBytes is cut into several of fewer rows, down to one.
// Errors:  what is read is held against its type (lengths, indexes of enums, tags of unions, UTF-8, depth): corruption
//          for anything else, so that a worker that was taken over writes nowhere and is read nowhere it may not be.
// Threads: none.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "duck/chunk.h"
#include "duck/wire.h"

namespace tarn::duck::wire {

inline constexpr size_t kChunkBytes = size_t{4} << 20;

void write_type(Writer& out, const Shape& shape);
TypeHandle read_type(Reader& in, int depth = 0);  // null where in.ok() is false

// Calls `send` with the bytes of one piece after another.
base::Status write_chunk(const std::vector<Node>& columns, size_t rows,
                         const std::function<base::Status(std::string bytes)>& send);

// Reads what write_chunk() gave; the chunk keeps the bytes.
class ReadChunk {
 public:
  base::Status read(std::string bytes, const std::vector<Shape>& shapes);
  const VectorChunk& view() const { return view_; }

 private:
  Node node(Reader& in, const Shape& shape, uint64_t rows);
  uint64_t* words(uint64_t bytes);
  std::string bytes_;
  std::deque<std::vector<uint64_t>> held_;
  VectorChunk view_;
};

}  // namespace tarn::duck::wire
