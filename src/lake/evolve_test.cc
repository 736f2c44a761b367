// Partitions, mapped columns, constraints and schemas that follow their rows, each against rows that a reader has to
// see.
#include "delta/evolve.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "delta/constraint.h"
#include "delta/partition.h"
#include "delta/type_widening.h"
#include "lake/lake_fixture_test.h"

namespace tarn::lake {
namespace {

using Lines = std::vector<std::string>;

class EvolveTest : public LakeTest {
 protected:
  base::Status evolve(Table& table, const std::string& select) {
    const auto change = table.change(take(table.snapshot()));
    change->on_change(OnChange::evolve);
    TARN_TRY(change->append(connection_, select, {}));
    return as_status(change->commit({}));
  }
  base::Status refused(Table& table, const std::string& select) {
    return table.change(take(table.snapshot()))->append(connection_, select, {});
  }
  std::shared_ptr<Table> parted(const std::string& path, const std::string& select, Lines partitions,
                                std::map<std::string, std::string> configuration = {}) {
    CreateOptions options;
    options.schema = take(delta::fields_of_select(connection_, select));
    options.partition_columns = std::move(partitions);
    options.configuration = std::move(configuration);
    return take(create_table(environment_, path, options));
  }
};

TEST_F(EvolveTest, PartitionsKeepEveryValue) {
  const std::string select =
      "SELECT i AS v, ['ä/b=c:d', '100%25', 'a b', 'q''\"', NULL, repeat('long', 60)][1 + i % 6] AS t, DATE "
      "'1969-12-30' + "
      "(i % 2)::INTEGER AS da, TIMESTAMPTZ '2020-02-29 23:59:59.000001+00' AS tz, TIMESTAMP '1969-12-31 23:59:59.5' AS "
      "ts, i % 2 = 0 "
      "AS bo, (i % 2 - 0.5)::DECIMAL(5,2) AS de, (i % 2)::TINYINT AS ti, ['nan'::DOUBLE, '-inf'::DOUBLE, 1e300][1 + i "
      "% 3] AS d "
      "FROM range(24) r(i)";
  for (const char* mode : {"none", "name", "id"}) {
    const auto table = parted(std::string("main/p_") + mode, select, {"t", "da", "tz", "ts", "bo", "de", "ti", "d"},
                              {{"delta.columnMapping.mode", mode}});
    append(*table, select);
    EXPECT_EQ(rows(*table), sorted(query_rows(connection_, select))) << mode;
    expect_clean(*table);
    // Merged within partitions, and nothing else.
    append(*table, select);
    const size_t files = take(table->snapshot())->files.size();
    EXPECT_OK(table->optimize(connection_, {}, {}));
    EXPECT_EQ(take(table->snapshot())->files.size() * 2, files) << mode;
    EXPECT_EQ(rows(*table), sorted(query_rows(connection_, select + " UNION ALL " + select))) << mode;
    EXPECT_EQ(query_rows(connection_, "SELECT count(*) FROM (" +
                                          take(table->select(*take(table->snapshot()), {}, false)).sql +
                                          ") WHERE t = 'ä/b=c:d' AND da = DATE '1969-12-30'"),
              query_rows(connection_,
                         "SELECT count(*) * 2 FROM (" + select + ") WHERE t = 'ä/b=c:d' AND da = DATE '1969-12-30'"));
    expect_clean(*table);
  }
}

TEST_F(EvolveTest, PartitionDirectories) {
  delta::Snapshot snapshot;
  snapshot.schema = take(delta::fields_of({{"a", "VARCHAR"}, {"n", "BIGINT"}}));
  snapshot.partition_columns = {"n", "a"};
  EXPECT_EQ(delta::partition_directory(snapshot, {{"a", "x/y=z%"}, {"n", std::nullopt}}),
            "n=__HIVE_DEFAULT_PARTITION__/a=x%2Fy%3Dz%25/");
  EXPECT_EQ(delta::partition_directory(snapshot, {{"a", std::string(253, 'x')}, {"n", "1"}}),
            "n=1/a=" + std::string(253, 'x') + "/");
  EXPECT_EQ(delta::partition_directory(snapshot, {{"a", std::string(300, 'x')}, {"n", "1"}}), "");
  const auto table = parted("main/p", "SELECT 'x' AS a, 1 AS n", {"a"});
  EXPECT_EQ(refused(*table, "SELECT '' AS a, 1 AS n").code(), base::Code::invalid_argument);
  EXPECT_EQ(parted("main/q", "SELECT 1 AS n, 'x' AS a", {"A"})->snapshot().value()->partition_columns, Lines{"a"});
  CreateOptions options;
  options.schema = snapshot.schema;
  options.partition_columns = {"nope"};
  EXPECT_EQ(create_table(environment_, "main/r", options).status().code(), base::Code::invalid_argument);
  options.partition_columns = {"a", "n"};
  const auto none = take(create_table(environment_, "main/s", options));
  EXPECT_EQ(refused(*none, "SELECT 'x' AS a, 1 AS n").code(), base::Code::unsupported);
  options.schema = take(delta::fields_of({{"n", "BIGINT"}, {"b", "BLOB"}}));
  options.partition_columns = {"b"};
  EXPECT_EQ(create_table(environment_, "main/bytes", options).status().code(), base::Code::unsupported);
}

TEST_F(EvolveTest, PartitionValuesThatOthersCannotRead) {
  const auto columns = "SELECT DATE '2020-01-01' AS d, now() AS z, TIMESTAMP '2020-01-01' AS t, 'x' AS s, 1 AS n";
  const auto only = [&](const std::string& column, const std::string& value) {
    return fmt::format("SELECT * REPLACE ({} AS {}) FROM ({})", value, column, columns);
  };
  const auto day = parted("main/d", columns, {"d"}), zoned = parted("main/z", columns, {"z"}),
             time = parted("main/t", columns, {"t"}), text = parted("main/s", columns, {"s"});
  for (const char* value : {"infinity", "-infinity", "0044-03-15 (BC)", "12345-01-01", "0001-12-31 (BC)"}) {
    EXPECT_EQ(refused(*day, only("d", fmt::format("DATE '{}'", value))).code(), base::Code::invalid_argument) << value;
    EXPECT_EQ(refused(*zoned, only("z", fmt::format("TIMESTAMPTZ '{}'", value))).code(), base::Code::invalid_argument)
        << value;
    EXPECT_EQ(refused(*time, only("t", fmt::format("TIMESTAMP '{}'", value))).code(), base::Code::invalid_argument)
        << value;
  }
  for (const char* value : {"0001-01-01", "0044-03-15", "9999-12-31"}) {
    append(*day, only("d", fmt::format("DATE '{}'", value)));
    append(*zoned, only("z", fmt::format("TIMESTAMPTZ '{} 23:59:59.999999+00'", value)));
    append(*time, only("t", fmt::format("TIMESTAMP '{} 23:59:59.999999'", value)));
  }
  EXPECT_NE(refused(*text, only("s", "'a' || chr(0)")).message().find("zero byte"), std::string::npos);
  EXPECT_NE(refused(*text, only("s", "repeat('a', 254)")).message().find("too long"), std::string::npos);
  EXPECT_NE(refused(*text, only("s", "repeat('/', 85)")).message().find("too long"), std::string::npos);
  append(*text, only("s", "repeat('a', 253)"));
  append(*text, only("s", "repeat('/', 84)"));
  append(*text, only("s", "repeat('é', 126)"));
  for (const auto& table : {day, zoned, time, text}) {
    EXPECT_EQ(rows(*table).size(), 3U);
    expect_clean(*table);
  }
}

TEST_F(EvolveTest, ColumnsComeAndTypesWiden) {
  for (const char* mode : {"none", "name", "id"}) {
    const auto table =
        create(std::string("main/e_") + mode, "SELECT 'a' AS id, 1::INTEGER AS v, {'x': 1::SMALLINT} AS st",
               {{"delta.columnMapping.mode", mode}, {"delta.enableTypeWidening", "true"}});
    append(*table, "SELECT 'a' AS id, 1::INTEGER AS v, {'x': 1::SMALLINT} AS st");
    EXPECT_EQ(refused(*table, "SELECT 'b' AS id, 1 AS w").message(), "the table has no column 'w'");
    EXPECT_OK(evolve(*table, "SELECT 'b' AS ID, 5000000000 AS V, {'x': 70000, 'y': ['in']} AS st, 1.5::DOUBLE AS w"));
    EXPECT_EQ(rows(*table), (Lines{"a|1|{'x': 1, 'y': NULL}|NULL", "b|5000000000|{'x': 70000, 'y': [in]}|1.5"}))
        << mode;
    EXPECT_OK(evolve(*table, "SELECT 'c' AS id, TIMESTAMP '2020-01-01 00:00:00' AS ts"));
    const auto snapshot = take(table->snapshot());
    EXPECT_EQ(snapshot->schema.size(), 5U);
    EXPECT_EQ(snapshot->schema[0].name, "id");
    EXPECT_EQ(std::count(snapshot->reader_features.begin(), snapshot->reader_features.end(), "timestampNtz"), 1);
    EXPECT_EQ(json::write(snapshot->schema[1].metadata["delta.typeChanges"]),
              R"([{"fromType":"integer","toType":"long"}])");
    // An upsert of the same kind, and rows of before.
    const auto change = table->change(snapshot);
    change->on_change(OnChange::evolve);
    EXPECT_OK(change->upsert(connection_, "SELECT 'a' AS id, 9 AS v, true AS late", "id", {}));
    EXPECT_OK(change->commit({}));
    EXPECT_EQ(
        query_rows(connection_, "SELECT id, v, late FROM (" +
                                    take(table->select(*take(table->snapshot()), {}, false)).sql + ") ORDER BY id"),
        (Lines{"a|9|true", "b|5000000000|NULL", "c|NULL|NULL"}));
    expect_clean(*table);
    // The fields of a mapped table have ids of their own, none twice.
    const auto after = take(table->snapshot());
    std::set<int64_t> ids;
    for (const delta::Field& field : after->schema) ids.insert(field.metadata["delta.columnMapping.id"].as_int(-1));
    EXPECT_EQ(ids.size(), std::string(mode) == "none" ? 1U : after->schema.size());
  }
  const auto narrow = create("main/narrow", "SELECT 1::INTEGER AS v");
  EXPECT_EQ(evolve(*narrow, "SELECT 1.5::DOUBLE AS v").code(), base::Code::invalid_argument);
  EXPECT_EQ(evolve(*narrow, "SELECT INTERVAL 1 DAY AS i").code(), base::Code::unsupported);
}

TEST_F(EvolveTest, WidensOnlyWhatTheProtocolSays) {
  const auto widening = [](const char* from, const char* to) { return delta::widens(from, to); };
  for (const auto& [from, to] : std::vector<std::pair<const char*, const char*>>{{"byte", "short"},
                                                                                 {"short", "long"},
                                                                                 {"float", "double"},
                                                                                 {"integer", "double"},
                                                                                 {"date", "timestamp_ntz"},
                                                                                 {"decimal(6,2)", "decimal(10,4)"},
                                                                                 {"integer", "decimal(10,0)"},
                                                                                 {"long", "decimal(20,0)"}}) {
    EXPECT_TRUE(widening(from, to)) << from << to;
  }
  for (const auto& [from, to] : std::vector<std::pair<const char*, const char*>>{{"long", "integer"},
                                                                                 {"long", "double"},
                                                                                 {"long", "long"},
                                                                                 {"date", "timestamp"},
                                                                                 {"decimal(6,2)", "decimal(7,4)"},
                                                                                 {"decimal(6,2)", "decimal(6,2)"},
                                                                                 {"long", "decimal(19,0)"},
                                                                                 {"string", "long"}}) {
    EXPECT_FALSE(widening(from, to)) << from << to;
  }
}

TEST_F(EvolveTest, TwoWhoEvolveAtOnceConflict) {
  const auto table = create_pairs();
  const auto first = table->change(take(table->snapshot())), second = table->change(take(table->snapshot()));
  for (const auto& [change, name] : {std::pair(first.get(), "x"), {second.get(), "y"}}) {
    change->on_change(OnChange::evolve);
    EXPECT_OK(change->append(connection_, "SELECT 'a' AS id, 1 AS " + std::string(name), {}));
  }
  EXPECT_OK(first->commit({}));
  EXPECT_EQ(second->commit({}).status().code(), base::Code::conflict);
  expect_clean(*table);
}

TEST_F(EvolveTest, ConstraintsAreTranslatedOrRefused) {
  auto schema =
      take(delta::fields_of({{"a", "BIGINT"}, {"b_c", "VARCHAR"}, {"st", "STRUCT(x INTEGER)"}, {"date", "DATE"}}));
  schema[1].name = "b c";
  const auto sql = [&](std::string_view text) { return delta::translate_expression(text, schema).value(); };
  EXPECT_EQ(sql("a>=0 AND `b c` != \"x\""), "\"a\" >= 0 AND \"b c\" != 'x'");
  EXPECT_EQ(sql("st.x <=> null or not (A in (1,2.5))"),
            "\"st\".\"x\" IS NOT DISTINCT FROM NULL OR NOT ( \"A\" IN ( 1 , 2.5 ) )");
  EXPECT_EQ(sql("date > DATE '2020-01-01' and length(`b c`) == 3"),
            "\"date\" > DATE '2020-01-01' AND LENGTH ( \"b c\" ) = 3");
  for (const char* beyond : {"", "nope > 1", "upper(`b c`) = 'X'", "a / 2 > 1", "`b c` = 'it\\'s'", "`b c` = 'it''s'",
                             "a > 1L", "a > 1 -- x", "`b c` rlike 'x'", "a > (SELECT 1)", "1; DROP TABLE x",
                             "a > 'open", "a[0] > 1", "x -> 1", "a > 1e400000"}) {
    EXPECT_EQ(delta::translate_expression(beyond, schema).status().code(), base::Code::unsupported) << beyond;
  }
}

TEST_F(EvolveTest, NoRowBreaksAConstraint) {
  CreateOptions options;
  options.schema =
      take(delta::fields_of_select(connection_, "SELECT 1 AS a, {'x': 1, 'l': [1]} AS st, [{'u': 1}] AS ls, 'p' AS p"));
  options.schema[0].nullable = false;
  auto members = delta::struct_fields(options.schema[1].type);
  members[0].nullable = false;
  options.schema[1].type = delta::struct_type(members);
  options.schema[2].type.set("containsNull", false);
  options.schema[3].nullable = false;
  options.partition_columns = {"p"};
  options.configuration["delta.constraints.Small"] = "a < 100";
  for (const char* mode : {"none", "name", "id"}) {
    options.configuration["delta.columnMapping.mode"] = mode;
    const auto table = take(create_table(environment_, std::string("main/c_") + mode, options));
    const std::string good = "SELECT 1 AS a, {'x': 1, 'l': [1]} AS st, [{'u': 1}] AS ls, 'p' AS p";
    append(*table, good);
    append(*table, "SELECT 2 AS a, NULL AS st, NULL AS ls, 'q' AS p");
    const auto message = [&](const std::string& select) {
      const auto status = refused(*table, select);
      EXPECT_EQ(status.code(), base::Code::invalid_argument) << select;
      return status.message();
    };
    const auto has = [](const std::string& text, const char* part) { return text.find(part) != std::string::npos; };
    EXPECT_TRUE(has(message(good + " UNION ALL SELECT NULL, NULL, NULL, 'q'"), "'a' may not be null"));
    EXPECT_TRUE(
        has(message("SELECT 1 AS a, {'x': NULL, 'l': [1]} AS st, NULL AS ls, 'p' AS p"), "'st.x' may not be null"));
    EXPECT_TRUE(
        has(message("SELECT 1 AS a, NULL AS st, [NULL, {'u': 1}] AS ls, 'p' AS p"), "'ls.element' may not be null"));
    EXPECT_TRUE(has(message("SELECT 1 AS a, NULL AS p"), "'p' may not be null"));
    EXPECT_TRUE(has(message("SELECT 700 AS a, 'p' AS p"),
                    "the CHECK constraint 'Small' (a < 100) must hold, and a row has a = 700"));
    EXPECT_EQ(rows(*table).size(), 2U);
    expect_clean(*table);
    // Nothing of the refused rows is left.
    size_t files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(file(std::string("main/c_") + mode))) {
      files += entry.path().extension() == ".parquet" ? 1 : 0;
    }
    EXPECT_EQ(files, 2U);
  }
}

}  // namespace
}  // namespace tarn::lake
