#include "lake/link.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/hash.h"
#include "delta/log.h"
#include "lake/dropped.h"
#include "lake/linked_table.h"

namespace tarn::lake {
namespace {

using base::Code;
using base::Result;
using base::Status;
namespace fs = std::filesystem;

json::Value content_of(const LinkInfo& link) {
  json::Value content = json::Value::object({{"format", link.outside ? kLinkFormat : 1},
                                             {"target", link.target},
                                             {"kind", link.kind},
                                             {"id", link.id},
                                             {"title", link.title},
                                             {"uri", link.uri},
                                             {"text", link.text}});
  if (link.outside) content.set("outside", true);
  return content;
}

// Everything below the link's `_tarn` but the link itself: made for another mapping, it would be taken for this one's.
Status remove_derived(store::Store& store, const std::string& path) {
  TARN_ASSIGN(const auto parts, store.list(path + "/_tarn"));
  for (const auto& part : parts) {
    if (!part.is_directory) continue;
    const std::string directory = path + "/_tarn/" + part.name;
    TARN_ASSIGN(const auto entries, store.list(directory));
    for (const auto& entry : entries) {
      if (!entry.is_directory) TARN_TRY(store.remove(directory + "/" + entry.name));
    }
    static_cast<void>(store.remove(directory));  // where nobody writes in it
  }
  return {};
}

}  // namespace

std::string link_path(const std::string& table_path) { return table_path + "/_tarn/link.json"; }

std::string link_text(const LinkInfo& link) {
  json::Value content = content_of(link);
  const std::string hash = base::hash128(json::write(content)).hex();
  return json::write(content.set("xxh3", hash)) + "\n";
}

Result<LinkInfo> parse_link(const std::string& text, const std::string& path) {
  const auto damaged = [&](std::string_view why) {
    return Status(Code::corruption, fmt::format("link {}: {}", path, why), "remove the file, and make the link again");
  };
  const auto parsed = json::parse(text);
  if (!parsed.ok()) return damaged(parsed.status().message());
  const json::Value& file = *parsed;
  if (file["format"].is_int() && file["format"].as_int() > kLinkFormat) {
    return Status(Code::unsupported, fmt::format("link {}: written by a newer Tarn", path), "use that version of Tarn");
  }
  LinkInfo link;
  link.target = file["target"].as_string();
  link.kind = file["kind"].as_string();
  link.id = file["id"].as_string();
  link.title = file["title"].as_string();
  link.uri = file["uri"].as_string();
  link.text = file["text"].as_string();
  link.outside = file["outside"].as_bool(false);
  if (link_text(link) != text) return damaged("its hash does not match");
  if (!fs::path(link.target).is_absolute() || (link.kind != "delta" && link.kind != "parquet")) {
    return damaged("it points to nothing that Tarn knows");
  }
  return link;
}

Result<LinkInfo> read_link(const store::Store& store, const std::string& table_path) {
  const std::string path = link_path(table_path);
  TARN_ASSIGN(const std::string text, store.read(path));
  return parse_link(text, path);
}

Result<std::vector<std::pair<std::string, LinkInfo>>> list_links(const store::Store& store) {
  std::vector<std::pair<std::string, LinkInfo>> links;
  TARN_ASSIGN(const auto tables, list_tables(store));
  for (const std::string& table : tables) {
    auto link = read_link(store, table);
    if (link.ok()) {
      links.emplace_back(table, std::move(*link));
    } else if (link.status().code() != Code::not_found) {
      return link.status();
    }
  }
  return links;
}

Status only_read(const std::string& path, const LinkInfo& link) {
  return {Code::permission_denied, fmt::format("'{}' is a link to {}, which Tarn only reads", path, link.target),
          "write to it where it lies, or pull it into a table of its own"};
}

Result<std::shared_ptr<TableReader>> open_link(const Environment& environment, const std::string& path,
                                               const base::Context& context) {
  TARN_ASSIGN(LinkInfo link, read_link(*environment.store, path));
  auto table = std::make_shared<LinkedTable>(environment, path, std::move(link));
  TARN_TRY(table->open(context));
  return std::shared_ptr<TableReader>(std::move(table));
}

Result<std::shared_ptr<TableReader>> create_link(const Environment& environment, const std::string& path,
                                                 LinkInfo link) {
  std::error_code error;
  const fs::path target = fs::weakly_canonical(link.target, error);
  if (error || !fs::is_directory(target, error)) {
    return Status(Code::not_found, fmt::format("there is no folder at {}", link.target),
                  "link a Delta table's folder or a folder of Parquet files");
  }
  link.target = target.string();
  link.kind = fs::is_directory(target / "_delta_log", error) ? "delta" : "parquet";
  const std::string root = fs::weakly_canonical(environment.store->local_root(), error).string();
  if ((link.target + "/").starts_with(root + "/") || (root + "/").starts_with(link.target + "/")) {
    return Status(Code::invalid_argument, fmt::format("{} and the lake at {} lie in each other", link.target, root),
                  "a link is for what lies outside the lake");
  }
  TARN_ASSIGN(const auto tables, list_tables(*environment.store));
  if (std::find(tables.begin(), tables.end(), path) != tables.end()) {
    return Status(Code::already_exists, fmt::format("there is a table at '{}'", path), "take another name");
  }
  TARN_TRY(check_spelling(*environment.store, path));
  TARN_TRY(remove_derived(*environment.store, path));
  // What cannot be read is not linked.
  auto table = std::make_shared<LinkedTable>(environment, path, link);
  TARN_TRY(table->open({}));
  TARN_TRY(table->check_columns());
  TARN_TRY(environment.store->put_if_absent(link_path(path), link_text(link)));
  return std::shared_ptr<TableReader>(std::move(table));
}

Status remove_link(const Environment& environment, const std::string& path) {
  store::Store& store = *environment.store;
  TARN_TRY(read_link(store, path));
  TARN_TRY(remove_derived(store, path));
  TARN_TRY(store.remove(link_path(path)));
  // Once more, for what somebody who searched meanwhile has made. The link is gone, whatever becomes of this.
  static_cast<void>(remove_derived(store, path));
  static_cast<void>(store.remove(path + "/_tarn"));
  static_cast<void>(store.remove(path));
  return {};
}

}  // namespace tarn::lake
