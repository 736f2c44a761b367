#include "document/office/office_file.h"

#include "document/compound/compound.h"
#include "document/office/properties.h"

namespace tarn::document::office {

using base::Code;
using base::Status;

Status read_office(const Input& input, const Sink& sink, const OfficeKind& kind,
                   const std::function<Status(Package&, const MainPart&, Document*)>& read) {
  if (looks_compound(input.bytes)) return read_old_office(input, sink);
  TARN_ASSIGN(Package package, Package::open(input, kind.whose));
  const auto of_package = package.relations("");
  MainPart main{package.related(of_package, "officeDocument"), {}};
  if (main.name.empty()) main.name = kind.usual;
  if (main.name.ends_with(".bin")) {
    return {Code::unsupported, "it is a binary workbook (xlsb), which is not read", "save it as .xlsx"};
  }
  TARN_ASSIGN(const auto content, package.xml(main.name));
  if (!content || !is(content->document_element(), kind.root)) {
    return {Code::invalid_argument,
            "it is no " + std::string(kind.whose) + ": " + std::string(kind.otherwise) + " (" + clean(main.name) + ")"};
  }
  main.root = content->document_element();
  Document d;
  d.extra = json::Value::object();
  read_properties(package, of_package, &d);
  TARN_TRY(read(package, main, &d));
  package.tell(&d.extra);
  return sink(std::move(d));
}

}  // namespace tarn::document::office
