#include "document/pdf/ruled.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace tarn::document::pdf {
namespace {

constexpr float kNear = 3;               // points between lines that are one
constexpr size_t kMaxGridRules = 1'200;  // of one direction
constexpr size_t kMaxCellWords = 400;    // a larger cell is a frame around text
constexpr size_t kRepeatedBytes = 60;

struct Span {
  float at, from, to;  // at y (or x), from x to x (or y to y)
};

// Pieces of one line become one.
std::vector<Span> merged(std::vector<Span> spans) {
  std::sort(spans.begin(), spans.end(),
            [](const Span& a, const Span& b) { return a.at != b.at ? a.at < b.at : a.from < b.from; });
  std::vector<Span> out;
  for (size_t i = 0; i < spans.size();) {
    size_t end = i;
    while (end < spans.size() && spans[end].at - spans[i].at <= 1) ++end;
    std::sort(spans.begin() + static_cast<std::ptrdiff_t>(i), spans.begin() + static_cast<std::ptrdiff_t>(end),
              [](const Span& a, const Span& b) { return a.from < b.from; });
    Span run = spans[i];
    for (size_t k = i + 1; k < end; ++k) {
      if (spans[k].from <= run.to + kNear) {
        run.to = std::max(run.to, spans[k].to);
      } else {
        out.push_back(run);
        run = spans[k];
      }
    }
    out.push_back(run);
    i = end;
  }
  return out;
}

// Places that lie near each other are one.
std::vector<float> places(std::vector<float> all) {
  std::sort(all.begin(), all.end());
  std::vector<float> out;
  for (const float place : all) {
    if (out.empty() || place - out.back() > kNear) out.push_back(place);
  }
  return out;
}

size_t cell_of(const std::vector<float>& edges, float place) {
  const auto after = std::upper_bound(edges.begin(), edges.end(), place);
  const auto index = static_cast<size_t>(after - edges.begin());
  return std::min(index > 0 ? index - 1 : 0, edges.size() - 2);
}

// For each line of the grid in one direction, and each cell along it: whether a span rules it there.
std::vector<std::vector<bool>> ruled_sides(const std::vector<Span>& spans, const std::vector<float>& lines,
                                           const std::vector<float>& along) {
  std::vector<std::vector<bool>> out(lines.size(), std::vector<bool>(along.size() - 1));
  for (const Span& s : spans) {
    for (size_t i = 0; i < lines.size(); ++i) {
      if (std::abs(s.at - lines[i]) > kNear) continue;
      for (size_t k = 0; k + 1 < along.size(); ++k) {
        const float middle = (along[k] + along[k + 1]) / 2;
        if (s.from - kNear <= middle && middle <= s.to + kNear) out[i][k] = true;
      }
    }
  }
  return out;
}

using Cell = std::vector<const Word*>;

Text cell_text(const Cell& words, std::vector<Word>* made) {
  Text out;
  for (const Row& row : rows_of(words, made)) {
    Cell all;
    for (const Segment& segment : row.segments) all.insert(all.end(), segment.words.begin(), segment.words.end());
    out.append(join(all));
  }
  return out;
}

// One row of the grid that holds several lines, each with words in more than one column, is a row for each line.
std::vector<std::vector<Cell>> split_lines(std::vector<Cell> cells) {
  std::vector<const Word*> all;
  std::map<const Word*, size_t> column;
  for (size_t c = 0; c < cells.size(); ++c) {
    for (const Word* word : cells[c]) all.push_back(word), column[word] = c;
  }
  const std::vector<Row> rows = rows_of(all, nullptr);
  std::vector<std::vector<Cell>> out;
  size_t shared = 0;
  for (const Row& row : rows) {
    std::vector<Cell> line(cells.size());
    for (const Segment& segment : row.segments) {
      for (const Word* word : segment.words) {
        line[column.at(word)].push_back(word);
      }
    }
    shared += std::count_if(line.begin(), line.end(), [](const Cell& cell) { return !cell.empty(); }) > 1 ? 1 : 0;
    out.push_back(std::move(line));
  }
  if (rows.size() < 3 || shared * 10 < rows.size() * 8) return {std::move(cells)};
  return out;
}

// Rules around rows that have columns of their own, which are set apart by gaps: those are to be looked for.
bool hides_columns(const std::vector<std::vector<Cell>>& cells) {
  size_t rows = 0, parted = 0;
  for (const std::vector<Cell>& line : cells) {
    for (const Cell& cell : line) {
      for (const Row& row : rows_of(cell, nullptr)) {
        ++rows;
        parted += row.segments.size() > 2 ? 1 : 0;
      }
    }
  }
  return parted > 1 && parted * 5 > rows;
}

class Grid {
 public:
  Grid(std::vector<Span> horizontal, std::vector<Span> vertical)
      : horizontal_(std::move(horizontal)), vertical_(std::move(vertical)) {
    std::vector<float> x, y;
    for (const Span& s : horizontal_) y.push_back(s.at);
    for (const Span& s : vertical_) x.push_back(s.at);
    // A grid may be open at its sides.
    float from = vertical_.front().at, to = from;
    for (const Span& s : horizontal_) from = std::min(from, s.from), to = std::max(to, s.to);
    x.push_back(from);
    x.push_back(to);
    x_ = places(std::move(x));
    y_ = places(std::move(y));
  }

