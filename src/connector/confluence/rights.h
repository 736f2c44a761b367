// Who may read what: every layer of a page must let a reader in, the space's permission and the restrictions of the
// page itself and of each page above it that has any.
// Shape:   restrictions are read for a whole space by the search (those of each page, never those of its ancestors:
//          CONFCLOUD-77618), or page by page. A change of rights moves no date, so nothing else tells of it.
// Errors:  what could not be read is a layer that lets nobody in; it is no error.
// Threads: one.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "connector/confluence/listing.h"
#include "connector/confluence/wiki.h"

namespace tarn::connector::confluence {

struct Principal {
  enum class Kind : char { user = 'u', group = 'g', anonymous = 'a' };
  Kind kind = Kind::user;
  std::string id;
  std::string name = {}, email = {};
  auto operator<=>(const Principal& other) const { return std::tie(kind, id) <=> std::tie(other.kind, other.id); }
  bool operator==(const Principal& other) const { return kind == other.kind && id == other.id; }
};

struct Layer {
  std::string from;              // the id of a page, or "space:KEY"
  bool is_known = false;         // else nobody may
  std::set<Principal> may = {};  // one of them is enough
};

class Rights {
 public:
  Rights(Wiki& wiki, const There& there, const base::Context& context)
      : wiki_(wiki), there_(there), context_(context) {}

  // Reads the restrictions of all pages and posts in as few calls as it takes.
  base::Status sweep();
  // All layers of a page, a post, a comment or a file.
  base::Result<std::vector<Layer>> of(const Entry& entry);
  base::Result<std::set<Principal>> members(const Principal& group);

 private:
  base::Result<const Layer*> restriction(const std::string& page);
  base::Result<const Layer*> space(const std::string& key);
  base::Result<std::optional<std::string>> above(const std::string& page);
  base::Status take(const std::string& page, const json::Value& restrictions);
  base::Status subjects(const json::Value& list, Principal::Kind kind, std::set<Principal>* out);
  base::Status read_space(const std::string& key, Layer* out);
  Principal principal(const json::Value& subject, Principal::Kind kind) const;

  Wiki& wiki_;
  const There& there_;
  const base::Context& context_;
  std::map<std::string, Layer> pages_, spaces_;
  std::map<std::string, std::optional<std::string>> above_;  // of pages that are not pulled
};

// Whether whoever may read the one may read the other.
bool is_within(const std::vector<Layer>& one, const std::vector<Layer>& other);

}  // namespace tarn::connector::confluence
