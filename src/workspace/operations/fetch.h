// fetch: one document.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "json/value.h"
#include "operation/operation.h"
#include "workspace/operations/fields.h"

namespace tarn::workspace {

class Databases;
class LakeStore;
class Tables;

struct FetchRequest {
  std::string id;     // a document's id, or "namespace.table/id" as search tools give it
  std::string table;  // "" = taken from the id, else every text table is looked in
  std::string as_of;
  std::optional<int64_t> page = {};  // only its text, where the document has pages
};
struct FetchReply {
  std::string id, title, text, url;
  // Object: table, version, original (its file, where the bytes are kept), uri, mime, author, times, labels … every
  // other column that has a value, but anchors.
  json::Value metadata;
};

struct Fetch {
  static operation::Declaration<FetchRequest, FetchReply> declare();
  static base::Result<FetchReply> run(const FetchRequest& request, Tables& tables, Databases& databases,
                                      LakeStore& lake, const base::Context& context);
};

}  // namespace tarn::workspace

namespace tarn::operation {

template <>
struct Describe<workspace::FetchRequest> {
  static auto fields() {
    using R = workspace::FetchRequest;
    return std::tuple{
        field("id", &R::id, "a document's id, uri or path, or namespace.table/id as search gives it")
            .required()
            .positional()
            .max_bytes(16384),
        field("table", &R::table, "the table to look in; every one when not given").metavar("TABLE"),
        field("page", &R::page, "only this page, of a document that has pages").at_least(1).metavar("N"),
        as_of_field(&R::as_of),
    };
  }
};
template <>
struct Describe<workspace::FetchReply> {
  static auto fields() {
    using R = workspace::FetchReply;
    return std::tuple{
        field("id", &R::id, "the document's id as asked for"),
        field("title", &R::title, "its title"),
        field("text", &R::text, "its body, Markdown: the whole, or the page that was asked for"),
        field("url", &R::url, "where it is"),
        field("metadata", &R::metadata, "table, version, and every other column that has a value, but anchors"),
    };
  }
};

}  // namespace tarn::operation
