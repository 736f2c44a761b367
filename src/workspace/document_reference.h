// "main.docs/guide/intro.md": how tools name a document of any table in one word. Table names have no "/", ids may.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tarn::workspace {

std::string document_reference(std::string_view table, std::string_view id);
struct DocumentReference {
  std::string table, id;
};
// Nothing where the text before the first "/" cannot be a table's name ("namespace.name").
std::optional<DocumentReference> parse_document_reference(std::string_view reference);

}  // namespace tarn::workspace
