// Ruled lines of a page, and whether a picture covers it.
#pragma once

#include "document/pdf/page.h"
#include "document/pdf/place.h"

namespace tarn::document::pdf {

void load_drawings(const Pdfium& f, FpdfPage* handle, const Place& place, Page* page);

}  // namespace tarn::document::pdf
