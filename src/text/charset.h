// Character sets as the web reads them: a page that says "gb2312", "latin1" or "shift_jis" means what browsers make of
// these names.
// Source:  WHATWG Encoding Standard, sections 4.2 (names and labels) and 8 to 14 (decoders). The characters are ICU's,
//          with its differences from the standard's indexes put right; what is private use there or has no character is
//          U+FFFD.
// Errors:  none: what cannot be read is U+FFFD and counted, and reading goes on with the first byte that can begin a
//          character.
#pragma once

#include <string>
#include <string_view>

#include "text/analyzer.h"

namespace tarn::text {

// The charset that a label means: "ISO_8859-1" → "windows-1252", "GB2312" → "gb18030". A label that the standard does
// not have is given back in lower case; whether such a charset exists is for decode_charset() to say.
std::string charset_of_label(std::string_view label);

// False for a charset that is neither the web's nor ICU's. UTF-8 and its kin are not here: decode() reads them.
bool decode_charset(std::string_view bytes, const std::string& charset, Decoded* out);

// Whether the escapes of ISO-2022 (Japanese "ESC $ B", Korean "ESC $ ) C") name it: the charset, or "". For 7-bit text.
std::string iso_2022_by_escapes(std::string_view bytes);

}  // namespace tarn::text
