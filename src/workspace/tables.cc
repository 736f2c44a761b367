#include "workspace/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/clock.h"
#include "ingest/rejects.h"
#include "lake/link.h"
#include "lake/table_name.h"
#include "lake/text_table.h"

namespace tarn::workspace {

using base::Code;
using base::Result;
using base::Status;

Tables::Tables(LakeStore& store, Databases& databases, Indexing& indexing, LiveSets& live_sets)
    : store_(store),
      databases_(databases),
      indexing_(indexing),
      live_sets_(live_sets),
      random_(base::Random::from_system()) {}

Result<lake::Environment> Tables::lake_environment(bool create, bool observed) {
  lake::Environment environment;
  TARN_ASSIGN(environment.store, store_.open(create));
  environment.clock = &base::system_clock();
  environment.random = &random_;
  environment.connect = [this] { return databases_.connect(); };
  if (observed) {
    TARN_ASSIGN(environment.observer, indexing_.open());
  }
  return environment;
}

Result<std::shared_ptr<lake::TableReader>> Tables::open(const std::string& name, std::optional<base::Version> version,
                                                        const base::Context& context) {
  TARN_ASSIGN(std::string canonical, lake::full_name(name));
  const auto open_at = [&](std::optional<base::Version> wanted) -> Result<std::shared_ptr<lake::TableReader>> {
    TARN_ASSIGN(lake::Environment environment, lake_environment(false, true));
    const std::string path = lake::path_of_table(canonical);
    auto opened = lake::open_reader(environment, path, wanted, context);
    if (opened.status().code() != Code::not_found) return opened;
    // A version that is not there, or a link that leads nowhere, says so itself.
    TARN_ASSIGN(const auto there, lake::list_tables(*environment.store));
    if (std::find(there.begin(), there.end(), path) != there.end()) return opened.status();
    return Status(Code::not_found, fmt::format("the lake has no table {}", canonical),
                  "tarn tables lists what there is");
  };
  auto opened = tables_.get(canonical, [&] { return open_at({}); }, context);
  // Damage in the newest version does not keep an older one from being read; such a table is not kept.
  if (version && opened.status().code() == Code::corruption) return open_at(version);
  return opened;
}

void Tables::forget(const std::string& name) {
  tables_.forget(name);
  live_sets_.forget(name);
}

Result<lake::LeaseHolder*> Tables::leases() {
  TARN_ASSIGN(const auto opened, leases_.get([&]() -> Result<std::shared_ptr<lake::LeaseHolder>> {
    TARN_ASSIGN(store::Store * lake_store, store_.open());
    return std::make_shared<lake::LeaseHolder>(*lake_store, base::system_clock(), random_);
  }));
  return opened.get();
}

std::shared_ptr<const void> Tables::reading() {
  const auto holder = leases();
  return holder.ok() ? (*holder)->hold() : nullptr;
}

Result<AsOf> Tables::as_of(const std::string& text) {
  AsOf wanted{text, {}, {}, {}};
  if (text.empty()) return wanted;
  if (text.size() <= 18 && text.find_first_not_of("0123456789") == std::string::npos) {
    wanted.version = base::Version(std::stoll(text));
    return wanted;
  }
  if (const auto time = base::parse_utc(text); time.ok()) {
    wanted.time_us = *time;
    return wanted;
  }
  if (!lake::is_tag_name(text)) {
    return Status(Code::invalid_argument, fmt::format("--as-of '{}' is neither a version, a time nor a tag", text),
                  "write a version such as 12, a time such as 2026-11-22T10:00:00Z, or a tag's name; tarn history and "
                  "tarn tag list them");
  }
  TARN_ASSIGN(store::Store * lake_store, store_.open());
  TARN_ASSIGN(wanted.tag, lake::read_tag(*lake_store, text));
  return wanted;
}

Result<std::optional<base::Version>> Tables::version_of(const lake::TableReader& table, const AsOf& wanted,
                                                        const base::Context& context) {
  std::optional<base::Version> version = wanted.version;
  if (wanted.time_us) {
    TARN_ASSIGN(version, table.version_at(*wanted.time_us, context));
  } else if (wanted.tag) {
    const auto pinned = wanted.tag->tables.find(table.path());
    if (pinned == wanted.tag->tables.end()) {
      return Status(Code::not_found,
                    fmt::format("tag '{}' names no version of {}", wanted.tag->name, lake::name_of_table(table.path())),
                    "tarn tag lists what each tag names");
    }
    TARN_ASSIGN(const auto newest, table.snapshot({}, context));
    if (newest->table_id != pinned->second.table_id) {
      return Status(Code::not_found, fmt::format("tag '{}' is of another table that was called {}", wanted.tag->name,
                                                 lake::name_of_table(table.path())));
    }
    version = pinned->second.version;
  }
  return version;
}

Result<Pinned> Tables::pin(const std::string& name, const std::string& as_of_text, const base::Context& context) {
  TARN_ASSIGN(const AsOf wanted, as_of(as_of_text));
  return pin(name, wanted, context);
}

Result<Pinned> Tables::pin(const std::string& name, const AsOf& wanted, const base::Context& context) {
  Pinned pinned;
  TARN_ASSIGN(pinned.name, lake::full_name(name));
  TARN_ASSIGN(pinned.table, open(pinned.name, wanted.version, context));
  TARN_ASSIGN(const auto version, version_of(*pinned.table, wanted, context));
  if (version) {
    TARN_ASSIGN(lake::LeaseHolder * holder, leases());
    holder->add_version(pinned.table->path(), *version);
  }
  TARN_ASSIGN(pinned.snapshot, pinned.table->snapshot(version, context));
  return pinned;
}

Result<std::vector<Pinned>> Tables::pin_all(const std::vector<std::string>& names, const std::string& as_of_text,
                                            bool indexed, const base::Context& context,
                                            std::vector<PassedOver>* passed_over) {
  TARN_ASSIGN(const AsOf wanted, as_of(as_of_text));
  const bool is_version = wanted.version.has_value();
  std::vector<Pinned> all;
  if (!names.empty()) {
    for (const std::string& name : names) {
      TARN_ASSIGN(Pinned pinned, pin(name, wanted, context));
      all.push_back(std::move(pinned));
    }
  } else {
    TARN_ASSIGN(store::Store * lake_store, store_.open());
    TARN_ASSIGN(std::vector<std::string> paths, lake::list_tables(*lake_store));
    for (const std::string& path : paths) {
      const std::string name = lake::name_of_table(path);
      // Which tables are text tables is asked of the newest version: a time may be older than a table.
      auto opened = pin(name, "", context);
      TARN_TRY(context.check());  // a table whose reading was stopped is not one that cannot be read
      if (!opened.ok() && passed_over != nullptr) {
        passed_over->push_back({name, opened.status()});
        continue;
      }
      // A link whose folder is away does not keep the other tables from being read; named, it says so.
      if (opened.status().code() == Code::not_found && lake::read_link(*lake_store, path).ok()) continue;
      TARN_ASSIGN(Pinned newest, std::move(opened));
      if (indexed && (!lake::is_text_table(newest.snapshot->schema) || name == ingest::kRejectsTable)) continue;
      if (as_of_text.empty()) {
        all.push_back(std::move(newest));
        continue;
      }
      auto pinned = pin(name, wanted, context);
      TARN_TRY(context.check());
      if (pinned.ok()) {
        all.push_back(std::move(*pinned));
      } else if (pinned.status().code() != Code::not_found || is_version) {
        if (is_version || passed_over == nullptr) return pinned.status();
        passed_over->push_back({name, pinned.status()});
      }
    }
  }
  if (is_version && all.size() > 1) {
    return Status(Code::invalid_argument,
                  fmt::format("version {} needs one table, and {} are searched", as_of_text, all.size()),
                  "name the table, or give a time or a tag");
  }
  return all;
}

std::vector<std::string> Tables::readable_directories() {
  const auto lake_store = store_.open();
  if (!lake_store.ok()) return {store_.directory()};
  std::vector<std::string> directories{(*lake_store)->local_root()};
  const auto links = lake::list_links(**lake_store);
  if (!links.ok()) return directories;
  for (const auto& [path, link] : *links) {
    // One whose folder is away does not keep the others from being read.
    std::error_code error;
    if (!std::filesystem::is_directory(link.target, error)) continue;
    directories.push_back(link.target);
    if (!link.outside) continue;
    const auto linked = open(lake::name_of_table(path), {}, {});
    const auto newest =
        linked.ok() ? (*linked)->snapshot() : Result<std::shared_ptr<const delta::Snapshot>>(linked.status());
    if (!newest.ok()) continue;
    for (const auto& [file, data] : (*newest)->files) {
      if (file.starts_with('/') && std::filesystem::exists(file, error)) directories.push_back(file);
    }
  }
  return directories;
}

}  // namespace tarn::workspace
