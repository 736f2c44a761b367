#include "rows/table_writer.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "base/ascii.h"
#include "rows/text_writer.h"
#include "rows/visible.h"

namespace tarn::rows {
namespace {

constexpr size_t kDots = std::numeric_limits<size_t>::max();  // stands for the columns left out

std::string with_commas(uint64_t n) {
  std::string digits = std::to_string(n);
  for (size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits;
}

std::string short_type(const std::string& type) {
  if (type == "TIMESTAMP WITH TIME ZONE") return "timestamptz";
  if (type == "TIME WITH TIME ZONE") return "timetz";
  return base::lower(visible(type));
}

std::string repeat(std::string_view piece, size_t count) {
  std::string out;
  for (size_t i = 0; i < count; ++i) out += piece;
  return out;
}

}  // namespace

TableWriter::TableWriter(const Format& format, Sink sink)
    : format_(format),
      types_(format.name == "table"),
      null_(format.null_text.value_or("NULL")),
      sink_(std::move(sink)) {
  const bool every = format.name == "box" || format.shown == 0;
  head_rows_ = every ? std::numeric_limits<size_t>::max() : (format.shown + 1) / 2;
  tail_rows_ = every ? 0 : format.shown / 2;
  if (format.name == "box") format_.width = 0;
}

void TableWriter::measure(const Line& line) {
  for (size_t c = 0; c < line.size(); ++c) widths_[c] = std::max(widths_[c], cell_width(line[c]));
}

bool TableWriter::begin(const std::vector<duck::Column>& columns) {
  columns_ = columns;
  widths_.assign(columns.size(), 1);
  for (const duck::Column& column : columns) {
    names_.push_back(visible(column.name));
    kinds_.push_back(cut_to_width(short_type(column.type), 24));
  }
  if (format_.header) {
    measure(names_);
    if (types_) measure(kinds_);
  }
  return true;
}

TableWriter::Line TableWriter::take(const duck::Chunk& chunk, size_t row) const {
  Line line;
  for (size_t c = 0; c < columns_.size(); ++c) {
    if (chunk.is_null(c, row)) {
      line.push_back(null_);
      continue;
    }
    std::string text = chunk.sql_text(c, row);
    // Longer than any line of the box: cut before it is kept. A cell takes at least a quarter of a byte a cell of
    // width.
    const size_t most = format_.width == 0 ? std::numeric_limits<size_t>::max() : format_.width * 8 + 64;
    if (text.size() > most) text.resize(most);
    line.push_back(visible(text));
  }
  return line;
}

bool TableWriter::write(const duck::Chunk& chunk) {
  for (size_t row = 0; row < chunk.rows(); ++row, ++rows_) {
    if (head_.size() < head_rows_) {
      head_.push_back(take(chunk, row));
    } else if (tail_rows_ > 0 && chunk.rows() - row <= tail_rows_) {  // the rest of the chunk would push it out again
      if (tail_.size() == tail_rows_) tail_.pop_front();
      tail_.push_back(take(chunk, row));
    }
  }
  return sink_("");  // does the reader still listen?
}

void TableWriter::shrink() {
  if (format_.width == 0) return;
  const auto total = [&] { return std::accumulate(widths_.begin(), widths_.end(), size_t{1}) + 3 * widths_.size(); };
  while (total() > format_.width) {
    const auto widest = std::max_element(widths_.begin(), widths_.end());
    if (widest == widths_.end() || *widest <= kNarrow) return;
    // Down to the next widest at once, or as far as needed.
    size_t second = kNarrow;
    for (size_t w : widths_) {
      if (w < *widest) second = std::max(second, w);
    }
    const size_t equal = static_cast<size_t>(std::count(widths_.begin(), widths_.end(), *widest));
    const size_t over = total() - format_.width;
    const size_t step = std::max<size_t>(1, std::min(*widest - second, (over + equal - 1) / equal));
    const size_t old = *widest;
    for (size_t& w : widths_) {
      if (w == old && total() > format_.width) w = old - step;
    }
  }
}

std::vector<size_t> TableWriter::fit() const {
  std::vector<size_t> shown(columns_.size());
  std::iota(shown.begin(), shown.end(), size_t{0});
  if (format_.width == 0) return shown;
  const auto total = [&] {
    size_t sum = 1;
    for (size_t c : shown) sum += (c == kDots ? 1 : widths_[c]) + 3;
    return sum;
  };
  while (total() > format_.width && shown.size() > 3) {
    const auto dots = std::find(shown.begin(), shown.end(), kDots);
    if (dots == shown.end()) {
      shown[shown.size() / 2] = kDots;
    } else {
      const bool left_longer = dots - shown.begin() > shown.end() - dots - 1;
      shown.erase(left_longer ? dots - 1 : dots + 1);
    }
  }
  return shown;
}

std::string TableWriter::rule(std::string_view left, std::string_view middle, std::string_view right,
                              const std::vector<size_t>& shown) const {
  std::string out(left);
  for (size_t i = 0; i < shown.size(); ++i) {
    if (i) out += middle;
    out += repeat("─", (shown[i] == kDots ? 1 : widths_[shown[i]]) + 2);
  }
  out += right;
  return out + "\n";
}

std::string TableWriter::text(const Line& line, const std::vector<size_t>& shown, bool centred) const {
  std::string out = "│";
  for (size_t c : shown) {
    const std::string cell = c == kDots ? "…" : cut_to_width(line[c], widths_[c]);
    const size_t space = (c == kDots ? 1 : widths_[c]) - cell_width(cell);
    const size_t before = centred ? space / 2 : c != kDots && is_number(columns_[c]) ? space : 0;
    out.append(before + 1, ' ');
    out += cell;
    out.append(space - before + 1, ' ');
    out += "│";
  }
  return out + "\n";
}

std::string TableWriter::footer() const {
  std::string out = with_commas(rows_) + (rows_ == 1 ? " row" : " rows");
  const uint64_t kept = head_.size() + tail_.size();
  if (kept < rows_) out += " (" + std::to_string(kept) + " shown)";
  return out + "\n";
}

bool TableWriter::end() {
  for (const Line& line : head_) measure(line);
  for (const Line& line : tail_) measure(line);
  shrink();
  const std::vector<size_t> shown = fit();
  std::string out = rule("┌", "┬", "┐", shown);
  if (format_.header) {
    out += text(names_, shown, true);
    if (types_) out += text(kinds_, shown, true);
    out += rule("├", "┼", "┤", shown);
  }
  for (const Line& line : head_) out += text(line, shown, false);
  if (head_.size() + tail_.size() < rows_) out += text(Line(columns_.size(), "·"), shown, true);
  for (const Line& line : tail_) out += text(line, shown, false);
  out += rule("└", "┴", "┘", shown);
  if (types_ && format_.header) out += footer();
  return sink_(out);
}

}  // namespace tarn::rows
