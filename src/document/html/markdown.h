// A part of a page as Markdown.
// Limits:  kMaxNesting quotes and lists; kMaxBodyBytes.
#pragma once

#include <string>

#include "base/status.h"
#include "document/html/content.h"
#include "document/html/dom.h"

namespace tarn::document {

base::Result<std::string> html_to_markdown(dom::Node* root);

// The words below a node, white space collapsed: for titles and choices.
std::string words_of(dom::Node* node, size_t max_bytes);

}  // namespace tarn::document
