// Texts of Word 6 to 2003 (doc): paragraphs, headings, lists, tables, fields, notes, comments, text boxes, headers;
// changes as accepted.
#include <map>
#include <set>

#include "base/ascii.h"
#include "base/utf8.h"
#include "document/compound/characters.h"
#include "document/compound/old_office.h"
#include "document/compound/summary.h"
#include "document/compound/word_asides.h"
#include "document/compound/word_file.h"
#include "document/compound/word_formats.h"
#include "document/office/fields.h"
#include "document/office/html.h"
#include "document/office/package.h"
#include "document/office/symbol_font.h"
#include "document/office/tables.h"
#include "document/read.h"

namespace tarn::document::compound {
namespace {

using base::Status;
using office::Blocks;
using office::escaped;
using office::Inline;
using office::introduced;
using office::Marks;
using Range = WordFile::Range;

class WordText {
 public:
  explicit WordText(WordFile& file)
      : file_(file), styles_(file), numbering_(read_lists(file)), asides_(read_asides(file)) {
    for (size_t i = 0; i < asides_.size(); ++i) by_place_.emplace(asides_[i].place, i);
  }

  Status read(Document* d) {
    Blocks out;
    heads(Head::header, &out);
    blocks(file_.main, &out);
    flush_notes(&out);
    // What no sign led to.
    for (Aside& aside : asides_) {
      if (out.full()) break;
      if (aside.kind == Aside::note) tell_note(&aside, nullptr);
      if (aside.kind != Aside::note && !aside.told) out.raw(html_of(&aside));
    }
    flush_notes(&out);
    heads(Head::footer, &out);
    if (out.full()) return over_body_limit();
    TARN_ASSIGN(d->body, office::markdown_of(out.take()));
    if (d->title.empty()) d->title = title_line(title_);
    if (hidden_ > 0) d->extra.set("hidden_characters", hidden_);
    if (deleted_ > 0) d->extra.set("changes_accepted", deleted_);
    return {};
  }

 private:
  // Of one text: what is read of its paragraph and table so far.
  struct Flow {
    Inline line;
    office::Fields fields;
    office::OpenTables tables;
    std::string said, words;  // of a heading; of characters whose marks are the same
    Marks marks;
    std::vector<std::string> after;
  };

  // Headers or footers, each text once.
  void heads(Head kind, Blocks* out) {
    for (const Range& range : read_heads(file_, kind)) {
      Blocks inner;
      blocks(range, &inner);
      const std::string html = inner.take();
      if (!html.empty() && heads_told_.insert(html).second) out->raw(html);
    }
  }

  void blocks(Range range, Blocks* out) {
    Flow flow;
    uint32_t begin = range.from;  // of the paragraph
    const WordRun* run = nullptr;
    CharacterFormat format;
    std::string_view piece;  // what was changed in it
    for (uint32_t cp = range.from; cp < range.to && !out->full(); ++cp) {
      const WordRun& now = file_.character_run(cp);
      const std::string_view changed = file_.piece_changes(cp);
      // Most often they are the same bytes: they are looked at where another piece begins.
      const bool other = changed.data() != piece.data() && changed != piece;
      piece = changed;
      if (&now != run || other) {
        run = &now;
        format = {};
        apply(now.changes, file_.is_old(), &format);
        apply(changed, file_.is_old(), &format);
        if (format.deleted) ++deleted_;
      }
      const char16_t c = file_.character(cp);
      const bool ends = c == 0x0D || c == 0x07 || (c == 0x0C && file_.ends_run(cp));
      if (format.deleted) {
        if (!ends || c == 0x0D) continue;  // a mark that is deleted joins two paragraphs
      }
      if (ends) {
        paragraph(cp, c, &flow, out);
        begin = cp + 1;
      } else {
        character(cp, c, format, begin, &flow);
      }
    }
    if (!flow.line.is_blank() || !flow.words.empty()) paragraph(range.to - 1, 0x0D, &flow, out);
    flow.tables.at(0, out);
    flush_after(&flow, out);
  }

