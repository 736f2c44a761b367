// RTF: texts of Word, WordPad and many others, and the bodies of Outlook's messages.
// Shape:   groups and control words (tokens.h). What a text is made of is written as HTML, as of a text of Word:
//          headings by outline level or style, lists by the labels that stand in the text, tables, links, notes,
//          comments, text boxes, headers once. Deleted text is left out.
// Limits:  kMaxGroups within each other; those of the text (text.h).
// Errors:  invalid_argument for what is none, exhausted for a limit. What is cut off gives what there is of it.
// Source:  Rich Text Format specification 1.9.1; HTML within RTF: [MS-OXRTFEX].
#pragma once

#include <string>
#include <string_view>

#include "document/reader.h"

namespace tarn::document::rtf {

inline constexpr size_t kMaxGroups = 10'000;

base::Status read(std::string_view bytes, Document* d);

// Whether it is a page of HTML that was packed into RTF, and that page.
bool holds_html(std::string_view bytes);
std::string html_in(std::string_view bytes);

}  // namespace tarn::document::rtf

namespace tarn::document {

base::Status read_rtf(const Input& input, const Sink& sink);
bool is_rtf(std::string_view head);

}  // namespace tarn::document
