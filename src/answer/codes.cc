#include "answer/codes.h"

#include <algorithm>

namespace tarn::answer {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

// "v1.2.3" and "1.2.3" are one version.
std::string_view version_of(std::string_view code) {
  if (code.size() > 1 && lower(code[0]) == 'v' && is_digit(code[1])) code.remove_prefix(1);
  const bool version = std::all_of(code.begin(), code.end(), [](char c) { return is_digit(c) || c == '.'; });
  return version && code.find('.') != std::string_view::npos ? code : std::string_view();
}

std::string joined(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80) out.push_back(lower(c));
  }
  return out;
}

}  // namespace

std::vector<std::string> codes_in(std::string_view question) {
  std::vector<std::string> codes;
  for (size_t at = 0; at < question.size();) {
    size_t end = at;
    while (end < question.size() && question[end] != ' ' && question[end] != '\n' && question[end] != '\t') ++end;
    std::string_view word = question.substr(at, end - at);
    at = end + 1;
    while (!word.empty() && !is_letter(word.front()) && !is_digit(word.front())) word.remove_prefix(1);
    while (!word.empty() && !is_letter(word.back()) && !is_digit(word.back())) word.remove_suffix(1);
    if (word.empty() ||
        std::any_of(word.begin(), word.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
      continue;
    const bool has_digit = std::any_of(word.begin(), word.end(), is_digit);
    const bool numbered = !version_of(word).empty() && std::count(word.begin(), word.end(), '.') > 1;
    if (has_digit && (is_letter(word.front()) || numbered)) codes.emplace_back(word);
  }
  return codes;
}

bool holds_code(std::string_view text, std::string_view code) {
  const std::string_view version = version_of(code);
  if (version.empty()) return joined(text).find(joined(code)) != std::string::npos;
  for (size_t at = text.find(version); at != std::string_view::npos; at = text.find(version, at + 1)) {
    const size_t end = at + version.size();
    const bool begins = at == 0 || (!is_digit(text[at - 1]) && text[at - 1] != '.');
    if (begins && (end == text.size() || !is_digit(text[end]))) return true;
  }
  return false;
}

}  // namespace tarn::answer
