// The log's part of forgetting: what commits and checksums say of rows. A commit keeps its meaning: only bounds of text
// columns and words of commitInfo go, which no reader needs, and files whose partition says what is forgotten, with
// their whole history. Oldest first: a file that is taken away is never there again, wherever this stops. Log files are
// replaced whole, so that whoever reads meanwhile has one or the other.
#include <fmt/format.h>

#include <algorithm>

#include "delta/checksum.h"
#include "delta/path.h"
#include "lake/data_file.h"
#include "lake/forget.h"
#include "store/hash_file.h"

namespace tarn::lake {
namespace {

using base::Code;
using base::Result;
using base::Status;

constexpr std::string_view kForgotten = "(forgotten)";
constexpr const char* kMark = ".forgetting";
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
      if (at > 0 && end < text.size() && text[at - 1] == text[end] && (text[end] == '\'' || text[end] == '"')) {
        return true;
      }
    }
  }
  return false;
}

Forgetting::Cut Forgetting::cut_action(json::Value* action) const {
  bool cut = false;
  for (const char* kind : {"add", "remove", "cdc"}) {
    const json::Value* found = action->find(kind);
    if (found == nullptr || !found->is_object()) continue;
    const auto path = delta::read_path((*found)["path"].as_string(), kind);
    delta::PartitionValues values;
    for (const auto& [column, value] : (*found)["partitionValues"].members()) {
      if (value.is_string()) values[column] = value.as_string();
    }
    if (path.ok() && erases(*path, values)) return Cut::line;
  }
  for (const char* kind : {"add", "remove"}) {
    const json::Value* found = action->find(kind);
    if (found == nullptr || !(*found)["stats"].is_string()) continue;
    auto stats = json::parse((*found)["stats"].as_string());
    if (!stats.ok()) continue;
    const auto path = delta::decode_path((*found)["path"].as_string());
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
  return cut ? Cut::words : Cut::nothing;
}

Status Forgetting::replace(const std::string& path, const std::string& text) {
  TARN_TRY(table_.store().remove(delta::hadoop_sum_path(path)));
  TARN_TRY(settle());
  TARN_TRY(table_.store().put(path, text));
  report_.rewritten.push_back(path.substr(table_.path().size() + 1));
  return {};
}

// A removal is durable when something else in its directory was put: else a power cut could bring back the sum of what
// a file was.
Status Forgetting::settle() { return table_.store().put(delta::log_directory(table_.path()) + "/" + kMark, ""); }

Status Forgetting::take_sum(int64_t version) {
  const auto parsed = read_checksum(version);
  if (parsed.status().code() == Code::io || parsed.status().code() == Code::exhausted) return parsed.status();
  if (!parsed.ok() || !parsed->contains("tarnXxh3")) return {};
  sums_[version] = (*parsed)["txnId"].as_string();
  return table_.store().remove(delta::crc_path(table_.path(), base::Version(version)));
}

Status Forgetting::remove_log_file(const std::string& name) {
  const std::string path = delta::log_directory(table_.path()) + "/" + name;
  TARN_TRY(table_.store().remove(path));
  TARN_TRY(table_.store().remove(delta::hadoop_sum_path(path)));
  report_.removed.push_back({"_delta_log/" + name, 0});
  return {};
}

Status Forgetting::cut_commit(base::Version version, const delta::LogFiles& files) {
  const std::string path = delta::commit_path(table_.path(), version);
  TARN_ASSIGN(const std::string text, table_.store().read(path));
  std::string cut_text;
  bool words = false, lines = false;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    begin = end + 1;
    auto action = json::parse(line);
    const Cut cut = action.ok() ? cut_action(&*action) : Cut::nothing;
    words = words || cut == Cut::words;
    lines = lines || cut == Cut::line;
    if (cut != Cut::line) cut_text += (cut == Cut::words ? json::write(*action) : line) + "\n";
  }
  if (!words && !lines) return {};
  if (cut_text.empty()) cut_text = "{\"commitInfo\":{}}\n";  // an empty commit is a lost one
  // The sums that do not hold any more go first, and come again when all is cut: of this version, and where files leave
  // the log of all later ones.
  for (int64_t number : files.crcs) {
    if (number == version.value || (lines && number > version.value)) TARN_TRY(take_sum(number));
  }
  return replace(path, cut_text);
}

Result<json::Value> Forgetting::read_checksum(int64_t version) const {
  TARN_ASSIGN(const std::string text, table_.store().read(delta::crc_path(table_.path(), base::Version(version))));
  return json::parse(text);
}

Status Forgetting::cut_checksums(const delta::LogFiles& files) {
  for (int64_t version : files.crcs) {
    const auto parsed = read_checksum(version);
    if (parsed.status().code() == Code::not_found || held_.empty() || (parsed.ok() && parsed->contains("tarnXxh3"))) {
      continue;
    }
    // Another engine's may list every file with its bounds.
    const std::string path = delta::crc_path(table_.path(), base::Version(version));
    TARN_TRY(remove_log_file(path.substr(path.rfind('/') + 1)));
  }
  for (const auto& [version, transaction] : sums_) {
    TARN_TRY(context_.check());
    const auto state = table_.log().load(base::Version(version), context_.silent());
    TARN_TRY(context_.check());
    const auto text = table_.store().read(delta::commit_path(table_.path(), base::Version(version)));
    if (!state.ok() || !text.ok()) continue;  // a log that begins later
    const auto checkpoint =
        store::hash_file(table_.store(), delta::checkpoint_path(table_.path(), base::Version(version)));
    TARN_TRY(table_.store().put(delta::crc_path(table_.path(), base::Version(version)),
                                delta::checksum_text(**state, *text, transaction, checkpoint.ok() ? *checkpoint : "")));
  }
  return table_.store().remove(delta::log_directory(table_.path()) + "/" + kMark);
}

Status Forgetting::cut_log() {
  TARN_ASSIGN(const delta::LogFiles files, delta::list_log(table_.store(), table_.path()));
  uint64_t done = 0;
  for (int64_t version : files.commits) {
    TARN_TRY(context_.check());
    context_.update("cutting the log", done++, files.commits.size(), "commits");
    TARN_TRY(cut_commit(base::Version(version), files));
  }
  TARN_TRY(cut_checkpoints(files));
  return cut_checksums(files);
}

}  // namespace tarn::lake
