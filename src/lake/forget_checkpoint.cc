// The checkpoints' part of forgetting. One that says what is to be forgotten is written anew in the classic form, which
// stands in for every other form of the same version; pieces of checkpoints that nothing names any more go, as do
// compacted commits, which readers do without.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "delta/path.h"
#include "lake/forget.h"

namespace tarn::lake {
namespace {

using base::Result;
using base::Status;

constexpr std::string_view kSidecars = "_sidecars/";

bool is_piece(const std::string& name) {
  return name.size() > 20 && name.substr(20).starts_with(".checkpoint.") &&
         (name.ends_with(".parquet") || name.ends_with(".json"));
}

}  // namespace

bool Forgetting::dirty(const delta::Actions& actions) const {
  const auto says = [&](json::Value action) { return cut_action(&action) != Cut::nothing; };
  return std::any_of(actions.adds.begin(), actions.adds.end(),
                     [&](const delta::Add& add) { return says(delta::add_action(add)); }) ||
         std::any_of(actions.removes.begin(), actions.removes.end(),
                     [&](const delta::Remove& remove) { return says(delta::remove_action(remove)); });
}

Status Forgetting::cut_checkpoint(int64_t version, const delta::CheckpointFiles& files, std::set<std::string>* gone) {
  const std::string directory = delta::log_directory(table_.path());
  delta::CheckpointReader reader(table_.store(), table_.connect(), directory);
  TARN_TRY(context_.check());
  const auto actions = reader.read(files, true, context_);
  if (!actions.ok()) return actions.status().with_context(directory + "/" + files.names[0]);
  bool rewrite = dirty(*actions);
  // Other forms may have bounds in columns of their own, which Tarn does not read: when in doubt they go.
  if (!held_.empty() && !rewrite) {
    rewrite = files.json || files.names.size() > 1 || !actions->sidecars.empty();
    if (!rewrite) {
      TARN_TRY(delta::with_connection(table_.connect(), [&](duck::Connection& connection) -> Status {
        TARN_ASSIGN(const store::LocalFiles copy, table_.store().local_files({directory + "/" + files.names[0]}));
        TARN_ASSIGN(const auto header, connection.query("SELECT add FROM read_parquet(" +
                                                        duck::quote_literal(copy.paths[0]) + ") LIMIT 0"));
        rewrite = header->columns()[0].type.find("stats_parsed") != std::string::npos;
        return {};
      }));
    }
  }
  if (!rewrite) return {};
  TARN_ASSIGN(const auto loaded, table_.log().from_checkpoint(version, files, context_, true));
  delta::State state = *loaded;
  for (auto it = state.files.begin(); it != state.files.end();) {
    json::Value action = delta::add_action({it->second, false});
    const Cut cut = cut_action(&action);
    if (cut == Cut::words) it->second.stats = action["add"]["stats"].as_string();
    it = cut == Cut::line ? state.files.erase(it) : std::next(it);
  }
  std::erase_if(state.tombstones, [&](const auto& entry) {
    json::Value action = delta::remove_action(entry.second);
    return cut_action(&action) == Cut::line;
  });
  const std::string path = delta::checkpoint_path(table_.path(), base::Version(version));
  // What holds its hash goes first, and comes again.
  const std::string pointer_path = directory + "/_last_checkpoint";
  const auto text = table_.store().read(pointer_path);
  const auto pointer = text.ok() ? json::parse(*text) : Result<json::Value>(text.status());
  const bool pointed = pointer.ok() && (*pointer)["version"].as_int(-1) == version;
  if (pointed) TARN_TRY(table_.store().remove(pointer_path));
  TARN_TRY(take_sum(version));
  TARN_TRY(table_.store().remove(delta::hadoop_sum_path(path)));
  TARN_TRY(settle());
  TARN_TRY(delta::with_connection(table_.connect(), [&](duck::Connection& connection) {
    return delta::replace_checkpoint(table_.store(), table_.path(), connection, state, pointed);
  }));
  report_.rewritten.push_back(path.substr(table_.path().size() + 1));
  for (const std::string& name : files.names) {
    if (directory + "/" + name != path) gone->insert(name);
  }
  for (const std::string& name : actions->sidecars) gone->insert(std::string(kSidecars) + name);
  return {};
}

Status Forgetting::cut_checkpoints(const delta::LogFiles& files) {
  // Several may share a sidecar: they are all read before one goes.
  std::set<std::string> gone;
  for (const auto& [version, candidates] : files.checkpoints) {
    for (const delta::CheckpointFiles& candidate : candidates) TARN_TRY(cut_checkpoint(version, candidate, &gone));
  }
  TARN_TRY(context_.check());  // then all of them go
  for (const std::string& name : gone) TARN_TRY(remove_log_file(name));
  return cut_loose();
}

Status Forgetting::cut_loose() {
  const std::string directory = delta::log_directory(table_.path());
  const delta::CheckpointReader reader(table_.store(), table_.connect(), directory);
  std::set<std::string> named;
  TARN_ASSIGN(const delta::LogFiles files, delta::list_log(table_.store(), table_.path()));
  for (const auto& [version, candidates] : files.checkpoints) {
    for (const delta::CheckpointFiles& candidate : candidates) {
      named.insert(candidate.names.begin(), candidate.names.end());
      TARN_ASSIGN(const delta::Actions actions, reader.read(candidate, false, context_));
      for (const std::string& name : actions.sidecars) named.insert(std::string(kSidecars) + name);
    }
  }
  for (const std::string& below : {std::string(), std::string(kSidecars)}) {
    TARN_ASSIGN(const auto entries, table_.store().list(directory + (below.empty() ? "" : "/_sidecars")));
    for (const auto& entry : entries) {
      const std::string name = below + entry.name;
      const bool compacted = below.empty() && entry.name.ends_with(".compacted.json");
      const bool piece = below.empty() ? is_piece(entry.name) : entry.name.ends_with(".parquet");
      if (entry.is_directory || (!compacted && (!piece || named.count(name) != 0))) continue;
      const bool json = entry.name.ends_with(".json");
      const auto actions = reader.read({{name}, json}, true, context_);
      TARN_TRY(context_.check());
      // What cannot be read may say anything.
      const bool says = actions.ok() ? dirty(*actions) || (!held_.empty() && !json) : !held_.empty();
      if (!says) continue;
      // Somebody may be writing the checkpoint that will name it.
      if (!compacted && entry.modified_us > table_.now_us() - kOrphanAgeUs) {
        young_.push_back("_delta_log/" + name);
      } else {
        TARN_TRY(remove_log_file(name));
      }
    }
  }
  return {};
}

}  // namespace tarn::lake
