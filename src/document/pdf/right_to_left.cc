#include "document/pdf/right_to_left.h"

#include <algorithm>

#include "base/utf8.h"
#include "text/unicode.h"

namespace tarn::document::pdf {
namespace {

constexpr float kSameRow = 0.4f;  // of the type size
constexpr float kGap = 0.09f;     // of the type size: wider gaps part words; most letters join their neighbours

bool is_digit(char32_t c) {
  return (c >= '0' && c <= '9') || (c >= 0x0660 && c <= 0x0669) || (c >= 0x06F0 && c <= 0x06F9);
}

float middle(const Word& word) { return (word.x0 + word.x1) / 2; }

struct Row {
  float y, size;
  std::vector<const BackwardGlyph*> letters, marks;
};

// The glyphs of one row, each mark behind its letter, from right to left.
std::vector<const BackwardGlyph*> in_order(Row row) {
  std::vector<const BackwardGlyph*>& letters = row.letters;
  std::stable_sort(letters.begin(), letters.end(),
                   [](const BackwardGlyph* a, const BackwardGlyph* b) { return a->at > b->at; });
  std::vector<std::vector<const BackwardGlyph*>> on(letters.size());
  for (const BackwardGlyph* mark : row.marks) {
    auto next = std::lower_bound(
        letters.begin(), letters.end(), mark,
        [](const BackwardGlyph* a, const BackwardGlyph* b) { return middle(a->word) > middle(b->word); });
    if (next == letters.end() || (next != letters.begin() && middle((*(next - 1))->word) - middle(mark->word) <
                                                                 middle(mark->word) - middle((*next)->word))) {
      --next;
    }
    on[static_cast<size_t>(next - letters.begin())].push_back(mark);
  }
  std::vector<const BackwardGlyph*> out;
  for (size_t i = 0; i < letters.size(); ++i) {
    out.push_back(letters[i]);
    out.insert(out.end(), on[i].begin(), on[i].end());
  }
  return out;
}

void add_words(const std::vector<const BackwardGlyph*>& row, std::vector<Word>* out) {
  std::u32string characters;
  Word word;
  const auto end = [&] {
    for (size_t i = 0; i < characters.size();) {
      size_t last = i + 1;
      while (is_digit(characters[i]) && last < characters.size() && is_digit(characters[last])) ++last;
      std::reverse(characters.begin() + static_cast<std::ptrdiff_t>(i),
                   characters.begin() + static_cast<std::ptrdiff_t>(last));
      i = last;
    }
    word.right_to_left = !std::all_of(characters.begin(), characters.end(), is_digit);
    for (const char32_t c : characters) base::append_utf8(c, &word.text);
    out->push_back(std::move(word));
  };
  float left = 0;  // where the last letter's place ends; its tail may go on below the next one
  for (const BackwardGlyph* g : row) {
    const bool mark = text::is_nonspacing_mark(g->character);
    const float gap = left - g->word.x1;
    // A number is a word of its own.
    const bool joins = !characters.empty() && characters.size() < kMaxWordBytes / 4 &&
                       (mark || (gap < kGap * std::max(g->word.size, word.size) &&
                                 is_digit(g->character) == is_digit(characters.back())));
    if (!joins) {
      if (!characters.empty()) end();
      characters.clear();
      word = g->word;
    }
    characters += g->character;
    if (!mark) left = g->at;
    word.x0 = std::min(word.x0, g->word.x0), word.x1 = std::max(word.x1, g->word.x1);
    word.size = std::max(word.size, g->word.size);
  }
  if (!characters.empty()) end();
}

enum class Kind { left, right, number, other };

Kind kind_of(const Word& word) {
  if (word.right_to_left) return Kind::right;
  Kind kind = Kind::other;
  for (size_t at = 0; at < word.text.size();) {
    const base::Utf8Char c = base::utf8_at(word.text, at);
    const bool letter = (c.value | 0x20) >= 'a' && (c.value | 0x20) <= 'z';
    if (letter || (c.value >= 0xC0 && c.value < 0x2000) || c.value >= 0x2E80) {
      if (!is_digit(c.value)) return Kind::left;
    }
    if (is_digit(c.value)) kind = Kind::number;
    at += c.size;
  }
  return kind;
}

class Order {
 public:
  explicit Order(const std::vector<const Word*>& words) : words_(words) {
    size_t left = 0, right = 0;  // bytes of letters; those of right_to_left have two
    for (size_t i = 0; i < words.size(); ++i) {
      kinds_.push_back(kind_of(*words[i]));
      if (kinds_.back() == Kind::left) left += words[i]->text.size();
      if (kinds_.back() == Kind::right) right += words[i]->text.size() / 2;
      const bool near = i > 0 && words[i]->x0 - words[i - 1]->x1 < kGap * std::max(words[i]->size, words[i - 1]->size);
      // Letters of two directions are no word, nor are a number and a letter from right to left.
      near_.push_back(near && (kinds_[i] == Kind::other || kinds_[i - 1] == Kind::other ||
                               (kinds_[i] == Kind::right) == (kinds_[i - 1] == Kind::right)));
    }
    backwards_ = right > left;
  }

