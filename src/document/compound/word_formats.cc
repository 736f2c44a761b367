#include "document/compound/word_formats.h"

#include "base/utf8.h"
#include "document/compound/characters.h"

namespace tarn::document::compound {
namespace {

constexpr int kMaxBased = 50, kMaxData = 3;
constexpr int kMaxChanges = 5'000;  // of one paragraph or run, with those that its changes lead to
constexpr size_t kMaxStyles = 5'000, kMaxLists = 20'000;

// How many bytes a change's operand has, with what says so; of Word 97 its code does.
size_t operand_size(uint16_t code, Binary rest) {
  switch (code >> 13) {
    case 0:
    case 1:
      return 1;
    case 2:
    case 4:
    case 5:
      return 2;
    case 3:
      return 4;
    case 7:
      return 3;
    default:
      break;
  }
  if (code == 0xD608 || code == 0xD606) return size_t{rest.u16(0)} + 1;
  if (code == 0xC615 && rest.u8(0) == 255) {
    const size_t deleted = rest.u8(1);
    return 3 + 4 * deleted + 3 * size_t{rest.u8(2 + 4 * deleted)};
  }
  return size_t{rest.u8(0)} + 1;
}

// Of Word 6, as far as codes are known; 0: this one is not.
size_t old_operand_size(uint8_t code, Binary rest) {
  static constexpr std::string_view kOne =
      "\x04\x05\x06\x07\x08\x09\x0A\x0B\x0D\x0E\x18\x19\x1D\x25\x2C\x32\x33\x41\x42\x43\x47\x4B\x55\x56\x57\x58\x59\x5A"
      "\x5B\x5C\x5E\x62\x64\x68\x75\x76";
  static constexpr std::string_view kTwo =
      "\x02\x10\x11\x12\x13\x15\x16\x1A\x1B\x1C\x1E\x1F\x20\x21\x22\x23\x24\x26\x27\x28\x29\x2A\x2B\x2D\x2E\x2F\x30\x31"
      "\x45\x48\x50\x5D\x60\x61\x63\x65";
  const char c = static_cast<char>(code);
  if (kOne.find(c) != std::string_view::npos) return 1;
  if (kTwo.find(c) != std::string_view::npos) return 2;
  if (code == 0x14 || code == 0x46) return 4;
  if (code == 0x49 || code == 0x5F) return 3;
  if (code == 0xBE) return size_t{rest.u16(0)} + 1;
  if (code == 0x03 || code == 0x0C || code == 0x0F || code == 0x17 || code == 0x34 || code == 0x44 || code == 0x4A ||
      code == 0x51 || code == 0x52 || code == 0x66) {
    return size_t{rest.u8(0)} + 1;
  }
  return code == 0xBB || code == 0xB6 || code == 0xB9 || code == 0xBA ? (code == 0xB6 || code == 0xBB ? 2 : 1) : 0;
}

// The changes of Word 6 that matter, as Word 97 numbers them; 0: of no interest.
uint16_t code_of_old(uint8_t code) {
  switch (code) {
    case 0x18:
      return 0x2416;
    case 0x19:
      return 0x2417;
    case 0x41:
      return 0x0800;
    case 0x50:
      return 0x4A30;
    case 0x55:
      return 0x0835;
    case 0x56:
      return 0x0836;
    case 0x57:
      return 0x0837;
    case 0x5C:
      return 0x083C;
    case 0x75:
      return 0x0855;
    case 0xBE:
      return 0xD608;
    default:
      return 0;
  }
}

template <typename Take>
void for_each_change(std::string_view bytes, bool old, int* left, const Take& take) {
  const Binary all(bytes);
  size_t at = 0;
  while (all.has(at, old ? 2 : 3) && --*left >= 0) {
    const uint16_t code = old ? all.u8(at) : all.u16(at);
    at += old ? 1 : 2;
    const Binary rest(all.part(at));
    const size_t size = old ? old_operand_size(static_cast<uint8_t>(code), rest) : operand_size(code, rest);
    if (size == 0) return;
    take(old ? code_of_old(static_cast<uint8_t>(code)) : code, Binary(rest.part(0, size)));
    at += size;
  }
}

// Where the cells of a row end, and how they are merged.
void take_row(Binary operand, size_t cell_bytes, ParagraphFormat* format) {
  const size_t count = operand.u8(2);
  if (!operand.has(3, 2 * (count + 1))) return;
  format->row.clear();
  format->row_left = static_cast<int16_t>(operand.u16(3));
  for (size_t i = 0; i < count; ++i) {
    office::CellEdge edge;
    edge.right = static_cast<int16_t>(operand.u16(3 + 2 * (i + 1)));
    const uint16_t flags = operand.u16(3 + 2 * (count + 1) + cell_bytes * i);
    edge.merged = (flags & 2) != 0 && (flags & 1) == 0;
    edge.goes_on = (flags & 0x60) == 0x20;
    edge.begins = (flags & 0x40) != 0;
    format->row.push_back(edge);
  }
}

void apply(std::string_view changes, bool old, Binary data, int depth, int* left, ParagraphFormat* format) {
  for_each_change(changes, old, left, [&](uint16_t code, Binary operand) {
    switch (code) {
      case 0x4600:
        format->style = operand.u16(0);
        break;
      case 0x2416:
        format->in_table = operand.u8(0) != 0;
        break;
      case 0x2417:
        format->ends_row = operand.u8(0) != 0;
        break;
      case 0x244B:
        format->ends_inner_cell = operand.u8(0) != 0;
        break;
      case 0x244C:
        format->ends_inner_row = operand.u8(0) != 0;
        break;
      case 0x6649:
        format->depth = std::clamp(operand.i32(0), 0, 100);
        break;
      case 0x260A:
        format->level = operand.u8(0);
        break;
      case 0x460B:
        format->list = operand.u16(0);
        break;
      case 0x2640:
        format->outline = operand.u8(0);
        break;
      case 0x3404:
        format->row_is_head = operand.u8(0) != 0;
        break;
      case 0xD608:
        take_row(operand, old ? 10 : 20, format);
        break;
      case 0xD62B:
        if (operand.u8(1) < format->row.size()) {
          format->row[operand.u8(1)].goes_on = operand.u8(2) == 1;
          format->row[operand.u8(1)].begins = operand.u8(2) == 3;
        }
        break;
      case 0x6645:
      case 0x6646:
      case 0x646B: {
        const uint64_t at = operand.u32(0);
        if (depth < kMaxData && data.has(at, 2)) {
          apply(data.part(at + 2, data.u16(at)), old, data, depth + 1, left, format);
        }
        break;
      }
      default:
        break;
    }
  });
}

int64_t small_number(int64_t n) { return std::clamp<int64_t>(n, 0, 99'999'999); }

std::string format_name(uint8_t number) {
  switch (number) {
    case 1:
      return "upperRoman";
    case 2:
      return "lowerRoman";
    case 3:
      return "upperLetter";
    case 4:
      return "lowerLetter";
    case 22:
      return "decimalZero";
    case 23:
      return "bullet";
    case 255:
      return "none";
    default:
      return "decimal";
  }
}

// A level of a list; `at` goes behind it.
office::ListLevel read_level(Binary bytes, size_t* at) {
  office::ListLevel level;
  level.start = small_number(bytes.i32(*at));
  level.format = format_name(bytes.u8(*at + 4));
  level.legal = (bytes.u8(*at + 5) & 4) != 0;
  *at += 28 + size_t{bytes.u8(*at + 24)} + bytes.u8(*at + 25);
  const size_t count = bytes.u16(*at);
  for (size_t i = 0; i < count && i < 100; ++i) {
    const uint16_t c = bytes.u16(*at + 2 + 2 * i);
    if (c < office::kListLevels) {
      level.text += "%" + std::to_string(c + 1);
    } else if (c < 0xD800 || c > 0xF8FF) {
      base::append_utf8(c, &level.text);
    }
  }
  *at += 2 + 2 * count;
  return level;
}

}  // namespace

void apply(std::string_view changes, bool old, Binary data, ParagraphFormat* format) {
  int left = kMaxChanges;
  apply(changes, old, data, 0, &left, format);
}

void apply(std::string_view changes, bool old, CharacterFormat* format) {
  int left = kMaxChanges;
  for_each_change(changes, old, &left, [&](uint16_t code, Binary operand) {
    switch (code) {
      case 0x0800:
        format->deleted = operand.u8(0) != 0;
        break;
      case 0x0835:
        format->strong = operand.u8(0);
        break;
      case 0x0836:
        format->emphasis = operand.u8(0);
        break;
      case 0x0837:
      case 0x2A53:
        format->strike = operand.u8(0);
        break;
      case 0x083C:
        format->hidden = operand.u8(0);
        break;
      case 0x0855:
        format->special = operand.u8(0) != 0;
        break;
      case 0x0856:
      case 0x080A:
        format->is_object = operand.u8(0) != 0;
        break;
      case 0x4A30:
        format->style = operand.u16(0);
        break;
      case 0x6A09:
        format->symbol = static_cast<char16_t>(operand.u16(2));
        break;
      default:
        break;
    }
  });
}

WordStyles::WordStyles(const WordFile& file) {
  const Binary sheet = file.table(WordTable::styles);
  const size_t head = sheet.u16(0), count = std::min<size_t>(sheet.u16(2), kMaxStyles), fixed = sheet.u16(4);
  std::vector<uint16_t> based;
  size_t at = 2 + head;
  for (size_t i = 0; i < count && sheet.has(at, 2); ++i) {
    const size_t size = sheet.u16(at);
    const Binary one(sheet.part(at + 2, size));
    at += 2 + size;
    office::Style& style = all_.emplace_back();
    based.push_back(one.u16(2) >> 4);
    if (size == 0) continue;
    const uint16_t number = one.u16(0) & 0xFFF, kind = one.u16(2) & 0xF, parts = one.u16(4) & 0xF;
    size_t from = fixed;
    if (file.is_old()) {
      office::name_style(one.part(from + 1, one.u8(from)), &style);
      from += 2 + size_t{one.u8(from)};
    } else {
      office::name_style(from_utf16(one.part(from + 2, 2 * size_t{one.u16(from)})), &style);
      from += 4 + 2 * size_t{one.u16(from)};
    }
    // Its number says what it is, whatever its language calls it.
    if (number >= 1 && number <= 9) style.heading = number;
    if (number == 62) style.title = true;
    for (uint16_t part = 0; part < parts; ++part) {
      from += from % 2;
      const Binary changes(one.part(from + 2, one.u16(from)));
      from += 2 + size_t{one.u16(from)};
      if (kind == 1 && part == 0) {
        ParagraphFormat format;
        apply(changes.part(2), file.is_old(), {}, &format);
        if (format.list) style.list.list = std::to_string(*format.list);
        if (format.level) style.list.level = *format.level;
        if (format.outline && *format.outline < 9 && style.heading == 0) style.heading = *format.outline + 1;
      } else if ((kind == 1 && part == 1) || kind == 2) {
        CharacterFormat format;
        apply(changes.bytes(), file.is_old(), &format);
        style.strong = format.strong;
        style.emphasis = format.emphasis;
        style.strike = format.strike;
        style.hidden = format.hidden;
      }
    }
  }
  for (size_t i = 0; i < all_.size(); ++i) {
    uint16_t above = based[i];
    for (int steps = 0; steps < kMaxBased && above < all_.size(); ++steps) {
      office::base_style(all_[above], &all_[i]);
      above = based[above];
    }
  }
}

const office::Style& WordStyles::get(uint16_t number) const {
  static const office::Style nothing;
  return number < all_.size() ? all_[number] : nothing;
}

office::Numbering read_lists(const WordFile& file) {
  office::Numbering numbering;
  const Binary lists = file.from_table(WordTable::lists), uses = file.table(WordTable::list_uses);
  const size_t count = std::min<size_t>(lists.u16(0), kMaxLists);
  size_t at = file.table(WordTable::lists).size();
  for (size_t i = 0; i < count && lists.has(at, 28); ++i) {
    office::ListLevels levels;
    const bool simple = (lists.u8(2 + 28 * i + 26) & 1) != 0;
    for (size_t l = 0; l < (simple ? 1u : levels.size()) && lists.has(at, 28); ++l) levels[l] = read_level(lists, &at);
    numbering.add_form(std::to_string(lists.u32(2 + 28 * i)), levels);
  }
  const size_t use_count = std::min<size_t>(uses.u32(0), kMaxLists);
  size_t more = 4 + 16 * use_count;  // levels that are other than in the list
  for (size_t i = 0; i < use_count && uses.has(4 + 16 * i, 16); ++i) {
    office::Numbering::List list;
    list.form = std::to_string(uses.u32(4 + 16 * i));
    more += 4;
    for (size_t l = 0; l < uses.u8(4 + 16 * i + 12) && uses.has(more, 8); ++l) {
      const uint32_t flags = uses.u32(more + 4);
      const int level = flags & 0xF;
      const int64_t start = small_number(uses.i32(more));
      more += 8;
      if ((flags & 0x20) != 0) {
        office::ListLevel own = read_level(uses, &more);
        if ((flags & 0x10) != 0) list.starts[level] = own.start;
        list.own[level] = std::move(own);
      } else if ((flags & 0x10) != 0) {
        list.starts[level] = start;
      }
    }
    numbering.add_list(std::to_string(i + 1), std::move(list));
  }
  return numbering;
}

}  // namespace tarn::document::compound
