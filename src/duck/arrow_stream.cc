#include "duck/arrow_stream.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

namespace tarn::duck {
namespace {

using base::Code;
using base::Result;
using base::Status;

// A flatbuffer written from front to back: what a table points to comes after it. Positions are bytes from the start.
class Flat {
 public:
  Flat() : bytes_(4, '\0') {}  // the root's offset

  struct Slot {
    int id = 0;
    int size = 0;  // 1, 2, 4, 8; 0 = an offset, to be set by point()
    int64_t value = 0;
  };
  // Writes a table; `offsets` gets the positions of its offset slots, in their order.
  size_t table(const std::vector<Slot>& slots, std::vector<size_t>* offsets = nullptr) {
    int last = -1;
    for (const Slot& slot : slots) last = std::max(last, slot.id);
    const size_t vtable_size = 4 + 2 * static_cast<size_t>(last + 1);
    // Fields of eight bytes stand on multiples of eight; the table's own offset to its vtable is the first four bytes.
    align(8);
    while ((bytes_.size() + vtable_size) % 8 != 0) bytes_ += '\0';
    const size_t vtable = bytes_.size();
    bytes_.append(vtable_size, '\0');
    const size_t start = bytes_.size();
    put<int32_t>(static_cast<int32_t>(start - vtable));
    for (const Slot& slot : slots) {
      const size_t size = slot.size == 0 ? 4 : static_cast<size_t>(slot.size);
      align(size);
      set<uint16_t>(vtable + 4 + 2 * static_cast<size_t>(slot.id), static_cast<uint16_t>(bytes_.size() - start));
      if (slot.size == 0 && offsets) offsets->push_back(bytes_.size());
      for (size_t i = 0; i < size; ++i) bytes_ += static_cast<char>(slot.value >> (8 * i));
    }
    set<uint16_t>(vtable, static_cast<uint16_t>(vtable_size));
    set<uint16_t>(vtable + 2, static_cast<uint16_t>(bytes_.size() - start));
    return start;
  }
  size_t text(std::string_view text) {
    align(4);
    const size_t at = bytes_.size();
    put<uint32_t>(static_cast<uint32_t>(text.size()));
    bytes_ += text;
    bytes_ += '\0';
    return at;
  }
  // A vector of offsets, set by point() at the positions given.
  size_t vector(size_t count, std::vector<size_t>* offsets) {
    align(4);
    const size_t at = bytes_.size();
    put<uint32_t>(static_cast<uint32_t>(count));
    for (size_t i = 0; i < count; ++i) {
      offsets->push_back(bytes_.size());
      put<uint32_t>(0);
    }
    return at;
  }
  // A vector of structures of two 64-bit numbers.
  size_t pairs(const std::vector<std::pair<int64_t, int64_t>>& pairs) {
    while ((bytes_.size() + 4) % 8 != 0) bytes_ += '\0';
    const size_t at = bytes_.size();
    put<uint32_t>(static_cast<uint32_t>(pairs.size()));
    for (const auto& [a, b] : pairs) {
      put<int64_t>(a);
      put<int64_t>(b);
    }
    return at;
  }
  void point(size_t from, size_t to) { set<uint32_t>(from, static_cast<uint32_t>(to - from)); }
  std::string take() {
    align(8);
    return std::move(bytes_);
  }

 private:
  template <typename T>
  void put(T value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  template <typename T>
  void set(size_t at, T value) {
    std::memcpy(bytes_.data() + at, &value, sizeof value);
  }
  void align(size_t to) {
    while (bytes_.size() % to != 0) bytes_ += '\0';
  }
  std::string bytes_;
};

// What a column's type is in the schema, and how its buffers lie.
struct Type {
  int kind = 0;                   // the union's number
  std::vector<Flat::Slot> slots;  // of the type's table
  std::string zone;
  enum class Layout { none, bits, fixed, text32, text64, list32, list64, nested } layout = Layout::fixed;
  int64_t width = 0;  // bytes of a value; fixed
};

std::optional<int64_t> number_after(std::string_view text, size_t at) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), value);
  return error == std::errc() ? std::optional(value) : std::nullopt;
}

Type integer(int bits, bool is_signed) {
  return {2, {{0, 4, bits}, {1, 1, is_signed}}, {}, Type::Layout::fixed, bits / 8};
}

