// Word documents (docx): paragraphs, headings, lists, tables, notes, comments, text boxes; changes as accepted.
// Source:  ECMA-376, part 1, section 17 (WordprocessingML).
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "base/utf8.h"
#include "document/office/formula.h"
#include "document/office/html.h"
#include "document/office/numbering.h"
#include "document/office/office.h"
#include "document/office/package.h"
#include "document/office/properties.h"
#include "document/read.h"

namespace tarn::document {
namespace {

using base::Result;
using base::Status;
using namespace std::string_view_literals;
using office::below;
using office::Blocks;
using office::child;
using office::escaped;
using office::Inline;
using office::is;
using office::is_on;
using office::local;
using office::Marks;
using office::value;
using pugi::xml_node;

constexpr int kMaxNotes = 10;           // of notes that refer to each other
constexpr int kMaxDepth = 200;          // of blocks and runs within each other
constexpr size_t kMaxAnchorText = 200;  // of what a comment stands on, as it is told
constexpr size_t kMaxSpan = 1'000;

struct Comment {
  std::string author, html;
  std::string about;  // the words that it stands on
  bool told = false;
};

struct Note {
  std::string label, html;
};

class WordDocument {
 public:
  WordDocument(office::Package& package, std::string name) : package_(package), name_(std::move(name)) {}

  Status read(xml_node root, Document* d) {
    relations_ = package_.relations(name_);
    if (const auto styles = part("styles")) styles_ = office::Styles(styles->document_element());
    if (const auto numbering = part("numbering")) numbering_ = office::Numbering(numbering->document_element());
    footnotes_ = part("footnotes");
    endnotes_ = part("endnotes");
    comments_part_ = part("comments");
    load_notes("footnote", footnotes_.get());
    load_notes("endnote", endnotes_.get());
    load_comments();
    Blocks body;
    const xml_node content = child(root, "body");
    heads(content, "headerReference", &body);
    blocks(content, &body, 0, true);
    flush_notes(&body);
    for (auto& [id, comment] : comments_) tell(&comment, &body);
    heads(content, "footerReference", &body);
    if (body.full()) return over_body_limit();
    TARN_ASSIGN(d->body, office::markdown_of(body.take()));
    if (d->title.empty()) d->title = title_line(title_);
    if (hidden_ > 0) d->extra.set("hidden_characters", hidden_);
    if (deleted_ > 0) d->extra.set("changes_accepted", deleted_);
    return {};
  }

 private:
  std::unique_ptr<pugi::xml_document> part(std::string_view type) {
    return package_.optional_xml(package_.related(relations_, type));
  }

  void load_notes(std::string_view kind, const pugi::xml_document* notes) {
    if (!notes) return;
    for (const xml_node n : notes->document_element().children()) {
      if (is(n, kind) && value(n, "type").empty()) notes_[std::string(kind) + std::string(value(n, "id"))] = n;
    }
  }

  void load_comments() {
    if (!comments_part_) return;
    for (const xml_node n : comments_part_->document_element().children()) {
      if (!is(n, "comment")) continue;
      Comment comment;
      comment.author = office::clean(value(n, "author"));
      Blocks inner;
      blocks(n, &inner, 0, false);
      comment.html = inner.take();
      comments_.emplace(value(n, "id"), std::move(comment));
    }
  }

