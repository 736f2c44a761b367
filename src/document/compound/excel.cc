// Workbooks of Excel 5 to 2003 (xls): values of cells, sheet by sheet, comments and the words of shapes.
// Limits:  the constants below: cells over kMaxCells are counted (`extra.cut_cells`), records over kMaxRecords are an
//          error, texts, sheets and comments over theirs are left out.
// Errors:  invalid_argument for what is no workbook, permission_denied for an encrypted one, unsupported for an older
//          one, exhausted for a limit.
// Source:  [MS-XLS]; of BIFF5 what differs: texts of a code page, comments with their text in them.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/ascii.h"
#include "document/compound/biff.h"
#include "document/compound/characters.h"
#include "document/compound/old_office.h"
#include "document/compound/summary.h"
#include "document/office/number_format.h"
#include "document/office/package.h"
#include "document/office/sheet_writer.h"
#include "document/read.h"

namespace tarn::document::compound {
namespace {

using base::Code;
using base::Status;
using office::NumberKind;

enum : uint16_t {
  kFormula = 0x06,
  kEof = 0x0A,
  kNote = 0x1C,
  kDateMode = 0x22,
  kFilePass = 0x2F,
  kCodePage = 0x42,
  kObject = 0x5D,
  kBoundSheet = 0x85,
  kMultipleRk = 0xBD,
  kRichString = 0xD6,
  kExtendedFormat = 0xE0,
  kSharedStrings = 0xFC,
  kLabelShared = 0xFD,
  kTextObject = 0x1B6,
  kNumber = 0x203,
  kLabel = 0x204,
  kBoolError = 0x205,
  kString = 0x207,
  kRk = 0x27E,
  kFormat = 0x41E,
  kBegin = 0x809,
};
constexpr uint16_t kBiff8 = 0x600;
constexpr size_t kMaxShared = 8'000'000, kMaxCells = 17'000'000, kMaxSheets = 10'000, kMaxComments = 100'000;
constexpr size_t kMaxRecords = 30'000'000;  // of all sheets, which may say that they lie at the same place

// A value until its row is written: most sheets have many more numbers than texts.
struct Cell {
  enum Kind : uint8_t { number, shared, text, boolean, error };
  uint16_t row, column, format;
  Kind kind;
  double value;  // of the others an index, or what it means
};

struct Sheet {
  std::string name;
  uint32_t at;
  bool hidden;
};

double rk_value(uint32_t rk) {
  double value;
  if (rk & 2) {
    value = static_cast<int32_t>(rk) >> 2;
  } else {
    const uint64_t bits = uint64_t{rk & 0xFFFFFFFC} << 32;
    std::memcpy(&value, &bits, sizeof value);
  }
  return rk & 1 ? value / 100 : value;
}

std::string_view error_name(uint8_t code) {
  switch (code) {
    case 0x00:
      return "#NULL!";
    case 0x07:
      return "#DIV/0!";
    case 0x0F:
      return "#VALUE!";
    case 0x17:
      return "#REF!";
    case 0x1D:
      return "#NAME?";
    case 0x24:
      return "#NUM!";
    default:
      return "#N/A";
  }
}

class Workbook {
 public:
  explicit Workbook(std::string_view stream) : stream_(stream) {}

  Status read(Document* d) {
    TARN_TRY(globals());
    json::Value names = json::Value::array(), hidden = json::Value::array(), cut = json::Value::array();
    for (const Sheet& s : sheets_) {
      names.push(s.name);
      if (s.hidden) hidden.push(s.name);
      if (!out_.full()) TARN_TRY(sheet(s));
      if (out_.full()) cut.push(s.name);
    }
    d->extra.set("sheets", std::move(names));
    if (!hidden.items().empty()) d->extra.set("hidden_sheets", std::move(hidden));
    if (!cut.items().empty()) d->extra.set("cut_sheets", std::move(cut));
    if (lost_ + row_.cut() > 0) d->extra.set("cut_cells", lost_ + row_.cut());
    d->body = out_.take_body();
    d->anchors = out_.take_anchors();
    return {};
  }

 private:
  bool is_8() const { return version_ >= kBiff8; }

  // A text with its length before it: of 8 bits, or of 16.
  std::string text(const std::vector<std::string_view>& pieces, size_t at, bool is_long) {
    RecordBytes bytes(pieces, 0, at);
    const uint16_t count = is_long ? bytes.u16() : bytes.u8();
    if (!is_8()) return office::clean(from_code_page(bytes.bytes(count), code_page_));
    const uint8_t flags = bytes.u8();
    return office::clean(bytes.characters(count, flags));
  }

