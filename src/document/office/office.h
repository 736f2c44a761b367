// Documents of Office: Office Open XML, OpenDocument, and the books that are packed like them (EPUB).
#pragma once

#include "document/reader.h"

namespace tarn::document {

base::Status read_docx(const Input& input, const Sink& sink);
base::Status read_pptx(const Input& input, const Sink& sink);
base::Status read_xlsx(const Input& input, const Sink& sink);
base::Status read_opendocument(const Input& input, const Sink& sink);
base::Status read_epub(const Input& input, const Sink& sink);

bool is_docx(std::string_view head);
bool is_pptx(std::string_view head);
bool is_xlsx(std::string_view head);
bool is_opendocument(std::string_view head);
bool is_epub(std::string_view head);

}  // namespace tarn::document
