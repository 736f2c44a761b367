// Where the secret of a named source is kept, and how it is got from there: never from an argument or a file of the
// lake.
// Errors:  not_found (the variable, the file, the entry), permission_denied (others may read the file), unsupported (no
//          keyring), invalid_argument (empty, or more than a line). A message names the place, never what lies there.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/progress.h"
#include "connector/source.h"

namespace tarn::connector {

struct SecretPlace {
  enum class Kind { none, environment, file, keyring };
  Kind kind = Kind::none;
  std::string where;                                            // the variable's name, the file's path
  std::vector<std::pair<std::string, std::string>> attributes;  // of a keyring's entry
};

// An empty one for none. The keyring is that of the desktop, asked by the program secret-tool; it may ask its user.
base::Result<Secret> read_secret(const SecretPlace& place, const base::Context& context);

// What is wrong with the mode (st_mode) of a file that holds a secret; "" where its owner alone may read it.
std::string open_to_others(uint32_t mode);

}  // namespace tarn::connector
