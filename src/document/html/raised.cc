#include "document/html/raised.h"

#include <algorithm>
#include <string>

#include "base/ascii.h"
#include "document/html/content.h"

namespace tarn::document {
namespace {

using base::is_digit;
using base::is_lower;

using dom::attribute;
using dom::Node;
using dom::tag;

constexpr size_t kMarkBytes = 24;  // a longer text that stands raised is no mark

std::string trimmed_text(Node* root) {
  std::string out;
  dom::walk(
      root,
      [&](Node* n) {
        if (is_left_out(n) || out.size() > kMarkBytes) return false;
        if (dom::is_text(n)) out += dom::text(n);
        return true;
      },
      [](Node*) {});
  const size_t start = out.find_first_not_of(" \t\r\n");
  return start == std::string::npos ? std::string() : out.substr(start, out.find_last_not_of(" \t\r\n") - start + 1);
}

// Line ends with the white space around them are layout of the source.
std::string one_line(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    if (at > 0) line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (end < text.size()) line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
    out += line;
    at = end + 1;
  }
  return out;
}

// A link that leads away from the page.
bool links_away(Node* sup) {
  bool away = false;
  dom::walk(
      sup,
      [&](Node* n) {
        const std::string_view target = attribute(n, "href");
        away |= tag(n) == LXB_TAG_A && !target.empty() && !target.starts_with('#');
        return true;
      },
      [](Node*) {});
  return away;
}

// The letters with which a text ends.
std::string_view last_word(std::string_view text) {
  size_t at = text.size();
  while (at > 0 && base::may_be_letter(text[at - 1])) --at;
  return text.substr(at);
}

bool is_unit_of_length(std::string_view word, std::string_view before) {
  for (std::string_view unit : {"mm", "cm", "dm", "km", "nm", "\xC2\xB5m", "\xCE\xBCm", "ft", "yd", "mi"}) {
    if (word == unit) return true;
  }
  // "5 kg", "10 in": what follows a number and is short.
  const size_t last = before.find_last_not_of(' ');
  return word.size() <= 3 && last != std::string_view::npos && is_digit(before[last]);
}

}  // namespace

bool enter_raised(Node* sup, InlineText* out) {
  const std::string raised = trimmed_text(sup);
  const std::string_view text = out->last_text();
  if (raised.empty() || raised.size() > kMarkBytes || text.empty() || text.back() == ' ') return true;
  const std::string_view word = last_word(text);
  const char first = raised.front();
  const bool number = raised.find_first_not_of("0123456789,;-\xE2\x80\x93 ") == std::string::npos && is_digit(first);
  const bool is_signed = raised.size() > 1 && (first == '-' || first == '+' || raised.starts_with("\xE2\x88\x92"));
  const std::string_view before = text.substr(0, text.size() - word.size());
  // "1º", "nº": ordinals that are a letter.
  if ((raised == "o" || raised == "a" || raised == "e") && (is_digit(text.back()) || word == "n" || word == "N")) {
    return true;
  }
  const bool formula =
      !before.empty() && std::string_view("=+*/(^\xC2\xB7").find(before.back()) != std::string_view::npos;
  const bool power =
      out->ends_with_quantity() || (formula && word.size() <= 2) || (is_unit_of_length(word, before) && !word.empty());
  if (power && (is_digit(first) || is_signed || raised.size() == 1)) {
    out->add_text("^");
    return true;
  }
  if (is_signed && !word.empty()) {
    out->add_text("^");
    return true;
  }
  if (raised == "TM") {
    out->add_text("\xE2\x84\xA2");
    return false;
  }
  const bool letter =
      raised.size() == 1 && is_lower(first) && word.size() > 2 && std::all_of(word.begin(), word.end(), is_lower);
  const bool behind_words = !word.empty() || is_digit(text.back()) ||
                            std::string_view(".,;:!?)]}\"'\x9D\x99\xBB").find(text.back()) != std::string_view::npos;
  if ((number || letter) && behind_words && !links_away(sup)) {
    out->add_text("[" + raised + "]");
    return false;
  }
  return true;
}

void add_ruby(Node* ruby, InlineText* out) {
  std::string words, reading;
  int above = 0;
  const auto is_reading = [](const Node* n) { return tag(n) == LXB_TAG_RT || tag(n) == LXB_TAG_RTC; };
  dom::walk(
      ruby,
      [&](Node* n) {
        if (tag(n) == LXB_TAG_RP || is_left_out(n)) return false;
        above += is_reading(n);
        if (dom::is_text(n)) (above > 0 ? reading : words) += one_line(dom::text(n));
        return true;
      },
      [&](Node* n) { above -= is_reading(n); });
  const auto has_words = [](const std::string& s) { return s.find_first_not_of(" \t\r\n") != std::string::npos; };
  out->add_text(words);
  if (has_words(reading)) out->add_text("(" + reading + ")");
}

}  // namespace tarn::document
