#include "document/rtf/text.h"

#include <algorithm>

#include "base/ascii.h"
#include "document/office/package.h"
#include "document/office/word_styles.h"
#include "document/read.h"

namespace tarn::document::rtf {
namespace {

using base::Status;
using office::Blocks;
using office::introduced;
using office::Marks;

constexpr size_t kMaxLabel = 1'000;
constexpr int kMaxListLevel = 8;

}  // namespace

void Text::add(std::string_view text, const State& now) {
  Flow& f = flow();
  if (!f.fields.shows()) return;
  if (now.hidden || head_.style(now.character_style).hidden > 0) {
    hidden_ += static_cast<int64_t>(text.size());
    return;
  }
  if (now.deleted) return;
  const bool raised = heading(now) > 0 || head_.style(now.style).title;
  const Marks marks = raised ? Marks{} : Marks{now.strong, now.emphasis, now.strike};
  if (!(marks == f.marks)) say();
  f.marks = marks;
  f.words += text;
}

void Text::add_label(std::string_view text) {
  if (flow().label.size() < kMaxLabel) flow().label += text;
}

void Text::add_break(const State& now) {
  if (!flow().fields.shows() || now.hidden || now.deleted) return;
  say();
  flow().line.add_html("<br>");
}

void Text::begin_field() {
  say();
  flow().fields.begin();
}

void Text::separate_field() {
  say();
  flow().fields.separate(&flow().line);
}

void Text::end_field() {
  say();
  flow().fields.end(&flow().line);
}

void Text::say() {
  Flow& f = flow();
  if (f.words.empty()) return;
  f.line.add(f.words, f.marks);
  if (f.said.size() < kMaxTitleBytes) f.said += f.words;
  f.words.clear();
}

int Text::heading(const State& now) const {
  return now.outline < 0 ? head_.style(now.style).heading : now.outline < 9 ? now.outline + 1 : 0;
}

void Text::end_paragraph(int depth, const State& now) {
  say();
  Flow& f = flow();
  const bool was_in_table = f.tables.depth() > 0;
  Blocks* out = f.tables.at(depth, &f.out);
  if (depth == 0 && was_in_table) flush_after();
  const bool blank = f.line.is_blank();
  std::string html = f.line.take();
  const office::Numbering::Label label = take_label(now);
  if (!blank) {
    const office::Style& own = head_.style(now.style);
    if ((heading(now) > 0 || own.title) && depth == 0 && f.kind == Kind::main) {
      flush_notes();
      if (own.title && title_.empty()) title_ = f.said;
    }
    office::write_paragraph(own, heading(now), label, std::clamp(now.level, 0, kMaxListLevel), std::move(html), out);
  }
  f.said.clear();
  if (depth == 0) flush_after();
}

// The label of a list's item stands before it, for programs that do not count.
office::Numbering::Label Text::take_label(const State& now) {
  office::Numbering::Label label;
  const std::string text(base::trimmed(office::clean(std::exchange(flow().label, {}))));
  if (text.empty() && now.list == 0) return label;
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

void Text::flush_after() {
  if (flow().tables.depth() > 0) return;
  for (const std::string& html : std::exchange(flow().after, {})) flow().out.raw(html);
}

void Text::flush_notes() {
  for (const std::string& html : std::exchange(pending_, {})) flows_[0].out.raw(html);
}

void Text::end_cell(int depth, const State& now) {
  end_paragraph(depth, now);
  flow().tables.end_cell();
}

void Text::end_row(int depth, const State& now) {
  say();
  if (!flow().line.is_blank()) end_cell(depth, now);
  flow().tables.at(depth, &flow().out);
  const RowShape& shape = row(now);
  flow().tables.end_row(shape.left, shape.edges, shape.head);
}

bool Text::begin(Kind kind) {
  say();
  if (flows_.size() >= kMaxFlows) return false;
  Flow own;
  own.kind = kind;
  if (kind == Kind::note) {
    own.mark = "[" + std::to_string(++notes_) + "]";
    flow().line.add_label(own.mark);
  }
  flows_.push_back(std::move(own));
  return true;
}

// What is open of the last text.
void Text::close(const State& now) {
  if (!flow().line.is_blank() || !flow().words.empty()) end_paragraph(now.table_depth(), now);
  flow().tables.at(0, &flow().out);
  flush_after();
}

void Text::end(const State& now) {
  close(now);
  Flow own = std::move(flows_.back());
  flows_.pop_back();
  std::string html = own.out.take();
  if (html.empty()) return;
  switch (own.kind) {
    case Kind::note:
      pending_.push_back(introduced(own.mark, html));
      return;
    case Kind::box:
      flow().after.push_back(std::move(html));
      return;
    case Kind::header:
    case Kind::footer:
      if (told_.insert(html).second) (own.kind == Kind::header ? heads_ : feet_).push_back(std::move(html));
      return;
    case Kind::comment: {
      const std::string author = title_line(office::clean(std::exchange(author_, {})));
      flow().after.push_back("<blockquote>" + office::comment_html(author, {}, html) + "</blockquote>");
      return;
    }
    case Kind::main:
      return;
  }
}

Status Text::finish(const State& now, Document* d) {
  close(now);
  flush_notes();
  Blocks whole;
  for (const std::string& html : heads_) whole.raw(html);
  whole.raw(flows_[0].out.take());
  for (const std::string& html : feet_) whole.raw(html);
  TARN_ASSIGN(d->body, office::markdown_of(whole.take()));
  if (d->title.empty()) d->title = title_line(title_);
  if (hidden_ > 0) d->extra.set("hidden_characters", hidden_);
  return {};
}

}  // namespace tarn::document::rtf
