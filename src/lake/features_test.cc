// Every cell of doc/format/delta-features.md: a table with the feature is made, the operation tried, and the page says
// what is right.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "lake/lake_fixture_test.h"

namespace tarn::lake {
namespace {

using Lines = std::vector<std::string>;

struct Row {
  std::string table;
  Lines cells;
};

std::vector<Row> read_page() {
  std::ifstream page(std::string(TARN_SOURCE_DIR) + "/doc/format/delta-features.md");
  std::vector<Row> found;
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("| ") || line.starts_with("| table")) continue;
    Lines cells;
    std::istringstream parts(line.substr(1));
    for (std::string cell; std::getline(parts, cell, '|');) {
      const size_t begin = cell.find_first_not_of(' ');
      if (begin != std::string::npos) cells.push_back(cell.substr(begin, cell.find_last_not_of(' ') - begin + 1));
    }
    if (!cells.empty()) found.push_back({cells[0], Lines(cells.begin() + 1, cells.end())});
  }
  return found;
}

// How a table of a line comes to be: made so, or made plain and then told so in its log, as another engine might have.
struct Recipe {
  std::map<std::string, std::string> configuration;
  Lines partitions;
  bool required = false;                    // v is NOT NULL
  std::string readers, writers;             // features of a hand-written protocol, with quotes and commas
  std::map<std::string, std::string> told;  // properties beside it
  std::string column;                       // a further column's JSON
  std::string v_metadata;                   // JSON members of v's metadata
  std::string domain;
  std::string more;  // columns of new rows beside id and v
  std::string word;  // what a refusal says; the feature's name when empty
};

std::map<std::string, Recipe> recipes() {
  const auto made = [](std::map<std::string, std::string> configuration) {
    Recipe recipe;
    recipe.configuration = std::move(configuration);
    return recipe;
  };
  const auto told = [](const std::string& readers, const std::string& writers,
                       std::map<std::string, std::string> properties = {}) {
    Recipe recipe;
    recipe.readers = readers;
    recipe.writers = writers;
    recipe.told = std::move(properties);
    return recipe;
  };
  std::map<std::string, Recipe> all;
  all["plain, protocol 1 and 2"] = made({{"delta.enableDeletionVectors", "false"}});
  all["partitioned"].partitions = {"v"};
  all["`deletionVectors`"] = made({});
  all["`columnMapping`, by name"] = made({{"delta.columnMapping.mode", "name"}});
  all["`columnMapping`, by id"] = made({{"delta.columnMapping.mode", "id"}});
  all["NOT NULL"].required = true;
  all["`appendOnly`"] = made({{"delta.appendOnly", "true"}});
  all["`invariants`"].v_metadata = R"("delta.invariants":"{\"expression\":{\"expression\":\"v < 1000\"}}")";
  all["`invariants`"].writers = R"("invariants")";
  all["`checkConstraints`"] = made({{"delta.constraints.small", "v < 1000"}});
  all["`checkConstraints`, an expression beyond Tarn"] =
      told("", R"("checkConstraints")", {{"delta.constraints.odd", "regexp_like(id, 'x')"}});
  all["`checkConstraints`, an expression beyond Tarn"].word = "'odd'";
  all["`changeDataFeed`"] = made({{"delta.enableChangeDataFeed", "true"}});
  all["`generatedColumns`, left out"] = told("", R"("generatedColumns")");
  all["`generatedColumns`, left out"].column =
      R"({"name":"g","type":"long","nullable":true,"metadata":{"delta.generationExpression":"v + 1"}})";
  all["`generatedColumns`, left out"].word = "delta.generationExpression";
  all["`generatedColumns`, given"] = all["`generatedColumns`, left out"];
  all["`generatedColumns`, given"].more = ", v + 1 AS g";
  all["`allowColumnDefaults`, left out"] = told("", R"("allowColumnDefaults")");
  all["`allowColumnDefaults`, left out"].column =
      R"({"name":"d","type":"long","nullable":true,"metadata":{"CURRENT_DEFAULT":"7"}})";
  all["`allowColumnDefaults`, left out"].word = "CURRENT_DEFAULT";
  all["`allowColumnDefaults`, given"] = all["`allowColumnDefaults`, left out"];
  all["`allowColumnDefaults`, given"].more = ", 3 AS d";
  all["`identityColumns`"] = told("", R"("identityColumns")");
  all["`identityColumns`"].column =
      R"({"name":"n","type":"long","nullable":true,"metadata":{"delta.identity.start":1,"delta.identity.step":1,"delta.identity.allowExplicitInsert":false}})";
  all["`timestampNtz`"] = told(R"("timestampNtz")", "");
  all["`timestampNtz`"].column = R"({"name":"t","type":"timestamp_ntz","nullable":true,"metadata":{}})";
  all["`timestampNtz`"].more = ", TIMESTAMP '2020-01-01 00:00:00' AS t";
  all["`inCommitTimestamp`"] = made({{"delta.enableInCommitTimestamps", "true"}});
  all["`typeWidening`"] = made({{"delta.enableTypeWidening", "true"}});
  all["`v2Checkpoint`"] = made({{"delta.checkpointPolicy", "v2"}, {"delta.checkpointInterval", "2"}});
  all["`vacuumProtocolCheck`"] = told(R"("vacuumProtocolCheck")", "");
  all["`domainMetadata`"] = told("", R"("domainMetadata")");
  all["`domainMetadata`"].domain = R"({"domain":"someone","configuration":"{}","removed":false})";
  all["`rowTracking`, not switched on"] = told("", R"("rowTracking","domainMetadata")");
  all["`rowTracking`"] =
      told("", R"("rowTracking","domainMetadata")",
           {{"delta.enableRowTracking", "true"},
            {"delta.rowTracking.materializedRowIdColumnName", "_row-id-col-1"},
            {"delta.rowTracking.materializedRowCommitVersionColumnName", "_row-commit-version-col-1"}});
  all["`rowTracking`"].domain =
      R"({"domain":"delta.rowTracking","configuration":"{\"rowIdHighWaterMark\":99}","removed":false})";
  all["`clustering`, by a number"] = told("", R"("clustering","domainMetadata")");
  all["`clustering`, by a number"].domain =
      R"({"domain":"delta.clustering","configuration":"{\"clusteringColumns\":[[\"v\"]]}","removed":false})";
  all["`clustering`, by a text"] = told("", R"("clustering","domainMetadata")");
  all["`clustering`, by a text"].domain =
      R"({"domain":"delta.clustering","configuration":"{\"clusteringColumns\":[[\"id\"]]}","removed":false})";
  all["`icebergCompatV1`"] = told("", R"("icebergCompatV1")", {{"delta.enableIcebergCompatV1", "true"}});
  all["`icebergCompatV2`"] = told("", R"("icebergCompatV2")", {{"delta.enableIcebergCompatV2", "true"}});
  all["`icebergCompatV2`, not switched on"] = told("", R"("icebergCompatV2")");
  all["`checkpointProtection`"] = told("", R"("checkpointProtection")");
  all["`writerFeatureOfTomorrow`"] = told("", R"("writerFeatureOfTomorrow")");
  for (const char* name : {"catalogManaged", "variantType", "variantShredding-preview", "readerFeatureOfTomorrow"}) {
    all["`" + std::string(name) + "`"] = told("\"" + std::string(name) + "\"", "");
  }
  return all;
}

