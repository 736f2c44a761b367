#include "document/pdf/gutters.h"

#include <algorithm>

namespace tarn::document::pdf {
namespace {

constexpr float kNarrowest = 0.9f;  // of the type size
constexpr size_t kMaxCandidates = 400;
constexpr size_t kMaxTried = 4'000;     // those that prove to be none, too
constexpr float kProseCharacters = 18;  // of a column's mean line; cells of tables are shorter
constexpr float kProseFill = 0.5f;      // of the column's width
constexpr size_t kTitleCharacters = 12;
constexpr size_t kProseRows = 4;
constexpr size_t kMaxProseColumns = 5;

struct Interval {
  float x0, x1;
};

float type_size(const std::vector<Row>& rows) {
  std::vector<float> sizes;
  for (const Row& row : rows) sizes.push_back(row.size);
  std::nth_element(sizes.begin(), sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2), sizes.end());
  return sizes[sizes.size() / 2];
}

// The part of the interval that the row leaves white, the wider one where it leaves two.
bool narrow(const Row& row, float least, Interval* white) {
  for (const Segment& s : row.segments) {
    if (s.x1 <= white->x0 || s.x0 >= white->x1) continue;
    const float before = s.x0 - white->x0, after = white->x1 - s.x1;
    if (std::max(before, after) < least) return false;
    if (before >= after) {
      white->x1 = s.x0;
    } else {
      white->x0 = s.x1;
    }
  }
  return white->x1 - white->x0 >= least;
}

struct Sides {
  size_t left = 0, right = 0, both = 0;
  size_t first_both = 0, last_both = 0;
  size_t markers = 0;  // rows whose word just left of it is a list's marker
  float overlap = 0;   // of the heights that left and right take, as a part of the smaller one
};

Sides sides_of(const std::vector<Row>& rows, const Gutter& g) {
  Sides out;
  float left_top = 1e9f, left_bottom = -1e9f, right_top = 1e9f, right_bottom = -1e9f;
  for (size_t r = g.first; r <= g.last; ++r) {
    const Segment *near = nullptr, *right = nullptr;
    for (const Segment& s : rows[r].segments) {
      if ((s.x0 + s.x1) / 2 < (g.x0 + g.x1) / 2) {
        near = &s;
      } else if (!right) {
        right = &s;
      }
    }
    if (near) {
      ++out.left;
      left_top = std::min(left_top, rows[r].y), left_bottom = std::max(left_bottom, rows[r].y);
    }
    if (right) {
      ++out.right;
      right_top = std::min(right_top, rows[r].y), right_bottom = std::max(right_bottom, rows[r].y);
    }
    if (!near || !right) continue;
    if (out.both++ == 0) out.first_both = r;
    out.last_both = r;
    // A section's number before its title is one, too.
    const bool section =
        near->words.size() == 1 && right->characters > kTitleCharacters && is_section_number(near->words[0]->text);
    out.markers += near->marker || section ? 1 : 0;
  }
  if (out.left == 0 || out.right == 0) return out;
  const float common = std::min(left_bottom, right_bottom) - std::max(left_top, right_top);
  const float smaller = std::min(left_bottom - left_top, right_bottom - right_top);
  out.overlap = smaller > 0 ? common / smaller : common >= 0 ? 1.0f : 0.0f;
  return out;
}

// Where all rows of the span are white, within what they take together.
std::vector<Interval> white_of(const std::vector<Row>& rows, size_t first, size_t last, float least) {
  std::vector<Interval> taken;
  for (size_t r = first; r <= last; ++r) {
    for (const Segment& s : rows[r].segments) taken.push_back({s.x0, s.x1});
  }
  std::sort(taken.begin(), taken.end(), [](const Interval& p, const Interval& q) { return p.x0 < q.x0; });
  std::vector<Interval> out;
  float end = taken.front().x1;
  for (const Interval& t : taken) {
    if (t.x0 - end >= least) out.push_back({end, t.x0});
    end = std::max(end, t.x1);
  }
  return out;
}

struct Column {
  float x0 = 1e9f, x1 = -1e9f;
  size_t rows = 0, shared = 0;  // shared: with words of another column beside them
  float characters = 0, width = 0;
};

std::vector<Column> columns_of(const std::vector<Row>& rows, size_t first, size_t last,
                               const std::vector<float>& edges) {
  std::vector<Column> columns(edges.size() + 1);
  for (size_t r = first; r <= last; ++r) {
    std::vector<std::pair<float, float>> extent(columns.size(), {1e9f, -1e9f});
    size_t used = 0;
    for (const Segment& s : rows[r].segments) {
      const auto c =
          static_cast<size_t>(std::upper_bound(edges.begin(), edges.end(), (s.x0 + s.x1) / 2) - edges.begin());
      used += extent[c].second < extent[c].first ? 1 : 0;
      extent[c] = {std::min(extent[c].first, s.x0), std::max(extent[c].second, s.x1)};
      columns[c].characters += static_cast<float>(s.characters);
    }
    for (size_t c = 0; c < columns.size(); ++c) {
      if (extent[c].second < extent[c].first) continue;
      Column& column = columns[c];
      ++column.rows;
      column.shared += used > 1 ? 1 : 0;
      column.width += extent[c].second - extent[c].first;
      column.x0 = std::min(column.x0, extent[c].first), column.x1 = std::max(column.x1, extent[c].second);
    }
  }
  return columns;
}

bool is_prose(const std::vector<Column>& columns) {
  if (columns.size() > kMaxProseColumns) return false;
  return std::all_of(columns.begin(), columns.end(), [](const Column& c) {
    const auto n = static_cast<float>(c.rows);
    return c.rows >= kProseRows && c.characters / n >= kProseCharacters && c.width / n >= kProseFill * (c.x1 - c.x0);
  });
}

bool is_table(const std::vector<Column>& columns, const Sides& sides) {
  if (columns.size() > kMaxTableColumns || columns.size() < 2) return false;
  if (sides.both < (columns.size() == 2 ? 3u : 2u)) return false;
  return std::all_of(columns.begin(), columns.end(),
                     [](const Column& c) { return c.rows == 0 || c.shared * 10 >= c.rows * 6; }) ||
         // A column of labels, with text beside each that goes on for some lines.
         (columns[0].rows > 1 && columns[0].shared * 10 >= columns[0].rows * 8 &&
          columns[0].characters / static_cast<float>(columns[0].rows) < 2 * kProseCharacters);
}

}  // namespace

