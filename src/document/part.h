// A document within another: an attachment, a member of an archive, a message of a mailbox.
// Shape:   it is read by the reader of its type, and its documents come under its name ("pack.zip/notes.md"). What is
//          not read has a document with its name only, and says why in `extra.not_read`; so has the rest of what was
//          read in part ("pack.zip/… (the rest)").
// Limits:  kMaxPartDepth of documents within each other.
#pragma once

#include <string>
#include <string_view>

#include "document/document.h"
#include "document/reader.h"

namespace tarn::document {

inline constexpr int kMaxPartDepth = 3;
inline constexpr std::string_view kTypeNotRead = "its type is not read";

struct PartFile {
  std::string name;
  std::string_view bytes;
  std::string mime = {};           // by the word of what it lies in; used where bytes and name say nothing
  std::string charset = {};        // likewise; "": as the whole item
  std::string not_read = {};       // why it could not be taken out
  uint64_t size_bytes = 0;         // where it could not
  std::string answers = {};        // ExtractOptions::answers
  const Reader* reader = nullptr;  // where it is known, whatever its name says
};

// Fails only where the sink does.
base::Status read_part(const Input& of, const PartFile& part, const Sink& sink);

}  // namespace tarn::document
