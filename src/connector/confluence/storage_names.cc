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
      inside = inside.substr(0, inside.find("</ac:structured-macro>"));
      const auto titles = attribute_values(inside, "ri:content-title"), keys = attribute_values(inside, "ri:space-key");
      if (titles.empty()) continue;
      out.push_back((keys.empty() ? space : *keys.begin()) + ":" + document::unescape_entities(*titles.begin()));
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace tarn::connector::confluence
