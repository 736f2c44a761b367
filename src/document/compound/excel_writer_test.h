// Workbooks of the old Excel for tests, record by record.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "document/compound/compound_writer_test.h"

namespace tarn::document::compound {

template <typename... Fields>
std::string packed(Fields... fields) {
  std::string out;
  base::ByteWriter w(&out);
  (w.fixed(fields), ...);
  return out;
}

inline std::string biff(uint16_t type, const std::string& bytes) {
  return packed(type, static_cast<uint16_t>(bytes.size())) + bytes;
}

using Short = uint16_t;

// A text of BIFF8 with its length before it.
inline std::string biff_text(std::string_view text) {
  return packed(static_cast<Short>(text.size()), uint8_t{0}) + std::string(text);
}

inline std::string cell_head(int row, int column, int format = 0) {
  return packed(static_cast<Short>(row), static_cast<Short>(column), static_cast<Short>(format));
}

struct OldSheet {
  std::string name, records;
  uint8_t state = 0;
};

inline std::string workbook_stream(const std::string& globals, const std::vector<OldSheet>& sheets,
                                   Short version = 0x600) {
  const std::string begin = biff(0x809, packed(version, Short{5}, Short{0}, Short{0}));
  const std::string end = biff(0x0A, "");
  const auto bound = [&](uint32_t place, const OldSheet& s) {
    std::string bytes = packed(place, s.state, uint8_t{0}, static_cast<uint8_t>(s.name.size()));
    if (version == 0x600) bytes += '\0';
    return biff(0x85, bytes + s.name);
  };
  size_t at = begin.size() + globals.size() + end.size();
  for (const OldSheet& s : sheets) at += bound(0, s).size();
  std::string list, all;
  for (const OldSheet& s : sheets) {
    list += bound(static_cast<uint32_t>(at + all.size()), s);
    all += biff(0x809, packed(version, Short{0x10}, Short{0}, Short{0})) + s.records + end;
  }
  return begin + globals + list + end + all;
}

inline std::string xls(const std::string& globals, const std::vector<OldSheet>& sheets) {
  return CompoundWriter().add("Workbook", workbook_stream(globals, sheets)).bytes();
}

}  // namespace tarn::document::compound
