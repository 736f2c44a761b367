#include "text/difference.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <unordered_map>

namespace tarn::text {
namespace {

using Pieces = std::vector<std::string_view>;

struct Run {  // equal stretch: a[a, a + size) == b[b, b + size)
  size_t a, b, size;
};

Pieces lines_of(std::string_view text) {
  Pieces pieces;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    pieces.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return pieces;
}

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

// A word with the space after it, so that what differs by a word differs by one piece.
Pieces words_of(std::string_view text) {
  Pieces pieces;
  for (size_t begin = 0; begin < text.size();) {
    size_t end = begin;
    while (end < text.size() && !is_space(text[end])) ++end;
    while (end < text.size() && is_space(text[end])) ++end;
    pieces.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return pieces;
}

// The longest common subsequence as runs; nothing beyond kMaxEdits.
std::optional<std::vector<Run>> common_runs(const std::vector<uint32_t>& a, const std::vector<uint32_t>& b) {
  const auto n = static_cast<int64_t>(a.size()), m = static_cast<int64_t>(b.size());
  const auto limit = std::min<int64_t>(n + m, kMaxEdits);
  std::vector<std::vector<int64_t>> trace;  // furthest x by diagonal, for each number of edits
  std::vector<int64_t> furthest(static_cast<size_t>(2 * limit + 3), 0);
  const auto at = [&](int64_t diagonal) { return static_cast<size_t>(diagonal + limit + 1); };
  int64_t edits = 0;
  for (bool found = false; !found; ++edits) {
    if (edits > limit) return std::nullopt;
    trace.push_back(furthest);
    for (int64_t k = -edits; k <= edits && !found; k += 2) {
      const bool down = k == -edits || (k != edits && furthest[at(k - 1)] < furthest[at(k + 1)]);
      int64_t x = down ? furthest[at(k + 1)] : furthest[at(k - 1)] + 1;
      while (x < n && x - k < m && a[static_cast<size_t>(x)] == b[static_cast<size_t>(x - k)]) ++x;
      furthest[at(k)] = x;
      found = x >= n && x - k >= m;
    }
  }
  std::vector<Run> runs;
  int64_t x = n, y = m;
  for (int64_t d = edits - 1; d >= 0; --d) {
    const std::vector<int64_t>& before = trace[static_cast<size_t>(d)];
    const int64_t k = x - y;
    const bool down = k == -d || (k != d && before[at(k - 1)] < before[at(k + 1)]);
    const int64_t from_x = d == 0 ? 0 : down ? before[at(k + 1)] : before[at(k - 1)] + 1;
    const int64_t from_y = from_x - k;
    if (x > from_x) {
      runs.push_back({static_cast<size_t>(from_x), static_cast<size_t>(from_y), static_cast<size_t>(x - from_x)});
    }
    x = down ? from_x : from_x - 1;
    y = down ? from_y - 1 : from_y;
  }
  std::reverse(runs.begin(), runs.end());
  return runs;
}

std::vector<Run> runs_of(const Pieces& a, const Pieces& b) {
  size_t head = 0, tail = 0;
  while (head < a.size() && head < b.size() && a[head] == b[head]) ++head;
  while (tail < a.size() - head && tail < b.size() - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;
  std::unordered_map<std::string_view, uint32_t> numbers;
  const auto inner = [&](const Pieces& pieces) {
    std::vector<uint32_t> ids;
    for (size_t i = head; i < pieces.size() - tail; ++i) {
      ids.push_back(numbers.emplace(pieces[i], static_cast<uint32_t>(numbers.size())).first->second);
    }
    return ids;
  };
  const auto left = inner(a), right = inner(b);
  std::vector<Run> runs;
  if (head > 0) runs.push_back({0, 0, head});
  if (!left.empty() && !right.empty()) {
    if (const auto found = common_runs(left, right)) {
      for (const Run& run : *found) runs.push_back({run.a + head, run.b + head, run.size});
    }
  }
  if (tail > 0) runs.push_back({a.size() - tail, b.size() - tail, tail});
  return runs;
}

void add(std::vector<DifferencePart>* parts, char op, std::string_view text) {
  if (text.empty()) return;
  if (!parts->empty() && parts->back().op == op) {
    parts->back().text += text;
  } else {
    parts->push_back({op, std::string(text)});
  }
}

std::string join(const Pieces& pieces, size_t begin, size_t end) {
  std::string text;
  for (size_t i = begin; i < end; ++i) text += pieces[i];
  return text;
}

// Pieces between the runs go to `changed`, those of the runs are equal.
template <typename Changed>
void walk(const Pieces& a, const Pieces& b, std::vector<DifferencePart>* parts, const Changed& changed) {
  size_t i = 0, j = 0;
  const auto up_to = [&](size_t to_i, size_t to_j) {
    if (i < to_i || j < to_j) changed(join(a, i, to_i), join(b, j, to_j));
    i = to_i;
    j = to_j;
  };
  for (const Run& run : runs_of(a, b)) {
    up_to(run.a, run.b);
    add(parts, '=', join(a, run.a, run.a + run.size));
    i = run.a + run.size;
    j = run.b + run.size;
  }
  up_to(a.size(), b.size());
}

size_t lines_in(std::string_view text) { return static_cast<size_t>(std::count(text.begin(), text.end(), '\n')); }

std::string_view first_words(std::string_view text, size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes < text.size() && !is_space(text[bytes])) ++bytes;
  return text.substr(0, bytes);
}
std::string_view last_words(std::string_view text, size_t bytes) {
  if (text.size() <= bytes) return text;
  size_t begin = text.size() - bytes;
  while (begin > 0 && !is_space(text[begin - 1])) --begin;
  return text.substr(begin);
}

}  // namespace

std::vector<DifferencePart> all_parts(std::string_view before, std::string_view after) {
  std::vector<DifferencePart> parts;
  walk(lines_of(before), lines_of(after), &parts, [&](const std::string& old_lines, const std::string& new_lines) {
    walk(words_of(old_lines), words_of(new_lines), &parts,
         [&](const std::string& old_words, const std::string& new_words) {
           add(&parts, '-', old_words);
           add(&parts, '+', new_words);
         });
  });
  return parts;
}

std::vector<DifferentPassage> difference(std::string_view before, std::string_view after, size_t context_bytes) {
  std::vector<DifferentPassage> passages;
  const std::vector<DifferencePart> parts = all_parts(before, after);
  size_t line_before = 1, line_after = 1;
  bool open = false;
  for (size_t i = 0; i < parts.size(); ++i) {
    const auto& [op, text] = parts[i];
    const bool equal = op == '=';
    if (!equal && !open) {
      std::string_view context;
      if (i > 0) context = last_words(parts[i - 1].text, context_bytes);
      passages.push_back({line_before - lines_in(context), line_after - lines_in(context), {}});
      add(&passages.back().parts, '=', context);
      open = true;
    }
    if (!equal) {
      passages.back().parts.push_back(parts[i]);
    } else if (open) {
      // What is near enough to the next change keeps both together.
      const bool last = i + 1 == parts.size();
      open = !last && text.size() <= 2 * context_bytes;
      passages.back().parts.push_back({'=', std::string(open ? text : first_words(text, context_bytes))});
    }
    if (op != '+') line_before += lines_in(text);
    if (op != '-') line_after += lines_in(text);
  }
  return passages;
}

}  // namespace tarn::text
