#include "document/pdf/rows.h"

#include <algorithm>
#include <cmath>

#include "base/ascii.h"
#include "base/utf8.h"
#include "document/pdf/right_to_left.h"

namespace tarn::document::pdf {
namespace {

constexpr float kSameRow = 0.4f;            // of the type size
constexpr float kSegmentGap = 0.95f;        // of the type size: wider gaps may be between columns
constexpr std::ptrdiff_t kLeastLeader = 4;  // dots
constexpr size_t kLastRows = 6;             // that a word may belong to
constexpr size_t kMaxRaisedWords = 40;      // of a row that hangs on another

using base::is_digit;

struct Loose {
  float y, size;
  std::vector<const Word*> words;
};

// A raised or lowered row (footnote marks, powers, indices) whose words hang on those of another.
bool hangs_on(const Loose& small, const Loose& row) {
  if (small.size > 0.88f * row.size) return false;
  const float up = row.y - small.y;
  if (up > 0.7f * row.size || up < -0.4f * row.size) return false;
  return std::all_of(small.words.begin(), small.words.end(), [&](const Word* word) {
    return std::any_of(row.words.begin(), row.words.end(),
                       [&](const Word* other) {
                         return std::abs(word->x0 - other->x1) < 0.6f * row.size ||
                                std::abs(other->x0 - word->x1) < 0.3f * row.size;
                       }) ||
           (small.words.size() > 1 && word->glued);
  });
}

// "T I T L E": letters set apart are one word.
void close_up(std::vector<Word>* made, std::vector<const Word*>* words) {
  if (words->size() < 6) return;
  size_t single = 0;
  std::vector<float> gaps;
  for (size_t i = 0; i < words->size(); ++i) {
    single += (*words)[i]->text.size() == 1 && base::is_letter((*words)[i]->text[0]);
    if (i > 0) gaps.push_back((*words)[i]->x0 - (*words)[i - 1]->x1);
  }
  if (single * 10 < words->size() * 8) return;
  std::nth_element(gaps.begin(), gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 2), gaps.end());
  const float usual = gaps[gaps.size() / 2];
  if (usual > 0.9f * words->front()->size) return;
  std::vector<const Word*> out;
  for (const Word* word : *words) {
    const bool joins = !out.empty() && word->x0 - out.back()->x1 < 1.5f * usual + 0.01f &&
                       out.back()->text.size() + word->text.size() <= kMaxWordBytes;
    const bool goes_on = joins && !made->empty() && out.back() == &made->back();
    if (!joins || (!goes_on && made->size() == made->capacity())) {
      out.push_back(word);
      continue;
    }
    if (!goes_on) {
      made->push_back(*out.back());
      out.back() = &made->back();
    }
    made->back().text += word->text;
    made->back().x1 = word->x1;
  }
  *words = std::move(out);
}

// Dots that lead to a page's number become one sign.
void shorten_leaders(Text* text) {
  std::string& words = text->words;
  for (size_t at = words.find('.'); at != std::string::npos; at = words.find('.', at + 1)) {
    size_t from = at, end = at;
    while (from > 0 && words[from - 1] == ' ') --from;
    while (end < words.size() && (words[end] == '.' || words[end] == ' ')) ++end;
    if (std::count(words.begin() + static_cast<std::ptrdiff_t>(at), words.begin() + static_cast<std::ptrdiff_t>(end),
                   '.') < kLeastLeader) {
      at = end - 1;
      continue;
    }
    words.replace(from, end - from, kLeader);
    const size_t before = end - from, after = kLeader.size();
    for (Text::Link& link : text->links) {
      for (size_t* place : {&link.start, &link.end}) {
        if (*place >= end) {
          *place = *place - before + after;
        } else if (*place > from) {
          *place = from;
        }
      }
    }
    at = from + after - 1;
  }
}

}  // namespace

void Text::add(const Word& word, bool blank) {
  if (blank && !words.empty()) words += ' ';
  if (word.link >= 0) {
    const bool goes_on =
        !links.empty() && links.back().link == word.link && links.back().end + (blank ? 1 : 0) == words.size();
    if (!goes_on) links.push_back({words.size(), 0, word.link});
    links.back().end = words.size() + word.text.size();
  }
  words += word.text;
}

void Text::append(const Text& other) {
  if (!words.empty()) words += ' ';
  for (const Link& l : other.links) links.push_back({l.start + words.size(), l.end + words.size(), l.link});
  words += other.words;
}

bool ends_unspaced(std::string_view text) {
  size_t at = text.size();
  while (at > 0 && base::is_continuation(text[at - 1])) --at;
  return at > 0 && is_unspaced(base::utf8_at(text, at - 1).value);
}

Text join(const std::vector<const Word*>& words) {
  Text text;
  if (std::any_of(words.begin(), words.end(), [](const Word* word) { return word->right_to_left; })) {
    for (const auto& [word, blank] : reading_order(words)) text.add(*word, blank);
    shorten_leaders(&text);
    return text;
  }
  const Word* before = nullptr;
  for (const Word* word : words) {
    bool blank = before != nullptr;
    if (before) {
      const float gap = word->x0 - before->x1;
      if ((word->glued || before->glued || word->size < 0.88f * before->size || before->size < 0.88f * word->size) &&
          gap < kWordGap * std::max(word->size, before->size) && std::abs(word->y - before->y) > 0.05f * word->size) {
        // A footnote's mark is no part of the word that it hangs on; a power and an index are.
        const bool mark =
            word->y < before->y && is_digit(word->text[0]) && before->text.size() > 2 && !is_digit(before->text.back());
        // Nor is that before the footnote's own text; an isotope's number is.
        const bool note = word->y > before->y && before == words.front() && word->text.size() > 2 &&
                          std::all_of(before->text.begin(), before->text.end(), is_digit);
        blank = mark || note;
      } else if (gap < kWordGap * std::min(word->size, before->size) && word->glued) {
        blank = false;
      } else if (ends_unspaced(before->text) && is_unspaced(base::utf8_at(word->text, 0).value)) {
        blank = gap > 0.9f * word->size;
      }
    }
    text.add(*word, blank);
    before = word;
  }
  shorten_leaders(&text);
  return text;
}

