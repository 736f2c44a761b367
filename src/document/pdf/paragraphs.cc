#include "document/pdf/paragraphs.h"

#include <algorithm>
#include <cmath>

#include "base/ascii.h"
#include "document/pdf/rows.h"

namespace tarn::document::pdf {
namespace {

using base::is_lower;

bool ends_sentence(std::string_view text) {
  while (!text.empty() && (text.back() == '"' || text.back() == ')' || text.back() == '\'' || text.back() == ']')) {
    text.remove_suffix(1);
  }
  if (text.ends_with("”") || text.ends_with("’") || text.ends_with("»")) {
    text.remove_suffix(text.ends_with("»") ? 2 : 3);
  }
  return !text.empty() && (std::string_view(".!?:").find(text.back()) != std::string_view::npos ||
                           text.ends_with("。") || text.ends_with("…"));
}

// Bytes of a list item's marker and the blank behind it; 0 where the line begins no item.
size_t marker_of(std::string_view text) {
  const size_t blank = text.find(' ');
  if (blank == std::string_view::npos || blank == 0 || blank + 1 == text.size()) return 0;
  const std::string_view word = text.substr(0, blank);
  if (word == "o" || word.front() == '[' || word.front() == '(' || !is_marker(word)) return 0;
  return blank + 1;
}

bool is_mostly_mono(const std::vector<FilePage>& pages) {
  size_t mono = 0, all = 0;
  for (const FilePage& page : pages) {
    for (const Item& item : page.items) {
      all += item.line.text.words.size();
      mono += item.line.mono ? item.line.text.words.size() : 0;
    }
  }
  return mono * 10 > all * 6;
}

// For each line the right edge of the lines around it that have its type and its distance: what its words had room for.
std::vector<float> right_edges(const FilePage& page) {
  std::vector<float> out(page.items.size());
  for (size_t i = 0; i < page.items.size();) {
    size_t end = i + 1;
    float right = page.items[i].line.x1;
    for (; end < page.items.size() && page.items[i].table.empty() && page.items[end].table.empty(); ++end) {
      const Line &a = page.items[end - 1].line, &b = page.items[end].line;
      const float gap = b.y - a.y, em = std::max(a.size, b.size);
      if (a.column != b.column || gap < 0 || gap > 2 * em || std::abs(a.size - b.size) > 0.15f * em) break;
      right = std::max(right, b.x1);
    }
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(i), out.begin() + static_cast<std::ptrdiff_t>(end), right);
    i = end;
  }
  return out;
}

// The usual distance of two lines of each column.
std::vector<float> distances(const FilePage& page) {
  std::vector<std::vector<float>> all;
  for (size_t i = 1; i < page.items.size(); ++i) {
    const Line &a = page.items[i - 1].line, &b = page.items[i].line;
    if (a.column != b.column || !page.items[i].table.empty() || !page.items[i - 1].table.empty() || b.y <= a.y) {
      continue;
    }
    const auto column = static_cast<size_t>(b.column);
    if (all.size() <= column) all.resize(column + 1);
    all[column].push_back((b.y - a.y) / std::max(1.0f, b.size));
  }
  std::vector<float> out;
  for (std::vector<float>& gaps : all) {
    if (gaps.empty()) {
      out.push_back(1.25f);
      continue;
    }
    // The lower third: where paragraphs are short, the gaps between them are the more frequent ones.
    const auto third = gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 3);
    std::nth_element(gaps.begin(), third, gaps.end());
    out.push_back(std::clamp(*third, 0.9f, 2.2f));
  }
  return out;
}

float first_word_width(const Line& line) {
  const size_t bytes = std::min(line.text.words.find(' '), line.text.words.size());
  return (line.x1 - line.x0) * static_cast<float>(bytes) /
         static_cast<float>(std::max<size_t>(1, line.text.words.size()));
}

bool is_centered(const Line& line) {
  const float left = line.x0 - line.left, right = line.right - line.x1;
  return left > 2 * line.size && std::abs(left - right) < line.size;
}

class Blocks {
 public:
  explicit Blocks(const std::vector<FilePage>& pages) : pages_(pages), mono_(is_mostly_mono(pages)) {}

  std::vector<Block> take() {
    for (size_t p = 0; p < pages_.size(); ++p) {
      const FilePage& page = pages_[p];
      distances_ = distances(page);
      before_ = nullptr;
      const std::vector<float> rights = right_edges(page);
      for (size_t i = 0; i < page.items.size(); ++i) {
        const Item& item = page.items[i];
        right_ = rights[i];
        if (!item.table.empty()) {
          open(Block::Kind::table, p).table = &item;
          before_ = nullptr;
        } else {
          line(item.line, p);
        }
      }
      before_ = nullptr;
      for (const Note& note : page.notes) open(Block::Kind::note, p).note = &note;
    }
    join_over_ends();
    return std::move(blocks_);
  }

