#include "lake/fetch.h"

#include <fmt/format.h>

namespace tarn::lake {

using base::Code;
using base::Result;
using base::Status;

const duck::Cell* Row::find(std::string_view column) const {
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == column) return &cells[i];
  }
  return nullptr;
}

std::string Row::text(std::string_view column) const {
  const duck::Cell* cell = find(column);
  const std::string* value = cell ? std::get_if<std::string>(&cell->value) : nullptr;
  return value ? *value : std::string();
}

Result<Row> fetch_row(const TableReader& table, const delta::Snapshot& snapshot, const std::string& id,
                      const std::string& file, duck::Connection& connection) {
  delta::Snapshot narrowed = snapshot;
  if (!file.empty()) {
    const auto found = snapshot.files.find(file);
    if (found == snapshot.files.end()) {
      return Status(Code::not_found,
                    fmt::format("{} version {} has no data file {}", table.path(), snapshot.version.value, file));
    }
    narrowed.files = {*found};
  }
  // A data file that is gone is not a row that is gone.
  const auto damaged = [&](const Status& status) {
    if (status.code() != Code::not_found) return status;
    return Status(Code::corruption,
                  fmt::format("{} version {}: {}", table.path(), snapshot.version.value, status.message()),
                  "restore the data file from a backup; tarn check names everything that is damaged");
  };
  const auto select = table.select(narrowed, {}, true);
  if (!select.ok()) return damaged(select.status());
  const auto queried =
      connection.query(fmt::format("SELECT * FROM ({}) WHERE id = $1 LIMIT 1", select->sql), {duck::Cell(id)});
  if (!queried.ok()) return damaged(queried.status());
  const auto& rows = *queried;
  const auto next = rows->next();
  if (!next.ok()) return damaged(next.status());
  const duck::Chunk* chunk = *next;
  if (!chunk || chunk->rows() == 0) {
    return Status(Code::not_found,
                  fmt::format("no row with id '{}' in {} at version {}", id, table.path(), snapshot.version.value));
  }
  Row row;
  for (size_t i = 0; i < rows->columns().size(); ++i) {
    const duck::Column& column = rows->columns()[i];
    if (column.name == "tarn_file") {
      row.file = std::string(chunk->text(i, 0));
    } else if (column.name == "tarn_row") {
      row.index = base::RowIndex(chunk->integer(i, 0));
    } else {
      row.columns.push_back(column);
      row.cells.push_back(chunk->cell(i, 0));
    }
  }
  return row;
}

Status check_file(const TableReader& table, const delta::DataFile& file) {
  const auto tag = file.tags.find(std::string(delta::kHashTag));
  if (tag == file.tags.end()) return base::ok();
  TARN_ASSIGN(const std::string hash, table.data_hash(file));
  if (hash == tag->second) return base::ok();
  return {Code::corruption,
          fmt::format("{}/{}: the file's bytes are not those that were committed", table.path(), file.path),
          "restore the file from a backup; tarn check names everything that is damaged"};
}

}  // namespace tarn::lake
