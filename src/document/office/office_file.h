// The way through a file of Office Open XML that all its kinds share: the package, its main part, its properties.
#pragma once

#include <functional>
#include <string>

#include "document/office/package.h"
#include "document/reader.h"

namespace tarn::document::office {

struct OfficeKind {
  std::string_view whose;      // "Word document"
  std::string_view usual;      // the main part's name, where nothing says it
  std::string_view root;       // its element
  std::string_view otherwise;  // what it lacks without one
};
struct MainPart {
  std::string name;
  pugi::xml_node root;
};

// `read` fills in what the main part leads to. A file of the old Office is read as such, whatever it is called.
base::Status read_office(const Input& input, const Sink& sink, const OfficeKind& kind,
                         const std::function<base::Status(Package&, const MainPart&, Document*)>& read);

}  // namespace tarn::document::office
