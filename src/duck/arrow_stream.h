// Rows as an Arrow IPC stream: what pyarrow, polars and others read. Internal.
// Shape:   messages of a metadata flatbuffer and a body: one schema, a record batch for each chunk, an end. Version 5,
//          little-endian, buffers padded to eight bytes, not compressed.
// Errors:  unsupported for ENUM and UNION columns, by name.
// Limits:  one chunk in memory.
// Source:  Arrow columnar format, "Serialization and Interprocess Communication"; the C data interface; FlatBuffers'
//          binary format.
#pragma once

#include <string>
#include <string_view>

#include "duck/handles.h"

// The C data interface's two structures, by which DuckDB hands over its columns. Their layout is fixed.
extern "C" {
struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  ArrowSchema** children;
  ArrowSchema* dictionary;
  void (*release)(ArrowSchema*);
  void* private_data;
};
struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  ArrowArray** children;
  ArrowArray* dictionary;
  void (*release)(ArrowArray*);
  void* private_data;
};
}

namespace tarn::duck {

base::Result<std::string> arrow_schema_message(const ArrowSchema& schema);
base::Result<std::string> arrow_batch_message(const ArrowSchema& schema, const ArrowArray& batch);
std::string arrow_end();

}  // namespace tarn::duck
