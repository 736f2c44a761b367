// The log's part of forgetting: what commits, checkpoints and checksums say of rows. A commit keeps its meaning: only bounds of text columns
// and words of commitInfo go, which no reader needs. Files are replaced whole, so that whoever reads meanwhile has one or the other.
#include <fmt/format.h>

#include <algorithm>

#include "lake/checksum.h"
#include "lake/forget.h"
#include "lake/path.h"

namespace tarn::lake {
namespace {

using base::Code;
using base::Result;
using base::Status;

constexpr std::string_view kForgotten = "(forgotten)";
// Shorter texts are found only whole or in quotes: else a row called "a" would be found everywhere.
constexpr size_t kLeastText = 6;
// Bounds are cut after so many characters by other engines, the last one raised.
constexpr size_t kLeastBound = 8;

// Members of `bounds` that are text; true when some went. Dates are text too: who lacks a bound reads the file.
bool drop_text(json::Value* bounds, const std::function<bool(const std::string&)>& goes) {
  json::Value kept = json::Value::object();
  bool dropped = false;
  for (const auto& [key, value] : bounds->members()) {
    json::Value inner = value;
    if (inner.is_string() && goes(inner.as_string())) {
      dropped = true;
      continue;
    }
    if (inner.is_object()) dropped = drop_text(&inner, goes) || dropped;
    kept.set(key, std::move(inner));
  }
  if (dropped) *bounds = std::move(kept);
  return dropped;
}

}  // namespace

bool Forgetting::names(const std::string& text) const {
  for (const auto& [column, values] : report_.texts) {
    for (const std::string& value : values) {
      if (text == value) return true;
      const size_t at = text.find(value);
      if (at == std::string::npos) continue;
      if (value.size() >= kLeastText) return true;
      const size_t end = at + value.size();
      if (at > 0 && end < text.size() && text[at - 1] == text[end] && (text[end] == '\'' || text[end] == '"'))
        return true;
    }
  }
  return false;
}

bool Forgetting::cut_action(json::Value* action) const {
  bool cut = false;
  for (const char* kind : {"add", "remove"}) {
    const json::Value* found = action->find(kind);
    if (found == nullptr || !(*found)["stats"].is_string()) continue;
    auto stats = json::parse((*found)["stats"].as_string());
    if (!stats.ok()) continue;
    const auto path = decode_path((*found)["path"].as_string());
    const bool held = path.ok() && held_.count(*path) != 0;
    const auto goes = [&](const std::string& bound) {
      if (held || names(bound)) return true;
      if (bound.size() < kLeastBound) return false;
      const std::string_view stem(bound.data(),
                                  bound.size() - 4);  // the last character may be raised, and takes 4 bytes at most
      for (const auto& [column, values] : report_.texts) {
        for (const std::string& value : values) {
          if (value.starts_with(stem)) return true;
        }
      }
      return false;
    };
    bool changed = false;
    for (const char* side : {"minValues", "maxValues"}) {
      json::Value bounds = (*stats)[side];
      if (!drop_text(&bounds, goes)) continue;
      stats->set(side, std::move(bounds));
      changed = true;
    }
    if (!changed) continue;
    json::Value body = *found;
    body.set("stats", json::write(*stats));
    action->set(kind, std::move(body));
    cut = true;
  }
  if (const json::Value* info = action->find("commitInfo")) {
    // One level of text and of objects of text is what commitInfo has; what lies deeper is judged as a whole.
    json::Value body = *info;
    bool changed = false;
    for (const auto& [key, value] : info->members()) {
      if (value.is_string() && names(value.as_string())) {
        body.set(key, kForgotten);
        changed = true;
      }
      if (!value.is_object()) continue;
      json::Value inner = value;
      for (const auto& [name, word] : value.members()) {
        if (!names(word.is_string() ? word.as_string() : json::write(word))) continue;
        inner.set(name, kForgotten);
        changed = true;
      }
      body.set(key, std::move(inner));
    }
    if (changed) action->set("commitInfo", std::move(body));
    cut = cut || changed;
  }
  return cut;
}

Status Forgetting::cut_commit(base::Version version) {
  const std::string path = commit_path(table_.path(), version);
  TARN_ASSIGN(const std::string text, table_.store().read(path));
  std::string cut_text;
  bool cut = false;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    begin = end + 1;
    auto action = json::parse(line);
    if (!action.ok() || !cut_action(&*action)) {
      cut_text += line + "\n";
      continue;
    }
    cut_text += json::write(*action) + "\n";
    cut = true;
  }
  if (!cut) return {};
  // The checksum first: a run that stops between the two finds the commit as it was, and does both again.
  const std::string checksum_path = crc_path(table_.path(), version);
  const auto checksum = table_.store().read(checksum_path);
  const auto parsed = checksum.ok() ? json::parse(*checksum) : Result<json::Value>(checksum.status());
  if (parsed.ok() && parsed->contains("tarnXxh3")) {
    TARN_ASSIGN(const auto state, table_.log().load(version));
    TARN_TRY(table_.store().put(checksum_path, checksum_text(*state, cut_text, (*parsed)["txnId"].as_string(),
                                                             (*parsed)["tarnCheckpointXxh3"].as_string())));
  }
  TARN_TRY(table_.store().put(path, cut_text));
  report_.rewritten.push_back(path.substr(table_.path().size() + 1));
  return {};
}

