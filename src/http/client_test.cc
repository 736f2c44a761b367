#include "http/client.h"

#include <atomic>
#include <map>

#include "base/status_test.h"
#include "base/stop_after_test.h"
#include "http/local_server_test.h"

namespace tarn::http {
namespace {

using base::Code;
using base::Status;
using std::chrono::milliseconds;

// Names that a test makes up, waits that take no time, and no proxy of the machine's.
struct FakeWorld {
  std::map<std::string, std::vector<std::string>> names;
  std::vector<std::string> open_internet;  // addresses that count as such
  std::vector<milliseconds> waits;
  std::map<std::string, std::string> variables;
  std::map<std::string, int> looked_up;
  std::mutex mutex;

  World world() {
    World made;
    made.resolve = [this](const std::string& host, const base::Context&) -> base::Result<std::vector<Address>> {
      const std::lock_guard lock(mutex);
      ++looked_up[host];
      if (!names.contains(host)) return Status(Code::not_found, "there is no host " + host);
      std::vector<Address> addresses;
      for (const std::string& text : names[host]) addresses.push_back(*parse_address(text));
      return addresses;
    };
    made.why_not_public = [this](const Address& address) -> std::string_view {
      const bool open = std::find(open_internet.begin(), open_internet.end(), to_text(address)) != open_internet.end();
      return open ? std::string_view() : why_not_public(address);
    };
    made.environment = [this](const char* name) { return variables.contains(name) ? variables[name] : std::string(); };
    made.wait = [this](milliseconds time, const base::Context& context) {
      const std::lock_guard lock(mutex);
      waits.push_back(time);
      return context.check();
    };
    return made;
  }
};

Options at(const std::string& origin, FakeWorld* world) {
  Options options;
  options.origin = origin;
  options.world = world->world();
  options.limits.connect = milliseconds(5000);
  options.limits.total = milliseconds(20'000);
  return options;
}

Status asked(Client& client, const std::string& url, Reach reach = Reach::own) {
  return client.send({.url = url, .reach = reach}, {}).status();
}

TEST(Client, GivesWhatTheServerSays) {
  LocalServer server([](const Asked&) { return answer(200, "hello", "X-One: 1\r\nX-ONE: 2\r\n"); });
  FakeWorld world;
  auto client = take(Client::make(at(server.url(), &world)));
  for (int i = 0; i < 3; ++i) {
    const Response response = take(client->send({.url = server.url("/a?b=c")}, {}));
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "hello");
    EXPECT_EQ(response.header("x-one"), "1");
    EXPECT_EQ(response.url, server.url("/a?b=c"));
  }
  EXPECT_EQ(server.connections(), 1u) << "a connection is used again";
  EXPECT_EQ(server.asked()[0].target, "/a?b=c");
  EXPECT_TRUE(server.asked()[0].has("User-Agent: tarn\r\n"));
  EXPECT_TRUE(server.asked()[0].has("Accept-Encoding: ") && server.asked()[0].has("gzip"));
}

TEST(Client, WhatIsNotFoundIsAnAnswer) {
  LocalServer server([](const Asked&) { return answer(404, "no"); });
  FakeWorld world;
  auto client = take(Client::make(at(server.url(), &world)));
  const Response response = take(client->send({.url = server.url("/x?token=hunter2")}, {}));
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(client->refusal(response).code(), Code::not_found);
  EXPECT_EQ(client->refusal(response).message(), server.url("/x") + "…: answered 404");
  EXPECT_EQ(server.asked().size(), 1u);
}

TEST(Client, AsksWhetherItChanged) {
  LocalServer server([](const Asked& asked) {
    return asked.has("If-None-Match: \"v1\"\r\n") && asked.has("If-Modified-Since: Mon, 30 Nov 2026 12:00:00 GMT\r\n")
               ? Said{"HTTP/1.1 304 Not Modified\r\nETag: \"v1\"\r\n\r\n"}
               : answer(200, "new");
  });
  FakeWorld world;
  auto client = take(Client::make(at(server.url(), &world)));
  const Response response =
      take(client->send({.url = server.url(), .etag = "\"v1\"", .last_modified = "Mon, 30 Nov 2026 12:00:00 GMT"}, {}));
  EXPECT_TRUE(response.not_modified());
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(take(client->send({.url = server.url()}, {})).body, "new");
}

TEST(Client, AsksAgainAndWaitsAsItIsAsked) {
  std::atomic<int> n{0};
  LocalServer server([&](const Asked&) {
    switch (n++) {
      case 0:
        return answer(429, "slow down", "Retry-After: 7\r\n");
      case 1:
        return answer(503, "", "Retry-After: Mon, 30 Nov 2026 12:00:30 GMT\r\n");
      case 2:
        return answer(500);
      default:
        return answer(200, "at last");
    }
  });
  FakeWorld world;
  const base::FixedClock clock(take(base::parse_utc("2026-11-30T12:00:00Z")));
  Options options = at(server.url(), &world);
  options.world.clock = &clock;
  auto now = std::chrono::steady_clock::now();
  options.world.now = [&] { return now += std::chrono::minutes(1); };
  auto client = take(Client::make(std::move(options)));
  EXPECT_EQ(take(client->send({.url = server.url()}, {})).body, "at last");
  ASSERT_EQ(world.waits.size(), 3u);
  EXPECT_GE(world.waits[0], milliseconds(7000));
  EXPECT_LE(world.waits[0], milliseconds(7100));
  EXPECT_GE(world.waits[1], milliseconds(30'000));
  EXPECT_LE(world.waits[1], milliseconds(30'200));
  EXPECT_LE(world.waits[2], milliseconds(2000));
  EXPECT_EQ(server.connections(), 1u) << "answers that nobody wants do not cost the connection";
}

// Time that passes by waiting alone.
World passing(FakeWorld* fake, std::chrono::steady_clock::time_point* now) {
  World world = fake->world();
  world.now = [now] { return *now; };
  world.wait = [fake, now](milliseconds time, const base::Context& context) {
    fake->waits.push_back(time);
    *now += time;
    return context.check();
  };
  return world;
}

TEST(Client, AWaitThatIsPastOrShortIsNoHaste) {
  LocalServer server([&](const Asked&) { return answer(429, "", "X-RateLimit-Reset: 1000000001\r\n"); });
  FakeWorld world;
  auto client = take(Client::make(at(server.url(), &world)));
  EXPECT_EQ(asked(*client, server.url()).code(), Code::unavailable);
  ASSERT_EQ(world.waits.size(), 4u);
  for (size_t i = 0; i < 4; ++i) EXPECT_GE(world.waits[i], milliseconds(250) * (1 << i)) << "the usual wait";
}

TEST(Client, WhoGivesUpLeavesTheWaitToTheNext) {
  LocalServer server([&](const Asked& asked) {
    if (asked.target == "/fine") return answer(200, "fine");
    return answer(429, "", "Retry-After: " + asked.target.substr(1) + "\r\n");
  });
  FakeWorld fake;
  auto now = std::chrono::steady_clock::now();
  Options options = at(server.url(), &fake);
  options.world = passing(&fake, &now);
  auto client = take(Client::make(std::move(options)));
  const auto waited = [&] {
    const auto before = now;
    EXPECT_EQ(take(client->send({.url = server.url("/fine")}, {})).body, "fine");
    return now - before;
  };
  EXPECT_EQ(waited(), milliseconds(0));
  EXPECT_EQ(client->send({.url = server.url("/50"), .method = "POST"}, {}).status().code(), Code::unavailable);
  EXPECT_EQ(waited(), milliseconds(50'000)) << "one that is not asked again";
  EXPECT_EQ(asked(*client, server.url("/3600")).code(), Code::unavailable);
  EXPECT_EQ(waited(), milliseconds(120'000)) << "no longer than the limit";
}

TEST(Client, GivesUpWithWhatItSaw) {
  LocalServer server([&](const Asked& asked) {
    return asked.target == "/later" ? answer(429, "", "Retry-After: 3600\r\n") : answer(503);
  });
  FakeWorld world;
  auto client = take(Client::make(at(server.url(), &world)));
  const Status down = asked(*client, server.url("/down?key=hunter2"));
  EXPECT_EQ(down.code(), Code::unavailable);
  EXPECT_EQ(down.message(), server.url("/down") + "…: answered 503 (5 attempts)");
  EXPECT_EQ(server.asked().size(), 5u);
  const Status later = asked(*client, server.url("/later"));
  EXPECT_EQ(later.code(), Code::unavailable);
  EXPECT_NE(later.message().find("asks to wait 3600 s"), std::string::npos) << later.message();
  EXPECT_EQ(server.asked().size(), 6u);
}

TEST(Client, APostIsSentOnceUnlessItSaysOtherwise) {
  LocalServer server([&](const Asked&) { return answer(503); });
  FakeWorld world;
  auto client = take(Client::make(at(server.url(), &world)));
  Request request{
      .url = server.url(), .method = "POST", .headers = {{"Content-Type", "text/plain"}}, .body = "question"};
  EXPECT_EQ(client->send(request, {}).status().code(), Code::unavailable);
  ASSERT_EQ(server.asked().size(), 1u);
  EXPECT_EQ(server.asked()[0].method, "POST");
  EXPECT_EQ(server.asked()[0].body, "question");
  request.repeatable = true;
  EXPECT_EQ(client->send(request, {}).status().code(), Code::unavailable);
  EXPECT_EQ(server.asked().size(), 6u);
}

TEST(Client, ABodyThatEndsTooEarlyIsNone) {
  std::atomic<int> n{0};
  LocalServer server([&](const Asked& asked) {
    const bool chunked = asked.target == "/chunked";
    const std::string start = chunked ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
                                      : "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello";
    if (asked.target == "/never" || n++ % 3 < 2) return Said{start, true};
    return Said{start + (chunked ? "5\r\nworld\r\n0\r\n\r\n" : "world")};
  });
  FakeWorld world;
  auto client = take(Client::make(at(server.url(), &world)));
  EXPECT_EQ(take(client->send({.url = server.url("/length")}, {})).body, "helloworld");
  EXPECT_EQ(take(client->send({.url = server.url("/chunked")}, {})).body, "helloworld");
  EXPECT_EQ(server.asked().size(), 6u);

  // What was handed on cannot be taken back, so a stream only says so.
  auto stream = take(client->open({.url = server.url("/never")}, {}));
  std::string body;
  Status status;
  for (;;) {
    const auto bytes = stream->next({});
    status = bytes.status();
    if (!bytes.ok() || bytes->empty()) break;
    body += *bytes;
  }
  EXPECT_EQ(body, "hello");
  EXPECT_EQ(status.code(), Code::unavailable);
  EXPECT_NE(status.message().find("after 5 bytes"), std::string::npos) << status.message();
}

TEST(Client, ALengthThatIsTooShortEndsTheBody) {
  LocalServer server([&](const Asked&) {
    return Said{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\n\r\nworld", true};
  });
  FakeWorld world;
  auto client = take(Client::make(at(server.url(), &world)));
  EXPECT_EQ(take(client->send({.url = server.url()}, {})).body, "hello");
  EXPECT_EQ(take(client->send({.url = server.url()}, {})).body, "hello") << "the rest is no answer to anything";
}

TEST(Client, WhatHasNoEndIsCut) {
  LocalServer server([&](const Asked& asked) {
    Said said{"HTTP/1.1 200 OK\r\n\r\n" + std::string(1000, 'x'), true};
    if (asked.target == "/headers") said.bytes = "HTTP/1.1 200 OK\r\n" + std::string(996, 'h') + ":x\r\n";
    if (asked.target == "/lines") {
      said.bytes = "HTTP/1.1 200 OK\r\n";
      for (int i = 0; i < 2000; ++i) said.bytes += "a:b\r\n";
    }
    said.for_ever = true;
    return said;
  });
  FakeWorld world;
  Options options = at(server.url(), &world);
  options.limits.body_bytes = 1 << 20;
  auto client = take(Client::make(std::move(options)));
  for (const char* target : {"/body", "/headers", "/lines"}) {
    const Status status = asked(*client, server.url(target));
    EXPECT_EQ(status.code(), Code::exhausted) << target << status.to_string();
    EXPECT_NE(status.message().find("limit of"), std::string::npos) << status.message();
  }
  EXPECT_EQ(server.asked().size(), 3u) << "a limit is not tried again";
  EXPECT_EQ(client->send({.url = server.url("/body"), .max_body_bytes = 5000}, {}).status().message(),
            server.url("/body") + ": the answer is over the limit of 5000 bytes");
}

TEST(Client, ABombIsCutWhereItGetsTooLarge) {
  std::string bomb("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", 10);  // gzip of 77 MB in 480 KB
  // One block of fixed codes: a literal zero, then matches of 258 bytes at distance 1 (codes 285 and 0).
  uint64_t bits = 0;
  int count = 0;
  const auto put = [&](uint32_t value, int length) {
    bits |= uint64_t{value} << count;
    for (count += length; count >= 8; count -= 8, bits >>= 8) bomb += static_cast<char>(bits & 0xff);
  };
  put(1, 1);           // the last block
  put(1, 2);           // of fixed codes
  put(0b00001100, 8);  // literal 0: 00110000, its bits in reverse
  for (int i = 0; i < 300'000; ++i) {
    put(0b10100011, 8);  // 285: 11000101 in reverse
    put(0, 5);
  }
  LocalServer server([&](const Asked&) { return answer(200, bomb, "Content-Encoding: gzip\r\n"); });
  FakeWorld world;
  Options options = at(server.url(), &world);
  options.limits.body_bytes = 1 << 20;
  auto client = take(Client::make(std::move(options)));
  ASSERT_LT(bomb.size(), 1u << 20) << "as it is sent it is below the limit";
  EXPECT_EQ(asked(*client, server.url()).code(), Code::exhausted);
}

TEST(Client, UnpacksAndSaysWhatItCannotUnpack) {
  // gzip -n of "hello\n".
  const std::string packed(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\xe7\x02\x00\x20\x30\x3a\x36\x06\x00\x00\x00", 26);
  LocalServer server([&](const Asked& asked) {
    return answer(200, asked.target == "/good" ? packed : "hello", "Content-Encoding: gzip\r\n");
  });
  FakeWorld world;
  auto client = take(Client::make(at(server.url(), &world)));
  EXPECT_EQ(take(client->send({.url = server.url("/good")}, {})).body, "hello\n");
  const Status bad = asked(*client, server.url("/bad"));
  EXPECT_EQ(bad.code(), Code::io);
  EXPECT_NE(bad.message().find("unpacked"), std::string::npos);
}

TEST(Client, WhatComesTooSlowlyIsGivenUp) {
  LocalServer server([&](const Asked& asked) {
    Said said = answer(200, std::string(2000, 'x'));
    if (asked.target == "/headers") said.bytes = "HTTP/1.1 200 OK\r\n" + std::string(2000, 'h');
    said.apart = milliseconds(50);
    return said;
  });
  FakeWorld world;
  Options options = at(server.url(), &world);
  options.limits.attempts = 1;
  options.limits.total = milliseconds(700);
  auto hurried = take(Client::make(options));
  const base::Stopwatch watch;
  EXPECT_EQ(asked(*hurried, server.url("/body")).code(), Code::unavailable);
  EXPECT_EQ(asked(*hurried, server.url("/headers")).code(), Code::unavailable);
  EXPECT_LT(watch.elapsed_ms(), 10'000);
  options.limits.total = milliseconds(60'000);
  options.limits.slow = std::chrono::seconds(1);
  auto watchful = take(Client::make(options));
  EXPECT_EQ(asked(*watchful, server.url("/body")).code(), Code::unavailable);
  EXPECT_LT(watch.elapsed_ms(), 20'000);
}

TEST(Client, StopsWhenAsked) {
  LocalServer server([&](const Asked& asked) {
    Said said = answer(200, std::string(2000, 'x'));
    said.apart = milliseconds(asked.target == "/drip" ? 50 : 0);
    return asked.target == "/down" ? answer(503, "", "Retry-After: 100\r\n") : said;
  });
  FakeWorld world;
  auto client = take(Client::make(at(server.url(), &world)));
  for (uint64_t n = 1; n < 6; ++n) {
    const base::StopAfter stop(n);
    EXPECT_EQ(client->send({.url = server.url("/drip")}, {.cancel = &stop}).status().code(), Code::cancelled) << n;
  }
  base::Context late;
  late.deadline = std::chrono::steady_clock::now() + milliseconds(300);
  EXPECT_EQ(client->send({.url = server.url("/drip")}, late).status().code(), Code::exhausted);
  Options patient = at(server.url(), &world);
  patient.world.wait = wait_in_time;
  late.deadline = std::chrono::steady_clock::now() + milliseconds(300);
  EXPECT_EQ(take(Client::make(patient))->send({.url = server.url("/down")}, late).status().code(), Code::exhausted);
  EXPECT_EQ(take(client->send({.url = server.url("/well")}, {})).body.size(), 2000u) << "and goes on with the next";
}

TEST(Client, AConnectionThatWasClosedIsOpenedAgain) {
  LocalServer server([](const Asked&) {
    Said said = answer(200, "x");
    said.hangs_up = true;  // though it said that it would not
    return said;
  });
  FakeWorld world;
  auto client = take(Client::make(at(server.url(), &world)));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(take(client->send({.url = server.url()}, {})).body, "x");
  EXPECT_EQ(server.connections(), 5u);
}

TEST(Client, FollowsRedirectsAtHomeWithItsSecret) {
  LocalServer server([](const Asked& asked) {
    if (asked.target == "/301") return redirect("302", 301);
    if (asked.target == "/302") return redirect("/303", 302);
    if (asked.target == "/303") return redirect("/307", 303);
    if (asked.target == "/307") return redirect("/308?x#y", 307);
    if (asked.target == "/308?x") return redirect("end", 308);
    return answer(200, asked.method + asked.body);
  });
  FakeWorld world;
  Options options = at(server.url(), &world);
  options.credentials = Credentials::basic("user", "hunter2");
  auto client = take(Client::make(std::move(options)));
  const Response response = take(client->send({.url = server.url("/301")}, {}));
  EXPECT_EQ(response.body, "GET");
  EXPECT_EQ(response.url, server.url("/end"));
  ASSERT_EQ(server.asked().size(), 6u);
  for (const Asked& asked : server.asked()) EXPECT_TRUE(asked.has("Authorization: Basic dXNlcjpodW50ZXIy\r\n"));
  EXPECT_EQ(server.connections(), 1u);
  const auto post = [&](const std::string& target) {
    return take(client->send({.url = server.url(target), .method = "POST", .body = "b"}, {})).body;
  };
  EXPECT_EQ(post("/302"), "GET");
  EXPECT_EQ(post("/303"), "GET");
  EXPECT_EQ(post("/307"), "POSTb");
}

TEST(Client, ASecretStaysWithItsHost) {
  LocalServer other([](const Asked&) { return answer(200, "attachment"); }, "127.0.0.2");
  LocalServer home([&](const Asked& asked) {
    if (asked.target == "/back") return answer(200, "home again");
    return redirect(other.url("/x"));
  });
  LocalServer detour([&](const Asked&) { return redirect(home.url("/back")); }, "127.0.0.3");
  LocalServer port([&](const Asked&) { return answer(200); });
  FakeWorld world;
  world.open_internet = {"127.0.0.2", "127.0.0.3"};
  Options options = at(home.url(), &world);
  options.credentials = Credentials::bearer("hunter2");
  auto client = take(Client::make(options));
  EXPECT_EQ(take(client->send({.url = home.url("/away")}, {})).body, "attachment");
  EXPECT_TRUE(home.asked()[0].has("Authorization: Bearer hunter2\r\n"));
  EXPECT_FALSE(other.asked()[0].has("hunter2"));
  EXPECT_EQ(take(client->send({.url = detour.url(), .reach = Reach::found}, {})).body, "home again");
  EXPECT_FALSE(home.asked()[1].has("hunter2")) << "another host has chosen this URL";
  EXPECT_EQ(take(client->send({.url = home.url("/back"), .reach = Reach::found}, {})).body, "home again");
  EXPECT_FALSE(home.asked()[2].has("hunter2")) << "a page has chosen this URL";
  EXPECT_EQ(asked(*client, port.url()).code(), Code::permission_denied) << "another port is not the source's own";
  EXPECT_EQ(asked(*client, other.url()).code(), Code::permission_denied);
  EXPECT_TRUE(port.asked().empty());
  // What is sent goes nowhere else.
  LocalServer moved([&](const Asked&) { return redirect(other.url("/y"), 307); });
  auto at_moved = take(Client::make(at(moved.url(), &world)));
  EXPECT_EQ(at_moved->send({.url = moved.url(), .method = "POST", .body = "question"}, {}).status().code(),
            Code::permission_denied);
  EXPECT_EQ(other.asked().size(), 1u);
}

TEST(Client, RedirectsEnd) {
  LocalServer server([](const Asked& asked) { return redirect(asked.target == "/a" ? "/b" : "/a"); });
  FakeWorld world;
  auto client = take(Client::make(at(server.url(), &world)));
  const Status status = asked(*client, server.url("/a"));
  EXPECT_EQ(status.code(), Code::exhausted);
  EXPECT_NE(status.message().find("more than 10 redirects"), std::string::npos);
  EXPECT_EQ(server.asked().size(), 11u);
}

TEST(Client, ASourceOfAPrivateNetworkLeadsNowhereElseInIt) {
  LocalServer inner([](const Asked&) { return answer(200, "secret"); }, "127.0.0.2");
  std::vector<std::string> urls;  // "/3" redirects to the fourth
  LocalServer server([&](const Asked& asked) {
    return asked.target == "/" ? answer(200, "fine") : redirect(urls[std::stoul(asked.target.substr(1))]);
  });
  FakeWorld world;
  world.names = {
      {"wiki.example", {"127.0.0.1"}}, {"inner.example", {"127.0.0.2"}}, {"both.example", {"10.0.0.1", "::1"}}};
  const std::string home = server.url("/", "wiki.example");
  for (const char* host :
       {"127.0.0.2", "inner.example", "INNER.example", "127.2", "2130706434", "0x7f.0.0.2", "0177.0.0.2", "[::1]",
        "[::ffff:127.0.0.2]", "[64:ff9b::7f00:2]", "0.0.0.0", "wiki.example"}) {
    urls.push_back(inner.url("/", host));
  }
  for (const char* host : {"both.example", "169.254.169.254", "10.0.0.1", "192.168.0.1", "100.64.0.1", "[fd00::1]",
                           "[fe80::1]", "224.0.0.1"}) {
    urls.push_back(std::string("https://") + host + "/latest/meta-data/");
  }
  urls.push_back(server.url());  // the same server by another name, and by another scheme
  urls.push_back("https://wiki.example:" + std::to_string(server.port()) + "/");
  const size_t refused = urls.size();
  for (const char* url :
       {"file:///etc/passwd", "gopher://127.0.0.2:70/", "ftp://h.example/", "dict://127.0.0.2:11211/"}) {
    urls.emplace_back(url);
  }
  const size_t unsupported = urls.size();
  urls.emplace_back("http://user:hunter2@h.example/");
  auto client = take(Client::make(at(home, &world)));
  EXPECT_EQ(take(client->send({.url = home}, {})).body, "fine") << "its own address may be private";
  for (size_t i = 0; i < urls.size(); ++i) {
    const Code code = i < refused       ? Code::permission_denied
                      : i < unsupported ? Code::unsupported
                                        : Code::invalid_argument;
    EXPECT_EQ(asked(*client, server.url("/" + std::to_string(i), "wiki.example")).code(), code) << urls[i];
    EXPECT_EQ(asked(*client, urls[i], Reach::found).code(), code) << urls[i];
  }
  EXPECT_TRUE(inner.asked().empty());
}

TEST(Client, ANameThatTurnsToAPrivateAddressIsLeft) {
  LocalServer open([](const Asked&) { return answer(200, "open"); }, "127.0.0.2");
  LocalServer home([](const Asked&) { return answer(200, "home"); });
  FakeWorld world;
  world.open_internet = {"127.0.0.2"};
  world.names = {
      {"turn.example", {"127.0.0.2"}}, {"mixed.example", {"10.0.0.1", "127.0.0.2"}}, {"own.example", {"127.0.0.1"}}};
  Options options = at(home.url("/", "own.example"), &world);
  auto now = std::chrono::steady_clock::now();
  options.world.now = [&] { return now; };
  auto client = take(Client::make(std::move(options)));
  const auto found = [&](const std::string& host) {
    return client->send({.url = open.url("/", host), .reach = Reach::found}, {});
  };
  EXPECT_EQ(take(found("turn.example")).body, "open");
  EXPECT_EQ(take(found("mixed.example")).body, "open") << "by the address that is public";
  world.names["turn.example"] = {"127.0.0.1"};
  EXPECT_EQ(take(found("turn.example")).body, "open") << "what was checked is what is asked";
  now += std::chrono::minutes(5);
  EXPECT_EQ(found("turn.example").status().code(), Code::permission_denied);
  EXPECT_EQ(found("gone.example").status().code(), Code::not_found);
  // The source's own name is looked up once.
  EXPECT_EQ(take(client->send({.url = home.url("/", "own.example")}, {})).body, "home");
  world.names["own.example"] = {"127.0.0.2"};
  now += std::chrono::minutes(5);
  EXPECT_EQ(take(client->send({.url = home.url("/", "own.example")}, {})).body, "home");
  EXPECT_EQ(world.looked_up["own.example"], 1);
}

TEST(Client, AProxyIsAskedForAllOfIt) {
  LocalServer proxy([](const Asked& asked) { return answer(200, asked.target); });
  FakeWorld world;
  world.variables = {{"http_proxy", proxy.url()}, {"NO_PROXY", "inner.example"}};
  world.names = {{"private.example", {"10.0.0.1"}}, {"inner.example", {"127.0.0.9"}}};
  Options options = at("http://outside.example/", &world);
  options.limits.attempts = 1;
  auto client = take(Client::make(std::move(options)));
  EXPECT_EQ(take(client->send({.url = "http://outside.example/a"}, {})).body, "http://outside.example/a");
  EXPECT_EQ(take(client->send({.url = "http://unknown.example/", .reach = Reach::found}, {})).body,
            "http://unknown.example/")
      << "names of the outside may be known to the proxy alone";
  for (const char* url : {"http://127.0.0.1/", "http://[::1]/", "http://private.example/", "http://inner.example/"}) {
    EXPECT_EQ(asked(*client, url, Reach::found).code(), Code::permission_denied) << url;
  }
}

TEST(Client, NoErrorHasTheProxysPassword) {
  int nobody = 0;
  {
    nobody = LocalServer([](const Asked&) { return answer(200); }).port();
  }
  const std::string closed = "127.0.0.1:" + std::to_string(nobody);
  for (const std::string& proxy :
       {std::string("http://me:hun/ter2@p:1"), std::string("me:hun/ter2@p:1"), std::string("odd://me:hunter2@p:1"),
        "http://me:hunter2" + std::string(300, 'x') + "@p:hunter2", std::string("http://me:hun#ter2@p.invalid:1"),
        std::string("me:hun@ter2@p.invalid:1"), std::string("http://me:%zzhunter2@p.invalid:1"),
        "http://me:hunter2@" + closed, "socks5h://me:hunter2@" + closed, "https://me:hunter2@" + closed}) {
    FakeWorld world;
    world.variables = {{"http_proxy", proxy}};
    const Status status = asked(*take(Client::make(at("http://outside.example/", &world))), "http://outside.example/");
    EXPECT_EQ(status.code(), Code::unavailable) << proxy;
    EXPECT_EQ(status.message().find("hun"), std::string::npos) << status.to_string();
    EXPECT_EQ(status.message().find("ter2"), std::string::npos) << status.to_string();
    EXPECT_NE(status.message().find("the proxy that the environment names"), std::string::npos) << status.to_string();
  }
}

TEST(Client, NoErrorHasTheSecret) {
  const std::vector<std::string> said = {"",
                                         "hunter2\r\n\r\n",
                                         "HTTP/1.1 302 hunter2\r\nLocation: ftp://hunter2/hunter2\r\n\r\n",
                                         "HTTP/1.1 302 x\r\nLocation: http://127.0.0.1/bot-hunter2/?hunter2\r\n\r\n",
                                         "HTTP/1.1 302 x\r\nLocation: http://hunter2:hunter2@h/\r\n\r\n",
                                         "HTTP/1.1 200 x\r\nContent-Length: hunter2\r\n\r\n",
                                         "HTTP/1.1 503 hunter2\r\n\r\n",
                                         "HTTP/1.1 200 x\r\nContent-Encoding: gzip\r\n\r\nhunter2"};
  LocalServer server([&](const Asked& asked) {
    return Said{said[std::stoul(asked.target.substr(std::string("/hunter2/").size()))], true};
  });
  FakeWorld world;
  Options options = at(server.url(), &world);
  options.limits.attempts = 1;
  options.credentials = Credentials::bearer("hunter2");
  auto client = take(Client::make(options));
  for (size_t i = 0; i < said.size(); ++i) {
    const Status status = asked(*client, server.url("/hunter2/" + std::to_string(i)));
    EXPECT_FALSE(status.ok()) << said[i];
    EXPECT_EQ(status.to_string().find("hunter2"), std::string::npos) << status.to_string();
  }
  for (const int status : {401, 403, 404, 500}) {
    const std::string refused = client->refusal({status, {}, server.url("/hunter2/x")}).to_string();
    EXPECT_EQ(refused.find("hunter2"), std::string::npos) << refused;
  }
  options.credentials = Credentials::bearer("hunter2\r\nX: y");
  EXPECT_EQ(Client::make(options).status().code(), Code::invalid_argument);
  EXPECT_EQ(client->send({.url = server.url(), .headers = {{"X-A", "b\r\nHost: c"}}}, {}).status().code(),
            Code::invalid_argument);
  EXPECT_EQ(client->send({.url = server.url(), .headers = {{"Authorization", "x"}}}, {}).status().code(),
            Code::internal);
}

TEST(Client, ManyAtOnceAreHeldToTheirNumber) {
  std::atomic<int> inside{0}, most{0};
  LocalServer server([&](const Asked&) {
    const int now = ++inside;
    int before = most;
    while (before < now && !most.compare_exchange_weak(before, now)) {
    }
    std::this_thread::sleep_for(milliseconds(10));
    --inside;
    return answer(200, "x");
  });
  FakeWorld world;
  Options options = at(server.url(), &world);
  options.at_once = 3;
  auto client = take(Client::make(std::move(options)));
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 5; ++j) EXPECT_OK(client->send({.url = server.url()}, {}));
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(server.asked().size(), 40u);
  EXPECT_LE(most, 3);
  EXPECT_LE(server.connections(), 3u);
}

TEST(Client, WhatCannotBeReachedIsSaid) {
  int port = 0;
  {
    port = LocalServer([](const Asked&) { return answer(200); }).port();
  }
  FakeWorld world;
  const std::string url = "http://127.0.0.1:" + std::to_string(port) + "/";
  auto client = take(Client::make(at(url, &world)));
  const Status status = asked(*client, url);
  EXPECT_EQ(status.code(), Code::unavailable);
  EXPECT_NE(status.message().find("no connection"), std::string::npos) << status.message();
  EXPECT_EQ(world.waits.size(), 4u);
  EXPECT_EQ(asked(*take(Client::make(at("http://nowhere.example/", &world))), "http://nowhere.example/").code(),
            Code::not_found);
}

}  // namespace
}  // namespace tarn::http
