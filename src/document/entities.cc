#include "document/entities.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tarn::document {

std::string escape_entities(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c == '<') {
      out += "&lt;";
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '"') {
      out += "&quot;";
    } else {
      out += c;
    }
  }
  return out;
}

std::string unescape_entities(std::string_view text) {
  static constexpr std::pair<std::string_view, char> kNamed[] = {{"&amp;", '&'},  {"&lt;", '<'},    {"&gt;", '>'},
                                                                 {"&quot;", '"'}, {"&apos;", '\''}, {"&#39;", '\''}};
  std::string out;
  for (size_t at = 0; (at = text.find('&')) != std::string_view::npos;) {
    out += text.substr(0, at);
    text.remove_prefix(at);
    const auto* const known =
        std::find_if(std::begin(kNamed), std::end(kNamed), [&](const auto& n) { return text.starts_with(n.first); });
    const bool is_known = known != std::end(kNamed);
    out += is_known ? known->second : '&';
    text.remove_prefix(is_known ? known->first.size() : 1);
  }
  return out += text;
}

}  // namespace tarn::document
