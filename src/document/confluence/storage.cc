#include "document/confluence/storage.h"

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>
#include <vector>

#include "base/ascii.h"
#include "document/entities.h"

namespace tarn::document {
namespace {

using pugi::xml_node;

// Text stays as it is written, entities too; only CDATA is another notation for text.
constexpr unsigned kParsing = pugi::parse_cdata | pugi::parse_ws_pcdata | pugi::parse_fragment | pugi::parse_eol;
constexpr int kMaxDepth = 200;     // of elements; deeper ones are left open to their text
constexpr int kMaxInclusions = 3;  // of pages within each other
constexpr size_t kMaxHtmlBytes = size_t{64} << 20;

std::string attribute(xml_node node, const char* name) { return unescape_entities(node.attribute(name).value()); }

// The characters below a node, without its elements' own.
std::string words(xml_node node) {
  std::string out;
  std::vector<xml_node> todo = {node};
  while (!todo.empty()) {
    const xml_node n = todo.back();
    todo.pop_back();
    if (n.type() == pugi::node_cdata) out += n.value();
    if (n.type() == pugi::node_pcdata) out += unescape_entities(n.value());
    for (xml_node child = n.last_child(); child; child = child.previous_sibling()) todo.push_back(child);
  }
  return out;
}

std::string parameter(xml_node macro, std::string_view name) {
  for (const xml_node p : macro.children("ac:parameter")) {
    if (p.attribute("ac:name").value() == name) return words(p);
  }
  return {};
}

std::string_view name_of_note(std::string_view macro) {
  static constexpr std::pair<std::string_view, std::string_view> kNotes[] = {
      {"info", "Info"}, {"note", "Note"}, {"warning", "Warning"}, {"tip", "Tip"}, {"panel", ""}};
  for (const auto& [known, shown] : kNotes) {
    if (macro == known) return shown;
  }
  return "no note";
}

class Writer {
 public:
  Writer(const Resolver& names, std::string* out, int inclusions) : names_(names), out_(out), inclusions_(inclusions) {}

  void children(xml_node node, int depth) {
    for (const xml_node child : node.children()) write(child, depth);
  }

 private:
  void add(std::string_view html) {
    if (out_->size() < kMaxHtmlBytes) *out_ += html;
  }
  void text(std::string_view t) { add(escape_entities(t)); }
  void strong(std::string_view t) {
    if (!t.empty()) add("<p><strong>" + escape_entities(t) + "</strong></p>");
  }

  void write(xml_node node, int depth) {
    if (node.type() == pugi::node_pcdata) return add(node.value());
    if (node.type() == pugi::node_cdata) return text(node.value());
    if (node.type() != pugi::node_element) return;
    if (depth > kMaxDepth) return text(words(node));
    const std::string_view name = node.name();
    if (!name.starts_with("ac:") && !name.starts_with("ri:")) return element(node, name, depth);
    if (name == "ac:structured-macro" || name == "ac:macro") return macro(node, depth);
    if (name == "ac:link") return link(node, depth);
    if (name == "ac:image") return image(node);
    if (name == "ac:task-list") return wrapped("ul", node, depth);
    if (name == "ac:task") return task(node, depth);
    if (name == "ac:emoticon") return emoticon(node);
    if (name == "ac:adf-extension") return children(node.child("ac:adf-fallback"), depth + 1);
    if (name == "ac:layout" || name == "ac:layout-section" || name == "ac:layout-cell") {
      return wrapped("div", node, depth);
    }
    // What is written for the next writer, or for the program; a name alone says nothing.
    if (name == "ac:placeholder" || name == "ac:parameter" || name == "ac:adf-attribute") return;
    children(node, depth + 1);  // marks of inline comments, and what is not known
  }

  void wrapped(std::string_view tag, xml_node node, int depth) {
    add(fmt::format("<{}>", tag));
    children(node, depth + 1);
    add(fmt::format("</{}>", tag));
  }

  void element(xml_node node, std::string_view name, int depth) {
    std::string tag = "<" + std::string(name);
    for (const pugi::xml_attribute a : node.attributes()) {
      std::string value = a.value();
      for (size_t at = value.find('"'); at != std::string::npos; at = value.find('"', at)) {
        value.replace(at, 1, "&quot;");
      }
      tag += " " + std::string(a.name()) + "=\"" + value + "\"";
    }
    add(tag + ">");
    // A date alone stands in its attribute.
    if (name == "time" && !node.first_child()) add(node.attribute("datetime").value());
    if (name == "br" || name == "hr" || name == "img" || name == "col" || name == "input") return;
    children(node, depth + 1);
    add("</" + std::string(name) + ">");
  }

