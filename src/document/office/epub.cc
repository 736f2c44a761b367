// Books (EPUB 2 and 3): the files of the spine in their order, each read like a page of HTML.
// Source:  W3C EPUB 3.3; IDPF OPF 2.0.1.
#include <set>

#include "base/percent.h"
#include "document/html/dom.h"
#include "document/html/markdown.h"
#include "document/html/marks.h"
#include "document/html/xml.h"
#include "document/office/office.h"
#include "document/office/package.h"
#include "document/office/properties.h"
#include "document/read.h"

namespace tarn::document {
namespace {

using base::Code;
using base::Result;
using base::Status;
using office::below;
using office::child;
using office::is;
using office::local;
using office::value;
using pugi::xml_node;

constexpr size_t kMaxSpine = 50'000;

// "a%20b.xhtml#c" → "a b.xhtml".
std::string file_of(std::string_view href) { return base::percent_decoded(href.substr(0, href.find('#'))); }

void read_metadata(xml_node metadata, Document* d) {
  json::Value identifiers = json::Value::array();
  for (const xml_node n : metadata.children()) {
    const std::string_view name = local(n);
    const std::string text = title_line(office::text_of(n));
    if (text.empty()) continue;
    if (name == "title" && d->title.empty()) d->title = text;
    if (name == "creator") d->author += (d->author.empty() ? "" : ", ") + text;
    if (name == "language" && d->lang.empty()) d->lang = text;
    if (name == "subject") office::add_labels(text, d);
    if (name == "identifier") identifiers.push(text);
    if (name == "date" && !d->created_at_us) d->created_at_us = stated_time(text);
    if (name == "meta" && value(n, "property") == "dcterms:modified") d->updated_at_us = stated_time(text);
    if (name == "publisher" || name == "description" || name == "rights") d->extra.set(std::string(name), text);
  }
  if (!identifiers.items().empty()) d->extra.set("identifiers", std::move(identifiers));
}

Result<std::string> read_chapter(std::string_view bytes, const std::string& name) {
  json::Value ignored = json::Value::object();
  TARN_ASSIGN(std::string html, decode_text(bytes, "", &ignored));
  if (is_xhtml(html, name)) html = xhtml_as_html(html, name);
  TARN_ASSIGN(dom::Page page, dom::Page::parse(html));
  if (!page.body()) return std::string();
  leave_out_marks(page.body());
  return html_to_markdown(page.body());
}

// Files whose letters are encrypted; fonts may be.
std::set<std::string> encrypted_files(office::Package& package) {
  std::set<std::string> names;
  if (const auto document = package.optional_xml("META-INF/encryption.xml")) {
    document->find_node([&](xml_node n) {
      if (is(n, "CipherReference")) names.insert(file_of(value(n, "URI")));
      return false;
    });
  }
  return names;
}

}  // namespace

Status read_epub(const Input& input, const Sink& sink) {
  TARN_ASSIGN(office::Package package, office::Package::open(input, "book"));
  TARN_ASSIGN(const auto container, package.xml("META-INF/container.xml"));
  const std::string name = container ? std::string(value(below(*container, "rootfile"), "full-path")) : std::string();
  TARN_ASSIGN(const auto content, package.xml(name));
  if (!content) return {Code::invalid_argument, "it is no EPUB: it names no package file"};
  const xml_node root = content->document_element();
  Document d;
  d.extra = json::Value::object();
  read_metadata(child(root, "metadata"), &d);
  struct Entry {
    std::string file;
    bool navigation = false;
  };
  std::map<std::string, Entry> manifest;
  for (const xml_node n : child(root, "manifest").children()) {
    if (!is(n, "item")) continue;
    const std::string properties = " " + std::string(value(n, "properties")) + " ";
    manifest[std::string(value(n, "id"))] = {office::resolved(name, file_of(value(n, "href"))),
                                             properties.find(" nav ") != std::string::npos};
  }
  const std::set<std::string> encrypted = encrypted_files(package);
  json::Value damaged = json::Value::array();
  size_t count = 0;
  std::string why;
  for (const xml_node n : child(root, "spine").children()) {
    if (!is(n, "itemref")) continue;
    if (++count > kMaxSpine) {
      return {Code::exhausted, "it has more files than kMaxSpine (" + std::to_string(kMaxSpine) + ")"};
    }
    const auto found = manifest.find(std::string(value(n, "idref")));
    if (found == manifest.end() || found->second.navigation) continue;
    const std::string& file = found->second.file;
    if (encrypted.contains(file)) {
      return {Code::permission_denied, "its text is encrypted (DRM): '" + office::clean(file) + "'"};
    }
    auto bytes = package.bytes(file);
    auto text = bytes.ok() ? read_chapter(*bytes, file) : Result<std::string>(bytes.status());
    if (!text.ok()) {
      damaged.push(office::clean(file));
      why = text.status().message();
      continue;
    }
    if (d.body.size() + text->size() > kMaxBodyBytes) return over_body_limit();
    if (text->empty()) continue;
    if (!d.body.empty()) d.body += '\n';
    d.body += *text;
  }
  if (d.body.empty() && !why.empty()) return {Code::invalid_argument, "none of its files can be read: " + why};
  if (!damaged.items().empty()) d.extra.set("damaged_parts", std::move(damaged));
  if (d.title.empty()) d.title = heading_of(d.body);
  package.tell(&d.extra);
  return sink(std::move(d));
}

}  // namespace tarn::document
