// Text in DrawingML: the paragraphs of shapes, tables, charts, diagrams.
// Source:  ECMA-376, part 1, section 21.
#pragma once

#include <map>
#include <pugixml.hpp>
#include <string>

#include "document/office/html.h"
#include "document/office/package.h"

namespace tarn::document::office {

// A paragraph's runs.
std::string drawing_line(pugi::xml_node paragraph, const std::map<std::string, Relation>& links);
// A shape's txBody; `bullets`: its paragraphs are items unless they say that they are none.
void drawing_text(pugi::xml_node body, bool bullets, const std::map<std::string, Relation>& links, Blocks* out);
std::string drawing_table(pugi::xml_node table, const std::map<std::string, Relation>& links);
// A chart's title and its values as a table.
std::string chart_html(pugi::xml_node chart);

}  // namespace tarn::document::office
