#include "document/pdf/layout.h"

#include <algorithm>
#include <utility>

#include "document/pdf/gutters.h"
#include "document/pdf/rows.h"
#include "document/pdf/ruled.h"

namespace tarn::document::pdf {
namespace {

constexpr int kMaxDepth = 60;
constexpr float kApart = 1.5f;  // of the type size

class Layout {
 public:
  explicit Layout(std::vector<Item>* out) : out_(out) {}

  void part(std::vector<Row> rows, int depth) {
    if (rows.empty()) return;
    const std::optional<Band> band = depth < kMaxDepth ? best_band(rows) : std::nullopt;
    if (!band) {
      lines(rows);
      return;
    }
    const auto at = [&](size_t row) { return rows.begin() + static_cast<std::ptrdiff_t>(row); };
    const Gutter& g = band->gutter;
    part({at(0), at(g.first)}, depth + 1);
    std::vector<Row> middle(at(g.first), at(g.last + 1));
    if (band->side == Side::table) {
      table(middle, band->edges);
    } else {
      std::vector<Row> left, right;
      for (Row& row : middle) {
        Row l{row.y, row.size, {}}, r{row.y, row.size, {}};
        for (Segment& s : row.segments) {
          ((s.x0 + s.x1) / 2 < (g.x0 + g.x1) / 2 ? l : r).segments.push_back(std::move(s));
        }
        if (!l.segments.empty()) left.push_back(std::move(l));
        if (!r.segments.empty()) right.push_back(std::move(r));
      }
      part(std::move(left), depth + 1);
      part(std::move(right), depth + 1);
    }
    part({at(g.last + 1), rows.end()}, depth + 1);
  }

 private:
  void lines(const std::vector<Row>& rows) {
    ++column_;
    float left = 1e9f, right = -1e9f;
    for (const Row& row : rows) {
      left = std::min(left, row.segments.front().x0), right = std::max(right, row.segments.back().x1);
    }
    for (const Row& row : rows) {
      std::vector<const Word*> words;
      for (const Segment& s : row.segments) {
        if (s.table) {
          line(row, std::exchange(words, {}), left, right);
          Item item;
          item.line.y = s.table->y0;
          item.line.x0 = s.x0, item.line.x1 = s.x1, item.line.column = column_, item.line.left = left,
          item.line.right = right;
          item.table = s.table->rows;
          out_->push_back(std::move(item));
        } else {
          words.insert(words.end(), s.words.begin(), s.words.end());
        }
      }
      line(row, std::move(words), left, right);
    }
  }

  void line(const Row& row, std::vector<const Word*> words, float left, float right) {
    if (words.empty()) return;
    Item item;
    Line& line = item.line;
    line.x0 = words.front()->x0;
    size_t bold = 0, mono = 0, all = 0, tagged = 0;
    for (const Word* word : words) {
      line.x1 = std::max(line.x1, word->x1);
      line.size = std::max(line.size, word->size);
      all += word->text.size();
      bold += word->bold ? word->text.size() : 0;
      mono += word->mono ? word->text.size() : 0;
      if (word->heading > 0) tagged += word->text.size(), line.heading = word->heading;
    }
    if (tagged * 2 < all) line.heading = 0;
    line.y = row.y, line.left = left, line.right = right, line.column = column_;
    line.bold = bold * 10 >= all * 9;
    line.mono = mono * 10 >= all * 9;
    const auto apart = [&](const Word* a, const Word* b) { return b->x0 - a->x1 > kApart * line.size; };
    line.first_apart = words.size() > 1 && apart(words[0], words[1]);
    line.last_apart = words.size() > 1 && apart(words[words.size() - 2], words.back());
    line.text = join(words);
    out_->push_back(std::move(item));
  }

  void table(const std::vector<Row>& rows, const std::vector<float>& edges) {
    ++column_;
    Item item;
    item.line.y = rows.front().y;
    item.line.x0 = 1e9f, item.line.x1 = -1e9f, item.line.column = column_;
    float before = -1e9f;
    std::vector<std::vector<Text>> nested;
    for (const Row& row : rows) {
      std::vector<std::vector<const Word*>> cells(edges.size() + 1);
      for (const Segment& s : row.segments) {
        item.line.x0 = std::min(item.line.x0, s.x0), item.line.x1 = std::max(item.line.x1, s.x1);
        if (s.table) {
          nested.insert(nested.end(), s.table->rows.begin(), s.table->rows.end());
          continue;
        }
        const auto c =
            static_cast<size_t>(std::upper_bound(edges.begin(), edges.end(), (s.x0 + s.x1) / 2) - edges.begin());
        cells[c].insert(cells[c].end(), s.words.begin(), s.words.end());
      }
      // A row without its first cell, close below another: its cells go on.
      const bool goes_on = cells[0].empty() && !item.table.empty() && row.y - before < kNextLine * row.size;
      if (goes_on) {
        for (size_t c = 1; c < cells.size(); ++c) {
          if (cells[c].empty()) continue;
          item.table.back()[c].append(join(cells[c]));
        }
      } else {
        std::vector<Text> line;
        for (auto& cell : cells) line.push_back(cell.empty() ? Text() : join(cell));
        item.table.push_back(std::move(line));
      }
      before = row.y;
    }
    out_->push_back(std::move(item));
    if (!nested.empty()) {
      Item other;
      other.line = out_->back().line;
      other.table = std::move(nested);
      out_->push_back(std::move(other));
    }
  }

  std::vector<Item>* out_;
  int column_ = 0;
};

void lay_out_frame(const Frame& frame, const Page& page, bool upright, std::vector<Item>* out) {
  std::vector<const Word*> words;
  for (const Word& word : frame.words) words.push_back(&word);
  if (words.empty()) return;
  std::vector<RuledTable> tables;
  if (upright) tables = ruled_tables(page.rules, page.width * page.height, &words);
  std::vector<Word> made;
  made.reserve(words.size());
  std::vector<Row> rows = rows_of(words, &made);
  for (const RuledTable& table : tables) {
    Segment s;
    s.x0 = table.x0, s.x1 = table.x1, s.table = &table;
    rows.push_back({table.y0, 10, {}});
    rows.back().segments.push_back(std::move(s));
  }
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.y < b.y; });
  const int columns = out->empty() ? 0 : out->back().line.column;
  const size_t before = out->size();
  Layout(out).part(std::move(rows), frame.words.size() > kMaxPartedWords ? kMaxDepth : 0);
  for (size_t i = before; i < out->size(); ++i) {
    (*out)[i].line.column += columns + 1;
    (*out)[i].line.turned = before > 0;
  }
}

}  // namespace

std::vector<Item> lay_out(const Page& page) {
  std::vector<Item> out;
  // The text that most of the page is in comes first.
  std::vector<const Frame*> frames;
  for (const Frame& frame : page.frames) frames.push_back(&frame);
  std::stable_sort(frames.begin(), frames.end(),
                   [](const Frame* a, const Frame* b) { return a->words.size() > b->words.size(); });
  for (const Frame* frame : frames) lay_out_frame(*frame, page, frame == &page.frames[0], &out);
  return out;
}

}  // namespace tarn::document::pdf
