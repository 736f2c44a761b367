// What this room asks of ICU, without ICU's types. Objects are made at first use and kept for each thread: making one
// costs about a millisecond, and text that is ASCII never comes here.
// Units:   offsets are bytes of UTF-8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tarn::text::icu {

struct Segment {
  uint32_t start = 0, end = 0;
  bool word = false;   // holds a letter or a digit
  bool emoji = false;  // holds no letter or digit, but a picture: an emoji with all that belongs to it
};

// All segments between UAX #29 word boundaries.
void word_segments(std::string_view text, std::vector<Segment>* out);
// UAX #29 sentence boundaries without 0 and text.size().
void sentence_breaks(std::string_view text, std::vector<size_t>* out);
// NFKC with case folding (UAX #15, NFKC_Casefold). Ill-formed bytes become U+FFFD.
void nfkc_casefold(std::string_view text, std::string* out);
// Latin letters without their accents: é → e, ø → o. Others stay (が is not か).
void fold_latin_accents(std::string_view text, std::string* out);
// "icu-72.1"
std::string version();

// Text of a charset that ICU knows; false when it does not know it. `replaced` counts unreadable sequences.
bool to_utf8(std::string_view bytes, const std::string& charset, std::string* out, uint64_t* replaced);
// The most likely charsets, likeliest first, none below `min_confidence` (0 to 100).
std::vector<std::string> detect_charsets(std::string_view bytes, int min_confidence);
// The character that each sequence of bytes is in a charset; U+FFFD where it is none or more than one.
std::vector<char32_t> characters(const char* charset, const std::vector<std::string>& sequences);

}  // namespace tarn::text::icu
