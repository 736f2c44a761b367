// A page's glyphs → words, in frames by the direction of their text.
#pragma once

#include <map>

#include "document/pdf/page.h"
#include "document/pdf/place.h"

namespace tarn::document::pdf {

// `headings` gives a heading's level by the number of marked content.
void load_words(const Pdfium& f, FpdfTextPage* text, const Place& place, const std::map<int, int>& headings,
                Page* page);

}  // namespace tarn::document::pdf
