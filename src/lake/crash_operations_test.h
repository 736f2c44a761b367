// The operations of a lake as the tests of crashes and failing calls run them: one line each, on one prepared table.
// Shape:   the table `main/t` (id text, v integer) has two data files (or as many as the operation says), a deletion
//          vector, a bookmark and a checkpoint, and beside it may lie what an operation prepares. It runs a day later.
//          A new operation of the lake is one more entry of operations().
#pragma once

#include <functional>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "lake/dropped.h"
#include "lake/lake_fixture_test.h"
#include "lake/link.h"
#include "lake/tags.h"
#include "store/without_rename_test.h"

namespace tarn::lake {

struct Operation {
  std::string name;
  using Run = std::function<base::Status(const Environment&, duck::Connection&, const base::Context&)>;
  Run run;
  std::map<std::string, std::string> configuration = {{"delta.checkpointInterval", "3"}};
  bool makes_the_table = false;  // nothing is prepared
  int rows = 4;                  // of each prepared data file
  int files = 2;
  Run also = {};     // is prepared as well
  int versions = 1;  // that it makes before it is acknowledged
  int merges = 0;    // versions that come by themselves afterwards
  bool keeps_old_versions = true;
  bool in_steps = false;  // it goes on after its first version: stopped, it is done again from wherever it was
  // Of one that makes no version: whether what it does is done.
  std::function<bool(const Environment&)> done = {};
  bool durable = true;  // what it does is there after a power cut
  bool writes = true;
  size_t too_small = 2;  // limits on a file's size, of those that are tried, which stop it
};

inline void PrintTo(const Operation& operation, std::ostream* out) { *out << operation.name; }

inline base::Status change_rows(const Environment& environment, const base::Context& context,
                                const std::function<base::Status(Change&)>& work) {
  TARN_ASSIGN(const auto table, open_table(environment, "main/t", {}, context));
  TARN_ASSIGN(const auto base, table->snapshot({}, context));
  const auto change = table->change(base);
  TARN_TRY(work(*change));
  return as_status(change->commit(context));
}

inline base::Status create_pairs_table(const Environment& environment, duck::Connection& connection,
                                       const std::map<std::string, std::string>& configuration) {
  CreateOptions options;
  TARN_ASSIGN(options.schema, delta::fields_of_select(connection, "SELECT 'a' AS id, 1::BIGINT AS v"));
  options.configuration = configuration;
  return as_status(create_table(environment, "main/t", options));
}

inline base::Status append_rows(const Environment& environment, duck::Connection& connection, int from, int to,
                                const base::Context& context) {
  return change_rows(environment, context, [&](Change& change) {
    return change.append(
        connection,
        "SELECT 'r' || i AS id, i AS v FROM range(" + std::to_string(from) + ", " + std::to_string(to) + ") t(i)",
        context);
  });
}

inline base::Status upsert_with_bookmark(const Environment& environment, duck::Connection& connection, int n,
                                         const base::Context& context) {
  TARN_ASSIGN(const auto table, open_table(environment, "main/t", {}, context));
  TARN_ASSIGN(const auto base, table->snapshot({}, context));
  const auto change = table->change(base);
  TARN_TRY(change->upsert(connection, "SELECT 'r1' AS id, 100 AS v UNION ALL SELECT 'x', 1", "id", context));
  TARN_TRY(change->delete_keys(connection, "id", {"r3"}, context));
  TARN_ASSIGN(const int64_t at, table->put_next_bookmark(*base, "s", json::Value::object({{"at", n}})));
  change->set_transaction("s", at);
  return as_status(change->commit(context));
}

inline base::Status delete_ids(const Environment& environment, duck::Connection& connection, int from, int to, int step,
                               const base::Context& context) {
  std::vector<std::string> keys;
  for (int i = from; i < to; i += step) keys.push_back("r" + std::to_string(i));
  return change_rows(environment, context,
                     [&](Change& change) { return change.delete_keys(connection, "id", keys, context); });
}

// What lies there before an operation.
inline base::Status prepare(const Operation& operation, const Environment& environment, duck::Connection& connection) {
  if (operation.makes_the_table) return {};
  TARN_TRY(create_pairs_table(environment, connection, operation.configuration));
  for (int i = 0; i < operation.files; ++i) {
    TARN_TRY(append_rows(environment, connection, i * operation.rows, (i + 1) * operation.rows, {}));
  }
  const base::Status made = change_rows(environment, {}, [&](Change& change) -> base::Status {
    TARN_TRY(change.delete_keys(connection, "id", {"r2"}, {}));
    TARN_ASSIGN(const auto table, open_table(environment, "main/t"));
    TARN_ASSIGN(const auto base, table->snapshot());
    TARN_ASSIGN(const int64_t n, table->put_next_bookmark(*base, "s", json::Value::object({{"at", 1}})));
    change.set_transaction("s", n);
    return {};
  });
  return made.ok() && operation.also ? operation.also(environment, connection, {}) : made;
}

inline base::Status optimize_table(const Environment& environment, duck::Connection& connection,
                                   const base::Context& context) {
  TARN_ASSIGN(const auto table, open_table(environment, "main/t", {}, context));
  return as_status(table->optimize(connection, {}, context));
}

// A folder outside of every lake, for links: made once in a process.
inline const std::string& linked_folder() {
  static const store::ScratchDirectory folder;
  static const bool made =
      duck::shared_connection().write_parquet("SELECT 'a' AS id, 'words' AS line", folder.path() + "/a.parquet").ok();
  EXPECT_TRUE(made);
  return folder.path();
}

inline base::Status link_folder(const Environment& environment) {
  LinkInfo link;
  link.target = linked_folder();
  return as_status(create_link(environment, "main/linked", link));
}

inline bool is_linked(const Environment& environment) { return open_reader(environment, "main/linked").ok(); }

inline base::Status create_other_table(const Environment& environment, duck::Connection& connection,
                                       const base::Context& context) {
  return as_status(create_table_as(environment, "main/other", connection, "SELECT 'a' AS id, 1 AS v", context));
}

// Dropped, and known since when.
inline bool is_other_gone(const Environment& environment) {
  if (open_table(environment, "main/other").status().code() != base::Code::not_found) return false;
  const auto aside = list_aside(*environment.store);
  return aside.ok() && aside->size() == 1 && aside->front().dropped_at_us == environment.clock->now_us();
}

inline std::vector<Operation> operations() {
  const std::map<std::string, std::string> rewriting = {{"delta.enableDeletionVectors", "false"}};
  const std::map<std::string, std::string> checkpointing = {{"delta.checkpointInterval", "4"}};
  using E = const Environment&;
  using C = duck::Connection&;
  using X = const base::Context&;
  return {
      {.name = "create", .run = [](E e, C c, X) { return create_pairs_table(e, c, {}); }, .makes_the_table = true},
      {.name = "create_as",
       .run =
           [](E e, C c, X x) {
             return as_status(create_table_as(e, "main/t", c, "SELECT 'r' || i AS id, i AS v FROM range(9) t(i)", x));
           },
       .makes_the_table = true},
      {.name = "append", .run = [](E e, C c, X x) { return append_rows(e, c, 100, 104, x); }},
      {.name = "append_checkpoint",
       .run = [](E e, C c, X x) { return append_rows(e, c, 100, 104, x); },
       .configuration = checkpointing},
      {.name = "append_that_merges",
       .run = [](E e, C c, X x) { return append_rows(e, c, 1000, 1004, x); },
       .files = 15,
       .merges = 1},
      {.name = "upsert_bookmark", .run = [](E e, C c, X x) { return upsert_with_bookmark(e, c, 2, x); }},
      {.name = "upsert_rewriting",
       .run = [](E e, C c, X x) { return upsert_with_bookmark(e, c, 2, x); },
       .configuration = rewriting},
      {.name = "delete", .run = [](E e, C c, X x) { return delete_ids(e, c, 0, 8, 5, x); }},
      {.name = "delete_vector_file",
       .run = [](E e, C c, X x) { return delete_ids(e, c, 0, 3000, 3, x); },
       .rows = 3000},
      {.name = "delete_whole_file", .run = [](E e, C c, X x) { return delete_ids(e, c, 4, 8, 1, x); }},
      {.name = "optimize", .run = optimize_table},
      {.name = "vacuum",
       .run = [](E e, C, X x) -> base::Status {
         TARN_ASSIGN(const auto table, open_table(e, "main/t", {}, x));
         return as_status(table->vacuum({0, false}, x));
       },
       .also = optimize_table,
       .versions = 2,
       .keeps_old_versions = false,
       .in_steps = true},
      {.name = "restore",
       .run = [](E e, C, X x) -> base::Status {
         TARN_ASSIGN(const auto table, open_table(e, "main/t", {}, x));
         return as_status(table->restore(base::Version(1), x));
       },
       .also = optimize_table},
      {.name = "forget",
       .run = [](E e, C c, X x) -> base::Status {
         TARN_ASSIGN(const auto table, open_table(e, "main/t", {}, x));
         return as_status(table->forget(c, {"id", {"r1"}, false}, nullptr, x));
       },
       .also = optimize_table,
       .keeps_old_versions = false,
       .in_steps = true},
      {.name = "tag",
       .run = [](E e, C, X x) -> base::Status {
         TARN_ASSIGN(const auto table, open_table(e, "main/t", {}, x));
         TARN_ASSIGN(const auto newest, table->snapshot({}, x));
         return put_tag(*e.store, {"keep", 0, {{"main/t", {newest->table_id, newest->version}}}});
       },
       .versions = 0,
       .done = [](E e) { return read_tag(*e.store, "keep").ok(); }},
      {.name = "drop",
       .run = [](E e, C, X) { return drop_table(e, "main/other"); },
       .also = create_other_table,
       .versions = 0,
       .done = is_other_gone,
       .too_small = 0},  // it writes no file
      {.name = "drop_without_rename",
       .run =
           [](E e, C, X) {
             store::WithoutRename store(e.store);
             Environment environment = e;
             environment.store = &store;
             return drop_table(environment, "main/other");
           },
       .also = create_other_table,
       .versions = 0,
       .done = is_other_gone,
       .too_small = 1},
      {.name = "link", .run = [](E e, C, X) { return link_folder(e); }, .versions = 0, .done = is_linked},
      {.name = "unlink",
       .run = [](E e, C, X) { return remove_link(e, "main/linked"); },
       .also = [](E e, C, X) { return link_folder(e); },
       .versions = 0,
       .done = [](E e) { return !is_linked(e); },
       .durable = false,
       .writes = false},
  };
}

}  // namespace tarn::lake
