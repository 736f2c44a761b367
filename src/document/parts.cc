#include "document/parts.h"

namespace tarn::document {

using base::Code;
using base::Status;

Status Parts::take(const Document& document) {
  if (names_.empty() != document.part.empty() || !names_.insert(document.part).second) {
    return {Code::corruption, "a reader gave the part '" + document.part + "' out of its order or twice"};
  }
  bytes_ += document.body.size();
  if (names_.size() > kMaxParts + 1) {
    return {Code::exhausted, "it has more parts than kMaxParts (" + std::to_string(kMaxParts) + ")"};
  }
  if (bytes_ > kMaxPartsBytes) {
    return {Code::exhausted, "its parts have more text than kMaxPartsBytes (" + std::to_string(kMaxPartsBytes) + ")"};
  }
  return {};
}

Status Parts::end() const { return names_.empty() ? Status(Code::corruption, "a reader gave no document") : Status(); }

}  // namespace tarn::document