  ParagraphFormat format_at(uint32_t cp) {
    const WordRun& run = file_.paragraph_run(cp);
    ParagraphFormat format;
    format.style = run.style;
    apply(run.changes, file_.is_old(), file_.data(), &format);
    apply(file_.piece_changes(cp), file_.is_old(), file_.data(), &format);
    if (format.in_table && format.depth == 0) format.depth = 1;
    if (!format.in_table) format.depth = 0;
    return format;
  }

  int heading_of_paragraph(const ParagraphFormat& format, const office::Style& style) const {
    return format.outline ? (*format.outline < 9 ? *format.outline + 1 : 0) : style.heading;
  }

  void paragraph(uint32_t cp, char16_t mark, Flow* flow, Blocks* out) {
    const ParagraphFormat format = format_at(cp);
    const office::Style& style = styles_.get(format.style);
    say(flow);
    const bool ends_table = format.depth == 0 && flow->tables.depth() > 0;
    Blocks* to = flow->tables.at(format.depth, out);
    if (ends_table) flush_after(flow, out);
    const bool ends_row = format.ends_row || format.ends_inner_row;
    const bool blank = flow->line.is_blank();
    const std::string html = flow->line.take();
    if (!ends_row) write(format, style, blank, html, flow, to, in_main(cp) && format.depth == 0);
    flow->said.clear();
    if (format.depth == 0) return flush_after(flow, out);
    if (ends_row) {
      flow->tables.end_row(format.row_left, format.row, format.row_is_head);
    } else if ((mark == 0x07 && format.depth == 1) || format.ends_inner_cell) {
      flow->tables.end_cell();
    }
  }

  void write(const ParagraphFormat& format, const office::Style& style, bool blank, std::string html, Flow* flow,
             Blocks* out, bool top) {
    office::ListPlace place = style.list;
    if (format.list) place.list = *format.list > 0 && *format.list < 0x7FF ? std::to_string(*format.list) : "0";
    if (format.level) place.level = *format.level;
    place.level = std::max(place.level, 0);
    const office::Numbering::Label label = numbering_.next(place);
    if (blank) return;
    const int heading = heading_of_paragraph(format, style);
    if (heading > 0 || style.title) {
      if (top) flush_notes(out);
      if (style.title && title_.empty()) title_ = flow->said;
    }
    office::write_paragraph(style, heading, label, place.level, std::move(html), out);
  }

  // What stands beside a block comes behind it, and not within a table.
  void flush_after(Flow* flow, Blocks* out) {
    if (flow->tables.depth() > 0) return;
    for (const std::string& html : std::exchange(flow->after, {})) out->raw(html);
  }

  void flush_notes(Blocks* out) {
    for (const std::string& html : std::exchange(pending_, {})) out->raw(html);
  }

  void say(Flow* flow) {
    if (flow->words.empty()) return;
    flow->line.add(flow->words, flow->marks);
    if (flow->said.size() < kMaxTitleBytes) flow->said += flow->words;
    flow->words.clear();
  }

  static bool is_on(int own, int by_style) {
    return own < 0 || own == 128 ? by_style > 0 : own == 129 ? by_style <= 0 : own > 0;
  }

