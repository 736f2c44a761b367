// Who may read an item, as its source tells it.
// Shape:   rules of one `inherited_from` are a layer: a space's permissions, the restrictions of one page. A layer lets
//          in whom one of its rules with kind read or owner names, and none of its rules with kind deny; an item is
//          read by those whom every layer of it lets in. An item without a rule is nobody's. Its parts go with it.
// Names:   principals are named by the source's own ids, which never change hands: no display names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tarn::connector {

// In a rule: nobody. What a layer is when it could not be read.
inline constexpr std::string_view kNobody = "";

struct Rule {
  enum class Kind { read, owner, deny };
  Kind kind = Kind::read;
  std::string principal;       // id of a Principal, or kNobody
  std::string inherited_from;  // what the rule stands on: the item's own uri, a page above it, "space:ENG"
  bool operator==(const Rule&) const = default;
};

struct Principal {
  enum class Kind {
    user,
    group,
    anyone,  // whoever asks, also without a name
  };
  std::string id;
  Kind kind = Kind::user;
  std::string name = {}, email = {};
  bool verified = false;  // the source says that the e-mail address was checked to be theirs
};

struct Membership {
  std::string group, principal;  // ids; a group may be in a group
};

std::string_view name_of(Rule::Kind kind);
std::string_view name_of(Principal::Kind kind);

}  // namespace tarn::connector
