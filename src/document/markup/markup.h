// The readers of markup languages: reStructuredText, AsciiDoc.
#pragma once

#include "document/reader.h"

namespace tarn::document {

base::Status read_asciidoc(const Input& input, const Sink& sink);
base::Status read_rst(const Input& input, const Sink& sink);

}  // namespace tarn::document
