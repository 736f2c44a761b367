// The readers of document types, one line each in the table of readers.cc: what is theirs by name and bytes, and how
// they read it.
// Shape:   a reader gives documents one after another: first the item itself (part ""), then its parts, each with a
//          name of its own. A reader of a new type is a file or folder of its own and a line in the table: HACKING.md,
//          "Adding a document type".
// Errors:  what a reader returns is why its item is refused; nothing that it gave before counts then.
// Threads: the table is constant; a reader is called from any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

#include "base/status.h"
#include "document/document.h"
#include "worker/pool.h"

namespace tarn::document {

class Budget;

// An item's or a part's bytes, and what its source says of them. `name` is the file's name, never opened.
struct Input {
  std::string_view bytes, name;
  const ExtractOptions& options;
  int depth = 0;             // of a part: how many others it lies in
  Budget* budget = nullptr;  // of the item, for what unpacks (archive/budget.h); null: that of this archive alone
};

struct Reader {
  std::string_view name;  // as in --as, and in the rows that it made
  int version;  // what is made of the same bytes is other than before: documents of an older version are read again
  std::string_view mimes;                 // with blanks between them; the first one is a document's own
  std::string_view extensions;            // likewise; lower case, without the dot
  bool (*is)(std::string_view head);      // its first bytes say so, whatever it is called; null: they never do
  bool (*may_be)(std::string_view head);  // they say so where the name says nothing; null: likewise
  uint64_t max_bytes;
  std::optional<worker::Limits> limits;  // of the worker that reads it; none: those of every job
  base::Status (*read)(const Input& input, const Sink& sink);

  std::string_view mime() const { return mimes.substr(0, mimes.find(' ')); }
};

// In the order in which they are asked; the last one takes what is text.
std::span<const Reader> readers();
const Reader* reader_of(std::string_view mime);                 // null: it is not read
const Reader* reader_of_extension(std::string_view extension);  // likewise
// exhausted where it is more than the reader's max_bytes.
base::Status check_size(const Reader& reader, uint64_t bytes);

}  // namespace tarn::document
