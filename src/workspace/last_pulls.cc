#include "workspace/last_pulls.h"

#include <functional>

#include "base/hash.h"
#include "json/value.h"

namespace tarn::workspace {
namespace {

constexpr std::string_view kDirectory = "_tarn/pulls";
constexpr int kFormat = 1;

std::string path_of(const std::string& table, const std::string& source_id) {
  return std::string(kDirectory) + "/" + table + "/" + source_id + ".json";
}

std::string rendered(json::Value value) {
  value.set("hash", base::hash128(json::write(value)).hex());
  return json::write(value) + "\n";
}

std::optional<LastPull> read_one(const store::Store& files, const std::string& path) {
  const auto text = files.read(path);
  if (!text.ok()) return {};
  const auto parsed = json::parse(*text);
  if (!parsed.ok() || (*parsed)["format"] != json::Value(kFormat)) return {};
  json::Value rest = json::Value::object();
  for (const auto& [name, member] : parsed->members()) {
    if (name != "hash") rest.set(name, member);
  }
  if (rendered(std::move(rest)) != *text) return {};  // damaged
  const auto text_of = [&](const char* name) {
    return (*parsed)[name].is_string() ? (*parsed)[name].as_string() : std::string();
  };
  LastPull last{text_of("state"), text_of("ended_at"), {}, text_of("problem")};
  if (last.state.empty() || last.ended_at.empty()) return {};
  if (const std::string ok = text_of("ended_ok"); !ok.empty()) last.ended_ok = ok;
  return last;
}

void for_each(const store::Store& files,
              const std::function<void(const std::string& table, const std::string& name)>& take) {
  const auto tables = files.list(kDirectory, store::Detail::names);
  if (!tables.ok()) return;
  for (const store::Entry& table : *tables) {
    const auto sources = files.list(std::string(kDirectory) + "/" + table.name, store::Detail::names);
    if (!sources.ok()) continue;
    for (const store::Entry& source : *sources) {
      if (source.name.ends_with(".json")) take(table.name, source.name.substr(0, source.name.size() - 5));
    }
  }
}

}  // namespace

std::optional<LastPull> last_pull(const store::Store& files, const std::string& table, const std::string& source_id) {
  return read_one(files, path_of(table, source_id));
}

LastPulls read_last_pulls(const store::Store& files) {
  LastPulls all;
  for_each(files, [&](const std::string& table, const std::string& id) {
    if (auto last = read_one(files, path_of(table, id))) all[{table, id}] = std::move(*last);
  });
  return all;
}

std::vector<std::string> damaged_last_pulls(const store::Store& files) {
  std::vector<std::string> paths;
  for_each(files, [&](const std::string& table, const std::string& id) {
    if (!read_one(files, path_of(table, id))) paths.push_back(path_of(table, id));
  });
  return paths;
}

void put_last_pull(store::Store& files, const std::string& table, const std::string& source_id, LastPull last) {
  const std::string path = path_of(table, source_id);
  if (last.state == "ok") {
    last.ended_ok = last.ended_at;
  } else if (const auto before = read_one(files, path)) {
    last.ended_ok = before->ended_ok;
  }
  json::Value value = json::Value::object({{"format", kFormat}, {"state", last.state}, {"ended_at", last.ended_at}});
  if (last.ended_ok) value.set("ended_ok", *last.ended_ok);
  if (!last.problem.empty()) value.set("problem", last.problem);
  static_cast<void>(files.put_volatile(path, rendered(std::move(value))));
}

void forget_last_pulls(store::Store& files) {
  for_each(files, [&](const std::string& table, const std::string& id) {
    static_cast<void>(files.remove(path_of(table, id)));
  });
}

}  // namespace tarn::workspace
