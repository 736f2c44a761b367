// A font in which every character is a box of the type size.
// Why:     PDFium gives no text where it has no shape of a glyph that stands alone, and fonts of Chinese, Japanese and
//          Korean are often not in the file. A box in their place makes it give the characters; what they look like is
//          never asked.
// Source:  OpenType 1.9: head, hhea, maxp, hmtx, loca, glyf, and cmap with subtable 13 (all characters to one glyph).
#pragma once

#include <string>

namespace tarn::document::pdf {

std::string box_font();

}  // namespace tarn::document::pdf
