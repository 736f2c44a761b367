#include "lake/dropped.h"

#include <fmt/format.h>

#include <algorithm>

#include "delta/log.h"
#include "delta/retention.h"
#include "duck/statements.h"
#include "lake/leases.h"
#include "lake/link.h"
#include "lake/tags.h"
#include "lake/vacuum.h"

namespace tarn::lake {
namespace {

using base::Code;
using base::Result;
using base::Status;

constexpr std::string_view kDropped = "_dropped-", kCreating = "_creating-";
constexpr size_t kIdLength = 36;
constexpr int64_t kDroppedUs = int64_t{7} * 24 * 3600 * 1'000'000;  // where the table itself cannot be asked

std::string beside(const std::string& table_path, std::string_view prefix, std::string_view suffix) {
  const size_t slash = table_path.rfind('/') + 1;
  return fmt::format("{}{}{}-{}", table_path.substr(0, slash), prefix, table_path.substr(slash), suffix);
}

// A time that can stand in a file's name: 20261126T031500123456Z.
std::string compact_time(int64_t time_us) {
  std::string text = base::format_utc(time_us);
  std::erase_if(text, [](char c) { return c == '-' || c == ':' || c == '.'; });
  return text;
}

std::optional<int64_t> read_compact_time(std::string_view text) {
  if (text.size() < 16 || text.back() != 'Z') return {};
  const std::string_view fraction = text.substr(15, text.size() - 16);
  const auto time = base::parse_utc(fmt::format("{}-{}-{}T{}:{}:{}{}{}Z", text.substr(0, 4), text.substr(4, 2),
                                                text.substr(6, 2), text.substr(9, 2), text.substr(11, 2),
                                                text.substr(13, 2), fraction.empty() ? "" : ".", fraction));
  // What would not be written so is somebody else's.
  if (!time.ok() || compact_time(*time) != text) return {};
  return *time;
}

std::optional<AsideTable> read_name(const std::string& space, const std::string& name) {
  AsideTable aside{space + "/" + name, {}, {}};
  if (name.starts_with(kDropped)) {
    const size_t dash = name.rfind('-');
    if (dash <= kDropped.size()) return {};
    aside.dropped_at_us = read_compact_time(std::string_view(name).substr(dash + 1));
    if (!aside.dropped_at_us) return {};
    aside.table = space + "/" + name.substr(kDropped.size(), dash - kDropped.size());
    return aside;
  }
  if (!name.starts_with(kCreating) || name.size() < kCreating.size() + kIdLength + 2) return {};
  const size_t dash = name.size() - kIdLength - 1;
  if (name[dash] != '-') return {};
  aside.table = space + "/" + name.substr(kCreating.size(), dash - kCreating.size());
  return aside;
}

struct Extent {
  int64_t files = 0, size_bytes = 0, newest_us = 0;
};

// All that lies below a directory; with `remove`, it goes, and the directory with it.
Status walk(store::Store& store, const std::string& directory, int depth, bool remove, Extent* extent) {
  if (depth > kMaxWalkDepth) {
    return {Code::exhausted, fmt::format("{}: more than {} directories below each other", directory, kMaxWalkDepth)};
  }
  // A symbolic link goes as the link that it is; what it points to is not ours.
  if (remove && store.remove(directory).ok()) return {};
  TARN_ASSIGN(auto entries, store.list(directory));
  // The log first: what a stop leaves is no table that somebody could rename back.
  std::stable_partition(entries.begin(), entries.end(), [](const auto& entry) { return entry.name == "_delta_log"; });
  for (const auto& entry : entries) {
    const std::string path = directory + "/" + entry.name;
    extent->newest_us = std::max(extent->newest_us, entry.modified_us);
    if (entry.is_directory) {
      TARN_TRY(walk(store, path, depth + 1, remove, extent));
      continue;
    }
    ++extent->files;
    extent->size_bytes += static_cast<int64_t>(entry.size_bytes);
    if (remove) TARN_TRY(store.remove(path));
  }
  if (!remove) return {};
  // Opening a directory for writing takes away what dead writers left in it. Where something stays, the next sweep finds the directory.
  if (const auto staged = store.stage(directory); staged.ok()) store.discard(*staged);
  static_cast<void>(store.remove(directory));
  return {};
}

}  // namespace

std::string dropped_path(const std::string& table_path, int64_t now_us) {
  return beside(table_path, kDropped, compact_time(now_us));
}

std::string creating_path(const std::string& table_path, const std::string& id) {
  return beside(table_path, kCreating, id);
}

Result<std::vector<AsideTable>> list_aside(const store::Store& store) {
  std::vector<AsideTable> found;
  TARN_ASSIGN(const auto spaces, store.list(""));
  for (const auto& space : spaces) {
    if (!space.is_directory || space.name[0] == '_' || space.name[0] == '.') continue;
    TARN_ASSIGN(const auto entries, store.list(space.name));
    for (const auto& entry : entries) {
      if (!entry.is_directory || entry.name[0] != '_') continue;
      if (auto aside = read_name(space.name, entry.name)) found.push_back(std::move(*aside));
    }
  }
  return found;
}

Status remove_aside(store::Store& store, const std::string& path) {
  Extent gone;
  return walk(store, path, 0, true, &gone);
}

Status drop_table(const Environment& environment, const std::string& path) {
  return environment.store->rename_directory(path, dropped_path(path, environment.clock->now_us()));
}

Result<AsideReport> sweep_aside(const Environment& environment, const VacuumOptions& options,
                                const base::Context& context) {
  store::Store& store = *environment.store;
  const int64_t now_us = environment.clock->now_us();
  AsideReport report;
  TARN_ASSIGN(const auto all, list_aside(store));
  if (all.empty()) return report;
  TARN_ASSIGN(const auto tags, list_tags(store));
  TARN_ASSIGN(const auto leases, live_leases(store, now_us));
  for (const AsideTable& aside : all) {
    TARN_TRY(context.check());
    Extent extent;
    TARN_TRY(walk(store, aside.path, 0, false, &extent));
    // One that is being made may hold nothing but staged rows, which no listing shows.
    const auto directory = store.stat(aside.path);
    if (!directory.ok()) continue;  // it has its name by now
    extent.newest_us = std::max(extent.newest_us, directory->modified_us);
    int64_t keep_us = kDroppedUs;
    std::string table_id;
    // A link has neither.
    if (const auto table = open_reader(environment, aside.path, {}, context); table.ok()) {
      if (const auto snapshot = (*table)->snapshot({}, context); snapshot.ok()) {
        table_id = (*snapshot)->table_id;
        const int64_t keep_ms = delta::tombstone_ms(**snapshot);
        keep_us = keep_ms == INT64_MAX ? INT64_MAX : keep_ms * 1000;
      }
    }
    TARN_TRY(context.check());
    keep_us = std::min(options.retain_us.value_or(keep_us), now_us);
    if (!aside.dropped_at_us) keep_us = std::max(keep_us, kOrphanAgeUs);
    if (aside.dropped_at_us.value_or(extent.newest_us) > now_us - keep_us) continue;
    if (aside.dropped_at_us) {
      const bool tagged = std::any_of(tags.begin(), tags.end(), [&](const Tag& tag) {
        const auto pinned = tag.tables.find(aside.table);
        return pinned != tag.tables.end() && (table_id.empty() || pinned->second.table_id == table_id);
      });
      const bool leased = std::any_of(leases.begin(), leases.end(), [&](const Lease& lease) {
        return lease.from_us - kClockSkewUs <= *aside.dropped_at_us;
      });
      report.kept_by_tags += tagged ? 1 : 0;
      report.kept_by_leases += leased ? 1 : 0;
      if (tagged || leased) continue;
    }
    if (!options.dry_run) TARN_TRY(remove_aside(store, aside.path));
    report.removed.push_back({aside, extent.files, extent.size_bytes});
  }
  return report;
}

Status check_spelling(const store::Store& store, const std::string& path) {
  const size_t slash = path.find('/');
  if (slash == std::string::npos) return {};
  TARN_ASSIGN(const auto spaces, store.list("", store::Detail::names));
  for (const auto& space : spaces) {
    if (!space.is_directory || !duck::equal_names(space.name, path.substr(0, slash))) continue;
    TARN_ASSIGN(const auto entries, store.list(space.name, store::Detail::names));
    for (const auto& entry : entries) {
      const std::string other = space.name + "/" + entry.name;
      if (!entry.is_directory || other == path || !duck::equal_names(entry.name, path.substr(slash + 1))) continue;
      TARN_ASSIGN(const delta::LogFiles files, delta::list_log(store, other));
      if (files.empty() && files.remains.empty() && !store::exists(store, link_path(other))) continue;
      return {Code::already_exists,
              fmt::format("there is a table at '{}' already, whose name differs by case only", other),
              "take its name, or another one"};
    }
  }
  return {};
}

}  // namespace tarn::lake
