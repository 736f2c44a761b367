// Which parts of a page are its text: what is left out by tag, role and well-known names, and where the main content lies.
#pragma once

#include "document/dom.h"

namespace tarn::document {

// strict leaves out what names itself navigation; lenient only what is never text (scripts, styles, hidden parts).
enum class Care { strict, lenient };

bool is_left_out(const dom::Node* node, Care care);
bool is_admonition(const dom::Node* node);  // note, warning, tip …: an aside that belongs to the text

// The smallest element that holds nearly all of the page's prose; the body when nothing stands out.
dom::Node* main_content(dom::Node* body);

// "a-b c_d" has the words "a-b" and "c_d".
bool has_class(const dom::Node* node, std::string_view name);

}  // namespace tarn::document
