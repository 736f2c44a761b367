// The schema of a text table: one document a row, whatever its source.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "delta/snapshot.h"

namespace tarn::ingest {

// id, source, uri, title, body, mime, lang, author, created_at, updated_at, source_version, labels, parent, hash,
// extra, pulled_at, extractor (version of the reader that made the row); and what tables from before lack until a pull
// brings rows: reader (its name), part ("", or the part's name within its item), anchors (document/anchor.h; null where
// there are none).
std::vector<delta::Field> text_schema();
// The columns that a table lacks that was made before they were there.
bool lacks_columns(const std::vector<delta::Field>& schema);
// id, pull, pulled_at, table_name, source, item, place, reason.
std::vector<delta::Field> rejects_schema();
inline constexpr std::string_view kRejectsTable = "tarn.rejects";
inline constexpr std::string_view kDocuments = "main.docs";  // where documents go when nothing else is said

// invalid_argument that names the columns that `schema` lacks or has with another type. A text table may be from
// before.
base::Status check_schema(const std::vector<delta::Field>& schema, const std::vector<delta::Field>& wanted,
                          std::string_view table);

// "docs" → "main.docs"; invalid_argument for anything but [A-Za-z0-9_-] with at most one dot.
base::Result<std::string> canonical_table(std::string_view name);
// "main.docs" → "main/docs", its path in the lake.
std::string table_path(std::string_view canonical);
std::string table_name(std::string_view path);  // and back

// DuckDB's name of a column's type, for the temporary table that a commit is filled from.
std::string duck_type(const delta::Field& field);

}  // namespace tarn::ingest
