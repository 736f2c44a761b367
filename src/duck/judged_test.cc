// Everything that the linked DuckDB has by a name is judged: a new version fails here until each of its new names is in
// a list.
#include "duck/judged.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "duck/connection.h"

namespace tarn::duck {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

struct Kind {
  Judged judged;
  const char* names;
};
const Kind kKinds[] = {
    {Judged::value_function,
     "SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type IN ('scalar', 'aggregate', 'macro') "
     // on open connections only: see_columns.cc
     "AND NOT regexp_matches(function_name, '^tarn_(columns|floats|zeros)_')"},
    {Judged::table_function,
     "SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type IN ('table', 'table_macro')"},
    {Judged::pragma, "SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type = 'pragma'"},
    {Judged::relation,
     "SELECT if(schema_name = 'main', '', schema_name || '.') || view_name FROM duckdb_views() WHERE internal"},
    {Judged::setting, "SELECT name FROM duckdb_settings()"},
};

TEST(Judgements, AreOfEverythingThatDuckDBHas) {
  auto connection = *(*open({}))->connect();
  // No function is of a kind that the lists do not know.
  auto other = connection->query(
      "SELECT DISTINCT function_type FROM duckdb_functions() WHERE function_type NOT IN ('scalar', 'aggregate', "
      "'macro', "
      "'table', 'table_macro', 'pragma')");
  ASSERT_TRUE(other.ok());
  EXPECT_EQ(*(*other)->next(), nullptr);
  for (const Kind& kind : kKinds) {
    auto rows = connection->query(kind.names);
    ASSERT_TRUE(rows.ok()) << rows.status().to_string();
    size_t seen = 0;
    for (;;) {
      const auto chunk = (*rows)->next();
      ASSERT_TRUE(chunk.ok());
      if (!*chunk) break;
      for (size_t row = 0; row < (*chunk)->rows(); ++row, ++seen) {
        const std::string name = lower(std::string((*chunk)->text(0, row)));
        EXPECT_TRUE(why_refused(kind.judged, name)) << "neither allowed nor refused: " << name << ", of " << kind.names;
      }
    }
    EXPECT_GT(seen, 30u) << kind.names;
  }
}

TEST(Judgements, AreLists) {
  EXPECT_EQ(why_refused(Judged::value_function, "abs"), "");
  EXPECT_EQ(why_refused(Judged::value_function, "*"), "");
  EXPECT_EQ(why_refused(Judged::value_function, "icu_collate_de"), "");
  EXPECT_EQ(why_refused(Judged::table_function, "read_parquet"), "reads files");
  EXPECT_FALSE(why_refused(Judged::value_function, "read_parquet"));
  EXPECT_FALSE(why_refused(Judged::value_function, "of_a_later_version"));
  EXPECT_NE(why_refused(Judged::setting, "allowed_directories"), "");
}

}  // namespace
}  // namespace tarn::duck
