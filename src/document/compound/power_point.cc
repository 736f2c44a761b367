// Presentations of PowerPoint 97 to 2003 (ppt): slides in the order of the show with their texts, tables, notes and
// comments.
// Shape:   what a slide is made of is found by a list of numbers and places, of which each time that the file was saved
//          has one.
// Limits:  kMaxSlides, kMaxRecords: an error. Groups are read kMaxDepth deep.
// Errors:  invalid_argument for what is no presentation, permission_denied for an encrypted one, exhausted for a limit.
// Source:  [MS-PPT]; shapes: [MS-ODRAW].
#include <algorithm>
#include <set>
#include <unordered_map>

#include "base/ascii.h"
#include "document/compound/binary.h"
#include "document/compound/characters.h"
#include "document/compound/old_office.h"
#include "document/compound/power_point_text.h"
#include "document/compound/summary.h"
#include "document/office/package.h"
#include "document/office/slides.h"
#include "document/office/tables.h"
#include "document/read.h"

namespace tarn::document::compound {
namespace {

using base::Code;
using base::Status;
using office::Blocks;
using office::escaped;

enum : uint16_t {
  kDocument = 0x03E8,
  kSlideAtom = 0x03EF,
  kNotesAtom = 0x03F1,
  kSlidePersist = 0x03F3,
  kShowInfo = 0x03F9,
  kPlaceholder = 0x0BC3,
  kOutlineReference = 0x0F9E,
  kString = 0x0FBA,
  kSlideList = 0x0FF0,
  kUserEdit = 0x0FF5,
  kTags = 0x138B,
  kPersistDirectory = 0x1772,
  kComment = 0x2EE0,
  kShapeGroup = 0xF003,
  kShape = 0xF004,
  kTextBox = 0xF00D,
  kChildAnchor = 0xF00F,
  kMoreProperties = 0xF122,
};
constexpr int kMaxDepth = 60;
constexpr size_t kMaxEdits = 10'000, kMaxSlides = 20'000;
constexpr size_t kMaxRecords = 20'000'000;
constexpr uint16_t kTableProperties = 0x039F;

class Presentation {
 public:
  explicit Presentation(std::string_view stream) : stream_(Binary(stream)) {}

  Status read(uint32_t last_edit, Document* d) {
    TARN_TRY(load_places(last_edit));
    const Record document = record_at(document_);
    if (document.type != kDocument) {
      return {Code::invalid_argument, "it is no presentation: it has no list of slides",
              "open and save it in PowerPoint"};
    }
    load_lists(document.bytes);
    office::Slides slides;
    json::Value hidden = json::Value::array(), damaged = json::Value::array();
    int64_t count = 0;
    for (Slide& slide : slides_) {
      if (++count > static_cast<int64_t>(kMaxSlides)) {
        return {Code::exhausted, "it has more slides than kMaxSlides (" + std::to_string(kMaxSlides) + ")"};
      }
      Blocks out;
      bool is_hidden = false;
      if (!read_slide(slide, count, &is_hidden, &out)) damaged.push(count);
      if (is_hidden) hidden.push(count);
      TARN_TRY(slides.add(count, out.take()));
    }
    if (records_ >= kMaxRecords) {
      return {Code::exhausted, "it has more records than kMaxRecords (" + std::to_string(kMaxRecords) + ")"};
    }
    d->extra.set("slides", count);
    if (!hidden.items().empty()) d->extra.set("hidden_slides", std::move(hidden));
    if (!damaged.items().empty()) d->extra.set("damaged_slides", std::move(damaged));
    d->body = std::move(slides.body);
    d->anchors = std::move(slides.anchors);
    if (d->title.empty() || d->title == "PowerPoint Presentation") d->title = title_;
    return {};
  }

 private:
  struct Slide {
    uint32_t place = 0, id = 0;
    std::vector<Text> texts;
  };

  Record record_at(uint64_t at) const { return record_of(Binary(stream_.part(at))); }

