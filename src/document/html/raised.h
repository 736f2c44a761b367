// What stands raised or above its words: powers, ordinals, marks of footnotes, ruby.
#pragma once

#include "document/html/dom.h"
#include "document/markdown/inline_text.h"

namespace tarn::document {

// <sup>: "m^2", "1st", "harbour[1]". True when its children are to follow.
bool enter_raised(dom::Node* sup, InlineText* out);

// <ruby>: the words, then their reading: "漢字(かんじ)".
void add_ruby(dom::Node* ruby, InlineText* out);

}  // namespace tarn::document
