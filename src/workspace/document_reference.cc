#include "workspace/document_reference.h"

#include "lake/table_name.h"

namespace tarn::workspace {

std::string document_reference(std::string_view table, std::string_view id) {
  return std::string(table) + "/" + std::string(id);
}

std::optional<DocumentReference> parse_document_reference(std::string_view reference) {
  const size_t slash = reference.find('/');
  if (slash == std::string_view::npos || slash + 1 == reference.size()) return std::nullopt;
  const std::string_view table = reference.substr(0, slash);
  if (!lake::is_full_name(table)) return std::nullopt;
  return DocumentReference{std::string(table), std::string(reference.substr(slash + 1))};
}

}  // namespace tarn::workspace
