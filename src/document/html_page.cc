// A page: its character set, what it says of itself, its main text.
#include <algorithm>
#include <string>

#include "document/dom.h"
#include "document/html_content.h"
#include "document/html_markdown.h"
#include "document/read.h"

namespace tarn::document {
namespace {

using base::Result;
using dom::attribute;
using dom::Node;
using dom::tag;
using json::Value;

constexpr size_t kCharsetSearchBytes = 2048;
constexpr size_t kMaxMetaFields = 100;
constexpr size_t kMaxMetaBytes = 4000;
// A text shorter than this may lie in what was left out: first in a table of contents, then anywhere.
constexpr size_t kFewBytes = 250, kHardlyAnyBytes = 100;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return out;
}

// charset=… of a <meta>, or encoding="…" of an XML declaration.
std::string stated_charset(std::string_view bytes) {
  const std::string head = lower(bytes.substr(0, kCharsetSearchBytes));
  size_t at = std::string::npos;
  for (size_t meta = head.find("<meta"); meta != std::string::npos && at == std::string::npos;
       meta = head.find("<meta", meta + 5)) {
    const size_t end = std::min(head.find('>', meta), head.size());
    const size_t found = head.find("charset", meta);
    if (found < end) at = found + 7;
  }
  if (at == std::string::npos && head.starts_with("<?xml")) {
    const size_t found = head.find("encoding");
    if (found != std::string::npos && found < head.find("?>")) at = found + 8;
  }
  if (at == std::string::npos) return {};
  at = head.find_first_not_of(" \t\r\n=\"'", at);
  if (at == std::string::npos) return {};
  const std::string name = head.substr(at, std::min(head.find_first_of(" \t\r\n\"'/>;?", at), head.size()) - at);
  // A page whose <meta> could be read is not UTF-16 (HTML, "determining the character encoding").
  return name.starts_with("utf-16") || name.size() > 40 ? "utf-8" : name;
}

struct Meta {
  Value fields = Value::object();
  std::string canonical, lang, title;

  std::string_view get(std::initializer_list<std::string_view> names) const {
    for (std::string_view name : names) {
      if (const Value* v = fields.find(name); v && !v->as_string().empty()) return v->as_string();
    }
    return {};
  }
};

void read_meta(Node* document, Meta* meta) {
  bool in_body = false;
  size_t count = 0;
  dom::walk(
      document,
      [&](Node* n) {
        const uintptr_t name = tag(n);
        if (name == LXB_TAG_BODY) in_body = true;
        if (name == LXB_TAG_HTML) {
          meta->lang = attribute(n, "lang");
          if (meta->lang.empty()) meta->lang = attribute(n, "xml:lang");
        } else if (name == LXB_TAG_TITLE && !in_body && meta->title.empty()) {
          meta->title = words_of(n, 2 * kMaxTitleBytes);
        } else if (name == LXB_TAG_LINK && meta->canonical.empty() && lower(attribute(n, "rel")) == "canonical") {
          meta->canonical = attribute(n, "href").substr(0, kMaxMetaBytes);
        } else if (name == LXB_TAG_META && count < kMaxMetaFields) {
          std::string key = lower(attribute(n, "name"));
          for (std::string_view other : {"property", "itemprop"}) {
            if (key.empty()) key = lower(attribute(n, other));
          }
          const std::string_view value = attribute(n, "content");
          if (!key.empty() && key.size() < 200 && !value.empty() && value.size() <= kMaxMetaBytes &&
              !meta->fields.contains(key)) {
            meta->fields.set(key, std::string(value));
            ++count;
          }
        }
        return !in_body;
      },
      [](Node*) {});
}

void take_labels(std::string_view keywords, std::vector<std::string>* labels) {
  while (!keywords.empty()) {
    const size_t comma = std::min(keywords.find(','), keywords.size());
    std::string label = title_line(keywords.substr(0, comma));
    if (!label.empty()) labels->push_back(std::move(label));
    keywords.remove_prefix(std::min(comma + 1, keywords.size()));
  }
}

Node* first_heading(Node* body) {
  Node* found = nullptr;
  dom::walk(
      body,
      [&](Node* n) {
        if (found || is_left_out(n, Care::lenient)) return false;
        if (tag(n) == LXB_TAG_H1) found = n;
        return !found;
      },
      [](Node*) {});
  return found;
}

void take_meta(const Meta& meta, Document* d) {
  d->lang = title_line(meta.lang.empty() ? meta.get({"content-language", "og:locale"}) : std::string_view(meta.lang));
  d->author = title_line(meta.get({"author", "article:author", "dc.creator", "dcterms.creator"}));
  d->created_at_us = stated_time(
      meta.get({"article:published_time", "datepublished", "date", "dc.date", "dcterms.created", "pubdate"}));
  d->updated_at_us = stated_time(
      meta.get({"article:modified_time", "datemodified", "last-modified", "dcterms.modified", "og:updated_time"}));
  take_labels(meta.get({"keywords", "news_keywords"}), &d->labels);
  if (std::string_view text = meta.get({"description", "og:description", "dc.description"}); !text.empty()) {
    d->extra.set("description", std::string(text));
  }
  if (!meta.canonical.empty()) d->extra.set("canonical", meta.canonical);
  if (!meta.fields.members().empty()) d->extra.set("meta", meta.fields);
}

}  // namespace

Result<Document> read_html(std::string_view bytes, const ExtractOptions& options) {
  Document d;
  d.mime = kHtml;
  d.extra = Value::object();
  const std::string charset = options.charset.empty() ? stated_charset(bytes) : options.charset;
  TARN_ASSIGN(const std::string html, decode_text(bytes, charset, &d.extra));
  TARN_ASSIGN(dom::Page page, dom::Page::parse(html));
  Meta meta;
  read_meta(page.document(), &meta);
  take_meta(meta, &d);

  if (Node* body = page.body()) {
    const PageHints hints = {meta.title,
                             meta.get({"og:type"}) == "article" || !meta.get({"article:published_time"}).empty()};
    Node* content = options.whole_page ? body : main_content(body, hints);
    TARN_ASSIGN(d.body, html_to_markdown(content, options.whole_page ? Care::lenient : Care::strict));
    for (Care care : {Care::contents, Care::lenient}) {
      if (d.body.size() >= (care == Care::contents ? kFewBytes : kHardlyAnyBytes)) break;
      TARN_ASSIGN(std::string more, html_to_markdown(care == Care::lenient ? body : content, care));
      if (more.size() > 2 * d.body.size()) d.body = std::move(more);
    }
    d.title = meta.title;
    if (d.title.empty()) {
      if (Node* heading = first_heading(body)) d.title = words_of(heading, 2 * kMaxTitleBytes);
    }
  }
  return d;
}

}  // namespace tarn::document
