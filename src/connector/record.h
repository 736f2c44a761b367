// Records: rows of a table of their own, with named columns and a key; unlike documents, which are rows of a text
// table.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "json/value.h"

namespace tarn::connector {

enum class ColumnType : uint8_t {
  boolean,
  integer,  // 64 bits
  number,
  text,
  time,  // as an integer: microseconds since 1970, UTC
};

struct Column {
  std::string name;
  ColumnType type = ColumnType::text;
};

struct RecordTable {
  std::vector<Column> columns;
  std::string key;  // the column that tells records apart; text or integer
};

// A cell for each column: null, or a value of its type. In a text column any other value stands as its JSON.
using Record = std::vector<json::Value>;

}  // namespace tarn::connector
