// Presentations of the old PowerPoint for tests, record by record.
#pragma once

#include <string>
#include <vector>

#include "document/compound/excel_writer_test.h"

namespace tarn::document::compound {

inline std::string atom(Short type, const std::string& bytes, Short instance = 0) {
  return packed(static_cast<Short>(instance << 4), type, static_cast<uint32_t>(bytes.size())) + bytes;
}
inline std::string holder(Short type, const std::string& bytes, Short instance = 0) {
  return packed(static_cast<Short>(instance << 4 | 0xF), type, static_cast<uint32_t>(bytes.size())) + bytes;
}
inline std::string slide_text(uint32_t kind, const std::string& words) {
  return atom(0x0F9F, packed(kind)) + atom(0x0FA0, wide(words));
}
// A shape with a text of its own.
inline std::string shape(const std::string& text, const std::string& more = "") {
  return holder(0xF004, more + holder(0xF00D, text));
}
inline std::string slide(const std::string& shapes, const std::string& more = "") {
  return holder(0x03EE, more + holder(0x040C, holder(0xF002, holder(0xF003, shapes))));
}

struct PptSlide {
  std::string record, outline, notes;
};

// The streams of a presentation whose slides come in this order. One without a record is the slide before it again.
inline std::string ppt(const std::vector<PptSlide>& slides, uint32_t token = 0xE391C05F) {
  std::string stream, list, notes_list;
  std::vector<uint32_t> places;
  uint32_t id = 256;
  for (const PptSlide& s : slides) {
    if (!s.record.empty()) {
      places.push_back(static_cast<uint32_t>(stream.size()));
      stream += s.record;
    }
    list += atom(0x03F3, packed(static_cast<uint32_t>(places.size()), uint32_t{0}, uint32_t{0}, id, uint32_t{0})) +
            s.outline;
    if (!s.notes.empty()) {
      places.push_back(static_cast<uint32_t>(stream.size()));
      stream += holder(0x03F0, atom(0x03F1, packed(id, uint32_t{0})) + s.notes);
      notes_list +=
          atom(0x03F3, packed(static_cast<uint32_t>(places.size()), uint32_t{0}, uint32_t{0}, id, uint32_t{0}));
    }
    ++id;
  }
  places.push_back(static_cast<uint32_t>(stream.size()));
  stream += holder(0x03E8, holder(0x0FF0, list, 0) + holder(0x0FF0, notes_list, 2));
  const auto directory = static_cast<uint32_t>(stream.size());
  std::string entries = packed(static_cast<uint32_t>(places.size() << 20 | 1));
  for (const uint32_t place : places) entries += packed(place);
  stream += atom(0x1772, entries);
  const auto edit = static_cast<uint32_t>(stream.size());
  stream += atom(0x0FF5, packed(uint32_t{0}, uint32_t{0}, uint32_t{0}, directory, static_cast<uint32_t>(places.size()),
                                uint32_t{0}, uint32_t{0}));
  return CompoundWriter()
      .add("PowerPoint Document", stream)
      .add("Current User", atom(0x0FF6, packed(uint32_t{0x14}, token, edit, uint32_t{0})))
      .bytes();
}

}  // namespace tarn::document::compound
