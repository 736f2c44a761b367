#include "document/office/package.h"

#include <algorithm>
#include <vector>

#include "base/ascii.h"
#include "base/utf8.h"
#include "document/read.h"
#include "text/analyzer.h"

namespace tarn::document::office {
namespace {

using base::Code;
using base::Result;
using base::Status;
using pugi::xml_node;

constexpr unsigned kParsing = pugi::parse_default | pugi::parse_ws_pcdata;
constexpr size_t kMaxRelations = 100'000, kMaxDeclaration = 200;

bool is_too_deep(xml_node root) {
  int depth = 0;
  xml_node n = root;
  for (;;) {
    if (n.first_child()) {
      n = n.first_child();
      if (++depth > kMaxXmlDepth) return true;
      continue;
    }
    while (n != root && !n.next_sibling()) {
      n = n.parent();
      --depth;
    }
    if (n == root) return false;
    n = n.next_sibling();
  }
}

bool is_utf16(std::string_view bytes) {
  return bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF") || bytes.substr(0, 4).find('\0') < 4;
}

// <?xml … encoding="…"?>
std::string_view stated_charset(std::string_view xml) {
  const std::string_view head = xml.substr(0, std::min(xml.find("?>"), kMaxDeclaration));
  size_t at = head.find("encoding");
  at = at == std::string_view::npos ? at : head.find_first_of("\"'", at);
  if (at == std::string_view::npos) return {};
  const size_t end = head.find(head[at], at + 1);
  return end == std::string_view::npos ? std::string_view() : head.substr(at + 1, end - at - 1);
}

}  // namespace

std::string_view local(xml_node node) {
  if (node.type() != pugi::node_element) return {};
  const std::string_view name = node.name();
  return name.substr(name.find(':') + 1);
}

bool is(xml_node node, std::string_view name) { return local(node) == name; }

std::string_view value(xml_node node, std::string_view attribute) {
  for (const pugi::xml_attribute a : node.attributes()) {
    const std::string_view name = a.name();
    if (name.ends_with(attribute) &&
        (name.size() == attribute.size() ||
         (name[name.size() - attribute.size() - 1] == ':' && !name.starts_with("xmlns")))) {
      return a.value();
    }
  }
  return {};
}

xml_node child(xml_node node, std::string_view name) {
  for (const xml_node n : node.children()) {
    if (is(n, name)) return n;
  }
  return {};
}

xml_node below(xml_node node, std::string_view name) {
  return node.find_node([name](xml_node n) { return is(n, name); });
}

xml_node choice(xml_node alternatives) {
  const xml_node first = child(alternatives, "Choice");
  return first && first.first_child() ? first : child(alternatives, "Fallback");
}

std::string text_of(xml_node node) {
  std::string out;
  for (xml_node n = node; n;) {
    const std::string_view name = local(n);
    if (n.type() == pugi::node_pcdata || n.type() == pugi::node_cdata) out += n.value();
    const bool parts = name == "p" || name == "h" || name == "br" || name == "line-break";
    if (parts && !out.empty() && out.back() != '\n') out += '\n';
    if (name == "tab" || name == "s") out += ' ';
    if (n.first_child()) {
      n = n.first_child();
      continue;
    }
    while (n != node && !n.next_sibling()) n = n.parent();
    if (n == node) break;
    n = n.next_sibling();
  }
  return clean(out);
}

bool is_on(xml_node property) {
  if (!property) return false;
  const std::string_view on = value(property, "val");
  return on != "0" && on != "false" && on != "off" && on != "none";
}

std::string clean(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const base::Utf8Char c = base::utf8_at(text, at);
    if (!c.well_formed) {
      out += "\xEF\xBF\xBD";
    } else if (c.value == '\t' || c.value == '\n' || (c.value >= ' ' && (c.value < 0x7F || c.value > 0x9F))) {
      out += text.substr(at, c.size);
    } else {
      out += ' ';
    }
    at += c.size;
  }
  return out;
}

