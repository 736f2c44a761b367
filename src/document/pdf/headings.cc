#include <algorithm>
#include <cmath>
#include <map>

#include "base/ascii.h"
#include "document/pdf/file.h"
#include "document/pdf/rows.h"

namespace tarn::document::pdf {
namespace {

constexpr float kLarger = 1.12f;  // than the text, from which on a line may be a heading
constexpr size_t kMaxHeadingBytes = 220;
constexpr size_t kMaxBoldBytes = 100;
constexpr int kDeepest = 6;
constexpr size_t kMaxPageEntries = 1'000;  // of the outline, that are looked for on one page
constexpr float kMaxBold = 0.3f;           // of a file's text: where more is bold, it says nothing

bool is_alnum(char c) { return base::may_be_letter(c) || base::is_digit(c); }

// Letters and digits in lower case: what an entry of the outline and its line have in common.
std::string bare(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (is_alnum(c)) out += base::lower(c);
  }
  return out;
}

bool has_letters(std::string_view text) { return std::count_if(text.begin(), text.end(), base::may_be_letter) >= 2; }

int half_points(float size) { return static_cast<int>(std::lround(size * 2)); }

// The line, or up to three lines that follow each other, that say what the entry says. `bare_lines` are the page's.
void find_entry(const OutlineEntry& entry, int number, const std::vector<std::string>& bare_lines, FilePage* page) {
  const std::string title = bare(entry.title);
  if (title.size() < 2) return;
  std::vector<size_t> best;
  float nearest = 1e9f;
  for (size_t i = 0; i < page->items.size(); ++i) {
    std::string text;
    std::vector<size_t> lines;
    for (size_t k = i; k < page->items.size() && k < i + 3; ++k) {
      const Line& line = page->items[k].line;
      if (!page->items[k].table.empty() || line.outline >= 0 || line.text.words.size() > kMaxHeadingBytes) break;
      text += bare_lines[k];
      lines.push_back(k);
      if (text.size() > title.size() + 12) break;
      // The line may have a number before the title; the title may have one that the line draws otherwise.
      const bool same = text == title || (title.size() >= 4 && text.ends_with(title)) ||
                        (text.size() >= 6 && title.ends_with(text) && title.size() <= text.size() + 6);
      if (!same) continue;
      const float distance = entry.y ? std::abs(page->items[i].line.y - *entry.y) : static_cast<float>(i);
      if (distance < nearest) nearest = distance, best = lines;
      break;
    }
  }
  for (const size_t i : best) {
    page->items[i].line.outline = number;
    page->items[i].line.heading = std::min(entry.level, kDeepest);
  }
}

bool is_short_and_whole(const Line& line) {
  const std::string& words = line.text.words;
  if (words.empty() || words.size() > kMaxHeadingBytes || !has_letters(words)) return false;
  return words.back() != ',' && words.back() != ';' && words.find(kLeader) == std::string::npos;
}

class ByType {
 public:
  explicit ByType(std::vector<FilePage>* pages) : pages_(pages), size_(text_size(*pages)) {
    size_t bold = 0, all = 0;
    for (const FilePage& page : *pages) {
      for (const Item& item : page.items) {
        all += item.line.text.words.size();
        bold += item.line.bold ? item.line.text.words.size() : 0;
      }
    }
    bold_tells_ = static_cast<float>(bold) < kMaxBold * static_cast<float>(all);
  }

  void find() {
    std::map<int, std::map<int, size_t>> known;  // size → levels that the outline or tags give it
    std::map<int, size_t> large;
    for (const FilePage& page : *pages_) {
      for (size_t i = 0; i < page.items.size(); ++i) {
        const Line& line = page.items[i].line;
        if (line.heading > 0) {
          ++known[half_points(line.size)][line.heading];
        } else if (is_large(page, i)) {
          ++large[half_points(line.size)];
        }
      }
    }
    int rank = 0, deepest = 0;
    for (auto size = large.rbegin(); size != large.rend(); ++size) {
      levels_[size->first] = ++rank;
    }
    if (!known.empty()) {
      for (auto& [size, level] : levels_) level = level_beside(known, size);
    }
    for (auto& [size, level] : levels_) level = std::min(level, kDeepest), deepest = std::max(deepest, level);
    for (const auto& [size, counts] : known) deepest = std::max(deepest, counts.rbegin()->first);
    for (FilePage& page : *pages_) {
      for (size_t i = 0; i < page.items.size(); ++i) {
        Line& line = page.items[i].line;
        if (line.heading > 0) continue;
        if (is_large(page, i)) {
          line.heading = levels_[half_points(line.size)];
        } else if (is_bold_heading(page, i)) {
          line.heading = std::min(deepest + 1, kDeepest);
        }
      }
    }
  }

