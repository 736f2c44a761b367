// The files of Office before 2007 (doc, xls, ppt) and the messages of Outlook (msg), each by what it holds, whatever it
// is called. What has such a name and is something else (a page, RTF, a table of text) is read as that.
#pragma once

#include "document/reader.h"

namespace tarn::document {

base::Status read_old_office(const Input& input, const Sink& sink);

bool is_doc(std::string_view head);
bool is_xls(std::string_view head);
bool is_ppt(std::string_view head);
bool is_msg(std::string_view head);
bool looks_compound(std::string_view head);

}  // namespace tarn::document
