// MCP in both eras over a fake lake: MCP-3 … MCP-6, MCP-10, MCP-11, MCP-14, MCP-15, and what hostile clients send.
#include <gtest/gtest.h>
#include <unistd.h>

#include <condition_variable>
#include <csignal>
#include <mutex>
#include <set>
#include <thread>

#include "base/ascii.h"
#include "base/random.h"
#include "server/rpc.h"
#include "server/stdio.h"
#include "server/tools.h"
#include "workspace/operations.h"

namespace tarn::server {
namespace {

using json::Value;
using namespace std::chrono_literals;
namespace w = workspace;

std::vector<operation::Bound> lake() {
  return {
      operation::bind<w::ListTables>([](const w::TablesRequest&, const base::Context&) -> base::Result<w::TablesReply> {
        return w::TablesReply{"/lake", {{"main.docs", 12, "2026-11-22T10:00:00Z", 1169, 4, 1}}, {}};
      }),
      operation::bind<w::Pull>(
          [](const w::PullRequest&, const base::Context&) -> base::Result<w::PullReply> { return w::PullReply{}; }),
      operation::bind<w::Search>([](const w::SearchRequest& r, const base::Context& c) -> base::Result<w::SearchReply> {
        if (r.query == "broken") {
          return base::Status(base::Code::invalid_argument, "the filter does not parse", "look at it");
        }
        for (uint64_t i = 1; i <= 3; ++i) {
          c.update(i < 3 ? "reading" : "ranking", i < 3 ? i : 1, 2, "segments");
          std::this_thread::sleep_for(110ms);
        }
        w::SearchReply reply;
        reply.mode = r.mode;
        reply.tables = {{"main.docs", 12, "2026-11-22T10:00:00Z", {1.0, {}}}};
        search::Hit hit;
        hit.table = "main.docs";
        hit.id = "a/b.md";
        hit.title = "T";
        hit.uri = "file:///b.md";
        hit.passage.text = "words";
        hit.score = 0.5;
        reply.hits = {hit};
        return reply;
      }),
      operation::bind<w::Fetch>([](const w::FetchRequest& r, const base::Context&) -> base::Result<w::FetchReply> {
        return w::FetchReply{r.id, "T", "body", "file:///b.md", Value::object({{"table", "main.docs"}})};
      }),
      operation::bind<w::Sql>([](const w::SqlRequest& r, const operation::Sink<w::Sql::Piece>& rows,
                                 const base::Context& c) -> base::Result<w::SqlReply> {
        w::SqlReply reply{{{"n", "BIGINT"}}, {}, false, 0.5};
        if (r.query == "huge") rows(w::Sql::Piece{Value(std::string(kMaxReplyBytes, 'x'))});
        if (r.query == "endless") {
          for (int64_t taken = 1; rows(w::Sql::Piece{Value(std::string(size_t{1} << 20, 'x'))}); ++taken) {
            EXPECT_LE(taken, static_cast<int64_t>(kMaxReplyBytes >> 20));
          }
        }
        if (r.query == "slow") {
          while (c.check().ok()) std::this_thread::sleep_for(1ms);
          return c.check();
        }
        if (r.query == "two") {
          rows(w::Sql::Piece{Value(1)});
          rows(w::Sql::Piece{Value()});
        }
        return reply;
      }),
  };
}

// A connection whose lines are collected.
class Client {
 public:
  Client()
      : connection_(lake(), {.version = "0.1.0"}, [this](const std::string& line) {
          const std::lock_guard lock(mutex_);
          EXPECT_EQ(line.find('\n'), std::string::npos);
          lines_.push_back(*json::parse(line));
          arrived_.notify_all();
        }) {}

