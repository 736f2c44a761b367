#include "document/office/docx_text.h"

#include <algorithm>
#include <charconv>

#include "base/utf8.h"
#include "document/office/docx_tables.h"
#include "document/office/formula.h"
#include "document/office/symbol_font.h"
#include "document/read.h"

namespace tarn::document::office {
namespace {

using base::Status;
using pugi::xml_node;

constexpr int kMaxNotes = 10;   // of notes that refer to each other
constexpr int kMaxDepth = 200;  // of blocks and runs within each other

// A paragraph whose mark was deleted goes on in the next one, as when the change is accepted.
bool mark_is_deleted(xml_node properties) { return !child(child(properties, "rPr"), "del").empty(); }

}  // namespace

Status DocxText::read(xml_node root, Document* d) {
  main_relations_ = package_.relations(name_);
  if (const Part styles = part("styles"); styles.xml) styles_ = Styles(styles.xml->document_element());
  if (const Part numbers = part("numbering"); numbers.xml) {
    numbering_ = read_numbering(numbers.xml->document_element());
  }
  const Part footnotes = part("footnotes"), endnotes = part("endnotes"), comments = part("comments");
  load_notes("footnote", footnotes);
  load_notes("endnote", endnotes);
  load_comments(comments);
  Blocks body;
  const xml_node content = child(root, "body");
  heads(content, "headerReference", &body);
  whole(content, &body, 0, true);
  flush_notes(&body);
  comments_.tell_rest(&body);
  heads(content, "footerReference", &body);
  if (body.full()) return over_body_limit();
  TARN_ASSIGN(d->body, markdown_of(body.take()));
  if (d->title.empty()) d->title = title_line(title_);
  if (hidden_ > 0) d->extra.set("hidden_characters", hidden_);
  if (deleted_ > 0) d->extra.set("changes_accepted", deleted_);
  return {};
}

DocxText::Part DocxText::part(std::string_view type) {
  const std::string name = package_.related(main_relations_, type);
  Part part{package_.optional_xml(name), {}};
  if (part.xml) part.relations = package_.relations(name);
  return part;
}

void DocxText::load_notes(std::string_view kind, const Part& part) {
  if (!part.xml) return;
  for (const xml_node n : part.xml->document_element().children()) {
    if (is(n, kind) && value(n, "type").empty()) notes_[std::string(kind) + std::string(value(n, "id"))] = {n, &part};
  }
}

void DocxText::load_comments(const Part& part) {
  if (!part.xml) return;
  relations_ = &part.relations;
  for (const xml_node n : part.xml->document_element().children()) {
    if (!is(n, "comment")) continue;
    Comment comment;
    comment.author = clean(value(n, "author"));
    Blocks inner;
    whole(n, &inner, 0, false);
    comment.html = inner.take();
    comments_.add(std::string(value(n, "id")), std::move(comment));
  }
  relations_ = &main_relations_;
}

// Headers and footers: each text once.
void DocxText::heads(xml_node content, std::string_view reference, Blocks* out) {
  std::vector<std::string> names;
  for (xml_node n = content; n;) {
    if (is(n, reference)) {
      const auto found = main_relations_.find(std::string(value(n, "id")));
      if (found != main_relations_.end()) names.push_back(found->second.target);
    }
    const bool deeper = !is(n, "tbl") && n.first_child() && !is(n, "r");
    if (deeper) {
      n = n.first_child();
      continue;
    }
    while (n != content && !n.next_sibling()) n = n.parent();
    if (n == content) break;
    n = n.next_sibling();
  }
  for (const std::string& name : names) {
    if (!heads_read_.insert(name).second) continue;
    const auto head = package_.optional_xml(name);
    if (!head) continue;
    const auto own = package_.relations(name);
    relations_ = &own;
    Blocks inner;
    whole(head->document_element(), &inner, 0, false);
    relations_ = &main_relations_;
    const std::string html = inner.take();
    if (!html.empty() && heads_told_.insert(html).second) out->raw(html);
  }
}

void DocxText::whole(xml_node parent, Blocks* out, int depth, bool top) {
  blocks(parent, out, depth, top);
  end_paragraph(out);
}

// What a deleted mark left open.
void DocxText::end_paragraph(Blocks* out) {
  if (!inline_.is_blank()) out->paragraph(inline_.take());
  inline_.take();
  flush_after(out);
}

void DocxText::blocks(xml_node parent, Blocks* out, int depth, bool top) {
  if (depth > kMaxDepth) return out->paragraph(escaped(text_of(parent)));
  for (const xml_node n : parent.children()) {
    if (out->full()) return;
    const std::string_view name = local(n);
    if (name == "p") {
      paragraph(n, out, depth, top);
    } else if (name == "tbl") {
      end_paragraph(out);
      table(n, out, depth);
      flush_after(out);
    } else if (name == "sdt") {
      blocks(child(n, "sdtContent"), out, depth + 1, top);
    } else if (name == "AlternateContent") {
      blocks(choice(n), out, depth + 1, top);
    } else if (name == "oMathPara" || name == "oMath") {
      out->paragraph(escaped(formula_line(n)));
    } else if (name == "commentRangeStart" || name == "commentRangeEnd") {
      comments_.range(value(n, "id"), name == "commentRangeStart");
    } else if (name == "ins" || name == "moveTo" || name == "customXml" || name == "smartTag" ||
               name == "txbxContent") {
      blocks(n, out, depth + 1, top);
    } else if (name == "del" || name == "moveFrom") {
      ++deleted_;
    }
  }
}

void DocxText::paragraph(xml_node p, Blocks* out, int depth, bool top) {
  const xml_node properties = child(p, "pPr");
  std::string_view id = value(child(properties, "pStyle"), "val");
  if (id.empty()) id = styles_.usual();
  const Style& style = styles_.get(id);
  int heading = style.heading;
  if (const xml_node level = child(properties, "outlineLvl")) {
    const std::string_view number = value(level, "val");
    heading = number.size() == 1 && number[0] >= '0' && number[0] <= '8' ? number[0] - '0' + 1 : 0;
  }
  const bool raised = heading > 0 || style.title;
  style_ = &style;
  in_heading_ = raised;
  comments_.say(" ");
  runs(p, depth);
  if (mark_is_deleted(properties)) return;
  const bool blank = inline_.is_blank();
  std::string html = inline_.take();
  ListPlace place = list_place(properties);
  if (place.list.empty()) place.list = style.list.list;
  if (place.level < 0) place.level = std::max(style.list.level, 0);
  const Numbering::Label label = numbering_.next(place);
  if (blank) return flush_after(out);
  if (raised) {
    if (top) flush_notes(out);
    if (style.title && title_.empty()) title_ = said_;
  }
  write_paragraph(style, heading, label, place.level, std::move(html), out);
  said_.clear();
  flush_after(out);
}

void DocxText::table(xml_node t, Blocks* out, int depth) {
  ++cell_depth_;
  size_t bytes = 0;
  std::vector<TableRow> rows;
  for (WordRow& row : word_rows(t, &deleted_)) {
    TableRow& to = rows.emplace_back();
    to.head = row.head;
    for (WordCell& cell : row.cells) {
      if (bytes > kMaxHtmlBytes) break;
      if (!cell.cell.goes_on || rows.size() == 1) {
        Blocks inner;
        whole(cell.node, &inner, depth + 3, false);
        cell.cell.html = inner.take();
        bytes += cell.cell.html.size();
      }
      to.cells.push_back(std::move(cell.cell));
    }
  }
  --cell_depth_;
  out->raw(table_html(rows));
}

// Text boxes and comments behind their block.
void DocxText::flush_after(Blocks* out) {
  if (cell_depth_ > 0) return;
  for (const std::string& html : std::exchange(after_, {})) out->raw(html);
  for (Comment* comment : std::exchange(due_, {})) comments_.tell(comment, out);
}

void DocxText::flush_notes(Blocks* out) {
  for (const std::string& html : std::exchange(pending_, {})) out->raw(html);
}

void DocxText::say(std::string_view text, Marks marks) {
  inline_.add(text, marks);
  if (in_heading_ && said_.size() < kMaxTitleBytes) said_ += text;
  comments_.say(text);
}

void DocxText::runs(xml_node parent, int depth) {
  if (depth > kMaxDepth) return say(text_of(parent), {});
  for (const xml_node n : parent.children()) {
    const std::string_view name = local(n);
    if (name == "r") {
      run(n, depth);
    } else if (name == "hyperlink") {
      const auto found = relations_->find(std::string(value(n, "id")));
      const bool link = found != relations_->end() && found->second.external;
      if (link) inline_.open_link(found->second.target);
      runs(n, depth + 1);
      if (link) inline_.close_link();
    } else if (name == "ins" || name == "moveTo" || name == "smartTag" || name == "customXml" || name == "dir" ||
               name == "bdo" || name == "sdtContent") {
      runs(n, depth + 1);
    } else if (name == "fldSimple") {
      if (!is_page_number(value(n, "instr"))) runs(n, depth + 1);
    } else if (name == "sdt") {
      runs(child(n, "sdtContent"), depth + 1);
    } else if (name == "AlternateContent") {
      runs(choice(n), depth + 1);
    } else if (name == "oMath" || name == "oMathPara") {
      say(formula_line(n), {});
    } else if (name == "commentRangeStart" || name == "commentRangeEnd") {
      comments_.range(value(n, "id"), name == "commentRangeStart");
    } else if (name == "del" || name == "moveFrom") {
      ++deleted_;
    } else if (name == "ruby") {
      ruby(n, depth);
    }
  }
}

Marks DocxText::marks_of(xml_node properties, bool* hidden) const {
  const Style& own = styles_.get(value(child(properties, "rStyle"), "val"));
  const auto on = [&](std::string_view name, int by_own, int by_paragraph) {
    if (const xml_node property = child(properties, name)) return is_on(property);
    return by_own >= 0 ? by_own > 0 : by_paragraph > 0;
  };
  *hidden = on("vanish", own.hidden, style_->hidden);
  if (in_heading_) return {};
  // What a style of a paragraph makes bold as a whole is no emphasis.
  return {on("b", own.strong, 0), on("i", own.emphasis, 0), on("strike", own.strike, 0)};
}

void DocxText::run(xml_node r, int depth) {
  bool hidden = false;
  const Marks marks = marks_of(child(r, "rPr"), &hidden);
  for (const xml_node n : r.children()) piece(n, marks, hidden, depth);
}

void DocxText::piece(xml_node n, Marks marks, bool hidden, int depth) {
  const std::string_view name = local(n);
  if (name == "fldChar") {
    field(value(n, "fldCharType"));
  } else if (name == "instrText") {
    fields_.instruct(text_of(n));
  } else if (!fields_.shows()) {
    return;
  } else if (name == "t") {
    const std::string text = text_of(n);
    if (hidden) {
      hidden_ += static_cast<int64_t>(text.size());
    } else {
      say(text, marks);
    }
  } else if (name == "tab" || name == "ptab") {
    say(" ", marks);
  } else if (name == "br" || name == "cr") {
    if (value(n, "type").empty() || value(n, "type") == "textWrapping") inline_.add_html("<br>");
  } else if (name == "noBreakHyphen") {
    say("-", marks);
  } else if (name == "sym" || name == "symEx") {
    symbol(n);
  } else if (name == "footnoteReference" || name == "endnoteReference") {
    note(std::string(name.substr(0, name.size() - 9)), value(n, "id"));
  } else if (name == "commentReference") {
    if (Comment* comment = comments_.find(value(n, "id"))) due_.push_back(comment);
  } else if (name == "drawing" || name == "pict" || name == "object") {
    drawing(n, depth);
  } else if (name == "AlternateContent" && depth <= kMaxDepth) {
    for (const xml_node inner : choice(n).children()) piece(inner, marks, hidden, depth + 1);
  } else if (name == "ruby") {
    ruby(n, depth);
  }
}

// Of the old fonts of signs those that a text has; the place of other private characters says nothing.
void DocxText::symbol(xml_node n) {
  const std::string_view hex = value(n, "char");
  uint32_t c = 0;
  std::from_chars(hex.data(), hex.data() + hex.size(), c, 16);
  const char32_t sign = sign_of_font(value(n, "font"), c);
  if (sign == 0) return;
  std::string text;
  base::append_utf8(sign, &text);
  say(text, {});
}

void DocxText::ruby(xml_node n, int depth) {
  runs(child(n, "rubyBase"), depth + 1);
  say("(", {});
  runs(child(n, "rt"), depth + 1);
  say(")", {});
}

// Pictures by their words, text boxes behind the paragraph.
void DocxText::drawing(xml_node n, int depth) {
  if (const xml_node about = below(n, "docPr")) {
    const std::string_view words = value(about, "descr");
    if (!words.empty() && told_pictures_.insert(std::string(words)).second) {
      inline_.add_html(" ");
      say(clean(words), {});
      inline_.add_html(" ");
    }
  }
  n.find_node([&](xml_node box) {
    if (!is(box, "txbxContent")) return false;
    // One within another is read with it.
    for (xml_node up = box.parent(); up && up != n; up = up.parent()) {
      if (is(up, "txbxContent") || is(up, "Fallback")) return false;
    }
    std::string html = aside(box, depth + 10);
    if (!html.empty()) after_.push_back(std::move(html));
    return false;
  });
}

// What stands beside the paragraph that is being read, as blocks of its own.
std::string DocxText::aside(xml_node n, int depth) {
  Inline line = std::exchange(inline_, {});
  const Style* style = style_;
  const bool in_heading = std::exchange(in_heading_, false);
  std::string said = std::exchange(said_, {});
  Fields fields = std::exchange(fields_, {});
  std::vector<std::string> after = std::exchange(after_, {});
  std::vector<Comment*> due = std::exchange(due_, {});
  Comments::Open ranges = comments_.exchange_open({});
  const int cell_depth = std::exchange(cell_depth_, 0);
  Blocks inner;
  whole(n, &inner, depth, false);
  cell_depth_ = cell_depth;
  comments_.exchange_open(std::move(ranges));
  due_ = std::move(due);
  after_ = std::move(after);
  fields_ = std::move(fields);
  said_ = std::move(said);
  in_heading_ = in_heading;
  style_ = style;
  inline_ = std::move(line);
  return inner.take();
}

void DocxText::field(std::string_view type) {
  if (type == "begin") fields_.begin();
  if (type == "separate") fields_.separate(&inline_);
  if (type == "end") fields_.end(&inline_);
}

void DocxText::note(const std::string& kind, std::string_view id) {
  const auto found = notes_.find(kind + std::string(id));
  if (found == notes_.end()) return;
  const std::string label = "[" + std::to_string(++notes_told_) + "]";
  inline_.add_label(label);
  const Note n = found->second;
  notes_.erase(found);  // once
  if (note_depth_ == kMaxNotes) return pending_.push_back("<p>" + label + " " + escaped(text_of(n.node)) + "</p>");
  ++note_depth_;
  const auto* relations = std::exchange(relations_, &n.part->relations);
  std::string html = aside(n.node, 0);
  relations_ = relations;
  --note_depth_;
  pending_.push_back(introduced(label, html));
}

}  // namespace tarn::document::office
