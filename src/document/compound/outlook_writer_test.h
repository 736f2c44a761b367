// Messages of Outlook for tests.
#pragma once

#include <fmt/format.h>

#include <string>

#include "document/compound/excel_writer_test.h"

namespace tarn::document::compound {

class MsgWriter {
 public:
  // `where`: "" or the path of a storage, with a slash.
  MsgWriter& text(unsigned id, std::string_view value, const std::string& where = "") {
    file_.add(where + fmt::format("__substg1.0_{:04X}001F", id), wide(value));
    return *this;
  }
  MsgWriter& narrow(unsigned id, std::string value, const std::string& where = "") {
    file_.add(where + fmt::format("__substg1.0_{:04X}001E", id), std::move(value));
    return *this;
  }
  MsgWriter& bytes(unsigned id, std::string value, const std::string& where = "") {
    file_.add(where + fmt::format("__substg1.0_{:04X}0102", id), std::move(value));
    return *this;
  }
  MsgWriter& number(unsigned id, uint32_t value) { return fixed(id, 0x0003, value); }
  MsgWriter& time(unsigned id, uint64_t value) { return fixed(id, 0x0040, value); }
  // The properties of a storage, after a header that is as long as its kind wants.
  MsgWriter& properties(const std::string& where, size_t header, const std::string& entries = "") {
    file_.add(where + "__properties_version1.0", std::string(header, '\0') + entries);
    return *this;
  }
  static std::string entry(unsigned id, unsigned type, uint64_t value) {
    return packed(static_cast<uint32_t>(id << 16 | type), uint32_t{6}, value);
  }
  std::string written() {
    properties("", 32, entries_);
    return file_.bytes();
  }

 private:
  MsgWriter& fixed(unsigned id, unsigned type, uint64_t value) {
    entries_ += entry(id, type, value);
    return *this;
  }
  CompoundWriter file_;
  std::string entries_;
};

}  // namespace tarn::document::compound
