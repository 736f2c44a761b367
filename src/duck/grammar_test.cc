#include "duck/grammar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace tarn::duck {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::array<std::string_view, 6> kWanted{"stmt",      "UpdateStmt", "set_clause", "where_or_current_clause",
                                                  "expr_list", "row"};

Sentences read(std::string_view sql) {
  auto out = read_sentences(sql, kWanted);
  EXPECT_TRUE(out.ok()) << sql << ": " << out.status().to_string();
  return out.ok() ? *std::move(out) : Sentences();
}

TEST(Grammar, SaysWhereEachPartStands) {
  const std::string sql =
      " UPDATE a.\"set\" SET x = (SELECT max(y.end) FROM y /* where */), \"from\" = $$ where $$ -- set\n WHERE z.case "
      "= 1 ;";
  const Sentences all = read(sql);
  ASSERT_EQ(all.statements.size(), 1u);
  const Symbol& update = all.statements[0].parts.at(0);
  EXPECT_EQ(update.name, "UpdateStmt");
  EXPECT_EQ(update.part("relation_expr_opt_alias").text, "a.\"set\"");
  std::vector<const Symbol*> set;
  update.find("set_clause", &set);
  ASSERT_EQ(set.size(), 2u);
  EXPECT_EQ(set[0]->part("a_expr").text, "(SELECT max(y.end) FROM y /* where */)");
  EXPECT_EQ(set[1]->part("set_target").text, "\"from\"");
  EXPECT_EQ(set[1]->part("a_expr").text, "$$ where $$");
  EXPECT_EQ(update.part("where_or_current_clause").part("a_expr").text, "z.case = 1");
  EXPECT_EQ(sql.substr(set[1]->offset, set[1]->text.size()), set[1]->text);
  EXPECT_TRUE(update.part("from_clause").empty());
  EXPECT_TRUE(update.part("UPDATE").is("update"));
  EXPECT_FALSE(update.part("UPDATE").is("set"));
}

TEST(Grammar, ListsAreFlatHoweverLong) {
  std::string sql = "UPDATE t SET a = f(0";
  for (int i = 1; i < 20'000; ++i) sql += ", 1";
  const Sentences all = read(sql + "), (b, c) = (1, 2, 3)");
  std::vector<const Symbol*> rows;
  all.statements.at(0).find("row", &rows);
  ASSERT_EQ(rows.size(), 1u);
  std::vector<std::string_view> members;
  for (const Symbol& part : rows[0]->part("expr_list").parts) members.push_back(part.text);
  EXPECT_THAT(members, ElementsAre("1", ",", "2"));
  EXPECT_EQ(rows[0]->part("a_expr").text, "3");
}

TEST(Grammar, StatementsAndLexemes) {
  const Sentences all = read(";; SELECT 'a;b' ; SELECT E'it\\'s' -- c\n;");
  EXPECT_EQ(all.statements.size(), 2u);
  std::vector<std::string_view> words;
  for (size_t i = 0; i < all.lexemes.size(); ++i) words.push_back(all.word(i));
  EXPECT_THAT(words, ElementsAre(";", ";", "SELECT", "'a;b'", ";", "SELECT", "E'it\\'s'", ";"));
  EXPECT_TRUE(read("").statements.empty());
  EXPECT_TRUE(read(" -- nothing").statements.empty());
}

TEST(Grammar, SpacesBeyondAsciiAreSpacesOutsideOfQuotes) {
  EXPECT_EQ(*read("SELECT\u00a01, 'a\u00a0b', \"c\u2003d\", $x$\u3000$x$\u3000").text,
            "SELECT 1, 'a\u00a0b', \"c\u2003d\", $x$\u3000$x$\u3000");  // not among the last two bytes
  EXPECT_FALSE(read("SELECT 'a\u00a0b'").spaces_depend);
  EXPECT_TRUE(read("SELECT 'a\u00a0b' /* ' */").spaces_depend);
  EXPECT_FALSE(read("SELECT\u00a01 /* ' */").spaces_depend);
}

TEST(Grammar, WhatIsNoSqlIsRefused) {
  for (std::string_view sql : {"UPDATE t SET", "DROP TABLE t WHERE 1 = 1", "SELECT 'open", "TRUNCATE a, b"}) {
    const auto out = read_sentences(sql, kWanted);
    ASSERT_FALSE(out.ok()) << sql;
    EXPECT_THAT(out.status().message(), HasSubstr("Parser Error")) << sql;
  }
  EXPECT_FALSE(read_sentences(std::string_view("SELECT 1\0, 2", 12), kWanted).ok());
}

}  // namespace
}  // namespace tarn::duck
