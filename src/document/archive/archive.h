// Archives (zip, tar, also compressed) and single compressed files: the archive itself lists its members, each of them
// is a part, read by the reader of its type. A file that is compressed alone is read as what it holds.
// Shape:   names are shown and never opened; links and devices are named and not followed.
// Limits:  the item's budget (budget.h), kMaxPartDepth.
#pragma once

#include "document/reader.h"

namespace tarn::document {

base::Status read_archive(const Input& input, const Sink& sink);
bool looks_like_archive(std::string_view head);

}  // namespace tarn::document
