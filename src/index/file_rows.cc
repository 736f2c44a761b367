#include "index/file_rows.h"

#include <charconv>

namespace tarn::index {
namespace {

using base::Result;

// A cell has no structs: each anchor is a list of three texts.
constexpr const char* kColumns = "tarn_row, id, title, uri, body, ";
constexpr const char* kAnchors = "[[a.start::VARCHAR, a.kind, a.value] FOR a IN anchors]";

}  // namespace

Result<FileRows> select_documents(const lake::TableReader& table, const delta::DataFile& file,
                                  duck::Connection& connection) {
  auto with_anchors = table.select_file(file, {"id", "title", "uri", "body", "anchors"});
  if (with_anchors.ok()) {
    auto rows = connection.query(std::string("SELECT ") + kColumns + kAnchors + " FROM (" + with_anchors->sql + ")");
    if (rows.ok()) return FileRows{std::move(with_anchors->files), std::move(*rows)};
  }
  // A file from before there were anchors, or one whose column of that name is another thing.
  TARN_ASSIGN(lake::Select select, table.select_file(file, {"id", "title", "uri", "body"}));
  TARN_ASSIGN(auto rows, connection.query(std::string("SELECT ") + kColumns + "NULL FROM (" + select.sql + ")"));
  return FileRows{std::move(select.files), std::move(rows)};
}

Result<std::unique_ptr<duck::Rows>> select_anchors(const std::string& select, const std::string& id,
                                                   duck::Connection& connection) {
  return connection.query(
      std::string("SELECT 0, id, '', '', body, ") + kAnchors + " FROM (" + select + ") WHERE id = $1",
      {duck::Cell(id)});
}

std::vector<document::Anchor> anchors_in(const duck::Chunk& rows, size_t row) {
  constexpr size_t kBody = 4, kColumn = 5;
  std::vector<document::Anchor> anchors;
  if (rows.is_null(kColumn, row) || rows.is_null(kBody, row)) return anchors;
  const duck::Cell cell = rows.cell(kColumn, row);
  const auto* list = std::get_if<duck::CellList>(&cell.value);
  if (!list) return anchors;
  for (const duck::Cell& item : *list) {
    const auto* fields = std::get_if<duck::CellList>(&item.value);
    if (!fields || fields->size() != 3) return {};
    const auto text = [&](size_t i) {
      const auto* value = std::get_if<std::string>(&(*fields)[i].value);
      return value ? std::string_view(*value) : std::string_view();
    };
    document::Anchor anchor{0, std::string(text(1)), std::string(text(2))};
    const char* end = text(0).data() + text(0).size();
    const auto [stop, error] = std::from_chars(text(0).data(), end, anchor.start);
    if (error != std::errc() || stop != end) return {};
    anchors.push_back(std::move(anchor));
  }
  return are_valid(anchors, rows.text(kBody, row).size()) ? anchors : std::vector<document::Anchor>();
}

}  // namespace tarn::index