  bool is_table() const {
    return x_.size() > 2 && y_.size() > 1 && x_.size() <= kMaxTableColumns + 1 &&
           (x_.size() - 1) * (y_.size() - 1) >= 2;
  }

  bool holds(const Word& word) const {
    const float x = (word.x0 + word.x1) / 2, y = word.y - 0.3f * word.size;
    return x >= x_.front() && x <= x_.back() && y >= y_.front() && y <= y_.back();
  }

  // Nothing where it is no table after all.
  std::vector<std::vector<Text>> rows(const std::vector<const Word*>& words, float page_area) const {
    const size_t columns = x_.size() - 1, lines = y_.size() - 1;
    const std::vector<std::vector<bool>> left_ruled = ruled_sides(vertical_, x_, y_);
    const std::vector<std::vector<bool>> top_ruled = ruled_sides(horizontal_, y_, x_);
    std::vector<std::vector<Cell>> cells(lines, std::vector<Cell>(columns));
    for (const Word* word : words) {
      size_t c = cell_of(x_, (word->x0 + word->x1) / 2), r = cell_of(y_, word->y - 0.3f * word->size);
      while (c > 0 && !left_ruled[c][r]) --c;
      while (r > 0 && !top_ruled[r][c]) --r;
      cells[r][c].push_back(word);
      if (cells[r][c].size() > kMaxCellWords) return {};
    }
    size_t filled = 0;
    std::vector<bool> column_filled(columns);
    for (size_t r = 0; r < lines; ++r) {
      for (size_t c = 0; c < columns; ++c) {
        if (cells[r][c].empty()) continue;
        ++filled;
        column_filled[c] = true;
      }
    }
    if (filled < 2 || std::count(column_filled.begin(), column_filled.end(), true) < 2) return {};
    if (lines == 1 && (x_.back() - x_.front()) * (y_.back() - y_.front()) > 0.5f * page_area) return {};
    std::vector<Word> made;
    made.reserve(words.size());
    if (hides_columns(cells)) return {};
    std::vector<std::vector<Text>> out;
    for (size_t r = 0; r < lines; ++r) {
      const bool spans =
          std::any_of(cells[r].begin(), cells[r].end(), [](const Cell& cell) { return cell.size() > 1; });
      for (std::vector<Cell>& line : spans ? split_lines(cells[r]) : std::vector<std::vector<Cell>>{cells[r]}) {
        std::vector<Text> row;
        for (const Cell& cell : line) row.push_back(cell_text(cell, &made));
        // A short cell of the row above that no rule ends goes on here.
        for (size_t c = 0; c < columns && r > 0 && !out.empty(); ++c) {
          if (!row[c].words.empty() || out.back()[c].words.empty() || out.back()[c].words.size() > kRepeatedBytes) {
            continue;
          }
          if (!top_ruled[r][c]) row[c] = out.back()[c];
        }
        out.push_back(std::move(row));
      }
    }
    std::erase_if(out, [](const std::vector<Text>& row) {
      return std::all_of(row.begin(), row.end(), [](const Text& cell) { return cell.words.empty(); });
    });
    for (size_t c = columns; c-- > 0;) {
      if (column_filled[c]) continue;
      for (std::vector<Text>& row : out) row.erase(row.begin() + static_cast<std::ptrdiff_t>(c));
    }
    return out;
  }

