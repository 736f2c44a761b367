// A SQL condition → which passages may be found.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "search/candidates.h"

namespace tarn::search {

// ok when the text can only be one expression over a row's own columns: parentheses match, no statement ends in it,
// nothing is left open, and no query begins in it. (A query in a filter could read files of other versions, whose rows
// may be deleted by now.) What is wrong with the expression itself DuckDB says.
base::Status check_condition(std::string_view condition);

// Evaluates `condition` on the rows of each target, on a connection that is locked to the lake.
// invalid_argument carries DuckDB's text when the condition does not parse or bind.
base::Result<Allowed> allowed_by(const std::string& condition, const std::vector<Target>& targets,
                                 duck::Connection& locked);

}  // namespace tarn::search
