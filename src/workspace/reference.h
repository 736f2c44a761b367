// What people call a document: its id, its uri, or the end of its path, as search shows them.
#pragma once

#include <string>
#include <vector>

#include "duck/connection.h"
#include "workspace/tables.h"

namespace tarn::workspace {

struct NamedDocument {
  std::string table, id, uri;
};

inline constexpr size_t kMaxNamed = 10;  // that a caller is told of

// The documents of that name by uri: the whole of it, a path of this machine, or the last parts of a path
// ("guide/intro.md"); kMaxNamed + 1 at most. An id is no such name.
base::Result<std::vector<NamedDocument>> documents_called(const std::string& name, const std::vector<Pinned>& tables,
                                                          duck::Connection& connection);

// invalid_argument that lists them.
base::Status ambiguous(const std::string& name, const std::vector<NamedDocument>& found);

struct FoundDocument {
  Pinned pinned;
  std::string id;
};
// The one document that is called `name`, in the table named or else in all text tables. not_found, invalid_argument
// (several are called so).
base::Result<FoundDocument> find_document(const std::string& name, const std::string& table, const std::string& as_of,
                                          Tables& tables, duck::Connection& connection, const base::Context& context);

}  // namespace tarn::workspace
