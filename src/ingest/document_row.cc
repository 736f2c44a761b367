#include "ingest/document_row.h"

#include <set>
#include <utility>

#include "base/hash.h"
#include "document/reader.h"

namespace tarn::ingest {
namespace {

duck::Cell text_or_null(std::string text) { return text.empty() ? duck::Cell() : duck::Cell(std::move(text)); }
duck::Cell time_or_null(std::optional<int64_t> a, std::optional<int64_t> b) {
  return a ? duck::Cell(*a) : b ? duck::Cell(*b) : duck::Cell();
}

}  // namespace

std::vector<duck::Cell> document_row(const Task& task, std::string id, document::Document d, int64_t pulled_at_us) {
  const connector::Item& item = task.item;
  const document::Reader* reader = document::reader_of(item.mime);
  duck::CellList labels, anchors;
  for (document::Anchor& anchor : d.anchors) {
    anchors.emplace_back(
        duck::CellList{static_cast<int64_t>(anchor.start), std::move(anchor.kind), std::move(anchor.value)});
  }
  std::set<std::string> seen;
  for (const auto* list : {&std::as_const(d).labels, &item.labels}) {
    for (const std::string& label : *list) {
      if (seen.insert(label).second) labels.emplace_back(label);
    }
  }
  json::Value extra = std::move(d.extra);
  // Its parts lie in the item's bytes.
  if (!task.original->empty() && d.part.empty()) {
    extra.set("original", json::Value::object({{"sha256", *task.original}, {"size_bytes", item.size_bytes}}));
  }
  for (const auto& [key, value] : item.extra.members()) extra.set(extra.contains(key) ? "source." + key : key, value);
  std::string hash = base::hash128(d.body).hex();
  return {std::move(id),
          task.row_source,
          task.row_uri,
          std::move(d.title),
          std::move(d.body),
          std::move(d.mime),
          text_or_null(std::move(d.lang)),
          text_or_null(d.author.empty() ? item.author : std::move(d.author)),
          time_or_null(d.created_at_us, item.created_at_us),
          time_or_null(d.updated_at_us, item.modified_at_us),
          text_or_null(item.source_version),
          std::move(labels),
          text_or_null(item.parent),
          std::move(hash),
          json::write(extra),
          pulled_at_us,
          reader ? duck::Cell(int64_t{reader->version}) : duck::Cell(),
          reader ? duck::Cell(std::string(reader->name)) : duck::Cell(),
          std::move(d.part),
          anchors.empty() ? duck::Cell() : duck::Cell(std::move(anchors))};
}

}  // namespace tarn::ingest
