#include "document/data/cells.h"

#include <algorithm>

#include "base/ascii.h"
#include "document/markdown/inline_text.h"

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

std::string row_of(const std::vector<std::string>& cells, size_t columns) {
  std::string out = "|";
  for (size_t i = 0; i < std::min(columns, cells.size()); ++i) {
    std::string cell = cell_of(cells[i]);
    // Cells for which there is no column stand in the last one.
    for (size_t more = columns; i + 1 == columns && more < cells.size(); ++more) {
      const std::string next = cell_of(cells[more]);
      if (!next.empty()) cell += (cell.empty() ? "" : " \xE2\x80\x94 ") + next;
    }
    out += cell.empty() ? " |" : " " + cell + " |";
  }
  for (size_t i = cells.size(); i < columns; ++i) out += " |";
  return out + "\n";
}

std::string rule_of(size_t columns) {
  std::string out = "|";
  for (size_t i = 0; i < columns; ++i) out += " --- |";
  return out + "\n";
}

std::string field_of(std::string_view name, std::string_view value) {
  InlineText words;
  words.add_text(name);
  words.add_text(name.empty() ? "" : ": ");
  words.add_text(value);
  return words.take();
}

}  // namespace tarn::document::data
