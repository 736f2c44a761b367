// What columns the records of a JSON lines file have.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/status.h"
#include "connector/record.h"

namespace tarn::connector::jsonl {

class Survey {
 public:
  // An object. exhausted beyond kMaxColumns.
  base::Status add(const json::Value& object);
  uint64_t records() const { return records_; }
  // In the order in which they were first seen. invalid_argument when two names differ by their case only.
  base::Result<std::vector<Column>> columns() const;

 private:
  struct Seen {
    std::string name;
    bool boolean = false, integer = false, number = false, other = false;
    ColumnType type() const;
  };
  std::vector<Seen> seen_;
  std::unordered_map<std::string, size_t> places_;
  uint64_t records_ = 0;
};

}  // namespace tarn::connector::jsonl