  // Sends, and gives the answer with that id (waiting for it).
  Value ask(const std::string& message) {
    const Value id = (*json::parse(message))["id"];
    send(message);
    return answer(id);
  }
  void send(const std::string& message) { connection_.receive(message); }
  Value answer(const Value& id) {
    std::unique_lock lock(mutex_);
    Value found;
    arrived_.wait_for(lock, 5s, [&] {
      for (const Value& line : lines_) {
        if (line.contains("id") && line["id"] == id) found = line;
      }
      return !found.is_null();
    });
    return found;
  }
  Value last(const std::string& message) {
    send(message);
    const std::lock_guard lock(mutex_);
    return lines_.empty() ? Value() : lines_.back();
  }
  std::vector<Value> lines() {
    const std::lock_guard lock(mutex_);
    return lines_;
  }
  bool drain(std::chrono::milliseconds patience = 5s) { return connection_.drain(patience); }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<Value> lines_;
  McpConnection connection_;
};

std::string legacy_open(const std::string& version = "2025-11-25") {
  return R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":")" + version +
         R"(","capabilities":{},"clientInfo":{"name":"t","version":"1"}}})";
}
std::string modern(int id, const std::string& method, const std::string& params = "",
                   const std::string& version = "2026-07-28") {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":")" + method + R"(","params":{)" + params +
         (params.empty() ? "" : ",") + R"("_meta":{"io.modelcontextprotocol/protocolVersion":")" + version +
         R"(","io.modelcontextprotocol/clientCapabilities":{}}}})";
}
std::string plain(int id, const std::string& method, const std::string& params = "{}") {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":")" + method + R"(","params":)" + params + "}";
}
int code_of(const Value& answer) { return static_cast<int>(answer["error"]["code"].as_int()); }

TEST(Legacy, MCP11ShakesHandsInEachRevision) {
  for (const char* version : {"2025-11-25", "2025-06-18", "2025-03-26"}) {
    Client client;
    const Value result = client.ask(legacy_open(version))["result"];
    EXPECT_EQ(result["protocolVersion"].as_string(), version);
    EXPECT_TRUE(result["capabilities"].contains("tools"));
    EXPECT_EQ(result["serverInfo"]["name"].as_string(), "tarn");
    client.send(R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
    EXPECT_EQ(json::write(client.ask(plain(1, "ping"))["result"]), "{}");
    EXPECT_FALSE(client.ask(plain(2, "tools/list"))["result"].contains("ttlMs"));
  }
  Client stranger;
  EXPECT_EQ(stranger.ask(legacy_open("1999-01-01"))["result"]["protocolVersion"].as_string(), "2025-11-25");
}

TEST(Legacy, NothingBeforeTheHandshakeAndNoEnvelopeAfterIt) {
  Client client;
  EXPECT_EQ(code_of(client.ask(plain(1, "tools/list"))), kInvalidRequest);
  EXPECT_TRUE(client.ask(plain(2, "ping")).contains("result"));
  EXPECT_EQ(code_of(client.ask(R"({"jsonrpc":"2.0","id":3,"method":"initialize"})")), kInvalidParams);
  client.ask(legacy_open());
  EXPECT_EQ(code_of(client.ask(modern(4, "tools/list"))), kInvalidRequest);
}

TEST(Modern, MCP3MCP4MCP5EveryRequestCarriesItsVersion) {
  Client client;
  const Value discovered = client.ask(modern(1, "server/discover"))["result"];
  EXPECT_EQ(discovered["supportedVersions"].items().front().as_string(), "2026-07-28");
  EXPECT_EQ(discovered["resultType"].as_string(), "complete");
  EXPECT_GE(discovered["ttlMs"].as_int(-1), 0);
  EXPECT_EQ(discovered["cacheScope"].as_string(), "public");
  EXPECT_EQ(discovered["_meta"]["io.modelcontextprotocol/serverInfo"]["name"].as_string(), "tarn");
  const Value listed = client.ask(modern(2, "tools/list"))["result"];
  EXPECT_EQ(listed["resultType"].as_string(), "complete");
  EXPECT_GE(listed["ttlMs"].as_int(-1), 0);
  const Value called = client.ask(modern(3, "tools/call", R"("name":"list_tables")"))["result"];
  EXPECT_EQ(called["resultType"].as_string(), "complete");
  EXPECT_FALSE(called.contains("ttlMs"));

  EXPECT_EQ(code_of(client.ask(plain(4, "tools/list"))), kInvalidParams);
  EXPECT_EQ(code_of(client.ask(plain(5, "server/discover"))), kInvalidParams);
  EXPECT_EQ(
      code_of(client.ask(
          R"({"jsonrpc":"2.0","id":6,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}})")),
      kInvalidParams);
  EXPECT_EQ(
      code_of(client.ask(
          R"({"jsonrpc":"2.0","id":7,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":3,"io.modelcontextprotocol/clientCapabilities":{}}}})")),
      kInvalidParams);
  const Value other = client.ask(modern(8, "tools/list", "", "2031-01-01"));
  EXPECT_EQ(code_of(other), kUnsupportedVersion);
  EXPECT_EQ(other["error"]["data"]["requested"].as_string(), "2031-01-01");
  EXPECT_EQ(other["error"]["data"]["supported"].items().front().as_string(), "2026-07-28");
  EXPECT_EQ(code_of(client.ask(modern(9, "ping"))), kMethodNotFound);
  const Value late =
      client.ask(R"({"jsonrpc":"2.0","id":10,"method":"initialize","params":{"protocolVersion":"2025-11-25"}})");
  EXPECT_EQ(code_of(late), kUnsupportedVersion);
  EXPECT_EQ(json::write(late["error"]["data"]["supported"]), R"(["2026-07-28"])");
}

