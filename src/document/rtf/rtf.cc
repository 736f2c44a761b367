#include "document/rtf/rtf.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <vector>

#include "base/ascii.h"
#include "base/utf8.h"
#include "document/office/fields.h"
#include "document/office/html.h"
#include "document/office/package.h"
#include "document/office/tables.h"
#include "document/office/word_styles.h"
#include "document/read.h"
#include "document/rtf/characters.h"
#include "document/rtf/destinations.h"
#include "document/rtf/head.h"
#include "document/rtf/state.h"
#include "document/rtf/tokens.h"

namespace tarn::document {
namespace rtf {
namespace {

using base::Code;
using base::Status;
using office::Blocks;
using office::escaped;
using office::Inline;
using office::introduced;
using office::Marks;

constexpr size_t kMaxName = 1'000, kMaxFlows = 20;
constexpr int kMaxListLevel = 8;

// A text of its own, as far as it is read.
struct Flow {
  Kind kind = Kind::main;
  Blocks out;
  Inline line;
  office::Fields fields;
  office::OpenTables tables;
  std::string words;  // whose marks are the same
  std::string said;   // of this paragraph
  std::string label;  // of its list
  std::string mark;   // of a note
  Marks marks;
  std::vector<std::string> after;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : tokens_(bytes) { flows_.emplace_back(); }

  Status read(Document* d) {
    d_ = d;
    for (Token t = tokens_.next(); t.kind != Token::end; t = tokens_.next()) {
      if (t.kind == Token::open) {
        TARN_TRY(open());
      } else if (t.kind == Token::close) {
        if (above_.empty()) break;  // what comes is not the text's
        close();
        if (above_.empty()) break;
      } else if (t.kind == Token::byte) {
        if (!characters_.skips()) add_byte(t.value);
      } else {
        characters_.end_skip();
        word(t);
      }
      if (flows_[0].out.full()) return over_body_limit();
    }
    while (!above_.empty()) close();
    Flow& main = flows_[0];
    end_flow(&main);
    flush_notes();
    Blocks whole;
    for (const std::string& html : heads_) whole.raw(html);
    whole.raw(main.out.take());
    for (const std::string& html : feet_) whole.raw(html);
    TARN_ASSIGN(d->body, office::markdown_of(whole.take()));
    if (d->title.empty()) d->title = title_line(title_);
    if (hidden_ > 0) d->extra.set("hidden_characters", hidden_);
    if (deleted_ > 0) d->extra.set("changes_accepted", deleted_);
    return {};
  }

 private:
  Flow& flow() { return flows_.back(); }

  Status open() {
    characters_.end_skip();
    if (above_.size() >= kMaxGroups) {
      return {Code::exhausted, "its groups nest deeper than kMaxGroups (" + std::to_string(kMaxGroups) + ")"};
    }
    flush_characters();
    above_.push_back(now_);
    now_.opens_flow = now_.opens_field = now_.opens_property = now_.starred = false;
    first_ = true;
    return {};
  }

  void close() {
    characters_.end_skip();
    flush_characters();
    const State inner = now_;
    if (inner.opens_flow) take_flow();
    if (inner.opens_field) {
      say();
      flow().fields.end(&flow().line);
    }
    now_ = above_.back();
    above_.pop_back();
    if (inner.opens_property) head_.end_property(std::exchange(named_, {}), d_);
    if (inner.place == Place::author && now_.place != Place::author) author_ = std::exchange(named_, {});
    if (inner.place == Place::styles && now_.place == Place::styles) head_.end_style(std::exchange(named_, {}));
    if (inner.place == Place::fonts) head_.end_font(std::exchange(named_, {}));
    first_ = false;
  }

  // --- Characters

  void add_byte(uint8_t byte) {
    first_ = false;
    if (now_.place == Place::nothing) return;
    characters_.add_byte(byte, now_.place == Place::fonts ? nullptr : head_.font(now_.font), &text_);
    if (text_.size() > kMaxText) flush_characters();
  }

  void add(std::string_view text) {
    flush_characters();
    text_ = text;
    flush_characters();
  }

  // What was read goes to its place.
  void flush_characters() {
    characters_.flush(&text_);
    if (text_.empty()) return;
    const std::string text = std::exchange(text_, {});
    Flow& f = flow();
    switch (now_.place) {
      case Place::text:
        return add_text(text);
      case Place::instruction:
        return f.fields.instruct(text);
      case Place::label:
        if (f.label.size() < kMaxName) f.label += text;
        return;
      case Place::fonts:
      case Place::styles:
      case Place::property:
      case Place::author:
        if (named_.size() < kMaxName) named_ += text;
        return;
      case Place::nothing:
        return;
    }
  }

  void add_text(const std::string& text) {
    Flow& f = flow();
    if (!f.fields.shows()) return;
    const office::Style& own = style(now_.character_style);
    if (now_.hidden || (own.hidden > 0)) {
      hidden_ += static_cast<int64_t>(text.size());
      return;
    }
    if (now_.deleted) return;
    const bool raised = heading() > 0 || style(now_.style).title;
    const Marks marks = raised ? Marks{} : Marks{now_.strong, now_.emphasis, now_.strike};
    if (!(marks == f.marks)) say();
    f.marks = marks;
    f.words += text;
  }

