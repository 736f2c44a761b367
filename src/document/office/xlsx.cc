// Workbooks of Excel (xlsx): sheets row by row, values of formulas, comments; nothing of a sheet is held but its rows
// that wait for their table's width.
// Source:  ECMA-376, part 1, section 18 (SpreadsheetML).
#include <algorithm>
#include <charconv>
#include <set>

#include "base/ascii.h"
#include "base/utf8.h"
#include "document/office/number_format.h"
#include "document/office/office.h"
#include "document/office/office_file.h"
#include "document/office/package.h"
#include "document/office/sheet_writer.h"
#include "document/office/xml_stream.h"
#include "document/read.h"

namespace tarn::document {
namespace {

using base::Code;
using base::Result;
using base::Status;
using office::child;
using office::is;
using office::number;
using office::NumberKind;
using office::SheetCell;
using office::value;
using office::XmlTaker;
using pugi::xml_node;

constexpr uint64_t kMaxSharedBytes = uint64_t{192} << 20;
constexpr size_t kMaxSheets = 10'000, kMaxComments = 100'000;

// "_x000D_" stands for a character that XML cannot have.
std::string unescaped(std::string text) {
  for (size_t at = text.find("_x"); at != std::string::npos && at + 7 <= text.size(); at = text.find("_x", at + 1)) {
    if (text[at + 6] != '_') continue;
    uint32_t c = 0;
    const auto [end, error] = std::from_chars(text.data() + at + 2, text.data() + at + 6, c, 16);
    if (error != std::errc() || end != text.data() + at + 6) continue;
    std::string character;
    base::append_utf8(c >= 0xD800 && c < 0xE000 ? base::kReplacement : c, &character);
    text.replace(at, 7, office::clean(character));
  }
  return text;
}

class SharedStrings : public XmlTaker {
 public:
  void begin(std::string_view name, const Attributes&) override {
    if (name == "si") {
      all_.emplace_back();
      bytes_ += sizeof(std::string);
    }
    if (name == "rPh") ++reading_;  // how it is spoken
    in_text_ = name == "t" && reading_ == 0;
  }
  void end(std::string_view name) override {
    if (name == "rPh") --reading_;
    in_text_ = false;
  }
  void text(std::string_view piece) override {
    if (!in_text_ || all_.empty() || all_.back().size() > office::kMaxCellBytes) return;
    all_.back() += piece;
    bytes_ += piece.size();
  }
  bool enough() const override { return bytes_ > kMaxSharedBytes; }
  const std::string* get(size_t at) const { return at < all_.size() ? &all_[at] : nullptr; }

 private:
  std::vector<std::string> all_;
  uint64_t bytes_ = 0;
  int reading_ = 0;
  bool in_text_ = false;
};

// "AB12" → column 27; where there is no letter, nothing.
std::optional<uint32_t> column_of(std::string_view cell) {
  uint32_t column = 0;
  size_t at = 0;
  for (; at < cell.size() && base::is_letter(cell[at]) && at < 4; ++at) {
    column = column * 26 + static_cast<uint32_t>(base::upper(cell[at]) - 'A' + 1);
  }
  if (at == 0 || column > office::kMaxColumn) return std::nullopt;
  return column - 1;
}

class SheetReader : public XmlTaker {
 public:
  SheetReader(const SharedStrings& shared, const std::vector<NumberKind>& kinds, bool from_1904,
              office::SheetWriter* out)
      : shared_(shared), kinds_(kinds), from_1904_(from_1904), out_(out) {}

  void begin(std::string_view name, const Attributes& a) override {
    if (name == "row") {
      row_ = number<uint32_t>(a.get("r"), row_ + 1);
      next_column_ = 0;
    } else if (name == "c") {
      column_ = column_of(a.get("r")).value_or(next_column_);
      next_column_ = column_ + 1;
      type_ = a.get("t");
      style_ = number<size_t>(a.get("s"), 0);
      value_.clear();
      formula_.clear();
      in_cell_ = true;
    } else if (name == "rPh") {
      ++reading_;
    }
    taking_ = !in_cell_                                       ? nullptr
              : name == "v" || (name == "t" && reading_ == 0) ? &value_
              : name == "f"                                   ? &formula_
                                                              : nullptr;
  }

