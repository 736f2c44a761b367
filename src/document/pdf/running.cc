// Running heads and feet: lines at the edge of several pages that are the same but for the page's number. A line whose
// other numbers vary is what the page says (the number of an invoice, an amount), and stays.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <utility>

#include "base/ascii.h"
#include "document/pdf/file.h"

namespace tarn::document::pdf {
namespace {

constexpr float kZone = 0.14f;                     // of the page's height, at its top and bottom
constexpr size_t kEdgeLines = 4;                   // at most, counted from the edge
constexpr float kSameHeight = 6, kSameRow = 3;     // points
constexpr float kSetApart = 1.5f;                  // of the type size: from one baseline to the next
constexpr float kTitle = 1.3f;                     // of the text's size: larger lines are titles, though they come back
constexpr size_t kLeastPages = 3, kLeastBold = 5;  // bold lines may be titles
constexpr size_t kMaxText = 200;
constexpr size_t kMaxTold = 50;
constexpr int kNoNumber = -1'000'000'000;
constexpr int kMostFront = 200;  // pages before the one that a head calls the first

// What stands beside a page's number, in lower case.
constexpr std::array<std::string_view, 26> kPageWords = {
    "page",   "pages",    "pag",    "pg",     "p",      "pp",   "seite", "seiten", "página",
    "pagina", "pág",      "strana", "strona", "str",    "sida", "side",  "sivu",   "oldal",
    "sayfa",  "страница", "стр",    "с",      "σελίδα", "第",   "页",    "頁"};
constexpr std::array<std::string_view, 11> kOfWords = {"of", "von", "de", "sur", "di", "av",
                                                       "af", "van", "z",  "из",  "共"};

constexpr std::array<std::string_view, 4> kSigns = {"\u2013", "\u2014", "\u00B7", "\u2022"};

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

std::optional<int> number_of(std::string_view digits) {
  int number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

std::optional<int> roman(std::string_view text) {
  int number = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto value = [&](size_t at) {
      static constexpr int kValues[] = {1, 5, 10, 50, 100};
      const size_t letter = at < text.size() ? std::string_view("ivxlc").find(base::lower(text[at])) : 5;
      return letter < 5 ? kValues[letter] : 0;
    };
    if (value(i) == 0 || text.size() > 8) return std::nullopt;
    number += value(i) < value(i + 1) ? -value(i) : value(i);
  }
  return text.empty() ? std::nullopt : std::optional(number);
}

// The number of a line that says nothing else: "3", "- 3 -", "iv", "Page 3 of 12", "3/12".
struct PageNumber {
  int number;
  int last = 0;  // of all pages; 0: not said
  bool named = false, roman = false;
};

std::optional<PageNumber> page_number(std::string_view text) {
  std::vector<int> numbers;
  bool named = false, between = false, in_letters = false;
  for (size_t at = 0; at < text.size();) {
    size_t end = at + 1;
    if (is_digit(text[at])) {
      while (end < text.size() && is_digit(text[end])) ++end;
      const std::optional<int> number = number_of(text.substr(at, end - at));
      if (!number || numbers.size() == 2) return std::nullopt;
      numbers.push_back(*number);
    } else if (may_be_letter(text[at])) {
      while (end < text.size() && may_be_letter(text[end])) ++end;
      const std::string word = base::lower(text.substr(at, end - at));
      const auto is_in = [&](const auto& list) { return std::find(list.begin(), list.end(), word) != list.end(); };
      if (const std::optional<int> value = roman(word); value && numbers.empty()) {
        numbers.push_back(*value);
        in_letters = true;
      } else if (is_in(kPageWords)) {
        named = true;
      } else if (is_in(kOfWords) && numbers.size() == 1) {
        between = true;
      } else if (!is_in(kSigns)) {
        return std::nullopt;
      }
    } else if (text[at] == '/' && numbers.size() == 1) {
      between = true;
    }
    at = end;
  }
  if (numbers.empty() || (numbers.size() == 2 && (!between || numbers[1] < numbers[0]))) return std::nullopt;
  return PageNumber{numbers[0], numbers.size() == 2 ? numbers[1] : 0, named, in_letters};
}

// A line at the page's top or bottom edge, and the block of them that it stands in, set apart by gaps; `block` is
// kOfText where no gap parts it from the page's text.
constexpr int kOfText = -1;
struct EdgeLine {
  size_t item;
  float y;
  int block;
};

std::vector<EdgeLine> edge_lines(const FilePage& page, bool top) {
  const std::vector<Item>& items = page.items;
  std::vector<size_t> order(items.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return top ? items[a].line.y < items[b].line.y : items[a].line.y > items[b].line.y;
  });
  std::vector<EdgeLine> lines;
  int block = 0;
  bool closed = true;  // by a gap behind its last line
  for (size_t i = 0; i < order.size() && lines.size() < kEdgeLines; ++i) {
    const Line& line = items[order[i]].line;
    if (top ? line.y >= kZone * page.height : line.y <= (1 - kZone) * page.height) break;
    if (!items[order[i]].table.empty() || line.text.words.size() > kMaxText) break;
    lines.push_back({order[i], line.y, block});
    const Line* next = i + 1 < order.size() ? &items[order[i + 1]].line : nullptr;
    closed = !next || std::abs(next->y - line.y) > kSetApart * std::max(line.size, next->size);
    block += closed ? 1 : 0;
  }
  for (EdgeLine& line : lines) line.block = !closed && line.block == block ? kOfText : line.block;
  return lines;
}

class Running {
 public:
  explicit Running(std::vector<FilePage>* pages)
      : pages_(*pages), comes_back_(pages->size()), drop_(pages->size()), size_(text_size(*pages)) {
    for (size_t p = 0; p < pages_.size(); ++p) {
      for (const bool top : {true, false}) {
        const std::vector<EdgeLine>& lines = edges_.emplace_back(edge_lines(pages_[p], top));
        for (size_t i = 0; i < lines.size(); ++i) add(top ? "^" : "_", {p, edges_.size() - 1, i, lines[i].y});
      }
    }
  }

