// A SQL condition → which passages may be found.
#pragma once

#include <string>
#include <vector>

#include "search/candidates.h"

namespace tarn::search {

// Evaluates `condition` on the rows of each target, on a connection that is locked to the lake.
// invalid_argument carries DuckDB's text when the condition does not parse or bind.
base::Result<Allowed> allowed_by(const std::string& condition, const std::vector<Target>& targets,
                                 duck::Connection& locked);

}  // namespace tarn::search