  // Headers and footers: each text once.
  void heads(xml_node content, std::string_view reference, Blocks* out) {
    std::vector<std::string> names;
    for (xml_node n = content; n;) {
      if (is(n, reference)) {
        const auto found = relations_.find(std::string(value(n, "id")));
        if (found != relations_.end()) names.push_back(found->second.target);
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
    const auto own = std::move(relations_);
    for (const std::string& name : names) {
      if (!heads_read_.insert(name).second) continue;
      const auto head = package_.optional_xml(name);
      if (!head) continue;
      relations_ = package_.relations(name);
      Blocks inner;
      blocks(head->document_element(), &inner, 0, false);
      const std::string html = inner.take();
      if (!html.empty() && heads_told_.insert(html).second) out->raw(html);
    }
    relations_ = std::move(own);
  }

  void blocks(xml_node parent, Blocks* out, int depth, bool top) {
    if (depth > kMaxDepth) return out->paragraph(escaped(office::text_of(parent)));
    for (const xml_node n : parent.children()) {
      if (out->full()) return;
      const std::string_view name = local(n);
      if (name == "p") {
        paragraph(n, out, depth, top);
      } else if (name == "tbl") {
        table(n, out, depth);
        flush_after(out);
      } else if (name == "sdt") {
        blocks(child(n, "sdtContent"), out, depth + 1, top);
      } else if (name == "AlternateContent") {
        blocks(choice(n), out, depth + 1, top);
      } else if (name == "oMathPara" || name == "oMath") {
        out->paragraph(escaped(office::formula_line(n)));
      } else if (name == "commentRangeStart" || name == "commentRangeEnd") {
        range(n, name == "commentRangeStart");
      } else if (name == "ins" || name == "moveTo" || name == "customXml" || name == "smartTag" ||
                 name == "txbxContent") {
        blocks(n, out, depth + 1, top);
      } else if (name == "del" || name == "moveFrom") {
        ++deleted_;
      }
    }
  }

  // The first one that is understood; what it stands for is written twice.
  static xml_node choice(xml_node alternatives) {
    const xml_node first = child(alternatives, "Choice");
    return first && first.first_child() ? first : child(alternatives, "Fallback");
  }

  // A paragraph whose mark was deleted goes on in the next one, as when the change is accepted.
  static bool mark_is_deleted(xml_node properties) { return !child(child(properties, "rPr"), "del").empty(); }

  void paragraph(xml_node p, Blocks* out, int depth, bool top) {
    const xml_node properties = child(p, "pPr");
    std::string_view id = value(child(properties, "pStyle"), "val");
    if (id.empty()) id = styles_.usual();
    const office::Style& style = styles_.get(id);
    int heading = style.heading;
    if (const xml_node level = child(properties, "outlineLvl")) {
      const std::string_view number = value(level, "val");
      heading = number.size() == 1 && number[0] >= '0' && number[0] <= '8' ? number[0] - '0' + 1 : 0;
    }
    const bool raised = heading > 0 || style.title;
    style_ = &style;
    in_heading_ = raised;
    for (const std::string& open : ranges_) about(open, " ");
    runs(p, depth);
    if (mark_is_deleted(properties)) return;
    const bool blank = inline_.is_blank();
    std::string html = inline_.take();
    if (blank) return flush_after(out);
    office::ListPlace place = office::list_place(properties);
    if (place.num_id.empty()) place.num_id = style.list.num_id;
    if (place.level < 0) place.level = std::max(style.list.level, 0);
    const office::Numbering::Label label = numbering_.next(place);
    if (raised) {
      if (top) flush_notes(out);
      if (style.title && title_.empty()) title_ = said_;
      if (!label.text.empty()) html = escaped(label.text) + " " + html;
      out->heading(style.title ? 1 : std::min(heading, 6), html);
    } else if (label.listed) {
      if (!label.ordered && !label.text.empty()) html = escaped(label.text) + " " + html;
      out->item(place.level, label.ordered, label.number, html);
    } else if (style.code) {
      out->raw("<pre>" + html + "</pre>");
    } else if (style.quote) {
      out->quote("<p>" + html + "</p>");
    } else {
      out->paragraph(html);
    }
    said_.clear();
    flush_after(out);
  }

  // Text boxes and comments behind their block.
  void flush_after(Blocks* out) {
    if (cell_depth_ > 0) return;
    for (const std::string& html : std::exchange(after_, {})) out->raw(html);
    for (Comment* comment : std::exchange(due_, {})) tell(comment, out);
  }

  void tell(Comment* comment, Blocks* out) {
    if (comment->told || comment->html.empty()) return;
    comment->told = true;
    std::string head = "Comment";
    if (!comment->author.empty()) head += " (" + comment->author + ")";
    if (const std::string about = title_line(comment->about); !about.empty()) head += " on \"" + about + "\"";
    std::string html = comment->html;
    const bool plain = html.starts_with("<p>");
    out->quote("<p>" + escaped(head) + ": " + (plain ? html.substr(3) : "</p>" + html));
  }

  void flush_notes(Blocks* out) {
    for (const Note& note : std::exchange(pending_, {})) {
      const bool plain = note.html.starts_with("<p>");
      out->raw("<p>[" + note.label + "] " + (plain ? note.html.substr(3) : "</p>" + note.html));
    }
  }

  void range(xml_node n, bool begins) {
    const std::string id(value(n, "id"));
    if (begins) {
      ranges_.insert(id);
    } else {
      ranges_.erase(id);
    }
  }

  void say(std::string_view text, Marks marks) {
    inline_.add(text, marks);
    if (in_heading_ && said_.size() < kMaxTitleBytes) said_ += text;
    for (const std::string& id : ranges_) about(id, text);
  }

  void about(const std::string& id, std::string_view text) {
    const auto comment = comments_.find(id);
    if (comment == comments_.end() || comment->second.about.size() > kMaxAnchorText) return;
    comment->second.about += text;
    if (comment->second.about.size() > kMaxAnchorText) comment->second.about += "…";
  }

  void runs(xml_node parent, int depth) {
    if (depth > kMaxDepth) return say(office::text_of(parent), {});
    for (const xml_node n : parent.children()) {
      const std::string_view name = local(n);
      if (name == "r") {
        run(n, depth);
      } else if (name == "hyperlink") {
        const auto found = relations_.find(std::string(value(n, "id")));
        const bool link = found != relations_.end() && found->second.external;
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
        say(office::formula_line(n), {});
      } else if (name == "commentRangeStart" || name == "commentRangeEnd") {
        range(n, name == "commentRangeStart");
      } else if (name == "del" || name == "moveFrom") {
        ++deleted_;
      } else if (name == "ruby") {
        ruby(n, depth);
      }
    }
  }

  static bool is_page_number(std::string_view instruction) {
    const size_t at = instruction.find_first_not_of(' ');
    if (at == std::string_view::npos) return false;
    instruction.remove_prefix(at);
    const std::string_view word = instruction.substr(0, instruction.find(' '));
    return word == "PAGE" || word == "NUMPAGES" || word == "SECTIONPAGES";
  }

  Marks marks_of(xml_node properties, bool* hidden) const {
    const office::Style& own = styles_.get(value(child(properties, "rStyle"), "val"));
    const auto on = [&](std::string_view name, int by_own, int by_paragraph) {
      if (const xml_node property = child(properties, name)) return is_on(property);
      return by_own >= 0 ? by_own > 0 : by_paragraph > 0;
    };
    *hidden = on("vanish", own.hidden, style_->hidden);
    if (in_heading_) return {};
    // What a style of a paragraph makes bold as a whole is no emphasis.
    return {on("b", own.strong, 0), on("i", own.emphasis, 0), on("strike", own.strike, 0)};
  }

  void run(xml_node r, int depth) {
    bool hidden = false;
    const Marks marks = marks_of(child(r, "rPr"), &hidden);
    for (const xml_node n : r.children()) {
      const std::string_view name = local(n);
      if (name == "fldChar") {
        field(value(n, "fldCharType"));
      } else if (name == "instrText") {
        if (!fields_.empty()) fields_.back().instruction += office::text_of(n);
      } else if (!shows()) {
        continue;
      } else if (name == "t") {
        const std::string text = office::text_of(n);
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
      } else if (name == "sym") {
        symbol(value(n, "char"));
      } else if (name == "footnoteReference" || name == "endnoteReference") {
        note(std::string(name.substr(0, name.size() - 9)), value(n, "id"));
      } else if (name == "commentReference") {
        const auto found = comments_.find(value(n, "id"));
        if (found != comments_.end()) due_.push_back(&found->second);
      } else if (name == "drawing" || name == "pict" || name == "object") {
        drawing(n, depth);
      } else if (name == "AlternateContent") {
        const xml_node chosen = choice(n);
        for (const xml_node inner : chosen.children()) drawing(inner, depth);
      } else if (name == "ruby") {
        ruby(n, depth);
      }
    }
  }

  // Characters of the old fonts of signs have no place in Unicode.
  void symbol(std::string_view hex) {
    uint32_t c = 0;
    std::from_chars(hex.data(), hex.data() + hex.size(), c, 16);
    if (c < 0x20 || (c >= 0xE000 && c <= 0xF8FF) || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) return;
    std::string text;
    base::append_utf8(c, &text);
    say(text, {});
  }

  void ruby(xml_node n, int depth) {
    runs(child(n, "rubyBase"), depth + 1);
    say("(", {});
    runs(child(n, "rt"), depth + 1);
    say(")", {});
  }

  // Pictures by their words, text boxes behind the paragraph.
  void drawing(xml_node n, int depth) {
    if (const xml_node about = below(n, "docPr")) {
      const std::string_view words = value(about, "descr");
      if (!words.empty() && told_pictures_.insert(std::string(words)).second) {
        inline_.add_html(" ");
        say(office::clean(words), {});
        inline_.add_html(" ");
      }
    }
    n.find_node([&](xml_node box) {
      if (!is(box, "txbxContent")) return false;
      // One within another is read with it.
      for (xml_node up = box.parent(); up && up != n; up = up.parent()) {
        if (is(up, "txbxContent") || is(up, "Fallback")) return false;
      }
      text_box(box, depth);
      return false;
    });
  }

  // What stands beside the paragraph that is being read, as blocks of its own.
  std::string aside(xml_node n, int depth) {
    Inline line = std::exchange(inline_, {});
    const office::Style* style = style_;
    const bool in_heading = std::exchange(in_heading_, false);
    std::string said = std::exchange(said_, {});
    std::vector<Field> fields = std::exchange(fields_, {});
    std::vector<std::string> after = std::exchange(after_, {});
    std::vector<Comment*> due = std::exchange(due_, {});
    std::set<std::string> ranges = std::exchange(ranges_, {});
    const int cell_depth = std::exchange(cell_depth_, 0);
    Blocks inner;
    blocks(n, &inner, depth, false);
    cell_depth_ = cell_depth;
    ranges_ = std::move(ranges);
    due_ = std::move(due);
    after_ = std::move(after);
    fields_ = std::move(fields);
    said_ = std::move(said);
    in_heading_ = in_heading;
    style_ = style;
    inline_ = std::move(line);
    return inner.take();
  }

  void text_box(xml_node box, int depth) {
    std::string html = aside(box, depth + 10);
    if (!html.empty()) after_.push_back(std::move(html));
  }

  struct Field {
    std::string instruction;
    bool result = false, link = false, number = false;
  };

  bool shows() const {
    return std::all_of(fields_.begin(), fields_.end(), [](const Field& f) { return f.result && !f.number; });
  }

  void field(std::string_view type) {
    if (type == "begin") {
      if (fields_.size() < static_cast<size_t>(kMaxDepth)) fields_.emplace_back();
    } else if (type == "separate" && !fields_.empty()) {
      Field& f = fields_.back();
      f.result = true;
      f.number = is_page_number(f.instruction);
      const size_t at = f.instruction.find("HYPERLINK");
      const size_t quote = f.instruction.find('"', at == std::string::npos ? f.instruction.size() : at);
      const size_t end = quote == std::string::npos ? quote : f.instruction.find('"', quote + 1);
      if (end == std::string::npos || f.instruction.substr(at, quote - at).find("\\l") != std::string::npos) return;
      f.link = true;
      inline_.open_link(f.instruction.substr(quote + 1, end - quote - 1));
    } else if (type == "end" && !fields_.empty()) {
      if (fields_.back().link) inline_.close_link();
      fields_.pop_back();
    }
  }

  void note(const std::string& kind, std::string_view id) {
    const auto found = notes_.find(kind + std::string(id));
    if (found == notes_.end()) return;
    const std::string label = std::to_string(++notes_told_);
    inline_.add_label("[" + label + "]");
    const xml_node n = found->second;
    notes_.erase(found);  // once
    if (note_depth_ == kMaxNotes) return pending_.push_back({label, escaped(office::text_of(n))});
    ++note_depth_;
    std::string html = aside(n, 0);
    --note_depth_;
    pending_.push_back({label, std::move(html)});
  }

  struct Cell {
    xml_node node;
    size_t column = 0, wide = 1;
    bool begins = false, goes_on = false;  // over rows
  };

  static std::vector<Cell> cells_of(xml_node row) {
    std::vector<Cell> cells;
    size_t column = 0;
    const auto count = [](std::string_view text, size_t least) {
      size_t n = least;
      std::from_chars(text.data(), text.data() + text.size(), n);
      return std::clamp(n, least, kMaxSpan);
    };
    column += count(value(child(child(row, "trPr"), "gridBefore"), "val"), 0);
    const auto add = [&](xml_node n) {
      const xml_node properties = child(n, "tcPr"), merge = child(properties, "vMerge");
      Cell cell{n, column, count(value(child(properties, "gridSpan"), "val"), 1)};
      cell.begins = merge && value(merge, "val") == "restart";
      cell.goes_on = merge && !cell.begins;
      column += cell.wide;
      cells.push_back(cell);
    };
    for (const xml_node n : row.children()) {
      if (is(n, "tc")) add(n);
      if (is(n, "sdt") || is(n, "ins") || is(n, "customXml")) {
        const xml_node content = is(n, "sdt") ? child(n, "sdtContent") : n;
        for (const xml_node inner : content.children()) {
          if (is(inner, "tc")) add(inner);
        }
      }
    }
    return cells;
  }

  void rows_of(xml_node parent, std::vector<xml_node>* rows, int depth) {
    for (const xml_node n : parent.children()) {
      if (is(n, "tr")) {
        if (child(child(n, "trPr"), "del")) {
          ++deleted_;
        } else {
          rows->push_back(n);
        }
      } else if ((is(n, "sdt") || is(n, "sdtContent") || is(n, "ins") || is(n, "customXml")) && depth < kMaxDepth) {
        rows_of(n, rows, depth + 1);
      }
    }
  }

  void table(xml_node t, Blocks* out, int depth) {
    std::vector<xml_node> nodes;
    rows_of(t, &nodes, 0);
    std::vector<std::vector<Cell>> rows;
    rows.reserve(nodes.size());
    for (const xml_node n : nodes) rows.push_back(cells_of(n));
    // How many rows a cell reaches down: from the last row up, what goes on is counted in its column.
    std::map<size_t, size_t> going;
    std::vector<std::vector<size_t>> tall(rows.size());
    for (size_t r = rows.size(); r-- > 0;) {
      std::map<size_t, size_t> next;
      for (const Cell& cell : rows[r]) {
        const auto below_it = going.find(cell.column);
        const size_t more = below_it == going.end() ? 0 : below_it->second;
        tall[r].push_back(cell.begins ? 1 + more : 1);
        if (cell.goes_on) next[cell.column] = more + 1;
      }
      going = std::move(next);
    }
    ++cell_depth_;
    std::string html = "<table>";
    for (size_t r = 0; r < rows.size() && html.size() < office::kMaxHtmlBytes; ++r) {
      const bool head = is_on(child(child(nodes[r], "trPr"), "tblHeader"));
      const std::string_view tag = head ? "th"sv : "td"sv;
      html += "<tr>";
      for (size_t c = 0; c < rows[r].size(); ++c) {
        const Cell& cell = rows[r][c];
        if (cell.goes_on && r > 0) continue;
        html += fmt::format("<{}", tag);
        if (cell.wide > 1) html += fmt::format(" colspan={}", cell.wide);
        if (tall[r][c] > 1) html += fmt::format(" rowspan={}", tall[r][c]);
        Blocks inner;
        blocks(cell.node, &inner, depth + 3, false);
        html += fmt::format(">{}</{}>", inner.take(), tag);
      }
      html += "</tr>";
    }
    --cell_depth_;
    out->raw(html + "</table>");
  }

  office::Package& package_;
  const std::string name_;
  std::map<std::string, office::Relation> relations_;
  office::Styles styles_;
  office::Numbering numbering_;
  std::unique_ptr<pugi::xml_document> footnotes_, endnotes_, comments_part_;
  std::map<std::string, xml_node> notes_;  // by kind and id
  std::map<std::string, Comment, std::less<>> comments_;
  std::set<std::string> ranges_;  // of comments, that are open
  std::set<std::string> heads_read_, heads_told_, told_pictures_;
  std::vector<Note> pending_;  // of this section
  int note_depth_ = 0;
  std::vector<Comment*> due_;       // of this block
  std::vector<std::string> after_;  // text boxes of this block
  std::vector<Field> fields_;
  Inline inline_;
  const office::Style* style_ = &styles_.get("");
  std::string title_, said_;
  int cell_depth_ = 0;
  bool in_heading_ = false;
  int notes_told_ = 0;
  int64_t hidden_ = 0, deleted_ = 0;
};

}  // namespace

Status read_docx(const Input& input, const Sink& sink) {
  TARN_ASSIGN(office::Package package, office::Package::open(input, "Word document"));
  const auto of_package = package.relations("");
  std::string name = package.related(of_package, "officeDocument");
  if (name.empty()) name = "word/document.xml";
  TARN_ASSIGN(const auto content, package.xml(name));
  if (!content || !is(content->document_element(), "document")) {
    return {base::Code::invalid_argument,
            "it is no Word document: it has no text of one (" + office::clean(name) + ")"};
  }
  Document d;
  d.extra = json::Value::object();
  office::read_properties(package, of_package, &d);
  TARN_TRY(WordDocument(package, name).read(content->document_element(), &d));
  if (d.title.empty()) d.title = heading_of(d.body);
  package.tell(&d.extra);
  return sink(std::move(d));
}

}  // namespace tarn::document
