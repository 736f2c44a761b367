// XMP and IPTC: the words that people give to a picture.
#include <pugixml.hpp>

#include "base/ascii.h"
#include "document/image/byte_view.h"
#include "document/image/picture.h"

namespace tarn::document::image {
namespace {

constexpr size_t kMaxXmpBytes = size_t{4} << 20;
constexpr int kMaxXmpDepth = 40;

std::string_view local_name(const char* name) {
  const std::string_view whole(name);
  return whole.substr(whole.find(':') == std::string_view::npos ? 0 : whole.find(':') + 1);
}

void add_keyword(std::string_view word, Picture* out) {
  word = base::trimmed(word);
  if (word.empty() || out->keywords.size() >= kMaxFields) return;
  for (const std::string& known : out->keywords) {
    if (known == word) return;
  }
  out->keywords.emplace_back(word);
}

// The texts of a property: its own, or those of the list in it, the default language first.
std::vector<std::string> values_of(pugi::xml_node property) {
  std::vector<std::string> values;
  for (const pugi::xml_node list : property.children()) {
    for (const pugi::xml_node item : list.children()) {
      if (values.size() == kMaxFields) return values;
      if (local_name(item.name()) != "li") continue;
      const std::string value(base::trimmed(item.text().get()));
      if (value.empty()) continue;
      const bool first = std::string_view(item.attribute("xml:lang").value()) == "x-default";
      values.insert(first ? values.begin() : values.end(), value);
    }
  }
  const std::string own(base::trimmed(property.text().get()));
  if (values.empty() && !own.empty()) values.push_back(own);
  return values;
}

void property(std::string_view name, const std::vector<std::string>& values, Picture* out) {
  if (values.empty()) return;
  if (name == "title" || name == "Headline") Picture::keep(values[0], &out->title);
  if (name == "description") Picture::keep(values[0], &out->description);
  if (name == "rights") Picture::keep(values[0], &out->copyright);
  if (name == "CreatorTool") Picture::keep(values[0], &out->software);
  if (name == "DateTimeOriginal" || name == "DateCreated" || name == "CreateDate") {
    Picture::keep(values[0], &out->taken);
  }
  if (name == "creator") {
    std::string all;
    for (const std::string& one : values) all += (all.empty() ? "" : ", ") + one;
    Picture::keep(all, &out->author);
  }
  if (name == "subject") {
    for (const std::string& one : values) add_keyword(one, out);
  }
  if (name == "AltTextAccessibility" || name == "ExtDescrAccessibility") {
    out->add("alternative text", values[0]);
  }
  if (name == "City" || name == "Country" || name == "Location") out->add(base::lower(name), values[0]);
}

void walk(pugi::xml_node node, int depth, Picture* out) {
  if (depth > kMaxXmpDepth) return;
  for (const pugi::xml_node child : node.children()) {
    if (local_name(child.name()) == "Description") {
      for (const pugi::xml_attribute a : child.attributes()) property(local_name(a.name()), {a.value()}, out);
      for (const pugi::xml_node p : child.children()) property(local_name(p.name()), values_of(p), out);
    } else {
      walk(child, depth + 1, out);
    }
  }
}

}  // namespace

void read_xmp(std::string_view packet, Picture* out) {
  const size_t start = packet.find("<x:xmpmeta"), rdf = packet.find("<rdf:RDF");
  const size_t from = std::min(start, rdf);
  if (from == std::string_view::npos || packet.size() > kMaxXmpBytes) return;
  const std::string_view end = from == start ? "</x:xmpmeta>" : "</rdf:RDF>";
  const size_t to = packet.find(end, from);
  if (to == std::string_view::npos) return;
  const std::string_view xml = packet.substr(from, to + end.size() - from);
  pugi::xml_document document;
  // No entities are declared here: pugixml reads none of its own.
  if (document.load_buffer(xml.data(), xml.size(), pugi::parse_default, pugi::encoding_utf8)) walk(document, 0, out);
}

void read_iptc(std::string_view records, Picture* out) {
  const ByteView view{records, true};
  std::string charset;
  for (size_t at = 0, n = 0; view.has(at, 5) && n < kMaxSegments; ++n) {
    if (records[at] != 0x1C) {
      ++at;
      continue;
    }
    const auto record = static_cast<unsigned char>(records[at + 1]), set = static_cast<unsigned char>(records[at + 2]);
    const size_t size = view.u16(at + 3);
    if (size > 0x7FFF || !view.has(at + 5, size)) return;
    const std::string_view bytes = view.part(at + 5, size);
    at += 5 + size;
    if (record == 1 && set == 90 && bytes == "\x1B%G") charset = "utf-8";
    if (record != 2) continue;
    const std::string words = decoded(bytes, charset);
    if (set == 5 || set == 105) Picture::keep(words, &out->title);
    if (set == 120) Picture::keep(words, &out->description);
    if (set == 25) add_keyword(words, out);
    if (set == 80) Picture::keep(words, &out->author);
    if (set == 116) Picture::keep(words, &out->copyright);
    if (set == 90) out->add("city", words);
    if (set == 101) out->add("country", words);
  }
}

}  // namespace tarn::document::image
