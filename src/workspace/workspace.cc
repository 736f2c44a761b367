#include "workspace/workspace.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include "document/document.h"
#include "duck/remote.h"
#include "ingest/text_table.h"
#include "lake/link.h"

namespace tarn::workspace {
namespace {

using base::Code;
using base::Result;
using base::Status;
namespace fs = std::filesystem;

constexpr const char* kModelName = "all-MiniLM-L6-v2";
constexpr const char* kPluginName = "libtarn_openvino.so";

std::string program_directory(const std::string& program) {
  std::error_code error;
  const fs::path self = program.empty() ? fs::read_symlink("/proc/self/exe", error) : fs::path(program);
  return self.parent_path().string();
}

// The first of the candidates that is there, or the first.
std::string first_there(const std::vector<fs::path>& candidates) {
  std::error_code error;
  for (const fs::path& path : candidates) {
    if (fs::exists(path, error)) return path.string();
  }
  return candidates.front().string();
}

// Where DuckDB puts what its memory limit has no room for: a directory for each process, made and removed by DuckDB when it needs it.
// Those that a killed process left behind go after a day.
std::string spill_directory(const std::string& lake) {
  constexpr std::string_view kPrefix = "_spill-";
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(lake, error)) {
    if (!entry.path().filename().string().starts_with(kPrefix)) continue;
    const auto age = fs::file_time_type::clock::now() - entry.last_write_time(error);
    if (!error && age > std::chrono::hours(24)) fs::remove_all(entry.path(), error);
  }
  return fmt::format("{}/{}{}", lake, kPrefix, base::Random::from_system().uuid());
}

}  // namespace

void register_workers() {
  document::register_jobs();
  duck::register_jobs();
}

Workspace::Workspace(OpenOptions options, bool model_named)
    : options_(std::move(options)),
      model_named_(model_named),
      random_(base::Random::from_system()),
      instances_({options_.threads, options_.memory_limit_bytes}) {}
Workspace::~Workspace() = default;

Result<std::unique_ptr<Workspace>> Workspace::open(OpenOptions options) {
  if (options.lake.empty()) {
    return Status(Code::invalid_argument, "no lake is named", "give --lake DIR or set TARN_LAKE");
  }
  if (options.threads <= 0) options.threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  std::error_code error;
  options.lake = fs::absolute(options.lake, error).lexically_normal().string();
  while (options.lake.size() > 1 && options.lake.back() == '/') options.lake.pop_back();
  const fs::path beside = program_directory(options.program);
  const bool model_named = !options.model.empty();
  if (options.model.empty())
    options.model = first_there({beside / ".." / "model" / kModelName, beside / "model" / kModelName});
  if (options.plugin.empty()) options.plugin = first_there({beside / ".." / "lib" / kPluginName, beside / kPluginName});
  return std::unique_ptr<Workspace>(new Workspace(std::move(options), model_named));
}

Result<store::Store*> Workspace::store(bool create) {
  bool tried = false;
  const auto open = [&]() -> Result<std::shared_ptr<store::Store>> {
    tried = true;
    std::error_code error;
    if (!create && !fs::is_directory(options_.lake, error)) {
      return Status(Code::not_found, fmt::format("there is no lake at {}", options_.lake),
                    "tarn pull makes it; --lake or TARN_LAKE says where it is");
    }
    TARN_ASSIGN(auto local, store::open_local(options_.lake));
    return std::shared_ptr<store::Store>(std::move(local));
  };
  auto opened = store_.get(open);
  // Who only reads may have looked first, and found none.
  while (create && !tried && !opened.ok()) opened = store_.get(open);
  if (!opened.ok()) return opened.status();
  return opened->get();
}

Result<duck::Database*> Workspace::database() {
  TARN_ASSIGN(const auto opened, database_.get([&] { return instances_.lake(spill_directory(options_.lake)); }));
  return opened.get();
}

Result<std::shared_ptr<duck::Database>> Workspace::locked_database() {
  TARN_ASSIGN(auto opened, instances_.filter(readable_directories()));
  std::shared_ptr<duck::Database> before = opened;  // closed after the lock
  const std::lock_guard lock(keeping_);
  locked_database_.swap(before);
  return opened;
}

