// The records of a presentation of the old PowerPoint, and the texts in them.
// Shape:   records within each other, each with 8 bytes before it. A text is a header, its characters, and the formats
//          of its paragraphs, one record behind another.
// Errors:  none: what is not there is 0 or empty.
// Source:  [MS-PPT] 2.3.1 (RecordHeader), 2.9 (text types).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "document/compound/binary.h"

namespace tarn::document::compound {

struct Record {
  uint16_t instance = 0, type = 0;
  bool holds = false;  // others
  Binary bytes;
};
Record record_of(Binary bytes);

struct Indent {
  uint8_t level = 0;
  int8_t bullet = -1;  // not said
};

// A text as it stands in a shape or in the list of slides.
struct Text {
  enum Kind : uint32_t {
    title = 0,
    body = 1,
    notes = 2,
    other = 4,
    center_body = 5,
    center_title = 6,
    half = 7,
    quarter = 8
  };
  uint32_t kind = other;
  std::string words;            // paragraphs end with '\r'
  std::vector<Indent> indents;  // of the paragraphs, as far as they are known
  bool is_title() const { return kind == title || kind == center_title; }
  bool has_bullets() const { return kind == body || kind == half || kind == quarter; }
};

// What a record says of the last one of `texts`, or the beginning of another; nothing where it is of no text.
void take_text(const Record& record, std::vector<Text>* texts);

}  // namespace tarn::document::compound
