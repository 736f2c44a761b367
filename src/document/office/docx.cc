// Word documents (docx).
#include "document/office/docx_text.h"
#include "document/office/office.h"
#include "document/office/office_file.h"
#include "document/read.h"

namespace tarn::document {

base::Status read_docx(const Input& input, const Sink& sink) {
  return office::read_office(input, sink, {"Word document", "word/document.xml", "document", "it has no text of one"},
                             [](office::Package& package, const office::MainPart& main, Document* d) -> base::Status {
                               TARN_TRY(office::DocxText(package, main.name).read(main.root, d));
                               if (d->title.empty()) d->title = heading_of(d->body);
                               return {};
                             });
}

}  // namespace tarn::document