TEST(Modern, LookingDoesNotCommit) {
  Client client;
  client.ask(modern(1, "server/discover"));
  EXPECT_TRUE(client.ask(legacy_open()).contains("result"));
}

TEST(Both, MCP6UnknownThings) {
  Client client;
  client.ask(legacy_open());
  EXPECT_EQ(code_of(client.ask(plain(1, "no/such"))), kMethodNotFound);
  EXPECT_EQ(code_of(client.ask(plain(2, "tools/list", R"({"cursor":"x"})"))), kInvalidParams);
  EXPECT_EQ(code_of(client.ask(plain(3, "resources/read", R"({"uri":"x:y"})"))), kInvalidParams);
  EXPECT_EQ(json::write(client.ask(plain(4, "resources/list"))["result"]), R"({"resources":[]})");
  EXPECT_EQ(json::write(client.ask(plain(5, "prompts/list"))["result"]), R"({"prompts":[]})");
  const Value tool = client.ask(plain(6, "tools/call", R"({"name":"serach"})"));
  EXPECT_EQ(code_of(tool), kInvalidParams);
  EXPECT_EQ(tool["error"]["message"].as_string(), "there is no tool 'serach'; did you mean 'search'?");
  EXPECT_EQ(code_of(client.ask(plain(7, "tools/call", R"({"name":"pull","arguments":{"source":"/"}})"))),
            kInvalidParams);
}

TEST(Tools, MCP14NamesAndSchemas) {
  const auto tools = make_tools(lake());
  ASSERT_EQ(tools.size(), 4u);
  EXPECT_EQ(tools[0].name, "search");
  EXPECT_EQ(tools[1].name, "fetch");
  std::set<std::string> names;
  for (const Tool& tool : tools) {
    EXPECT_TRUE(names.insert(tool.name).second);
    EXPECT_LE(tool.name.size(), 128u);
    for (const char c : tool.name) EXPECT_TRUE(base::is_lower(c) || c == '_') << tool.name;
    for (const char* key : {"inputSchema", "outputSchema"}) {
      EXPECT_EQ(tool.description[key]["type"].as_string(), "object") << tool.name;
      EXPECT_EQ(tool.description[key]["$schema"].as_string(), "https://json-schema.org/draft/2020-12/schema")
          << tool.name;
    }
    EXPECT_TRUE(tool.description["annotations"]["readOnlyHint"].as_bool()) << tool.name;
  }
}

TEST(Tools, MCP15SearchAndFetchAnswerAsConnectorsAsk) {
  Client client;
  client.ask(legacy_open());
  const Value search = client.ask(plain(1, "tools/call", R"({"name":"search","arguments":{"query":"x"}})"))["result"];
  EXPECT_FALSE(search["isError"].as_bool(true));
  ASSERT_EQ(search["content"].items().size(), 1u);
  EXPECT_EQ(*json::parse(search["content"].items()[0]["text"].as_string()), search["structuredContent"]);
  const Value& first = search["structuredContent"]["results"].items().at(0);
  EXPECT_EQ(first["id"].as_string(), "main.docs/a/b.md");
  EXPECT_EQ(first["title"].as_string(), "T");
  EXPECT_EQ(first["url"].as_string(), "file:///b.md");
  const Value fetch = client.ask(plain(
      2, "tools/call", R"({"name":"fetch","arguments":{"id":"main.docs/a/b.md"}})"))["result"]["structuredContent"];
  for (const char* key : {"id", "title", "text", "url", "metadata"}) EXPECT_TRUE(fetch.contains(key)) << key;
}