std::shared_ptr<const Workspace::OpenedEncoder> Workspace::opened_encoder() {
  return encoder_
      .get([&]() -> Result<std::shared_ptr<const OpenedEncoder>> {
        auto opened = std::make_shared<OpenedEncoder>();
        if (options_.model == "deterministic") {
          opened->encoder = encode::make_deterministic();
        } else if (options_.model != "none") {
          auto made = encode::make_encoder({options_.model, options_.plugin, options_.threads});
          opened->status = made.status();
          if (made.ok()) opened->encoder = std::move(*made);
        }
        return std::shared_ptr<const OpenedEncoder>(std::move(opened));
      })
      .value();  // that there is none is no failure
}

Result<index::Indexer*> Workspace::indexer() {
  TARN_ASSIGN(const auto opened, indexer_.get([&]() -> Result<std::shared_ptr<index::Indexer>> {
    index::IndexerOptions options;
    TARN_ASSIGN(options.analyzer, text::make_analyzer("english"));
    options.encoder = encoder();
    options.database = [this] { return database(); };
    return std::make_shared<index::Indexer>(std::move(options));
  }));
  return opened.get();
}

Status Workspace::check_encoder() {
  const auto opened = opened_encoder();
  std::error_code error;
  // The package of words has no model, and that is no mistake; one that was named, or that lies there in pieces, is.
  if (opened->status.ok() || (!model_named_ && !fs::exists(options_.model, error))) return base::ok();
  const std::string& hint = opened->status.hint();
  return Status(opened->status.code(), "the encoder's model: " + opened->status.message(),
                (hint.empty() ? "" : hint + "; ") + "or go on by word only with --model none");
}

worker::Pool& Workspace::pool() {
  const auto opened = pool_.get([&]() -> Result<std::shared_ptr<worker::Pool>> {
    return std::shared_ptr<worker::Pool>(worker::make_pool(options_.threads, {}));
  });
  return **opened;
}

search::Environment Workspace::search_environment(const base::Context&) {
  search::Environment environment;
  environment.analyzer = &(*indexer_.known())->analyzer();  // indexer() has been called by whoever opened the live sets
  environment.encoder = encoder();
  environment.locked = [this]() -> Result<std::unique_ptr<duck::Connection>> {
    TARN_ASSIGN(const auto database, locked_database());
    return database->connect();
  };
  return environment;
}

Result<lake::Environment> Workspace::lake_environment(bool create, bool observed) {
  lake::Environment environment;
  TARN_ASSIGN(environment.store, store(create));
  environment.clock = &base::system_clock();
  environment.random = &random_;
  environment.connect = [this]() -> Result<std::unique_ptr<duck::Connection>> {
    TARN_ASSIGN(duck::Database * opened, database());
    return opened->connect();
  };
  if (observed) {
    TARN_ASSIGN(environment.observer, indexer());
  }
  return environment;
}

Result<std::shared_ptr<lake::Table>> Workspace::table(const std::string& name, std::optional<base::Version> version,
                                                      const base::Context& context) {
  TARN_ASSIGN(std::string canonical, ingest::canonical_table(name));
  const auto open = [&](std::optional<base::Version> wanted) -> Result<std::shared_ptr<lake::Table>> {
    TARN_ASSIGN(lake::Environment environment, lake_environment(false, true));
    const std::string path = ingest::table_path(canonical);
    auto opened = lake::open_table(environment, path, wanted, context);
    if (opened.status().code() != Code::not_found) return opened;
    // A version that is not there, or a link that leads nowhere, says so itself.
    TARN_ASSIGN(const auto there, lake::list_tables(*environment.store));
    if (std::find(there.begin(), there.end(), path) != there.end()) return opened.status();
    return Status(Code::not_found, fmt::format("the lake has no table {}", canonical),
                  "tarn tables lists what there is");
  };
  auto opened = tables_.get(canonical, [&] { return open({}); }, context);
  // Damage in the newest version does not keep an older one from being read; such a table is not kept.
  if (version && opened.status().code() == Code::corruption) return open(version);
  return opened;
}

void Workspace::forget_opened(const std::string& name) {
  tables_.forget(name);
  const std::lock_guard lock(keeping_);
  live_sets_.erase(name);
}

Result<lake::LeaseHolder*> Workspace::leases() {
  TARN_ASSIGN(const auto opened, leases_.get([&]() -> Result<std::shared_ptr<lake::LeaseHolder>> {
    TARN_ASSIGN(store::Store * lake_store, store(false));
    return std::make_shared<lake::LeaseHolder>(*lake_store, base::system_clock(), random_);
  }));
  return opened.get();
}

