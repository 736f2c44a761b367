// What stands in a page's text and is no part of it, left out before anything is read: marks of permalinks, names of
// icons, links for editing, gutters of line numbers, buttons that copy code, the second form of a formula. And what
// stands elsewhere and is: declarative shadow trees.
#pragma once

#include "document/html/dom.h"

namespace tarn::document {

void leave_out_marks(dom::Node* body);

// Where a page was prepared to be shown by scripts: puts the children of templates that a browser shows at once in
// their places; with `all`, of every template.
void open_templates(dom::Node* body, bool all);

// <base href>: makes the targets of links and images what they mean with it. Returns it, or "".
std::string_view apply_base(dom::Node* document);

}  // namespace tarn::document