  // Each record in `bytes`; `take` says whether those within it are wanted too.
  template <typename Take>
  void for_each(Binary bytes, int depth, const Take& take) {
    for (size_t at = 0; bytes.has(at, 8) && ++records_ < kMaxRecords;) {
      const Record r = record_of(Binary(bytes.part(at)));
      if (take(r) && (r.holds || r.type == kTags) && depth < kMaxDepth) for_each(r.bytes, depth + 1, take);
      at += 8 + uint64_t{bytes.u32(at + 4)};
    }
  }

  // From the last time that it was saved back to the first: what was said last holds.
  Status load_places(uint32_t edit) {
    std::set<uint32_t> seen;
    for (size_t n = 0; n < kMaxEdits && seen.insert(edit).second; ++n) {
      const Record r = record_at(edit);
      if (r.type != kUserEdit) break;
      if (n == 0) {
        document_number_ = r.bytes.u32(16);
        if (r.bytes.size() >= 32 && r.bytes.u32(28) != 0) return encrypted();
      }
      const Binary list = record_at(r.bytes.u32(12)).bytes;
      for (size_t at = 0; list.has(at, 4) && ++records_ < kMaxRecords;) {
        const uint32_t head = list.u32(at), first = head & 0xFFFFF, count = head >> 20;
        at += 4;
        for (uint32_t i = 0; i < count && list.has(at, 4) && ++records_ < kMaxRecords; ++i, at += 4) {
          places_.emplace(first + i, list.u32(at));
        }
      }
      edit = r.bytes.u32(8);
      if (edit == 0) break;
    }
    const auto found = places_.find(document_number_);
    document_ = found == places_.end() ? UINT32_MAX : found->second;
    // A file whose lists are damaged has its document somewhere.
    if (record_at(document_).type == kDocument) return {};
    for_each(stream_, kMaxDepth, [&](const Record& r) {
      if (r.type == kDocument) document_ = static_cast<uint32_t>(r.bytes.bytes().data() - stream_.bytes().data() - 8);
      return false;
    });
    return {};
  }

  void load_lists(Binary document) {
    for_each(document, 0, [&](const Record& list) {
      if (list.type != kSlideList || list.instance == 1) return list.holds && list.type != kSlideList;
      if (list.instance != 0 && list.instance != 2) return false;
      for_each(list.bytes, 0, [&](const Record& r) {
        if (r.type == kSlidePersist) {
          const auto place = places_.find(r.bytes.u32(0));
          Slide slide{place == places_.end() ? UINT32_MAX : place->second, r.bytes.u32(12), {}};
          (list.instance == 0 ? slides_ : notes_).push_back(std::move(slide));
        } else if (list.instance == 0 && !slides_.empty()) {
          take_text(r, &slides_.back().texts);
        }
        return false;
      });
      return false;
    });
    // Notes say whose they are.
    for (const Slide& notes : notes_) {
      for_each(record_at(notes.place).bytes, kMaxDepth, [&](const Record& r) {
        if (r.type == kNotesAtom) notes_of_.emplace(r.bytes.u32(0), notes.place);
        return false;
      });
    }
  }

  bool read_slide(Slide& slide, int64_t number, bool* is_hidden, Blocks* out) {
    const Record r = record_at(slide.place);
    std::string comments;
    for_each(r.bytes, kMaxDepth, [&](const Record& part) {
      if (part.type == kShowInfo) *is_hidden = (part.bytes.u16(10) & 4) != 0;
      return false;
    });
    Blocks shapes_out;
    std::string title;
    slide_ = &slide;
    shapes(r.bytes, 0, &title, &shapes_out);
    for_each(r.bytes, 0, [&](const Record& part) {
      if (part.type == kComment) comment(part.bytes, &comments);
      return part.type != kComment;
    });
    // Texts of the list that no shape shows, of a slide that is damaged.
    if (title.empty() && shapes_out.empty()) {
      for (const Text& text : slide.texts) {
        if (text.is_title() && title.empty()) {
          title = one_line(text.words);
        } else {
          write(text, &shapes_out);
        }
      }
    }
    if (title_.empty()) title_ = title;
    out->heading(2,
                 escaped(title.empty() ? "Slide " + std::to_string(number) : title) + (*is_hidden ? " (hidden)" : ""));
    out->raw(shapes_out.take());
    notes(slide, out);
    out->raw(comments);
    return r.bytes.size() > 0;
  }

