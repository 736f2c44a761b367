// What the connector has to know of a page's storage format before a worker reads it: whom it names, what it includes.
// Found by its attributes, as they are written; a full reading is document's.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tarn::connector::confluence {

// Ids of people who are mentioned.
std::set<std::string> people_in(std::string_view storage);

// "KEY:Title" of the pages that it shows in itself; `space`: the key where none is written.
std::vector<std::string> included_in(std::string_view storage, const std::string& space);

}  // namespace tarn::connector::confluence
