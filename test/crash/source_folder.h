// A folder of Markdown files that changes, and the record of what it holds, kept outside of Tarn.
#pragma once

#include <map>
#include <set>
#include <string>

#include "base/random.h"

namespace tarn::crash {

class SourceFolder {
 public:
  SourceFolder(std::string path, uint64_t seed) : path_(std::move(path)), random_(seed) {}
  const std::string& path() const { return path_; }

  void create(int count);
  // Rewrites most files, removes, renames and adds some: a pull of it makes many commits.
  void change();
  // Touches a handful.
  void change_a_little();

  // uri → XXH3-128 of the bytes, as of now.
  const std::map<std::string, std::string>& expected() const { return hash_by_uri_; }
  // Whether the uri ever had this hash.
  bool was_ever(const std::string& uri, const std::string& hash) const;
  // The line that this version of the file has and no other one.
  const std::string& token(const std::string& uri) const { return token_by_uri_.at(uri); }

 private:
  std::string uri(const std::string& name) const;
  void write(const std::string& name);
  void remove(const std::string& name);
  void rename(const std::string& from, const std::string& to);
  std::string fresh_name();

  const std::string path_;
  base::Random random_;
  int next_ = 0;
  std::set<std::string> names_;
  std::map<std::string, std::string> hash_by_uri_, token_by_uri_;
  std::set<std::pair<std::string, std::string>> history_;
};

}  // namespace tarn::crash