std::shared_ptr<const void> Workspace::reading() {
  const auto holder = leases();
  return holder.ok() ? (*holder)->hold() : nullptr;
}

Result<Pinned> Workspace::pin(const std::string& name, const std::string& as_of_text, const base::Context& context) {
  TARN_ASSIGN(const AsOf wanted, as_of(as_of_text));
  return pin(name, wanted, context);
}

Result<Pinned> Workspace::pin(const std::string& name, const AsOf& wanted, const base::Context& context) {
  Pinned pinned;
  TARN_ASSIGN(pinned.name, ingest::canonical_table(name));
  TARN_ASSIGN(pinned.table, table(pinned.name, wanted.version, context));
  TARN_ASSIGN(const auto version, version_of(*pinned.table, wanted, context));
  if (version) {
    TARN_ASSIGN(lake::LeaseHolder * holder, leases());
    holder->add_version(pinned.table->path(), *version);
  }
  TARN_ASSIGN(pinned.snapshot, pinned.table->snapshot(version, context));
  return pinned;
}

Result<std::vector<Pinned>> Workspace::pin_all(const std::vector<std::string>& names, const std::string& as_of_text,
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
    TARN_ASSIGN(store::Store * lake_store, store(false));
    TARN_ASSIGN(std::vector<std::string> paths, lake::list_tables(*lake_store));
    for (const std::string& path : paths) {
      const std::string name = ingest::table_name(path);
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
      if (indexed && (!index::is_indexed(newest.snapshot->schema) || name == ingest::kRejectsTable)) continue;
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

Result<std::shared_ptr<const index::LiveSet>> Workspace::live_set(const Pinned& pinned, bool with_vectors,
                                                                  const base::Context& context) {
  TARN_ASSIGN(index::Indexer * builder, indexer());
  const auto complete = [&](const index::LiveSet& live) {
    return live.lexical_coverage() == 1 && (!with_vectors || !builder->has_vectors() || live.semantic_coverage() == 1);
  };
  const delta::Snapshot& wanted = *pinned.snapshot;
  {
    const std::lock_guard lock(keeping_);
    const auto known = live_sets_.find(pinned.name);
    if (known != live_sets_.end() && known->second->snapshot().version == wanted.version &&
        known->second->snapshot().table_id == wanted.table_id && complete(*known->second)) {
      return known->second;
    }
  }
  const LiveSetKey key(pinned.name, wanted.table_id, wanted.version, with_vectors);
  const auto open = [&]() -> Result<std::shared_ptr<const index::LiveSet>> {
    TARN_ASSIGN(auto live, index::LiveSet::open(*pinned.table, pinned.snapshot, *builder));
    if (!complete(*live)) {
      const Status built = builder->ensure(*pinned.table, wanted, with_vectors, context);
      if (context.stopped()) return built.ok() ? context.check() : built;
      // A lake that cannot be written is searched as far as its segments go; the reply says how far.
      TARN_ASSIGN(live, index::LiveSet::open(*pinned.table, pinned.snapshot, *builder));
    }
    const std::lock_guard lock(keeping_);
    live_sets_[pinned.name] = live;
    return live;
  };
  auto live = opening_live_sets_.get(key, open, context);
  opening_live_sets_.forget(key);  // live_sets_ has it
  return live;
}

Result<std::vector<search::Target>> Workspace::targets(const std::vector<std::string>& names, const std::string& as_of,
                                                       bool with_vectors, const base::Context& context,
                                                       std::vector<PassedOver>* passed_over) {
  TARN_ASSIGN(std::vector<Pinned> pinned, pin_all(names, as_of, true, context, passed_over));
  if (pinned.empty()) {
    if (passed_over != nullptr && !passed_over->empty()) return passed_over->back().status;
    return Status(Code::not_found, "the lake has no table that can be searched", "tarn pull brings documents in");
  }
  std::vector<search::Target> all;
  for (const Pinned& one : pinned) {
    if (!index::is_indexed(one.snapshot->schema)) {
      return Status(Code::invalid_argument,
                    fmt::format("{} has no index: it lacks the columns id, title, uri, body", one.name),
                    "query it with tarn sql");
    }
    TARN_ASSIGN(auto live, live_set(one, with_vectors, context));
    all.push_back({one.name, one.table, std::move(live)});
  }
  return all;
}

}  // namespace tarn::workspace
