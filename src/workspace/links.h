// Request and reply of link. As operations.h says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace tarn::workspace {

struct LinkRequest {
  std::string path;                  // a folder; "" with `remove`
  std::string as;                    // the table's name
  std::string text, id, title, uri;  // columns that make it searchable
  bool allow_outside = false;
  bool remove = false;
};
struct LinkReply {
  std::string change;  // made or deleted
  std::string table, target;
  std::string kind;  // delta or parquet
  std::optional<int64_t> version;
  int64_t rows = 0, files = 0;
  bool searchable = false;
};

}  // namespace tarn::workspace
