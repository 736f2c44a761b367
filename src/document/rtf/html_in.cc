#include <vector>

#include "document/rtf/characters.h"
#include "document/rtf/rtf.h"

namespace tarn::document::rtf {
namespace {

constexpr size_t kHeadBytes = 4096;

struct State {
  bool silent = false;   // what is there for readers of RTF only, or no text
  bool first = true;     // nothing stood in the group yet
  bool starred = false;  // "\*": a group that is left out where it is not known
  int fallback = 1;
};

}  // namespace

bool holds_html(std::string_view bytes) {
  return bytes.substr(0, kHeadBytes).find("\\fromhtml") != std::string_view::npos;
}

std::string html_in(std::string_view bytes) {
  std::string out;
  Tokens tokens(bytes);
  Characters characters;
  std::vector<State> above;
  State now;
  bool rtf_only = false;
  for (Token t = tokens.next(); t.kind != Token::end; t = tokens.next()) {
    if (t.kind == Token::open) {
      characters.end_skip();
      if (above.size() >= kMaxGroups) break;
      above.push_back(now);
      now.first = true;
      now.starred = false;
    } else if (t.kind == Token::close) {
      characters.end_skip();
      characters.flush(&out);
      if (above.empty()) break;
      now = above.back();
      above.pop_back();
    } else if (t.kind == Token::byte) {
      now.first = false;
      if (!characters.skips() && !now.silent && !rtf_only) characters.add_byte(t.value, nullptr, &out);
    } else if (t.name == "*") {
      now.starred = true;
    } else if (t.name == "htmlrtf") {
      rtf_only = !t.has_number || t.number != 0;
    } else if (t.name == "htmltag" && now.starred) {
      now.silent = false;
      now.starred = false;
    } else if ((now.starred || now.first) &&
               (now.starred || t.name == "fonttbl" || t.name == "colortbl" || t.name == "stylesheet" ||
                t.name == "info" || t.name == "pict" || t.name == "pntext")) {
      now.silent = true;
      now.starred = now.first = false;
    } else if (characters.take_word(t)) {
      continue;
    } else if (t.name == "uc") {
      now.fallback = t.number;
    } else if (now.silent || rtf_only) {
      continue;
    } else if (t.name == "u") {
      characters.add_unicode(t.number, now.fallback, &out);
    } else if (t.name == "par" || t.name == "line") {
      characters.flush(&out);
      out += '\n';
    } else if (t.name == "tab") {
      characters.flush(&out);
      out += '\t';
    } else if (t.name == "~") {
      characters.flush(&out);
      out += "&nbsp;";
    } else if (t.name == "_") {
      characters.flush(&out);
      out += '-';
    }
  }
  characters.flush(&out);
  return out;
}

}  // namespace tarn::document::rtf
