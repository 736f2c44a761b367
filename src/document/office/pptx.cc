// Presentations of PowerPoint (pptx): a heading for each slide, its texts, tables, charts and diagrams, speaker notes
// and comments as quotes; each slide has its anchor.
// Source:  ECMA-376, part 1, section 19 (PresentationML).
#include <algorithm>
#include <set>

#include "base/ascii.h"
#include "document/office/drawing.h"
#include "document/office/html.h"
#include "document/office/office.h"
#include "document/office/office_file.h"
#include "document/office/package.h"
#include "document/office/slides.h"
#include "document/read.h"

namespace tarn::document {
namespace {

using base::Code;
using base::Status;
using office::below;
using office::Blocks;
using office::child;
using office::is;
using office::local;
using office::Relation;
using office::value;
using pugi::xml_node;

constexpr size_t kMaxSlides = 20'000;
constexpr int kMaxGroups = 50;  // within each other

class Presentation {
 public:
  Presentation(office::Package& package, std::string name) : package_(package), name_(std::move(name)) {}

  Status read(xml_node root, Document* d) {
    const auto relations = package_.relations(name_);
    if (const auto authors = package_.optional_xml(package_.related(relations, "commentAuthors"))) {
      for (const xml_node a : authors->document_element().children()) {
        authors_.emplace(value(a, "id"), office::clean(value(a, "name")));
      }
    }
    if (const auto authors = package_.optional_xml(package_.related(relations, "authors"))) {
      for (const xml_node a : authors->document_element().children()) {
        authors_.emplace(value(a, "id"), office::clean(value(a, "name")));
      }
    }
    office::Slides slides;
    json::Value hidden = json::Value::array(), damaged = json::Value::array();
    int64_t count = 0;
    for (const xml_node n : child(root, "sldIdLst").children()) {
      if (!is(n, "sldId")) continue;
      if (++count > static_cast<int64_t>(kMaxSlides)) {
        return {Code::exhausted, "it has more slides than kMaxSlides (" + std::to_string(kMaxSlides) + ")"};
      }
      const auto found = relations.find(std::string(relation_id(n)));
      const std::string name = found == relations.end() ? std::string() : found->second.target;
      const auto slide = package_.xml(name);
      if (!slide.ok() || !*slide) {
        damaged.push(count);
        continue;
      }
      const xml_node content = (*slide)->document_element();
      const bool is_hidden = value(content, "show") == "0" || value(content, "show") == "false";
      if (is_hidden) hidden.push(count);
      Blocks out;
      read_slide(content, name, count, is_hidden, &out);
      TARN_TRY(slides.add(count, out.take()));
    }
    if (slides.body.empty() && !damaged.items().empty()) {
      return {Code::invalid_argument, "none of its slides can be read", "save it anew"};
    }
    d->extra.set("slides", count);
    if (!hidden.items().empty()) d->extra.set("hidden_slides", std::move(hidden));
    if (!damaged.items().empty()) d->extra.set("damaged_slides", std::move(damaged));
    d->body = std::move(slides.body);
    d->anchors = std::move(slides.anchors);
    if (d->title.empty()) d->title = title_;
    return {};
  }

 private:
  // "r:id" beside the slide's own "id".
  static std::string_view relation_id(xml_node n) {
    for (const pugi::xml_attribute a : n.attributes()) {
      const std::string_view name = a.name();
      if (name.ends_with(":id")) return a.value();
    }
    return {};
  }

  static std::string_view placeholder(xml_node shape) {
    const xml_node ph = child(child(shape.first_child(), "nvPr"), "ph");
    if (!ph) return "none";
    const std::string_view type = value(ph, "type");
    return type.empty() ? "body" : type;
  }
  static bool is_title(std::string_view type) { return type == "title" || type == "ctrTitle"; }

  void read_slide(xml_node content, const std::string& name, int64_t number, bool is_hidden, Blocks* out) {
    links_ = package_.relations(name);
    const xml_node tree = child(child(content, "cSld"), "spTree");
    std::string title;
    const xml_node titled = tree.find_node([](xml_node n) { return is(n, "sp") && is_title(placeholder(n)); });
    for (const xml_node p : child(titled, "txBody").children()) {
      const std::string line = is(p, "p") ? title_line(office::text_of(p)) : std::string();
      if (!line.empty()) title += (title.empty() ? "" : " ") + line;
    }
    if (title_.empty()) title_ = title_line(title);
    if (title.empty()) title = "Slide " + std::to_string(number);
    out->heading(2, office::escaped(title) + (is_hidden ? " (hidden)" : ""));
    shapes(tree, titled, out, 0);
    for (const auto& [id, relation] : std::map(links_)) {
      if (relation.type == "notesSlide") notes(relation.target, out);
      if (relation.type == "comments") comments(relation.target, out);
    }
  }