bool is_section_number(std::string_view text) {
  if (text.size() < 3 || text.size() > 9 || !(is_digit(text[0]) || base::is_upper(text[0])) || !is_digit(text.back())) {
    return false;
  }
  size_t digits = 0;
  for (size_t i = 1; i < text.size(); ++i) {
    digits = is_digit(text[i]) ? digits + 1 : 0;
    if ((text[i] != '.' && !is_digit(text[i])) || digits > 2) return false;
  }
  return text[1] == '.' || text[2] == '.';
}

bool is_marker(std::string_view text) {
  if (text.empty() || text.size() > 8) return false;
  static constexpr std::string_view kBullets[] = {"•", "◦", "▪", "‣", "●", "○", "■", "□", "–", "—", "-", "*", "·",
                                                  "∙", "►", "➢", "✓", "",  "❖", "▶", "➔", "→", "»", "§", "¾", "o"};
  if (std::find(std::begin(kBullets), std::end(kBullets), text) != std::end(kBullets)) return true;
  if ((text.front() == '[' && text.back() == ']') || (text.front() == '(' && text.back() == ')')) {
    text = text.substr(1, text.size() - 2);
    return !text.empty() && text.size() <= 4 &&
           std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || base::is_lower(c); });
  }
  // "1.", "3)", "iv.", "a)", ".2", "1.2", "4.1.3."
  const bool ended = text.back() == '.' || text.back() == ')';
  if (ended) text.remove_suffix(1);
  if (text.empty()) return false;
  const bool number = std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || c == '.'; });
  const size_t points = static_cast<size_t>(std::count(text.begin(), text.end(), '.'));
  if (number) {
    return is_digit(text.back()) &&
           (points > 0 ? (text[0] == '.' || points > 1 || ended) && text.find("..") == std::string_view::npos
                       : ended && text.size() <= 3);
  }
  const bool roman = text.size() <= 5 && std::all_of(text.begin(), text.end(), [](char c) {
                       return std::string_view("ivxIVX").find(c) != std::string_view::npos;
                     });
  return ended && (roman || (text.size() == 1 && base::is_letter(text[0])));
}

Segment segment_of(std::vector<const Word*> words) {
  Segment segment;
  segment.x0 = words.front()->x0;
  for (const Word* word : words) {
    segment.x1 = std::max(segment.x1, word->x1);
    segment.characters += word->text.size() + 1;
  }
  segment.marker = words.size() == 1 && is_marker(words[0]->text);
  segment.words = std::move(words);
  return segment;
}

std::vector<Row> rows_of(const std::vector<const Word*>& all, std::vector<Word>* made) {
  std::vector<const Word*> words = all;
  std::stable_sort(words.begin(), words.end(), [](const Word* a, const Word* b) { return a->y < b->y; });
  std::vector<Loose> loose;
  for (const Word* word : words) {
    Loose* found = nullptr;
    for (size_t back = 1; back <= std::min(loose.size(), kLastRows) && !found; ++back) {
      Loose& row = loose[loose.size() - back];
      const float least = std::min(row.size, word->size);
      if (word->y - row.y <= kSameRow * least && std::max(row.size, word->size) < 2.5f * least) found = &row;
    }
    if (!found) found = &loose.emplace_back(Loose{word->y, word->size, {}});
    found->words.push_back(word);
    found->size = std::max(found->size, word->size);
  }
  for (size_t i = 0; i < loose.size(); ++i) {
    if (loose[i].words.empty()) continue;
    for (const size_t other : {i + 1, i - 1, i + 2, i - 2}) {
      if (other >= loose.size() || loose[other].words.empty() || loose[i].words.size() > kMaxRaisedWords ||
          !hangs_on(loose[i], loose[other])) {
        continue;
      }
      loose[other].words.insert(loose[other].words.end(), loose[i].words.begin(), loose[i].words.end());
      loose[i].words.clear();
      break;
    }
  }
  std::vector<Row> rows;
  for (Loose& l : loose) {
    if (l.words.empty()) continue;
    std::stable_sort(l.words.begin(), l.words.end(), [](const Word* a, const Word* b) { return a->x0 < b->x0; });
    if (made) close_up(made, &l.words);
    Row row{l.y, l.size, {}};
    std::vector<const Word*> run;
    float end = 0;
    for (const Word* word : l.words) {
      if (!run.empty() && word->x0 - end > kSegmentGap * std::max(word->size, run.back()->size)) {
        row.segments.push_back(segment_of(std::exchange(run, {})));
      }
      end = run.empty() ? word->x1 : std::max(end, word->x1);
      run.push_back(word);
    }
    row.segments.push_back(segment_of(std::move(run)));
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace tarn::document::pdf
