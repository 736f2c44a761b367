// Which parts of a page are its text: what is left out by tag, role and well-known names, and where the main content lies.
#pragma once

#include <string>
#include <string_view>

#include "document/dom.h"

namespace tarn::document {

// strict leaves out what names itself navigation; contents keeps tables of contents, for pages that are little else; lenient leaves
// out only what is never text (scripts, styles, hidden parts).
enum class Care { strict, contents, lenient };

bool is_left_out(const dom::Node* node, Care care);
bool is_admonition(const dom::Node* node);  // note, warning, tip …: an aside that belongs to the text

// What the page's head says that helps to find its text.
struct PageHints {
  std::string title;
  bool is_article = false;  // it calls itself one: then lists of links in it lead elsewhere
};

// The smallest element that holds nearly all of the page's prose, its title included; the body when nothing stands out. Marks parts
// within that name themselves navigation, shares or advertising: strict care leaves them out from then on.
dom::Node* main_content(dom::Node* body, const PageHints& hints);

// "a-b c_d" has the words "a-b" and "c_d".
bool has_class(const dom::Node* node, std::string_view name);

}  // namespace tarn::document
