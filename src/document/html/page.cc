// A page: its character set, what it says of itself, its main text.
#include <algorithm>
#include <string>

#include "base/ascii.h"
#include "document/html/content.h"
#include "document/html/dom.h"
#include "document/html/markdown.h"
#include "document/html/marks.h"
#include "document/html/xml.h"
#include "document/read.h"

namespace tarn::document {
namespace {

using base::lower;
using base::Result;
using dom::attribute;
using dom::Node;
using dom::tag;
using json::Value;

constexpr size_t kCharsetSearchBytes = 2048;
constexpr size_t kMaxMetaFields = 100;
constexpr size_t kMaxMetaBytes = 4000;

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
        if (found || is_left_out(n)) return false;
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

// Names of schema.org for a text that is a page's one subject; TechArticle, for documentation, is not among them.
bool is_article_type(std::string_view type) {
  type.remove_prefix(type.find_last_of("/#") == std::string_view::npos ? 0 : type.find_last_of("/#") + 1);
  return type == "Article" || type == "NewsArticle" || type == "BlogPosting" || type == "ReportageNewsArticle";
}

// Whether a page calls itself one article: in Open Graph's words, or schema.org's (microdata, JSON-LD).
bool is_article(const Meta& meta, Node* document) {
  if (meta.get({"og:type"}) == "article" || !meta.get({"article:published_time"}).empty()) return true;
  bool found = false;
  dom::walk(
      document,
      [&](Node* n) {
        if (found) return false;
        if (tag(n) == LXB_TAG_SCRIPT) {
          if (attribute(n, "type") != "application/ld+json" || !n->first_child) return false;
          auto data = json::parse(dom::text(n->first_child));
          found = data.ok() && data->is_object() && is_article_type((*data)["@type"].as_string());
          return false;
        }
        found = attribute(n, "itemprop") == "articleBody" || is_article_type(attribute(n, "itemtype"));
        return true;
      },
      [](Node*) {});
  return found;
}

void note_left_out(const LeftOut& left_out, Value* extra) {
  if (left_out.total() == 0) return;
  Value why = Value::object();
  for (size_t i = 0; i < left_out.bytes.size(); ++i) {
    if (left_out.bytes[i] > 0) why.set(std::string(kReasonNames[i]), left_out.bytes[i]);
  }
  extra->set("left_out", Value::object({{"bytes", left_out.total()}, {"why", std::move(why)}}));
}

std::string why_empty(Node* document) {
  bool frames = false, scripts = false;
  dom::walk(
      document,
      [&](Node* n) {
        frames |= tag(n) == LXB_TAG_FRAMESET || tag(n) == LXB_TAG_IFRAME;
        scripts |= tag(n) == LXB_TAG_SCRIPT;
        return true;
      },
      [](Node*) {});
  return frames ? "it shows other pages in frames" : scripts ? "its text is made by scripts" : "it has none";
}

Result<Document> read_page(std::string_view bytes, std::string_view name, const ExtractOptions& options) {
  Document d;
  d.extra = Value::object();
  const std::string charset = options.charset.empty() ? stated_charset(bytes) : options.charset;
  TARN_ASSIGN(std::string html, decode_text(bytes, charset, &d.extra));
  if (is_xhtml(html, name)) html = xhtml_as_html(html, name);
  TARN_ASSIGN(dom::Page page, dom::Page::parse(html));
  Meta meta;
  read_meta(page.document(), &meta);
  take_meta(meta, &d);
  if (const std::string_view base = apply_base(page.document()); !base.empty()) d.extra.set("base", std::string(base));

  if (Node* body = page.body()) {
    open_templates(body, false);
    leave_out_marks(body);
    if (!options.whole_page) note_left_out(leave_out_navigation(body, is_article(meta, page.document())), &d.extra);
    TARN_ASSIGN(d.body, html_to_markdown(body));
    if (d.body.empty()) {
      open_templates(body, true);
      TARN_ASSIGN(d.body, html_to_markdown(body));
    }
    d.title = meta.title;
    if (d.title.empty()) {
      if (Node* heading = first_heading(body)) d.title = words_of(heading, 2 * kMaxTitleBytes);
    }
  }
  // An empty file is an empty document; a page that shows something else than text is none.
  if (d.body.empty() && html.find_first_not_of(" \t\r\n\f") != std::string::npos) {
    return base::Status(base::Code::invalid_argument, "no text was taken from the page: " + why_empty(page.document()));
  }
  if (d.title.empty()) d.title = heading_of(d.body);
  return d;
}

}  // namespace

base::Status read_html(const Input& input, const Sink& sink) {
  TARN_ASSIGN(Document page, read_page(input.bytes, input.name, input.options));
  return sink(std::move(page));
}

bool looks_like_html(std::string_view head) {
  const size_t at = head.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (at == std::string_view::npos) return false;
  const std::string start = lower(head.substr(at, 256));
  return start.starts_with("<!doctype html") || start.starts_with("<html") ||
         (start.starts_with("<?xml") && start.find("<html") != std::string::npos);
}

}  // namespace tarn::document