  std::vector<std::string> take() {
    for (auto& [key, places] : numbers_) {
      if (keep_usual(&places) < std::min(kLeastPages, std::max<size_t>(2, pages_.size()))) continue;
      for (const Place& place : places) {
        comes_back_[place.page].insert(item_of(place));
        drop_[place.page].insert(item_of(place));
      }
    }
    for (auto& [key, places] : heads_) {
      keep_usual(&places);
      keep_following(&places);
      for (const Place& place : places) comes_back_[place.page].insert(item_of(place));
    }
    std::vector<std::string> told;
    for (auto& [key, places] : heads_) {
      std::erase_if(places, [this](const Place& place) { return !is_whole(place); });
      keep_following(&places);
      if (places.empty()) continue;
      for (size_t i = 0; i < places.size(); ++i) {
        if (i > 0 && follows(places[i - 1], places[i])) {
          drop_[places[i].page].insert(item_of(places[i]));
        } else {
          pages_[places[i].page].items[item_of(places[i])].line.running = true;
        }
      }
      if (told.size() < kMaxTold) told.push_back(key.first.substr(1));
    }
    for (size_t p = 0; p < pages_.size(); ++p) take_out(p);
    return told;
  }

 private:
  struct Place {
    size_t page, edge, line;
    float y;
  };

  size_t item_of(const Place& place) const { return edges_[place.edge][place.line].item; }

  // Without a word for it, what is behind the stroke has to be the number of the pages: "3/12" may be a date.
  bool is_of_pages(const PageNumber& n) const {
    return n.last == 0 || n.named || n.last == static_cast<int>(pages_.size());
  }

