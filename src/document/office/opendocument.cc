// OpenDocument: texts (odt), presentations and drawings (odp, odg); spreadsheets in ods.cc.
// Source:  OASIS OpenDocument 1.3.
#include <algorithm>

#include "base/ascii.h"
#include "document/office/odf_text.h"
#include "document/office/ods.h"
#include "document/office/office.h"
#include "document/office/package.h"
#include "document/office/properties.h"
#include "document/office/slides.h"
#include "document/read.h"

namespace tarn::document {
namespace {

using base::Code;
using base::Status;
using office::Blocks;
using office::child;
using office::is;
using office::value;
using pugi::xml_node;

constexpr std::string_view kPrefix = "application/vnd.oasis.opendocument.";

// The type that an archive says of itself in its first bytes.
std::string_view stated_type(std::string_view head) {
  constexpr size_t kName = 30, kType = 38;
  if (!is_zip(head) || head.size() < kType || head.substr(kName, 8) != "mimetype") return {};
  std::string_view type = head.substr(kType, 100);
  const size_t end = type.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-+/");
  return type.substr(0, type.find("PK") == std::string_view::npos ? end : std::min(end, type.find("PK")));
}

Status refuse_encrypted(office::Package& package) {
  const auto manifest = package.optional_xml("META-INF/manifest.xml");
  if (!manifest) return {};
  const xml_node found = manifest->find_node([](xml_node n) { return is(n, "encryption-data"); });
  return found ? Status(Code::permission_denied, "it is encrypted with a password", "save it without one") : Status();
}

// Headers and footers of the pages, each text once.
void heads(xml_node styles, std::string_view kind, office::OdfText* text, Blocks* out) {
  std::vector<std::string> told;
  for (const xml_node page : child(styles, "master-styles").children()) {
    for (const xml_node n : page.children()) {
      if (!office::local(n).starts_with(kind)) continue;
      Blocks inner;
      text->blocks(n, &inner);
      std::string html = inner.take();
      if (html.empty() || std::find(told.begin(), told.end(), html) != told.end()) continue;
      out->raw(html);
      told.push_back(std::move(html));
    }
  }
}

Status read_text(xml_node body, xml_node styles, office::OdfText* text, Document* d) {
  Blocks out;
  heads(styles, "header", text, &out);
  text->blocks(body, &out);
  text->flush_notes(&out);
  heads(styles, "footer", text, &out);
  if (out.full()) return over_body_limit();
  TARN_ASSIGN(d->body, office::markdown_of(out.take()));
  if (text->deleted() > 0) d->extra.set("changes_accepted", text->deleted());
  if (d->title.empty()) d->title = text->title();
  return {};
}

Status read_pages(xml_node body, office::OdfText* text, Document* d) {
  office::Slides slides;
  json::Value hidden = json::Value::array();
  int64_t count = 0;
  for (const xml_node page : body.children()) {
    if (!is(page, "page")) continue;
    ++count;
    xml_node titled;
    for (const xml_node n : page.children()) {
      if (!titled && value(n, "class") == "title") titled = n;
    }
    std::string title = title_line(office::text_of(titled));
    if (d->title.empty()) d->title = title;
    if (title.empty()) title = "Slide " + std::to_string(count);
    const bool is_hidden = value(page, "visibility") == "hidden";
    if (is_hidden) hidden.push(count);
    Blocks out;
    out.heading(2, office::escaped(title) + (is_hidden ? " (hidden)" : ""));
    Blocks notes;
    for (const xml_node n : page.children()) {
      if (n == titled) continue;
      if (is(n, "notes")) {
        text->blocks(n, &notes);
      } else {
        text->block(n, &out);
      }
    }
    text->flush_notes(&out);
    if (!notes.empty()) out.quote("<p><strong>Notes</strong></p>" + notes.take());
    TARN_TRY(slides.add(count, out.take()));
  }
  d->extra.set("slides", count);
  if (!hidden.items().empty()) d->extra.set("hidden_slides", std::move(hidden));
  d->body = std::move(slides.body);
  d->anchors = std::move(slides.anchors);
  return {};
}

}  // namespace

bool is_opendocument(std::string_view head) { return stated_type(head).starts_with(kPrefix); }
bool is_epub(std::string_view head) { return stated_type(head) == "application/epub+zip"; }

Status read_opendocument(const Input& input, const Sink& sink) {
  TARN_ASSIGN(office::Package package, office::Package::open(input, "OpenDocument"));
  TARN_TRY(refuse_encrypted(package));
  Document d;
  d.extra = json::Value::object();
  if (const auto type = package.bytes("mimetype", 1000); type.ok() && type->starts_with(kPrefix)) {
    d.mime = base::trimmed(office::clean(*type));
  }
  if (const auto meta = package.optional_xml("meta.xml")) {
    office::read_odf_meta(child(meta->document_element(), "meta"), &d);
  }
  const ZipMember* member = package.zip().find("content.xml");
  if (!member) return {Code::invalid_argument, "it is no OpenDocument: it has no content.xml"};
  if (d.mime.starts_with(std::string(kPrefix) + "spreadsheet")) {
    TARN_TRY(office::read_ods(package.zip(), *member, &d));
    package.tell(&d.extra);
    return sink(std::move(d));
  }
  TARN_ASSIGN(const auto content, package.xml("content.xml"));
  const auto styles = package.optional_xml("styles.xml");
  office::OdfText text;
  text.add_styles(content->document_element());
  if (styles) text.add_styles(styles->document_element());
  const xml_node body = child(content->document_element(), "body").find_child([](xml_node n) {
    return is(n, "text") || is(n, "presentation") || is(n, "drawing") || is(n, "spreadsheet");
  });
  if (is(body, "spreadsheet")) {
    TARN_TRY(office::read_ods(package.zip(), *member, &d));
  } else if (is(body, "text")) {
    TARN_TRY(read_text(body, styles ? styles->document_element() : xml_node(), &text, &d));
  } else if (body) {
    TARN_TRY(read_pages(body, &text, &d));
  } else {
    return {Code::invalid_argument, "it holds no text, slides or sheets: its kind is not read"};
  }
  if (d.title.empty()) d.title = heading_of(d.body);
  package.tell(&d.extra);
  return sink(std::move(d));
}

}  // namespace tarn::document
