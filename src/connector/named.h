// Named sources: the tables [sources.NAME] of a lake's tarn.toml.
// Shape:   doc/format/tarn-toml.md. What stands there is all that a pull of the name is told: options that an earlier
//          pull kept do not count.
// Errors:  invalid_argument for what is not understood, unsupported for what is reserved; each with the file, the line,
//          and the nearest word that is known. A value is never part of a message: it may be a secret.
// Threads: values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "connector/descriptor.h"
#include "connector/secret.h"

namespace tarn::connector {

inline constexpr size_t kMaxConfigBytes = size_t{1} << 20;

struct NamedSource {
  std::string name;
  std::string url;  // or an absolute path
  std::string into = "main.docs";
  json::Value options = json::Value::object();  // of its connector, checked
  SecretPlace secret;
  int line = 0;  // of the file, where it begins
};

// Letters, digits, '-' and '_', and no '-' at the start: never a path with a folder in it, nor a URL.
bool is_source_name(std::string_view word);

// In the order of their names. `file` is what messages call it.
base::Result<std::vector<NamedSource>> read_named_sources(std::string_view text, const std::string& file,
                                                          const std::vector<Descriptor>& among);

}  // namespace tarn::connector