TEST(Tools, RowsThatComeOneByOneStandInTheReply) {
  Client client;
  client.ask(legacy_open());
  const auto reply = [&](int id, const std::string& query) {
    return json::write(
        client.ask(plain(id, "tools/call",
                         R"({"name":"sql","arguments":{"query":")" + query + R"("}})"))["result"]["structuredContent"]);
  };
  const std::string columns = R"({"columns":[{"name":"n","type":"BIGINT"}],"rows":)";
  EXPECT_EQ(reply(1, "two"), columns + R"([[1],[null]],"truncated":false,"took_ms":0.5})");
  EXPECT_EQ(reply(2, "none"), columns + R"([],"truncated":false,"took_ms":0.5})");
}

TEST(Tools, MCP14FailureIsAResult) {
  Client client;
  client.ask(legacy_open());
  const auto failure = [&](int id, const std::string& arguments, const std::string& tool) {
    const Value result =
        client.ask(plain(id, "tools/call", R"({"name":")" + tool + R"(","arguments":)" + arguments + "}"))["result"];
    EXPECT_TRUE(result["isError"].as_bool());
    EXPECT_FALSE(result.contains("structuredContent"));
    return *json::parse(result["content"].items()[0]["text"].as_string());
  };
  EXPECT_EQ(json::write(failure(1, R"({"query":"broken"})", "search")),
            R"({"code":"invalid_argument","message":"the filter does not parse","hint":"look at it"})");
  EXPECT_EQ(failure(2, R"({"querry":"x"})", "search")["hint"].as_string(), "did you mean 'query'?");
  EXPECT_EQ(failure(3, R"({"query":"huge"})", "sql")["code"].as_string(), "exhausted");
  EXPECT_EQ(failure(4, R"({"query":"endless"})", "sql")["code"].as_string(), "exhausted");
}

TEST(Calls, MCP10AreCancelledAndDoNotBlock) {
  Client client;
  client.ask(legacy_open());
  client.send(plain(1, "tools/call", R"({"name":"sql","arguments":{"query":"slow"}})"));
  EXPECT_TRUE(client.ask(plain(2, "tools/call", R"({"name":"list_tables"})")).contains("result"))
      << "a slow call must not block another";
  EXPECT_EQ(code_of(client.ask(plain(1, "ping"))), 0);
  EXPECT_FALSE(client.drain(20ms));
  client.send(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1,"reason":"enough"}})");
  EXPECT_TRUE(client.drain());
  for (const Value& line : client.lines()) {
    EXPECT_FALSE(line["id"] == Value(1) && line["result"].contains("content")) << "no answer to what was cancelled";
  }
  client.send(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":77}})");  // of no call
}

TEST(Calls, AreLimited) {
  Client client;
  client.ask(legacy_open());
  const int all = static_cast<int>(kMaxCalls + kMaxWaiting);
  int refused = 0;
  for (int id = 1; id <= all + 20; ++id) {
    client.send(plain(id, "tools/call", R"({"name":"sql","arguments":{"query":"slow"}})"));
  }
  for (const Value& line : client.lines()) refused += code_of(line) == kBusy ? 1 : 0;
  EXPECT_GE(refused, 20);
  EXPECT_EQ(code_of(client.last(plain(1, "tools/call", R"({"name":"sql","arguments":{"query":"slow"}})"))),
            kInvalidRequest)
      << "its id is taken";
  for (int id = 1; id <= all + 20; ++id) {
    client.send(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":)" + std::to_string(id) +
                "}}");
  }
  EXPECT_TRUE(client.drain());
}

