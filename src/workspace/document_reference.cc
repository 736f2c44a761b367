#include "workspace/document_reference.h"

namespace tarn::workspace {
namespace {

bool is_name(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    const bool letter =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    if (!letter) return false;
  }
  return true;
}

}  // namespace

std::string document_reference(std::string_view table, std::string_view id) {
  return std::string(table) + "/" + std::string(id);
}

std::optional<DocumentReference> parse_document_reference(std::string_view reference) {
  const size_t slash = reference.find('/');
  if (slash == std::string_view::npos || slash + 1 == reference.size()) return std::nullopt;
  const std::string_view table = reference.substr(0, slash);
  const size_t dot = table.find('.');
  if (dot == std::string_view::npos || !is_name(table.substr(0, dot)) || !is_name(table.substr(dot + 1))) {
    return std::nullopt;
  }
  return DocumentReference{std::string(table), std::string(reference.substr(slash + 1))};
}

}  // namespace tarn::workspace
