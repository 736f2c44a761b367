// Taking an item out of a bookmark that names it, for forgetting. What a bookmark looks like is known to its connector
// alone; any list item or member that names the item goes.
#pragma once

#include <set>
#include <string>

#include "json/value.h"

namespace tarn::connector {

// What an item is called outside its table.
struct ForgottenItem {
  std::set<std::string> ids, uris;
};

// True when something went.
bool take_out(const ForgottenItem& item, json::Value* bookmark);

}  // namespace tarn::connector
