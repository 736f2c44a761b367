// A page of Confluence, as its connector hands it on: JSON with the storage format and the names in it.
//   {"title": "Backups", "storage": "<p>…", "base": "https://site/wiki", "space": "ENG", "id": "4711",
//    "users": {"account id": "name"}, "included": {"ENG:Title": "storage of that page"}}
#include <algorithm>

#include "base/percent.h"
#include "document/confluence/storage.h"
#include "document/html/dom.h"
#include "document/html/markdown.h"
#include "document/read.h"

namespace tarn::document {
namespace {

using json::Value;

// As in a query: a blank is '+', and what is no letter or digit its bytes.
std::string for_url(std::string_view text) {
  std::string out = base::percent_encoded(text, "-_.~ ");
  std::replace(out.begin(), out.end(), ' ', '+');
  return out;
}

// The addresses that Cloud and Data Center both know.
Resolver resolver(const Value& page) {
  const std::string base(page["base"].as_string());
  const auto space_of = [&page](std::string_view space) {
    return std::string(space.empty() ? page["space"].as_string() : space);
  };
  Resolver names;
  names.page = [=](std::string_view space, std::string_view title) {
    return title.empty() ? std::string() : base + "/display/" + for_url(space_of(space)) + "/" + for_url(title);
  };
  names.user = [&page](std::string_view id) { return std::string(page["users"][id].as_string()); };
  names.attachment = [&page, base, names](std::string_view other, std::string_view file) {
    if (!other.empty()) return names.page("", other);
    return base + "/download/attachments/" + std::string(page["id"].as_string()) + "/" + for_url(file);
  };
  names.included = [&page, space_of](std::string_view space, std::string_view title, bool excerpt) {
    const std::string there(page["included"][space_of(space) + ":" + std::string(title)].as_string());
    return excerpt ? excerpt_of(there) : there;
  };
  return names;
}

}  // namespace

base::Status read_confluence(const Input& input, const Sink& sink) {
  auto page = json::parse(input.bytes);
  if (!page.ok() || !page->is_object() || !(*page)["storage"].is_string()) {
    return {base::Code::invalid_argument, "it is no page as the connector of Confluence writes it"};
  }
  Document d;
  d.title = (*page)["title"].as_string();
  d.extra = Value::object();
  bool whole = false;
  const std::string html = storage_as_html((*page)["storage"].as_string(), resolver(*page), &whole);
  if (!whole) d.extra.set("malformed", true);
  TARN_ASSIGN(dom::Page parsed, dom::Page::parse(html));
  if (dom::Node* body = parsed.body()) {
    TARN_ASSIGN(d.body, html_to_markdown(body));
  }
  return sink(std::move(d));
}

}  // namespace tarn::document
