// The lake's tables, opened once, and read at the versions that operations pin.
// Errors:  not_found where there is no such table, version, tag or lake; invalid_argument for an --as-of that says
//          nothing.
// Threads: any. What two of them need is opened once, and only they wait for it; no lock is held over reading or
//          opening.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/once.h"
#include "base/random.h"
#include "lake/leases.h"
#include "lake/table.h"
#include "lake/tags.h"
#include "workspace/lake_store.h"
#include "workspace/live_sets.h"

namespace tarn::workspace {

// What --as-of says: nothing, a version, a time or a tag.
struct AsOf {
  std::string text;
  std::optional<base::Version> version;
  std::optional<int64_t> time_us;
  std::optional<lake::Tag> tag;
};

// A table that one operation on all tables could not open.
struct PassedOver {
  std::string name;
  base::Status status;
};

class Tables {
 public:
  Tables(LakeStore& store, Databases& databases, Indexing& indexing, LiveSets& live_sets);

  // Observed: what is committed is indexed.
  base::Result<lake::Environment> lake_environment(bool create, bool observed);
  // With a version, only that one has to be readable.
  base::Result<std::shared_ptr<lake::TableReader>> open(const std::string& name, std::optional<base::Version> version,
                                                        const base::Context& context);
  void forget(const std::string& name);  // another table will have the name, or this one other files

  base::Result<AsOf> as_of(const std::string& text);
  base::Result<Pinned> pin(const std::string& name, const std::string& as_of, const base::Context& context);
  base::Result<Pinned> pin(const std::string& name, const AsOf& wanted, const base::Context& context);
  // Every table, or those named; with `indexed`, only text tables where none is named. Where none is named and
  // `passed_over` is given, a table that cannot be opened is said there, and the others go on.
  base::Result<std::vector<Pinned>> pin_all(const std::vector<std::string>& names, const std::string& as_of,
                                            bool indexed, const base::Context& context,
                                            std::vector<PassedOver>* passed_over = nullptr);

  base::Result<lake::LeaseHolder*> leases();
  // For an operation that reads files: taken before it pins, kept until it has read. Null where there is no lake.
  std::shared_ptr<const void> reading();

  // Where a locked connection may read: the lake, and what its links point to.
  std::vector<std::string> readable_directories();

 private:
  // Nothing for the newest.
  base::Result<std::optional<base::Version>> version_of(const lake::TableReader& table, const AsOf& wanted,
                                                        const base::Context& context);

  LakeStore& store_;
  Databases& databases_;
  Indexing& indexing_;
  LiveSets& live_sets_;
  base::Random random_;
  base::Once<std::shared_ptr<lake::LeaseHolder>> leases_;
  base::OncePerKey<std::string, std::shared_ptr<lake::TableReader>> tables_;
};

}  // namespace tarn::workspace