  void say() {
    Flow& f = flow();
    if (f.words.empty()) return;
    f.line.add(f.words, f.marks);
    if (f.said.size() < kMaxTitleBytes) f.said += f.words;
    f.words.clear();
  }

  // --- Paragraphs and tables

  const office::Style& style(int number) const { return head_.style(number); }
  int heading() const { return now_.outline < 0 ? style(now_.style).heading : now_.outline < 9 ? now_.outline + 1 : 0; }

  void paragraph(int depth) {
    flush_characters();
    say();
    Flow& f = flow();
    const bool was_in_table = f.tables.depth() > 0;
    Blocks* out = f.tables.at(depth, &f.out);
    if (depth == 0 && was_in_table) flush_after();
    const bool blank = f.line.is_blank();
    std::string html = f.line.take();
    const office::Numbering::Label label = take_label();
    if (!blank) {
      const office::Style& own = style(now_.style);
      if ((heading() > 0 || own.title) && depth == 0 && f.kind == Kind::main) {
        flush_notes();
        if (own.title && title_.empty()) title_ = f.said;
      }
      office::write_paragraph(own, heading(), label, std::clamp(now_.level, 0, kMaxListLevel), std::move(html), out);
    }
    f.said.clear();
    if (depth == 0) flush_after();
  }

  // The label of a list's item stands before it, for programs that do not count.
  office::Numbering::Label take_label() {
    office::Numbering::Label label;
    const std::string text(base::trimmed(office::clean(std::exchange(flow().label, {}))));
    if (text.empty() && now_.list == 0) return label;
    label.listed = true;
    const bool is_sign = std::none_of(text.begin(), text.end(), [](char c) { return base::is_alnum(c); });
    if (is_sign) return label;
    const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const std::string_view behind = std::string_view(text).substr(digits);
    if (digits > 0 && digits < 9 && (behind.empty() || behind == "." || behind == ")")) {
      label.ordered = true;
      label.number = office::number<int64_t>(text, 1);
    }
    if (text.size() > 1 || digits > 0) label.text = text;  // "o" is a bullet
    return label;
  }

  void flush_after() {
    if (flow().tables.depth() > 0) return;
    for (const std::string& html : std::exchange(flow().after, {})) flow().out.raw(html);
  }

  void flush_notes() {
    for (const std::string& html : std::exchange(pending_, {})) flows_[0].out.raw(html);
  }

  RowShape& row() { return now_.nested_row ? nested_row_ : row_; }

  void end_cell(int depth) {
    paragraph(depth);
    flow().tables.at(depth, &flow().out);
    flow().tables.end_cell();
  }

  void end_row(int depth) {
    flush_characters();
    say();
    if (!flow().line.is_blank()) end_cell(depth);
    flow().tables.at(depth, &flow().out);
    flow().tables.end_row(row().left, row().edges, row().head);
  }

  // --- Texts beside the main one

  void begin_flow(Kind kind) {
    say();
    if (flows_.size() >= kMaxFlows) {
      now_.place = Place::nothing;
      return;
    }
    std::string mark;
    if (kind == Kind::note) {
      mark = "[" + std::to_string(++notes_) + "]";
      flow().line.add_label(mark);
    }
    Flow& own = flows_.emplace_back();
    own.kind = kind;
    own.mark = std::move(mark);
    rows_.push_back({row_, nested_row_});
    now_.place = Place::text;
    now_.opens_flow = true;
    now_.in_table = now_.hidden = now_.deleted = false;
    now_.depth = now_.list = 0;
    now_.outline = -1;
    now_.style = 0;
  }

  void end_flow(Flow* f) {
    if (!f->line.is_blank() || !f->words.empty()) paragraph(now_.table_depth());
    f->tables.at(0, &f->out);
    flush_after();
  }

  void take_flow() {
    end_flow(&flow());
    const std::string html = flow().out.take();
    const Kind kind = flow().kind;
    const std::string mark = flow().mark;
    flows_.pop_back();
    std::tie(row_, nested_row_) = rows_.back();
    rows_.pop_back();
    if (html.empty()) return;
    if (kind == Kind::note) pending_.push_back(introduced(mark, html));
    if (kind == Kind::box) flow().after.push_back(html);
    if (kind == Kind::header || kind == Kind::footer) {
      if (told_.insert(html).second) (kind == Kind::header ? heads_ : feet_).push_back(html);
    }
    if (kind == Kind::comment) {
      const std::string author = title_line(office::clean(std::exchange(author_, {})));
      flow().after.push_back("<blockquote>" + office::comment_html(author, {}, html) + "</blockquote>");
    }
  }

  // --- Control words