 private:
  // The level of the next size that the outline knows; a larger one stands above it.
  static int level_beside(const std::map<int, std::map<int, size_t>>& known, int size) {
    const auto usual = [](const std::map<int, size_t>& counts) {
      return std::max_element(counts.begin(), counts.end(),
                              [](const auto& a, const auto& b) { return a.second < b.second; })
          ->first;
    };
    const auto same = known.find(size);
    if (same != known.end()) return usual(same->second);
    const auto larger = known.upper_bound(size);
    return larger == known.end() ? 1 : usual(larger->second) + 1;
  }

  bool is_large(const FilePage& page, size_t i) const {
    const Line& line = page.items[i].line;
    if (!page.items[i].table.empty() || line.running || line.turned || line.size < kLarger * size_ ||
        !is_short_and_whole(line)) {
      return false;
    }
    // A block of larger type that runs on is text.
    size_t lines = 0;
    for (size_t k = i; k < page.items.size() && same_type(page.items[k].line, line); ++k) ++lines;
    for (size_t k = i; k-- > 0 && same_type(page.items[k].line, line);) ++lines;
    return lines <= 4;
  }

  static bool same_type(const Line& a, const Line& b) {
    return a.column == b.column && half_points(a.size) == half_points(b.size) && std::abs(a.y - b.y) < 12 * b.size &&
           !a.text.words.empty();
  }

  bool is_bold_heading(const FilePage& page, size_t i) const {
    const Item& item = page.items[i];
    const Line& line = item.line;
    const std::string& words = line.text.words;
    if (!bold_tells_ || line.running || line.turned || !item.table.empty() || !line.bold || line.mono ||
        words.size() > kMaxBoldBytes || !is_short_and_whole(line)) {
      return false;
    }
    if (line.size < 0.95f * size_ || words.back() == '.' || words.back() == ':') return false;
    if (base::is_lower(words[0])) return false;
    const auto bold_at = [&](size_t k) {
      return k < page.items.size() && page.items[k].table.empty() && page.items[k].line.bold &&
             page.items[k].line.column == line.column && page.items[k].line.heading == 0 &&
             std::abs(page.items[k].line.y - line.y) < 1.7f * line.size;
    };
    if (bold_at(i + 1) || (i > 0 && bold_at(i - 1))) return false;
    return i + 1 < page.items.size() && page.items[i + 1].line.column == line.column;
  }

  std::vector<FilePage>* pages_;
  const float size_;
  bool bold_tells_ = false;
  std::map<int, int> levels_;
};

}  // namespace

float text_size(const std::vector<FilePage>& pages) {
  std::map<int, size_t> sizes;
  for (const FilePage& page : pages) {
    for (const Item& item : page.items) sizes[half_points(item.line.size)] += item.line.text.words.size();
  }
  int size = 20;
  size_t most = 0;
  for (const auto& [half, count] : sizes) {
    if (count > most) most = count, size = half;
  }
  return static_cast<float>(size) / 2;
}

void find_headings(const std::vector<OutlineEntry>& outline, std::vector<FilePage>* pages) {
  std::map<size_t, std::vector<size_t>> entries;  // by their page
  for (size_t n = 0; n < outline.size(); ++n) {
    const auto page = static_cast<size_t>(outline[n].page);
    if (outline[n].page < 0 || page >= pages->size()) continue;
    if (std::vector<size_t>& here = entries[page]; here.size() < kMaxPageEntries) here.push_back(n);
  }
  for (const auto& [number, here] : entries) {
    FilePage& page = (*pages)[number];
    std::vector<std::string> bare_lines;
    for (const Item& item : page.items) {
      const std::string& words = item.line.text.words;
      bare_lines.push_back(words.size() > kMaxHeadingBytes ? std::string() : bare(words));
    }
    for (const size_t n : here) find_entry(outline[n], static_cast<int>(n), bare_lines, &page);
  }
  ByType(pages).find();
}

}  // namespace tarn::document::pdf
