#include "workspace/operations/forget.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "answer/receipts.h"
#include "base/clock.h"
#include "connector/forgotten.h"
#include "delta/schema.h"
#include "ingest/rejects.h"
#include "ingest/rights.h"
#include "lake/bookmark.h"
#include "lake/dropped.h"
#include "lake/fetch.h"
#include "lake/originals.h"
#include "lake/table_name.h"
#include "lake/tags.h"
#include "workspace/databases.h"
#include "workspace/document_reference.h"
#include "workspace/lake_store.h"
#include "workspace/last_pulls.h"
#include "workspace/live_sets.h"
#include "workspace/reference.h"
#include "workspace/table_locks.h"
#include "workspace/tables.h"

namespace tarn::workspace {

using base::Code;
using base::Result;
using base::Status;
using operation::Face;

namespace {

struct Aside {
  std::vector<Pinned> tables;
  std::map<std::string, std::string> was;  // by name: what each was called
  std::vector<std::string> remains;        // of dropped tables in whose removal vacuum was stopped: nobody reads them
};

// Tables that lie aside: lake/dropped.h.
Result<Aside> tables_aside(const lake::Environment& environment, const base::Context& context) {
  Aside found;
  TARN_ASSIGN(const auto all, lake::list_aside(*environment.store));
  for (const lake::AsideTable& aside : all) {
    Pinned pinned;
    pinned.name = lake::name_of_table(aside.path);
    const auto table = lake::open_aside(environment, aside, context);
    if (table.status().code() == Code::not_found) {
      if (aside.dropped_at_us) found.remains.push_back(aside.path);
      continue;
    }
    if (!table.ok()) return table.status().with_context(pinned.name);
    if ((*table)->link()) continue;
    pinned.table = *table;
    TARN_ASSIGN(pinned.snapshot, pinned.table->snapshot({}, context));
    if (delta::find_field(pinned.snapshot->schema, "id") == nullptr) continue;
    found.was[pinned.name] = lake::name_of_table(aside.table);
    found.tables.push_back(std::move(pinned));
  }
  return found;
}

// Of a live row that is called so; else the word itself, which may be the id of a row that only older versions have.
Result<std::string> id_to_forget(const ForgetRequest& request, const std::vector<Pinned>& tables,
                                 duck::Connection& connection) {
  std::string name = request.id;
  std::vector<Pinned> where = tables;
  if (const auto reference = parse_document_reference(name)) {
    std::erase_if(where, [&](const Pinned& pinned) { return pinned.name != reference->table; });
    if (where.empty()) {
      where = tables;
    } else {
      name = reference->id;
    }
  }
  for (const Pinned& pinned : where) {
    const auto row = lake::fetch_row(*pinned.table, *pinned.snapshot, name, "", connection);
    if (row.ok()) return name;
    if (row.status().code() != Code::not_found) return request.id;  // damaged: it is forgotten by its id
  }
  const auto named = documents_called(name, where, connection);
  if (!named.ok() || named->empty()) return request.id;
  for (const NamedDocument& document : *named) {
    if (document.id != named->front().id) return ambiguous(request.id, *named);
  }
  return named->front().id;
}

// A row that is no more in the newest version is looked for in so many before it.
constexpr int64_t kVersionsLookedBack = 100;

// Rows that name an item beside its documents, and the column in which they do.
struct Beside {
  Pinned table;
  std::string column;
  bool of_items = false;  // also of a whole item only, not of one of its parts
};

Result<std::vector<Beside>> tables_beside(Tables& tables, const base::Context& context) {
  std::vector<Beside> found;
  for (const auto& [name, column, of_items] :
       {std::tuple(ingest::kRejectsTable, "item", false), {ingest::kAclTable, "uri", true}}) {
    auto pinned = tables.pin(std::string(name), AsOf{}, context);
    if (pinned.status().code() == Code::not_found) continue;
    if (!pinned.ok()) return pinned.status();
    found.push_back({std::move(*pinned), column, of_items});
  }
  return found;
}

struct ItemIds {
  std::vector<std::string> ids;
  std::set<std::string> uris = {};
  bool part = false;  // what was named is a part of an item
};

// The row's own id, and those of its parts: an item goes with its attachments. Its parts are those of the newest
// version that has it, so that a run which was stopped, after it had rewritten the live files, finds them again.
Result<ItemIds> ids_of_item(const Pinned& pinned, const std::string& id, duck::Connection& connection,
                            const base::Context& context) {
  const int64_t newest = pinned.snapshot->version.value, last = std::max<int64_t>(0, newest - kVersionsLookedBack);
  ItemIds found{{id}};
  for (int64_t version = newest; version >= last; --version) {
    TARN_TRY(context.check());
    auto snapshot = pinned.snapshot;
    if (version < newest) {
      auto before = pinned.table->snapshot(base::Version(version), context);
      if (!before.ok()) break;  // so far back the log does not reach
      snapshot = *std::move(before);
    }
    for (const char* column : {"source", "uri", "part"}) {
      if (!delta::find_field(snapshot->schema, column)) return found;
    }
    TARN_ASSIGN(const lake::Select select, pinned.table->select(*snapshot, {"id", "source", "uri", "part"}, false));
    TARN_ASSIGN(const auto rows,
                connection.query(
                    fmt::format("WITH r AS ({}) SELECT p.id, coalesce(item.part, '') <> '', item.uri FROM r AS item "
                                "JOIN r AS p ON p.uri = item.uri "
                                "AND p.source IS NOT DISTINCT FROM item.source WHERE item.id = $1 AND "
                                "(p.id = item.id OR p.part <> '' AND (coalesce(item.part, '') = '' OR "
                                "starts_with(p.part, item.part || '/')))",
                                select.sql),
                    {duck::Cell(id)}));
    bool has_it = false;
    for (;;) {
      TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
      if (!chunk) break;
      for (size_t i = 0; i < chunk->rows(); ++i) {
        has_it = true;
        found.part = chunk->integer(1, i) != 0;
        if (!chunk->is_null(2, i)) found.uris.emplace(chunk->text(2, i));
        if (chunk->text(0, i) != id) found.ids.emplace_back(chunk->text(0, i));
      }
    }
    if (has_it) break;
  }
  return found;
}

// Rows of their own that name it as what they belong to (comments, attached files, pages below it): they stay, and are
// told.
Result<std::string> rows_that_stay(const Pinned& pinned, const std::set<std::string>& uris,
                                   duck::Connection& connection) {
  std::string told;
  if (uris.empty() || !delta::find_field(pinned.snapshot->schema, "parent")) return told;
  std::string list;
  for (const std::string& uri : uris) list += (list.empty() ? "" : ", ") + duck::quote_literal(uri);
  TARN_ASSIGN(const lake::Select select, pinned.table->select(*pinned.snapshot, {"id", "parent"}, false));
  TARN_ASSIGN(const auto rows, connection.query(fmt::format("SELECT CAST(id AS VARCHAR), count(*) OVER () FROM ({}) "
                                                            "WHERE CAST(parent AS VARCHAR) IN ({}) ORDER BY 1 LIMIT {}",
                                                            select.sql, list, kMaxNamed)));
  int64_t n = 0;
  for (;;) {
    TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
    if (!chunk) break;
    for (size_t i = 0; i < chunk->rows(); ++i) {
      n = chunk->integer(1, i);
      told += (told.empty() ? "" : ", ") + std::string(chunk->text(0, i));
    }
  }
  if (n == 0) return told;
  return fmt::format("{} {} of {} that belong to it stay, and may say what it said: {}{}", n, n == 1 ? "row" : "rows",
                     pinned.name, told, n > static_cast<int64_t>(kMaxNamed) ? ", …" : "");
}

Result<lake::OriginalsInUse> originals_of(const lake::Environment& environment, const Pinned& pinned,
                                          const std::set<std::string>& uris, duck::Connection& connection,
                                          const base::Context& context) {
  TARN_ASSIGN(const auto there, lake::list_originals(environment));
  if (there.empty()) return lake::OriginalsInUse();
  return lake::originals_in_use(environment, connection, pinned.table->path(), uris, context);
}

// Those that no other item has.
Status originals_go(const lake::Environment& environment, const Pinned& pinned, const std::set<std::string>& uris,
                    duck::Connection& connection, ForgetReply* reply, const base::Context& context) {
  TARN_ASSIGN(const auto use, originals_of(environment, pinned, uris, connection, context));
  for (const std::string& sha256 : use.of_rows) {
    if (use.of_others.contains(sha256)) continue;
    const std::string path = lake::path_of_original(sha256);
    if (!reply->dry_run) TARN_TRY(environment.store->remove(path));
    reply->originals.push_back(path);
  }
  return {};
}

// A part lies in its item's bytes.
Status check_no_original(const lake::Environment& environment, const Pinned& pinned, const ItemIds& item,
                         duck::Connection& connection, const base::Context& context) {
  TARN_ASSIGN(const auto use, originals_of(environment, pinned, item.uris, connection, context));
  if (use.of_rows.empty()) return {};
  return {Code::unsupported, "it is a part of " + *item.uris.begin() + ", whose bytes are kept as a whole",
          "forget that, with all of its parts"};
}

void add_files(const lake::ForgetReport& report, ForgottenTable* table) {
  table->version = report.version.value;
  table->lost_versions = report.lost;
  for (const lake::ForgottenFile& file : report.files) {
    table->rows += file.rows;
    table->rewritten += file.live ? 1 : 0;
  }
  for (const lake::RemovedFile& file : report.removed) table->removed.push_back({file.path, file.size_bytes});
  table->cut.insert(table->cut.end(), report.rewritten.begin(), report.rewritten.end());
}

}  // namespace

operation::Declaration<ForgetRequest, ForgetReply> Forget::declare() {
  operation::Operation o;
  o.name = "forget";
  o.faces = {Face::cli, Face::network};
  o.doc = "remove a row from every version, index, receipt and bookmark";
  o.help = R"(Stronger than tags and readers: afterwards no byte of the lake says what the row said. Live data files
are written anew without it, older ones that have it are removed; which versions can then no longer be read in full is
told. The parts that an item has, such as the attachments of a mail, go with it; rows that only belong to it, such as a
wiki page's comments and files, are named and stay. Done again after a crash it ends what it began. A
source that still has the document brings it back with the next pull: remove it there first.)";
  o.examples = {{"tarn forget intro.md --dry-run", "what would go"},
                {"tarn forget intro.md --in main.docs --yes", "without a question"}};
  o.errors = {{Code::not_found, "there is no such table, or nothing has the id"},
              {Code::conflict, "others write the row at the same time"},
              {Code::unsupported, "a table has a feature that Tarn does not write"}};
  o.read_only = false;
  o.destructive = true;
  o.list = "tables";
  return operation::declare<ForgetRequest, ForgetReply>(std::move(o));
}

