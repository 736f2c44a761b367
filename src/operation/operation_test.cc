// Declarations: what decodes, what is refused and how, and that schema, codec and check speak of the same fields.
#include "operation/operation.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "operation/nearest.h"

namespace tarn::operation {
namespace {

struct Point {
  int64_t x = 0;
  double weight = 1.5;
  bool operator==(const Point&) const = default;
};
struct Voyage {
  std::string from;
  json::Value cargo = json::Value::object();
};
struct Request {
  std::string query;
  std::vector<std::string> in;
  std::string mode = "both";
  int64_t k = 10;
  bool fast = true;
  double ratio = 0.5;
  std::optional<int64_t> page;
  std::optional<std::string> note;
  std::vector<Point> points;
  std::pair<int64_t, int64_t> span{};
  Point at;
  json::Value anything;
  bool operator==(const Request&) const = default;
};

}  // namespace

template <>
struct Describe<Point> {
  static auto fields() {
    return std::tuple{field("x", &Point::x, "across").between(-5, 5),
                      field("weight", &Point::weight, "how much").at_least(0)};
  }
};
template <>
struct Describe<Voyage> {
  static auto fields() {
    FieldShape crates = shape_of<Point>().fields[0];
    crates.name = "crates";
    return std::tuple{field("from", &Voyage::from, "where"), more_fields(&Voyage::cargo, {crates})};
  }
};
template <>
struct Describe<Request> {
  static auto fields() {
    return std::tuple{
        field("query", &Request::query, "words").required().positional().max_bytes(100),
        field("in", &Request::in, "tables").commas().max_items(3),
        field("mode", &Request::mode, "how").one_of({"lexical", "semantic", "both"}),
        field("k", &Request::k, "how many").between(1, 100).letter('k'),
        field("fast", &Request::fast, "hurry"),
        field("ratio", &Request::ratio, "mix").between(0, 1),
        field("page", &Request::page, "page"),
        field("note", &Request::note, "note"),
        field("points", &Request::points, "points"),
        field("span", &Request::span, "from, to"),
        field("at", &Request::at, "where"),
        field("anything", &Request::anything, "any JSON").omit_empty(),
    };
  }
};

namespace {

using base::Code;
using base::Status;
using json::Value;

Status refused(const char* text) { return decode<Request>(*json::parse(text)).status(); }

TEST(Decode, TakesDefaultsFromTheStruct) {
  const auto made = decode<Request>(*json::parse(R"({"query":"a"})"));
  ASSERT_TRUE(made.ok()) << made.status().to_string();
  Request expected;
  expected.query = "a";
  EXPECT_EQ(*made, expected);
}

TEST(Decode, WhatOnlyOthersKnowIsHandedOnAsItWasGiven) {
  auto made = decode<Voyage>(*json::parse(R"({"crates":3,"from":"a"})"));
  ASSERT_TRUE(made.ok()) << made.status().to_string();
  EXPECT_EQ(json::write(made->cargo), R"({"crates":3})");
  EXPECT_EQ(json::write(encode(*made)), R"({"from":"a","crates":3})");
  made = decode<Voyage>(*json::parse(R"({"crates":null})"));
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(json::write(made->cargo), "{}") << "nothing is made up for what is absent";
  EXPECT_EQ(decode<Voyage>(*json::parse(R"({"crates":6})")).status().message(), "field 'crates' must be at most 5");
  EXPECT_EQ(decode<Voyage>(*json::parse(R"({"crate":1})")).status().hint(), "did you mean 'crates'?");
}

TEST(Decode, NullIsAbsent) {
  const auto made =
      decode<Request>(*json::parse(R"({"query":"a","k":null,"mode":null,"fast":null,"page":null,"at":null})"));
  ASSERT_TRUE(made.ok()) << made.status().to_string();
  EXPECT_EQ(made.value().k, 10);
  EXPECT_TRUE(made.value().fast);
  EXPECT_EQ(made.value().mode, "both");
}

TEST(Decode, NamesTheFieldAndTheRemedy) {
  const struct {
    const char* json;
    const char* message;
    const char* hint;
  } cases[] = {
      {R"({"querry":"a"})", "field 'querry' is not known", "did you mean 'query'?"},
      {R"({"query":"a","zzzzzz":1})", "field 'zzzzzz' is not known",
       "the fields are: query, in, mode, k, fast, ratio, page, note, points, span, at, anything"},
      {R"({})", "field 'query' is required: words", ""},
      {R"({"query":null})", "field 'query' must be text, not null", ""},
      {R"({"query":7})", "field 'query' must be text, not a number", ""},
      {R"({"query":"a","in":"t"})", "field 'in' must be a list, not text", ""},
      {R"({"query":"a","in":["t",true]})", "field 'in[1]' must be text, not true or false", ""},
      {R"({"query":"a","in":["1","2","3","4"]})", "field 'in' has more than its limit of 3 items", ""},
      {R"({"query":"a","mode":"lexcal"})", "field 'mode' must be one of: lexical, semantic, both; not 'lexcal'",
       "did you mean 'lexical'?"},
      {R"({"query":"a","k":0})", "field 'k' must be at least 1", ""},
      {R"({"query":"a","k":101})", "field 'k' must be at most 100", ""},
      {R"({"query":"a","k":1.5})", "field 'k' must be a whole number, not a number", ""},
      {R"({"query":"a","k":1e30})", "field 'k' must be a whole number, not a number", ""},
      {R"({"query":"a","ratio":1.01})", "field 'ratio' must be at most 1", ""},
      {R"({"query":"a","points":[{"x":1},{"x":9}]})", "field 'points[1].x' must be at most 5", ""},
      {R"({"query":"a","points":[{"y":1}]})", "field 'points[0].y' is not known", "did you mean 'x'?"},
      {R"({"query":"a","at":{"weight":-0.5}})", "field 'at.weight' must be at least 0", ""},
      {R"({"query":"a","span":[1]})", "field 'span' must have exactly 2 items", ""},
      {R"([])", "the request must be an object, not a list", ""},
      {R"("a")", "the request must be an object, not text", ""},
  };
  for (const auto& c : cases) {
    const Status status = refused(c.json);
    EXPECT_EQ(status.code(), Code::invalid_argument) << c.json;
    EXPECT_EQ(status.message(), c.message) << c.json;
    EXPECT_EQ(status.hint(), c.hint) << c.json;
  }
  const std::string longer = R"({"query":")" + std::string(101, 'a') + R"("})";
  EXPECT_EQ(refused(longer.c_str()).message(), "field 'query' is longer than its limit of 100 bytes");
  EXPECT_TRUE(decode<Request>(*json::parse(R"({"query":"a","k":3.0})")).ok());
}

Request random_request(base::Random& random) {
  const auto text = [&] {
    std::string made;
    for (uint64_t i = random.below(8); i > 0; --i) made += static_cast<char>(' ' + random.below(95));
    return made;
  };
  Request r;
  r.query = text();
  for (uint64_t i = random.below(4); i > 0; --i) r.in.push_back(text());
  r.mode = random.below(2) ? "lexical" : "semantic";
  r.k = static_cast<int64_t>(1 + random.below(100));
  r.fast = random.below(2) == 1;
  r.ratio = random.unit();
  if (random.below(2)) r.page = static_cast<int64_t>(random.next());
  if (random.below(2)) r.note = text();
  for (uint64_t i = random.below(3); i > 0; --i) {
    r.points.push_back({static_cast<int64_t>(random.below(11)) - 5, random.unit()});
  }
  r.span = {static_cast<int64_t>(random.below(100)), -1};
  r.at.weight = random.unit() * 1e9;
  if (random.below(2)) r.anything = Value::array({1, "two", Value::object({{"three", nullptr}})});
  return r;
}

TEST(Codec, ReadsWhatItWrote) {
  const uint64_t seed = 7;
  base::Random random(seed);
  for (int round = 0; round < 2000; ++round) {
    const Request request = random_request(random);
    const std::string text = json::write(encode(request));
    const auto again = decode<Request>(*json::parse(text));
    ASSERT_TRUE(again.ok()) << again.status().to_string() << "\n" << text << " seed " << seed << " round " << round;
    ASSERT_EQ(*again, request) << text << " seed " << seed << " round " << round;
  }
}

// A member of the wrong kind anywhere is refused, and never read as something else.
TEST(Codec, RefusesEveryWrongKind) {
  const Value wrong[] = {
      Value(true), Value(7), Value(0.25), Value("text"), Value::array({Value::array()}), Value::object({{"no", 1}})};
  Request request;
  request.query = "q";
  request.page = 1;
  request.note = "n";
  const Value good = encode(request);
  for (const auto& [name, member] : good.members()) {
    const Kind kind = shape_of<Request>().find(name)->shape.kind;
    for (const Value& bad : wrong) {
      const bool fits = kind == Kind::any || (kind == Kind::boolean && bad.is_bool()) ||
                        (kind == Kind::integer && bad.is_int()) || (kind == Kind::number && bad.is_number()) ||
                        (kind == Kind::text && bad.is_string());
      if (fits) continue;
      Value changed = good;
      changed.set(name, bad);
      EXPECT_EQ(decode<Request>(changed).status().code(), Code::invalid_argument) << name << " " << json::write(bad);
    }
  }
}

TEST(Schema, SaysWhatTheCheckEnforces) {
  const Value made = schema(shape_of<Request>(), Side::request);
  EXPECT_EQ(made["$schema"].as_string(), "https://json-schema.org/draft/2020-12/schema");
  EXPECT_EQ(json::write(made["required"]), R"(["query"])");
  EXPECT_EQ(json::write(made["additionalProperties"]), "false");
  const Value& p = made["properties"];
  EXPECT_EQ(json::write(p["query"]), R"({"type":"string","maxLength":100,"description":"words"})");
  EXPECT_EQ(json::write(p["mode"]),
            R"({"type":"string","enum":["lexical","semantic","both"],"description":"how","default":"both"})");
  EXPECT_EQ(json::write(p["k"]),
            R"({"type":"integer","minimum":1,"maximum":100,"description":"how many","default":10})");
  EXPECT_EQ(json::write(p["page"]), R"({"type":["integer","null"],"description":"page"})");
  EXPECT_EQ(json::write(p["anything"]), R"({"description":"any JSON"})");
  EXPECT_EQ(p["points"]["items"]["additionalProperties"], Value(false));
  EXPECT_EQ(p["span"]["minItems"], Value(2));
}

TEST(Schema, AReplyHasAllItsFieldsAndMayGrow) {
  const Value made = schema(shape_of<Request>(), Side::reply);
  EXPECT_FALSE(made.contains("additionalProperties"));
  EXPECT_EQ(made["required"].items().size(),
            made["properties"].members().size() - 1);  // all but the one that is left out when empty
  EXPECT_FALSE(encode(Request{}).contains("anything"));
  EXPECT_TRUE(encode(Request{})["page"].is_null());
  EXPECT_TRUE(encode(Request{}).contains("page"));
  Value grown = encode(Request{});
  grown.set("later", 1);
  EXPECT_TRUE(decode<Request>(grown, Side::reply).ok());
  EXPECT_FALSE(decode<Request>(grown, Side::request).ok());
}

struct Measure {
  static Declaration<Request, Point> declare() {
    return operation::declare<Request, Point>({.name = "measure"}, [](const Point& p) { return p.x < 0 ? 1 : 0; });
  }
};
struct Weigh {
  static Declaration<Point, Point> declare() {
    return operation::declare<Point, Point>({.name = "weigh", .faces = {Face::model, Face::sql}});
  }
};

TEST(Bound, DecodesCallsAndKeepsTheType) {
  const Bound bound = bind<Measure>([](const Request& r, const base::Context& c) -> base::Result<Point> {
    TARN_TRY(c.check());
    if (r.k == 13) return Status(Code::not_found, "no such thing");
    return Point{r.k, 2};
  });
  const auto answer = bound.call(*json::parse(R"({"query":"a","k":4})"), {});
  EXPECT_EQ(json::write(answer->json()), R"({"x":4,"weight":2.0})");
  EXPECT_EQ(answer->exit_code(), 0);
  EXPECT_EQ(*answer->as<Point>(), (Point{4, 2}));
  EXPECT_EQ(answer->as<Request>(), nullptr);
  EXPECT_EQ(bound.call(*json::parse(R"({"query":"a","k":13})"), {}).status().code(), Code::not_found);
  EXPECT_EQ(bound.call(*json::parse(R"({"k":4})"), {}).status().code(), Code::invalid_argument);
  base::Cancel cancel;
  cancel.request();
  EXPECT_EQ(bound.call(*json::parse(R"({"query":"a"})"), {.cancel = &cancel}).status().code(), Code::cancelled);
  EXPECT_EQ(find({bound}, "measure")->operation.request.fields.size(), 12u);
  EXPECT_EQ(find({bound}, "measures"), nullptr);
}

TEST(Bound, TheExitCodeIsDeclared) {
  const Bound measure =
      bind<Measure>([](const Request&, const base::Context&) -> base::Result<Point> { return Point{-1, 2}; });
  EXPECT_EQ(measure.call(*json::parse(R"({"query":"a"})"), {})->exit_code(), 1);
  const Bound weigh = bind<Weigh>([](const Point& p, const base::Context&) -> base::Result<Point> { return p; });
  EXPECT_EQ(weigh.call(*json::parse(R"({"x":-1})"), {})->exit_code(), 0);
}

struct Count {
  using Piece = Point;
  static Declaration<Point, Request> declare() { return operation::declare<Point, Request>({.name = "count"}); }
};

TEST(Bound, GivesPiecesAsTheyComeUntilNoMoreAreWanted) {
  const Bound bound = bind<Count>([](const Point& p, const Sink<Point>& pieces,
                                     const base::Context&) -> base::Result<Request> {
    Request reply;
    reply.query = "done";
    for (int64_t x = 0; x < p.x; ++x) {
      if (!pieces) {
        reply.points.push_back({x, 1});
      } else if (!pieces(x == 1 ? base::Result<Point>(Status(Code::io, "lost")) : base::Result<Point>(Point{x, 1}))) {
        break;
      }
    }
    return reply;
  });
  const Value request = *json::parse(R"({"x":5})");
  EXPECT_EQ(bound.call(request, {})->as<Request>()->points.size(), 5u) << "nobody takes them: the reply has them";
  std::vector<std::string> seen;
  const auto answer = bound.call(request, {}, [&](const base::Result<Answer>& piece) {
    seen.push_back(piece.ok() ? json::write(piece->json()) : std::string(piece.status().message()));
    return seen.size() < 3;
  });
  EXPECT_EQ(seen, (std::vector<std::string>{R"({"x":0,"weight":1.0})", "lost", R"({"x":2,"weight":1.0})"}));
  EXPECT_TRUE(answer->as<Request>()->points.empty());
}

TEST(List, KeepsItsOrderAndStopsWhereItIsTold) {
  using All = List<Measure, Weigh>;
  const std::vector<Operation> declared = All::declared();
  ASSERT_EQ(declared.size(), 2u);
  EXPECT_EQ(declared[0].name, "measure");
  EXPECT_EQ(declared[1].tool_name(), "weigh");
  EXPECT_TRUE(declared[1].faces.has(Face::sql));
  EXPECT_FALSE(declared[1].faces.has(Face::cli));
  int seen = 0;
  EXPECT_TRUE(All::any([&]<typename Op>() {
    ++seen;
    return std::is_same_v<Op, Measure>;
  }));
  EXPECT_EQ(seen, 1);
  EXPECT_FALSE(All::any([&]<typename Op>() { return false; }));
}

TEST(Nearest, FindsSlipsOfTheFingersOnly) {
  const std::vector<std::string> known = {"search", "sql", "show", "tables", "history", "--as-of"};
  EXPECT_EQ(did_you_mean("serach", known), "did you mean 'search'?");
  EXPECT_EQ(did_you_mean("hist", known), "did you mean 'history'?");
  EXPECT_EQ(did_you_mean("--as_of", known), "did you mean '--as-of'?");
  EXPECT_EQ(did_you_mean("sow", known), "did you mean 'show'?");
  EXPECT_EQ(did_you_mean("quantum", known), "");
  EXPECT_EQ(did_you_mean("", known), "");
}

// The obvious recursion, to hold the table against.
size_t slow_distance(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return a.size() + b.size();
  const auto tail = [](std::string_view s, size_t n = 1) { return s.substr(n); };
  size_t best = std::min(
      {slow_distance(tail(a), b) + 1, slow_distance(a, tail(b)) + 1, slow_distance(tail(a), tail(b)) + (a[0] != b[0])});
  if (a.size() > 1 && b.size() > 1 && a[0] == b[1] && a[1] == b[0]) {
    best = std::min(best, slow_distance(tail(a, 2), tail(b, 2)) + 1);
  }
  return best;
}

TEST(Nearest, DistanceIsThatOfTheDefinition) {
  base::Random random(11);
  for (int round = 0; round < 300; ++round) {
    std::string a, b;
    for (uint64_t i = random.below(7); i > 0; --i) a += static_cast<char>('a' + random.below(3));
    for (uint64_t i = random.below(7); i > 0; --i) b += static_cast<char>('a' + random.below(3));
    ASSERT_EQ(edit_distance(a, b), slow_distance(a, b)) << a << " " << b << " seed 11 round " << round;
  }
  EXPECT_LE(edit_distance(std::string(100'000, 'a'), std::string(100'000, 'b')), 64u);
}

}  // namespace
}  // namespace tarn::operation
