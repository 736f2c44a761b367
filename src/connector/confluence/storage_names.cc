#include "connector/confluence/storage_names.h"

#include <algorithm>
#include <utility>

#include "document/entities.h"

namespace tarn::connector::confluence {
namespace {

constexpr size_t kMaxMacros = 1000;        // that include a page
constexpr size_t kMaxMacroBytes = 10'000;  // of one

std::set<std::string> attribute_values(std::string_view storage, std::string_view name) {
  std::set<std::string> out;
  const std::string start = std::string(name) + "=\"";
  for (size_t at = storage.find(start); at != std::string_view::npos; at = storage.find(start, at)) {
    at += start.size();
    const size_t end = storage.find('"', at);
    if (end == std::string_view::npos) break;
    out.insert(std::string(storage.substr(at, end - at)));
  }
  return out;
}

// "SPACE:Title" of the page that a macro shows: its first <ri:page>, of old pages the text of the nameless parameter.
std::string page_in(std::string_view macro, const std::string& space) {
  if (const size_t at = macro.find("<ri:page"); at != std::string_view::npos) {
    const std::string_view element = macro.substr(at, macro.find('>', at) - at);
    const auto titles = attribute_values(element, "ri:content-title"), keys = attribute_values(element, "ri:space-key");
    if (titles.empty()) return "";
    return (keys.empty() ? space : *keys.begin()) + ":" + document::unescape_entities(*titles.begin());
  }
  constexpr std::string_view kNameless = "<ac:parameter ac:name=\"\">";
  size_t at = macro.find(kNameless);
  if (at == std::string_view::npos) return "";
  at += kNameless.size();
  const std::string title = document::unescape_entities(macro.substr(at, macro.find('<', at) - at));
  return title.empty() || title.find(':') != std::string::npos ? title : space + ":" + title;
}

}  // namespace

std::set<std::string> people_in(std::string_view storage) {
  std::set<std::string> out = attribute_values(storage, "ri:account-id");
  out.merge(attribute_values(storage, "ri:userkey"));
  return out;
}

std::vector<std::string> included_in(std::string_view storage, const std::string& space) {
  std::vector<std::string> out;
  size_t macros = 0;
  for (const std::string_view macro : {"ac:name=\"include\"", "ac:name=\"excerpt-include\""}) {
    for (size_t at = storage.find(macro); at != std::string_view::npos && macros < kMaxMacros;
         at = storage.find(macro, at + 1)) {
      ++macros;
      std::string_view inside = storage.substr(at, kMaxMacroBytes);
      inside = inside.substr(0, std::min(inside.find("</ac:structured-macro>"), inside.find("</ac:macro>")));
      std::string name = page_in(inside, space);
      if (!name.empty()) out.push_back(std::move(name));
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace tarn::connector::confluence
