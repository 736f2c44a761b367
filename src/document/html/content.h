// Which parts of a page are its text. doc/design/html-text.md has the rules, what was measured, and what they cost.
// Shape:   what goes is an element of the page, never a run of characters; whatever is not marked here is text.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "document/html/dom.h"

namespace tarn::document {

// Why a part of a page is left out.
enum class Reason : uint8_t { navigation, header, footer, aside, links, form, beside, noscript };
inline constexpr std::string_view kReasonNames[] = {"navigation", "header", "footer", "aside",
                                                    "links",      "form",   "beside", "noscript"};

// Bytes of text that are left out, white space not counted.
struct LeftOut {
  std::array<uint64_t, std::size(kReasonNames)> bytes{};
  uint64_t total() const;
};

// Marks the parts of a page that are navigation; is_left_out() says so from then on. `is_article`: the page calls
// itself one article (Open Graph, schema.org). A page that is nothing but navigation keeps it.
LeftOut leave_out_navigation(dom::Node* body, bool is_article);

// Never text (scripts, styles, the controls of forms), or marked by leave_out().
bool is_left_out(const dom::Node* node);
void leave_out(dom::Node* node);

bool is_formula_source(const dom::Node* script);  // <script type="math/tex">
bool is_code_fragment(const dom::Node* div);      // Doxygen's: an element for each line
bool is_admonition(const dom::Node* node);        // note, warning, tip …: an aside that belongs to the text

// "a-b c_d" has the classes "a-b" and "c_d".
bool has_class(const dom::Node* node, std::string_view name);

}  // namespace tarn::document
