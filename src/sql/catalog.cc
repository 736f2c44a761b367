#include "sql/catalog.h"

#include <algorithm>

#include "delta/schema.h"
#include "duck/locked.h"
#include "duck/statements.h"
#include "lake/present_rows.h"
#include "sql/statement.h"

namespace tarn::sql {

using base::Code;
using base::Status;

TableEntry pinned(std::string name, std::shared_ptr<lake::TableReader> table,
                  std::shared_ptr<const delta::Snapshot> snapshot) {
  return {std::move(name),
          [table = std::move(table), snapshot = std::move(snapshot)](
              const base::Context&) -> base::Result<PinnedTable> { return PinnedTable{table, snapshot}; }};
}

namespace {

base::Result<std::string> select_nothing(const std::vector<delta::Field>& columns) {
  std::string list;
  for (const delta::Field& field : columns) {
    TARN_ASSIGN(const std::string type, delta::duckdb_type(field.type));
    list += (list.empty() ? "" : ", ") + ("CAST(NULL AS " + type + ") AS ") + duck::quote_name(field.name);
  }
  return "SELECT " + list + " WHERE false";
}

}  // namespace

Catalog::Slot Catalog::make_slot(TableEntry entry) {
  const size_t dot = entry.name.find('.');
  Slot slot;
  slot.schema = dot == std::string::npos ? "main" : entry.name.substr(0, dot);
  slot.table = dot == std::string::npos ? entry.name : entry.name.substr(dot + 1);
  slot.entry = std::move(entry);
  slot.entry.name = slot.schema + "." + slot.table;
  return slot;
}

Catalog::Catalog(std::vector<TableEntry> tables) {
  for (TableEntry& entry : tables) {
    slots_.push_back(make_slot(std::move(entry)));
    names_.push_back(slots_.back().entry.name);
  }
  std::sort(names_.begin(), names_.end());
}

Catalog::Slot* Catalog::slot(std::string_view written) {
  std::vector<std::string> parts = duck::split_name(written);
  // memory.main.docs, main.docs or docs; the rest of a longer name (a column, a field) is not ours to tell apart:
  // docs.body, main.docs.body.
  if (parts.size() > 1 && duck::equal_names(parts[0], "memory")) parts.erase(parts.begin());
  if (parts.size() > 1) {
    if (Slot* found = slot(parts[0], parts[1])) return found;
  }
  return slot("main", parts[0]);
}

Catalog::Slot* Catalog::slot(std::string_view schema, std::string_view table) {
  Slot* like = nullptr;
  for (Slot& s : slots_) {
    if (!duck::equal_names(schema, s.schema) || !duck::equal_names(table, s.table)) continue;
    if (s.schema == schema && s.table == table) return &s;
    if (!like) like = &s;
  }
  return like;
}

// What DuckDB takes for one name with the slot's: its view can stand for one of them at a time.
std::vector<Catalog::Slot*> Catalog::twins(const Slot& slot) {
  std::vector<Slot*> found;
  for (Slot& s : slots_) {
    if (&s != &slot && duck::equal_names(s.schema, slot.schema) && duck::equal_names(s.table, slot.table)) {
      found.push_back(&s);
    }
  }
  return found;
}

Status Catalog::ambiguous(const Slot& slot) {
  std::string list = slot.entry.name;
  for (const Slot* twin : twins(slot)) list += ", " + twin->entry.name;
  return {Code::invalid_argument, "the name is ambiguous: " + list + " differ by case only",
          "write one of them exactly so, and one in a statement"};
}

std::string Catalog::find(std::string_view written) const {
  const Slot* found = const_cast<Catalog*>(this)->slot(written);
  return found ? found->entry.name : std::string();
}

Status Catalog::pin(Slot& slot, const base::Context& context) {
  if (slot.pinned) return base::ok();
  auto pinned = slot.entry.pin(context);
  if (!pinned.ok()) return pinned.status().with_context("table " + slot.entry.name);
  slot.pinned = std::make_shared<const PinnedTable>(*std::move(pinned));
  return base::ok();
}

base::Result<lake::Select> Catalog::select(const PinnedTable& pinned, bool locked) {
  return locked ? lake::select_present(*pinned.table, *pinned.snapshot, false)
                : pinned.table->select(*pinned.snapshot, {}, false);
}

Status Catalog::make(duck::Connection& connection, Slot& slot, const base::Context& context) {
  if (slot.made) return base::ok();
  lake::Select select;
  if (!slot.pinned && !slot.entry.columns.empty()) {
    TARN_ASSIGN(select.sql, select_nothing(slot.entry.columns));
  } else {
    TARN_TRY(pin(slot, context));
    auto rows = this->select(*slot.pinned, duck::is_locked(connection));
    if (!rows.ok()) return explain(slot.pinned.get(), rows.status()).with_context("table " + slot.entry.name);
    select = std::move(*rows);
  }
  if (Status made = connection.make_view(slot.schema, slot.table, select.sql); !made.ok()) {
    return explain(slot.pinned.get(), std::move(made)).with_context("table " + slot.entry.name);
  }
  for (Slot* twin : twins(slot)) twin->made = false;
  slot.files = std::move(select.files);
  slot.made = true;
  return base::ok();
}

// DuckDB names a file that it does not find; that a version has lost files is what a reader can make something of.
Status Catalog::explain(const PinnedTable* pinned, Status failed) {
  if (pinned == nullptr || failed.code() != Code::not_found) return failed;
  const Status lost = pinned->table->check_files(*pinned->snapshot);
  return lost.ok() ? failed : lost;
}

Status Catalog::explain(Status failed) const {
  if (failed.code() != Code::not_found) return failed;
  for (const Slot& slot : slots_) {
    if (!slot.made || !slot.pinned) continue;
    if (const Status lost = slot.pinned->table->check_files(*slot.pinned->snapshot); !lost.ok()) {
      return lost.with_context("table " + slot.entry.name);
    }
  }
  return failed;
}

Status Catalog::prepare(duck::Connection& connection, const std::string& statement, const base::Context& context) {
  failures_.clear();
  if (slots_.empty()) return {};
  if (needs_whole_catalog(statement)) return base::as_status(prepare_all(connection, context));
  std::vector<Slot*> wanted;
  for (const std::string& name : duck::possible_names(statement)) {
    Slot* found = slot(name);
    if (!found || std::find(wanted.begin(), wanted.end(), found) != wanted.end()) continue;
    wanted.push_back(found);
    if (refuse_ambiguous(connection, *found, name, wanted)) continue;
    Status made = make(connection, *found, context);
    TARN_TRY(context.check());
    if (!made.ok()) failures_.push_back(std::move(made));
  }
  return {};
}

// Whether the view of a name cannot be made, since it may mean another table as well: there is none then.
bool Catalog::refuse_ambiguous(duck::Connection& connection, Slot& slot, std::string_view written,
                               const std::vector<Slot*>& wanted) {
  const std::vector<Slot*> others = twins(slot);
  if (others.empty()) return false;
  const std::vector<std::string> parts = duck::split_name(written);
  const bool exact = std::find(parts.begin(), parts.end(), slot.table) != parts.end() &&
                     (slot.schema == "main" || std::find(parts.begin(), parts.end(), slot.schema) != parts.end());
  const bool both = std::any_of(others.begin(), others.end(), [&](Slot* other) {
    return std::find(wanted.begin(), wanted.end(), other) != wanted.end();
  });
  if (exact && !both) return false;
  refuse(connection, slot);
  return true;
}

// DuckDB then lacks the table, and this is why.
void Catalog::refuse(duck::Connection& connection, Slot& slot) {
  if (duck::is_locked(connection)) {  // which drops no view of a table: one that says why stands in its place
    const std::string why = duck::quote_literal(ambiguous(slot).message());
    static_cast<void>(connection.make_view(slot.schema, slot.table, "SELECT error(" + why + ")"));
  } else {
    static_cast<void>(connection.execute("DROP VIEW IF EXISTS " + duck::quote_name(slot.schema) + "." +
                                         duck::quote_name(slot.table)));
  }
  slot.made = false;
  for (Slot* other : twins(slot)) other->made = false;
  failures_.push_back(ambiguous(slot));
}

base::Result<std::string> Catalog::changed_by(duck::Connection& connection,
                                              const std::vector<std::string>& names) const {
  std::string database, schema;
  for (const std::string& name : names) {
    std::vector<std::string> parts = duck::split_name(name);
    if (parts.back() == "*") {  // a whole schema
      for (const Slot& s : slots_) {
        if (duck::equal_names(s.schema, parts[parts.size() - 2])) return s.entry.name;
      }
      continue;
    }
    const bool ours = duck::equal_names(parts[0], "memory");
    if (parts.size() > 2 && !ours) continue;
    if (database.empty()) {
      TARN_ASSIGN(const auto rows, connection.query("SELECT current_database(), current_schema()"));
      TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
      database = chunk ? chunk->text(0, 0) : "memory";
      schema = chunk ? chunk->text(1, 0) : "main";
    }
    if (!ours && !duck::equal_names(database, "memory")) continue;
    if (parts.size() == 1) {
      TARN_ASSIGN(const auto hidden,
                  connection.query("SELECT 1 FROM information_schema.tables WHERE table_catalog = 'temp' "
                                   "AND table_schema = 'main' AND lower(table_name) = lower($1)",
                                   {duck::Cell(parts[0])}));
      TARN_ASSIGN(const duck::Chunk* row, hidden->next());
      if (row) continue;
      parts.insert(parts.begin(), schema);
    }
    const Slot* found = const_cast<Catalog*>(this)->slot(duck::quote_name(parts[parts.size() - 2]) + "." +
                                                         duck::quote_name(parts.back()));
    if (!found || !duck::equal_names(found->table, parts.back())) continue;
    Catalog* self = const_cast<Catalog*>(this);
    if (!self->twins(*found).empty() && parts.back() != found->table) return self->ambiguous(*found);
    return found->entry.name;
  }
  return std::string();
}

Status Catalog::replace(duck::Connection& connection, const std::string& name, PinnedTable pinned) {
  Slot* found = slot(name);
  if (!found) return {Code::internal, "there is no table " + name};
  const bool same = found->made && found->pinned && found->pinned->snapshot->version == pinned.snapshot->version;
  found->pinned = std::make_shared<const PinnedTable>(std::move(pinned));
  found->made = same;
  return make(connection, *found, {});  // what it needs is there
}

Status Catalog::add(duck::Connection& connection, TableEntry entry, PinnedTable pinned) {
  slots_.push_back(make_slot(std::move(entry)));
  const std::string name = slots_.back().entry.name;
  names_.insert(std::upper_bound(names_.begin(), names_.end(), name), name);
  return replace(connection, name, std::move(pinned));
}

Status Catalog::remove(duck::Connection& connection, const std::string& name) {
  const auto found = std::find_if(slots_.begin(), slots_.end(), [&](const Slot& s) { return s.entry.name == name; });
  if (found == slots_.end()) return {};
  for (Slot* twin : twins(*found)) twin->made = false;  // the view may have been its
  const Status dropped = connection.execute("DROP VIEW IF EXISTS " + duck::quote_name(found->schema) + "." +
                                            duck::quote_name(found->table));
  slots_.erase(found);
  std::erase(names_, name);
  return dropped;
}

base::Result<bool> Catalog::prepare_all(duck::Connection& connection, const base::Context& context) {
  bool any = false;
  failures_.clear();
  for (Slot& slot : slots_) {
    if (!twins(slot).empty()) {  // a statement that may name any table may mean either
      refuse(connection, slot);
      continue;
    }
    any = any || !slot.made;
    Status made = make(connection, slot, context);
    TARN_TRY(context.check());
    if (!made.ok()) failures_.push_back(std::move(made));
  }
  return any;
}

base::Result<std::vector<std::string>> Catalog::columns(const std::string& name) {
  Slot* found = slot(name);
  if (!found) return Status(Code::not_found, "there is no table " + name);
  if (found->entry.columns.empty()) TARN_TRY(pin(*found, {}));
  std::vector<std::string> out;
  for (const delta::Field& field : found->pinned ? found->pinned->snapshot->schema : found->entry.columns) {
    out.push_back(field.name);
  }
  return out;
}

}  // namespace tarn::sql
