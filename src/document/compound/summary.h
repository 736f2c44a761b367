// What a file of the old Office says of itself: title, author, times, keywords and its own properties.
// Source:  [MS-OLEPS].
#pragma once

#include "document/compound/compound_file.h"
#include "document/document.h"

namespace tarn::document::compound {

// What cannot be read is left out.
void read_summary(CompoundFile& file, Document* d);

// What the texts of its summary are written in.
std::optional<int> summary_code_page(CompoundFile& file);

// Of 100 ns since 1601; nothing for what is no time that a document has.
std::optional<int64_t> time_of_file(uint64_t ticks);

}  // namespace tarn::document::compound