  void shapes(xml_node tree, xml_node titled, Blocks* out, int depth) {
    if (depth > kMaxGroups) return;
    for (const xml_node n : tree.children()) {
      const std::string_view name = local(n);
      if (name == "grpSp") {
        shapes(n, titled, out, depth + 1);
      } else if (name == "AlternateContent") {
        shapes(office::choice(n), titled, out, depth + 1);
      } else if (name == "sp" || name == "cxnSp") {
        const std::string_view type = placeholder(n);
        if (n == titled || type == "sldNum" || type == "dt") continue;
        if (type == "ftr" && !footers_.insert(office::text_of(n)).second) continue;  // the same on each slide
        office::drawing_text(child(n, "txBody"), type == "body" || type == "obj", links_, out);
      } else if (name == "graphicFrame") {
        frame(n, out);
      } else if (name == "pic") {
        const std::string words = title_line(office::clean(value(below(n, "cNvPr"), "descr")));
        if (!words.empty() && pictures_.insert(words).second) out->paragraph(office::escaped(words));
      }
    }
  }

  void frame(xml_node n, Blocks* out) {
    if (const xml_node table = below(n, "tbl")) return out->raw(office::drawing_table(table, links_));
    const xml_node data = below(n, "graphicData");
    if (const xml_node chart = child(data, "chart")) {
      if (const auto document = related(relation_id(chart))) out->raw(office::chart_html(*document));
    } else if (const xml_node diagram = child(data, "relIds")) {
      for (const pugi::xml_attribute a : diagram.attributes()) {
        if (!std::string_view(a.name()).ends_with(":dm")) continue;
        const auto document = related(a.value());
        if (!document) continue;
        document->find_node([&](xml_node t) {
          if (is(t, "t") && is(t.parent(), "pt")) office::drawing_text(t, true, {}, out);
          return false;
        });
      }
    }
  }

  std::unique_ptr<pugi::xml_document> related(std::string_view id) {
    const auto found = links_.find(std::string(id));
    return found == links_.end() ? nullptr : package_.optional_xml(found->second.target);
  }

  void notes(const std::string& name, Blocks* out) {
    const auto document = package_.optional_xml(name);
    if (!document) return;
    const auto slide = std::exchange(links_, package_.relations(name));
    Blocks inner;
    for (const xml_node n : child(child(document->document_element(), "cSld"), "spTree").children()) {
      if (is(n, "sp") && placeholder(n) == "body") office::drawing_text(child(n, "txBody"), false, links_, &inner);
    }
    links_ = slide;
    if (!inner.empty()) out->quote("<p><strong>Notes</strong></p>" + inner.take());
  }

  void comments(const std::string& name, Blocks* out) {
    const auto document = package_.optional_xml(name);
    if (!document) return;
    document->find_node([&](xml_node n) {
      if (!is(n, "cm") && !is(n, "reply")) return false;
      const auto author = authors_.find(std::string(value(n, "authorId")));
      const xml_node words = child(n, "text") ? child(n, "text") : child(n, "txBody");
      const std::string text = office::text_of(words);
      if (base::trimmed(text).empty()) return false;
      out->quote("<p>Comment" + (author == authors_.end() ? "" : " (" + office::escaped(author->second) + ")") + ": " +
                 office::escaped(text) + "</p>");
      return false;
    });
  }

  office::Package& package_;
  const std::string name_;
  std::map<std::string, Relation> links_;  // of the slide
  std::map<std::string, std::string> authors_;
  std::set<std::string> pictures_, footers_;
  std::string title_;
};

}  // namespace

Status read_pptx(const Input& input, const Sink& sink) {
  return office::read_office(input, sink,
                             {"presentation", "ppt/presentation.xml", "presentation", "it has no list of slides"},
                             [](office::Package& package, const office::MainPart& main, Document* d) {
                               // What the program writes where nobody did.
                               if (d->title == "PowerPoint Presentation") d->title.clear();
                               return Presentation(package, main.name).read(main.root, d);
                             });
}

}  // namespace tarn::document
