#include "http/proxy.h"

#include <map>

#include "base/status_test.h"

namespace tarn::http {
namespace {

using Variables = std::map<std::string, std::string>;

std::string proxy(const std::string& url, const Variables& variables) {
  return proxy_for(take(parse_url(url)), [&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::string() : found->second;
  });
}

TEST(Proxy, TheEnvironmentNamesIt) {
  EXPECT_EQ(proxy("https://h.example/", {}), "");
  EXPECT_EQ(proxy("https://h.example/", {{"HTTPS_PROXY", "p:1"}}), "p:1");
  EXPECT_EQ(proxy("https://h.example/", {{"HTTPS_PROXY", "p:1"}, {"https_proxy", "q:1"}}), "q:1");
  EXPECT_EQ(proxy("https://h.example/", {{"http_proxy", "p:1"}}), "");
  EXPECT_EQ(proxy("http://h.example/", {{"http_proxy", "p:1"}}), "p:1");
  EXPECT_EQ(proxy("http://h.example/", {{"HTTP_PROXY", "p:1"}}), "") << "a CGI script's caller can set it";
  EXPECT_EQ(proxy("http://h.example/", {{"ALL_PROXY", "p:1"}}), "p:1");
}

TEST(Proxy, AndWhoIsAskedWithoutIt) {
  const auto asked = [](const std::string& host, const std::string& without) {
    return proxy("https://" + host + "/", {{"https_proxy", "p:1"}, {"NO_PROXY", without}}) == "p:1";
  };
  for (const char* without :
       {"*", "wiki.example", "example", ".example", "*.example", "EXAMPLE.", "other, wiki.example", "other\texample"}) {
    EXPECT_FALSE(asked("wiki.example", without)) << without;
  }
  for (const char* without : {"iki.example", "a.wiki.example", "wiki", ".", "other,,", "10.0.0.0/8"}) {
    EXPECT_TRUE(asked("wiki.example", without)) << without;
  }
  EXPECT_FALSE(asked("10.1.2.3", "10.0.0.0/8"));
  EXPECT_FALSE(asked("10.1.2.3", "10.1.2.3"));
  EXPECT_TRUE(asked("11.1.2.3", "10.0.0.0/8"));
  EXPECT_TRUE(asked("10.1.2.3", "10.0.0.0/33"));
  EXPECT_TRUE(asked("10.1.2.3", "2.3"));
  EXPECT_FALSE(asked("[fd00::1]", "fd00::/8"));
  EXPECT_FALSE(asked("[fd00::1]", "[fd00::1]"));
}

}  // namespace
}  // namespace tarn::http
