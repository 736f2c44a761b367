#include "workspace/operations/fetch.h"

#include <fmt/format.h>

#include "document/anchor.h"
#include "index/file_rows.h"
#include "lake/fetch.h"
#include "lake/originals.h"
#include "workspace/cells.h"
#include "workspace/databases.h"
#include "workspace/lake_store.h"
#include "workspace/reference.h"
#include "workspace/tables.h"

namespace tarn::workspace {
namespace {

using base::Code;
using base::Result;
using base::Status;
using operation::Face;

// The body's bytes from the page's anchor to that of the next page.
Result<std::string> text_of_page(const Pinned& pinned, const lake::Row& row, const std::string& asked, int64_t page,
                                 duck::Connection& connection) {
  const std::string body = row.text("body");
  std::vector<document::Anchor> anchors;
  if (row.find("anchors")) {
    delta::Snapshot file = *pinned.snapshot;
    std::erase_if(file.files, [&](const auto& entry) { return entry.first != row.file; });
    TARN_ASSIGN(const lake::Select select, pinned.table->select(file, {"id", "body", "anchors"}, false));
    TARN_ASSIGN(const auto rows, index::select_anchors(select.sql, row.text("id"), connection));
    TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
    if (chunk && chunk->rows() > 0) anchors = index::anchors_in(*chunk, 0);
  }
  std::erase_if(anchors, [](const document::Anchor& anchor) { return anchor.kind != document::kPage; });
  for (size_t i = 0; i < anchors.size(); ++i) {
    if (anchors[i].value != std::to_string(page)) continue;
    const size_t end = i + 1 < anchors.size() ? anchors[i + 1].start : body.size();
    return body.substr(anchors[i].start, end - anchors[i].start);
  }
  return Status(Code::not_found,
                anchors.empty() ? fmt::format("'{}' has no pages", asked)
                                : fmt::format("'{}' has no page {}: its pages are {} to {}", asked, page,
                                              anchors.front().value, anchors.back().value),
                "without --page it comes whole");
}

}  // namespace

operation::Declaration<FetchRequest, FetchReply> Fetch::declare() {
  operation::Operation o;
  o.name = "fetch";
  o.faces = {Face::cli, Face::model, Face::network};
  o.doc = "print one document";
  o.tool_help = "Get one whole document by the id that search returned: its text (Markdown), title, url and metadata.";
  o.examples = {{"tarn fetch main.docs/intro.md", "its body"},
                {"tarn fetch manual.pdf --page 7", "one page of it"},
                {"tarn fetch intro.md --table main.docs --json", "with its other columns"}};
  o.errors = {{Code::not_found, "no document has this id"}};
  return operation::declare<FetchRequest, FetchReply>(std::move(o));
}

Result<FetchReply> Fetch::run(const FetchRequest& request, Tables& tables, Databases& databases, LakeStore& lake,
                              const base::Context& context) {
  const auto lease = tables.reading();
  TARN_ASSIGN(auto connection, databases.connect());
  TARN_ASSIGN(const FoundDocument found,
              find_document(request.id, request.table, request.as_of, tables, *connection, context));
  const Pinned& pinned = found.pinned;
  TARN_ASSIGN(const auto row, lake::fetch_row(*pinned.table, *pinned.snapshot, found.id, "", *connection));
  FetchReply reply{request.id, row.text("title"), row.text("body"), row.text("uri"), json::Value::object()};
  if (request.page) {
    TARN_ASSIGN(reply.text, text_of_page(pinned, row, request.id, *request.page, *connection));
  }
  reply.metadata.set("table", pinned.name);
  reply.metadata.set("version", pinned.snapshot->version.value);
  if (row.find("extra")) {
    const auto extra = json::parse(row.text("extra"));
    const std::string sha256 = extra.ok() ? (*extra)["original"]["sha256"].string_or("") : "";
    const auto files = lake.open();
    if (!sha256.empty() && files.ok()) {
      reply.metadata.set("original", (*files)->address(lake::path_of_original(sha256)));
    }
  }
  for (size_t i = 0; i < row.columns.size(); ++i) {
    const std::string& column = row.columns[i].name;
    if (row.cells[i].is_null() || column == "title" || column == "body" || column == "table" || column == "version") {
      continue;
    }
    // A place for each page would say more than the page; the item itself is no part.
    if (column == "anchors" || (column == "part" && row.text(column).empty())) continue;
    reply.metadata.set(column, cell_json(row.columns[i], row.cells[i]));
  }
  return reply;
}

}  // namespace tarn::workspace
