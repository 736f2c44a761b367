#include "workspace/last_pulls.h"

#include "json/value.h"

namespace tarn::workspace {
namespace {

constexpr std::string_view kDirectory = "_tarn/pulls";
constexpr int kFormat = 1;

std::string path_of(const std::string& table, const std::string& source_id) {
  return std::string(kDirectory) + "/" + table + "/" + source_id + ".json";
}

std::optional<LastPull> read_one(const store::Store& files, const std::string& path) {
  const auto text = files.read(path);
  if (!text.ok()) return {};
  const auto parsed = json::parse(*text);
  if (!parsed.ok() || (*parsed)["format"] != json::Value(kFormat)) return {};
  const auto text_of = [&](const char* name) {
    return (*parsed)[name].is_string() ? (*parsed)[name].as_string() : std::string();
  };
  LastPull last{text_of("state"), text_of("ended_at"), {}, text_of("problem")};
  if (last.state.empty() || last.ended_at.empty()) return {};
  if (const std::string ok = text_of("ended_ok"); !ok.empty()) last.ended_ok = ok;
  return last;
}

}  // namespace

LastPulls read_last_pulls(const store::Store& files) {
  LastPulls all;
  const auto tables = files.list(kDirectory, store::Detail::names);
  if (!tables.ok()) return all;
  for (const store::Entry& table : *tables) {
    const auto sources = files.list(std::string(kDirectory) + "/" + table.name, store::Detail::names);
    if (!sources.ok()) continue;
    for (const store::Entry& source : *sources) {
      if (!source.name.ends_with(".json")) continue;
      const std::string id = source.name.substr(0, source.name.size() - 5);
      if (auto last = read_one(files, path_of(table.name, id))) all[{table.name, id}] = std::move(*last);
    }
  }
  return all;
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
  static_cast<void>(files.put_volatile(path, json::write(value) + "\n"));
}

void forget_last_pulls(store::Store& files) {
  const auto tables = files.list(kDirectory, store::Detail::names);
  if (!tables.ok()) return;
  for (const store::Entry& table : *tables) {
    const std::string directory = std::string(kDirectory) + "/" + table.name;
    const auto sources = files.list(directory, store::Detail::names);
    if (!sources.ok()) continue;
    for (const store::Entry& source : *sources) static_cast<void>(files.remove(directory + "/" + source.name));
  }
}

}  // namespace tarn::workspace