std::string resolved(std::string_view from, std::string_view target) {
  if (target.starts_with('/')) return std::string(target.substr(1));
  std::string folder(from.substr(0, from.find_last_of('/') == std::string_view::npos ? 0 : from.find_last_of('/') + 1));
  while (target.starts_with("../") || target.starts_with("./")) {
    if (target.starts_with("../")) {
      if (!folder.empty()) folder.pop_back();
      folder.resize(folder.find_last_of('/') == std::string::npos ? 0 : folder.find_last_of('/') + 1);
    }
    target.remove_prefix(target.find('/') + 1);
  }
  return folder + std::string(target);
}

Result<Package> Package::open(const Input& input, std::string_view whose) {
  const std::string_view bytes = input.bytes;
  if (bytes.empty()) return Status(Code::invalid_argument, "it is empty", "see whether it was copied whole");
  if (!is_zip(bytes) && bytes.find("PK\x03\x04") == std::string_view::npos) {
    return Status(Code::invalid_argument, "it is no " + std::string(whose) + ": it is not a zip archive");
  }
  TARN_ASSIGN(Zip zip, Zip::open(bytes, input.budget));
  return Package(std::move(zip));
}

Result<std::string> Package::bytes(std::string_view name, uint64_t most_bytes) {
  const ZipMember* member = zip_.find(name);
  if (!member) return Status(Code::not_found, "it has no '" + std::string(name) + "'");
  return zip_.read(*member, most_bytes);
}

Result<std::unique_ptr<pugi::xml_document>> Package::xml(std::string_view name) {
  if (!has(name)) return std::unique_ptr<pugi::xml_document>();
  TARN_ASSIGN(std::string text, bytes(name));
  if (!is_utf16(text) && !is_utf8(text)) {
    TARN_ASSIGN(text::Decoded decoded, text::decode(text, stated_charset(text)));
    text = std::move(decoded.text);
  }
  auto document = std::make_unique<pugi::xml_document>();
  // Whatever it declares, it is UTF-8 by now.
  const pugi::xml_encoding encoding = is_utf16(text) ? pugi::encoding_auto : pugi::encoding_utf8;
  const pugi::xml_parse_result parsed = document->load_buffer(text.data(), text.size(), kParsing, encoding);
  if (!parsed) {
    return Status(Code::invalid_argument,
                  "'" + std::string(name) + "' in it is no XML (byte " + std::to_string(parsed.offset) + ": " +
                      parsed.description() + ")",
                  "save it anew");
  }
  if (is_too_deep(*document)) {
    return Status(Code::exhausted, "'" + std::string(name) + "' in it nests deeper than kMaxXmlDepth (" +
                                       std::to_string(kMaxXmlDepth) + ")");
  }
  return document;
}

std::unique_ptr<pugi::xml_document> Package::optional_xml(std::string_view name) {
  if (name.empty()) return nullptr;
  auto document = xml(name);
  if (document.ok()) return std::move(*document);
  damaged_.emplace_back(name);
  return nullptr;
}

std::map<std::string, Relation> Package::relations(std::string_view name) {
  const size_t slash = name.find_last_of('/') == std::string_view::npos ? 0 : name.find_last_of('/') + 1;
  const auto document =
      optional_xml(std::string(name.substr(0, slash)) + "_rels/" + std::string(name.substr(slash)) + ".rels");
  std::map<std::string, Relation> all;
  if (!document) return all;
  for (const xml_node r : document->document_element().children()) {
    if (!is(r, "Relationship") || all.size() > kMaxRelations) continue;
    Relation relation;
    const std::string_view type = value(r, "Type");
    relation.type = type.substr(type.find_last_of('/') + 1);
    relation.external = value(r, "TargetMode") == "External";
    relation.target = relation.external ? clean(value(r, "Target")) : resolved(name, value(r, "Target"));
    all.emplace(value(r, "Id"), std::move(relation));
  }
  return all;
}

std::string Package::related(const std::map<std::string, Relation>& relations, std::string_view type) const {
  for (const auto& [id, relation] : relations) {
    if (relation.type == type && !relation.external) return relation.target;
  }
  return {};
}

void Package::tell(json::Value* extra) const {
  if (damaged_.empty()) return;
  json::Value names = json::Value::array();
  for (const std::string& name : damaged_) names.push(clean(name));
  extra->set("damaged_parts", std::move(names));
}

}  // namespace tarn::document::office
