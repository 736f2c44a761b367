// Running heads and feet: lines at the edge of several pages that differ in their numbers only.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "base/ascii.h"
#include "document/pdf/file.h"

namespace tarn::document::pdf {
namespace {

constexpr float kZone = 0.14f;    // of the page's height, at its top and bottom
constexpr size_t kEdgeLines = 4;  // at most, counted from the edge
constexpr float kSameHeight = 6;  // points
constexpr size_t kLeastPages = 3;
constexpr size_t kMaxText = 200;
constexpr size_t kMaxTold = 50;

using base::is_digit;
using base::may_be_letter;

std::string without_numbers(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (!is_digit(c)) {
      out += c;
    } else if (out.empty() || out.back() != '#') {
      out += '#';
    }
  }
  return out;
}

bool is_roman(std::string_view text) {
  return !text.empty() && text.size() <= 8 && std::all_of(text.begin(), text.end(), [](char c) {
    return std::string_view("ivxlc").find(c) != std::string_view::npos;
  });
}

std::optional<int> only_number(std::string_view text) {
  while (!text.empty() && !is_digit(text.front()) && !may_be_letter(text.front())) text.remove_prefix(1);
  while (!text.empty() && !is_digit(text.back()) && !may_be_letter(text.back())) text.remove_suffix(1);
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

struct Place {
  size_t page, item;
  float y;
  std::optional<int> number;
};

// The lines at the page's top and bottom edge.
std::vector<size_t> edge_lines(const FilePage& page, bool top) {
  std::vector<size_t> lines;
  for (size_t i = 0; i < page.items.size(); ++i) {
    const Line& line = page.items[i].line;
    if (!page.items[i].table.empty() || line.text.words.size() > kMaxText) continue;
    if (top ? line.y < kZone * page.height : line.y > (1 - kZone) * page.height) lines.push_back(i);
  }
  std::stable_sort(lines.begin(), lines.end(), [&](size_t a, size_t b) {
    return top ? page.items[a].line.y < page.items[b].line.y : page.items[a].line.y > page.items[b].line.y;
  });
  if (lines.size() > kEdgeLines) lines.resize(kEdgeLines);
  return lines;
}

}  // namespace

std::vector<std::string> drop_running(std::vector<FilePage>* pages) {
  std::map<std::string, std::vector<Place>> seen;
  for (size_t p = 0; p < pages->size(); ++p) {
    for (const bool top : {true, false}) {
      for (const size_t i : edge_lines((*pages)[p], top)) {
        const Line& line = (*pages)[p].items[i].line;
        std::string key =
            (top ? "^" : "_") + (is_roman(line.text.words) ? std::string("#") : without_numbers(line.text.words));
        seen[std::move(key)].push_back({p, i, line.y, only_number(line.text.words)});
      }
    }
  }
  std::vector<std::string> told;
  std::vector<std::vector<size_t>> drop(pages->size());
  for (auto& [key, places] : seen) {
    const bool bare = std::none_of(key.begin() + 1, key.end(), may_be_letter);
    std::vector<float> heights;
    for (const Place& place : places) heights.push_back(place.y);
    std::nth_element(heights.begin(), heights.begin() + static_cast<std::ptrdiff_t>(heights.size() / 2), heights.end());
    const float usual = heights[heights.size() / 2];
    std::erase_if(places, [&](const Place& place) { return std::abs(place.y - usual) > kSameHeight; });
    if (bare) {
      // Numbers are those of pages where they go up with them.
      std::map<int, size_t> offsets;
      for (const Place& place : places) {
        if (place.number) ++offsets[*place.number - static_cast<int>(place.page)];
      }
      int offset = 0;
      size_t most = 0;
      for (const auto& [value, count] : offsets) {
        if (count > most) most = count, offset = value;
      }
      if (most < std::min(kLeastPages, std::max<size_t>(2, pages->size()))) continue;
      std::erase_if(places, [&](const Place& place) {
        return place.number && *place.number - static_cast<int>(place.page) != offset;
      });
    } else if (places.size() < kLeastPages) {
      continue;
    }
    if (told.size() < kMaxTold && !bare) told.push_back(key.substr(1));
    for (const Place& place : places) {
      if (bare || &place != &places.front()) {
        drop[place.page].push_back(place.item);
      } else {
        (*pages)[place.page].items[place.item].line.running = true;
      }
    }
  }
  for (size_t p = 0; p < pages->size(); ++p) {
    std::vector<Item>& items = (*pages)[p].items;
    std::sort(drop[p].begin(), drop[p].end());
    size_t at = 0;
    std::vector<Item> kept;
    if (drop[p].empty()) continue;
    for (size_t i = 0; i < items.size(); ++i) {
      if (at < drop[p].size() && drop[p][at] == i) {
        while (at < drop[p].size() && drop[p][at] == i) ++at;
        continue;
      }
      kept.push_back(std::move(items[i]));
    }
    items = std::move(kept);
  }
  return told;
}

}  // namespace tarn::document::pdf