  void word(const Token& t) {
    const std::string_view name = t.name;
    const bool first = std::exchange(first_, false);
    if (name == "*") {
      now_.starred = first_ = true;
      return;
    }
    if (first && destination(name)) return;
    if (now_.place == Place::nothing) return;
    if (std::exchange(now_.starred, false)) {
      now_.place = Place::nothing;  // a group that is not known, and may be left out
      return;
    }
    if (name == "u") {
      characters_.add_unicode(t.number, now_.fallback, &text_);
      return;
    }
    if (name == "uc") {
      now_.fallback = t.number;
      return;
    }
    if (characters_.take_word(t)) return;
    flush_characters();
    const bool on = !t.has_number || t.number != 0;
    if (now_.place == Place::styles) return head_.style_word(t);
    if (now_.place == Place::fonts) return head_.font_word(t);
    if (now_.place == Place::property) return head_.time_word(t, d_);
    if (sign(name)) return;
    if (name == "deff") default_font_ = now_.font = t.number;
    const bool was_deleted = now_.deleted;
    if (mark(name) || row().take(name, t.number) || now_.take_paragraph(name, t.number)) return;
    if (now_.take_character(name, t.number, on, default_font_)) deleted_ += now_.deleted && !was_deleted;
  }

  // The first word of a group may say where its characters go.
  bool destination(std::string_view name) {
    if (name == "ud") {  // the better form of what is left out before it
      now_.starred = false;
      if (above_.size() > 1) now_.place = above_[above_.size() - 2].place;
      return true;
    }
    if (now_.place == Place::nothing) return false;
    if (const auto kind = kind_of(name)) {
      now_.starred = false;
      begin_flow(*kind);
      return true;
    }
    if (name == "info") {
      now_.starred = false;
      now_.place = Place::property;
      return true;
    }
    if (now_.place == Place::property) {
      head_.begin_property(name);
      named_.clear();
      now_.starred = false;
      now_.opens_property = true;
      return true;
    }
    if (name == "field") {
      say();
      flow().fields.begin();
      now_.opens_field = true;
      now_.starred = false;
      return true;
    }
    if (name == "fldrslt") {
      say();
      flow().fields.separate(&flow().line);
    }
    if (name == "nesttableprops") now_.nested_row = true;
    if (now_.place == Place::styles && (name == "cs" || name == "ds" || name == "ts")) {
      now_.starred = false;
      return false;  // a style of characters, sections or tables: its number comes with it
    }
    const auto place = place_of(name);
    if (!place) return false;
    now_.starred = false;
    now_.place = *place;
    if (now_.place == Place::fonts || now_.place == Place::styles || now_.place == Place::author) named_.clear();
    return true;
  }

  // Words that stand for a character.
  bool sign(std::string_view name) {
    if (name == "line" && now_.place == Place::text && flow().fields.shows() && !now_.hidden && !now_.deleted) {
      say();
      flow().line.add_html("<br>");
      return true;
    }
    const std::string_view character = character_of(name);
    if (character.empty()) return false;
    add(character);
    return true;
  }

  // What ends here: a paragraph, a cell, a row.
  bool mark(std::string_view name) {
    if (name == "par" || name == "sect") {
      if (!now_.deleted) paragraph(now_.table_depth());  // a mark that is deleted joins two paragraphs
    } else if (name == "cell") {
      end_cell(1);
    } else if (name == "nestcell") {
      end_cell(std::max(now_.table_depth(), 2));
    } else if (name == "row") {
      end_row(1);
    } else if (name == "nestrow") {
      end_row(std::max(now_.table_depth(), 2));
    } else {
      return false;
    }
    return true;
  }

  static constexpr size_t kMaxText = size_t{64} << 10;

  Tokens tokens_;
  Characters characters_;
  Document* d_ = nullptr;
  State now_;
  std::vector<State> above_;
  bool first_ = false;  // of its group
  std::string text_;    // read, and not yet at its place
  std::vector<Flow> flows_;
  RowShape row_, nested_row_;
  std::vector<std::pair<RowShape, RowShape>> rows_;  // of the flows above
  Head head_;
  int default_font_ = -1;
  std::string named_, author_;
  std::vector<std::string> pending_;  // notes of this section
  std::vector<std::string> heads_, feet_;
  std::set<std::string> told_;
  std::string title_;
  int notes_ = 0;
  int64_t hidden_ = 0, deleted_ = 0;
};

}  // namespace

Status read(std::string_view bytes, Document* d) { return Reader(bytes).read(d); }

}  // namespace rtf

bool is_rtf(std::string_view head) {
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  return head.starts_with("{\\rtf");
}

base::Status read_rtf(const Input& input, const Sink& sink) {
  const size_t at = input.bytes.substr(0, 1024).find("{\\rtf");
  if (at == std::string_view::npos) {
    return {base::Code::invalid_argument, "it is no RTF: it does not begin with '{\\rtf'"};
  }
  Document d;
  d.extra = json::Value::object();
  TARN_TRY(rtf::read(input.bytes.substr(at), &d));
  if (d.title.empty()) d.title = heading_of(d.body);
  return sink(std::move(d));
}

}  // namespace tarn::document
