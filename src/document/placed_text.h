// A body that is written block by block, each from a line of its source.
// Shape:   an anchor stands only where the line is another one than that which counting in the body gives (anchor.h).
// Limits:  kMaxAnchors; whoever writes asks size().
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "document/document.h"

namespace tarn::document {

class PlacedText {
 public:
  // A blank line before the next block.
  void gap();
  // What is added next stands in that line of the source, from 1.
  void at_line(uint64_t number);
  void at(std::string_view kind, std::string value);
  void add(std::string_view text);

  size_t size() const { return body_.size(); }
  bool empty() const { return body_.empty(); }
  void take(Document* d) {
    d->body = std::move(body_);
    d->anchors = std::move(anchors_);
  }

 private:
  std::string body_;
  std::vector<Anchor> anchors_;
  uint64_t line_ = 0;  // of the source, where the body ends, by counting; 0: nothing is known
};

}  // namespace tarn::document
