// Who may read what: every layer of a page must let a reader in, the space's permission and the restrictions of the
// page itself and of each page above it that has any.
// Shape:   restrictions are read for a whole space by the search (those of each page, never those of its ancestors:
//          CONFCLOUD-77618), else page by page. A change of rights moves no date, so nothing else tells of it.
// Errors:  what could not be read is a layer that lets nobody in; it is no error, and a note says so.
// Threads: one.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "connector/confluence/listing.h"
#include "connector/confluence/wiki.h"
#include "connector/rights.h"

namespace tarn::connector::confluence {

struct Layer {
  std::string from;       // the id of a page; "space:KEY", "above:ID"; "page:KEY:Title" of one that is not known
  bool is_known = false;  // else nobody may
  std::set<std::string> may = {};  // ids of principals; one of them is enough
};

class Rights {
 public:
  Rights(Wiki& wiki, const There& there, const base::Context& context)
      : wiki_(wiki), there_(there), context_(context) {}

  // Reads the restrictions of all pages and posts in as few calls as it takes.
  base::Status sweep();
  // All layers of a page, a post, a comment or a file.
  base::Result<std::vector<Layer>> of(const Entry& entry);

  // Whom the layers so far named, the groups' members among them; and who is in which group.
  struct People {
    std::vector<Principal> principals;
    std::vector<Membership> members;
  };
  base::Result<People> people();

  // What could not be read so far, for people.
  std::vector<Reject> unread() const;

 private:
  base::Result<const Layer*> restriction(const std::string& page);
  base::Result<const Layer*> space(const std::string& key);
  base::Result<std::optional<std::string>> above(const std::string& page);
  base::Status take(const std::string& page, const json::Value& restrictions);
  base::Status subjects(const json::Value& list, Principal::Kind kind, std::set<std::string>* out);
  base::Status read_space(const std::string& key, Layer* out);
  // The id of whom it names, who is known from then on; kNobody where it has none.
  std::string named(const json::Value& subject, Principal::Kind kind);
  std::string named(Principal::Kind kind, std::string id, std::string name, std::string email);

  Wiki& wiki_;
  const There& there_;
  const base::Context& context_;
  std::map<std::string, Layer> pages_, spaces_;
  std::map<std::string, std::optional<std::string>> above_;  // of pages that are not pulled
  std::map<std::string, Principal> principals_;              // by id
  std::map<std::string, std::string> unread_;                // where → why
  int failures_ = 0;                                         // in a row
};

// Whether whoever may read the one may read the other.
bool is_within(const std::vector<Layer>& one, const std::vector<Layer>& other);

}  // namespace tarn::connector::confluence
