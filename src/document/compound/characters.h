// Texts of the old Office as UTF-8: UTF-16, and bytes of a code page.
// Threads: pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tarn::document::compound {

// Little-endian; a surrogate without its other half is U+FFFD, an odd byte at the end is left out.
std::string from_utf16(std::string_view bytes);
void append_utf16(std::string_view bytes, std::string* out);
// What is not known is read as windows-1252.
std::string from_code_page(std::string_view bytes, int code_page);
// The code page of a font's character set, as Windows numbers them ("fcharset"); 0: that of the document.
int code_page_of_charset(int charset);

}  // namespace tarn::document::compound