  void add(const std::string& edge, const Place& place) {
    const Line& line = pages_[place.page].items[item_of(place)].line;
    const std::string& words = line.text.words;
    const int page = static_cast<int>(place.page);
    if (const std::optional<PageNumber> n = page_number(words)) {
      if (is_of_pages(*n)) {
        const std::string rest = n->roman ? "i" : without_numbers(words);
        numbers_[{edge + std::to_string(n->last) + rest, n->number - page}].push_back(place);
      }
      return;
    }
    if (edges_[place.edge][place.line].block == kOfText || line.size > kTitle * size_ ||
        std::none_of(words.begin(), words.end(), may_be_letter)) {
      return;
    }
    heads_[{edge + words, kNoNumber}].push_back(place);
    // A number that stands apart at the line's start or end, and goes up with the pages.
    const auto apart = [&](bool stands, std::string_view word, const std::string& rest) {
      const std::optional<PageNumber> n = stands ? page_number(word) : std::nullopt;
      if (n && !n->roman && is_of_pages(*n) && n->number - page <= 1 && n->number - page >= -kMostFront) {
        heads_[{edge + rest, n->number - page}].push_back(place);
      }
    };
    const size_t first = words.find(' '), last = words.rfind(' ');
    if (first == std::string::npos) return;
    apart(line.first_apart, std::string_view(words).substr(0, first), "#" + words.substr(first));
    apart(line.last_apart, std::string_view(words).substr(last + 1), words.substr(0, last) + " #");
  }

  // Whether all lines of its block above and below it come back, too: a line of a paragraph does not stand alone.
  bool is_whole(const Place& place) const {
    const EdgeLine& line = edges_[place.edge][place.line];
    return std::all_of(edges_[place.edge].begin(), edges_[place.edge].end(), [&](const EdgeLine& other) {
      return other.block != line.block || std::abs(other.y - line.y) < kSameRow ||
             comes_back_[place.page].contains(other.item);
    });
  }

  // Leaves those at the usual height, one of each page; gives how many they are.
  static size_t keep_usual(std::vector<Place>* places) {
    std::vector<float> heights;
    for (const Place& place : *places) heights.push_back(place.y);
    const auto middle = heights.begin() + static_cast<std::ptrdiff_t>(heights.size() / 2);
    std::nth_element(heights.begin(), middle, heights.end());
    size_t page = SIZE_MAX;
    std::erase_if(*places, [&](const Place& place) {
      return std::abs(place.y - *middle) > kSameHeight || std::exchange(page, place.page) == place.page;
    });
    return places->size();
  }

  // On the next page, or on the next left or right one.
  static bool follows(const Place& a, const Place& b) { return b.page - a.page <= 2; }

  // Leaves those that follow each other; what comes back here and there is a title.
  void keep_following(std::vector<Place>* places) const {
    std::vector<Place> kept;
    for (size_t i = 0; i < places->size();) {
      size_t end = i + 1;  // by one step
      const size_t step = end < places->size() ? (*places)[end].page - (*places)[i].page : 0;
      while (step <= 2 && end < places->size() && (*places)[end].page - (*places)[end - 1].page == step) ++end;
      const bool bold = pages_[(*places)[i].page].items[item_of((*places)[i])].line.bold;
      if (end - i >= (bold ? kLeastBold : kLeastPages)) {
        kept.insert(kept.end(), places->begin() + static_cast<std::ptrdiff_t>(i),
                    places->begin() + static_cast<std::ptrdiff_t>(end));
      }
      i = end;
    }
    *places = std::move(kept);
  }

  void take_out(size_t page) {
    std::vector<Item> kept;
    if (drop_[page].empty()) return;
    std::vector<Item>& items = pages_[page].items;
    for (size_t i = 0; i < items.size(); ++i) {
      if (!drop_[page].contains(i)) kept.push_back(std::move(items[i]));
    }
    items = std::move(kept);
  }

  std::vector<FilePage>& pages_;
  // By their words, and by how much the number in them is more than the page's place.
  std::map<std::pair<std::string, int>, std::vector<Place>> numbers_, heads_;
  std::vector<std::vector<EdgeLine>> edges_;         // of each page its top and its bottom
  std::vector<std::set<size_t>> comes_back_, drop_;  // items, by page
  const float size_;
};

}  // namespace

std::vector<std::string> drop_running(std::vector<FilePage>* pages) { return Running(pages).take(); }

}  // namespace tarn::document::pdf
