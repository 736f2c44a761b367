#include "document/code/languages.h"

#include <algorithm>
#include <iterator>

#include "base/ascii.h"
#include "document/word_list.h"

namespace tarn::document::code {
const Language* language_of_name(std::string_view file_name) {
  const std::string name = base::lower(file_name.substr(file_name.find_last_of('/') + 1));
  // "app.py.1": the part before its number.
  for (size_t end = name.size(), dot; (dot = name.rfind('.', end - 1)) != std::string::npos && dot > 0; end = dot) {
    const std::string_view ending = std::string_view(name).substr(dot + 1, end - dot - 1);
    const auto at = std::find_if(std::begin(kLanguages), std::end(kLanguages),
                                 [&](const Language& language) { return has_word(language.endings, ending); });
    if (at != std::end(kLanguages)) return at;
  }
  return nullptr;
}

const Language* language_of_script(std::string_view head) {
  if (!head.starts_with("#!")) return nullptr;
  std::string_view line = head.substr(2, std::min(head.find('\n'), head.size()) - 2);
  while (!line.empty()) {
    line = base::trimmed(line);
    const size_t end = std::min(line.find(' '), line.size());
    std::string_view word = line.substr(0, end);
    line.remove_prefix(end);
    word = word.substr(word.rfind('/') == std::string_view::npos ? 0 : word.rfind('/') + 1);
    while (!word.empty() && (base::is_digit(word.back()) || word.back() == '.')) word.remove_suffix(1);
    if (word == "env" || word.starts_with('-')) continue;
    const auto at = std::find_if(std::begin(kLanguages), std::end(kLanguages),
                                 [&](const Language& language) { return has_word(language.interpreters, word); });
    return at == std::end(kLanguages) ? nullptr : at;
  }
  return nullptr;
}

}  // namespace tarn::document::code
