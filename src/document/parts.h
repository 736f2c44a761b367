// What an item's documents must be, whoever gives them: the item itself first, then parts with names of their own,
// within the limits.
#pragma once

#include <set>
#include <string>

#include "document/document.h"

namespace tarn::document {

class Parts {
 public:
  // exhausted over a limit; corruption for a document that is not the item itself where it must be, or comes twice.
  base::Status take(const Document& document);
  base::Status end() const;  // corruption where there was no document
  bool has(const std::string& name) const { return names_.contains(name); }

 private:
  std::set<std::string> names_;
  uint64_t bytes_ = 0;
};

}  // namespace tarn::document
