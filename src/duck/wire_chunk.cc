#include "duck/wire_chunk.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace tarn::duck::wire {
namespace {

using base::Code;
using base::Status;

constexpr int kMaxDepth = 200;
constexpr uint64_t kMaxItems = uint64_t{1} << 30;  // of one list or text

// Bytes of a value that is stored side by side with others of its kind; 0 for all other types.
size_t width_of(duckdb_type type) {
  switch (type) {
    case DUCKDB_TYPE_BOOLEAN:
    case DUCKDB_TYPE_TINYINT:
    case DUCKDB_TYPE_UTINYINT:
      return 1;
    case DUCKDB_TYPE_SMALLINT:
    case DUCKDB_TYPE_USMALLINT:
      return 2;
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_UINTEGER:
    case DUCKDB_TYPE_FLOAT:
    case DUCKDB_TYPE_DATE:
      return 4;
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_UBIGINT:
    case DUCKDB_TYPE_DOUBLE:
    case DUCKDB_TYPE_TIME:
    case DUCKDB_TYPE_TIME_NS:
    case DUCKDB_TYPE_TIME_TZ:
    case DUCKDB_TYPE_TIMESTAMP:
    case DUCKDB_TYPE_TIMESTAMP_S:
    case DUCKDB_TYPE_TIMESTAMP_MS:
    case DUCKDB_TYPE_TIMESTAMP_NS:
    case DUCKDB_TYPE_TIMESTAMP_TZ:
      return 8;
    case DUCKDB_TYPE_HUGEINT:
    case DUCKDB_TYPE_UHUGEINT:
    case DUCKDB_TYPE_UUID:
    case DUCKDB_TYPE_INTERVAL:
      return 16;
    default:
      return 0;
  }
}
size_t width_of(const Shape& shape) {
  const bool stored = shape.id == DUCKDB_TYPE_DECIMAL || shape.id == DUCKDB_TYPE_ENUM;
  return width_of(stored ? shape.storage : shape.id);
}

bool is_text(duckdb_type type) {
  return type == DUCKDB_TYPE_VARCHAR || type == DUCKDB_TYPE_BLOB || type == DUCKDB_TYPE_GEOMETRY ||
         type == DUCKDB_TYPE_BIT || type == DUCKDB_TYPE_BIGNUM;
}

// VARIANT and what else the C API cannot read, let alone make: sent as its text.
bool is_only_text(const Shape& shape) {
  return width_of(shape) == 0 && !is_text(shape.id) && shape.children.empty() && shape.id != DUCKDB_TYPE_SQLNULL;
}

// Times of a day that DuckDB's functions of text can take: they look digits up in a table.
bool is_time(duckdb_type type, uint64_t value) {
  constexpr uint64_t kDayUs = uint64_t{86'400} * 1'000'000, kMaxOffset = 2 * (16 * 3600 - 1);
  if (type == DUCKDB_TYPE_TIME) return value <= kDayUs;
  if (type == DUCKDB_TYPE_TIME_NS) return value <= kDayUs * 1000;
  return type != DUCKDB_TYPE_TIME_TZ || (value >> 24 <= kDayUs && (value & 0xFFFFFF) <= kMaxOffset);
}

// Rows of a node, in the order in which they are written; hidden ones lie in something that is null.
struct Picked {
  std::vector<uint64_t> rows;
  std::vector<bool> hidden;
};

class ChunkWriter {
 public:
  ChunkWriter(Writer& out, size_t limit) : out_(out), limit_(limit) {}

  // False: it is longer than the limit.
  bool node(const Node& node, const Picked& picked) {
    const size_t count = picked.rows.size();
    std::vector<bool> null(count);
    std::vector<uint64_t> bits((count + 63) / 64, ~uint64_t{0});
    bool any = false;
    for (size_t i = 0; i < count; ++i) {
      null[i] = picked.hidden[i] || node.is_null(picked.rows[i]);
      if (null[i]) bits[i / 64] &= ~(uint64_t{1} << (i % 64));
      any = any || null[i];
    }
    out_.put(static_cast<uint8_t>(any));
    if (any) append(bits.data(), bits.size() * sizeof(uint64_t));
    if (const size_t width = width_of(*node.shape); width > 0) {
      fixed(node, picked.rows, null, width);
      return fits();
    }
    if (is_text(node.shape->id)) {
      return texts(picked.rows, null, [&](uint64_t row) { return node.text(row); }) && fits();
    }
    if (is_only_text(*node.shape)) {
      return texts(picked.rows, null, [&](uint64_t row) { return node_text(node, row); }) && fits();
    }
    switch (node.shape->id) {
      case DUCKDB_TYPE_LIST:
      case DUCKDB_TYPE_MAP:
        return lists(node, picked.rows, null);
      case DUCKDB_TYPE_ARRAY:
        return arrays(node, picked.rows, null);
      case DUCKDB_TYPE_STRUCT:
      case DUCKDB_TYPE_UNION: {
        const Picked same{picked.rows, null};
        return std::all_of(node.children.begin(), node.children.end(),
                           [&](const Node& child) { return this->node(child, same); });
      }
      default:
        return fits();
    }
  }

 private:
  bool fits(uint64_t more = 0) const { return out_.bytes().size() + more <= limit_; }
  void append(const void* data, size_t bytes) { out_.bytes().append(static_cast<const char*>(data), bytes); }

  void fixed(const Node& node, const std::vector<uint64_t>& rows, const std::vector<bool>& null, size_t width) {
    const size_t start = out_.bytes().size();
    out_.bytes().resize(start + rows.size() * width);
    char* to = out_.bytes().data() + start;
    const char* from = static_cast<const char*>(node.data);
    for (size_t i = 0; i < rows.size(); ++i, to += width) {
      if (!null[i]) std::memcpy(to, from + rows[i] * width, width);
    }
  }

  bool texts(const std::vector<uint64_t>& rows, const std::vector<bool>& null, const auto& text) {
    uint64_t total = 0;
    for (size_t i = 0; i < rows.size(); ++i) {
      const size_t size = null[i] ? 0 : text(rows[i]).size();
      out_.put(static_cast<uint32_t>(size));
      total += size;
    }
    if (!fits(total)) return false;
    for (size_t i = 0; i < rows.size(); ++i) {
      if (!null[i]) out_.bytes().append(text(rows[i]));
    }
    return true;
  }

  bool lists(const Node& node, const std::vector<uint64_t>& rows, const std::vector<bool>& null) {
    Picked items;
    uint64_t total = 0;
    for (size_t i = 0; i < rows.size(); ++i) {
      const uint64_t length = null[i] ? 0 : node.at<duckdb_list_entry>(rows[i]).length;
      out_.put(static_cast<uint32_t>(length));
      total += length;
    }
    if (!fits(total)) return false;  // a byte an item at the least
    for (size_t i = 0; i < rows.size(); ++i) {
      if (null[i]) continue;
      const auto& entry = node.at<duckdb_list_entry>(rows[i]);
      for (uint64_t k = 0; k < entry.length; ++k) items.rows.push_back(entry.offset + k);
    }
    items.hidden.resize(items.rows.size());
    return std::all_of(node.children.begin(), node.children.end(),
                       [&](const Node& child) { return this->node(child, items); });
  }

  bool arrays(const Node& node, const std::vector<uint64_t>& rows, const std::vector<bool>& null) {
    const uint64_t size = node.shape->array_size;
    if (!fits(rows.size() * size)) return false;
    Picked items;
    for (size_t i = 0; i < rows.size(); ++i) {
      for (uint64_t k = 0; k < size; ++k) {
        items.rows.push_back(null[i] ? 0 : rows[i] * size + k);
        items.hidden.push_back(null[i]);
      }
    }
    return this->node(node.children[0], items);
  }

  Writer& out_;
  const size_t limit_;
};

}  // namespace

void write_type(Writer& out, const Shape& shape) {
  const duckdb_type id = is_only_text(shape) ? DUCKDB_TYPE_VARCHAR : shape.id;
  out.put(static_cast<uint32_t>(id)).put(static_cast<uint8_t>(shape.json));
  out.put(shape.width).put(shape.scale).put(shape.array_size);
  out.put(uint64_t{shape.names.size()});
  for (const std::string& name : shape.names) out.text(name);
  out.put(uint64_t{shape.children.size()});
  for (const Shape& child : shape.children) write_type(out, child);
}

TypeHandle read_type(Reader& in, int depth) {
  const auto id = static_cast<duckdb_type>(in.get<uint32_t>());
  const bool json = in.flag();
  const auto width = in.get<uint8_t>(), scale = in.get<uint8_t>();
  const auto array_size = in.get<uint64_t>();
  std::vector<std::string> names(in.count(8));
  for (std::string& name : names) name = in.text();
  std::vector<const char*> pointers;
  for (const std::string& name : names) pointers.push_back(name.c_str());
  if (depth > kMaxDepth) in.fail();
  std::vector<TypeHandle> children(in.count(8));
  std::vector<duckdb_logical_type> types;
  for (TypeHandle& child : children) {
    child = read_type(in, depth + 1);
    types.push_back(child.get());
  }
  const auto made = [&]() -> duckdb_logical_type {
    if (!in.ok()) return nullptr;
    const bool named = !names.empty() && names.size() == children.size();
    switch (id) {
      case DUCKDB_TYPE_DECIMAL:
        return width < 1 || width > 38 || scale > width ? nullptr : duckdb_create_decimal_type(width, scale);
      case DUCKDB_TYPE_ENUM:
        return names.empty() ? nullptr : duckdb_create_enum_type(pointers.data(), pointers.size());
      case DUCKDB_TYPE_LIST:
        return children.size() != 1 ? nullptr : duckdb_create_list_type(types[0]);
      case DUCKDB_TYPE_ARRAY:
        return children.size() != 1 ? nullptr : duckdb_create_array_type(types[0], array_size);
      case DUCKDB_TYPE_MAP:
        return children.size() != 2 ? nullptr : duckdb_create_map_type(types[0], types[1]);
      case DUCKDB_TYPE_STRUCT:
        return named ? duckdb_create_struct_type(types.data(), pointers.data(), types.size()) : nullptr;
      case DUCKDB_TYPE_UNION:
        return named ? duckdb_create_union_type(types.data(), pointers.data(), types.size()) : nullptr;
      default:
        return duckdb_create_logical_type(id);
    }
  };
  TypeHandle type;
  try {
    type = TypeHandle(made());
  } catch (const std::exception&) {
    type.reset();
  }
  if (!type) in.fail();
  if (type && json) duckdb_logical_type_set_alias(type.get(), "JSON");
  return type;
}

Status write_chunk(const std::vector<Node>& columns, size_t rows,
                   const std::function<Status(std::string bytes)>& send) {
  for (size_t at = 0, count = rows; at < rows;) {
    count = std::min(count, rows - at);
    Picked picked;
    picked.rows.resize(count);
    std::iota(picked.rows.begin(), picked.rows.end(), at);
    picked.hidden.resize(count);
    Writer out;
    out.put(uint64_t{count});
    ChunkWriter writer(out, count == 1 ? std::numeric_limits<size_t>::max() : kChunkBytes);
    const bool fits =
        std::all_of(columns.begin(), columns.end(), [&](const Node& node) { return writer.node(node, picked); });
    if (!fits) {
      count /= 2;
      continue;
    }
    TARN_TRY(send(out.take()));
    at += count;
  }
  return base::ok();
}

Status ReadChunk::read(std::string bytes, const std::vector<Shape>& shapes) {
  bytes_ = std::move(bytes);
  held_.clear();
  Reader in(bytes_);
  const auto rows = in.get<uint64_t>();
  if (rows == 0 || rows > duckdb_vector_size()) in.fail();
  std::vector<Node> columns;
  for (const Shape& shape : shapes) {
    if (in.ok()) columns.push_back(node(in, shape, rows));
  }
  if (!in.at_end()) return {Code::corruption, "the worker's rows are none"};
  view_.set(std::move(columns), rows);
  return base::ok();
}

// Memory of at least so many bytes, for as long as the chunk is there; aligned for any value.
uint64_t* ReadChunk::words(uint64_t bytes) { return held_.emplace_back(bytes / sizeof(uint64_t) + 1).data(); }

Node ReadChunk::node(Reader& in, const Shape& shape, uint64_t rows) {
  Node node{&shape, nullptr, nullptr, {}};
  if (in.flag()) {
    const std::string_view bits = in.raw((rows + 63) / 64 * sizeof(uint64_t));
    uint64_t* validity = words(bits.size());
    std::copy(bits.begin(), bits.end(), reinterpret_cast<char*>(validity));
    node.validity = validity;
  }
  const auto members = [&] {
    for (const Shape& child : shape.children) {
      if (in.ok()) node.children.push_back(this->node(in, child, rows));
    }
  };
  if (const size_t width = width_of(shape); width > 0) {
    if (rows > in.rest().size() / width) in.fail();
    const std::string_view values = in.raw(rows * width);
    uint64_t* data = words(values.size());
    std::copy(values.begin(), values.end(), reinterpret_cast<char*>(data));
    node.data = data;
    if (!in.ok()) return node;
    if (shape.id == DUCKDB_TYPE_BOOLEAN &&
        std::any_of(values.begin(), values.end(), [](char c) { return c != 0 && c != 1; })) {
      in.fail();
    }
    for (uint64_t i = 0; width == sizeof(uint64_t) && i < rows; ++i) {
      if (!is_time(shape.id, node.at<uint64_t>(i))) in.fail();
    }
    for (uint64_t i = 0; shape.id == DUCKDB_TYPE_ENUM && i < rows; ++i) {
      const uint64_t index = width == 1   ? node.at<uint8_t>(i)
                             : width == 2 ? node.at<uint16_t>(i)
                                          : node.at<uint32_t>(i);
      if (index >= shape.names.size()) in.fail();
    }
    return node;
  }
  // Each length before what has it.
  std::string_view lengths;
  uint64_t total = 0;
  const auto length = [&](uint64_t i) {
    uint32_t value = 0;
    std::memcpy(&value, lengths.data() + i * sizeof value, sizeof value);
    return uint64_t{value};
  };
  const auto read_lengths = [&] {
    if (rows > in.rest().size() / sizeof(uint32_t)) in.fail();
    lengths = in.raw(rows * sizeof(uint32_t));
    for (uint64_t i = 0; i < lengths.size() / sizeof(uint32_t); ++i) total += length(i);
    if (total > kMaxItems) in.fail();
  };
  if (is_text(shape.id)) {
    read_lengths();
    const std::string_view bytes = in.raw(total);
    if (!in.ok()) return node;
    auto* strings = reinterpret_cast<duckdb_string_t*>(words(rows * sizeof(duckdb_string_t)));
    node.data = strings;
    const bool is_utf8 = shape.id == DUCKDB_TYPE_VARCHAR;
    if (is_utf8 && !check_utf8(bytes).ok()) in.fail();
    for (uint64_t i = 0, at = 0; i < rows; at += length(i), ++i) {
      const uint64_t size = length(i);
      const char* from = bytes.data() + at;
      // Good text as a whole, and each part begins where a character does.
      if (is_utf8 && size > 0 && (*from & 0xC0) == 0x80) in.fail();
      // A byte that counts the bits that are not used, and bytes of bits.
      if (shape.id == DUCKDB_TYPE_BIT && !node.is_null(i) && (size < 2 || static_cast<uint8_t>(*from) > 7)) in.fail();
      auto& inlined = strings[i].value.inlined;
      inlined.length = static_cast<uint32_t>(size);
      if (size <= sizeof inlined.inlined) {
        std::memset(inlined.inlined, 0, sizeof inlined.inlined);
        std::memcpy(inlined.inlined, from, size);
      } else {
        std::memcpy(strings[i].value.pointer.prefix, from, sizeof strings[i].value.pointer.prefix);
        strings[i].value.pointer.ptr = const_cast<char*>(from);  // the C API takes no const
      }
    }
    return node;
  }
  switch (shape.id) {
    case DUCKDB_TYPE_LIST:
    case DUCKDB_TYPE_MAP: {
      read_lengths();
      if (!in.ok()) return node;
      auto* entries = reinterpret_cast<duckdb_list_entry*>(words(rows * sizeof(duckdb_list_entry)));
      node.data = entries;
      for (uint64_t i = 0, at = 0; i < rows; at += length(i), ++i) entries[i] = {at, length(i)};
      rows = total;
      members();
      return node;
    }
    case DUCKDB_TYPE_ARRAY:
      if (rows > 0 && shape.array_size > kMaxItems / rows) in.fail();
      rows *= shape.array_size;
      members();
      return node;
    case DUCKDB_TYPE_STRUCT:
      members();
      return node;
    case DUCKDB_TYPE_UNION: {
      members();
      static const Shape kTag = [] {
        Shape tag;
        tag.id = DUCKDB_TYPE_UTINYINT;
        return tag;
      }();
      if (in.ok()) node.children.push_back(this->node(in, kTag, rows));
      for (uint64_t i = 0; in.ok() && i < rows; ++i) {
        if (node.children.back().at<uint8_t>(i) >= shape.children.size()) in.fail();
      }
      return node;
    }
    default:
      return node;
  }
}

}  // namespace tarn::duck::wire