  void macro(xml_node node, int depth) {
    const std::string name = attribute(node, "ac:name");
    const std::string title = parameter(node, "title");
    if (name == "code" || name == "noformat") {
      strong(title);
      const std::string language = base::lower(parameter(node, "language"));
      add(language.empty() ? "<pre><code>" : "<pre><code class=\"language-" + escape_entities(language) + "\">");
      text(words(node.child("ac:plain-text-body")));
      return add("</code></pre>");
    }
    if (name == "status") return text(title);
    if (name == "jira") return issue(node);
    if (name == "include" || name == "excerpt-include") return include(node, name == "excerpt-include", depth);
    if (name == "drawio" || name == "gliffy" || name == "lucidchart") return diagram(node);
    if (const std::string_view shown = name_of_note(name); shown != "no note") {
      add("<blockquote>");
      strong(title.empty() ? shown : std::string_view(title));
      bodies(node, depth);
      return add("</blockquote>");
    }
    // Expand, excerpt, details, section, column, and those that are not known.
    strong(title);
    bodies(node, depth);
  }

  void bodies(xml_node node, int depth) {
    for (const xml_node body : node.children("ac:rich-text-body")) children(body, depth + 1);
    for (const xml_node body : node.children("ac:plain-text-body")) {
      add("<pre><code>");
      text(words(body));
      add("</code></pre>");
    }
  }

  void issue(xml_node node) {
    const std::string key = parameter(node, "key");
    text(key.empty() ? "Jira: " + parameter(node, "jqlQuery") : key);
  }

  void diagram(xml_node node) {
    std::string shown = parameter(node, "diagramDisplayName");
    if (shown.empty()) shown = parameter(node, "diagramName");
    if (shown.empty()) shown = parameter(node, "name");
    if (!shown.empty()) text("[diagram: " + shown + "]");
  }

  // The page that is meant stands in a parameter without a name.
  void include(xml_node node, bool excerpt, int depth) {
    xml_node page;
    for (const xml_node p : node.children("ac:parameter")) {
      if (!page) page = p.find_node([](xml_node n) { return std::string_view(n.name()) == "ri:page"; });
    }
    std::string title = attribute(page, "ri:content-title"), space = attribute(page, "ri:space-key");
    if (!page) title = parameter(node, "");  // "KEY:Title", of old pages
    if (const size_t colon = title.find(':'); !page && colon != std::string::npos) {
      space = title.substr(0, colon);
      title.erase(0, colon + 1);
    }
    const std::string there =
        names_.included && inclusions_ < kMaxInclusions ? names_.included(space, title, excerpt) : std::string();
    pugi::xml_document inner;
    if (!there.empty() && inner.load_buffer(there.data(), there.size(), kParsing, pugi::encoding_utf8)) {
      add("<div>");
      Writer(names_, out_, inclusions_ + 1).children(inner, depth + 1);
      return add("</div>");
    }
    if (title.empty()) return;
    add("<p>" + anchor(names_.page ? names_.page(space, title) : "", escape_entities(title)) + "</p>");
  }

  static std::string anchor(std::string_view url, std::string_view html) {
    if (url.empty()) return std::string(html);
    return "<a href=\"" + escape_entities(url) + "\">" + std::string(html) + "</a>";
  }

