// What stands on a page and is no part of its text: values of form fields, which become words at their places, and
// remarks.
#pragma once

#include "document/pdf/page.h"
#include "document/pdf/place.h"

namespace tarn::document::pdf {

void load_annotations(const Pdfium& f, FpdfPage* handle, FpdfForm* form, const Place& place, Page* page);

}  // namespace tarn::document::pdf
