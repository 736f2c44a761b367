#include "document/office/ods.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "document/office/number_format.h"
#include "document/office/package.h"
#include "document/office/sheet_writer.h"
#include "document/office/xml_stream.h"
#include "document/read.h"

namespace tarn::document::office {
namespace {

constexpr uint32_t kMaxRepeated = 1'000;  // of a row or cell that is not empty

// "PT10H30M00S" → "10:30"; what is something else stays.
std::string clock(std::string_view text) {
  if (!text.starts_with("PT")) return std::string(text);
  std::string_view rest = text.substr(2);
  int parts[3] = {};
  for (size_t i = 0; i < 3 && !rest.empty(); ++i) {
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), parts[i]);
    const auto taken = static_cast<size_t>(end - rest.data());
    if (error != std::errc() || parts[i] < 0 || taken == rest.size()) return std::string(text);
    // Parts of a second are left out.
    if (rest[taken] != "HMS"[i] && !(i == 2 && (rest[taken] == '.' || rest[taken] == ','))) return std::string(text);
    rest.remove_prefix(rest[taken] == "HMS"[i] ? taken + 1 : rest.size());
  }
  const auto [h, m, s] = parts;
  return s == 0 ? fmt::format("{:02}:{:02}", h, m) : fmt::format("{:02}:{:02}:{:02}", h, m, s);
}

class SheetsReader : public XmlTaker {
 public:
  void begin(std::string_view name, const Attributes& a) override {
    if (skipping_ > 0 || name == "tracked-changes") {
      ++skipping_;
    } else if (name == "style") {
      style_ = a.get("name");
    } else if (name == "table-properties" && a.get("display") == "false") {
      hidden_styles_.insert(style_);
    } else if (name == "table" && ++tables_ == 1) {
      const std::string sheet = title_line(clean(a.get("name")));
      const bool hidden = hidden_styles_.contains(std::string(a.get("style-name")));
      names_.push(sheet);
      if (hidden) hidden_.push(sheet);
      out_.begin(sheet, hidden ? "hidden" : "");
      row_ = 0;
    } else if (name == "table-row" && tables_ == 1) {
      repeated_rows_ = std::max<uint32_t>(1, number<uint32_t>(a.get("number-rows-repeated"), 1));
      column_ = 0;
      cells_.take();
      in_row_ = true;
    } else if ((name == "table-cell" || name == "covered-table-cell") && in_row_ && tables_ == 1) {
      repeated_ = std::max<uint32_t>(1, number<uint32_t>(a.get("number-columns-repeated"), 1));
      value_ = value_of(a);
      text_.clear();
      in_cell_ = true;
    } else if (name == "annotation") {
      in_remark_ = true;
      remark_.clear();
      author_.clear();
    } else if (name == "creator" && in_remark_) {
      in_author_ = true;
    } else if (name == "date" && in_remark_) {
      ++silent_;
    } else if (name == "p") {
      std::string* to = taken();
      if (to && !to->empty()) *to += '\n';
      in_text_ = true;
    } else if (name == "s" || name == "tab" || name == "line-break") {
      if (std::string* to = in_text_ ? taken() : nullptr) *to += ' ';
    }
  }

  void text(std::string_view piece) override {
    if (skipping_ > 0 || silent_ > 0) return;
    std::string* to = in_author_ ? &author_ : in_text_ ? taken() : nullptr;
    if (to && to->size() < kMaxCellBytes) *to += piece;
  }

