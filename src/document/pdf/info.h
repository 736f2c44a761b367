// What a PDF says of itself: title, author, times, keywords, outline.
#pragma once

#include <vector>

#include "document/document.h"
#include "document/pdf/file.h"
#include "document/pdf/pdfium.h"

namespace tarn::document::pdf {

// Title, author, times, keywords and the rest of the document's information; the XMP packet fills what it lacks.
void read_info(const Pdfium& f, FpdfDocument* handle, std::string_view bytes, Document* document);

std::vector<OutlineEntry> read_outline(const Pdfium& f, FpdfDocument* handle, const std::vector<FilePage>& pages);

// "D:20240501103000+02'00'" as microseconds since 1970.
std::optional<int64_t> pdf_time(std::string_view text);

}  // namespace tarn::document::pdf
