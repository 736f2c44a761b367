#include "lake/tags.h"

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/hash.h"
#include "json/value.h"

namespace tarn::lake {
namespace {

using base::Code;
using base::is_letter;
using base::Result;
using base::Status;

constexpr std::string_view kDirectory = "_tarn/tags";
constexpr std::string_view kSuffix = ".json";

std::string path_of(std::string_view name) { return fmt::format("{}/{}{}", kDirectory, name, kSuffix); }

// What the hash is of: everything before it.
json::Value content_of(const Tag& tag) {
  json::Value tables = json::Value::array();
  for (const auto& [path, pinned] : tag.tables) {
    tables.push(json::Value::object({{"table", path}, {"id", pinned.table_id}, {"version", pinned.version.value}}));
  }
  return json::Value::object({{"format", kTagFormat},
                              {"tag", tag.name},
                              {"created_at", base::format_utc(tag.created_at_us)},
                              {"tables", std::move(tables)}});
}

Status no_such_tag(std::string_view name) {
  return {Code::not_found, fmt::format("there is no tag '{}'", name), "tarn tag lists them"};
}

}  // namespace

bool is_tag_name(std::string_view name) {
  if (name.empty() || name.size() > kMaxTagName || !is_letter(name[0])) return false;
  for (char c : name) {
    if (!is_letter(c) && !base::is_digit(c) && c != '.' && c != '_' && c != '-') return false;
  }
  return true;
}

Status check_tag_name(std::string_view name) {
  if (is_tag_name(name)) return {};
  return {Code::invalid_argument, fmt::format("not a tag's name: '{}'", name),
          fmt::format("begin with a letter; then letters, digits, '.', '_' and '-', {} at most", kMaxTagName)};
}

std::string tag_text(const Tag& tag) {
  json::Value content = content_of(tag);
  const std::string hash = base::hash128(json::write(content)).hex();
  return json::write(content.set("xxh3", hash)) + "\n";
}

Result<Tag> parse_tag(const std::string& text, const std::string& name) {
  const auto damaged = [&](std::string_view why) {
    return Status(Code::corruption, fmt::format("tag {}: {}", path_of(name), why),
                  "remove the file, and tag the version again");
  };
  const auto parsed = json::parse(text);
  if (!parsed.ok()) return damaged(parsed.status().message());
  const json::Value& file = *parsed;
  if (file["format"].is_int() && file["format"].as_int() > kTagFormat) {
    return Status(Code::unsupported, fmt::format("tag {}: written by a newer Tarn", path_of(name)),
                  "use that version of Tarn");
  }
  const auto created = base::parse_utc(file["created_at"].as_string());
  if (!created.ok()) return damaged("it has no time");
  Tag tag{name, *created, {}};
  for (const json::Value& table : file["tables"].items()) {
    if (!table["version"].is_int() || table["version"].as_int() < 0) return damaged("a table has no version");
    tag.tables[table["table"].as_string()] = {table["id"].as_string(), base::Version(table["version"].as_int())};
  }
  // The same content gives the same bytes, so that every change shows.
  if (tag_text(tag) != text) return damaged("its hash does not match");
  return tag;
}

Status put_tag(store::Store& store, const Tag& tag) {
  TARN_TRY(check_tag_name(tag.name));
  TARN_ASSIGN(const auto entries, store.list(kDirectory));
  if (entries.size() >= kMaxTags) {
    return {Code::exhausted, fmt::format("the lake has {} tags, which is the limit", kMaxTags), "delete some"};
  }
  const Status put = store.put_if_absent(path_of(tag.name), tag_text(tag));
  if (put.code() != Code::already_exists) return put;
  return {Code::already_exists, fmt::format("the tag '{}' exists", tag.name),
          fmt::format("take another name, or give it up first: tarn tag {} --delete", tag.name)};
}

Result<Tag> read_tag(const store::Store& store, const std::string& name) {
  if (!is_tag_name(name)) return no_such_tag(name);
  const auto text = store.read(path_of(name));
  if (text.ok()) return parse_tag(*text, name);
  if (text.status().code() == Code::not_found) return no_such_tag(name);
  return text.status();
}

Result<std::vector<Tag>> list_tags(const store::Store& store) {
  std::vector<Tag> tags;
  TARN_ASSIGN(const auto entries, store.list(kDirectory));
  for (const auto& entry : entries) {
    if (entry.is_directory || !entry.name.ends_with(kSuffix)) continue;
    const std::string name = entry.name.substr(0, entry.name.size() - kSuffix.size());
    if (!is_tag_name(name)) continue;
    auto tag = read_tag(store, name);
    if (tag.ok()) {
      tags.push_back(std::move(*tag));
    } else if (tag.status().code() != Code::not_found) {  // given up meanwhile
      return tag.status();
    }
  }
  return tags;
}

Status delete_tag(store::Store& store, const std::string& name) {
  if (!is_tag_name(name) || !store::exists(store, path_of(name))) return no_such_tag(name);
  return store.remove(path_of(name));
}

}  // namespace tarn::lake