// The next request goes out at the moment in which the reply is read: its id is free by then.
TEST(Calls, AnIdIsFreeBeforeItsReplyGoesOut) {
  std::unique_ptr<McpConnection> connection;
  int sent = 0, refused = 0;
  std::mutex mutex;
  std::condition_variable done;
  const std::string call = plain(7, "tools/call", R"({"name":"list_tables"})");
  connection = std::make_unique<McpConnection>(lake(), ServerInfo{.version = "0"}, [&](const std::string& line) {
    const Value message = *json::parse(line);
    const std::lock_guard lock(mutex);
    refused += code_of(message) != 0 ? 1 : 0;
    ++sent;
    done.notify_all();
  });
  connection->receive(legacy_open());
  for (int i = 0; i < 500; ++i) {
    connection->receive(call);
    std::unique_lock lock(mutex);
    ASSERT_TRUE(done.wait_for(lock, 5s, [&] { return sent == i + 2; }));
  }
  EXPECT_EQ(refused, 0);
}

TEST(Batches, AreAnsweredAsOneWhereTheRevisionHasThem) {
  const auto opened = [](Client& client) { client.ask(legacy_open("2025-03-26")); };
  const auto batch_of = [&](const std::string& line) {
    Client client;
    opened(client);
    const size_t before = client.lines().size();
    client.send(line);
    EXPECT_TRUE(client.drain());
    const std::vector<Value> all = client.lines();
    EXPECT_LE(all.size(), before + 1) << line;
    return all.size() == before ? Value() : all.back();
  };
  const auto ids = [](const Value& batch) {
    std::multiset<std::string> found;
    for (const Value& reply : batch.items()) found.insert(json::write(reply["id"]));
    return found;
  };
  using Ids = std::multiset<std::string>;
  EXPECT_EQ(ids(batch_of("[" + plain(1, "ping") + "," + plain(2, "tools/list") + "]")), (Ids{"1", "2"}));
  EXPECT_EQ(ids(batch_of("[" + plain(1, "ping") + "]")), Ids{"1"}) << "one message is a batch too";
  const Value calls = batch_of("[" + plain(1, "tools/call", R"({"name":"search","arguments":{"query":"x"}})") + "," +
                               plain(2, "ping") + "," + plain(3, "tools/call", R"({"name":"list_tables"})") + "]");
  EXPECT_EQ(ids(calls), (Ids{"1", "2", "3"})) << "calls that run beside each other are waited for";
  const std::string note = R"({"jsonrpc":"2.0","method":"notifications/initialized"})";
  EXPECT_TRUE(batch_of("[" + note + "," + note + "]").is_null()) << "notifications alone are not answered";
  EXPECT_EQ(ids(batch_of("[" + note + "," + plain(4, "ping") + "]")), Ids{"4"});
  EXPECT_EQ(ids(batch_of(R"([{"jsonrpc":"2.0","id":9,"result":{}},)" + plain(4, "ping") + "]")), Ids{"4"});
  EXPECT_EQ(code_of(batch_of("[]")), kInvalidRequest);
  const Value mixed = batch_of("[1,[]," + plain(5, "ping") + R"(,{"jsonrpc":"2.0","id":6},"x"])");
  EXPECT_EQ(ids(mixed), (Ids{"5", "6", "null", "null", "null"}));
  for (const Value& reply : mixed.items()) {
    EXPECT_EQ(code_of(reply), reply["id"] == Value(5) ? 0 : kInvalidRequest) << json::write(reply);
  }
  EXPECT_EQ(code_of(batch_of("[" + legacy_open("2025-03-26") + "]").items()[0]), kInvalidRequest);
  std::string many = "[" + note;
  for (size_t i = 0; i < kMaxBatch; ++i) many += "," + note;
  EXPECT_EQ(code_of(batch_of(many + "]")), kInvalidRequest);
  EXPECT_EQ(code_of(batch_of("[" + plain(1, "ping"))), kParseError);
}

TEST(Batches, ACancelledCallLeavesItsBatch) {
  Client client;
  client.ask(legacy_open("2025-03-26"));
  client.send("[" + plain(1, "tools/call", R"({"name":"sql","arguments":{"query":"slow"}})") + "," + plain(2, "ping") +
              "]");
  EXPECT_EQ(client.lines().size(), 1u) << "not before all of it is done";
  client.send(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}})");
  EXPECT_TRUE(client.drain());
  const std::vector<Value> lines = client.lines();
  ASSERT_EQ(lines.size(), 2u);
  ASSERT_EQ(lines[1].items().size(), 1u);
  EXPECT_EQ(lines[1].items()[0]["id"], Value(2));
}

