// What a pull of Confluence remembers: of each thing its version, and a hash of what changes without one (title,
// labels, place), and which pages it shows in itself.
// Shape:   doc/format/confluence-bookmark.md.
// Errors:  parse() gives an empty bookmark for anything that it does not understand: the next pull reads everything.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/hash.h"
#include "connector/confluence/wiki.h"
#include "json/value.h"

namespace tarn::connector::confluence {

inline constexpr int kBookmarkFormat = 1;

// No version of the wiki: the item waits to be read again.
inline constexpr int64_t kUnread = -1;

struct Known {
  Kind kind = Kind::page;
  int64_t version = 0;
  base::Hash128 rest;                      // of what is in its row beside what its version stands for
  std::string space;                       // its key
  std::string container = {};              // of a comment or an attachment
  std::vector<std::string> included = {};  // "KEY:Title" of pages that it shows in itself
  bool operator==(const Known&) const = default;
};

struct Bookmark {
  std::map<std::string, Known> items;  // by id
  int64_t rights_read_at_us = 0;       // when all rights were read; 0 = never
  bool operator==(const Bookmark&) const = default;
};

// Where people find it, below the base; its uri is that too, so that an item which is forgotten is found here.
std::string path_of(const std::string& id, Kind kind, const std::string& container);

json::Value to_json(const Bookmark& bookmark);
Bookmark parse_bookmark(const json::Value& value);

}  // namespace tarn::connector::confluence
