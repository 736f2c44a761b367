#include "answer/surroundings.h"

#include <algorithm>
#include <vector>

#include "answer/lines.h"
#include "document/document.h"

namespace tarn::answer {
namespace {

// The start of the line before the one that starts at `at`; `at` at the body's start.
size_t line_before(std::string_view body, size_t at) {
  if (at < 2) return 0;
  const size_t newline = body.rfind('\n', at - 2);
  return newline == std::string_view::npos ? 0 : newline + 1;
}

size_t line_start(std::string_view body, size_t at) {
  const size_t newline = at == 0 ? std::string_view::npos : body.rfind('\n', at - 1);
  return newline == std::string_view::npos ? 0 : newline + 1;
}

std::vector<std::string> cells_of(std::string_view row) {
  row = trim_left(row);
  if (row.starts_with('|')) row.remove_prefix(1);
  std::vector<std::string> cells;
  for (size_t at = 0; at < row.size();) {
    size_t end = row.find('|', at);
    while (end != std::string_view::npos && end > 0 && row[end - 1] == '\\') end = row.find('|', end + 1);
    end = std::min(end, row.size());
    cells.push_back(document::plain_text(row.substr(at, end - at)));
    std::replace(cells.back().begin(), cells.back().end(), '\n', ' ');
    at = end + 1;
  }
  return cells;
}

}  // namespace

Span columns_of(std::string_view body, Span row) {
  for (size_t at = line_start(body, row.start); at > 0;) {
    const size_t before = line_before(body, at);
    const std::string_view line = body.substr(before, at - 1 - before);
    if (line.find('|') == std::string_view::npos) return {};
    if (is_rule_row(line)) {
      if (before == 0) return {};
      const size_t names = line_before(body, before), end = before - 1;
      const std::string_view text = body.substr(names, end - names);
      const size_t indent = text.size() - trim_left(text).size(), last = text.find_last_not_of(" \t\r");
      if (last == std::string_view::npos || text.find('|') == std::string_view::npos) return {};
      return {names + indent, names + last + 1};
    }
    at = before;
  }
  return {};
}

std::string row_text(std::string_view columns, std::string_view row) {
  const std::vector<std::string> names = cells_of(columns), cells = cells_of(row);
  std::string text;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].empty()) continue;
    if (!text.empty()) text += ", ";
    if (i < names.size() && !names[i].empty()) text += names[i] + ": ";
    text += cells[i];
  }
  return text;
}

std::string list_text(std::string_view items) {
  std::string text;
  for (size_t at = 0; at < items.size();) {
    const size_t end = std::min(items.find('\n', at), items.size());
    const std::string_view line = items.substr(at, end - at), words = trim_left(line);
    const size_t marker = marker_size(words);
    if (marker > 0) {
      if (!text.empty()) text += '\n';
      text += words.substr(0, marker);
    } else if (!text.empty() && !words.empty()) {
      text += ' ';
    }
    text += document::plain_text(words.substr(marker));
    at = end + 1;
  }
  return text;
}

Steps steps_around(std::string_view body, Span passage, Span quote) {
  const size_t from = line_start(body, passage.start - std::min(passage.start, kListWindowBytes));
  const size_t to = std::min(body.find('\n', std::min(passage.end + kListWindowBytes, body.size())), body.size());
  const std::vector<Piece> pieces = pieces_of(body.substr(from, to - from));
  const Span within{quote.start - from, quote.end - from};
  size_t first = pieces.size(), last = 0;  // the pieces of a list that the quote has
  for (size_t i = 0; i < pieces.size(); ++i) {
    if (pieces[i].start < within.start || pieces[i].end > within.end || pieces[i].list == 0) continue;
    first = std::min(first, i);
    last = i;
  }
  if (first == pieces.size() || pieces[first].list != pieces[last].list) return {quote};
  const bool led_in = pieces[first].start > within.start && first > 0 && pieces[first - 1].start >= within.start;
  const bool steps = pieces[first].is_step && pieces[first].block != pieces[last].block;
  if (!led_in && !steps) return {quote};
  const Span whole = whole_list(pieces, first);
  const Span all{from + std::min(whole.start, within.start), from + std::max(whole.end, within.end)};
  if (all.end - all.start <= kMaxListBytes) return {all, true};
  return {quote, true, whole.start < within.start && !led_in, whole.end > within.end};
}

}  // namespace tarn::answer
