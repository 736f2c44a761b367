#include "ingest/target.h"

#include <algorithm>
#include <utility>

#include "lake/table_name.h"
#include "lake/text_table.h"

namespace tarn::ingest {
namespace {

std::optional<int64_t> transaction(const delta::Snapshot& snapshot, const std::string& id) {
  auto at = snapshot.transactions.find(id);
  return at == snapshot.transactions.end() ? std::nullopt : std::optional(at->second);
}

// A table from before gets the columns that it lacks with the first rows that have them.
void follow_rows(const delta::Snapshot& base, lake::Change& change) {
  if (lake::lacks_columns(base.schema)) change.on_change(lake::OnChange::evolve);
}

}  // namespace

base::Result<Target> Target::open(const lake::Environment& environment, const std::string& name, const Origin& origin,
                                  bool dry_run, const base::Context& context) {
  TARN_ASSIGN(Target t, open_any(environment, name, origin, dry_run, context));
  if (t.exists()) TARN_TRY(lake::check_schema(t.snapshot_->schema, lake::text_schema(), name));
  return t;
}

base::Result<Target> Target::open_any(const lake::Environment& environment, const std::string& name,
                                      const Origin& origin, bool dry_run, const base::Context& context) {
  Target t;
  t.environment_ = environment;
  t.name_ = name;
  t.origin_ = origin;
  if (!environment.store) {
    if (dry_run) return t;
    return base::Status(base::Code::invalid_argument, "a pull needs a lake to write to");
  }
  auto table = lake::open_table(environment, lake::path_of_table(name), {}, context);
  if (table.status().code() == base::Code::not_found) return t;
  if (!table.ok()) return table.status();
  t.table_ = std::move(*table);
  TARN_ASSIGN(t.snapshot_, t.table_->snapshot({}, context));
  TARN_TRY(t.read_state());
  return t;
}

base::Status Target::read_state() {
  version_ = snapshot_->version;
  current_ = transaction(*snapshot_, origin_.source_id);
  found_ = current_;
  if (current_) {
    delta::Snapshot ahead;
    ahead.transactions[origin_.source_id] = *current_ + 1;
    const auto announced = table_->bookmark(ahead, origin_.source_id);
    const bool missing = announced.status().code() == base::Code::corruption;
    if (!announced.ok() && !missing) return announced.status();
    announced_before_ = !missing;
  }
  auto newest = table_->bookmark(*snapshot_, origin_.source_id);
  if (newest.status().code() == base::Code::corruption) {  // the source tells everything again
    interrupted_ = true;
    return {};
  }
  if (!newest.ok()) return newest.status();
  if (!*newest) return {};
  Bookmark bookmark = parse_bookmark(**newest);
  interrupted_ = bookmark.under_way || !bookmark.state;
  options_ = bookmark.state ? bookmark.state->options : bookmark.options;
  if (bookmark.under_way) {
    found_ = bookmark.began_at;
    if (!found_) return {};
    // The bookmark that the interrupted pull began with, by the name that it had then.
    delta::Snapshot then = *snapshot_;
    then.transactions[origin_.source_id] = *found_;
    auto older = table_->bookmark(then, origin_.source_id);
    if (!older.ok() || !*older) return {};  // without it renames are not seen; everything else is
    bookmark = parse_bookmark(**older);
  }
  state_ = std::move(bookmark.state);
  return {};
}

base::Result<std::vector<OtherSource>> Target::others() const {
  std::vector<OtherSource> others;
  if (!table_) return others;
  for (const auto& [id, number] : snapshot_->transactions) {
    if (id == origin_.source_id) continue;
    // What the last pull knew of it still holds where it has not moved since.
    if (state_) {
      const auto known = std::find_if(state_->others.begin(), state_->others.end(),
                                      [&, n = number](const OtherSource& o) { return o.id == id && o.number == n; });
      if (known != state_->others.end()) {
        others.push_back({id, known->url, number, known->moved_at, {}});
        continue;
      }
    }
    auto bookmark = table_->bookmark(*snapshot_, id);
    if (!bookmark.ok() && bookmark.status().code() != base::Code::corruption) return bookmark.status();
    if (!bookmark.ok() || !*bookmark) continue;  // another program's, or damaged: it tells everything again itself
    const json::Value& moved_at = (**bookmark)["moved_at"];
    others.push_back(
        {id, (**bookmark)["source"].string_or(""), number, moved_at.is_int() ? moved_at.as_int() : number, {}});
  }
  return others;
}

base::Status Target::create(const std::vector<delta::Field>& schema, const base::Context& context) {
  if (table_) return {};
  lake::CreateOptions options;
  options.schema = schema;
  auto created = lake::create_table(environment_, lake::path_of_table(name_), options);
  if (created.status().code() == base::Code::already_exists) {
    created = lake::open_table(environment_, lake::path_of_table(name_), {}, context);
  }
  if (!created.ok()) return created.status();
  table_ = std::move(*created);
  TARN_ASSIGN(snapshot_, table_->snapshot({}, context));
  version_ = snapshot_->version;
  return lake::check_schema(snapshot_->schema, schema, name_);
}

base::Status Target::lost() const {
  return {base::Code::conflict, "another pull of this source into " + name_ + " committed first",
          "pull again: it goes on from there"};
}

base::Result<std::shared_ptr<const delta::Snapshot>> Target::newest(const std::vector<delta::Field>& schema,
                                                                    const base::Context& context) {
  TARN_TRY(create(schema, context));
  TARN_ASSIGN(auto newest, table_->snapshot({}, context));
  if (transaction(*newest, origin_.source_id) != current_) return lost();
  return newest;
}

void Target::stamp(json::Value* bookmark) const {
  bookmark->set("source", origin_.source);
  bookmark->set("pulled_at", base::format_utc(origin_.pulled_at_us));
}

base::Status Target::announce(const std::vector<delta::Field>& schema, const State& state,
                              const base::Context& context) {
  TARN_ASSIGN(const auto base, newest(schema, context));
  json::Value bookmark = to_json(state);
  stamp(&bookmark);
  TARN_ASSIGN(next_, table_->put_next_bookmark(*base, origin_.source_id, bookmark));
  return {};
}

base::Status Target::move_bookmark(const delta::Snapshot& base, lake::Change& change, json::Value bookmark) {
  if (!next_) {
    stamp(&bookmark);
    TARN_ASSIGN(next_, table_->put_next_bookmark(base, origin_.source_id, bookmark));
  }
  change.set_transaction(origin_.source_id, *next_);
  return {};
}

base::Result<base::Version> Target::commit(lake::Change& change, const base::Context& context) {
  auto version = change.commit(context);
  if (version.status().code() == base::Code::conflict) {
    auto newest = table_->snapshot({}, context);
    if (newest.ok() && transaction(**newest, origin_.source_id) != current_) return lost();
  }
  if (!version.ok()) return version.status();
  current_ = std::exchange(next_, std::nullopt);
  version_ = *version;
  return version;
}

base::Result<base::Version> Target::commit_step(duck::Connection& connection, RowBuffer& rows, bool any_live,
                                                const json::Value& options, const base::Context& context) {
  TARN_ASSIGN(auto base, newest(lake::text_schema(), context));
  auto change = table_->change(base);
  follow_rows(*base, *change);
  TARN_ASSIGN(std::string select, rows.select());
  TARN_TRY(any_live ? change->upsert(connection, select, "id", context) : change->append(connection, select, context));
  change->set_operation(any_live ? "MERGE" : "WRITE",
                        json::Value::object({{"source", origin_.source_id}, {"step", true}}));
  TARN_TRY(move_bookmark(*base, *change, step_to_json(found_, options)));
  return commit(*change, context);
}

base::Result<base::Version> Target::commit_last(duck::Connection* connection, RowBuffer* rows, bool any_live,
                                                const std::vector<std::string>& deleted_ids, const State& state,
                                                const json::Value& parameters, const base::Context& context) {
  TARN_ASSIGN(auto base, newest(lake::text_schema(), context));
  auto change = table_->change(base);
  if (rows && rows->rows() > 0) {
    follow_rows(*base, *change);
    TARN_ASSIGN(std::string select, rows->select());
    TARN_TRY(any_live ? change->upsert(*connection, select, "id", context)
                      : change->append(*connection, select, context));
  }
  if (!deleted_ids.empty()) TARN_TRY(change->delete_keys(*connection, "id", deleted_ids, context));
  change->set_operation(any_live || !deleted_ids.empty() ? "MERGE" : "WRITE", parameters);
  TARN_TRY(move_bookmark(*base, *change, to_json(state)));
  return commit(*change, context);
}

base::Result<base::Version> Target::commit_records(duck::Connection& connection, const RecordRows* rows,
                                                   const State& state, const json::Value& parameters,
                                                   const base::Context& context) {
  TARN_ASSIGN(auto base, newest(rows ? rows->schema() : std::vector<delta::Field>(), context));
  auto change = table_->change(base);
  change->on_change(lake::OnChange::evolve);
  bool replaces = false;
  if (rows && rows->added() + rows->changed() > 0) {
    replaces = rows->changed() > 0;
    TARN_TRY(replaces ? change->upsert(connection, rows->changed_select(), rows->key(), context)
                      : change->append(connection, rows->changed_select(), context));
  }
  if (rows && !rows->gone().empty()) {
    replaces = true;
    TARN_TRY(change->delete_keys(connection, rows->key(), rows->gone(), context));
  }
  change->set_operation(replaces ? "MERGE" : "WRITE", parameters);
  TARN_TRY(move_bookmark(*base, *change, to_json(state)));
  return commit(*change, context);
}

}  // namespace tarn::ingest
