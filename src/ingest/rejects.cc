#include "ingest/rejects.h"

#include <algorithm>
#include <map>
#include <span>

#include "base/hash.h"
#include "ingest/rows.h"
#include "ingest/side_table.h"
#include "lake/text_table.h"

namespace tarn::ingest {
namespace {

delta::Field field(const char* name, const char* type) { return {name, json::Value(type)}; }

constexpr size_t kNamedPlaces = 10;  // of one item, beside its first

// " (and 3 more: line 4, line 9, line 12)"
std::string and_more(std::span<const connector::Reject> others) {
  std::string places;
  for (const auto& r : others.first(std::min(others.size(), kNamedPlaces))) {
    if (!r.place.empty()) places += (places.empty() ? ": " : ", ") + r.place;
  }
  if (!places.empty() && others.size() > kNamedPlaces) places += ", …";
  return " (and " + std::to_string(others.size()) + " more" + places + ")";
}

std::string reject_id(const RejectScope& scope, const std::string& item) {
  return base::hash128(scope.table + '\0' + scope.source + '\0' + item).hex();
}

// id → (place, reason) of the scope's live rows.
using Stored = std::map<std::string, std::pair<std::string, std::string>>;

base::Result<Stored> read_stored(const lake::TableReader& table, const delta::Snapshot& snapshot,
                                 duck::Connection& connection, const RejectScope& scope) {
  TARN_ASSIGN(const lake::Select live,
              table.select(snapshot, {"id", "table_name", "source", "place", "reason"}, false));
  TARN_ASSIGN(auto rows, connection.query("SELECT id, coalesce(place, ''), coalesce(reason, '') FROM (" + live.sql +
                                          ") WHERE table_name = " + duck::quote_literal(scope.table) +
                                          " AND source = " + duck::quote_literal(scope.source)));
  Stored stored;
  for (;;) {
    TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
    if (!chunk) return stored;
    for (size_t i = 0; i < chunk->rows(); ++i) {
      stored[std::string(chunk->text(0, i))] = {std::string(chunk->text(1, i)), std::string(chunk->text(2, i))};
    }
  }
}

base::Status store_once(const lake::Environment& environment, duck::Connection& connection, const RejectScope& scope,
                        const std::vector<connector::Reject>& rejects, const base::Context& context) {
  TARN_ASSIGN(const auto table,
              open_side_table(environment, {kRejectsTable, rejects_schema()}, !rejects.empty(), context));
  if (!table) return {};
  TARN_ASSIGN(auto snapshot, table->snapshot({}, context));
  TARN_TRY(lake::check_schema(snapshot->schema, rejects_schema(), kRejectsTable));
  TARN_ASSIGN(Stored stored, read_stored(*table, *snapshot, connection, scope));

  RowBuffer rows(connection, rejects_schema());
  for (const auto& r : rejects) {
    std::string id = reject_id(scope, r.item);
    auto before = stored.find(id);
    bool same = before != stored.end() && before->second == std::pair(r.place, r.reason);
    if (before != stored.end()) stored.erase(before);
    if (!same) {
      TARN_TRY(rows.add({id, scope.pull, scope.pulled_at_us, scope.table, scope.source, r.item, r.place, r.reason}));
    }
  }
  std::vector<std::string> gone;
  for (const auto& [id, what] : stored) gone.push_back(id);
  if (rows.rows() == 0 && gone.empty()) return {};
  auto change = table->change(snapshot);
  if (rows.rows() > 0) {
    TARN_ASSIGN(std::string select, rows.select());
    TARN_TRY(change->upsert(connection, select, "id", context));
  }
  if (!gone.empty()) TARN_TRY(change->delete_keys(connection, "id", gone, context));
  change->set_operation("MERGE", json::Value::object({{"pull", scope.pull}}));
  return base::as_status(change->commit(context));
}

}  // namespace

std::vector<delta::Field> rejects_schema() {
  return {field("id", "string"),         field("pull", "string"),   field("pulled_at", "timestamp"),
          field("table_name", "string"), field("source", "string"), field("item", "string"),
          field("place", "string"),      field("reason", "string")};
}

std::vector<connector::Reject> one_for_each_item(std::vector<connector::Reject> rejects) {
  std::stable_sort(rejects.begin(), rejects.end(), [](const auto& a, const auto& b) { return a.item < b.item; });
  std::vector<connector::Reject> out;
  for (size_t i = 0, next; i < rejects.size(); i = next) {
    for (next = i + 1; next < rejects.size() && rejects[next].item == rejects[i].item;) ++next;
    out.push_back(std::move(rejects[i]));
    if (next - i > 1) out.back().reason += and_more(std::span(rejects).subspan(i + 1, next - i - 1));
  }
  return out;
}

base::Status store_rejects(const lake::Environment& environment, duck::Connection& connection, const RejectScope& scope,
                           const std::vector<connector::Reject>& rejects, const base::Context& context) {
  return write_side_table({kRejectsTable, rejects_schema()},
                          [&] { return store_once(environment, connection, scope, rejects, context); });
}

}  // namespace tarn::ingest
