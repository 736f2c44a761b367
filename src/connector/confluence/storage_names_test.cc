#include "connector/confluence/storage_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tarn::connector::confluence {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(ConfluenceNames, PeopleAndIncludedPages) {
  const std::string storage =
      R"(<p><ac:link><ri:user ri:account-id="5f01" /></ac:link> <ac:link><ri:user ri:userkey="8a" /></ac:link></p>)"
      R"(<ac:structured-macro ac:name="include"><ac:parameter ac:name=""><ac:link>)"
      R"(<ri:page ri:space-key="OPS" ri:content-title="R&amp;D &quot;plan&quot;" /></ac:link></ac:parameter>)"
      R"(</ac:structured-macro><ac:structured-macro ac:name="excerpt-include"><ri:page ri:content-title="Contacts" />)"
      R"(</ac:structured-macro><ac:link><ri:page ri:content-title="No such" /></ac:link>)";
  EXPECT_THAT(people_in(storage), ElementsAre("5f01", "8a"));
  EXPECT_THAT(included_in(storage, "ENG"), ElementsAre("ENG:Contacts", "OPS:R&D \"plan\""));
}

// Each macro shows one page, however its links stand; pages from before structured macros name it in words.
TEST(ConfluenceNames, OldMacrosAndSeveralPages) {
  const std::string parameter = "<ac:parameter ac:name=\"\">";
  EXPECT_THAT(included_in("<ac:macro ac:name=\"include\">" + parameter +
                              "OPS:Tide &amp; wind</ac:parameter></ac:macro>"
                              "<ac:link><ri:page ri:content-title=\"Behind\" /></ac:link>"
                              "<ac:macro ac:name=\"excerpt-include\">" +
                              parameter + "Quays</ac:parameter></ac:macro>",
                          "ENG"),
              ElementsAre("ENG:Quays", "OPS:Tide & wind"));
  EXPECT_THAT(included_in("<ac:structured-macro ac:name=\"include\">" + parameter +
                              "<ac:link><ri:page ri:content-title=\"Zebra\" /></ac:link></ac:parameter>"
                              "<ac:parameter ac:name=\"x\"><ri:page ri:space-key=\"A\" ri:content-title=\"Ape\" />"
                              "</ac:parameter></ac:structured-macro>",
                          "ENG"),
              ElementsAre("ENG:Zebra"));
  EXPECT_THAT(included_in("<ac:macro ac:name=\"include\">" + parameter, "ENG"), IsEmpty());
}

TEST(ConfluenceNames, WhatIsCutOffEnds) {
  EXPECT_THAT(people_in("<ri:user ri:account-id=\"5f"), IsEmpty());
  EXPECT_THAT(included_in("<ac:structured-macro ac:name=\"include\"", "ENG"), IsEmpty());
  std::string many;
  for (int i = 0; i < 100'000; ++i) many += "ac:name=\"include\"";
  EXPECT_THAT(included_in(many, "ENG"), IsEmpty());
}

}  // namespace
}  // namespace tarn::connector::confluence
