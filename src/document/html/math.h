// A formula as one line: the TeX that came with it, or its MathML written out ("x^2", "(a+b)/c").
#pragma once

#include <string>

#include "document/html/dom.h"

namespace tarn::document {

std::string formula_text(dom::Node* math);

}  // namespace tarn::document
