// The readers of data: delimited values, JSON, JSON lines.
#pragma once

#include "document/reader.h"

namespace tarn::document {

base::Status read_json(const Input& input, const Sink& sink);
base::Status read_json_lines(const Input& input, const Sink& sink);
base::Status read_table(const Input& input, const Sink& sink);

}  // namespace tarn::document