std::optional<Band> best_band(const std::vector<Row>& rows) {
  if (rows.size() < 2) return std::nullopt;
  const float least = kNarrowest * type_size(rows);
  struct Found {
    Gutter gutter;
    Sides sides;
    size_t evidence;
  };
  std::vector<Found> found;
  size_t tried = 0;
  for (size_t r = 0; r < rows.size() && found.size() < kMaxCandidates && tried < kMaxTried; ++r) {
    for (const bool with_next : {false, true}) {
      if (with_next && r + 1 == rows.size()) continue;
      for (const Interval& gap : white_of(rows, r, with_next ? r + 1 : r, least)) {
        const bool known = std::any_of(found.begin(), found.end(), [&](const Found& f) {
          return f.gutter.first <= r && r <= f.gutter.last && f.gutter.x0 <= gap.x1 && gap.x0 <= f.gutter.x1;
        });
        if (known) continue;
        if (found.size() >= kMaxCandidates || ++tried > kMaxTried) break;
        Interval white = gap;
        Gutter g{r, with_next ? r + 1 : r, 0, 0};
        while (g.last + 1 < rows.size()) {
          Interval narrower = white;
          if (!narrow(rows[g.last + 1], least, &narrower)) break;
          white = narrower;
          ++g.last;
        }
        while (g.first > 0) {
          Interval narrower = white;
          if (!narrow(rows[g.first - 1], least, &narrower)) break;
          white = narrower;
          --g.first;
        }
        g.x0 = white.x0, g.x1 = white.x1;
        const Sides sides = sides_of(rows, g);
        const size_t evidence = std::min(sides.left, sides.right);
        if (evidence < 2 || sides.overlap < 0.5f) continue;
        if (sides.markers * 2 > sides.both && sides.both > 0) continue;  // a list's markers hang left of its text
        found.push_back({g, sides, evidence});
      }
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
    return a.evidence != b.evidence ? a.evidence > b.evidence : a.gutter.x1 - a.gutter.x0 > b.gutter.x1 - b.gutter.x0;
  });
  for (const Found& f : found) {
    // Prose: from the first row to the last one that leaves the gutter white.
    std::vector<float> edges;
    for (const Interval& w : white_of(rows, f.gutter.first, f.gutter.last, least)) edges.push_back((w.x0 + w.x1) / 2);
    const std::vector<Column> all = columns_of(rows, f.gutter.first, f.gutter.last, edges);
    if (is_prose(all)) return Band{f.gutter, Side::columns, {}};
    // A table: from the first row with words on both sides to the last one.
    if (f.sides.both >= 2) {
      Gutter g = f.gutter;
      g.first = f.sides.first_both;
      g.last = f.sides.last_both;
      edges.clear();
      for (const Interval& w : white_of(rows, g.first, g.last, least)) edges.push_back((w.x0 + w.x1) / 2);
      const std::vector<Column> columns = columns_of(rows, g.first, g.last, edges);
      if (!is_prose(columns) && is_table(columns, f.sides)) {
        // Lines that go on with its last cells.
        while (g.last < f.gutter.last && rows[g.last + 1].y - rows[g.last].y < kNextLine * rows[g.last].size &&
               rows[g.last + 1].segments.front().x0 > g.x0) {
          ++g.last;
        }
        return Band{g, Side::table, std::move(edges)};
      }
    }
    const bool tall = f.evidence >= 3 && (f.sides.both * 2 < f.evidence * 3 || f.evidence >= kProseRows);
    if (tall) return Band{f.gutter, Side::columns, {}};
  }
  return std::nullopt;
}

}  // namespace tarn::document::pdf
