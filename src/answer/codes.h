// Codes in a question: E7, CVE-2024-3017, ERR_9999, 5.0.0; and numbered things: Vortex 9, room 12, plan C. Who asks for
// one wants no other, however near its sentence is.
// Shape:   a code begins with a letter and has a digit, or begins with digits that letters part (0x80070005; not 12kW,
//          7pm, 5th), or is digits with two points or more. A numbered thing is a name or one of a few kinds (room,
//          error, version …) before a number, or a word before a single capital letter; no date.
// Threads: pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tarn::answer {

std::vector<std::string> codes_in(std::string_view question);
// Whether the text has the code, in any case and with other signs between its parts (ERR 9999); a version only as it
// is, with or without v.
bool holds_code(std::string_view text, std::string_view code);

struct Numbered {
  std::string name, number;  // as the question writes them
  bool operator==(const Numbered&) const = default;
};
std::vector<Numbered> numbered_in(std::string_view question);
// Whether the text speaks of another one only: it has the name with another number, and this number nowhere, nor a
// range of them.
bool has_another(std::string_view text, const Numbered& wanted);

}  // namespace tarn::answer
