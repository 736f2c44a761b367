#include "judge.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <set>

#include "child.h"

namespace tarn::crash {

void Judge::fail(const std::string& what) {
  if (++failures_ > 20) return;
  fmt::print("FAILED: {} (seed {}, everything is kept in {})\n", what, seed_, root_);
  std::fflush(stdout);
}

std::vector<std::string> Judge::command(std::vector<std::string> words) const {
  words.insert(words.begin(), tarn_);
  words.insert(words.end(), {"--lake", lake(), "--json"});
  return words;
}

void Judge::check() {
  const Ended ended = crash::run(command({"check"}), root_);
  if (ended.killed || ended.code != 0) fail(fmt::format("tarn check: {}: {}{}", ended.code, ended.err, ended.out));
}

json::Value Judge::rows(const std::string& table, const std::string& query) {
  if (!std::filesystem::exists(lake() + "/" + table + "/_delta_log/00000000000000000000.json")) {
    return json::Value::array();
  }
  const Ended ended = crash::run(command({"sql", query}), root_);
  auto parsed = json::parse(ended.out);
  if (ended.killed || ended.code != 0 || !parsed.ok()) {
    fail(fmt::format("tarn sql: {}: {}{:.300}", ended.code, ended.err, ended.out));
    return json::Value::array();
  }
  return std::move(*parsed);
}

json::Value Judge::documents_not_doubled() {
  json::Value all = rows("main/docs", "SELECT id, uri, source_version, body FROM main.docs");
  std::set<std::string> ids, uris;
  for (const json::Value& row : all.items()) {
    if (!ids.insert(row["id"].as_string()).second) fail(fmt::format("the id {} is there twice", row["id"].as_string()));
    if (!uris.insert(row["uri"].as_string()).second) {
      fail(fmt::format("the uri {} is there twice", row["uri"].as_string()));
    }
  }
  return all;
}

void Judge::compare_with(const std::vector<std::string>& peer) {
  const json::Value own = rows("main/docs", "SELECT id, uri, source_version FROM main.docs ORDER BY id");
  if (own.items().empty()) return;
  std::vector<std::string> words = peer;
  words.push_back(lake() + "/main/docs");
  const Ended ended = crash::run(words, root_);
  const auto parsed = json::parse(ended.out);
  if (ended.killed || ended.code != 0 || !parsed.ok()) {
    return fail(fmt::format("another engine cannot read the table: {}{:.300}", ended.err, ended.out));
  }
  for (const auto& [engine, theirs] : parsed->members()) {
    if (json::write(theirs) != json::write(own)) fail(fmt::format("{} reads other rows", engine));
  }
}

void Judge::verify_middle(const SourceFolder& folder) {
  check();
  const json::Value all = documents_not_doubled();
  for (const json::Value& row : all.items()) {
    if (!folder.was_ever(row["uri"].as_string(), row["source_version"].as_string())) {
      fail(fmt::format("{} has bytes that it never had", row["uri"].as_string()));
    }
  }
}

void Judge::verify_end(const SourceFolder& folder) {
  check();
  const json::Value all = documents_not_doubled();
  const auto& expected = folder.expected();
  std::set<std::string> found;
  for (const json::Value& row : all.items()) {
    const std::string& uri = row["uri"].as_string();
    found.insert(uri);
    const auto want = expected.find(uri);
    if (want == expected.end()) {
      fail(uri + " is gone from the folder and still a row");
    } else if (want->second != row["source_version"].as_string()) {
      fail(uri + " is an old version");
    } else if (row["body"].as_string().find(folder.token(uri)) == std::string::npos) {
      fail(uri + " has another body");
    }
  }
  for (const auto& [uri, hash] : expected) {
    if (!found.contains(uri)) fail(uri + " is lost");
  }
}

}  // namespace tarn::crash
