// Classes and plain forms of characters, for readers of text that are not analyzers: tokenizers of language models.
// Errors:  bytes that are not UTF-8 become U+FFFD.
// Threads: pure.
// Source:  Unicode 15, chapter 4 (general categories), UAX #15 (NFC, NFD), UAX #44 (White_Space).
#pragma once

#include <string>
#include <string_view>

namespace tarn::text {

bool is_white_space(char32_t c);
bool is_punctuation(char32_t c);        // general categories P*
bool is_control_or_format(char32_t c);  // Cc, Cf, Co; unassigned characters are not among them
bool is_nonspacing_mark(char32_t c);    // Mn
// Pictures, and the regional indicators of which flags are made. Signs that stand in text for themselves (©, ™, ‼,
// arrows) are none here.
bool is_emoji(char32_t c);

// Appends the text in NFD without its nonspacing marks, each character in lower case (simple mapping, whatever stands
// beside it): "Crème Brûlée" → "creme brulee". Unlike an analyzer's folding this holds for every script: が becomes か.
void append_lower_without_marks(std::string_view text, std::string* out);

// The text in NFC, so that the two spellings of one name ("é" as one character, or as "e" and an accent) are equal.
// Text that is not UTF-8 comes back as it is.
std::string composed(std::string_view text);

}  // namespace tarn::text
