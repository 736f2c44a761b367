// The sources that the lake's tarn.toml names.
// Errors:  those of connector::read_named_sources(), and invalid_argument for two names of one source into one table; a
//          lake without the file names none.
// Threads: any. The file is read each time: whoever edits it need not start anything anew.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "connector/named.h"
#include "workspace/lake_store.h"
#include "workspace/options.h"

namespace tarn::workspace {

class NamedSources {
 public:
  NamedSources(const OpenOptions& options, LakeStore& store) : options_(options), store_(store) {}

  base::Result<std::vector<connector::NamedSource>> all();
  // Nothing for a word that names none; one that cannot be a name does not touch the file.
  base::Result<std::optional<connector::NamedSource>> find(const std::string& word);
  // Where the file is, or would be.
  std::string file() const { return store_.directory() + "/tarn.toml"; }
  const std::vector<connector::Descriptor>& connectors() const;

 private:
  // Two names of one source would take each other's rows for gone.
  base::Status check_each_once(const std::vector<connector::NamedSource>& sources) const;

  const OpenOptions& options_;
  LakeStore& store_;
};

}  // namespace tarn::workspace
