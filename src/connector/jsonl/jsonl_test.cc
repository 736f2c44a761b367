#include "connector/jsonl/jsonl.h"

#include <gtest/gtest.h>

#include <fstream>

#include "connector/folder/scratch_folder_test.h"
#include "connector/jsonl/lines.h"
#include "connector/jsonl/survey.h"

namespace tarn::connector::jsonl {
namespace {

class LinesTest : public testing::Test {
 protected:
  std::vector<std::string> read(std::string_view bytes) {
    folder.write("f", bytes);
    auto lines = Lines::open(folder.at("f"));
    EXPECT_TRUE(lines.ok());
    std::vector<std::string> out;
    for (;;) {
      const auto more = lines->next();
      EXPECT_TRUE(more.ok());
      if (!*more) break;
      out.push_back(lines->too_long() ? "TOO LONG" : std::string(lines->text()));
      EXPECT_EQ(lines->number(), out.size());
    }
    EXPECT_EQ(lines->hash(), base::hash128(bytes));
    EXPECT_EQ(lines->bytes_read(), bytes.size());
    return out;
  }
  connector::folder::ScratchFolder folder;
};

using Texts = std::vector<std::string>;

TEST_F(LinesTest, EndsAreAsTheyMayBe) {
  EXPECT_EQ(read(""), Texts{});
  EXPECT_EQ(read("a"), Texts{"a"});
  EXPECT_EQ(read("a\r\n\nb\n"), (Texts{"a", "", "b"}));
  EXPECT_EQ(read("\xEF\xBB\xBF{}\n\xEF\xBB\xBF"), (Texts{"{}", "\xEF\xBB\xBF"}));
}

TEST_F(LinesTest, LinesGoOverTheEndOfABlock) {
  for (const size_t length : {size_t{1 << 20} - 1, size_t{1 << 20}, size_t{1 << 20} + 1, size_t{3 << 20}}) {
    const std::string line(length, 'x');
    EXPECT_EQ(read("a\n" + line + "\nb"), (Texts{"a", line, "b"})) << length;
  }
}

TEST_F(LinesTest, ALineThatIsTooLongIsPassedOver) {
  const std::string most(kMaxLineBytes, 'x');
  EXPECT_EQ(read(most + "\nb\n"), (Texts{most, "b"}));
  EXPECT_EQ(read(most + "x\nb\n"), (Texts{"TOO LONG", "b"}));
  EXPECT_EQ(read("a\n" + most + most + "\nb"), (Texts{"a", "TOO LONG", "b"}));
  EXPECT_EQ(read(most + most), Texts{"TOO LONG"});
}

TEST_F(LinesTest, WhatIsNotThereIsSaid) {
  EXPECT_EQ(Lines::open(folder.at("no")).status().code(), base::Code::not_found);
  EXPECT_EQ(descriptor().locate("jsonl:" + folder.at("no")).status().code(), base::Code::not_found);
  EXPECT_EQ(descriptor().locate("jsonl+file://host/x").status().code(), base::Code::invalid_argument);
  folder.write("a b.jsonl", "");
  const auto by_path = descriptor().locate("jsonl:" + folder.at("a b.jsonl"));
  ASSERT_TRUE(by_path.ok()) << by_path.status().to_string();
  EXPECT_TRUE(by_path->starts_with("jsonl+file:///") && by_path->ends_with("/a%20b.jsonl")) << *by_path;
  EXPECT_EQ(*descriptor().locate(*by_path), *by_path);
}

class Listener final : public Sink {
 public:
  base::Status upsert(Item) override { return {}; }
  base::Status rename(const std::string&, Item) override { return {}; }
  void unchanged(const std::string&) override {}
  void unchanged_below(const std::string&, uint64_t) override {}
  bool wants_again(const std::string&) override { return false; }
  void keep(const std::string&) override {}
  void keep_below(const std::string&) override {}
  void vanish(const std::string&) override {}
  void reject(Reject reject) override { rejects.push_back(reject.place + ": " + reject.reason); }
  base::Status table(RecordTable table) override {
    columns = table.columns.size();
    return {};
  }
  base::Status records(std::vector<Record> batch) override {
    records_seen += batch.size();
    if (at_records) at_records();
    return {};
  }
  std::vector<std::string> rejects;
  size_t columns = 0, records_seen = 0;
  std::function<void()> at_records;
};

class JsonLinesTest : public testing::Test {
 protected:
  base::Result<Outcome> run(Listener& listener, const json::Value& bookmark = {}) {
    const Descriptor kind = descriptor();
    TARN_ASSIGN(const std::string url, kind.locate("jsonl:" + folder.at("f")));
    TARN_ASSIGN(const auto connector, kind.open({url}));
    return connector->run(bookmark, {}, listener, {});
  }
  connector::folder::ScratchFolder folder;
};

TEST_F(JsonLinesTest, WorkedExampleOfTheBookmark) {
  std::ifstream file(TARN_SOURCE_DIR "/doc/format/jsonl-bookmark.md");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  const size_t begin = text.find("```json\n") + 8, end = text.find("\n```", begin);
  ASSERT_LT(end, text.size());
  folder.write("f", "");
  Listener listener;
  const auto outcome = run(listener, *json::parse(text.substr(begin, end - begin)));
  ASSERT_TRUE(outcome.ok()) << outcome.status().to_string();
  EXPECT_EQ(outcome->found, Found::same);
  EXPECT_EQ(json::write(outcome->bookmark), text.substr(begin, end - begin));
  EXPECT_EQ(run(listener, *json::parse(R"({"format":2})"))->found, Found::news);
}

TEST_F(JsonLinesTest, AFileThatChangesWhileItIsReadIsNotTaken) {
  std::string lines;
  for (int i = 0; i < 20'000; ++i) {  // more than is read at once
    lines += "{\"id\":" + std::to_string(i) + ",\"v\":\"" + std::string(100, 'v') + "\"}\n";
  }
  folder.write("f", lines);
  Listener listener;
  listener.at_records = [&] { folder.write("f", lines + "{\"id\":-1}\n"); };
  const base::Status status = run(listener).status();
  EXPECT_EQ(status.code(), base::Code::unavailable);
  EXPECT_NE(status.message().find("changed while it was read"), std::string::npos) << status.message();
}

TEST_F(JsonLinesTest, BadLinesAreToldOnceWithTheirPlaceAndLimited) {
  folder.write("f", "{\"id\":1,\"a\":2}\n{\n{\"id\":1.5}\n");
  Listener listener;
  ASSERT_TRUE(run(listener).ok());
  EXPECT_EQ(listener.records_seen, 1u);
  EXPECT_EQ(listener.columns, 2u);
  ASSERT_EQ(listener.rejects.size(), 2u);
  EXPECT_TRUE(listener.rejects[0].starts_with("line 2: ")) << listener.rejects[0];
  EXPECT_EQ(listener.rejects[1], "line 3: its 'id' is neither text nor a whole number");
  std::string bad;
  for (size_t i = 0; i <= kMaxBadLines; ++i) bad += "x\n";
  folder.write("f", bad);
  EXPECT_NE(run(listener).status().message().find("kMaxBadLines (10000)"), std::string::npos);
}

class SurveyTest : public testing::Test {
 protected:
  std::string types(const std::vector<std::string>& objects) {
    Survey survey;
    for (const std::string& object : objects) EXPECT_TRUE(survey.add(*json::parse(object)).ok());
    const auto columns = survey.columns();
    if (!columns.ok()) return columns.status().message();
    std::string out;
    for (const Column& column : *columns) {
      out += column.name + ":" + std::string("bint")[static_cast<size_t>(column.type)] + " ";
    }
    return out;
  }
};

TEST_F(SurveyTest, AColumnHoldsWhatAllItsValuesAre) {
  EXPECT_EQ(types({R"({"b":true,"i":1,"n":1.5,"t":"x","l":[1],"o":{},"z":null})"}), "b:b i:i n:n t:t l:t o:t z:t ");
  // Whole numbers are the letter i, numbers n, mixtures text.
  EXPECT_EQ(types({R"({"a":1,"b":1,"c":true,"d":null})", R"({"a":2.5,"b":"x","c":1,"d":3,"e":1})"}),
            "a:n b:t c:t d:i e:i ");
}

TEST_F(SurveyTest, NamesThatWouldBeOneColumnAreRefused) {
  EXPECT_EQ(types({R"({"Id":1})", R"({"ID":2})"}), "the members 'Id' and 'ID' would be one column");
}

TEST_F(SurveyTest, ColumnsAreLimited) {
  Survey survey;
  base::Status status;
  for (size_t i = 0; i <= kMaxColumns && status.ok(); ++i) {
    status = survey.add(json::Value::object({{"c" + std::to_string(i), 1}}));
  }
  EXPECT_EQ(status.code(), base::Code::exhausted);
  EXPECT_NE(status.message().find("kMaxColumns (1000)"), std::string::npos);
}

}  // namespace
}  // namespace tarn::connector::jsonl
