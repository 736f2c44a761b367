// The tree of a PDF's pages, whose nodes say how many pages are below them.
#pragma once

#include <string>
#include <string_view>

namespace tarn::document::pdf {

// PDFium believes the counts. Where a node says fewer pages than it has kids, a copy of the file whose nodes say
// nothing, so that PDFium counts; else "". Nodes in compressed streams of objects are not looked at.
std::string without_page_counts(std::string_view bytes);

}  // namespace tarn::document::pdf