  void end(std::string_view name) override {
    if (skipping_ > 0) {
      --skipping_;
    } else if (name == "table") {
      if (--tables_ > 0) return;
      for (const auto& [cell, words] : remarks_) out_.remark(cell, words);
      for (const std::string& words : loose_) out_.paragraph(words);
      remarks_.clear();
      loose_.clear();
      out_.end();
    } else if (name == "table-row" && in_row_ && tables_ == 1) {
      in_row_ = false;
      if (!cells_.empty()) {
        for (uint32_t i = 0; i < std::min(repeated_rows_, kMaxRepeated); ++i) out_.row(row_ + 1 + i, cells_.cells());
      }
      row_ += std::min(repeated_rows_, UINT32_MAX - row_ - kMaxRepeated - 1);
    } else if ((name == "table-cell" || name == "covered-table-cell") && in_cell_ && tables_ == 1) {
      in_cell_ = false;
      const std::string& shown = value_.empty() ? text_ : value_;
      if (!shown.empty()) {
        for (uint32_t i = 0; i < std::min(repeated_, kMaxRepeated) && column_ + i < kMaxColumn; ++i) {
          cells_.add(column_ + i, shown);
        }
      }
      column_ += std::min(repeated_, kMaxColumn);
      column_ = std::min(column_, kMaxColumn);
    } else if (name == "annotation") {
      in_remark_ = false;
      if (remark_.empty()) return;
      const std::string cell = column_name(column_) + std::to_string(row_ + 1);
      remarks_.emplace_back(cell,
                            "Comment on " + cell + (author_.empty() ? "" : " (" + author_ + ")") + ": " + remark_);
    } else if (name == "creator") {
      in_author_ = false;
    } else if (name == "date" && silent_ > 0) {
      --silent_;
    } else if (name == "p") {
      in_text_ = false;
      if (!in_cell_ && !in_remark_ && tables_ > 0 && !shape_.empty()) loose_.push_back(std::exchange(shape_, {}));
    }
  }
  bool enough() const override { return out_.full(); }

  base::Status give(Document* d) {
    if (out_.full() && !names_.items().empty()) {
      json::Value cut = json::Value::array();
      cut.push(names_.items().back());
      d->extra.set("cut_sheets", std::move(cut));
    }
    if (cells_.cut() > 0) d->extra.set("cut_cells", cells_.cut());
    d->extra.set("sheets", std::move(names_));
    if (!hidden_.items().empty()) d->extra.set("hidden_sheets", std::move(hidden_));
    d->body = out_.take_body();
    d->anchors = out_.take_anchors();
    return {};
  }
  bool has_text() const { return out_.has_text(); }

 private:
  static std::string value_of(const Attributes& a) {
    const std::string_view type = a.get("value-type");
    if (type == "float" || type == "currency") return number_text(a.get("value"), NumberKind::number, false);
    if (type == "percentage") return number_text(a.get("value"), NumberKind::percent, false);
    if (type == "boolean") return a.get("boolean-value") == "true" ? "TRUE" : "FALSE";
    if (type == "time") return clock(a.get("time-value"));
    if (type != "date") return {};
    std::string date(a.get("date-value"));
    if (date.size() > 10 && date[10] == 'T') date[10] = ' ';
    return clean(date);
  }

  std::string* taken() {
    if (in_remark_) return &remark_;
    if (in_cell_) return &text_;
    return tables_ > 0 ? &shape_ : nullptr;
  }

  SheetWriter out_;
  json::Value names_ = json::Value::array(), hidden_ = json::Value::array();
  std::set<std::string> hidden_styles_;
  RowCells cells_;
  std::vector<std::pair<std::string, std::string>> remarks_;
  std::vector<std::string> loose_;  // words of shapes
  std::string style_, value_, text_, remark_, author_, shape_;
  uint32_t row_ = 0, column_ = 0, repeated_ = 1, repeated_rows_ = 1;
  int tables_ = 0, skipping_ = 0, silent_ = 0;
  bool in_row_ = false, in_cell_ = false, in_text_ = false, in_remark_ = false, in_author_ = false;
};

}  // namespace

base::Status read_ods(Zip& zip, const ZipMember& content, Document* d) {
  SheetsReader reader;
  const base::Status status = stream_xml(zip, content, &reader);
  if (!status.ok() && !reader.has_text()) return status;
  if (!status.ok()) d->extra.set("damaged", status.message());
  return reader.give(d);
}

}  // namespace tarn::document::office