  Status globals() {
    Records records(stream_);
    if (!records.next() || records.type() != kBegin) {
      return {Code::invalid_argument, "it is no workbook: it does not begin like one"};
    }
    version_ = records.first().u16(0);
    if (version_ != 0x500 && version_ != kBiff8) {
      return {Code::unsupported, "it is a workbook of Excel 4 or older, which is not read", "save it anew"};
    }
    std::map<uint16_t, NumberKind> own;
    std::vector<uint16_t> formats;
    while (records.next() && records.type() != kEof) {
      const Binary first = records.first();
      switch (records.type()) {
        case kFilePass:
          return encrypted();
        case kDateMode:
          from_1904_ = first.u16(0) == 1;
          break;
        case kCodePage:
          set_code_page(first.u16(0));
          break;
        case kFormat:
          own[first.u16(0)] = office::kind_of_format(text(records.pieces(), 2, is_8()));
          break;
        case kExtendedFormat:
          formats.push_back(first.u16(2));
          break;
        case kSharedStrings:
          shared_strings(records.pieces());
          break;
        case kBoundSheet:
          if (first.u8(5) == 0 && sheets_.size() < kMaxSheets) {
            sheets_.push_back({title_line(text(records.pieces(), 6, false)), first.u32(0), (first.u8(4) & 3) != 0});
          }
          break;
        default:
          break;
      }
    }
    for (const uint16_t id : formats) {
      const auto found = own.find(id);
      kinds_.push_back(found == own.end() ? office::kind_of_format(id) : found->second);
    }
    return {};
  }

  void set_code_page(uint16_t page) { code_page_ = page == 0x8000 ? 10000 : page == 0x8001 || page == 0 ? 1252 : page; }

  void shared_strings(const std::vector<std::string_view>& pieces) {
    RecordBytes bytes(pieces, 0, 8);
    while (!bytes.done() && shared_.size() < kMaxShared) shared_.push_back(office::clean(bytes.rich_text()));
  }

  void add(const Cell& cell) {
    if (cells_.size() < kMaxCells) {
      cells_.push_back(cell);
    } else {
      ++lost_;
    }
  }
  void add(Binary record, Cell::Kind kind, double value) {
    add({record.u16(0), record.u16(2), record.u16(4), kind, value});
  }
  void add_text(Binary record, std::string words) {
    add(record, Cell::text, static_cast<double>(texts_.size()));
    texts_.push_back(std::move(words));
  }

  Status sheet(const Sheet& s) {
    cells_.clear();
    texts_.clear();
    notes_.clear();
    shapes_.clear();
    Records records(stream_, s.at);
    if (!records.next() || records.type() != kBegin) return {};
    int depth = 1;  // of what lies in it: charts
    bool formula = false;
    while (depth > 0 && records.next()) {
      records_ += records.pieces().size();
      if (records_ > kMaxRecords) {
        return {Code::exhausted, "its sheets have more records than kMaxRecords (" + std::to_string(kMaxRecords) + ")"};
      }
      if (records.type() == kBegin) ++depth;
      if (records.type() == kEof) --depth;
      if (depth == 1) record(records, &formula);
    }
    out_.begin(s.name, s.hidden ? "hidden" : "");
    rows();
    std::set<uint16_t> notes;  // their shapes
    for (const auto& [place, words] : notes_) {
      comment(place, words);
      notes.insert(words.first);
    }
    for (const auto& [id, words] : shapes_) {
      if (notes.contains(id)) continue;
      for (std::string_view rest = words; !rest.empty();) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        out_.paragraph(line);
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
      }
    }
    out_.end();
    return {};
  }

  void record(const Records& records, bool* formula) {
    const Binary r = records.first();
    switch (records.type()) {
      case kNumber:
        add(r, Cell::number, r.f64(6));
        break;
      case kRk:
        add(r, Cell::number, rk_value(r.u32(6)));
        break;
      case kMultipleRk:
        multiple(r);
        break;
      case kLabelShared:
        add(r, Cell::shared, r.u32(6));
        break;
      case kLabel:
      case kRichString:
        add_text(r, text(records.pieces(), 6, true));
        break;
      case kBoolError:
        add(r, r.u8(7) ? Cell::error : Cell::boolean, r.u8(6));
        break;
      case kFormula:
        *formula = value_of(r);
        break;
      case kString:
        if (*formula && !texts_.empty()) texts_.back() = text(records.pieces(), 0, true);
        *formula = false;
        break;
      case kNote:
        note(records);
        break;
      case kObject:
        object_ = r.u16(0) == 0x15 ? r.u16(6) : 0;
        break;
      case kTextObject:
        shape(records);
        break;
      default:
        break;
    }
  }