 private:
  Block& open(Block::Kind kind, size_t page) {
    blocks_.push_back({});
    blocks_.back().kind = kind;
    blocks_.back().page = page;
    return blocks_.back();
  }

  void line(const Line& line, size_t page) {
    if (before_ == nullptr || begins(line)) {
      const bool code = line.mono && !mono_ && line.heading == 0;
      const size_t marker = line.heading == 0 && !code ? marker_of(line.text.words) : 0;
      Block& block = open(line.heading > 0 ? Block::Kind::heading
                          : code           ? Block::Kind::code
                          : marker > 0     ? Block::Kind::item
                                           : Block::Kind::paragraph,
                          page);
      block.marker = marker;
    }
    blocks_.back().lines.push_back(&line);
    before_ = &line;
  }

  // Whether the line begins another block than the line before it is in.
  bool begins(const Line& line) const {
    const Line& b = *before_;
    const Block& block = blocks_.back();
    if (line.column != b.column) return true;
    const float gap = (line.y - b.y) / std::max(1.0f, std::max(line.size, b.size));
    const float usual =
        static_cast<size_t>(line.column) < distances_.size() ? distances_[static_cast<size_t>(line.column)] : 1.25f;
    if (line.heading != b.heading || line.outline != b.outline) return true;
    if (line.heading > 0) return gap > 2.2f || gap < 0 || (line.outline < 0 && std::abs(line.size - b.size) > 0.6f);
    if (block.kind == Block::Kind::code) return !line.mono || gap > 3.5f || gap < 0;
    if (line.mono && !mono_) return true;
    if (gap > std::max(1.3f * usual, usual + 0.35f) || gap < -0.5f) return true;
    if (std::abs(line.size - b.size) > 0.15f * std::max(line.size, b.size)) return true;
    if (line.bold != b.bold && (b.bold ? b.x1 < b.right - 4 * b.size : true) && ends_or_stands_alone(b)) return true;
    if (marker_of(line.text.words) > 0 && (block.kind == Block::Kind::item || line.x0 < line.left + 4 * line.size)) {
      // "1998. It was" within a paragraph is no item.
      const bool number = base::is_digit(line.text.words[0]);
      if (!number || block.kind == Block::Kind::item || ends_sentence(b.text.words) || block.lines.size() == 1) {
        return true;
      }
    }
    if (b.text.words.find(kLeader) != std::string::npos) return true;
    if (line.text.words.front() == '[' && is_marker(line.text.words.substr(0, line.text.words.find(' ')))) return true;
    const bool centered = is_centered(line) && is_centered(b);
    const float em = line.size;
    if (!centered && line.x0 > b.x0 + 0.8f * em && line.x0 < b.x0 + 6 * em && block.kind == Block::Kind::paragraph &&
        block.lines.size() > 1 && b.x0 < b.left + 1.5f * em) {
      return true;
    }
    // The line before ended early though there was room for this one's first word.
    const float room = right_ - b.x1 - 0.3f * em;
    if (centered || room < first_word_width(line) + em) return false;
    return ends_sentence(b.text.words) || !is_lower(line.text.words[0]);
  }

  bool ends_or_stands_alone(const Line& b) const {
    return ends_sentence(b.text.words) || blocks_.back().lines.size() == 1;
  }

  // A paragraph goes on in the next column or page where its last line is full and does not end a sentence.
  void join_over_ends() {
    size_t open = blocks_.size();
    for (size_t i = 0; i < blocks_.size(); ++i) {
      Block& block = blocks_[i];
      if (block.kind == Block::Kind::note) continue;
      if (open < blocks_.size() && block.kind == Block::Kind::paragraph) {
        Block& before = blocks_[open];
        const Line &a = *before.lines.back(), &b = *block.lines.front();
        const bool elsewhere = before.page != block.page || a.column != b.column;
        const std::string& words = a.text.words;
        const bool parted = words.back() == '-' || words.ends_with("\u00AD");
        if (elsewhere && block.page <= before.page + 1 && std::abs(a.size - b.size) < 0.6f && a.bold == b.bold &&
            !ends_sentence(words) && (is_lower(b.text.words[0]) || (parted && a.x1 > a.right - 2 * a.size)) &&
            b.text.words.size() > 1) {
          before.goes_on = true;
        }
      }
      const bool may = block.kind == Block::Kind::paragraph || block.kind == Block::Kind::item;
      open = may ? i : blocks_.size();
    }
  }

  const std::vector<FilePage>& pages_;
  const bool mono_;
  std::vector<float> distances_;
  float right_ = 0;
  const Line* before_ = nullptr;
  std::vector<Block> blocks_;
};

}  // namespace

std::vector<Block> blocks_of(const std::vector<FilePage>& pages) { return Blocks(pages).take(); }

}  // namespace tarn::document::pdf