class FeaturesTest : public LakeTest {
 protected:
  static std::string property_list(const std::map<std::string, std::string>& properties) {
    json::Value object = json::Value::object();
    for (const auto& [key, value] : properties) object.set(key, value);
    return json::write(object);
  }

  // A table with the rows a (1), b (2) in one file and c (3) in another, told what the recipe says.
  std::string make(const Recipe& recipe) {
    const std::string path = "main/t" + std::to_string(++count_);
    CreateOptions options;
    options.schema = take(delta::fields_of_select(connection_, "SELECT 'a' AS id, 1::BIGINT AS v"));
    options.schema[1].nullable = !recipe.required;
    options.configuration = recipe.configuration;
    options.partition_columns = recipe.partitions;
    {
      const auto table = take(create_table(environment_, path, options));
      append(*table, "SELECT 'a' AS id, 1 AS v UNION ALL SELECT 'b', 2");
      append(*table, "SELECT 'c' AS id, 3 AS v");
    }
    if (recipe.readers.empty() && recipe.writers.empty()) return path;
    const std::string columns =
        R"({"name":"id","type":"string","nullable":true,"metadata":{}},{"name":"v","type":"long","nullable":true,"metadata":{)" +
        recipe.v_metadata + "}}" + (recipe.column.empty() ? "" : "," + recipe.column);
    const json::Value metadata = json::Value::object(
        {{"id", "x"},
         {"format", json::Value::object({{"provider", "parquet"}, {"options", json::Value::object()}})},
         {"schemaString", R"({"type":"struct","fields":[)" + columns + "]}"},
         {"partitionColumns", json::Value::array()},
         {"createdTime", 1},
         {"configuration", json::Value::object()}});
    auto properties = recipe.told;
    properties["delta.enableDeletionVectors"] = "true";
    std::string text = json::write(json::Value::object({{"metaData", metadata}})) + "\n";
    const std::string empty = R"("configuration":{})";
    text.replace(text.find(empty), empty.size(), "\"configuration\":" + property_list(properties));
    const std::string readers = R"("deletionVectors")" + (recipe.readers.empty() ? "" : "," + recipe.readers);
    const std::string writers = readers + (recipe.writers.empty() ? "" : "," + recipe.writers);
    text += R"({"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":[)" + readers +
            R"(],"writerFeatures":[)" + writers + "]}}\n";
    if (!recipe.domain.empty()) text += R"({"domainMetadata":)" + recipe.domain + "}\n";
    EXPECT_OK(store_->put(path + "/_delta_log/00000000000000000003.json", text));
    return path;
  }

