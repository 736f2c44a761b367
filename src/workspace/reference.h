// What people call a document: its id, its uri, or the end of its path, as search shows them.
#pragma once

#include <string>
#include <vector>

#include "duck/connection.h"
#include "workspace/workspace.h"

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

}  // namespace tarn::workspace
