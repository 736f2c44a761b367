#include "document/part.h"

#include <gtest/gtest.h>

#include <map>

#include "base/status_test.h"

namespace tarn::document {
namespace {

using base::Code;
using base::Status;

std::map<std::string, Document> documents(const PartFile& part) {
  std::map<std::string, Document> found;
  const ExtractOptions options;
  EXPECT_OK(read_part({"", "", options}, part, [&](Document d) {
    const std::string name = d.part;
    found.emplace(name, std::move(d));
    return base::ok();
  }));
  return found;
}

TEST(Part, WhatFailsHalfwayKeepsWhatCameAndTellsOfTheRest) {
  constexpr Reader halfway{
      "halfway", 1, "text/x-halfway", "", nullptr, nullptr, 100, {}, [](const Input&, const Sink& sink) -> Status {
        Document d;
        d.body = "first";
        TARN_TRY(sink(std::move(d)));
        return {Code::invalid_argument, "it is cut off"};
      }};
  auto all = documents({.name = "in.box", .bytes = "x", .reader = &halfway});
  EXPECT_EQ(all["in.box"].body, "first");
  EXPECT_EQ(all["in.box/… (the rest)"].extra["not_read"].as_string(), "it is cut off");
}

TEST(Part, ItsOwnCharacterSetGoesBeforeThatOfTheItem) {
  EXPECT_EQ(documents({.name = "a.txt", .bytes = "\xC4\xC1", .charset = "koi8-r"})["a.txt"].body, "да");
}

}  // namespace
}  // namespace tarn::document