TEST(Batches, AreRefusedElsewhere) {
  for (const char* version : {"2025-06-18", "2025-11-25"}) {
    Client client;
    client.ask(legacy_open(version));
    for (const std::string& batch : {"[" + plain(1, "ping") + "]", std::string("[]")}) {
      const Value answer = client.last(batch);
      EXPECT_EQ(code_of(answer), kInvalidRequest) << version;
      EXPECT_TRUE(answer["id"].is_null());
    }
  }
  Client client;
  EXPECT_EQ(code_of(client.last("[" + legacy_open("2025-03-26") + "]")), kInvalidRequest);
  client.ask(modern(1, "tools/list"));
  EXPECT_EQ(code_of(client.last("[" + modern(2, "tools/list") + "]")), kInvalidRequest);
}

TEST(Rpc, NoCharacterEndsALineButTheLinesEnd) {
  const std::string text =
      "a\xE2\x80\xA8"
      "b\xE2\x80\xA9"
      "c\xC2\x85"
      "d\xE2\x80\xA7"
      "e";
  for (const std::string& line : {result_message(Value(1), Value::object({{"text", text}, {text, 1}})),
                                  error_message(Value(text), {kInternalError, text, Value(text)}),
                                  notification_message("notifications/progress", Value::object({{"message", text}}))}) {
    for (const char* end : {"\xE2\x80\xA8", "\xE2\x80\xA9", "\xC2\x85"}) {
      EXPECT_EQ(line.find(end), std::string::npos) << line;
    }
    EXPECT_NE(line.find("a\\u2028b\\u2029c\\u0085d\xE2\x80\xA7"
                        "e"),
              std::string::npos)
        << line;
    EXPECT_TRUE(json::parse(line).ok());
  }
  EXPECT_EQ((*json::parse(result_message(Value(1), Value(text))))["result"], Value(text));
}

TEST(Calls, ProgressOnlyWhenAskedAndNeverBack) {
  Client client;
  client.ask(legacy_open());
  client.ask(plain(1, "tools/call", R"({"name":"search","arguments":{"query":"x"}})"));
  for (const Value& line : client.lines()) EXPECT_FALSE(line.contains("method"));
  client.ask(plain(2, "tools/call", R"({"name":"search","arguments":{"query":"x"},"_meta":{"progressToken":"p"}})"));
  int64_t before = 0;
  int notes = 0;
  bool answered = false;
  for (const Value& line : client.lines()) {
    answered = answered || line["id"] == Value(2);
    if (line["method"].as_string() != "notifications/progress") continue;
    ++notes;
    EXPECT_FALSE(answered);
    EXPECT_EQ(line["params"]["progressToken"].as_string(), "p");
    EXPECT_GT(line["params"]["progress"].as_int(), before);
    before = line["params"]["progress"].as_int();
  }
  EXPECT_EQ(notes, 3);
}

TEST(Hostile, MessagesAreAnsweredByTheBook) {
  const struct {
    std::string line;
    int code;
    const char* id;
  } cases[] = {
      {"{", kParseError, "null"},
      {"\xff\xfe", kParseError, "null"},
      {std::string(300, '['), kParseError, "null"},
      {"[]", kInvalidRequest, "null"},
      {"[" + plain(1, "ping") + "]", kInvalidRequest, "null"},
      {"7", kInvalidRequest, "null"},
      {R"({"id":1,"method":"ping"})", kInvalidRequest, "1"},
      {R"({"jsonrpc":"1.0","id":1,"method":"ping"})", kInvalidRequest, "1"},
      {R"({"jsonrpc":"2.0","id":1})", kInvalidRequest, "1"},
      {R"({"jsonrpc":"2.0","id":1,"method":7})", kInvalidRequest, "1"},
      {R"({"jsonrpc":"2.0","id":null,"method":"ping"})", kInvalidRequest, "null"},
      {R"({"jsonrpc":"2.0","id":1.5,"method":"ping"})", kInvalidRequest, "null"},
      {R"({"jsonrpc":"2.0","id":{},"method":"ping"})", kInvalidRequest, "null"},
      {R"({"jsonrpc":"2.0","id":1,"method":"ping","params":[1]})", kInvalidParams, "1"},
      {R"({"jsonrpc":"2.0","id":1,"id":2,"method":"ping"})", kParseError, "null"},
  };
  for (const auto& c : cases) {
    Client client;
    const Value answer = client.last(c.line);
    EXPECT_EQ(code_of(answer), c.code) << c.line;
    EXPECT_EQ(json::write(answer["id"]), c.id) << c.line;
  }
  Client client;
  client.send(R"({"jsonrpc":"2.0","id":1,"result":{}})");  // a response: ignored
  client.send(R"({"jsonrpc":"2.0","method":"no/such"})");  // a notification: never answered
  EXPECT_TRUE(client.lines().empty());
}

