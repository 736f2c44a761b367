// How a source wants its items read: what is their type, their character set, and how much of a page is taken. It is
// kept with the source, and an item's way of being read is part of its version: a change reads again what it touches
// and nothing else.
// Shape:   `as` holds "TYPE:PATTERN" with a pattern in gitignore's syntax; the last one that matches a path decides.
// Errors:  those of reading the password's file; invalid_argument names the part that is not understood.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connector/folder/ignore.h"
#include "document/document.h"
#include "json/value.h"
#include "operation/field.h"

namespace tarn::connector {

struct Reading {
  std::vector<std::string> as;
  std::string charset;
  bool whole_page = false;
  std::string password_file = {};  // its first line opens what is encrypted; only its path is kept
  bool empty() const { return as.empty() && charset.empty() && !whole_page && password_file.empty(); }
  bool operator==(const Reading&) const = default;
};

// An object with what is set; null when nothing is.
json::Value to_json(const Reading& reading);
// What cannot be understood counts as not set.
Reading parse_reading(const json::Value& value);

class Reader {
 public:
  static base::Result<Reader> make(const Reading& reading);
  // The media type that the source gives the item at that path, if it gives one.
  std::optional<std::string> type_of(std::string_view path) const;
  // What extraction is to be told of an item of that type.
  document::ExtractOptions options(std::string_view mime) const;
  // What is other than by default for an item whose type would be `found`: "" or
  // ";as=text/markdown;charset=…;whole-page".
  std::string way(std::string_view mime, std::string_view found) const;

 private:
  Reading reading_;
  std::string password_;
  std::vector<std::pair<std::string, folder::Pattern>> as_;  // media type, pattern
};

}  // namespace tarn::connector

namespace tarn::operation {

// Of every source of documents: what a pull does with the bytes of its items.
inline auto keep_originals_field(auto member) {
  return field("keep_originals", member,
               "keep the bytes of each item in the lake, by their SHA-256; kept with the source");
}

template <>
struct Describe<connector::Reading> {
  static auto fields() {
    using connector::Reading;
    return std::tuple{
        field("as", &Reading::as,
              "take the files that match as markdown, html, pdf, docx … or text: markdown:*.qmd; kept with the source")
            .metavar("TYPE:PATTERN"),
        field("charset", &Reading::charset, "what the files are written in, such as windows-1252; kept with the source")
            .metavar("NAME"),
        field("whole_page", &Reading::whole_page,
              "take all text of web pages, their navigation too; kept with the source"),
        field("password_file", &Reading::password_file,
              "a file (chmod 600) whose first line is the password of encrypted PDFs; its whole path is kept with the "
              "source")
            .metavar("PATH"),
    };
  }
};

}  // namespace tarn::operation
