#include "document/data/cells.h"

#include <algorithm>

#include "base/ascii.h"
#include "document/markdown/inline_text.h"
#include "document/markdown/table_row.h"

namespace tarn::document::data {
namespace {

// Numbers, times and single words need no look at what Markdown would make of them.
bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return base::is_alnum(c) || c == '.' || c == ',' || c == ':' || c == '/' || c == '%' || c == ' ';
  });
}

}  // namespace

std::string cell_of(std::string_view text) {
  text = base::trimmed(text);
  if (is_plain(text)) return std::string(text);
  InlineText words;
  words.add_text(text);
  return words.take_cell();
}

std::string row_of(const std::vector<std::string>& fields, size_t columns) {
  std::vector<std::string> cells;
  for (const std::string& field : fields) {
    std::string cell = cell_of(field);
    if (cells.size() < columns) {
      cells.push_back(std::move(cell));
    } else if (!cell.empty()) {  // without a column of its own
      cells.back() += (cells.back().empty() ? "" : " \xE2\x80\x94 ") + cell;
    }
  }
  return table_row(cells, columns);
}

std::string field_of(std::string_view name, std::string_view value) {
  InlineText words;
  words.add_text(name);
  words.add_text(name.empty() ? "" : ": ");
  words.add_text(value);
  return words.take();
}

}  // namespace tarn::document::data