TEST(Hostile, DamagedMessagesNeverBreakTheConnection) {
  base::Random random(5);
  Client client;
  client.ask(legacy_open());
  const std::string good = plain(1, "tools/list", R"({"_meta":{"progressToken":1}})");
  for (int round = 0; round < 2000; ++round) {
    std::string bad = good;
    for (uint64_t n = 1 + random.below(3); n > 0; --n) {
      bad[random.below(bad.size())] = static_cast<char>(random.below(256));
    }
    if (random.below(4) == 0) bad.resize(random.below(bad.size()));
    client.send(bad);
  }
  EXPECT_TRUE(client.ask(plain(9999, "ping")).contains("result")) << "seed 5";
}

// ---- over descriptors
// ---------------------------------------------------------------------------------------------------------

struct Pipes {
  int to_server[2], from_server[2];
  Pipes() {
    EXPECT_EQ(pipe(to_server), 0);
    EXPECT_EQ(pipe(from_server), 0);
  }
};

std::string read_all(int descriptor) {
  std::string text;
  char buffer[65536];
  for (ssize_t n; (n = read(descriptor, buffer, sizeof buffer)) > 0;) text.append(buffer, static_cast<size_t>(n));
  return text;
}

TEST(Stdio, MCP10AnswersEverythingAndEndsWithTheInput) {
  Pipes pipes;
  base::Cancel cancel;
  base::Status status;
  std::thread server([&] {
    status = serve_stdio(lake(), {.version = "0.1.0"}, pipes.to_server[0], pipes.from_server[1], cancel);
    close(pipes.from_server[1]);
  });
  std::thread client([&] {
    std::string input = legacy_open() + "\r\n\n  \n" + plain(1, "tools/call", R"({"name":"list_tables"})") + "\n";
    input += R"({"jsonrpc":"2.0","id":2,"method":")" + std::string(kMaxMessageBytes + 10, 'x') + "\"}\n";
    input += plain(3, "ping");  // and no newline at the end
    for (size_t at = 0; at < input.size();) {
      const ssize_t n = write(pipes.to_server[1], input.data() + at, std::min<size_t>(input.size() - at, 65536));
      ASSERT_GT(n, 0);
      at += static_cast<size_t>(n);
    }
    close(pipes.to_server[1]);
  });
  const std::string output = read_all(pipes.from_server[0]);
  client.join();
  server.join();
  EXPECT_TRUE(status.ok()) << status.to_string();
  std::multiset<std::string> ids;
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    const auto parsed = json::parse(line);
    ASSERT_TRUE(parsed.ok()) << line;
    ids.insert(json::write((*parsed)["id"]));
  }
  EXPECT_EQ(ids, (std::multiset<std::string>{"0", "1", "3", "null"}));
}

TEST(Stdio, StopsWhenAskedAndWhenItsReaderGoes) {
  Pipes pipes;
  base::Cancel cancel;
  std::thread server([&] {
    EXPECT_EQ(serve_stdio(lake(), {.version = "0"}, pipes.to_server[0], pipes.from_server[1], cancel).code(),
              base::Code::cancelled);
  });
  cancel.request();
  server.join();
  signal(SIGPIPE, SIG_IGN);
  base::Cancel other;
  close(pipes.from_server[0]);
  std::thread second([&] {
    EXPECT_TRUE(serve_stdio(lake(), {.version = "0"}, pipes.to_server[0], pipes.from_server[1], other).ok());
  });
  const std::string ping = plain(1, "ping") + "\n";
  ASSERT_EQ(write(pipes.to_server[1], ping.data(), ping.size()), static_cast<ssize_t>(ping.size()));
  second.join();
}

}  // namespace
}  // namespace tarn::server
