// What a line of Markdown is, and what its words say of how it can be quoted. For sentences.cc.
// Threads: pure.
#pragma once

#include <cstddef>
#include <string_view>

namespace tarn::answer {

enum class Line { blank, heading, fence, item, table, underline, prose };

Line classify(std::string_view line);
// Without blanks and marks of quotation in front.
std::string_view trim_left(std::string_view line);
// Bytes of a list item's marker with the blanks after it, 0 when the line begins no item.
size_t marker_size(std::string_view line);
// The row of dashes under the names of a table's columns.
bool is_rule_row(std::string_view line);
// "Port: 7443", "port = 7443", "**Port:** 7443": a name of few words, and its value.
bool is_field(std::string_view line);

// "This …", "In this case …", "The former …", "Doing so …". Words within markup, such as `this`, are names.
bool begins_referring(std::string_view text);
// "Which port is it?", "**Q: Which port**", "Frage: …"
bool is_question(std::string_view text);
// A heading that says more than what is below it: "First ferry: 05:40", "The default port is 9100".
bool states_something(std::string_view heading);
// Words of prose that stand outside of links: "[VACUUM](sql-vacuum.html), [ANALYZE](…)" has none.
size_t words_outside_links(std::string_view text);
// An entry of an index or a table of contents: a pointer, which says nothing itself. "Contact: [Anna](…)" says
// something.
bool ends_with_link(std::string_view text);
bool is_cut_emphasis(std::string_view text);

}  // namespace tarn::answer
