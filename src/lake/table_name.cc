#include "lake/table_name.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/check.h"

namespace tarn::lake {
namespace {

bool is_part(std::string_view text) {
  const auto may_stand = [](char c) { return base::is_alnum(c) || c == '_' || c == '-'; };
  return !text.empty() && text[0] != '_' && text[0] != '-' && std::all_of(text.begin(), text.end(), may_stand);
}

std::string with(std::string_view text, char from, char to) {
  std::string changed(text);
  const size_t at = changed.find(from);
  TARN_CHECK(at != std::string::npos);
  changed[at] = to;
  return changed;
}

}  // namespace

bool is_full_name(std::string_view text) {
  const size_t dot = text.find('.');
  return dot != std::string_view::npos && is_part(text.substr(0, dot)) && is_part(text.substr(dot + 1));
}

base::Result<std::string> full_name(std::string_view written) {
  if (is_full_name(written)) return std::string(written);
  if (is_part(written)) return "main." + std::string(written);
  return base::Status(base::Code::invalid_argument, "not a table's name: '" + std::string(written) + "'",
                      "write name or namespace.name, of letters, digits, '_' and '-'");
}

std::string_view namespace_of(std::string_view name) { return name.substr(0, name.find('.')); }
std::string_view name_within(std::string_view name) { return name.substr(name.find('.') + 1); }

std::string path_of_table(std::string_view name) { return with(name, '.', '/'); }
std::string name_of_table(std::string_view path) { return with(path, '/', '.'); }

}  // namespace tarn::lake
