// What a document says where a limit ended its reading: `extra.cut`, {"rows_taken": n, "rows": all, "limit": its name}.
#pragma once

#include <cstdint>
#include <string>

#include "document/document.h"

namespace tarn::document {

inline void tell_cut(const std::string& what, uint64_t taken, uint64_t all, const char* limit, Document* d) {
  d->extra.set("cut", json::Value::object({{what + "_taken", taken}, {what, all}, {"limit", limit}}));
}

}  // namespace tarn::document
