#include "operation/nearest.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace tarn::operation {
namespace {

constexpr size_t kMaxWord = 64;
constexpr size_t kMaxSuggestions = 3;

char folded(char c) {
  if (c == '_') return '-';  // as_of and as-of are one word here
  return base::lower(c);
}

}  // namespace

size_t edit_distance(std::string_view a, std::string_view b) {
  a = a.substr(0, kMaxWord);
  b = b.substr(0, kMaxWord);
  std::array<std::array<size_t, kMaxWord + 1>, 3> rows{};  // two before, one before, this
  for (size_t j = 0; j <= b.size(); ++j) rows[1][j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    auto& now = rows[2];
    now[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const bool same = folded(a[i - 1]) == folded(b[j - 1]);
      now[j] = std::min({rows[1][j] + 1, now[j - 1] + 1, rows[1][j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) && folded(a[i - 2]) == folded(b[j - 1])) {
        now[j] = std::min(now[j], rows[0][j - 2] + 1);
      }
    }
    rows[0] = rows[1];
    rows[1] = now;
  }
  return rows[1][b.size()];
}

std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& known) {
  std::vector<std::pair<size_t, size_t>> found;  // distance, place among the known
  const size_t reach = std::max<size_t>(1, word.size() / 3);
  for (size_t i = 0; i < known.size(); ++i) {
    const std::string& candidate = known[i];
    const bool prefix = word.size() >= 2 && candidate.starts_with(word);
    const size_t distance = prefix ? 1 : edit_distance(word, candidate);
    if (distance <= reach) found.emplace_back(distance, i);
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> words;
  for (const auto& [distance, i] : found) {
    if (words.size() == kMaxSuggestions) break;
    words.push_back(known[i]);
  }
  return words;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
  const std::vector<std::string> words = nearest(word, known);
  if (words.empty()) return {};
  std::string text = "did you mean ";
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += "'" + words[i] + "'";
  }
  return text + "?";
}

}  // namespace tarn::operation
