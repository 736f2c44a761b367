// A PDF read as a test asks for it.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "document/document.h"
#include "document/pdf/pdf_writer_test.h"

namespace tarn::document {

inline Document read_whole(const std::string& bytes, const ExtractOptions& options = {}) {
  auto d = extract(bytes, "application/pdf", "harbour.pdf", options);
  EXPECT_TRUE(d.ok()) << d.status().to_string();
  return d.ok() ? *d : Document();
}

inline std::string body_of(PdfWriter& pdf) { return read_whole(pdf.bytes()).body; }

inline std::string one_page(std::string_view content, std::string_view keys = "") {
  PdfWriter pdf;
  pdf.page(content, keys);
  return body_of(pdf);
}

}  // namespace tarn::document