  void character(uint32_t cp, char16_t c, const CharacterFormat& format, uint32_t begin, Flow* flow) {
    if (c == 0x13 || c == 0x14 || c == 0x15) {
      say(flow);
      if (c == 0x13) flow->fields.begin();
      if (c == 0x14) flow->fields.separate(&flow->line);
      if (c == 0x15) flow->fields.end(&flow->line);
      return;
    }
    if (flow->fields.in_instruction()) {
      std::string text;
      base::append_utf8(c >= 0x20 && (c < 0xD800 || c >= 0xE000) ? c : u' ', &text);
      return flow->fields.instruct(text);
    }
    if (!flow->fields.shows()) return;
    const office::Style& style = styles_.get(format.style.value_or(UINT16_MAX));
    if (is_on(format.hidden, style.hidden)) {
      ++hidden_;
      return;
    }
    const office::Style& of_paragraph = paragraph_style(begin);
    const bool raised = of_paragraph.heading > 0 || of_paragraph.title;
    const Marks marks = raised ? Marks{}
                               : Marks{is_on(format.strong, style.strong), is_on(format.emphasis, style.emphasis),
                                       is_on(format.strike, style.strike)};
    if (!(marks == flow->marks)) {
      say(flow);
      flow->marks = marks;
    }
    if (c < 0x20) return sign(cp, c, format, flow);
    if (format.symbol != 0 && format.special) {
      const char32_t meant = office::sign_of_font({}, format.symbol);
      if (meant != 0) base::append_utf8(meant, &flow->words);
      return;
    }
    if (c >= 0xD800 && c < 0xDC00) {
      const char16_t low = file_.character(cp + 1);
      const bool pair = low >= 0xDC00 && low < 0xE000;
      return base::append_utf8(pair ? 0x10000 + ((char32_t{c} - 0xD800) << 10) + (low - 0xDC00u) : base::kReplacement,
                               &flow->words);
    }
    if (c >= 0xDC00 && c < 0xE000) return;  // it came with the one before it
    if (const char32_t meant = office::sign_of_font({}, c)) base::append_utf8(meant, &flow->words);
  }

  const office::Style& paragraph_style(uint32_t begin) {
    if (style_of_ != begin) {
      style_of_ = begin;
      style_ = &styles_.get(file_.paragraph_run(begin).style);
    }
    return *style_;
  }

  void sign(uint32_t cp, char16_t c, const CharacterFormat& format, Flow* flow) {
    if (c == 0x09) flow->words += ' ';
    if (c == 0x0B || c == 0x0C) {
      say(flow);
      flow->line.add_html("<br>");
    }
    if (c == 0x1E) flow->words += '-';
    if (c == 0x01 || c == 0x02 || c == 0x05 || c == 0x08) {
      if (!format.special && c != 0x05 && c != 0x02) return;
      if (!in_main(cp)) return;  // what stands beside the main text leads no further
      const auto [from, to] = by_place_.equal_range(cp);
      say(flow);
      for (auto it = from; it != to; ++it) {
        Aside& aside = asides_[it->second];
        if (aside.told) continue;
        if (aside.kind == Aside::note) {
          tell_note(&aside, &flow->line);
        } else {
          std::string html = html_of(&aside);
          if (!html.empty()) flow->after.push_back(std::move(html));
        }
      }
    }
  }
  bool in_main(uint32_t cp) const { return cp < file_.main.to; }

  void tell_note(Aside* note, Inline* line) {
    if (std::exchange(note->told, true)) return;
    const std::string label = "[" + std::to_string(++notes_told_) + "]";
    if (line) line->add_label(label);
    Blocks inner;
    blocks(note->text, &inner);
    const std::string html = inner.take();
    if (!html.empty()) pending_.push_back(introduced(label, html));
  }

  std::string html_of(Aside* aside) {
    aside->told = true;
    Blocks inner;
    blocks(aside->text, &inner);
    const std::string html = inner.take();
    if (html.empty() || aside->kind == Aside::box) return html;
    return "<blockquote>" + office::comment_html(aside->author, aside->about, html) + "</blockquote>";
  }

  WordFile& file_;
  WordStyles styles_;
  office::Numbering numbering_;
  std::vector<Aside> asides_;
  std::multimap<uint32_t, size_t> by_place_;
  std::set<std::string> heads_told_;
  std::vector<std::string> pending_;  // notes of this section
  std::string title_;
  uint32_t style_of_ = UINT32_MAX;
  const office::Style* style_ = &styles_.get(UINT16_MAX);
  int notes_told_ = 0;
  int64_t hidden_ = 0, deleted_ = 0;
};

}  // namespace

Status read_word(CompoundFile& file, const Sink& sink) {
  TARN_ASSIGN(WordFile word, WordFile::open(file));
  Document d;
  d.extra = json::Value::object();
  read_summary(file, &d);
  TARN_TRY(WordText(word).read(&d));
  if (d.title.empty()) d.title = heading_of(d.body);
  return sink(std::move(d));
}

}  // namespace tarn::document::compound
