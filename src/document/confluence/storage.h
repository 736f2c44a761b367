// Confluence's storage format as HTML that means the same: macros, links, images and tasks become elements that a page
// has, and what cannot be shown (a table of contents, a list of children) goes.
// Source:  "Confluence Storage Format" (Atlassian): XHTML with the prefixes ac: and ri:, and HTML's named entities.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace tarn::document {

// What a page's source knows of the names in it; "" where it does not.
struct Resolver {
  std::function<std::string(std::string_view space, std::string_view title)> page = {};      // its URL
  std::function<std::string(std::string_view id)> user = {};                                 // a name for people
  std::function<std::string(std::string_view page, std::string_view file)> attachment = {};  // its URL; page "": this
  // The storage format of what a page includes of another: all of it, or its excerpt.
  std::function<std::string(std::string_view space, std::string_view title, bool excerpt)> included = {};
};

// Where the page is no XML, *whole is false and what could be read of it is there; the rest as it stands.
std::string storage_as_html(std::string_view storage, const Resolver& names, bool* whole);

// What a page shows of itself in others: the bodies of its excerpt macros; "" where it has none.
std::string excerpt_of(std::string_view storage);

}  // namespace tarn::document