  void multiple(Binary r) {
    for (size_t at = 4; at + 8 <= r.size(); at += 6) {
      const auto column = static_cast<uint16_t>(r.u16(2) + (at - 4) / 6);
      add({r.u16(0), column, r.u16(at), Cell::number, rk_value(r.u32(at + 2))});
    }
  }

  // Whether its text comes in a record of its own.
  bool value_of(Binary r) {
    if (r.u16(12) != 0xFFFF) {
      add(r, Cell::number, r.f64(6));
      return false;
    }
    const uint8_t kind = r.u8(6);
    if (kind == 1 || kind == 2) add(r, kind == 1 ? Cell::boolean : Cell::error, r.u8(8));
    if (kind == 0) add_text(r, {});
    return kind == 0;
  }

  void note(const Records& records) {
    const Binary r = records.first();
    if (notes_.size() >= kMaxComments) return;
    const std::string cell = office::column_name(r.u16(2)) + std::to_string(r.u16(0) + 1);
    if (is_8()) {
      notes_.push_back({cell, {r.u16(6), text(records.pieces(), 8, true)}});
    } else if (r.u16(0) != 0xFFFF) {
      notes_.push_back({cell, {0, office::clean(from_code_page(r.part(6), code_page_))}});
    } else if (!notes_.empty()) {  // it goes on
      notes_.back().second.second += office::clean(from_code_page(r.part(6), code_page_));
    }
  }

  void comment(const std::string& cell, const std::pair<uint16_t, std::string>& note) {
    std::string words = note.second, author;
    if (is_8()) {
      const auto found = shapes_.find(note.first);
      author = std::exchange(words, found == shapes_.end() ? std::string() : found->second);
    }
    if (base::trimmed(words).empty()) return;
    author = title_line(author);
    out_.remark(cell, "Comment on " + cell + (author.empty() ? "" : " (" + author + ")") + ": " + words);
  }

  // Its text stands in the next piece.
  void shape(const Records& records) {
    const uint16_t count = records.first().u16(10);
    if (!is_8() || count == 0 || records.pieces().size() < 2 || shapes_.size() >= kMaxComments) return;
    RecordBytes bytes(records.pieces(), 1, 0);
    const uint8_t flags = bytes.u8();
    std::string words = office::clean(bytes.characters(count, flags));
    if (!base::trimmed(words).empty()) shapes_.emplace(object_, std::move(words));
  }

  std::string text_of(const Cell& c) const {
    switch (c.kind) {
      case Cell::number:
        return office::number_text(c.value, c.format < kinds_.size() ? kinds_[c.format] : NumberKind::number,
                                   from_1904_);
      case Cell::shared: {
        const auto at = static_cast<size_t>(c.value);
        return at < shared_.size() ? shared_[at] : std::string();
      }
      case Cell::text:
        return texts_[static_cast<size_t>(c.value)];
      case Cell::boolean:
        return c.value != 0 ? "TRUE" : "FALSE";
      case Cell::error:
        return std::string(error_name(static_cast<uint8_t>(c.value)));
    }
    return {};
  }

  void rows() {
    const auto before = [](const Cell& a, const Cell& b) {
      return std::pair(a.row, a.column) < std::pair(b.row, b.column);
    };
    if (!std::is_sorted(cells_.begin(), cells_.end(), before)) std::stable_sort(cells_.begin(), cells_.end(), before);
    for (size_t i = 0; i < cells_.size() && !out_.full(); ++i) {
      const Cell& c = cells_[i];
      const bool last = i + 1 == cells_.size() || cells_[i + 1].row != c.row;
      // What is said twice: the last one holds.
      if (last || cells_[i + 1].column != c.column) row_.add(c.column, text_of(c));
      if (last) out_.row(c.row + 1u, row_.take());
    }
  }

  const std::string_view stream_;
  uint16_t version_ = 0;
  int code_page_ = 1252;
  bool from_1904_ = false;
  std::vector<NumberKind> kinds_;
  std::vector<std::string> shared_;
  std::vector<Sheet> sheets_;
  // Of the sheet that is read:
  std::vector<Cell> cells_;
  std::vector<std::string> texts_;
  std::vector<std::pair<std::string, std::pair<uint16_t, std::string>>> notes_;  // by cell: object and author, or text
  std::map<uint16_t, std::string> shapes_;
  uint16_t object_ = 0;
  int64_t lost_ = 0;
  size_t records_ = 0;
  office::RowCells row_;
  office::SheetWriter out_;
};

}  // namespace

Status read_excel(std::string_view stream, CompoundFile* file, const Sink& sink) {
  Document d;
  d.extra = json::Value::object();
  if (file) read_summary(*file, &d);
  TARN_TRY(Workbook(stream).read(&d));
  return sink(std::move(d));
}

}  // namespace tarn::document::compound
