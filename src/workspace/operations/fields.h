// Fields that several requests and replies have, said in the same words.
#pragma once

#include "operation/operation.h"

namespace tarn::operation {

inline auto as_of_field(auto member) {
  return field("as_of", member, "read the lake as it was: a version (one table only), a time, or a tag")
      .metavar("VERSION|TIME|TAG");
}
inline auto took_field(auto member) { return field("took_ms", member, "wall time in milliseconds"); }
inline auto in_field(auto member) {
  return field("in", member, "tables to look in; all when none is named")
      .commas()
      .in_sql("in_table")
      .metavar("TABLE")
      .max_items(100);
}
inline auto filter_field(auto member) {
  return field("filter", member, "a SQL condition on the table's columns, such as \"lang = 'en'\"")
      .metavar("CONDITION")
      .max_bytes(65536);
}

}  // namespace tarn::operation