  float x0() const { return x_.front(); }
  float x1() const { return x_.back(); }
  float y0() const { return y_.front(); }
  float y1() const { return y_.back(); }

 private:
  std::vector<Span> horizontal_, vertical_;
  std::vector<float> x_, y_;
};

// Rules that touch belong to one grid.
std::vector<Grid> grids(const std::vector<Rule>& rules) {
  std::vector<Span> horizontal, vertical;
  for (const Rule& rule : rules) {
    if (rule.horizontal()) {
      horizontal.push_back({rule.y0, rule.x0, rule.x1});
    } else {
      vertical.push_back({rule.x0, rule.y0, rule.y1});
    }
  }
  horizontal = merged(std::move(horizontal));
  vertical = merged(std::move(vertical));
  if (horizontal.size() < 2 || vertical.empty() || horizontal.size() > kMaxGridRules ||
      vertical.size() > kMaxGridRules) {
    return {};
  }
  std::vector<size_t> group(horizontal.size() + vertical.size());
  std::iota(group.begin(), group.end(), size_t{0});
  const auto root = [&](size_t i) {
    while (group[i] != i) i = group[i] = group[group[i]];
    return i;
  };
  for (size_t h = 0; h < horizontal.size(); ++h) {
    for (size_t v = 0; v < vertical.size(); ++v) {
      const Span &a = horizontal[h], &b = vertical[v];
      if (b.at < a.from - kNear || b.at > a.to + kNear || a.at < b.from - kNear || a.at > b.to + kNear) continue;
      group[root(h)] = root(horizontal.size() + v);
    }
  }
  std::map<size_t, std::pair<std::vector<Span>, std::vector<Span>>> parts;
  for (size_t h = 0; h < horizontal.size(); ++h) parts[root(h)].first.push_back(horizontal[h]);
  for (size_t v = 0; v < vertical.size(); ++v) parts[root(horizontal.size() + v)].second.push_back(vertical[v]);
  std::vector<Grid> out;
  for (auto& [key, part] : parts) {
    if (part.first.size() < 2 || part.second.empty()) continue;
    Grid grid(std::move(part.first), std::move(part.second));
    if (grid.is_table()) out.push_back(std::move(grid));
  }
  return out;
}

}  // namespace

std::vector<RuledTable> ruled_tables(const std::vector<Rule>& rules, float page_area, std::vector<const Word*>* words) {
  std::vector<RuledTable> out;
  if (rules.size() < 3) return out;
  for (const Grid& grid : grids(rules)) {
    std::vector<const Word*> inside;
    for (const Word* word : *words) {
      if (grid.holds(*word)) inside.push_back(word);
    }
    if (inside.size() < 2) continue;
    std::vector<std::vector<Text>> rows = grid.rows(inside, page_area);
    if (rows.empty()) continue;
    std::erase_if(*words, [&](const Word* word) { return grid.holds(*word); });
    out.push_back({grid.x0(), grid.y0(), grid.x1(), grid.y1(), std::move(rows)});
  }
  return out;
}

}  // namespace tarn::document::pdf