  void text(std::string_view piece) override {
    if (taking_ && taking_->size() < office::kMaxCellBytes) *taking_ += piece;
  }

  void end(std::string_view name) override {
    taking_ = nullptr;
    if (name == "rPh") --reading_;
    if (name == "c" && in_cell_) {
      in_cell_ = false;
      cells_.add(column_, cell());
    } else if (name == "row") {
      out_->row(row_, cells_.take());
    }
  }
  // Cells that had more than is taken.
  int64_t cut() const { return cells_.cut() + lost_; }
  bool enough() const override { return out_->full(); }

 private:
  std::string cell() {
    if (type_ == "s") {
      const std::string* text = value_.empty() ? nullptr : shared_.get(number<size_t>(value_, SIZE_MAX));
      lost_ += !text && !value_.empty() && shared_.enough();
      return text ? unescaped(*text) : std::string();
    }
    if (value_.empty()) return formula_.empty() ? std::string() : "=" + formula_;
    if (type_ == "b") return value_ == "0" ? "FALSE" : "TRUE";
    if (type_.empty() || type_ == "n") {
      return office::number_text(value_, style_ < kinds_.size() ? kinds_[style_] : NumberKind::number, from_1904_);
    }
    return unescaped(value_);  // inlineStr, str, e, d
  }

  const SharedStrings& shared_;
  const std::vector<NumberKind>& kinds_;
  const bool from_1904_;
  office::SheetWriter* out_;
  office::RowCells cells_;
  int64_t lost_ = 0;  // whose text is behind kMaxSharedBytes
  std::string type_, value_, formula_;
  std::string* taking_ = nullptr;
  uint32_t row_ = 0, column_ = 0, next_column_ = 0;
  size_t style_ = 0;
  int reading_ = 0;
  bool in_cell_ = false;
};

class Workbook {
 public:
  Workbook(office::Package& package, std::string name) : package_(package), name_(std::move(name)) {}

  Status read(xml_node root, Document* d) {
    relations_ = package_.relations(name_);
    const std::string_view old = value(child(root, "workbookPr"), "date1904");
    from_1904_ = old == "1" || old == "true";
    styles();
    if (const ZipMember* m = package_.zip().find(package_.related(relations_, "sharedStrings"))) {
      TARN_TRY(office::stream_xml(package_.zip(), *m, &shared_));
    }
    for (const xml_node p : people()) persons_.emplace(value(p, "id"), office::clean(value(p, "displayName")));
    json::Value names = json::Value::array(), hidden = json::Value::array(), cut = json::Value::array();
    size_t count = 0;
    for (const xml_node s : child(root, "sheets").children()) {
      if (!is(s, "sheet") || ++count > kMaxSheets) continue;
      const std::string name = title_line(office::clean(value(s, "name")));
      const bool is_hidden = !value(s, "state").empty() && value(s, "state") != "visible";
      names.push(name);
      if (is_hidden) hidden.push(name);
      if (!out_.full()) sheet(name, std::string(value(s, "id")), is_hidden);
      if (out_.full()) cut.push(name);
    }
    d->extra.set("sheets", std::move(names));
    if (!hidden.items().empty()) d->extra.set("hidden_sheets", std::move(hidden));
    if (!cut.items().empty()) d->extra.set("cut_sheets", std::move(cut));
    if (cut_cells_ > 0) d->extra.set("cut_cells", cut_cells_);
    if (!damaged_.items().empty()) d->extra.set("damaged_sheets", damaged_);
    const bool has_text = out_.has_text();
    if (!has_text && !damaged_.items().empty()) {
      return {Code::invalid_argument, "none of its sheets can be read: " + why_};
    }
    d->body = out_.take_body();
    d->anchors = out_.take_anchors();
    return {};
  }

 private:
  // The people of threaded comments.
  std::vector<xml_node> people() {
    people_ = package_.optional_xml(package_.related(relations_, "person"));
    std::vector<xml_node> all;
    if (people_) {
      for (const xml_node p : people_->document_element().children()) all.push_back(p);
    }
    return all;
  }