Result<ForgetReply> Forget::run(const ForgetRequest& request, Tables& tables, LakeStore& lake, Databases& databases,
                                TableLocks& locks, LiveSets& live_sets, const base::Context& context) {
  const base::Stopwatch stopwatch;
  if (request.id.empty()) return Status(Code::invalid_argument, "which row is to be forgotten?", "tarn forget ID");
  TARN_ASSIGN(store::Store * lake_store, lake.open());
  TARN_ASSIGN(std::vector<Pinned> all, tables.pin_all(request.in, "", false, context));
  std::vector<Pinned> named;
  ForgetReply reply;
  reply.id = request.id;
  reply.dry_run = request.dry_run;
  for (Pinned& pinned : all) {
    const bool has_id = delta::find_field(pinned.snapshot->schema, "id") != nullptr;
    if (pinned.table->link()) {
      if (request.in.empty()) continue;
      return Status(Code::permission_denied,
                    fmt::format("{} is a link: its rows lie in {}", pinned.name, pinned.table->link()->target),
                    "forget it there");
    }
    if (!has_id && !request.in.empty()) {
      return Status(Code::invalid_argument, fmt::format("{} has no column 'id'", pinned.name),
                    "delete the rows with SQL, then vacuum with --retain 0");
    }
    if (has_id && pinned.name != ingest::kRejectsTable) named.push_back(pinned);
  }
  TARN_ASSIGN(const lake::Environment environment, tables.lake_environment(false, true));
  TARN_ASSIGN(const Aside aside, tables_aside(environment, context));
  named.insert(named.end(), aside.tables.begin(), aside.tables.end());
  TARN_ASSIGN(const std::vector<Beside> besides, tables_beside(tables, context));
  TARN_ASSIGN(auto connection, databases.connect());
  TARN_ASSIGN(const std::string id, id_to_forget(request, named, *connection));
  reply.id = id;
  TARN_ASSIGN(const auto tags, lake::list_tags(*lake_store));
  for (const Pinned& pinned : named) {
    TARN_TRY(context.check());
    const auto lock = locks.hold(pinned.name);
    std::vector<std::unique_lock<std::mutex>> more_locks;
    for (const Beside& beside : besides) {
      if (beside.table.name != pinned.name) more_locks.push_back(locks.hold(beside.table.name));
    }
    ForgottenTable table;
    table.table = pinned.name;
    std::vector<ForgottenTable> forgotten_beside;
    std::set<std::string> called{pinned.name};
    if (const auto was = aside.was.find(pinned.name); was != aside.was.end()) called.insert(was->second);
    auto of_item = ids_of_item(pinned, id, *connection, context);
    TARN_TRY(context.check());
    if (!of_item.ok()) {  // damaged: it is forgotten by its id
      reply.notes.push_back(pinned.name + ": parts of it were not looked for: " + of_item.status().message());
    }
    const ItemIds item = of_item.ok() ? *std::move(of_item) : ItemIds{{id}};
    const std::vector<std::string>& ids = item.ids;
    const auto others = [&](const lake::ForgetReport& found) -> Status {
      connector::ForgottenItem names;
      names.ids = {ids.begin(), ids.end()};
      if (const auto uris = found.texts.find("uri"); uris != found.texts.end()) names.uris = uris->second;
      TARN_ASSIGN(const auto receipts, answer::receipts_that_quote(*lake_store, {called, names.ids, names.uris}));
      for (const std::string& path : receipts) {
        if (!request.dry_run) TARN_TRY(lake_store->remove(path));
        reply.receipts.push_back(path);
      }
      TARN_ASSIGN(const auto cut,
                  lake::rewrite_bookmarks(*lake_store, pinned.table->path(), [&](json::Value* bookmark) {
                    json::Value copy = *bookmark;
                    return connector::take_out(names, request.dry_run ? &copy : bookmark) && !request.dry_run;
                  }));
      table.cut.insert(table.cut.end(), cut.begin(), cut.end());
      TARN_TRY(originals_go(environment, pinned, names.uris, *connection, &reply, context));
      std::vector<std::string> items(names.uris.begin(), names.uris.end());
      items.insert(items.end(), ids.begin(), ids.end());
      for (const Beside& beside : besides) {
        if (beside.of_items && item.part) continue;
        TARN_ASSIGN(const auto side, lake::writable(beside.table.table));
        TARN_ASSIGN(const auto report,
                    side->forget(*connection, {beside.column, items, request.dry_run}, nullptr, context));
        if (report.files.empty()) continue;
        ForgottenTable& forgotten = forgotten_beside.emplace_back();
        forgotten.table = beside.table.name;
        add_files(report, &forgotten);
      }
      return {};
    };
    if (!item.part) {
      auto stay = rows_that_stay(pinned, item.uris, *connection);
      TARN_TRY(context.check());
      if (stay.ok() && !stay->empty()) reply.notes.push_back(*std::move(stay));
    }
    if (item.part) TARN_TRY(check_no_original(environment, pinned, item, *connection, context));
    TARN_ASSIGN(const auto own, lake::writable(pinned.table));
    const auto report = own->forget(*connection, {"id", ids, request.dry_run}, others, context);
    if (!report.ok()) return report.status().with_context(pinned.name);
    if (request.dry_run) TARN_TRY(others(*report));
    add_files(*report, &table);
    for (const lake::Tag& tag : tags) {
      const auto tagged = tag.tables.find(pinned.table->path());
      if (tagged == tag.tables.end() || std::find(reply.tags.begin(), reply.tags.end(), tag.name) != reply.tags.end()) {
        continue;
      }
      if (std::binary_search(table.lost_versions.begin(), table.lost_versions.end(), tagged->second.version.value)) {
        reply.tags.push_back(tag.name);
      }
    }
    if (!report->files.empty() || !table.removed.empty() || !table.cut.empty()) {
      reply.tables.push_back(std::move(table));
    }
    std::move(forgotten_beside.begin(), forgotten_beside.end(), std::back_inserter(reply.tables));
    live_sets.forget(pinned.name);
  }
  for (const std::string& path : aside.remains) {
    if (!request.dry_run) TARN_TRY(lake::remove_aside(*lake_store, path));
    reply.notes.push_back(path + (request.dry_run ? " cannot be read any more, and would go whole"
                                                  : " could not be read any more, and went whole"));
  }
  if (!request.dry_run) forget_last_pulls(*lake_store);
  reply.found = !reply.tables.empty() || !reply.receipts.empty();
  if (!reply.found && aside.remains.empty()) {
    return Status(Code::not_found, "nothing has the id, uri or path '" + request.id + "'",
                  "search shows what there is; what was forgotten already is found no more");
  }
  if (reply.found && !request.dry_run) {
    reply.notes.push_back("if its source still has it, the next pull brings it back: remove it there");
  }
  reply.took_ms = stopwatch.elapsed_ms();
  return reply;
}

}  // namespace tarn::workspace
