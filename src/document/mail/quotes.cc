#include "document/mail/quotes.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/hash.h"

namespace tarn::document::mail {
namespace {

using base::lower;
using base::trimmed;

constexpr size_t kHeaderLines = 6;    // within which Outlook's block names the sender and more
constexpr size_t kMaxMarkLine = 200;  // bytes of a line of it

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t size = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

bool is_quoted(std::string_view line) {
  const size_t at = line.find_first_not_of(' ');
  return at != std::string_view::npos && at < 4 && line[at] == '>';
}

// Without ">" and blanks before it.
std::string_view unquoted(std::string_view line) {
  return trimmed(line.substr(std::min(line.find_first_not_of("> \t"), line.size())));
}

// A line of the block, or a mark, without what makes it bold.
std::string plain(std::string_view line) {
  std::string out;
  for (const char c : trimmed(line)) {
    if (c != '*' && c != '_' && c != '\\') out += c;
  }
  return lower(out);
}

bool begins_with_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view w) { return text.starts_with(w); });
}

// Where all below is another message: the line's number, or that behind the last.
size_t original_message(const std::vector<std::string_view>& lines) {
  for (size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].size() > kMaxMarkLine) continue;
    const std::string line = plain(lines[i]);
    if (line.starts_with("-----") &&
        (line.find("original message") != std::string::npos ||
         line.find("ursprüngliche nachricht") != std::string::npos ||
         line.find("message d'origine") != std::string::npos || line.find("mensaje original") != std::string::npos)) {
      return i;
    }
    if (!begins_with_any(line, {"from:", "von:", "de :", "de:", "van:", "da:"})) continue;
    bool time = false, subject = false;
    for (size_t j = i + 1; j < std::min(lines.size(), i + kHeaderLines); ++j) {
      const std::string next = plain(lines[j].substr(0, kMaxMarkLine));
      time |= begins_with_any(next,
                              {"sent:", "date:", "gesendet:", "datum:", "envoyé", "enviado", "verzonden:", "inviato:"});
      subject |= begins_with_any(next, {"subject:", "betreff:", "objet", "asunto:", "onderwerp:", "oggetto:"});
    }
    if (time && subject) return i;
  }
  return lines.size();
}

// Marks the lines of paragraphs in [from, to) that the other message has as known; gives their bytes.
size_t fold(const std::vector<std::string_view>& lines, size_t from, size_t to, const Words& other,
            std::vector<bool>* known) {
  size_t bytes = 0;
  for (size_t i = from; i < to;) {
    std::string paragraph;
    size_t end = i;
    for (; end < to && !unquoted(lines[end]).empty(); ++end) (paragraph += unquoted(lines[end])) += '\n';
    if (end > i && other.have(paragraph)) {
      for (; i < end; ++i) {
        (*known)[i] = true;
        bytes += lines[i].size();
      }
    }
    i = std::max(end, i + 1);
  }
  return bytes;
}

// Of each word, the rows that end with it: how many words each has, and its hash.
template <typename Take>
void each_row(std::string_view text, const Take& take) {
  const auto is_of_word = [](char c) { return base::is_digit(c) || base::may_be_letter(c); };
  std::array<uint64_t, kLongestRow> last{};  // the last words, the newest first
  size_t count = 0;
  for (size_t at = 0; at < text.size();) {
    size_t end = at;
    while (end < text.size() && is_of_word(text[end])) ++end;
    if (end == at) {
      ++at;
      continue;
    }
    std::copy_backward(last.begin(), last.end() - 1, last.end());
    last[0] = base::hash64(text.substr(at, end - at));
    count = std::min(count + 1, kLongestRow);
    uint64_t row = 0;
    for (size_t words = 1; words <= count; ++words) {
      row = (row ^ last[words - 1]) * 0x9E37'79B9'7F4A'7C15u;
      take(words, row);
    }
    at = end;
  }
}

}  // namespace

Words::Words(std::string_view text) {
  each_row(text.substr(0, kMaxComparedBytes), [&](size_t words, uint64_t row) { rows_[words - 1].insert(row); });
}

bool Words::have(std::string_view paragraph) const {
  std::array<size_t, kLongestRow> there{}, all{};
  each_row(paragraph, [&](size_t words, uint64_t row) {
    ++all[words - 1];
    there[words - 1] += rows_[words - 1].contains(row);
  });
  size_t longest = kLongestRow;  // a row of four, or the whole of a shorter paragraph
  while (longest > 1 && all[longest - 1] == 0) --longest;
  return there[longest - 1] == all[longest - 1];
}

size_t fold_quotes(std::string* text, const Words& other, std::string_view other_id) {
  if (text->size() > kMaxComparedBytes) return 0;
  const auto lines = lines_of(*text);
  const size_t original = original_message(lines);
  std::vector<bool> known(lines.size());
  size_t folded = 0;
  const auto fold_block = [&](size_t from, size_t to) {
    const size_t bytes = fold(lines, from, to, other, &known);
    if (bytes >= kShortQuote) {
      folded += bytes;
    } else {
      std::fill(known.begin() + static_cast<ptrdiff_t>(from), known.begin() + static_cast<ptrdiff_t>(to), false);
    }
  };
  for (size_t i = 0; i < original;) {
    size_t end = i;
    while (end < original && is_quoted(lines[end])) ++end;
    if (end > i) fold_block(i, end);
    i = std::max(end, i + 1);
  }
  fold_block(original, lines.size());
  if (folded == 0) return 0;
  std::string out;
  bool said = false;  // of this run of lines that went
  for (size_t i = 0; i < lines.size(); ++i) {
    if (!known[i]) {
      const bool blank_within = said && unquoted(lines[i]).empty() && i + 1 < lines.size() && known[i + 1];
      if (blank_within) continue;
      said = false;
      out += lines[i];
    } else if (!std::exchange(said, true)) {
      out += (i < original ? "> … (message " : "… (message ") + std::string(other_id) + ")\n";
    }
  }
  *text = std::move(out);
  return folded;
}

void own_words_first(std::string* text) {
  const auto lines = lines_of(*text);
  const auto is_blank = [&](size_t i) { return trimmed(lines[i]).empty(); };
  size_t first = 0;  // quoted line: behind a line that says who wrote it, at most
  while (first < lines.size() && is_blank(first)) ++first;
  if (first < lines.size() && !is_quoted(lines[first]) && trimmed(lines[first]).ends_with(':')) ++first;
  while (first < lines.size() && is_blank(first)) ++first;
  const auto is_of_quote = [&](size_t i) { return i < lines.size() && is_quoted(lines[i]); };
  size_t end = first;
  while (is_of_quote(end) || (end < lines.size() && is_blank(end) && is_of_quote(end + 1))) ++end;
  const auto at = [&](size_t line) {
    return line < lines.size() ? static_cast<size_t>(lines[line].data() - text->data()) : text->size();
  };
  if (at(end) - at(first) < kShortQuote) return;
  const std::string_view own = trimmed(std::string_view(*text).substr(at(end)));
  if (own.empty() || std::any_of(lines.begin() + static_cast<ptrdiff_t>(end), lines.end(), is_quoted)) return;
  std::string out = std::string(own) + "\n\n" + std::string(trimmed(std::string_view(*text).substr(0, at(end)))) + "\n";
  *text = std::move(out);
}

}  // namespace tarn::document::mail
