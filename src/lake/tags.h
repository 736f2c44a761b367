// Tags: names for versions, kept in the lake. What a tag names is never vacuumed.
// Shape:   `_tarn/tags/<name>.json`, written once; doc/format/tag.md. A tag pins one version of each table that it
//          lists.
// Limits:  a name of kMaxTagName bytes, kMaxTags tags.
// Errors:  invalid_argument for a name that is none; already_exists; not_found; corruption (file) for what is not as it
//          was written.
// Threads: functions over a store; several processes may call them at once.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/status.h"
#include "store/store.h"

namespace tarn::lake {

inline constexpr size_t kMaxTagName = 100;
inline constexpr size_t kMaxTags = 10'000;
inline constexpr int kTagFormat = 1;

struct TaggedVersion {
  std::string table_id;  // of the table when it was tagged: another table under its name is not what was meant
  base::Version version;
  bool operator==(const TaggedVersion&) const = default;
};

struct Tag {
  std::string name;
  int64_t created_at_us = 0;
  std::map<std::string, TaggedVersion> tables;  // by path: "main/docs"
};

// A letter, then letters, digits, '.', '_', '-': never taken for a version or a time.
bool is_tag_name(std::string_view name);
base::Status check_tag_name(std::string_view name);

std::string tag_text(const Tag& tag);
base::Result<Tag> parse_tag(const std::string& text, const std::string& name);

base::Status put_tag(store::Store& store, const Tag& tag);
base::Result<Tag> read_tag(const store::Store& store, const std::string& name);
base::Result<std::vector<Tag>> list_tags(const store::Store& store);  // by name
base::Status delete_tag(store::Store& store, const std::string& name);

}  // namespace tarn::lake
