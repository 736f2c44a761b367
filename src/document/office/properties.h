// What a package says of itself: title, authors, times, keywords and the rest.
#pragma once

#include "document/document.h"
#include "document/office/package.h"

namespace tarn::document::office {

void read_properties(Package& package, const std::map<std::string, Relation>& of_package, Document* d);  // OOXML
void read_odf_meta(pugi::xml_node meta, Document* d);                                                    // OpenDocument
void add_labels(std::string_view keywords, Document* d);

}  // namespace tarn::document::office