Result<Type> type_of(const ArrowSchema& schema) {
  using Layout = Type::Layout;
  const std::string_view f = schema.format;
  if (!schema.dictionary) {
    constexpr std::string_view kIntegers = "cCsSiIlL";
    if (const size_t at = kIntegers.find(f); f.size() == 1 && at != std::string_view::npos) {
      return integer(8 << (at / 2), at % 2 == 0);
    }
    if (f == "n") return Type{1, {}, {}, Layout::none, 0};
    if (f == "b") return Type{6, {}, {}, Layout::bits, 0};
    if (f == "f") return Type{3, {{0, 2, 1}}, {}, Layout::fixed, 4};
    if (f == "g") return Type{3, {{0, 2, 2}}, {}, Layout::fixed, 8};
    if (f == "u") return Type{5, {}, {}, Layout::text32, 0};
    if (f == "z") return Type{4, {}, {}, Layout::text32, 0};
    if (f == "U") return Type{20, {}, {}, Layout::text64, 0};
    if (f == "Z") return Type{19, {}, {}, Layout::text64, 0};
    if (f == "tdD") return Type{8, {{0, 2, 0}}, {}, Layout::fixed, 4};
    if (f == "tin") return Type{11, {{0, 2, 2}}, {}, Layout::fixed, 16};
    if (f == "+l") return Type{12, {}, {}, Layout::list32, 0};
    if (f == "+L") return Type{21, {}, {}, Layout::list64, 0};
    if (f == "+s") return Type{13, {}, {}, Layout::nested, 0};
    if (f == "+m") return Type{17, {{0, 1, 0}}, {}, Layout::list32, 0};
    constexpr std::string_view kUnits = "smun";
    if (f.starts_with("ts") && f.size() > 3 && kUnits.find(f[2]) != std::string_view::npos) {
      Type type{10, {{0, 2, static_cast<int64_t>(kUnits.find(f[2]))}}, std::string(f.substr(4)), Layout::fixed, 8};
      return type;
    }
    if (f.starts_with("tt") && f.size() == 3 && kUnits.find(f[2]) != std::string_view::npos) {
      const auto unit = static_cast<int64_t>(kUnits.find(f[2]));
      const int64_t bits = unit < 2 ? 32 : 64;
      return Type{9, {{0, 2, unit}, {1, 4, bits}}, {}, Layout::fixed, bits / 8};
    }
    if (f.starts_with("d:")) {
      const auto precision = number_after(f, 2);
      const size_t comma = f.find(',');
      const auto scale = comma == std::string_view::npos ? std::nullopt : number_after(f, comma + 1);
      const size_t second = comma == std::string_view::npos ? comma : f.find(',', comma + 1);
      const auto bits = second == std::string_view::npos ? std::optional<int64_t>(128) : number_after(f, second + 1);
      if (precision && scale && bits) {
        return Type{7, {{0, 4, *precision}, {1, 4, *scale}, {2, 4, *bits}}, {}, Layout::fixed, *bits / 8};
      }
    }
    if (f.starts_with("+w:")) {
      if (const auto count = number_after(f, 3)) return Type{16, {{0, 4, *count}}, {}, Layout::nested, 0};
    }
    if (f.starts_with("w:")) {
      if (const auto count = number_after(f, 2)) return Type{15, {{0, 4, *count}}, {}, Layout::fixed, *count};
    }
  }
  return Status(
      Code::unsupported,
      "column '" + std::string(schema.name ? schema.name : "") + "' is of a type that the Arrow stream does not carry",
      "cast it to VARCHAR");
}

std::string framed(std::string metadata, std::string_view body) {
  std::string out(8, '\xff');
  const auto size = static_cast<uint32_t>(metadata.size());
  std::memcpy(out.data() + 4, &size, 4);
  out += metadata;
  out += body;
  return out;
}

// A Message around a header that is written next; gives the position of its offset.
size_t begin_message(Flat& flat, int header, int64_t body_size) {
  constexpr int kVersion5 = 4;
  std::vector<size_t> offsets;
  const size_t message = flat.table({{0, 2, kVersion5}, {1, 1, header}, {2, 0, 0}, {3, 8, body_size}}, &offsets);
  flat.point(0, message);
  return offsets[0];
}

Result<size_t> put_field(Flat& flat, const ArrowSchema& schema) {
  constexpr int64_t kNullable = 2;
  TARN_ASSIGN(const Type type, type_of(schema));
  std::vector<size_t> offsets;
  const size_t field = flat.table(
      {{0, 0, 0}, {1, 1, (schema.flags & kNullable) != 0}, {2, 1, type.kind}, {3, 0, 0}, {5, 0, 0}}, &offsets);
  flat.point(offsets[0], flat.text(schema.name ? schema.name : ""));
  std::vector<Flat::Slot> slots = type.slots;
  if (!type.zone.empty()) slots.push_back({1, 0, 0});
  std::vector<size_t> zone;
  flat.point(offsets[1], flat.table(slots, &zone));
  if (!type.zone.empty()) flat.point(zone[0], flat.text(type.zone));
  std::vector<size_t> children;
  flat.point(offsets[2], flat.vector(static_cast<size_t>(schema.n_children), &children));
  for (size_t i = 0; i < children.size(); ++i) {
    TARN_ASSIGN(const size_t child, put_field(flat, *schema.children[i]));
    flat.point(children[i], child);
  }
  return field;
}

