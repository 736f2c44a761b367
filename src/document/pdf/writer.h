// A file's pages → one Markdown text with an anchor for each page.
// Shape:   lines become paragraphs, list items, code and headings; a paragraph goes on over the end of a column and of
//          a page; a word that a line's end parts is put together, its hyphen kept where the file writes it so
//          elsewhere.
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "document/anchor.h"
#include "document/pdf/file.h"

namespace tarn::document::pdf {

struct Written {
  std::string body;
  std::vector<Anchor> anchors;
  std::string title;  // its first heading of the highest level on the first pages; or ""
};

// exhausted where it is over kMaxBodyBytes.
base::Result<Written> write(const std::vector<FilePage>& pages);

}  // namespace tarn::document::pdf
