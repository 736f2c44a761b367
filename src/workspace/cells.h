// Cells of a row as JSON, for replies.
#pragma once

#include "duck/connection.h"
#include "json/value.h"

namespace tarn::workspace {

// Times as RFC 3339, lists as arrays, the rest as it is.
json::Value cell_json(const duck::Column& column, const duck::Cell& cell);

}  // namespace tarn::workspace