struct Body {
  std::vector<std::pair<int64_t, int64_t>> nodes, buffers;
  std::string bytes;

  void add(const void* data, int64_t size) {
    buffers.emplace_back(static_cast<int64_t>(bytes.size()), data ? size : 0);
    if (data && size > 0) bytes.append(static_cast<const char*>(data), static_cast<size_t>(size));
    while (bytes.size() % 8 != 0) bytes += '\0';
  }
};

// -1 stands for "not counted".
int64_t count_nulls(const ArrowArray& array) {
  if (array.null_count >= 0) return array.null_count;
  const auto* bits = static_cast<const unsigned char*>(array.buffers[0]);
  int64_t nulls = 0;
  for (int64_t i = 0; i < array.length; ++i) nulls += (bits[i / 8] >> (i % 8) & 1) == 0;
  return nulls;
}

Status put_array(const ArrowSchema& schema, const ArrowArray& array, Body* body) {
  using Layout = Type::Layout;
  TARN_ASSIGN(const Type type, type_of(schema));
  if (array.offset != 0) return {Code::internal, "DuckDB gives a column with an offset"};
  const int64_t n = array.length;
  const auto buffer = [&](int64_t i) { return i < array.n_buffers ? array.buffers[i] : nullptr; };
  const void* validity = type.layout == Layout::none ? nullptr : buffer(0);
  const int64_t nulls = type.layout == Layout::none ? n : validity ? count_nulls(array) : 0;
  body->nodes.emplace_back(n, nulls);
  if (type.layout != Layout::none) body->add(nulls == 0 ? nullptr : validity, (n + 7) / 8);
  switch (type.layout) {
    case Layout::bits:
      body->add(buffer(1), (n + 7) / 8);
      break;
    case Layout::fixed:
      body->add(buffer(1), n * type.width);
      break;
    case Layout::text32:
      body->add(buffer(1), (n + 1) * 4);
      body->add(buffer(2), buffer(1) ? static_cast<const int32_t*>(buffer(1))[n] : 0);
      break;
    case Layout::text64:
      body->add(buffer(1), (n + 1) * 8);
      body->add(buffer(2), buffer(1) ? static_cast<const int64_t*>(buffer(1))[n] : 0);
      break;
    case Layout::list32:
      body->add(buffer(1), (n + 1) * 4);
      break;
    case Layout::list64:
      body->add(buffer(1), (n + 1) * 8);
      break;
    case Layout::none:
    case Layout::nested:
      break;
  }
  for (int64_t i = 0; i < array.n_children; ++i) TARN_TRY(put_array(*schema.children[i], *array.children[i], body));
  return {};
}

}  // namespace

Result<std::string> arrow_schema_message(const ArrowSchema& schema) {
  Flat flat;
  const size_t header = begin_message(flat, 1, 0);
  std::vector<size_t> offsets, fields;
  flat.point(header, flat.table({{0, 2, 0}, {1, 0, 0}}, &offsets));
  flat.point(offsets[0], flat.vector(static_cast<size_t>(schema.n_children), &fields));
  for (size_t i = 0; i < fields.size(); ++i) {
    TARN_ASSIGN(const size_t field, put_field(flat, *schema.children[i]));
    flat.point(fields[i], field);
  }
  return framed(flat.take(), {});
}

Result<std::string> arrow_batch_message(const ArrowSchema& schema, const ArrowArray& batch) {
  Body body;
  for (int64_t i = 0; i < batch.n_children; ++i) TARN_TRY(put_array(*schema.children[i], *batch.children[i], &body));
  Flat flat;
  const size_t header = begin_message(flat, 3, static_cast<int64_t>(body.bytes.size()));
  std::vector<size_t> offsets;
  flat.point(header, flat.table({{0, 8, batch.length}, {1, 0, 0}, {2, 0, 0}}, &offsets));
  flat.point(offsets[0], flat.pairs(body.nodes));
  flat.point(offsets[1], flat.pairs(body.buffers));
  return framed(flat.take(), body.bytes);
}

std::string arrow_end() { return std::string("\xff\xff\xff\xff\0\0\0\0", 8); }

}  // namespace tarn::duck
