// The row of a document in a text table.
// Threads: pure.
#pragma once

#include <string>
#include <vector>

#include "document/document.h"
#include "duck/connection.h"
#include "ingest/extraction.h"

namespace tarn::ingest {

// Cells in the order of lake::text_schema(). What the document says of itself goes before what its source says.
std::vector<duck::Cell> document_row(const Task& task, std::string id, document::Document document,
                                     int64_t pulled_at_us);

}  // namespace tarn::ingest
