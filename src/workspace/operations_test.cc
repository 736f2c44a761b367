// The declarations of Tarn's operations: complete, consistent, and with the JSON that ARCHITECTURE.md promises.
#include "workspace/operations.h"

#include <gtest/gtest.h>

#include <set>

#include "workspace/document_reference.h"

namespace tarn::workspace {
namespace {

using json::Value;

void expect_documented(const operation::Shape& shape, const std::string& path) {
  std::set<std::string> names;
  for (const auto& field : shape.fields) {
    EXPECT_FALSE(field.doc.empty()) << path << field.name;
    EXPECT_TRUE(names.insert(field.name).second) << path << field.name << " twice";
    expect_documented(field.shape, path + field.name + ".");
    if (field.shape.item) expect_documented(*field.shape.item, path + field.name + "[].");
  }
}

TEST(Operations, AreSaidInFull) {
  std::set<std::string> names, tools;
  for (const auto& o : Operations::declared()) {
    EXPECT_TRUE(names.insert(o.name).second) << o.name;
    if (o.faces.has(operation::Face::model)) {
      EXPECT_TRUE(tools.insert(o.tool_name()).second) << o.tool_name();
    }
    EXPECT_FALSE(o.doc.empty()) << o.name;
    EXPECT_LE(o.doc.size(), 64u) << o.name << ": the first screen is 80 columns wide";
    EXPECT_FALSE(o.examples.empty()) << o.name;
    for (const auto& example : o.examples) {
      EXPECT_TRUE(!o.faces.has(operation::Face::cli) || example.command.starts_with("tarn " + o.name))
          << example.command;
    }
    if (!o.list.empty()) {
      const auto* list = o.reply.find(o.list);
      ASSERT_NE(list, nullptr) << o.name << "." << o.list;
      EXPECT_EQ(list->shape.kind, operation::Kind::list) << o.name << "." << o.list;
    }
    expect_documented(o.request, o.name + " request: ");
    expect_documented(o.reply, o.name + " reply: ");
    size_t line_length = 0;
    for (const char c : o.help) {
      line_length = c == '\n' ? 0 : line_length + 1;
      EXPECT_LE(line_length, 128u) << o.name;
    }
  }
  EXPECT_EQ(tools, (std::set<std::string>{"search", "fetch", "ask", "sql", "list_tables", "describe_table", "diff"}));
}

// A function in SQL is an operation that says its rows or its value, and no other.
TEST(Operations, WhatSqlHasIsDeclared) {
  std::set<std::string> functions;
  Operations::any([&]<typename Op>() {
    const operation::Operation o = Op::declare().operation;
    constexpr bool is_function = requires { typename Op::Row; } || requires { Op::kSqlType; };
    EXPECT_EQ(o.faces.has(operation::Face::sql), is_function) << o.name;
    if (is_function) functions.insert(o.name);
    return false;
  });
  EXPECT_EQ(functions, (std::set<std::string>{"search", "passages", "embed"}));
}

// What these read is named by a path of this machine.
TEST(Operations, WhatReadsAnyPathIsNotForTheNetwork) {
  std::set<std::string> local;
  for (const auto& o : Operations::declared()) {
    if (o.faces.has(operation::Face::cli) && !o.faces.has(operation::Face::network)) local.insert(o.name);
  }
  EXPECT_EQ(local, (std::set<std::string>{"pull", "link", "verify"}));
}

TEST(Operations, DefaultsPassTheirOwnChecks) {
  for (const auto& o : Operations::declared()) {
    Value request = Value::object();
    for (const auto& field : o.request.fields) request.set(field.name, field.required ? Value("x") : field.fallback);
    EXPECT_TRUE(operation::check(o.request, request, operation::Side::request).ok())
        << o.name << ": " << operation::check(o.request, request, operation::Side::request).to_string();
  }
}

TEST(Operations, TheJsonOfSearchIsFixed) {
  SearchReply reply;
  reply.query = "install";
  reply.mode = "hybrid";
  reply.took_ms = 3.1;
  reply.tables = {{"main.docs", 12, "2026-11-22T10:00:00Z", {1.0, 1.0}}};
  search::Hit hit;
  hit.rank = 1;
  hit.score = 0.93;
  hit.scores = {12.4, 0.71};
  hit.table = "main.docs";
  hit.id = "a";
  hit.title = "A";
  hit.uri = "a.md";
  hit.passage = {{"Install", "Linux"}, {}, {}, 1204, 1890, {}, "how to install it", {{7, 14}}};
  hit.row = {"part-1.parquet", base::RowIndex(17)};
  reply.hits = {hit};
  EXPECT_EQ(
      json::write(operation::encode(reply)),
      R"({"query":"install","mode":"hybrid","took_ms":3.1,)"
      R"("tables":[{"table":"main.docs","version":12,"committed_at":"2026-11-22T10:00:00Z","coverage":{"lexical":1.0,"semantic":1.0}}],)"
      R"("hits":[{"rank":1,"score":0.93,"scores":{"lexical":12.4,"semantic":0.71},"table":"main.docs","id":"a","title":"A","uri":"a.md",)"
      R"("passage":{"heading":["Install","Linux"],"page":null,"start":1204,"end":1890,"columns":null,"text":"how to install it","highlights":[[7,14]]},)"
      R"("row":{"file":"part-1.parquet","index":17}}]})");
}

TEST(Operations, ACitationIsAHitWithItsQuote) {
  answer::Citation citation;
  citation.marker = 2;
  citation.quote = "Run it.";
  citation.span = {10, 17};
  citation.version = base::Version(4);
  citation.hash = "00ff";
  citation.title = "T";
  EXPECT_FALSE(operation::encode(citation).contains("anchor")) << "where no place is known";
  citation.anchor = document::Anchor{0, "line", "12"};
  const Value made = operation::encode(citation);
  EXPECT_EQ(made["marker"], Value(2));
  EXPECT_EQ(made["title"], Value("T"));
  EXPECT_EQ(json::write(made["span"]), "[10,17]");
  EXPECT_TRUE(made.contains("passage"));
  EXPECT_EQ(json::write(made["anchor"]), R"({"kind":"line","value":"12"})");
  const auto again = operation::decode<answer::Citation>(made, operation::Side::reply);
  ASSERT_TRUE(again.ok()) << again.status().to_string();
  EXPECT_EQ(again.value().title, "T");
  EXPECT_EQ(again.value().span.start, 10U);
  EXPECT_EQ(again.value().span.end, 17U);
}

TEST(DocumentReference, RoundTripsAndKeepsPathsWhole) {
  const auto made = parse_document_reference(document_reference("main.docs", "guide/a b/c.md"));
  ASSERT_TRUE(made);
  EXPECT_EQ(made->table, "main.docs");
  EXPECT_EQ(made->id, "guide/a b/c.md");
  for (const char* text : {"", "a", "guide/a.md", "main.docs", "main.docs/", ".x/a", "x./a", "a.b.c/d", "/a.b/c"}) {
    EXPECT_FALSE(parse_document_reference(text)) << text;
  }
}

}  // namespace
}  // namespace tarn::workspace