  static std::string one_line(std::string words) {
    for (char& c : words) c = c == '\r' || c == '\v' ? ' ' : c;
    return title_line(office::clean(words));
  }

  void notes(const Slide& slide, Blocks* out) {
    const auto found = notes_of_.find(slide.id);
    if (found == notes_of_.end()) return;
    Blocks inner;
    for_each(record_at(found->second).bytes, 0, [&](const Record& r) {
      if (r.type != kTextBox) return true;
      for (const Text& text : texts_of(r.bytes)) {
        if (text.kind == Text::notes) write(text, &inner);
      }
      return false;
    });
    if (!inner.empty()) out->quote("<p><strong>Notes</strong></p>" + inner.take());
  }

  void comment(Binary bytes, std::string* out) {
    std::string author, words;
    for_each(bytes, 0, [&](const Record& r) {
      if (r.type == kString && r.instance == 0) author = from_utf16(r.bytes.bytes());
      if (r.type == kString && r.instance == 1) words = from_utf16(r.bytes.bytes());
      return false;
    });
    if (base::trimmed(words).empty()) return;
    *out += "<blockquote><p>Comment" + (author.empty() ? "" : " (" + escaped(title_line(author)) + ")") + ": " +
            escaped(words) + "</p></blockquote>";
  }

  // A shape's own text, or one of the list of slides, which no other shape shows.
  std::vector<Text> texts_of(Binary box) {
    std::vector<Text> texts;
    for_each(box, kMaxDepth, [&](const Record& r) {
      if (r.type == kOutlineReference && slide_ && r.bytes.u32(0) < slide_->texts.size()) {
        texts.push_back(std::exchange(slide_->texts[r.bytes.u32(0)], {}));
      }
      take_text(r, &texts);
      return false;
    });
    return texts;
  }

  void shapes(Binary bytes, int depth, std::string* title, Blocks* out) {
    for_each(bytes, depth, [&](const Record& r) {
      if (r.type == kShapeGroup && is_table(r.bytes)) {
        out->raw(table(r.bytes));
        return false;
      }
      if (r.type != kShape) return r.type != kComment;
      shape(r.bytes, title, out);
      return false;
    });
  }

  void shape(Binary bytes, std::string* title, Blocks* out) {
    std::vector<Text> texts;
    uint8_t placeholder = 0;
    for_each(bytes, kMaxDepth - 1, [&](const Record& r) {
      if (r.type == kPlaceholder) placeholder = r.bytes.u8(4);
      if (r.type != kTextBox) return true;
      texts = texts_of(r.bytes);
      return false;
    });
    for (const Text& text : texts) {
      const bool is_date = placeholder == 7, is_number = placeholder == 8,
                 is_foot = placeholder == 9 || placeholder == 10;
      if (is_date || is_number || (is_foot && !feet_.insert(text.words).second)) continue;
      if (text.is_title() && title->empty()) {
        *title = one_line(text.words);
      } else {
        write(text, out);
      }
    }
  }

  static void write(const Text& text, Blocks* out) {
    size_t n = 0;
    for (size_t at = 0; at <= text.words.size(); ++n) {
      const size_t end = std::min(text.words.find('\r', at), text.words.size());
      const std::string_view line = std::string_view(text.words).substr(at, end - at);
      at = end + 1;
      if (base::trimmed(office::clean(line)).empty()) continue;
      std::string html;
      for (size_t from = 0; from <= line.size();) {
        const size_t stop = std::min(line.find('\v', from), line.size());
        html += (from == 0 ? "" : "<br>") + escaped(line.substr(from, stop - from));
        from = stop + 1;
      }
      const Indent indent = n < text.indents.size() ? text.indents[n] : Indent();
      if (indent.bullet < 0 ? text.has_bullets() : indent.bullet > 0) {
        out->item(indent.level, false, 0, html);
      } else {
        out->paragraph(html);
      }
    }
  }

