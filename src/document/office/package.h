// What Office Open XML, OpenDocument and EPUB share: a zip archive of XML files that name each other.
// Shape:   elements and attributes are asked by their names without a prefix, so that any prefix does. No DTD is read,
//          so that no entity of the file's own means anything.
// Errors:  invalid_argument for what is no XML or no zip, permission_denied for what is encrypted; exhausted names a
//          limit: kMaxXmlBytes of one file, kMaxXmlDepth.
// Threads: belongs to one thread.
#pragma once

#include <charconv>
#include <map>
#include <memory>
#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "base/status.h"
#include "document/archive/zip.h"
#include "document/document.h"
#include "document/reader.h"

namespace tarn::document::office {

inline constexpr uint64_t kMaxXmlBytes = uint64_t{64} << 20;
inline constexpr int kMaxXmlDepth = 500;

std::string_view local(pugi::xml_node node);  // an element's name without its prefix; "" for what is none
bool is(pugi::xml_node node, std::string_view name);
std::string_view value(pugi::xml_node node, std::string_view attribute);  // "" where there is none
pugi::xml_node child(pugi::xml_node node, std::string_view name);
pugi::xml_node below(pugi::xml_node node, std::string_view name);  // the first one at any depth
// Of AlternateContent the first form that is there: what it stands for is written twice.
pugi::xml_node choice(pugi::xml_node alternatives);
// The text of all below a node; paragraphs and lines of it are parted by a line's end, tabulators are blanks.
std::string text_of(pugi::xml_node node);

// A whole number as an attribute has it; `otherwise` where it is none.
template <typename T>
T number(std::string_view text, T otherwise) {
  T n = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), n);
  return n;
}

// "true", "1", "on" and the attribute's absence, as Office writes what is switched on: <w:b/>.
bool is_on(pugi::xml_node property);

struct Relation {
  std::string type;  // its last part: "styles", "hyperlink"
  std::string target;
  bool external = false;
};

class Package {
 public:
  // `whose`: what the file is to be, for errors: "Word document".
  static base::Result<Package> open(const Input& input, std::string_view whose);

  Zip& zip() { return zip_; }
  bool has(std::string_view name) const { return zip_.find(name) != nullptr; }
  base::Result<std::string> bytes(std::string_view name, uint64_t most_bytes = kMaxXmlBytes);
  // Null where there is no such file.
  base::Result<std::unique_ptr<pugi::xml_document>> xml(std::string_view name);
  // A file that the document can be read without: null also where it is damaged; its name is noted then.
  std::unique_ptr<pugi::xml_document> optional_xml(std::string_view name);
  // By their ids.
  std::map<std::string, Relation> relations(std::string_view name);
  // The target of the first relation of a type; "".
  std::string related(const std::map<std::string, Relation>& relations, std::string_view type) const;

  // What could not be read.
  const std::vector<std::string>& damaged() const { return damaged_; }
  void tell(json::Value* extra) const;

 private:
  explicit Package(Zip zip) : zip_(std::move(zip)) {}
  Zip zip_;
  std::vector<std::string> damaged_;
};

// "../media/a.png" as seen from the file "word/document.xml".
std::string resolved(std::string_view from, std::string_view target);

// Well-formed UTF-8, without control characters, whatever a file's numbers of characters say.
std::string clean(std::string_view text);

}  // namespace tarn::document::office
