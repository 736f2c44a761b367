// The rows of a data file as its segment is made of them.
// Errors:  what reading the file returns.
#pragma once

#include <memory>
#include <vector>

#include "document/anchor.h"
#include "duck/connection.h"
#include "lake/table.h"

namespace tarn::index {

// tarn_row, id, title, uri, body, anchors.
struct FileRows {
  std::vector<store::Lease> file;
  std::unique_ptr<duck::Rows> rows;
};
base::Result<FileRows> select_documents(const lake::TableReader& table, const delta::DataFile& file,
                                        duck::Connection& connection);

// The same columns of one row of a SELECT that gives id, body and anchors.
base::Result<std::unique_ptr<duck::Rows>> select_anchors(const std::string& select, const std::string& id,
                                                         duck::Connection& connection);

// Of one of these rows. None where the file has no such column, or it is not a body's: another program may have written
// it.
std::vector<document::Anchor> anchors_in(const duck::Chunk& rows, size_t row);

}  // namespace tarn::index