Status Forgetting::cut_checkpoint(int64_t version, const CheckpointFiles& files) {
  const std::string directory = log_directory(table_.path());
  CheckpointReader reader(table_.store(), directory);
  const auto actions = reader.read(files, true);
  if (!actions.ok()) return actions.status().with_context(directory + "/" + files.names[0]);
  bool dirty = std::any_of(actions->adds.begin(), actions->adds.end(), [&](const Add& add) {
    json::Value action = add_action(add);
    return cut_action(&action);
  });
  // Other forms may have bounds in columns of their own, which Tarn does not read: when in doubt they go.
  if (!held_.empty() && !dirty) {
    dirty = files.json || files.names.size() > 1 || !actions->sidecars.empty();
    if (!dirty) {
      TARN_TRY(OwnDatabase::shared().run([&](duck::Connection& connection) -> Status {
        TARN_ASSIGN(const auto header,
                    connection.query("SELECT add FROM read_parquet(" +
                                     duck::quote_literal(table_.store().absolute(directory + "/" + files.names[0])) +
                                     ") LIMIT 0"));
        dirty = header->columns()[0].type.find("stats_parsed") != std::string::npos;
        return {};
      }));
    }
  }
  if (!dirty) return {};
  TARN_ASSIGN(const auto loaded, table_.log().from_checkpoint(version, files, true));
  State state = *loaded;
  for (auto& [path, file] : state.files) {
    json::Value action = add_action({file, false});
    if (cut_action(&action)) file.stats = action["add"]["stats"].as_string();
  }
  TARN_TRY(OwnDatabase::shared().run([&](duck::Connection& connection) {
    return replace_checkpoint(table_.store(), table_.path(), connection, state);
  }));
  report_.rewritten.push_back(checkpoint_path(table_.path(), base::Version(version)).substr(table_.path().size() + 1));
  // Forms that Tarn does not write: the one just written stands in for them.
  std::vector<std::string> gone;
  for (const std::string& name : files.names) {
    if (directory + "/" + name != checkpoint_path(table_.path(), base::Version(version))) gone.push_back(name);
  }
  for (const std::string& name : actions->sidecars) gone.push_back("_sidecars/" + name);
  for (const std::string& name : gone) {
    TARN_TRY(table_.store().remove(directory + "/" + name));
    report_.removed.push_back({"_delta_log/" + name, 0});
  }
  return {};
}

Status Forgetting::cut_checksums(const LogFiles& files) {
  for (int64_t number : files.crcs) {
    const base::Version version(number);
    const std::string path = crc_path(table_.path(), version);
    const auto text = table_.store().read(path);
    if (!text.ok()) continue;
    const auto parsed = json::parse(*text);
    if (held_.empty() || (parsed.ok() && parsed->contains("tarnXxh3"))) continue;
    // Another engine's may list every file with its bounds.
    TARN_TRY(table_.store().remove(path));
    report_.removed.push_back({path.substr(table_.path().size() + 1), 0});
  }
  return {};
}

Status Forgetting::cut_log() {
  TARN_ASSIGN(const LogFiles files, list_log(table_.store(), table_.path()));
  for (int64_t version : files.commits) TARN_TRY(cut_commit(base::Version(version)));
  for (const auto& [version, candidates] : files.checkpoints) {
    for (const CheckpointFiles& candidate : candidates) TARN_TRY(cut_checkpoint(version, candidate));
  }
  return cut_checksums(files);
}

}  // namespace tarn::lake
