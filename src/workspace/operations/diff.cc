#include "workspace/operations/diff.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/clock.h"
#include "base/utf8.h"
#include "lake/diff.h"
#include "text/difference.h"
#include "workspace/cells.h"
#include "workspace/databases.h"
#include "workspace/tables.h"

namespace tarn::workspace {

using base::Code;
using base::Result;
using base::Status;
using operation::Face;

namespace {

constexpr size_t kMaxValue = 400;    // bytes of a text that is shown as a value
constexpr size_t kMaxPassages = 20;  // of one text
constexpr size_t kMaxPart = 2000;    // bytes of one part of a passage
constexpr size_t kWordsFrom = 80;    // a text of so many bytes is compared word by word

// Cut between characters.
std::string cut(const std::string& text, size_t bytes) {
  if (text.size() <= bytes) return text;
  return text.substr(0, base::utf8_floor(text, bytes)) + "…";
}

json::Value shown(const duck::Column& column, const duck::Cell& cell) {
  json::Value value = cell_json(column, cell);
  return value.is_string() ? json::Value(cut(value.as_string(), kMaxValue)) : value;
}

DiffCell compare(const duck::Column& column, const duck::Cell& before, const duck::Cell& after) {
  DiffCell cell;
  cell.column = column.name;
  const auto* old_text = std::get_if<std::string>(&before.value);
  const auto* new_text = std::get_if<std::string>(&after.value);
  if (!old_text || !new_text || std::max(old_text->size(), new_text->size()) < kWordsFrom) {
    cell.before = shown(column, before);
    cell.after = shown(column, after);
    return cell;
  }
  for (const text::DifferentPassage& passage : text::difference(*old_text, *new_text)) {
    if (cell.passages.size() == kMaxPassages) {
      cell.truncated = true;
      break;
    }
    DiffPassage made{static_cast<int64_t>(passage.line_before), static_cast<int64_t>(passage.line_after), {}};
    for (const text::DifferencePart& part : passage.parts) {
      if (!part.text.empty()) made.parts.push_back({std::string(1, part.op), cut(part.text, kMaxPart)});
    }
    cell.passages.push_back(std::move(made));
  }
  return cell;
}

DiffLine to_line(const lake::DiffRow& row, const std::vector<duck::Column>& columns, bool by_id) {
  DiffLine line;
  line.change = row.change;
  if (by_id) line.id = row.id;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (by_id && columns[i].name == "id") continue;
    if (row.before.empty() || row.after.empty()) {
      const duck::Cell& only = row.before.empty() ? row.after[i] : row.before[i];
      if (only.is_null()) continue;
      DiffCell cell;
      cell.column = columns[i].name;
      (row.before.empty() ? cell.after : cell.before) = shown(columns[i], only);
      line.columns.push_back(std::move(cell));
    } else if (cell_json(columns[i], row.before[i]) != cell_json(columns[i], row.after[i])) {  // NaN is like NaN
      line.columns.push_back(compare(columns[i], row.before[i], row.after[i]));
    }
  }
  return line;
}

}  // namespace

operation::Declaration<DiffRequest, DiffReply> Diff::declare() {
  operation::Operation o;
  o.name = "diff";
  o.faces = {Face::cli, Face::model, Face::network};
  o.doc = "show which rows differ between two versions, and how";
  o.help = R"(Rows are told apart by id, where the table has one, else as a whole. Of a text the words that changed
are shown with what stands around them. Only data files that the two versions do not share are read.)";
  o.tool_help =
      "Show what changed in a table between two versions (A..B; versions, times or tags): rows added, removed and "
      "changed, with the words that changed in texts.";
  o.examples = {{"tarn diff main.docs 11..12", "what version 12 changed"},
                {"tarn diff main.docs release-1..", "since a tag"},
                {"tarn diff main.docs 2026-11-01..2026-11-22 --json", "between two days, for a program"}};
  o.errors = {{Code::not_found, "there is no such table, version or tag, or its files are gone"},
              {Code::invalid_argument, "the versions are not written as A..B"}};
  o.list = "rows";
  return operation::declare<DiffRequest, DiffReply>(std::move(o));
}

Result<DiffReply> Diff::run(const DiffRequest& request, Tables& tables, Databases& databases,
                            const base::Context& context) {
  const base::Stopwatch stopwatch;
  const size_t dots = request.versions.find("..");
  const std::string first = request.versions.substr(0, dots);
  const std::string second = dots == std::string::npos ? "" : request.versions.substr(dots + 2);
  if (first.empty()) {
    return Status(Code::invalid_argument, fmt::format("'{}' says no two versions", request.versions),
                  "write A..B, such as 11..12 or release-1..");
  }
  const auto lease = tables.reading();
  TARN_ASSIGN(const Pinned from, tables.pin(request.table, first, context));
  TARN_ASSIGN(const Pinned to, tables.pin(request.table, second, context));
  TARN_TRY(context.check());
  TARN_ASSIGN(auto connection, databases.connect());
  TARN_ASSIGN(const lake::TableDiff found,
              lake::diff(*from.table, *from.snapshot, *to.snapshot, *connection, {request.limit}, context));
  DiffReply reply;
  reply.table = from.name;
  reply.from = {from.snapshot->version.value, base::format_utc(from.snapshot->committed_at_us)};
  reply.to = {to.snapshot->version.value, base::format_utc(to.snapshot->committed_at_us)};
  reply.added = found.added;
  reply.removed = found.removed;
  reply.changed = found.changed;
  reply.columns_added = found.columns_added;
  reply.columns_removed = found.columns_removed;
  for (const lake::DiffRow& row : found.rows) {
    TARN_TRY(context.check());
    reply.rows.push_back(to_line(row, found.columns, found.by_id));
  }
  reply.truncated = static_cast<int64_t>(reply.rows.size()) < reply.added + reply.removed + reply.changed;
  reply.files_read = found.files_read;
  reply.files = found.files;
  reply.took_ms = stopwatch.elapsed_ms();
  return reply;
}

}  // namespace tarn::workspace
