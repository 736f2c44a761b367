#include "document/rtf/rtf.h"

#include <algorithm>
#include <vector>

#include "document/read.h"
#include "document/rtf/characters.h"
#include "document/rtf/destinations.h"
#include "document/rtf/head.h"
#include "document/rtf/state.h"
#include "document/rtf/text.h"
#include "document/rtf/tokens.h"

namespace tarn::document {
namespace rtf {
namespace {

using base::Code;
using base::Status;

constexpr size_t kMaxName = 1'000;

class Reader {
 public:
  explicit Reader(std::string_view bytes) : tokens_(bytes), out_(head_) {}

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
      if (out_.full()) return over_body_limit();
    }
    while (!above_.empty()) close();
    TARN_TRY(out_.finish(now_, d));
    if (deleted_ > 0) d->extra.set("changes_accepted", deleted_);
    return {};
  }

 private:
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
    if (inner.opens_flow) out_.end(inner);
    if (inner.opens_field) out_.end_field();
    now_ = above_.back();
    above_.pop_back();
    if (inner.opens_property) head_.end_property(std::exchange(named_, {}), d_);
    if (inner.place == Place::author && now_.place != Place::author) out_.set_author(std::exchange(named_, {}));
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
    switch (now_.place) {
      case Place::text:
        return out_.add(text, now_);
      case Place::instruction:
        return out_.instruct(text);
      case Place::label:
        return out_.add_label(text);
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
    if (mark(name) || out_.row(now_).take(name, t.number) || now_.take_paragraph(name, t.number)) return;
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
      begin_text(*kind);
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
      out_.begin_field();
      now_.opens_field = true;
      now_.starred = false;
      return true;
    }
    if (name == "fldrslt") out_.separate_field();
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

  void begin_text(Kind kind) {
    if (!out_.begin(kind)) {
      now_.place = Place::nothing;
      return;
    }
    now_.place = Place::text;
    now_.opens_flow = true;
    now_.in_table = now_.hidden = now_.deleted = false;
    now_.depth = now_.list = 0;
    now_.outline = -1;
    now_.style = 0;
  }

  // Words that stand for a character.
  bool sign(std::string_view name) {
    if (name == "line" && now_.place == Place::text) {
      out_.add_break(now_);
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
      if (!now_.deleted) out_.end_paragraph(now_.table_depth(), now_);  // a mark that is deleted joins two paragraphs
    } else if (name == "cell") {
      out_.end_cell(1, now_);
    } else if (name == "nestcell") {
      out_.end_cell(std::max(now_.table_depth(), 2), now_);
    } else if (name == "row") {
      out_.end_row(1, now_);
    } else if (name == "nestrow") {
      out_.end_row(std::max(now_.table_depth(), 2), now_);
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
  Head head_;
  Text out_;
  int default_font_ = -1;
  std::string named_;
  int64_t deleted_ = 0;
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
