// Codes in a question: E7, CVE-2024-3017, ERR_9999, 5.0.0. Who asks for one wants no other, however near its sentence is.
// Shape:   a code begins with a letter and has a digit (not 12kW, 7pm, 5th), or is digits with two points or more.
// Threads: pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tarn::answer {

std::vector<std::string> codes_in(std::string_view question);
// Whether the text has the code, in any case and with other signs between its parts (ERR 9999); a version only as it is, with or without v.
bool holds_code(std::string_view text, std::string_view code);

}  // namespace tarn::answer
