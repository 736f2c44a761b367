// Words of data as Markdown: a value on one line, a row of a table, a field "name: value".
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tarn::document::data {

// A data file's text ends here: what follows is counted, and read by SQL.
inline constexpr size_t kMaxDataBytes = size_t{8} << 20;

// Faults of a file that are named one by one.
inline constexpr size_t kMaxProblems = 50;

std::string cell_of(std::string_view text);
// Fields for which there is no column stand in the last one. Needs columns > 0.
std::string row_of(const std::vector<std::string>& fields, size_t columns);
// One line of a paragraph.
std::string field_of(std::string_view name, std::string_view value);

}  // namespace tarn::document::data
