// Tables for other engines to read, and Tarn's reading of tables that others wrote.
//   lake_interop_writer write DIR tables below DIR, and DIR/expected.json with the rows that a plain DuckDB table ends
//   with
//                                             after the same statements
//   lake_interop_writer read DIR TABLE [V] the rows of a table as JSON: {"columns": […], "rows": [[text or null, …],
//   …]} lake_interop_writer change DIR TABLE one more upsert and delete on a table with `id` and `v`
//   lake_interop_writer append|evolve DIR TABLE SELECT      new rows; `evolve` lets the table's schema follow them
//   lake_interop_writer upsert DIR TABLE SELECT KEY
//   lake_interop_writer delete DIR TABLE KEY VALUE…
//   lake_interop_writer optimize DIR TABLE
//   lake_interop_writer check DIR TABLE       what check() finds; status 1 when that is anything
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>

#include "delta/schema.h"
#include "lake/table.h"

namespace {

using namespace tarn;
using base::Result;
using base::Status;

struct Session {
  std::unique_ptr<store::Store> store;
  base::Random random;
  lake::Environment environment;
  std::unique_ptr<duck::Database> database;
  std::unique_ptr<duck::Connection> connection;

  explicit Session(base::Random numbers = base::Random(20261122)) : random(numbers.next()) {}
  Status open(const std::string& directory) {
    TARN_ASSIGN(store, store::open_local(directory));
    environment = {store.get(), &base::system_clock(), &random, nullptr, false, [this] { return database->connect(); }};
    TARN_ASSIGN(database, duck::open({}));
    TARN_ASSIGN(connection, database->connect());
    return {};
  }
};

Result<json::Value> rows_as_json(duck::Connection& connection, const std::string& sql) {
  TARN_ASSIGN(const auto rows, connection.query(sql));
  json::Value columns = json::Value::array(), lines = json::Value::array();
  for (const auto& column : rows->columns()) columns.push(column.name);
  while (true) {
    TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
    if (chunk == nullptr) break;
    for (size_t row = 0; row < chunk->rows(); ++row) {
      json::Value line = json::Value::array();
      for (size_t column = 0; column < rows->columns().size(); ++column) {
        line.push(chunk->is_null(column, row) ? json::Value() : json::Value(chunk->sql_text(column, row)));
      }
      lines.push(std::move(line));
    }
  }
  return json::Value::object({{"columns", std::move(columns)}, {"rows", std::move(lines)}});
}

// A lake table and a plain DuckDB table, side by side.
class Twin {
 public:
  Twin(Session& session, std::string name) : session_(session), name_(std::move(name)) {}

  Status create(const std::string& select, std::map<std::string, std::string> configuration = {},
                std::vector<std::string> partition_columns = {}) {
    lake::CreateOptions options;
    TARN_ASSIGN(options.schema, delta::fields_of_select(*session_.connection, select));
    options.configuration = std::move(configuration);
    options.partition_columns = std::move(partition_columns);
    TARN_ASSIGN(table_, lake::create_table(session_.environment, "main/" + name_, options));
    return sql(fmt::format("CREATE TABLE {} AS FROM ({}) LIMIT 0", name_, select));
  }
  // Rows with more or wider columns than the table; `alter` does the same to the plain one.
  Status evolve(const std::string& select, const std::string& alter) {
    TARN_ASSIGN(auto change, begin());
    change->on_change(lake::OnChange::evolve);
    TARN_TRY(change->append(*session_.connection, select, {}));
    TARN_TRY(change->commit({}));
    TARN_TRY(sql(alter));
    return sql(fmt::format("INSERT INTO {} BY NAME {}", name_, select));
  }
  Status append(const std::string& select) {
    TARN_ASSIGN(auto change, begin());
    TARN_TRY(change->append(*session_.connection, select, {}));
    TARN_TRY(change->commit({}));
    return sql(fmt::format("INSERT INTO {} BY NAME {}", name_, select));
  }
  Status upsert(const std::string& select) {
    TARN_ASSIGN(auto change, begin());
    TARN_TRY(change->upsert(*session_.connection, select, "id", {}));
    change->set_transaction("interop:" + name_, ++transactions_);
    TARN_TRY(change->commit({}));
    TARN_TRY(sql(fmt::format("DELETE FROM {} WHERE id IN (SELECT id FROM ({}))", name_, select)));
    return sql(fmt::format("INSERT INTO {} BY NAME {}", name_, select));
  }
  Status remove(const std::string& ids) {
    TARN_ASSIGN(auto change, begin());
    std::vector<std::string> keys;
    TARN_ASSIGN(const json::Value found, rows_as_json(*session_.connection, ids));
    for (const auto& row : found["rows"].items()) keys.push_back(row.items()[0].as_string());
    TARN_TRY(change->delete_keys(*session_.connection, "id", keys, {}));
    TARN_TRY(change->commit({}));
    return sql(fmt::format("DELETE FROM {} WHERE id IN ({})", name_, ids));
  }
  Status optimize() { return as_status(table_->optimize(*session_.connection, {}, {})); }

