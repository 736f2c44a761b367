// Tables for other engines to read, and Tarn's reading of tables that others wrote.
//   lake_interop_writer write DIR             tables below DIR, and DIR/expected.json with the rows that a plain DuckDB table ends with
//                                             after the same statements
//   lake_interop_writer read DIR TABLE [V]    the rows of a table as JSON: {"columns": […], "rows": [[text or null, …], …]}
//   lake_interop_writer change DIR TABLE      one more upsert and delete on a table with `id` and `v`
//   lake_interop_writer check DIR TABLE       what check() finds; status 1 when that is anything
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "lake/schema.h"
#include "lake/table.h"

namespace {

using namespace tarn;
using base::Result;
using base::Status;

struct Session {
  std::unique_ptr<store::Store> store;
  base::Random random{20261122};
  lake::Environment environment;
  std::unique_ptr<duck::Database> database;
  std::unique_ptr<duck::Connection> connection;

  Status open(const std::string& directory) {
    TARN_ASSIGN(store, store::open_local(directory));
    environment = {store.get(), &base::system_clock(), &random, nullptr};
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

  Status create(const std::string& select, std::map<std::string, std::string> configuration = {}) {
    lake::CreateOptions options;
    TARN_ASSIGN(options.schema, lake::fields_of_select(*session_.connection, select));
    options.configuration = std::move(configuration);
    TARN_ASSIGN(table_, lake::create_table(session_.environment, "main/" + name_, options));
    return sql(fmt::format("CREATE TABLE {} AS FROM ({}) LIMIT 0", name_, select));
  }
  Status append(const std::string& select) {
    TARN_ASSIGN(auto change, begin());
    TARN_TRY(change->append(*session_.connection, select));
    TARN_TRY(change->commit());
    return sql(fmt::format("INSERT INTO {} BY NAME {}", name_, select));
  }
  Status upsert(const std::string& select) {
    TARN_ASSIGN(auto change, begin());
    TARN_TRY(change->upsert(*session_.connection, select, "id"));
    change->set_transaction("interop:" + name_, ++transactions_);
    TARN_TRY(change->commit());
    TARN_TRY(sql(fmt::format("DELETE FROM {} WHERE id IN (SELECT id FROM ({}))", name_, select)));
    return sql(fmt::format("INSERT INTO {} BY NAME {}", name_, select));
  }
  Status remove(const std::string& ids) {
    TARN_ASSIGN(auto change, begin());
    std::vector<std::string> keys;
    TARN_ASSIGN(const json::Value found, rows_as_json(*session_.connection, ids));
    for (const auto& row : found["rows"].items()) keys.push_back(row.items()[0].as_string());
    TARN_TRY(change->delete_keys(*session_.connection, "id", keys));
    TARN_TRY(change->commit());
    return sql(fmt::format("DELETE FROM {} WHERE id IN ({})", name_, ids));
  }
  Status optimize() { return as_status(table_->optimize(*session_.connection, {})); }

  Result<json::Value> expected() {
    TARN_ASSIGN(const auto findings, table_->check(*session_.connection));
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
  return session.store->put("expected.json", json::write(expected));
}

Status read(const std::string& directory, const std::string& path, std::optional<base::Version> version) {
  Session session;
  TARN_TRY(session.open(directory));
  TARN_ASSIGN(const auto table, lake::open_table(session.environment, path));
  TARN_ASSIGN(const auto snapshot, table->snapshot(version));
  TARN_ASSIGN(const std::string sql, table->select_sql(*snapshot, {}, false));
  TARN_ASSIGN(const json::Value rows, rows_as_json(*session.connection, sql));
  std::puts(json::write(rows).c_str());
  return {};
}

Status change(const std::string& directory, const std::string& path) {
  Session session;
  session.random = base::Random::from_system();
  TARN_TRY(session.open(directory));
  TARN_ASSIGN(const auto table, lake::open_table(session.environment, path));
  TARN_ASSIGN(auto snapshot, table->snapshot());
  const auto made = table->change(std::move(snapshot));
  TARN_TRY(made->upsert(*session.connection, range("t", 0, 10, "7"), "id"));
  TARN_TRY(made->delete_keys(*session.connection, "id", {"d3", "r1"}));
  return as_status(made->commit());
}

Status check(const std::string& directory, const std::string& path) {
  Session session;
  TARN_TRY(session.open(directory));
  TARN_ASSIGN(const auto table, lake::open_table(session.environment, path));
  TARN_ASSIGN(const auto findings, table->check(*session.connection));
  for (const auto& finding : findings) return Status(base::Code::corruption, finding.where + ": " + finding.what);
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  Status status(base::Code::invalid_argument,
                "usage: lake_interop_writer write DIR | read DIR TABLE [VERSION] | change DIR TABLE | check DIR TABLE");
  if (words.size() == 2 && words[0] == "write") status = write(words[1]);
  if (words.size() == 3 && words[0] == "read") status = read(words[1], words[2], {});
  if (words.size() == 4 && words[0] == "read") status = read(words[1], words[2], base::Version(std::stoll(words[3])));
  if (words.size() == 3 && words[0] == "change") status = change(words[1], words[2]);
  if (words.size() == 3 && words[0] == "check") status = check(words[1], words[2]);
  if (status.ok()) return 0;
  std::fprintf(stderr, "%s\n", status.to_string().c_str());
  return base::exit_code(status.code());
}
