#include "document/pdf/hyphens.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"

namespace tarn::document::pdf {
namespace {

using base::lower;
using base::may_be_letter;

// The letters at the end, and at the beginning; a hyphen within them is theirs.
std::string_view tail(std::string_view text) {
  size_t at = text.size();
  while (at > 0 && (may_be_letter(text[at - 1]) || text[at - 1] == '-')) --at;
  return text.substr(at);
}
std::string_view head(std::string_view text) {
  size_t end = 0;
  while (end < text.size() && may_be_letter(text[end])) ++end;
  return text.substr(0, end);
}

}  // namespace

size_t ending_hyphen(std::string_view line) {
  const size_t bytes = line.ends_with("\u00AD") ? 2 : line.ends_with("\u2010") ? 3 : line.ends_with("-") ? 1 : 0;
  return bytes > 0 && line.size() > bytes && may_be_letter(line[line.size() - bytes - 1]) ? bytes : 0;
}

Hyphens::Hyphens(const std::vector<Block>& blocks) {
  std::vector<const Line*> lines;
  for (const Block& block : blocks) {
    if (block.kind != Block::Kind::code) lines.insert(lines.end(), block.lines.begin(), block.lines.end());
  }
  for (size_t i = 1; i < lines.size(); ++i) {
    std::string_view text = lines[i - 1]->text.words;
    const size_t bytes = ending_hyphen(text);
    if (bytes == 0) continue;
    text.remove_suffix(bytes);
    const std::string left(tail(text)), right(head(lines[i]->text.words));
    if (right.empty()) continue;
    counts_[lower(left + right)] = 0;
    counts_[lower(left + "-" + right)] = 0;
    counts_[lower(left)] = 0;
    counts_[lower(right)] = 0;
  }
  if (counts_.empty()) return;
  bool parted = false;  // the line before ends within a word
  for (const Line* line : lines) {
    const std::string_view words = line->text.words;
    const size_t first = std::exchange(parted, ending_hyphen(words) > 0) ? head(words).size() : 0;
    for (size_t at = first; at < words.size();) {
      size_t end = at;
      while (end < words.size() && (may_be_letter(words[end]) || (words[end] == '-' && end > at))) ++end;
      if (end > at) {
        if (const auto known = counts_.find(lower(words.substr(at, end - at))); known != counts_.end()) {
          ++known->second;
        }
      }
      at = end + 1;
    }
  }
}

Hyphens::Join Hyphens::join(std::string_view text, std::string_view next) const {
  const size_t bytes = ending_hyphen(text);
  if (bytes == 0) {
    if (text.ends_with("-") && text.size() > 1 && base::is_digit(text[text.size() - 2])) {
      return Join::hyphen;
    }
    if (ends_unspaced(text) && !next.empty() && static_cast<unsigned char>(next[0]) >= 0xE2) {
      return Join::hyphen;  // glued, no hyphen there
    }
    return Join::blank;
  }
  const bool soft = bytes == 2;
  text.remove_suffix(bytes);
  const std::string left(tail(text)), right(head(next));
  if (right.empty()) return soft ? Join::none : Join::hyphen;
  if (soft) return Join::none;
  const auto count = [&](const std::string& word) {
    const auto known = counts_.find(lower(word));
    return known == counts_.end() ? size_t{0} : known->second;
  };
  const size_t whole = count(left + right), parted = count(left + "-" + right);
  if (whole != parted) return whole > parted ? Join::none : Join::hyphen;
  // Two words that stand for themselves elsewhere are a compound.
  if (left.size() > 2 && right.size() > 2 && count(left) > 0 && count(right) > 0) return Join::hyphen;
  return base::is_upper(right[0]) || left.find('-') != std::string::npos ? Join::hyphen : Join::none;
}

}  // namespace tarn::document::pdf