  void styles() {
    const auto document = package_.optional_xml(package_.related(relations_, "styles"));
    if (!document) return;
    const xml_node root = document->document_element();
    std::map<int, NumberKind> own;
    for (const xml_node f : child(root, "numFmts").children()) {
      own[number<int>(value(f, "numFmtId"), -1)] = office::kind_of_format(value(f, "formatCode"));
    }
    for (const xml_node xf : child(root, "cellXfs").children()) {
      const int id = number<int>(value(xf, "numFmtId"), 0);
      const auto found = own.find(id);
      kinds_.push_back(found == own.end() ? office::kind_of_format(id) : found->second);
    }
  }

  void sheet(const std::string& name, const std::string& id, bool is_hidden) {
    const auto found = relations_.find(id);
    const ZipMember* member = found == relations_.end() ? nullptr : package_.zip().find(found->second.target);
    if (!member) {
      damaged_.push(name);
      why_ = "'" + name + "' is missing";
      return;
    }
    if (found->second.type == "chartsheet" || found->second.type == "dialogsheet") return;
    out_.begin(name, is_hidden ? "hidden" : "");
    SheetReader reader(shared_, kinds_, from_1904_, &out_);
    if (const Status read = office::stream_xml(package_.zip(), *member, &reader); !read.ok()) {
      damaged_.push(name);
      why_ = read.message();
    }
    cut_cells_ += reader.cut();
    const auto relations = package_.relations(found->second.target);
    comments(relations);
    for (const auto& [relation_id, relation] : relations) {
      if (relation.type == "drawing") drawing(relation.target);
    }
    out_.end();
  }

  void comments(const std::map<std::string, office::Relation>& relations) {
    std::set<std::string> told;  // cells whose comments are threads: the old form repeats them
    size_t count = 0;
    for (const auto& [id, relation] : relations) {
      if (relation.type != "threadedComment") continue;
      const auto document = package_.optional_xml(relation.target);
      if (!document) continue;
      for (const xml_node c : document->document_element().children()) {
        if (++count > kMaxComments) return;
        const auto person = persons_.find(std::string(value(c, "personId")));
        told.emplace(value(c, "ref"));
        comment(value(c, "ref"), person == persons_.end() ? "" : person->second, office::text_of(child(c, "text")));
      }
    }
    for (const auto& [id, relation] : relations) {
      if (relation.type != "comments") continue;
      const auto document = package_.optional_xml(relation.target);
      if (!document) continue;
      std::vector<std::string> authors;
      for (const xml_node a : child(document->document_element(), "authors").children()) {
        authors.push_back(office::text_of(a));
      }
      for (const xml_node c : child(document->document_element(), "commentList").children()) {
        if (++count > kMaxComments) return;
        if (told.contains(std::string(value(c, "ref")))) continue;
        const auto author = number<size_t>(value(c, "authorId"), SIZE_MAX);
        comment(value(c, "ref"), author < authors.size() ? authors[author] : "", office::text_of(child(c, "text")));
      }
    }
  }

  void comment(std::string_view cell, const std::string& author, const std::string& text) {
    if (base::trimmed(text).empty() || cell.size() > 20) return;
    const std::string where = office::clean(cell);
    out_.remark(where, "Comment on " + where + (author.empty() ? "" : " (" + author + ")") + ": " + text);
  }

  // Shapes with words.
  void drawing(const std::string& name) {
    const auto document = package_.optional_xml(name);
    if (!document) return;
    document->find_node([&](xml_node n) {
      if (!is(n, "txBody")) return false;
      for (const xml_node p : n.children()) {
        if (is(p, "p")) out_.paragraph(office::text_of(p));
      }
      return false;
    });
  }

  office::Package& package_;
  const std::string name_;
  std::map<std::string, office::Relation> relations_;
  SharedStrings shared_;
  std::vector<NumberKind> kinds_;
  std::unique_ptr<pugi::xml_document> people_;
  std::map<std::string, std::string> persons_;
  bool from_1904_ = false;
  office::SheetWriter out_;
  json::Value damaged_ = json::Value::array();
  int64_t cut_cells_ = 0;
  std::string why_;
};

}  // namespace

Status read_xlsx(const Input& input, const Sink& sink) {
  return office::read_office(input, sink, {"workbook", "xl/workbook.xml", "workbook", "it has no list of sheets"},
                             [](office::Package& package, const office::MainPart& main, Document* d) {
                               return Workbook(package, main.name).read(main.root, d);
                             });
}

}  // namespace tarn::document
