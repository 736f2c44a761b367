// The text table: a document a row, whatever its source. Its columns, and what makes a table one that is searched.
// Threads: pure.
#pragma once

#include <string_view>
#include <vector>

#include "base/status.h"
#include "delta/snapshot.h"

namespace tarn::lake {

// What a table must have to be a text table, each a string: what search reads of a row.
inline constexpr std::string_view kTextColumns[] = {"id", "title", "uri", "body"};
bool is_text_table(const std::vector<delta::Field>& schema);

// All columns of one that documents are pulled into: id, source, uri, title, body, mime, lang, author, created_at,
// updated_at, source_version, labels, parent, hash, extra, pulled_at, extractor (version of the reader that made the
// row); and what tables from before lack until a pull brings rows: reader (its name), part ("", or the part's name
// within its item), anchors (document/anchor.h; null where there are none).
std::vector<delta::Field> text_schema();
// Whether it was made before the last of them were there.
bool lacks_columns(const std::vector<delta::Field>& schema);

// invalid_argument that names the columns that `schema` lacks or has with another type. A text table may be from
// before.
base::Status check_schema(const std::vector<delta::Field>& schema, const std::vector<delta::Field>& wanted,
                          std::string_view table);

}  // namespace tarn::lake
