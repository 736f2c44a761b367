#include "lake/dropped.h"

#include <fmt/format.h>

#include <algorithm>

#include "delta/log.h"
#include "delta/retention.h"
#include "duck/statements.h"
#include "lake/delta_table.h"
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
constexpr std::string_view kTombstone = "dropped.json", kMark = "creating-";
constexpr size_t kIdLength = 36;
// Where the table itself cannot be asked.
constexpr int64_t kDroppedUs = int64_t{7} * 24 * 3600 * 1'000'000;

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

// The log first: what a stop leaves is no table that somebody could take back. The tombstone last, so that the next
// sweep finds it.
int order_of(const std::string& name) {
  if (name == "_delta_log") return 0;
  return name == "_tarn" || name == kTombstone ? 2 : 1;
}

// All that lies below a directory; with `remove`, what is not newer than `until_us` goes, and the directory with it
// when it is empty.
Status walk(store::Store& store, const std::string& directory, int depth, bool remove, int64_t until_us,
            Extent* extent) {
  if (depth > kMaxWalkDepth) {
    return {Code::exhausted, fmt::format("{}: more than {} directories below each other", directory, kMaxWalkDepth)};
  }
  // A symbolic link goes as the link that it is; what it points to is not ours.
  if (remove && store.remove(directory).ok()) return {};
  TARN_ASSIGN(auto entries, store.list(directory));
  std::stable_sort(entries.begin(), entries.end(),
                   [](const auto& a, const auto& b) { return order_of(a.name) < order_of(b.name); });
  for (const auto& entry : entries) {
    const std::string path = directory + "/" + entry.name;
    extent->newest_us = std::max(extent->newest_us, entry.modified_us);
    if (entry.is_directory) {
      TARN_TRY(walk(store, path, depth + 1, remove, until_us, extent));
      continue;
    }
    ++extent->files;
    extent->size_bytes += static_cast<int64_t>(entry.size_bytes);
    if (remove && entry.modified_us <= until_us) TARN_TRY(store.remove(path));
  }
  if (!remove) return {};
  // Opening a directory for writing takes away what dead writers left in it. Where something stays, the next sweep
  // finds the directory.
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

std::string tombstone_path(const std::string& table_path) { return fmt::format("{}/_tarn/{}", table_path, kTombstone); }

std::string creating_mark(const std::string& table_path, const std::string& id) {
  return fmt::format("{}/_tarn/{}{}", table_path, kMark, id);
}

bool is_dropped(const store::Store& store, const std::string& table_path) {
  return store::exists(store, tombstone_path(table_path));
}

Status no_longer_there(const std::string& table_path) {
  return {
      Code::not_found, fmt::format("the table at '{}' was dropped", table_path),
      fmt::format("{} hides it until vacuum takes it: who takes that away has it again", tombstone_path(table_path))};
}

namespace {

// When a table with a tombstone was dropped; nothing for one that has none.
Result<std::optional<int64_t>> read_tombstone(const store::Store& store, const std::string& table_path) {
  const std::string path = tombstone_path(table_path);
  const auto entry = store.stat(path);
  if (entry.status().code() == Code::not_found) return std::optional<int64_t>();
  TARN_TRY(entry);
  TARN_ASSIGN(const std::string text, store.read(path));
  const auto parsed = json::parse(text);
  const auto said =
      parsed.ok() ? base::parse_utc((*parsed)["dropped_at"].as_string()) : Result<int64_t>(parsed.status());
  return std::optional<int64_t>(said.ok() ? *said : entry->modified_us);
}

// Whether one was being made when its writer died. Of a table that is there the marks mean nothing any more.
Result<bool> is_unfinished(const store::Store& store, const std::string& table_path) {
  TARN_ASSIGN(const auto own, store.list(table_path + "/_tarn", store::Detail::names));
  const bool marked = std::any_of(own.begin(), own.end(), [](const auto& entry) {
    return !entry.is_directory && entry.name.starts_with(kMark) && entry.name.size() == kMark.size() + kIdLength;
  });
  if (!marked) return false;
  TARN_ASSIGN(const delta::LogFiles files, delta::list_log(store, table_path));
  return files.empty() && files.remains.empty() && !store::exists(store, link_path(table_path));
}

}  // namespace

Result<std::vector<AsideTable>> list_aside(const store::Store& store) {
  std::vector<AsideTable> found;
  TARN_ASSIGN(const auto spaces, store.list(""));
  for (const auto& space : spaces) {
    if (!space.is_directory || space.name[0] == '_' || space.name[0] == '.') continue;
    TARN_ASSIGN(const auto entries, store.list(space.name));
    for (const auto& entry : entries) {
      if (!entry.is_directory || entry.name[0] == '.') continue;
      const std::string path = space.name + "/" + entry.name;
      if (entry.name[0] == '_') {
        if (auto aside = read_name(space.name, entry.name)) found.push_back(std::move(*aside));
        continue;
      }
      TARN_ASSIGN(const auto dropped_at_us, read_tombstone(store, path));
      TARN_ASSIGN(const bool unfinished, is_unfinished(store, path));
      if (dropped_at_us || unfinished) found.push_back({path, path, dropped_at_us});
    }
  }
  return found;
}

Result<std::shared_ptr<TableReader>> open_aside(const Environment& environment, const AsideTable& aside,
                                                const base::Context& context) {
  if (!is_dropped(*environment.store, aside.path)) return open_reader(environment, aside.path, {}, context);
  auto table = std::make_shared<DeltaTable>(environment, aside.path, true);
  TARN_TRY(table->snapshot({}, context));
  return std::shared_ptr<TableReader>(std::move(table));
}

Status remove_aside(store::Store& store, const std::string& path) {
  Extent gone;
  return walk(store, path, 0, true, INT64_MAX, &gone);
}

void remove_empty(store::Store& store, const std::string& table_path) {
  for (const char* below : {"/_tarn", "/_delta_log", ""}) static_cast<void>(store.remove(table_path + below));
}

Status drop_table(const Environment& environment, const std::string& path) {
  store::Store& store = *environment.store;
  const int64_t now_us = environment.clock->now_us();
  const Status renamed = store.rename_directory(path, dropped_path(path, now_us));
  if (renamed.code() != Code::unsupported) return renamed;
  TARN_ASSIGN(const auto tables, list_tables(store));
  if (std::find(tables.begin(), tables.end(), path) == tables.end()) {
    return {Code::not_found, fmt::format("there is no table at '{}'", path)};
  }
  const auto tombstone = json::Value::object({{"format", 1}, {"dropped_at", base::format_utc(now_us)}});
  return store.put_if_absent(tombstone_path(path), json::write(tombstone) + "\n");
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
    TARN_TRY(walk(store, aside.path, 0, false, 0, &extent));
    // One that is being made may hold nothing but staged rows, which no listing shows.
    const auto directory = store.stat(aside.path);
    if (!directory.ok()) continue;  // it has its name by now
    extent.newest_us = std::max(extent.newest_us, directory->modified_us);
    int64_t keep_us = kDroppedUs;
    std::string table_id;
    // A link has neither.
    if (const auto table = open_aside(environment, aside, context); table.ok()) {
      if (const auto snapshot = (*table)->snapshot({}, context); snapshot.ok()) {
        table_id = (*snapshot)->table_id;
        const int64_t keep_ms = delta::tombstone_ms(**snapshot);
        keep_us = keep_ms == INT64_MAX ? INT64_MAX : keep_ms * 1000;
      }
    }
    TARN_TRY(context.check());
    keep_us = std::min(options.retain_us.value_or(keep_us), now_us);
    if (!aside.dropped_at_us) keep_us = std::max(keep_us, kOrphanAgeUs);
    const int64_t until_us = now_us - keep_us;
    if (aside.dropped_at_us.value_or(extent.newest_us) > until_us) continue;
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
    // Of one that was being made, what came since is another writer's who makes it anew.
    Extent gone;
    if (!options.dry_run) TARN_TRY(walk(store, aside.path, 0, true, aside.dropped_at_us ? INT64_MAX : until_us, &gone));
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
