#include "cli/screen.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/characters.h"
#include "base/utf8.h"
#include "cli/layout.h"

namespace tarn::cli {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
// All that Style and the marks of a snippet are made of.
constexpr std::array<std::string_view, 7> kMarks = {"\x1b[0m",  "\x1b[1m",  "\x1b[2m", "\x1b[31m",
                                                    "\x1b[32m", "\x1b[33m", "\x1b[36m"};

// Whether `text` is the beginning of a character that ends behind it.
bool is_cut(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const size_t length = lead >= 0xF0 && lead < 0xF5   ? 4
                        : lead >= 0xE0 && lead < 0xF0 ? 3
                        : lead >= 0xC2 && lead < 0xE0 ? 2
                                                      : 1;
  return text.size() < length && std::all_of(text.begin() + 1, text.end(), base::is_continuation);
}

}  // namespace

std::string ScreenOutput::filtered(std::string_view text) {
  std::string made;
  made.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    if (rest.front() == '\x1b' && marks_) {
      const auto mark = std::find_if(kMarks.begin(), kMarks.end(), [&](auto m) { return rest.starts_with(m); });
      if (mark != kMarks.end()) {
        made += *mark;
        at += mark->size();
        continue;
      }
      if (std::any_of(kMarks.begin(), kMarks.end(), [&](auto m) { return m.starts_with(rest); })) {
        held_ = rest;
        break;
      }
    }
    if (rest == "\r" || is_cut(rest)) {
      held_ = rest;
      break;
    }
    const size_t from = at;
    if (rest.starts_with("\r\n")) {
      ++at;
    } else if (is_unsafe(base::next_character(text, at))) {
      made += kReplacement;
    } else {
      made += text.substr(from, at - from);
    }
  }
  return made;
}

base::Status ScreenOutput::put(std::string_view text, bool* closed) {
  const std::string all = std::exchange(held_, {}) + std::string(text);
  terminal_.write(filtered(all));
  terminal_.flush();
  *closed = terminal_.closed();
  return terminal_.status();
}

void ScreenOutput::erase_line() {
  flush();
  terminal_.write("\r\x1b[K");
  terminal_.flush();
}

std::string json_for_screen(std::string_view json) {
  std::string made;
  made.reserve(json.size());
  for (size_t at = 0; at < json.size();) {
    const size_t from = at;
    const char32_t c = base::next_character(json, at);
    if (c >= 0x7F && c < 0xFFFD && is_unsafe(c)) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(c));
      made += escaped;
    } else {
      made += json.substr(from, at - from);
    }
  }
  return made;
}

}  // namespace tarn::cli