  Result<json::Value> expected() {
    TARN_ASSIGN(const auto findings, table_->check(*session_.connection, {}));
    for (const auto& finding : findings) return Status(base::Code::corruption, finding.where + ": " + finding.what);
    return rows_as_json(*session_.connection, "FROM " + name_);
  }

 private:
  Status sql(const std::string& statement) { return session_.connection->execute(statement); }
  Result<std::unique_ptr<lake::Change>> begin() {
    TARN_ASSIGN(auto snapshot, table_->snapshot());
    return table_->change(std::move(snapshot));
  }
  Session& session_;
  std::string name_;
  std::shared_ptr<lake::Table> table_;
  int64_t transactions_ = 0;
};

constexpr const char* kPairs = "SELECT 'a' AS id, 1::BIGINT AS v";

std::string range(const std::string& prefix, int from, int to, const std::string& value = "i") {
  return fmt::format("SELECT '{}' || i AS id, {} AS v FROM range({}, {}) t(i)", prefix, value, from, to);
}

Status write_types(Twin& twin) {
  const std::string select =
      "SELECT 'row' || i AS id, i AS l, i::INTEGER AS i, i::SMALLINT AS sh, i::TINYINT AS b, i / 4::FLOAT AS f, i / 7 "
      "AS d, i % 2 = 0 AS bo, "
      "encode('bytes' || i) AS bi, DATE '2020-01-31' + i::INTEGER AS da, TIMESTAMPTZ '2020-01-01 00:00:00.123456+00' + "
      "to_seconds(i) AS tz, "
      "TIMESTAMP '1969-12-31 23:59:59.5' + to_seconds(i) AS ts, (i * 1.25)::DECIMAL(10,2) AS de, (i * "
      "1.25)::DECIMAL(38,10) AS de2, "
      "['x' || i, NULL] AS li, MAP {'k' || i: i} AS m, {'x': i, 'y': {'z': ['q' || i]}} AS st, [{'u': i}] AS ls FROM "
      "range(100) t(i)";
  TARN_TRY(twin.create(select));
  TARN_TRY(twin.append(select));
  TARN_TRY(twin.append("SELECT 'only an id' AS id"));
  TARN_TRY(twin.append("SELECT 'nan' AS id, 'nan'::DOUBLE AS d, 'inf'::FLOAT AS f UNION ALL SELECT 'five', 5.5, -1"));
  return twin.remove("SELECT 'row' || i FROM range(0, 100, 9) t(i)");
}

Status write_updates(Twin& twin) {
  TARN_TRY(twin.create(kPairs));
  TARN_TRY(twin.append(range("r", 0, 50)));
  TARN_TRY(twin.upsert(range("r", 10, 20, "i * 100")));
  TARN_TRY(twin.remove("SELECT 'r' || i FROM range(0, 50, 7) t(i)"));
  TARN_TRY(twin.upsert(range("r", 15, 60, "-i")));
  return twin.remove("SELECT 'r' || i FROM range(50, 60) t(i)");
}

// Vectors in a file, two of them in one, and a second generation of both.
Status write_deletions(Twin& twin) {
  TARN_TRY(twin.create(kPairs));
  TARN_TRY(twin.append(range("r", 0, 70000)));
  TARN_TRY(twin.append(range("s", 0, 70000)));
  TARN_TRY(twin.remove("SELECT ['r', 's'][1 + i % 2] || i FROM range(0, 70000, 13) t(i)"));
  return twin.remove("SELECT 'r' || i FROM range(100, 40000) t(i)");
}

Status write_checkpointed(Twin& twin, const std::string& directory) {
  TARN_TRY(twin.create(kPairs, {{"delta.checkpointInterval", "10"}}));
  for (int i = 0; i < 24; ++i) TARN_TRY(twin.upsert(range("k", i * 3, i * 3 + 20, std::to_string(i))));
  // Without the commits before it, a reader has to take the checkpoint.
  for (int version = 0; version < 20; ++version) {
    std::error_code ignored;
    std::filesystem::remove(fmt::format("{}/main/checkpointed/_delta_log/{:020}.json", directory, version), ignored);
  }
  std::filesystem::remove(directory + "/main/checkpointed/_delta_log/00000000000000000010.checkpoint.parquet");
  return {};
}

Status write_merged(Twin& twin) {
  TARN_TRY(twin.create(kPairs));
  for (int i = 0; i < 8; ++i) TARN_TRY(twin.append(range("f" + std::to_string(i) + "_", 0, 30)));
  TARN_TRY(twin.remove("SELECT 'f3_' || i FROM range(0, 30, 2) t(i)"));
  TARN_TRY(twin.optimize());
  return twin.upsert(range("f0_", 0, 5, "1000"));
}

Status write_plain(Twin& twin) {
  TARN_TRY(twin.create(kPairs, {{"delta.enableDeletionVectors", "false"}}));
  TARN_TRY(twin.append(range("r", 0, 50)));
  TARN_TRY(twin.upsert(range("r", 45, 60, "i * 2")));
  return twin.remove("SELECT 'r' || i FROM range(0, 30, 3) t(i)");
}

constexpr const char* kParts =
    "SELECT 'a' AS id, 1::BIGINT AS v, 'x' AS city, DATE '2020-01-01' AS da, TIMESTAMPTZ '2020-01-01 00:00:00+00' AS "
    "tz";

std::string parts(const std::string& prefix, int from, int to) {
  return fmt::format(
      "SELECT '{}' || i AS id, i AS v, ['São Paulo', 'a/b=c:d', '100%', '.x''y\"', NULL, 'emoji 🐦'][1 + i % 6] AS "
      "city, DATE "
      "'1969-12-30' + (i % 3)::INTEGER AS da, TIMESTAMPTZ '2020-01-01 00:00:00.000001+00' + to_hours((i % 2)::BIGINT) "
      "AS tz "
      "FROM range({}, {}) t(i)",
      prefix, from, to);
}

Status write_partitioned(Twin& twin, std::map<std::string, std::string> configuration) {
  TARN_TRY(twin.create(kParts, std::move(configuration), {"city", "da", "tz"}));
  TARN_TRY(twin.append(parts("r", 0, 40)));
  TARN_TRY(twin.append(parts("s", 0, 40)));
  TARN_TRY(twin.upsert(parts("r", 30, 60)));
  TARN_TRY(twin.remove("SELECT 's' || i FROM range(0, 40, 3) t(i)"));
  return twin.optimize();
}

Status write_mapped(Twin& twin, const std::string& mode) {
  const std::string select =
      "SELECT 'r' || i AS id, i AS v, {'x': i, 'y': {'z': ['q' || i]}} AS st, [{'u': i}, NULL] AS ls, MAP {'k' || i: "
      "{'w': i}} "
      "AS m FROM range(30) t(i)";
  TARN_TRY(twin.create(select, {{"delta.columnMapping.mode", mode}}));
  TARN_TRY(twin.append(select));
  TARN_TRY(twin.append("SELECT 'only' AS id"));
  TARN_TRY(twin.upsert("SELECT 'r1' AS id, 100 AS v"));
  TARN_TRY(twin.evolve("SELECT 'new' AS id, 1.5::DOUBLE AS more, {'p': 'in'} AS deep",
                       "ALTER TABLE mapped_" + mode + " ADD COLUMN more DOUBLE; ALTER TABLE mapped_" + mode +
                           " ADD COLUMN deep STRUCT(p VARCHAR)"));
  TARN_TRY(twin.remove("SELECT 'r' || i FROM range(5, 9) t(i)"));
  return twin.optimize();
}

Status write_constrained(Twin& twin) {
  TARN_TRY(twin.create(kPairs, {{"delta.constraints.positive", "v >= 0 AND `id` <> ''"}}));
  TARN_TRY(twin.append(range("r", 0, 30)));
  TARN_TRY(twin.upsert(range("r", 20, 40, "i * 2")));
  return twin.remove("SELECT 'r' || i FROM range(0, 10, 3) t(i)");
}

Status write_feed(Twin& twin) {
  TARN_TRY(twin.create(kPairs, {{"delta.enableChangeDataFeed", "true"}}));
  TARN_TRY(twin.append(range("r", 0, 20)));
  TARN_TRY(twin.upsert(range("r", 15, 25, "i * 10")));
  return twin.remove("SELECT 'r' || i FROM range(0, 4) t(i)");
}

Status write_timed(Twin& twin) {
  TARN_TRY(twin.create(kPairs, {{"delta.enableInCommitTimestamps", "true"},
                                {"delta.checkpointPolicy", "v2"},
                                {"delta.checkpointInterval", "4"}}));
  for (int i = 0; i < 6; ++i) TARN_TRY(twin.append(range("r" + std::to_string(i) + "_", 0, 5)));
  return twin.upsert(range("r1_", 0, 3, "-i"));
}

Status write_widened(Twin& twin) {
  TARN_TRY(twin.create("SELECT 'a' AS id, 1::INTEGER AS v, 1::SMALLINT AS s, 1.5::FLOAT AS f, 1.25::DECIMAL(6,2) AS de",
                       {{"delta.enableTypeWidening", "true"}}));
  TARN_TRY(twin.append(
      "SELECT 'n' || i AS id, i::INTEGER AS v, i::SMALLINT AS s, i + 0.5::FLOAT AS f, (i + 0.25)::DECIMAL(6,2) AS de "
      "FROM range(10) t(i)"));
  return twin.evolve(
      "SELECT 'w' AS id, 5000000000::BIGINT AS v, 70000::INTEGER AS s, 1e300::DOUBLE AS f, 1234567.125::DECIMAL(12,3) "
      "AS de",
      "ALTER TABLE widened ALTER v TYPE BIGINT; ALTER TABLE widened ALTER s TYPE INTEGER; ALTER TABLE widened ALTER f "
      "TYPE DOUBLE; ALTER TABLE widened ALTER de TYPE DECIMAL(12,3)");
}

Status write(const std::string& directory) {
  Session session;
  TARN_TRY(session.open(directory));
  json::Value expected = json::Value::object();
  const auto make = [&](const std::string& name, const std::function<Status(Twin&)>& work) -> Status {
    Twin twin(session, name);
    TARN_TRY(work(twin));
    TARN_ASSIGN(json::Value rows, twin.expected());
    expected.set("main/" + name, std::move(rows));
    return {};
  };
  TARN_TRY(make("types", write_types));
  TARN_TRY(make("updates", write_updates));
  TARN_TRY(make("deletions", write_deletions));
  TARN_TRY(make("checkpointed", [&](Twin& twin) { return write_checkpointed(twin, directory); }));
  TARN_TRY(make("merged", write_merged));
  TARN_TRY(make("plain", write_plain));
  TARN_TRY(make("empty", [](Twin& twin) { return twin.create(kPairs); }));
  TARN_TRY(make("partitioned", [](Twin& twin) { return write_partitioned(twin, {}); }));
  TARN_TRY(make("partitioned_plain",
                [](Twin& twin) { return write_partitioned(twin, {{"delta.enableDeletionVectors", "false"}}); }));
  TARN_TRY(make("mapped_name", [](Twin& twin) { return write_mapped(twin, "name"); }));
  TARN_TRY(make("mapped_id", [](Twin& twin) { return write_mapped(twin, "id"); }));
  TARN_TRY(make("constrained", write_constrained));
  TARN_TRY(make("feed", write_feed));
  TARN_TRY(make("timed", write_timed));
  TARN_TRY(make("widened", write_widened));
  return session.store->put("expected.json", json::write(expected));
}

Status read(const std::string& directory, const std::string& path, std::optional<base::Version> version) {
  Session session;
  TARN_TRY(session.open(directory));
  TARN_ASSIGN(const auto table, lake::open_table(session.environment, path));
  TARN_ASSIGN(const auto snapshot, table->snapshot(version));
  TARN_ASSIGN(const lake::Select rows_now, table->select(*snapshot, {}, false));
  TARN_ASSIGN(const json::Value rows, rows_as_json(*session.connection, rows_now.sql));
  std::puts(json::write(rows).c_str());
  return {};
}

// One change of a table, made by `work` and committed.
Status change(const std::string& directory, const std::string& path,
              const std::function<Status(duck::Connection&, lake::Change&)>& work) {
  Session session(base::Random::from_system());
  TARN_TRY(session.open(directory));
  TARN_ASSIGN(const auto table, lake::open_table(session.environment, path));
  TARN_ASSIGN(auto snapshot, table->snapshot());
  const auto made = table->change(std::move(snapshot));
  TARN_TRY(work(*session.connection, *made));
  return as_status(made->commit({}));
}

Status change_pairs(duck::Connection& connection, lake::Change& made) {
  TARN_TRY(made.upsert(connection, range("t", 0, 10, "7"), "id", {}));
  return made.delete_keys(connection, "id", {"d3", "r1"}, {});
}

Status optimize(const std::string& directory, const std::string& path) {
  Session session(base::Random::from_system());
  TARN_TRY(session.open(directory));
  TARN_ASSIGN(const auto table, lake::open_table(session.environment, path));
  return as_status(table->optimize(*session.connection, {}, {}));
}

Status check(const std::string& directory, const std::string& path) {
  Session session;
  TARN_TRY(session.open(directory));
  TARN_ASSIGN(const auto table, lake::open_table(session.environment, path));
  TARN_ASSIGN(const auto findings, table->check(*session.connection, {}));
  for (const auto& finding : findings) return Status(base::Code::corruption, finding.where + ": " + finding.what);
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  Status status(base::Code::invalid_argument,
                "usage: lake_interop_writer write DIR | read DIR TABLE [VERSION] | change|check|optimize DIR TABLE | "
                "append|evolve "
                "DIR TABLE SELECT | upsert DIR TABLE SELECT KEY | delete DIR TABLE KEY VALUE…");
  const auto is = [&](const char* name, size_t count) { return words.size() == count && words[0] == name; };
  if (words.size() == 2 && words[0] == "write") status = write(words[1]);
  if (words.size() == 3 && words[0] == "read") status = read(words[1], words[2], {});
  if (words.size() == 4 && words[0] == "read") status = read(words[1], words[2], base::Version(std::stoll(words[3])));
  if (is("change", 3)) status = change(words[1], words[2], change_pairs);
  if (is("optimize", 3)) status = optimize(words[1], words[2]);
  if (is("append", 4) || is("evolve", 4)) {
    status = change(words[1], words[2], [&](duck::Connection& connection, lake::Change& made) {
      if (words[0] == "evolve") made.on_change(lake::OnChange::evolve);
      return made.append(connection, words[3], {});
    });
  }
  if (is("upsert", 5)) {
    status = change(words[1], words[2], [&](duck::Connection& connection, lake::Change& made) {
      return made.upsert(connection, words[3], words[4], {});
    });
  }
  if (words.size() > 4 && words[0] == "delete") {
    status = change(words[1], words[2], [&](duck::Connection& connection, lake::Change& made) {
      return made.delete_keys(connection, words[3], {words.begin() + 4, words.end()}, {});
    });
  }
  if (words.size() == 3 && words[0] == "check") status = check(words[1], words[2]);
  if (status.ok()) return 0;
  std::fprintf(stderr, "%s\n", status.to_string().c_str());
  return base::exit_code(status.code());
}
