// Spreadsheets of OpenDocument, row by row.
#pragma once

#include "document/archive/zip.h"
#include "document/document.h"

namespace tarn::document::office {

base::Status read_ods(Zip& zip, const ZipMember& content, Document* d);

}  // namespace tarn::document::office