  void link(xml_node node, int depth) {
    std::string url, shown;
    if (const xml_node page = node.child("ri:page"); page) {
      shown = attribute(page, "ri:content-title");
      if (names_.page) url = names_.page(attribute(page, "ri:space-key"), shown);
    } else if (const xml_node post = node.child("ri:blog-post"); post) {
      shown = attribute(post, "ri:content-title");
      if (names_.page) url = names_.page(attribute(post, "ri:space-key"), shown);
    } else if (const xml_node file = node.child("ri:attachment"); file) {
      shown = attribute(file, "ri:filename");
      if (names_.attachment) url = names_.attachment(attribute(file.child("ri:page"), "ri:content-title"), shown);
    } else if (const xml_node user = node.child("ri:user"); user) {
      std::string id = attribute(user, "ri:account-id");
      if (id.empty()) id = attribute(user, "ri:userkey");
      if (id.empty()) id = attribute(user, "ri:username");
      shown = names_.user ? names_.user(id) : "";
      shown = "@" + (shown.empty() ? id : shown);
    } else if (const xml_node space = node.child("ri:space"); space) {
      shown = attribute(space, "ri:space-key");
    } else if (const xml_node other = node.child("ri:url"); other) {
      url = shown = attribute(other, "ri:value");
    }
    if (const std::string place = attribute(node, "ac:anchor"); !place.empty()) {
      if (!url.empty()) url += "#" + place;
      if (shown.empty()) shown = place;
    }
    if (const xml_node body = node.child("ac:link-body"); body && !words(body).empty()) {
      if (url.empty()) return children(body, depth + 1);
      add("<a href=\"" + escape_entities(url) + "\">");
      children(body, depth + 1);
      return add("</a>");
    }
    if (const std::string own = words(node.child("ac:plain-text-link-body")); !own.empty()) shown = own;
    add(anchor(url, escape_entities(shown)));
  }

  void image(xml_node node) {
    const xml_node file = node.child("ri:attachment"), other = node.child("ri:url");
    std::string shown = attribute(node, "ac:alt"), url = attribute(other, "ri:value");
    if (shown.empty()) shown = attribute(node, "ac:title");
    if (shown.empty()) shown = attribute(file, "ri:filename");
    if (file && names_.attachment) {
      url = names_.attachment(attribute(file.child("ri:page"), "ri:content-title"), attribute(file, "ri:filename"));
    }
    add("<img alt=\"" + escape_entities(shown) + "\" src=\"" + escape_entities(url) + "\">");
    if (const std::string caption = words(node.child("ac:caption")); !caption.empty()) {
      add("<p><em>" + escape_entities(caption) + "</em></p>");
    }
  }

  void task(xml_node node, int depth) {
    add(words(node.child("ac:task-status")) == "complete" ? "<li>[x] " : "<li>[ ] ");
    children(node.child("ac:task-body"), depth + 1);
    add("</li>");
  }

  void emoticon(xml_node node) {
    std::string shown = attribute(node, "ac:emoji-fallback");
    if (shown.empty()) shown = attribute(node, "ac:emoji-shortname");
    if (shown.empty()) shown = ":" + attribute(node, "ac:name") + ":";
    text(shown);
  }

  const Resolver& names_;
  std::string* out_;
  const int inclusions_;
};

}  // namespace

std::string storage_as_html(std::string_view storage, const Resolver& names, bool* whole) {
  pugi::xml_document page;
  const pugi::xml_parse_result parsed = page.load_buffer(storage.data(), storage.size(), kParsing, pugi::encoding_utf8);
  *whole = parsed.status == pugi::status_ok;
  // HTML's own rules make the best of it: elements that are not known are left out, and their words stay.
  if (!*whole) return std::string(storage);
  std::string out;
  Writer(names, &out, 0).children(page, 0);
  return out;
}

std::string excerpt_of(std::string_view storage) {
  pugi::xml_document page;
  if (!page.load_buffer(storage.data(), storage.size(), kParsing, pugi::encoding_utf8)) return {};
  struct Text : pugi::xml_writer {
    std::string out;
    void write(const void* data, size_t size) override { out.append(static_cast<const char*>(data), size); }
  } text;
  std::vector<xml_node> todo = {page};
  while (!todo.empty()) {
    const xml_node n = todo.back();
    todo.pop_back();
    if (std::string_view(n.attribute("ac:name").value()) == "excerpt" &&
        std::string_view(n.name()).starts_with("ac:")) {
      for (const xml_node body : n.children("ac:rich-text-body")) {
        // Without parse_escapes the characters are as they were written, and must not be escaped again.
        for (const xml_node part : body.children()) {
          part.print(text, "", pugi::format_raw | pugi::format_no_escapes, pugi::encoding_utf8);
        }
      }
      continue;
    }
    for (xml_node child = n.last_child(); child; child = child.previous_sibling()) todo.push_back(child);
  }
  return std::move(text.out);
}

}  // namespace tarn::document
