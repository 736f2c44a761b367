// What a connection and its worker say to each other, as bytes: numbers, texts, cells, failures, declarations.
// Internal.
// Shape:   host byte order, no alignment; lists and texts after their length. Both ends are this program on this
//          machine.
// Errors:  a Reader that runs over its end, or meets what cannot be, gives empty values from there on and says so in
//          ok(). Lengths are held against the bytes that are there before anything is allocated.
// Threads: none of their own.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "duck/connection.h"

namespace tarn::duck::wire {

class Writer {
 public:
  template <typename T>
    requires std::is_arithmetic_v<T> || std::is_enum_v<T>
  Writer& put(T value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
    return *this;
  }
  Writer& text(std::string_view value);
  Writer& cell(const Cell& value);
  Writer& cells(const std::vector<Cell>& values);
  Writer& columns(const std::vector<Column>& values);
  Writer& status(const base::Status& value);
  std::string& bytes() { return bytes_; }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}
  template <typename T>
    requires std::is_arithmetic_v<T> || std::is_enum_v<T>
  T get() {
    T value{};
    if (const std::string_view bytes = raw(sizeof value); !bytes.empty()) {
      std::memcpy(&value, bytes.data(), sizeof value);
    }
    return value;
  }
  bool flag() { return get<uint8_t>() != 0; }
  std::string_view raw(uint64_t count);
  std::string_view text() { return raw(get<uint64_t>()); }
  // Of things of at least `least` bytes each.
  uint64_t count(uint64_t least);
  Cell cell(int depth = 0);
  std::vector<Cell> cells();
  std::vector<Column> columns();
  base::Status status();
  void fail() {
    ok_ = false;
    rest_ = {};
  }
  bool ok() const { return ok_; }
  bool at_end() const { return ok_ && rest_.empty(); }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace tarn::duck::wire
