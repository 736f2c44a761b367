// What there is in a wiki now, and what of it is not there any more.
// Shape:   the database's lists of pages and posts are believed; the search's index, which lags behind, adds labels,
//          comments and files. What one of them has and the other has not, and what the bookmark has and none of them,
//          is asked for by its id: lists may leave out what is there, when something moves while they are read.
// Errors:  those of the wiki, where no space could be listed. One that could not, beside others, is a reject, and what
//          is known of it stays.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "connector/confluence/bookmark.h"
#include "connector/confluence/wiki.h"
#include "connector/connector.h"

namespace tarn::connector::confluence {

struct Selection {
  std::vector<std::string> spaces;  // keys; none = all
  std::vector<std::string> labels;  // any of them
  std::string ancestor;             // the id of a page, with what lies below it
  std::string cql;
  bool comments = true, attachments = true;
  int64_t acl_every_s = 0;  // all rights are read as often, and with all that is new
  // Whether only some pages are meant: then the search decides which.
  bool is_narrow() const { return !labels.empty() || !ancestor.empty() || !cql.empty(); }
};

struct There {
  std::vector<Space> spaces;             // that could be listed
  std::map<std::string, Entry> entries;  // by id, without bodies
  std::set<std::string> unsure;          // ids of the bookmark that could not be looked at: what was read stays
  std::vector<Reject> rejects;
  std::vector<std::string> notes;
};

// What a reject says: why, and the remedy.
std::string with_hint(const base::Status& status);

base::Result<There> list(Wiki& wiki, const Selection& selection, const Bookmark& old, const base::Context& context);

}  // namespace tarn::connector::confluence
