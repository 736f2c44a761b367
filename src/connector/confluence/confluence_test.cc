#include "connector/confluence/confluence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/status_test.h"

namespace tarn::connector::confluence {
namespace {

using testing::HasSubstr;

TEST(Confluence, ASourceHasOneName) {
  const Descriptor d = descriptor();
  const auto name = [&](const std::string& url) { return take(d.canonical(url)); };
  EXPECT_EQ(name("confluence+https://wiki.example.com/wiki/?space=OPS,ENG&space=ENG#top"),
            "confluence+https://wiki.example.com/wiki?space=ENG&space=OPS");
  EXPECT_EQ(name("confluence+https://Wiki.example.com"), "confluence+https://wiki.example.com");
  EXPECT_EQ(name(name("confluence+http://127.0.0.1:8090/?space=A")), "confluence+http://127.0.0.1:8090?space=A");
}

TEST(Confluence, WhatIsNoSourceIsRefused) {
  const Descriptor d = descriptor();
  const auto why = [&](const char* url) {
    const auto refused = d.canonical(url);
    EXPECT_EQ(refused.status().code(), base::Code::invalid_argument) << url;
    return refused.status().message();
  };
  EXPECT_THAT(why("confluence+https://wiki.example.com?label=x"),
              HasSubstr("'label' is nothing that a Confluence URL has"));
  EXPECT_THAT(why("confluence+https://wiki.example.com?space=a\"b"), HasSubstr("is no key of a space"));
  EXPECT_THAT(why("confluence+https://ada:secret@wiki.example.com"), testing::Not(HasSubstr("secret")));
}

TEST(Confluence, OptionsAreChecked) {
  const Descriptor d = descriptor();
  Source source;
  source.url = "confluence+https://wiki.example.com?space=ENG";
  source.options = json::Value::object({{"ancestor", "12 or 1=1"}});
  EXPECT_EQ(d.open(source).status().code(), base::Code::invalid_argument);
  source.options = json::Value::object({{"label", json::Value::array({"a\" or \"b"})}});
  EXPECT_EQ(d.open(source).status().code(), base::Code::invalid_argument);
  source.options = json::Value::object({{"label", json::Value::array({"übersicht"})}, {"ancestor", "12"}});
  EXPECT_TRUE(d.open(source).ok());
}

}  // namespace
}  // namespace tarn::connector::confluence
