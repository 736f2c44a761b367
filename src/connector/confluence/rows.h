// Of each thing of a wiki its row: what it is called, what stands in its columns, and what of that changes without a
// new version.
// Threads: one; what is there is read when a row is asked for.
#pragma once

#include <string>
#include <vector>

#include "base/hash.h"
#include "connector/confluence/bookmark.h"
#include "connector/confluence/listing.h"
#include "connector/confluence/wiki.h"
#include "connector/connector.h"

namespace tarn::connector::confluence {

class Rows {
 public:
  Rows(const Wiki& wiki, const There& there) : wiki_(wiki), there_(there) {}

  std::string uri(const std::string& id, Kind kind, const std::string& container) const {
    return wiki_.base() + "/" + path_of(id, kind, container);
  }
  std::string uri(const Entry& e) const { return uri(e.id, e.kind, e.container); }
  std::string page_uri(const std::string& id) const { return uri(id, Kind::page, {}); }

  // All but its bytes, their type and its source_version.
  Item item(const Entry& e) const;
  // What is in a row beside what its version stands for.
  base::Hash128 rest(const Entry& e) const;
  std::string source_version(const Entry& e) const;
  Known known(const Entry& e) const;

 private:
  std::vector<std::string> above(const Entry& e) const;  // titles of the pages above, outermost first
  json::Value extra(const Entry& e) const;

  const Wiki& wiki_;
  const There& there_;
};

}  // namespace tarn::connector::confluence
