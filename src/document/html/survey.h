// How much of each element of a page is links, headings and running text.
// Units:   bytes that are no white space.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "document/html/dom.h"

namespace tarn::document {

struct Measure {
  uint32_t text = 0;      // all of it
  uint32_t linked = 0;    // of these, in links and buttons
  uint32_t headings = 0;  // of these, in headings, captions and labels, and not in links
  uint32_t longest = 0;   // the longest run of other text in one block: a sentence, or a menu's separators
  uint32_t links = 0;
  bool main_heading = false;  // holds an <h1> that is no link
  bool heading = false;       // … any heading that is no link
  bool code = false;          // holds preformatted text
  bool dialog = false;        // holds a dialog or an article
  bool fields = false;        // holds fields to write into
  uint32_t own() const { return text - linked - headings; }
};

class Survey {
 public:
  explicit Survey(dom::Node* body);
  const Measure& of(const dom::Node* n) const;

 private:
  std::unordered_map<const dom::Node*, Measure> measures_;
};

}  // namespace tarn::document
