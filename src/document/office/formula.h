// A formula of Office (OMML) on one line: "(a+b)/c", "x^2", "sqrt(n)".
#pragma once

#include <pugixml.hpp>
#include <string>

namespace tarn::document::office {

std::string formula_line(pugi::xml_node math);

}  // namespace tarn::document::office
