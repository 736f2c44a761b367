// The characters that XML and HTML write as entities.
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>

namespace tarn::document {

// Text as an element or an attribute in double quotes holds it: & < " as entities.
std::string escape_entities(std::string_view text);
// Once: the five names of XML, and &#39;. What is no such entity stays as it is.
std::string unescape_entities(std::string_view text);

}  // namespace tarn::document
