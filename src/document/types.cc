#include <algorithm>
#include <iterator>
#include <string>

#include "document/document.h"
#include "document/read.h"

namespace tarn::document {
namespace {

struct Extension {
  std::string_view name, mime;
};
constexpr Extension kExtensions[] = {
    {"md", kMarkdown}, {"markdown", kMarkdown}, {"mdown", kMarkdown}, {"mkd", kMarkdown}, {"mdwn", kMarkdown},
    {"html", kHtml},   {"htm", kHtml},          {"xhtml", kHtml},     {"txt", kPlain},    {"text", kPlain},
    {"rst", kPlain},   {"log", kPlain},         {"adoc", kPlain},
};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return out;
}

bool looks_like_html(std::string_view head) {
  const size_t at = head.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (at == std::string_view::npos) return false;
  const std::string start = lower(head.substr(at, 256));
  return start.starts_with("<!doctype html") || start.starts_with("<html") ||
         (start.starts_with("<?xml") && start.find("<html") != std::string::npos);
}

}  // namespace

bool looks_binary(std::string_view head) {
  if (head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF")) return false;  // UTF-16
  size_t controls = 0;
  for (char c : head) {
    const auto byte = static_cast<unsigned char>(c);
    controls += byte < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\b' && c != '\x1b';
  }
  if (controls == 0) return false;
  // UTF-16 without a mark: every other byte of plain text is zero, and no other control is there.
  const size_t zeros = static_cast<size_t>(std::count(head.begin(), head.end(), '\0'));
  if (zeros == controls && zeros * 10 > head.size() * 4 && zeros * 10 < head.size() * 6) return false;
  return controls * 100 > head.size();
}

std::string detect_type(std::string_view name, std::string_view head) {
  const std::string_view base = name.substr(name.find_last_of('/') + 1);
  const size_t dot = base.find_last_of('.');
  if (dot != std::string_view::npos) {
    const std::string extension = lower(base.substr(dot + 1));
    for (const Extension& known : kExtensions) {
      if (extension == known.name) return std::string(known.mime);
    }
    return {};
  }
  if (looks_like_html(head)) return std::string(kHtml);
  return looks_binary(head) ? std::string() : std::string(kPlain);
}

}  // namespace tarn::document
