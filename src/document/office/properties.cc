#include "document/office/properties.h"

#include <algorithm>

#include "document/read.h"

namespace tarn::document::office {
namespace {

using pugi::xml_node;

constexpr size_t kMaxLabels = 1'000, kMaxProperties = 1'000, kMaxValueBytes = 4'000;

void keep(const char* name, const std::string& text, json::Value* extra) {
  if (!text.empty()) extra->set(name, text);
}

std::string short_text(xml_node node) { return clean(text_of(node).substr(0, kMaxValueBytes)); }

void own(const std::string& name, const std::string& text, json::Value* properties) {
  if (!name.empty() && !text.empty() && properties->members().size() < kMaxProperties) properties->set(name, text);
}

}  // namespace

void add_labels(std::string_view keywords, Document* d) {
  while (!keywords.empty() && d->labels.size() < kMaxLabels) {
    const size_t end = std::min(keywords.find_first_of(",;"), keywords.size());
    std::string label = title_line(keywords.substr(0, end));
    if (!label.empty()) d->labels.push_back(std::move(label));
    keywords.remove_prefix(std::min(end + 1, keywords.size()));
  }
}

void read_properties(Package& package, const std::map<std::string, Relation>& of_package, Document* d) {
  if (const auto core = package.optional_xml(package.related(of_package, "core-properties"))) {
    for (const xml_node n : core->document_element().children()) {
      const std::string_view name = local(n);
      const std::string text = title_line(short_text(n));
      if (name == "title") d->title = text;
      if (name == "creator") d->author = text;
      if (name == "created") d->created_at_us = stated_time(text);
      if (name == "modified") d->updated_at_us = stated_time(text);
      if (name == "keywords") add_labels(text, d);
      if (name == "language") d->lang = text;
      if (name == "subject") keep("subject", text, &d->extra);
      if (name == "description") keep("description", text, &d->extra);
      if (name == "category") keep("category", text, &d->extra);
      if (name == "contentStatus") keep("status", text, &d->extra);
      if (name == "lastModifiedBy") keep("modified_by", text, &d->extra);
      if (name == "revision") keep("revision", text, &d->extra);
    }
  }
  if (const auto app = package.optional_xml(package.related(of_package, "extended-properties"))) {
    const xml_node root = app->document_element();
    keep("company", title_line(short_text(child(root, "Company"))), &d->extra);
    keep("manager", title_line(short_text(child(root, "Manager"))), &d->extra);
    keep("generator", title_line(short_text(child(root, "Application"))), &d->extra);
  }
  if (const auto custom = package.optional_xml(package.related(of_package, "custom-properties"))) {
    json::Value properties = json::Value::object();
    for (const xml_node n : custom->document_element().children()) {
      own(title_line(clean(value(n, "name"))), short_text(n), &properties);
    }
    if (!properties.members().empty()) d->extra.set("properties", std::move(properties));
  }
}

void read_odf_meta(xml_node meta, Document* d) {
  json::Value properties = json::Value::object();
  std::string last_author;
  for (const xml_node n : meta.children()) {
    const std::string_view name = local(n);
    const std::string text = title_line(short_text(n));
    if (name == "title") d->title = text;
    if (name == "initial-creator") d->author = text;
    if (name == "creator") last_author = text;
    if (name == "creation-date") d->created_at_us = stated_time(text.substr(0, 19));
    if (name == "date") d->updated_at_us = stated_time(text.substr(0, 19));
    if (name == "keyword") add_labels(text, d);
    if (name == "language") d->lang = text;
    if (name == "subject") keep("subject", text, &d->extra);
    if (name == "description") keep("description", text, &d->extra);
    if (name == "generator") keep("generator", text, &d->extra);
    if (name == "user-defined") own(title_line(clean(value(n, "name"))), short_text(n), &properties);
  }
  if (d->author.empty()) {
    d->author = last_author;
  } else if (last_author != d->author) {
    keep("modified_by", last_author, &d->extra);
  }
  if (!properties.members().empty()) d->extra.set("properties", std::move(properties));
}

}  // namespace tarn::document::office
