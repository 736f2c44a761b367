#include "connector/confluence/wiki.h"

#include <gtest/gtest.h>

namespace tarn::connector::confluence {
namespace {

TEST(ConfluenceWiki, LinksAreOfTheBase) {
  const std::string cloud = "https://site.example/wiki";
  EXPECT_EQ(below(cloud, "/wiki/api/v2/pages?cursor=x"), "/api/v2/pages?cursor=x");
  EXPECT_EQ(below(cloud, "/rest/api/search?start=25"), "/rest/api/search?start=25");
  EXPECT_EQ(below(cloud, "https://site.example/wiki/api/v2/pages?cursor=x"), "/api/v2/pages?cursor=x");
  EXPECT_EQ(below(cloud, "/wikipedia/x"), "/wikipedia/x");
  EXPECT_EQ(below("https://wiki.example.com", "/rest/api/content?start=200"), "/rest/api/content?start=200");
  EXPECT_EQ(below("https://example.com/confluence", "/rest/api/content"), "/rest/api/content");
  EXPECT_EQ(below("https://api.example/ex/confluence/11-22/wiki", "/wiki/api/v2/pages?cursor=x"),
            "/api/v2/pages?cursor=x");
  EXPECT_EQ(below(cloud, ""), "");
}

TEST(ConfluenceWiki, QueriesAreEncoded) {
  EXPECT_EQ(encode_query("space = \"ENG\" & \xC3\xBC"), "space%20%3D%20%22ENG%22%20%26%20%C3%BC");
}

}  // namespace
}  // namespace tarn::connector::confluence
