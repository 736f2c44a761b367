#include "duck/wire.h"

namespace tarn::duck::wire {
namespace {

constexpr int kMaxDepth = 100;

}  // namespace

Writer& Writer::text(std::string_view value) {
  put(uint64_t{value.size()});
  bytes_.append(value);
  return *this;
}

Writer& Writer::cell(const Cell& cell) {
  put(static_cast<uint8_t>(cell.value.index()));
  if (const auto* flag = std::get_if<bool>(&cell.value)) put(static_cast<uint8_t>(*flag));
  if (const auto* integer = std::get_if<int64_t>(&cell.value)) put(*integer);
  if (const auto* number = std::get_if<double>(&cell.value)) put(*number);
  if (const auto* string = std::get_if<std::string>(&cell.value)) text(*string);
  if (const auto* list = std::get_if<CellList>(&cell.value)) cells(*list);
  return *this;
}

Writer& Writer::cells(const std::vector<Cell>& values) {
  put(uint64_t{values.size()});
  for (const Cell& value : values) cell(value);
  return *this;
}

Writer& Writer::columns(const std::vector<Column>& values) {
  put(uint64_t{values.size()});
  for (const Column& column : values) text(column.name).text(column.type);
  return *this;
}

Writer& Writer::status(const base::Status& value) {
  return put(static_cast<uint32_t>(value.code())).text(value.message()).text(value.hint());
}

std::string_view Reader::raw(uint64_t count) {
  if (count > rest_.size()) {
    fail();
    return {};
  }
  const std::string_view bytes = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return bytes;
}

uint64_t Reader::count(uint64_t least) {
  const auto count = get<uint64_t>();
  if (count <= rest_.size() / least) return count;
  fail();
  return 0;
}

Cell Reader::cell(int depth) {
  switch (get<uint8_t>()) {
    case 1:
      return flag();
    case 2:
      return get<int64_t>();
    case 3:
      return get<double>();
    case 4:
      return std::string(text());
    case 5: {
      if (depth > kMaxDepth) fail();
      CellList list(count(1));
      for (Cell& item : list) item = cell(depth + 1);
      return list;
    }
    case 0:
      break;
    default:
      fail();
  }
  return {};
}

std::vector<Cell> Reader::cells() {
  std::vector<Cell> out(count(1));
  for (Cell& value : out) value = cell();
  return out;
}

std::vector<Column> Reader::columns() {
  std::vector<Column> out(count(16));
  for (Column& column : out) {
    column.name = text();
    column.type = text();
  }
  return out;
}

base::Status Reader::status() {
  const auto code = get<uint32_t>();
  std::string message(text()), hint(text());
  if (code > static_cast<uint32_t>(base::Code::internal)) fail();
  if (!ok_ || code == 0) return base::ok();
  return {static_cast<base::Code>(code), std::move(message), std::move(hint)};
}

}  // namespace tarn::duck::wire