  base::Result<Lines> attempt(const std::string& operation, const std::string& path, const Recipe& recipe) {
    TARN_ASSIGN(const auto table, open_table(environment_, path));
    TARN_ASSIGN(const auto snapshot, table->snapshot());
    const auto change = table->change(snapshot);
    const auto one = [&](const std::string& id, const std::string& more) {
      return "SELECT id, v" + recipe.more + more + " FROM (SELECT '" + id + "' AS id, 9::BIGINT AS v)";
    };
    if (operation == "append") TARN_TRY(change->append(connection_, one("n", ""), {}));
    if (operation == "upsert") TARN_TRY(change->upsert(connection_, one("a", ""), "id", {}));
    if (operation == "delete") TARN_TRY(change->delete_keys(connection_, "id", {"a"}, {}));
    if (operation == "evolve") {
      change->on_change(OnChange::evolve);
      TARN_TRY(change->append(connection_, one("n", ", 'new' AS more"), {}));
    }
    if (operation == "optimize") {
      TARN_TRY(table->optimize(connection_, {}, {}));
    } else {
      TARN_TRY(change->commit({}));
    }
    for (const Finding& finding : take(table->check(connection_, {}))) {
      ADD_FAILURE() << finding.where << ": " << finding.what;
    }
    TARN_ASSIGN(const auto after, table->snapshot());
    const std::string columns = operation == "evolve" ? "id, v, more" : "id, v";
    return sorted(
        query_rows(connection_, "SELECT " + columns + " FROM (" + take(table->select(*after, {}, false)).sql + ")"));
  }

  int count_ = 0;
};

TEST_F(FeaturesTest, EveryCellOfThePageHolds) {
  const Lines operations{"read", "append", "delete", "upsert", "optimize", "evolve"};
  const std::map<std::string, Lines> expected{
      {"read", {"a|1", "b|2", "c|3"}},     {"append", {"a|1", "b|2", "c|3", "n|9"}},
      {"delete", {"b|2", "c|3"}},          {"upsert", {"a|9", "b|2", "c|3"}},
      {"optimize", {"a|1", "b|2", "c|3"}}, {"evolve", {"a|1|NULL", "b|2|NULL", "c|3|NULL", "n|9|new"}}};
  const auto known = recipes();
  const auto page = read_page();
  EXPECT_EQ(page.size(), known.size());
  int cells = 0;
  namespace fs = std::filesystem;
  for (const Row& row : page) {
    SCOPED_TRACE(row.table);
    ASSERT_EQ(row.cells.size(), operations.size());
    const auto recipe = known.find(row.table);
    ASSERT_NE(recipe, known.end()) << "no test makes such a table";
    std::string word = recipe->second.word;
    if (word.empty() && row.table[0] == '`') word = row.table.substr(1, row.table.find('`', 1) - 1);
    const std::string path = make(recipe->second);
    for (size_t i = 0; i < operations.size(); ++i) {
      SCOPED_TRACE(operations[i]);
      fs::copy(file(path), file(path + operations[i]), fs::copy_options::recursive);
      const auto got = attempt(operations[i], path + operations[i], recipe->second);
      ++cells;
      if (row.cells[i] == "yes") {
        ASSERT_OK(got);
        EXPECT_EQ(*got, expected.at(operations[i]));
      } else {
        ASSERT_EQ(row.cells[i], "refused");
        EXPECT_TRUE(got.status().code() == base::Code::unsupported ||
                    got.status().code() == base::Code::permission_denied)
            << got.status().to_string();
        EXPECT_NE(got.status().message().find(word), std::string::npos) << got.status().to_string();
      }
    }
  }
  EXPECT_GT(cells, 200);
}

}  // namespace
}  // namespace tarn::lake