  std::vector<std::pair<const Word*, bool>> take() {
    if (backwards_) {
      add_backwards(0, words_.size());
    } else {
      for (size_t i = 0; i < words_.size();) {
        size_t end = i + 1;  // of a run of words from right to left, with the numbers between them
        for (size_t k = i; kinds_[i] == Kind::right && k < words_.size() && kinds_[k] != Kind::left; ++k) {
          if (kinds_[k] == Kind::right) end = k + 1;
        }
        add_backwards(i, end);
        i = end;
      }
    }
    std::vector<std::pair<const Word*, bool>> out;
    for (size_t i = 0; i < order_.size(); ++i) {
      // Between words that do not stand beside each other there is what is left of the first one, or right of it.
      const size_t a = i > 0 ? order_[i - 1] : 0, b = order_[i];
      const bool beside = a + 1 == b || b + 1 == a;
      const size_t gap = beside ? std::max(a, b) : backwards_ ? a : a + 1;
      out.emplace_back(words_[b], i > 0 && !(gap < near_.size() && near_[gap]));
    }
    return out;
  }

 private:
  // The words of [first, end) from right to left; what runs from left to right within them keeps its order.
  void add_backwards(size_t first, size_t end) {
    for (size_t at = end; at > first;) {
      if (kinds_[at - 1] == Kind::right) {
        order_.push_back(--at);
        continue;
      }
      size_t start = at;  // of the stretch of other words that ends here
      bool left = false;
      while (start > first && kinds_[start - 1] != Kind::right) left |= kinds_[--start] == Kind::left;
      while (at > start) at = left ? add_forwards(start, at) : add_number(start, at);
    }
  }

  // A stretch with words from left to right: as a whole, without the signs at its ends.
  size_t add_forwards(size_t start, size_t at) {
    while (kinds_[at - 1] == Kind::other) order_.push_back(--at);
    size_t from = start;
    while (kinds_[from] == Kind::other) ++from;
    for (size_t i = from; i < at; ++i) order_.push_back(i);
    for (size_t i = from; i > start; --i) order_.push_back(i - 1);
    return start;
  }

  // A sign, or a number with the signs within it.
  size_t add_number(size_t start, size_t at) {
    size_t from = at - 1;
    while (kinds_[at - 1] == Kind::number && from > start && near_[from]) --from;
    while (from + 1 < at && kinds_[from] == Kind::other) ++from;
    for (size_t i = from; i < at; ++i) order_.push_back(i);
    return from;
  }

  const std::vector<const Word*>& words_;
  std::vector<Kind> kinds_;
  std::vector<bool> near_;  // to the word left of it: no blank is between them
  std::vector<size_t> order_;
  bool backwards_ = false;
};

}  // namespace

bool is_right_to_left(char32_t c) {
  return (c >= 0x0590 && c <= 0x08FF) || (c >= 0xFB1D && c <= 0xFDFF) || (c >= 0xFE70 && c <= 0xFEFC);
}

std::vector<Word> backward_words(std::vector<BackwardGlyph> glyphs) {
  std::stable_sort(glyphs.begin(), glyphs.end(),
                   [](const BackwardGlyph& a, const BackwardGlyph& b) { return a.word.y < b.word.y; });
  std::vector<Row> rows;
  for (const BackwardGlyph& g : glyphs) {
    if (text::is_nonspacing_mark(g.character)) continue;
    if (rows.empty() || g.word.y - rows.back().y > kSameRow * std::min(g.word.size, rows.back().size)) {
      rows.push_back({g.word.y, g.word.size, {}, {}});
    }
    rows.back().letters.push_back(&g);
  }
  if (rows.empty()) return {};  // marks on nothing
  // A mark may stand higher or lower than its letter: it goes to the nearest row.
  for (const BackwardGlyph& g : glyphs) {
    if (!text::is_nonspacing_mark(g.character)) continue;
    auto row = std::lower_bound(rows.begin(), rows.end(), g.word.y, [](const Row& r, float y) { return r.y < y; });
    if (row == rows.end() || (row != rows.begin() && g.word.y - (row - 1)->y < row->y - g.word.y)) --row;
    row->marks.push_back(&g);
  }
  std::vector<Word> out;
  for (Row& row : rows) add_words(in_order(std::move(row)), &out);
  return out;
}

std::vector<std::pair<const Word*, bool>> reading_order(const std::vector<const Word*>& words) {
  return Order(words).take();
}

}  // namespace tarn::document::pdf
