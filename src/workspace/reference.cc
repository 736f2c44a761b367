#include "workspace/reference.h"

#include <fmt/format.h>

#include <filesystem>

#include "connector/uri.h"
#include "delta/schema.h"
#include "lake/fetch.h"
#include "workspace/document_reference.h"

namespace tarn::workspace {
namespace {

constexpr std::string_view kCut = "…";  // where a screen left out the beginning

// Is "uri ends with this", for the name as it is written in a uri and as it is written on disk.
std::vector<std::string> endings(std::string name) {
  if (name.starts_with(kCut)) return {name.substr(kCut.size())};
  while (name.starts_with("./")) name.erase(0, 2);
  if (name.empty()) return {};
  return {"/" + name, "/" + connector::encode_path(name)};
}

}  // namespace

base::Result<std::vector<NamedDocument>> documents_called(const std::string& name, const std::vector<Pinned>& tables,
                                                          duck::Connection& connection) {
  std::vector<NamedDocument> found;
  if (name.empty()) return found;
  std::string condition = "uri = " + duck::quote_literal(name);
  if (connector::scheme_of(name).empty()) {
    std::error_code error;
    const std::string path = std::filesystem::absolute(name, error).lexically_normal().string();
    if (!error) condition += " OR uri = " + duck::quote_literal(connector::file_url(path));
    if (!name.starts_with('/')) {
      for (const std::string& ending : endings(name)) {
        condition += " OR ends_with(uri, " + duck::quote_literal(ending) + ")";
      }
    }
  }
  for (const Pinned& pinned : tables) {
    const delta::Field* uri = delta::find_field(pinned.snapshot->schema, "uri");
    if (!uri || !uri->type.is_string() || !delta::find_field(pinned.snapshot->schema, "id")) continue;
    std::vector<std::string> columns{"id", "uri"};
    std::string whole;  // a part has its item's uri, and is called by its id
    if (delta::find_field(pinned.snapshot->schema, "part")) {
      columns.push_back("part");
      whole = " AND coalesce(part, '') = ''";
    }
    TARN_ASSIGN(const lake::Select select, pinned.table->select(*pinned.snapshot, columns, false));
    TARN_ASSIGN(auto rows,
                connection.query(fmt::format("SELECT CAST(id AS VARCHAR), CAST(uri AS VARCHAR) FROM ({}) WHERE "
                                             "({}) AND id IS NOT NULL{} ORDER BY uri LIMIT {}",
                                             select.sql, condition, whole, kMaxNamed + 1 - found.size())));
    for (;;) {
      TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
      if (!chunk) break;
      for (size_t i = 0; i < chunk->rows(); ++i) {
        found.push_back({pinned.name, std::string(chunk->text(0, i)), std::string(chunk->text(1, i))});
      }
    }
    if (found.size() > kMaxNamed) break;
  }
  return found;
}

base::Status ambiguous(const std::string& name, const std::vector<NamedDocument>& found) {
  std::string all;
  for (size_t i = 0; i < found.size() && i < kMaxNamed; ++i) {
    all += fmt::format("{}{} ({})", all.empty() ? "" : ", ", document_reference(found[i].table, found[i].id),
                       found[i].uri);
  }
  return {
      base::Code::invalid_argument,
      fmt::format("several documents are called '{}': {}{}", name, all, found.size() > kMaxNamed ? ", and more" : ""),
      "give one of these ids, or the whole uri and its table"};
}

base::Result<FoundDocument> find_document(const std::string& name, const std::string& table, const std::string& as_of,
                                          Tables& tables, duck::Connection& connection, const base::Context& context) {
  std::vector<std::string> names;
  std::string id = name;
  if (!table.empty()) {
    names.push_back(table);
  } else if (const auto reference = parse_document_reference(name)) {
    if (tables.pin(reference->table, as_of, context).ok()) {
      names.push_back(reference->table);
      id = reference->id;
    }
  }
  TARN_ASSIGN(std::vector<Pinned> all, tables.pin_all(names, as_of, true, context));
  std::vector<NamedDocument> named;
  base::Status damaged;  // of a table that may have had it
  for (const Pinned& pinned : all) {
    const auto row = lake::fetch_row(*pinned.table, *pinned.snapshot, id, "", connection);
    if (row.ok()) named.push_back({pinned.name, id, row->text("uri")});
    if (!row.ok() && row.status().code() != base::Code::not_found && damaged.ok()) damaged = row.status();
  }
  if (named.empty()) {
    TARN_TRY(damaged);
    TARN_ASSIGN(named, documents_called(id, all, connection));
  }
  if (named.size() > 1) return ambiguous(name, named);
  for (Pinned& pinned : all) {
    if (!named.empty() && pinned.name == named.front().table) return FoundDocument{std::move(pinned), named.front().id};
  }
  return base::Status(base::Code::not_found, fmt::format("no document has the id, uri or path '{}'", name),
                      "search shows what there is");
}

}  // namespace tarn::workspace
