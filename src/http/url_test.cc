#include "http/url.h"

#include "base/status_test.h"

namespace tarn::http {
namespace {

using base::Code;

TEST(Url, PartsAreInOneForm) {
  const Url url = take(parse_url("HTTPS://Wiki.Example.com/a b/../c?q=ä#part"));
  EXPECT_EQ(url.scheme, "https");
  EXPECT_EQ(url.host, "wiki.example.com");
  EXPECT_EQ(url.port, 443);
  EXPECT_EQ(url.text, "https://Wiki.Example.com/c?q=%c3%a4");
  EXPECT_EQ(take(parse_url("http://" + std::string("[2001:DB8::1]:8090/"))).host, "2001:db8::1");
  EXPECT_EQ(parse_url("http://bücher.example/").status().code(), Code::unsupported);
}

TEST(Url, AnAddressHasOneForm) {
  for (const char* host : {"127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0x7f.0.0x1", "127.0.0.1"}) {
    EXPECT_EQ(take(parse_url(std::string("http://") + host + "/")).host, "127.0.0.1") << host;
  }
}

TEST(Url, WhatIsNotFetched) {
  for (const char* text : {"file:///etc/passwd", "ftp://example.com/", "gopher://127.0.0.1:70/x", "dict://h/",
                           "ldap://h/", "jar:http://h/", "javascript:alert(1)", "data:text/plain,x"}) {
    EXPECT_FALSE(parse_url(text).ok()) << text;
  }
  EXPECT_EQ(parse_url("file:///etc/passwd").status().code(), Code::unsupported);
  for (const char* host : {"[fe80::1%25eth1]", "[fe80::1%eth0]:8090"}) {
    EXPECT_EQ(parse_url(std::string("http://") + host + "/").status().code(), Code::unsupported) << host;
  }
  for (const char* text : {"", "http://", "no url", "http://h:0/", "http://h:99999/", "http://u@h/", "http://u:p@h/",
                           "http://h\r\nX: y/", "http://a b/"}) {
    EXPECT_EQ(parse_url(text).status().code(), Code::invalid_argument) << text;
  }
  EXPECT_EQ(parse_url("http://h/" + std::string(kMaxUrlBytes, 'x')).status().code(), Code::invalid_argument);
  EXPECT_EQ(parse_url(std::string_view("http://h/\0x", 11)).status().code(), Code::invalid_argument);
}

TEST(Url, AReferenceIsReadWhereItStands) {
  const Url page = take(parse_url("https://h.example/a/b?x=1"));
  EXPECT_EQ(take(join(page, "c")).text, "https://h.example/a/c");
  EXPECT_EQ(take(join(page, "/c?d")).text, "https://h.example/c?d");
  EXPECT_EQ(take(join(page, "//other.example/e")).text, "https://other.example/e");
  EXPECT_EQ(take(join(page, "http://h.example/")).scheme, "http");
  EXPECT_EQ(join(page, "file:///etc/passwd").status().code(), Code::unsupported);
  EXPECT_EQ(join(page, "//[fe80::1%25eth1]/").status().code(), Code::unsupported);
  EXPECT_EQ(join(page, "//user@other.example/").status().code(), Code::invalid_argument);
}

TEST(Url, OriginIsSchemeHostAndPort) {
  const Url home = take(parse_url("https://h.example/"));
  EXPECT_TRUE(home.same_origin(take(parse_url("https://H.example:443/x"))));
  EXPECT_FALSE(home.same_origin(take(parse_url("http://h.example:443/"))));
  EXPECT_FALSE(home.same_origin(take(parse_url("https://h.example:8443/"))));
  EXPECT_FALSE(home.same_origin(take(parse_url("https://h.example./"))));
}

TEST(Url, WhatIsShownKeepsNoSecret) {
  EXPECT_EQ(shown("https://u:hunter2@h.example/a?token=hunter2#hunter2"), "https://h.example/a…");
  EXPECT_EQ(shown("u:hunter2@h/x"), "h/x");
  EXPECT_EQ(shown("https://h.example/@someone/post"), "https://h.example/@someone/post");
  EXPECT_EQ(shown("https://h/\x1b[31m\xff"), "https://h/%1B[31m%FF");
  EXPECT_EQ(shown("https://h/" + std::string(1000, 'x')).size(), 300 + std::string("…").size());
  for (const char* text : {"http://u:hunter2@h:0/", "ftp://u:hunter2@h/", "http://u:hunter2@/?x=hunter2"}) {
    EXPECT_EQ(parse_url(text).status().to_string().find("hunter2"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace tarn::http
