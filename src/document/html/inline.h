// Inline elements → InlineText: what both running text and table cells do with <em>, <code>, <a>, <img> …
#pragma once

#include "document/html/dom.h"
#include "document/markdown/inline_text.h"

namespace tarn::document {

// True when `node` is an inline element (or text) that was entered; its children follow.
bool enter_inline(dom::Node* node, InlineText* out);
void leave_inline(dom::Node* node, InlineText* out);
bool is_block(uintptr_t name);

}  // namespace tarn::document
