// The reader of pictures.
#pragma once

#include "document/reader.h"

namespace tarn::document {

bool is_image(std::string_view head);
base::Status read_image(const Input& input, const Sink& sink);

}  // namespace tarn::document
