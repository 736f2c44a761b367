// XHTML: a page that is XML may close any element at once (<title/>, <script src="…"/>, <i/>), which HTML's rules take
// for an opening.
// Shape:   such a page is rewritten as HTML that means the same: what was closed at once gets an end tag, prefixes of
//          the XHTML namespace go, CDATA sections are escaped, scripts and styles are emptied. lexbor reads the result.
#pragma once

#include <string>
#include <string_view>

namespace tarn::document {

// XML by its name (.xhtml, .xht), its declaration, or the namespace of its root.
bool is_xhtml(std::string_view page, std::string_view name);

// The page as HTML; the page itself where it is not well-formed and only its namespace says that it is XML.
std::string xhtml_as_html(std::string_view page, std::string_view name);

}  // namespace tarn::document
