#include "connector/jsonl/survey.h"

#include <algorithm>

#include "base/ascii.h"
#include "connector/jsonl/jsonl.h"

namespace tarn::connector::jsonl {

ColumnType Survey::Seen::type() const {
  const int kinds = int{boolean} + int{integer || number} + int{other};
  if (kinds != 1 || other) return ColumnType::text;
  return boolean ? ColumnType::boolean : number ? ColumnType::number : ColumnType::integer;
}

base::Status Survey::add(const json::Value& object) {
  ++records_;
  for (const auto& [name, value] : object.members()) {
    const auto [at, fresh] = places_.try_emplace(name, seen_.size());
    if (fresh) {
      if (seen_.size() == kMaxColumns) {
        return {base::Code::exhausted, "more than kMaxColumns (" + std::to_string(kMaxColumns) + ") different members",
                "names that are values, such as dates, belong into a member of their own"};
      }
      seen_.push_back({.name = name});
    }
    Seen& seen = seen_[at->second];
    if (value.is_null()) continue;
    (value.is_bool()     ? seen.boolean
     : value.is_int()    ? seen.integer
     : value.is_number() ? seen.number
                         : seen.other) = true;
  }
  return {};
}

base::Result<std::vector<Column>> Survey::columns() const {
  std::vector<Column> columns;
  std::unordered_map<std::string, std::string> folded;
  for (const Seen& seen : seen_) {
    const auto [at, fresh] = folded.emplace(base::lower(seen.name), seen.name);
    if (!fresh) {
      return base::Status(base::Code::invalid_argument,
                          "the members '" + at->second + "' and '" + seen.name + "' would be one column",
                          "columns differ by more than their case: rename one of them");
    }
    columns.push_back({seen.name, seen.type()});
  }
  return columns;
}

}  // namespace tarn::connector::jsonl
