// The tables of rights: `tarn.acl`, `tarn.principals` and `tarn.members` (doc/format/rights.md), as a pull keeps them.
// Shape:   what a source tells is gathered, and stored before the documents that it rules. What is stored goes from
//          less to more: members leave, rules change, members come; whoever reads in between, or after a crash, sees
//          less than either side, never more.
// Threads: belongs to one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "connector/rights.h"
#include "duck/connection.h"
#include "ingest/rows.h"
#include "ingest/side_table.h"

namespace tarn::ingest {

inline constexpr std::string_view kAclTable = "tarn.acl";
inline constexpr std::string_view kPrincipalsTable = "tarn.principals";
inline constexpr std::string_view kMembersTable = "tarn.members";
SideTable acl_table();         // source, uri, kind, principal, inherited_from
SideTable principals_table();  // source, id, kind, name, email, verified
SideTable members_table();     // source, group, principal

class Rights {
 public:
  // `source` is a canonical URL; the connection outlives this.
  Rights(duck::Connection& connection, std::string source);

  // None: nobody may read it.
  base::Status add(const std::string& uri, const std::vector<connector::Rule>& rules);
  // All that the source has.
  base::Status add(const std::vector<connector::Principal>& principals,
                   const std::vector<connector::Membership>& members);
  // What was told since the last call; and, once, that the source keeps rights, so that an item without a rule is
  // nobody's.
  base::Status store(const lake::Environment& environment, const base::Context& context);

 private:
  duck::Connection& connection_;
  const std::string source_;
  RowBuffer acl_, principals_, members_;
  bool people_ = false;  // were told
};

}  // namespace tarn::ingest
