// What a number of a cell means by its format: a time, a share, or itself. Numbers keep all their digits (what is shown
// is rounded), times are written as ISO 8601 has them.
// Source:  ECMA-376, part 1, 18.8.30 (numFmts) and 18.17.4 (dates).
#pragma once

#include <string>
#include <string_view>

namespace tarn::document::office {

enum class NumberKind : uint8_t { number, percent, date, time, date_time, duration };

NumberKind kind_of_format(int id);                 // of those that every program knows
NumberKind kind_of_format(std::string_view code);  // "yyyy\-mm\-dd;@"
// `raw` as the file has it: "45292.5". What is no number stays as it is.
std::string number_text(std::string_view raw, NumberKind kind, bool from_1904);
std::string number_text(double number, NumberKind kind, bool from_1904);

}  // namespace tarn::document::office
