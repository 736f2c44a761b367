#include "lake/table.h"

#include <filesystem>
#include <fstream>

#include "lake/lake_fixture_test.h"

namespace tarn::lake {
namespace {

using Lines = std::vector<std::string>;

TEST_F(LakeTest, AppendsUpsertsAndDeletes) {
  const auto table = create_pairs();
  EXPECT_EQ(rows(*table), Lines{});
  EXPECT_EQ(append(*table, "SELECT 'a' AS id, 1 AS v UNION ALL SELECT 'b', 2").value, 1);
  EXPECT_EQ(upsert(*table, "SELECT 'b' AS id, 20 AS v UNION ALL SELECT 'c', 3").value, 2);
  EXPECT_EQ(rows(*table), (Lines{"a|1", "b|20", "c|3"}));
  EXPECT_EQ(delete_keys(*table, {"a", "zz"}).value, 3);
  EXPECT_EQ(rows(*table), (Lines{"b|20", "c|3"}));
  EXPECT_EQ(rows(*table, base::Version(2)), (Lines{"a|1", "b|20", "c|3"}));
  EXPECT_EQ(rows(*table, base::Version(1)), (Lines{"a|1", "b|2"}));
  EXPECT_EQ(rows(*table, base::Version(0)), Lines{});
  expect_clean(*table);
  // A fresh process sees the same.
  const auto again = take(open_table(environment_, "main/t"));
  EXPECT_EQ(rows(*again), (Lines{"b|20", "c|3"}));
  expect_clean(*again);
}

TEST_F(LakeTest, NothingToDoWritesNothing) {
  const auto table = create_pairs();
  append(*table, "SELECT 'a' AS id, 1 AS v");
  EXPECT_EQ(delete_keys(*table, {"x"}).value, 1);
  EXPECT_EQ(append(*table, "SELECT 'a' AS id, 1 AS v WHERE false").value, 1);
  const auto change = table->change(take(table->snapshot()));
  EXPECT_TRUE(change->empty());
  change->set_transaction("s", 1);
  EXPECT_EQ(take(change->commit({})).value, 2);
  EXPECT_EQ(take(table->snapshot())->transactions.at("s"), 1);
}

TEST_F(LakeTest, RefusesKeysThatAreNotUnique) {
  const auto table = create_pairs();
  const auto change = table->change(take(table->snapshot()));
  const auto twice = change->upsert(connection_, "SELECT 'k' AS id, 1 AS v UNION ALL SELECT 'k', 2", "id", {});
  EXPECT_EQ(twice.code(), base::Code::invalid_argument);
  EXPECT_NE(twice.message().find("'k' is in 2"), std::string::npos) << twice.message();
  EXPECT_EQ(change->upsert(connection_, "SELECT NULL AS id, 1 AS v", "id", {}).code(), base::Code::invalid_argument);
  EXPECT_EQ(change->upsert(connection_, "SELECT 'k' AS id", "nokey", {}).code(), base::Code::invalid_argument);
  EXPECT_TRUE(change->empty());
  // Nothing of the refused files is left.
  for (const auto& entry : std::filesystem::directory_iterator(file("main/t"))) {
    EXPECT_NE(entry.path().extension(), ".parquet");
  }
}

TEST_F(LakeTest, RefusesColumnsAndTypesThatDoNotFit) {
  const auto table = create_pairs();
  const auto change = table->change(take(table->snapshot()));
  EXPECT_EQ(change->append(connection_, "SELECT 'k' AS id, 1 AS w", {}).message(), "the table has no column 'w'");
  EXPECT_EQ(change->append(connection_, "SELECT 'k' AS id, 1.5::DOUBLE AS v", {}).code(), base::Code::invalid_argument);
  EXPECT_FALSE(change->append(connection_, "SELECT 'k' AS id, 99999999999999999999::HUGEINT AS v", {}).ok());
  EXPECT_OK(change->append(connection_, "SELECT 5::HUGEINT AS V -- a comment",
                           {}));  // any case, any integer that fits, null elsewhere
  EXPECT_OK(change->append(connection_, "SELECT 'only' AS id", {}));
  take(change->commit({}));
  EXPECT_EQ(rows(*table), (Lines{"NULL|5", "only|NULL"}));
}

TEST_F(LakeTest, CreateRefusesWhatDeltaHasNoWordFor) {
  for (const auto& [type, remedy] : std::map<std::string, std::string>{{"HUGEINT", "DECIMAL(38,0)"},
                                                                       {"TIME", "VARCHAR"},
                                                                       {"UUID", "VARCHAR"},
                                                                       {"INTERVAL", "VARCHAR"},
                                                                       {"UBIGINT", "DECIMAL(20,0)"},
                                                                       {"UINTEGER", "BIGINT"},
                                                                       {"TIMESTAMP_NS", "TIMESTAMP"},
                                                                       {"STRUCT(x UTINYINT)", "SMALLINT"},
                                                                       {"TIME[]", "VARCHAR"}}) {
    const auto fields = delta::fields_of_select(connection_, "SELECT NULL::" + type + " AS c");
    ASSERT_FALSE(fields.ok()) << type;
    EXPECT_EQ(fields.status().code(), base::Code::unsupported) << type;
    EXPECT_NE(fields.status().hint().find(remedy), std::string::npos) << fields.status().to_string();
    EXPECT_NE(fields.status().message().find("'c'"), std::string::npos) << fields.status().to_string();
  }
  EXPECT_EQ(delta::fields_of_select(connection_, "SELECT 1 AS \"a b\"").status().code(), base::Code::invalid_argument);
  create_pairs();
  CreateOptions options;
  options.schema = take(delta::fields_of_select(connection_, "SELECT 1 AS a"));
  EXPECT_EQ(create_table(environment_, "main/t", options).status().code(), base::Code::already_exists);
}

TEST_F(LakeTest, EveryTypeComesBack) {
  const std::string select =
      "SELECT 'ü' AS s, 1::BIGINT AS l, 2::INTEGER AS i, 3::SMALLINT AS sh, 4::TINYINT AS b, 1.5::FLOAT AS f, "
      "2.5::DOUBLE AS d, "
      "true AS bo, '\\x00\\xFF'::BLOB AS bi, DATE '2020-02-03' AS da, TIMESTAMPTZ '2020-01-01 00:00:00.123456+00' AS "
      "tz, "
      "TIMESTAMP '2020-01-01 00:00:00.5' AS ts, 12.34::DECIMAL(10,2) AS de, "
      "12345678901234567890123456.78::DECIMAL(38,2) AS de2, ['x', NULL] AS li, MAP {'k': 1} AS m, "
      "{'x': 1, 'y': {'z': ['q']}} AS st, [{'u': 1}] AS ls";
  const auto table = create("main/types", select);
  append(*table, select);
  append(*table, "SELECT NULL AS s");
  const auto got = rows(*table);
  auto expected = query_rows(connection_, select);
  std::string nulls = "NULL";
  for (int i = 0; i < 17; ++i) nulls += "|NULL";
  expected.push_back(nulls);
  EXPECT_EQ(got, sorted(expected));
  const auto snapshot = take(table->snapshot());
  EXPECT_EQ(snapshot->reader_version, 3);
  EXPECT_EQ(snapshot->reader_features, (Lines{"deletionVectors", "timestampNtz"}));
  // Types come out as the schema says.
  const auto query = take(connection_.query(take(table->select(*snapshot, {"tz", "de2", "m"}, false)).sql));
  EXPECT_EQ(query->columns()[0].type, "TIMESTAMP WITH TIME ZONE");
  EXPECT_EQ(query->columns()[1].type, "DECIMAL(38,2)");
  EXPECT_EQ(query->columns()[2].type, "MAP(VARCHAR, INTEGER)");
  expect_clean(*table);
}

TEST_F(LakeTest, DeletesByPosition) {
  const auto table = create_pairs();
  append(*table, "SELECT 'r' || i AS id, i AS v FROM range(10) t(i)");
  const auto snapshot = take(table->snapshot());
  const std::string path = snapshot->files.begin()->first;
  auto change = table->change(snapshot);
  EXPECT_OK(change->delete_rows(path, {0, 3, 9}));
  EXPECT_EQ(change->delete_rows(path, {10}).code(), base::Code::invalid_argument);
  EXPECT_EQ(change->delete_rows("nope", {0}).code(), base::Code::not_found);
  take(change->commit({}));
  const auto after = take(table->snapshot());
  EXPECT_EQ(take(table->deleted_rows(after->files.at(path))), (delta::RowList{0, 3, 9}));
  EXPECT_EQ(rows(*table).size(), 7U);
  const std::string positions = take(table->select(*after, {"v"}, true)).sql;
  EXPECT_EQ(query_rows(connection_,
                       "SELECT v, tarn_row FROM (" + positions + ") WHERE tarn_file = '" + path + "' ORDER BY 1"),
            (Lines{"1|1", "2|2", "4|4", "5|5", "6|6", "7|7", "8|8"}));
  // All the rest: the file goes.
  change = table->change(after);
  EXPECT_OK(change->delete_rows(path, {1, 2, 4, 5, 6, 7, 8}));
  take(change->commit({}));
  EXPECT_TRUE(take(table->snapshot())->files.empty());
  EXPECT_EQ(rows(*table), Lines{});
  expect_clean(*table);
}

TEST_F(LakeTest, ManyDeletedRowsLieInAFile) {
  const auto table = create_pairs();
  append(*table, "SELECT 'r' || i AS id, i AS v FROM range(100000) t(i)");
  append(*table, "SELECT 's' || i AS id, i AS v FROM range(100000) t(i)");
  auto change = table->change(take(table->snapshot()));
  std::vector<std::string> keys;
  base::Random random(7);
  for (int i = 0; i < 3000; ++i) {
    keys.push_back((random.below(2) == 0 ? "r" : "s") + std::to_string(random.below(100000)));
  }
  EXPECT_OK(change->delete_keys(connection_, "id", keys, {}));
  take(change->commit({}));
  const auto snapshot = take(table->snapshot());
  std::set<std::string> vector_paths;
  for (const auto& [path, data_file] : snapshot->files) {
    ASSERT_TRUE(data_file.deletion_vector);
    EXPECT_EQ(data_file.deletion_vector->storage, "u");
    vector_paths.insert(data_file.deletion_vector->path_or_inline);
  }
  EXPECT_EQ(vector_paths.size(), 1U) << "one file for a commit's vectors";
  const std::set<std::string> unique(keys.begin(), keys.end());
  EXPECT_EQ(query_rows(connection_, "SELECT count(*), count(DISTINCT id) FROM (" +
                                        take(table->select(*snapshot, {}, false)).sql + ")"),
            (Lines{std::to_string(200000 - unique.size()) + "|" + std::to_string(200000 - unique.size())}));
  expect_clean(*table);
}

TEST_F(LakeTest, OneChangeCanDoItAll) {
  const auto table = create_pairs();
  append(*table, "SELECT 'a' AS id, 1 AS v UNION ALL SELECT 'b', 2 UNION ALL SELECT 'c', 3");
  const auto change = table->change(take(table->snapshot()));
  EXPECT_OK(change->upsert(connection_, "SELECT 'a' AS id, 10 AS v UNION ALL SELECT 'n', 4", "id", {}));
  EXPECT_OK(change->upsert(connection_, "SELECT 'n' AS id, 40 AS v UNION ALL SELECT 'a', 100", "id",
                           {}));  // over its own pending rows
  EXPECT_OK(change->append(connection_, "SELECT 'x' AS id, 7 AS v UNION ALL SELECT 'y', 8", {}));
  EXPECT_OK(change->delete_keys(connection_, "id", {"b", "x"}, {}));
  change->set_transaction("src", 5);
  EXPECT_EQ(take(change->commit({})).value, 2);
  EXPECT_EQ(rows(*table), (Lines{"a|100", "c|3", "n|40", "y|8"}));
  expect_clean(*table);
}

TEST_F(LakeTest, HistoryAndTime) {
  const auto table = create_pairs();
  const int64_t start = clock_.now_us();
  clock_.advance_us(10'000'000);
  append(*table, "SELECT 'a' AS id, 1 AS v");
  clock_.advance_us(10'000'000);
  upsert(*table, "SELECT 'a' AS id, 2 AS v");
  const auto history = take(table->history());
  ASSERT_EQ(history.size(), 3U);
  EXPECT_EQ(history[0].operation, "MERGE");
  EXPECT_EQ(history[1].operation, "WRITE");
  EXPECT_EQ(history[2].operation, "CREATE TABLE");
  EXPECT_EQ(history[0].engine, "Tarn/0.1.0");
  EXPECT_EQ(history[1].metrics["numOutputRows"].as_string(), "1");
  EXPECT_EQ(history[1].committed_at_us, start + 10'000'000);
  EXPECT_EQ(take(table->history(1)).size(), 1U);
  EXPECT_EQ(table->version_at(start - 1).status().code(), base::Code::not_found);
  EXPECT_EQ(take(table->version_at(start)).value, 0);
  EXPECT_EQ(take(table->version_at(start + 19'999'999)).value, 1);
  EXPECT_EQ(take(table->version_at(start + 20'000'000)).value, 2);
  EXPECT_EQ(take(table->version_at(INT64_MAX)).value, 2);
}

TEST_F(LakeTest, NamesWhatIsMissing) {
  EXPECT_EQ(open_table(environment_, "main/none").status().code(), base::Code::not_found);
  const auto table = create_pairs();
  append(*table, "SELECT 'a' AS id, 1 AS v");
  append(*table, "SELECT 'b' AS id, 1 AS v");
  const auto beyond = table->snapshot(base::Version(9));
  EXPECT_EQ(beyond.status().code(), base::Code::not_found);
  EXPECT_NE(beyond.status().message().find("its newest is 2"), std::string::npos) << beyond.status().message();
  std::filesystem::remove(file("main/t/_delta_log/00000000000000000001.json"));
  const auto gap = open_table(environment_, "main/t");
  EXPECT_EQ(gap.status().code(), base::Code::corruption);
  EXPECT_NE(gap.status().message().find("version 1 is missing"), std::string::npos) << gap.status().message();
  EXPECT_EQ(take(table->check(connection_, {})).size(), 1U);
}

TEST_F(LakeTest, CheckpointsCarryTheWholeState) {
  const auto table = create_pairs("main/t", {{"delta.checkpointInterval", "10"}});
  for (int i = 0; i < 25; ++i) {
    const auto change = table->change(take(table->snapshot()));
    EXPECT_OK(change->upsert(connection_,
                             "SELECT 'k' || (i % 40) AS id, " + std::to_string(i) + " AS v FROM range(" +
                                 std::to_string(i) + ", " + std::to_string(i + 10) + ") t(i)",
                             "id", {}));
    change->set_transaction("source", i);
    take(change->commit({}));
  }
  EXPECT_TRUE(std::filesystem::exists(file("main/t/_delta_log/00000000000000000020.checkpoint.parquet")));
  EXPECT_TRUE(std::filesystem::exists(file("main/t/_delta_log/_last_checkpoint")));
  const auto expected = rows(*table);
  const auto snapshot = take(table->snapshot());
  expect_clean(*table);
  // The commits before the checkpoint are not needed.
  for (int i = 0; i < 20; ++i) {
    char name[64];
    std::snprintf(name, sizeof name, "main/t/_delta_log/%020d.json", i);
    std::filesystem::remove(file(name));
  }
  const auto again = take(open_table(environment_, "main/t"));
  EXPECT_EQ(rows(*again), expected);
  EXPECT_EQ(take(again->snapshot())->transactions.at("source"), 24);
  EXPECT_EQ(take(again->snapshot())->files.size(), snapshot->files.size());
  EXPECT_EQ(again->snapshot(base::Version(5)).status().code(), base::Code::not_found);
  expect_clean(*again);
  upsert(*again, "SELECT 'k1' AS id, 99 AS v");
  expect_clean(*again);
}

TEST_F(LakeTest, WorksWithoutDeletionVectors) {
  const auto table = create_pairs("main/t", {{"delta.enableDeletionVectors", "false"}});
  EXPECT_EQ(take(table->snapshot())->reader_version, 1);
  append(*table, "SELECT 'a' AS id, 1 AS v UNION ALL SELECT 'b', 2 UNION ALL SELECT 'c', 3");
  upsert(*table, "SELECT 'b' AS id, 20 AS v");
  delete_keys(*table, {"c"});
  EXPECT_EQ(rows(*table), (Lines{"a|1", "b|20"}));
  for (const auto& [path, data_file] : take(table->snapshot())->files) EXPECT_FALSE(data_file.deletion_vector);
  delete_keys(*table, {"a"});
  EXPECT_EQ(rows(*table), (Lines{"b|20"}));
  const auto change = table->change(take(table->snapshot()));
  EXPECT_OK(change->append(connection_, "SELECT 'p' AS id, 1 AS v UNION ALL SELECT 'q', 2", {}));
  EXPECT_OK(change->delete_keys(connection_, "id", {"p"}, {}));
  take(change->commit({}));
  EXPECT_EQ(rows(*table), (Lines{"b|20", "q|2"}));
  expect_clean(*table);
}

TEST_F(LakeTest, OptimizeKeepsRowsInOrder) {
  const auto table = create_pairs();
  for (int i = 0; i < 6; ++i) {
    clock_.advance_us(1'000'000);
    append(*table, "SELECT 'f" + std::to_string(i) + "_' || i AS id, i AS v FROM range(1000) t(i)");
  }
  delete_keys(*table, {"f0_0", "f0_999", "f3_500"});
  const auto before = rows(*table);
  EXPECT_EQ(take(table->optimize(connection_, {}, {})).value, 8);
  EXPECT_EQ(rows(*table), before);
  const auto snapshot = take(table->snapshot());
  ASSERT_EQ(snapshot->files.size(), 1U);
  // In the order of the inputs and of their rows.
  Lines expected;
  for (int f = 0; f < 6; ++f) {
    for (int i = 0; i < 1000; ++i) {
      if ((f == 0 && (i == 0 || i == 999)) || (f == 3 && i == 500)) continue;
      expected.push_back("f" + std::to_string(f) + "_" + std::to_string(i));
    }
  }
  EXPECT_EQ(query_rows(connection_,
                       "SELECT id FROM (" + take(table->select(*snapshot, {"id"}, true)).sql + ") ORDER BY tarn_row"),
            expected);
  EXPECT_EQ(take(table->optimize(connection_, {}, {})).value, 8) << "nothing left to do";
  EXPECT_EQ(take(table->history())[0].operation, "OPTIMIZE");
  expect_clean(*table);
}

TEST_F(LakeTest, ALargeAppendKeepsTheOrderThatItsSelectAsksFor) {
  const auto table = create_pairs();
  EXPECT_OK(connection_.execute(
      "CREATE OR REPLACE TEMP TABLE many AS SELECT '' AS id, (i * 7919) % 3000000 AS v FROM range(3000000) t(i)"));
  append(*table, {"FROM many order BY v", Order::kept});
  EXPECT_OK(connection_.execute("DROP TABLE many"));
  const std::string stored = take(table->select(*take(table->snapshot()), {}, true)).sql;
  EXPECT_EQ(query_rows(connection_, "SELECT count(*) FROM (SELECT v < lag(v) OVER (ORDER BY tarn_row) AS back FROM (" +
                                        stored + ")) WHERE back"),
            Lines{"0"});
}

TEST_F(LakeTest, SelectsOnALockedConnection) {
  const auto table = create_pairs();
  append(*table, "SELECT 'r' || i AS id, i AS v FROM range(10) t(i)");
  delete_keys(*table, {"r1", "r2"});
  duck::Options options;
  options.locked_to = {scratch_.path()};
  const auto database = take(duck::open(options));
  const auto locked = take(database->connect());
  const std::string sql = take(table->select(*take(table->snapshot()), {"v"}, true)).sql;
  ASSERT_TRUE(locked->make_view("main", "pairs", sql).ok());
  EXPECT_EQ(query_rows(*locked, "SELECT count(*), sum(v) FROM pairs"), (Lines{"8|42"}));
}

TEST_F(LakeTest, NamesThatDuckDBUsesItself) {
  const auto table =
      create("main/odd", "SELECT 'a' AS filename, 1 AS file_row_number, 2 AS \"c0\", 'x' AS \"we\"\"ird\"");
  append(*table, "SELECT 'mine' AS filename, 7 AS file_row_number, 3 AS c0, 'q''s' AS \"we\"\"ird\"");
  append(*table, "SELECT 'other' AS filename, 8 AS file_row_number");
  delete_keys(*table, {"8"}, "file_row_number");
  EXPECT_EQ(rows(*table), (Lines{"mine|7|3|q's"}));
  EXPECT_EQ(table->select(*take(table->snapshot()), {"nope"}, false).status().code(), base::Code::invalid_argument);
  expect_clean(*table);
}

TEST_F(LakeTest, ListsTables) {
  EXPECT_EQ(take(list_tables(*store_)), Lines{});
  create_pairs("main/b");
  create_pairs("main/a");
  create_pairs("tarn/rejects");
  std::filesystem::create_directories(file("main/empty/_delta_log"));
  std::filesystem::create_directories(file("_tarn/x/_delta_log"));
  EXPECT_EQ(take(list_tables(*store_)), (Lines{"main/a", "main/b", "tarn/rejects"}));
}

TEST_F(LakeTest, ATableMadeAnewAtThePathIsSeen) {
  const auto table = create_pairs();
  append(*table, "SELECT 'old' AS id, 1 AS v");
  EXPECT_EQ(rows(*table), (Lines{"old|1"}));
  std::filesystem::remove_all(file("main/t"));
  const auto fresh = take(store::open_local(scratch_.path()));
  Environment environment{fresh.get(), &clock_, &random_, nullptr, false, duck::shared_duckdb().connect};
  clock_.advance_us(5'000'000);
  CreateOptions options;
  options.schema = take(delta::fields_of_select(connection_, "SELECT 'a' AS id, 1::BIGINT AS v"));
  take(create_table(environment, "main/t", options));
  EXPECT_EQ(take(table->snapshot())->version.value, 0);
  EXPECT_EQ(rows(*table), Lines{});
}

}  // namespace
}  // namespace tarn::lake