  // A table is a group of shapes that says so in the properties of its first one.
  bool is_table(Binary group) {
    bool found = false, first = true;
    for_each(group, kMaxDepth - 1, [&](const Record& r) {
      if (r.type == kShape) return std::exchange(first, false);
      for (size_t i = 0; r.type == kMoreProperties && i < r.instance && r.bytes.has(6 * i, 6); ++i) {
        found |= (r.bytes.u16(6 * i) & 0x3FFF) == kTableProperties && (r.bytes.u32(6 * i + 2) & 1) != 0;
      }
      return false;
    });
    return found;
  }

  struct Cell {
    int32_t left = 0, top = 0, right = 0, bottom = 0;
    std::string html;
  };

  // Its cells are where they are drawn.
  std::string table(Binary group) {
    std::vector<Cell> cells;
    std::vector<int32_t> columns;
    for_each(group, kMaxDepth - 1, [&](const Record& r) {
      if (r.type != kShape) return false;
      Cell cell;
      bool has_text = false;
      for_each(r.bytes, kMaxDepth, [&](const Record& part) {
        if (part.type == kChildAnchor) {
          cell = {part.bytes.i32(0), part.bytes.i32(4), part.bytes.i32(8), part.bytes.i32(12), {}};
        }
        if (part.type == kTextBox) {
          has_text = true;
          Blocks inner;
          for (const Text& text : texts_of(part.bytes)) write(text, &inner);
          cell.html = inner.take();
        }
        return false;
      });
      if (has_text) {
        columns.push_back(cell.left);
        cells.push_back(std::move(cell));
      }
      return false;
    });
    std::sort(columns.begin(), columns.end());
    columns.erase(std::unique(columns.begin(), columns.end()), columns.end());
    const auto column_of = [&](int32_t edge) {
      return static_cast<size_t>(std::lower_bound(columns.begin(), columns.end(), edge) - columns.begin());
    };
    std::sort(cells.begin(), cells.end(),
              [](const Cell& a, const Cell& b) { return std::pair(a.top, a.left) < std::pair(b.top, b.left); });
    std::vector<office::TableRow> all;
    int32_t top = 0;
    for (Cell& cell : cells) {
      if (all.empty() || cell.top != top) all.emplace_back();
      top = cell.top;
      const size_t at = column_of(cell.left), end = std::max(column_of(cell.right), at + 1);
      all.back().cells.push_back({std::move(cell.html), at, end - at});
    }
    return office::table_html(all);
  }

  const Binary stream_;
  size_t records_ = 0;
  uint32_t document_number_ = 1, document_ = UINT32_MAX;
  std::unordered_map<uint32_t, uint32_t> places_;
  std::vector<Slide> slides_, notes_;
  std::unordered_map<uint32_t, uint32_t> notes_of_;  // places, by the slide's id
  Slide* slide_ = nullptr;
  std::set<std::string> feet_;
  std::string title_;
};

}  // namespace

Status read_power_point(CompoundFile& file, const Sink& sink) {
  constexpr uint32_t kEncrypted = 0xF3D1C4DF;
  TARN_ASSIGN(const std::string user, file.read(file.root(), "Current User"));
  TARN_ASSIGN(const std::string stream, file.read(file.root(), "PowerPoint Document"));
  const Binary current(user);
  if (current.u32(12) == kEncrypted) return encrypted();
  Document d;
  d.extra = json::Value::object();
  read_summary(file, &d);
  TARN_TRY(Presentation(stream).read(current.u32(16), &d));
  return sink(std::move(d));
}

}  // namespace tarn::document::compound
