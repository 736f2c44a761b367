// Ask, end to end on a lake that is made here: found, not found, deleted, back with a version, and damaged.
#include "answer/ask.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "answer/answer_lake_test.h"
#include "index/occurrences.h"

namespace tarn::answer {
namespace {

using search::TestLake;
using search::TestRows;

TestRows pages() {
  return {
      {"backup",
       {"Backup", "u/backup",
        "# Backup\n\nThe program tern_dump writes a backup of one database to a file. This file can be read again with "
        "tern_restore.\n\n## Schedule\n\nA backup should be taken every night.\n"}},
      {"vacuum",
       {"Vacuum", "u/vacuum",
        "# Vacuum\n\nVacuum is the process that reclaims the space of deleted rows.\n\n## Options\n\n- `FULL`\n\n  "
        "Rewrites the whole table into a new file.\n"}},
      {"users", {"Users", "u/users", "# Users\n\nA user is made with the command CREATE USER and may log in.\n"}}};
}

void expect_clean(TestLake& lake) {
  const auto findings = lake.table().check(lake.connection(), {});
  ASSERT_TRUE(findings.ok()) << findings.status().to_string();
  for (const auto& finding : *findings) ADD_FAILURE() << finding.where << ": " << finding.what;
}

class Ask : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(lake_.put(pages()).ok()); }

  std::unique_ptr<encode::Encoder> encoder_ = encode::make_deterministic();
  TestLake lake_{encoder_.get()};
};

TEST_F(Ask, QuotesWhatStandsInTheLake) {
  const auto reply = ask(lake_, "which program writes a backup of a database?");
  ASSERT_TRUE(reply.ok()) << reply.status().to_string();
  ASSERT_TRUE(reply->found) << reply->reason;
  ASSERT_FALSE(reply->citations.empty());
  EXPECT_TRUE(reply->withheld.empty());
  const Citation& first = reply->citations.front();
  EXPECT_EQ(first.id, "backup");
  EXPECT_NE(first.quote.find("tern_dump writes a backup"), std::string::npos) << first.quote;
  for (const Citation& citation : reply->citations) {
    const std::string body = pages().at(citation.id).body;
    EXPECT_EQ(body.substr(citation.span.start, citation.span.end - citation.span.start), citation.quote);
    EXPECT_EQ(citation.hash, base::hash128(body).hex());
  }
  EXPECT_NE(reply->answer.find("[1]"), std::string::npos);
  expect_clean(lake_);
}

// A quote's own place: the page that it begins on, where its passage began on another; the line, counted from the
// anchor's.
TEST_F(Ask, QuotesWithTheirPlaceInTheSource) {
  const std::string body = "# Pilot\n\nThe quay is long.\n\nThe pilot answers on channel twelve.\n";
  const auto select = [&](const std::string& id, const std::string& anchors) {
    return "SELECT '" + id + "' AS id, 'Pilot' AS title, 'u/" + id + "' AS uri, " + duck::quote_literal(body) +
           " AS body, " + anchors + " AS anchors";
  };
  const std::string page = std::to_string(body.find("\nThe pilot"));
  ASSERT_TRUE(lake_
                  .append(select("paged", "[{'start': 0::BIGINT, 'kind': 'page', 'value': '3'}, {'start': " + page +
                                              ", 'kind': 'page', 'value': '4'}]"))
                  .ok());
  const auto place = [&]() -> std::pair<std::optional<document::Anchor>, std::vector<document::Anchor>> {
    const auto reply = ask(lake_, "on which channel does the pilot answer?");
    EXPECT_TRUE(reply.ok() && reply->found) << reply.status().to_string();
    if (!reply.ok() || !reply->found) return {};
    const Citation& first = reply->citations.front();
    EXPECT_EQ(first.quote, "The pilot answers on channel twelve.");
    return {first.anchor, first.passage.anchors};
  };
  auto [anchor, passage] = place();
  ASSERT_TRUE(anchor && !passage.empty());
  EXPECT_EQ(anchor->kind + " " + anchor->value, "page 4");
  EXPECT_EQ(passage.front().value, "3");
  ASSERT_TRUE(lake_.erase({"paged"}).ok());
  ASSERT_TRUE(lake_.append(select("lined", "[{'start': 0::BIGINT, 'kind': 'line', 'value': '7'}]")).ok());
  std::tie(anchor, passage) = place();
  ASSERT_TRUE(anchor);
  EXPECT_EQ(anchor->kind + " " + anchor->value, "line 11");
  expect_clean(lake_);
}

// Encodes as the deterministic one, and counts how often it is given a text.
class CountingEncoder final : public encode::Encoder {
 public:
  size_t dimensions() const override { return inner_->dimensions(); }
  const std::string& identity() const override { return inner_->identity(); }
  const encode::Calibration* calibration() const override { return inner_->calibration(); }
  base::Result<std::vector<float>> encode(std::span<const encode::Input> inputs, encode::Urgency urgency,
                                          const base::Context& context) override {
    count(inputs);
    return inner_->encode(inputs, urgency, context);
  }
  base::Result<std::vector<encode::WordVectors>> encode_words(std::span<const encode::Input> inputs,
                                                              encode::Urgency urgency,
                                                              const base::Context& context) override {
    count(inputs);
    return inner_->encode_words(inputs, urgency, context);
  }
  int questions() const { return questions_; }

 private:
  void count(std::span<const encode::Input> inputs) {
    for (const encode::Input& input : inputs) questions_ += input.role == encode::Role::query ? 1 : 0;
  }
  std::unique_ptr<encode::Encoder> inner_ = encode::make_deterministic();
  int questions_ = 0;
};

TEST(AskOnce, EachQuestionIsEncodedOnce) {
  CountingEncoder encoder;
  TestLake lake(&encoder);
  ASSERT_TRUE(lake.put(pages()).ok());
  ASSERT_TRUE(ask(lake, "which program writes a backup of a database?")->found);
  EXPECT_EQ(encoder.questions(), 1);
  ASSERT_TRUE(ask(lake, "which program writes a backup of a database, and what is vacuum?")->found);
  EXPECT_EQ(encoder.questions(), 3) << "two more";
}

TEST_F(Ask, SaysWhenNothingIsThere) {
  for (const char* question : {"how long do I boil an egg?", "zebra quagga okapi"}) {
    const auto reply = ask(lake_, question);
    ASSERT_TRUE(reply.ok()) << reply.status().to_string();
    EXPECT_FALSE(reply->found) << question << ": " << reply->answer;
    EXPECT_TRUE(reply->citations.empty() && reply->answer.empty());
    EXPECT_FALSE(reply->reason.empty());
  }
  EXPECT_EQ(ask(lake_, "?!").status().code(), base::Code::invalid_argument);
}

// The story: asked, deleted, asked again, and asked of the version before.
TEST_F(Ask, ADeletedPageAnswersNoMoreButItsVersionDoes) {
  const std::string question = "which program writes a backup of a database?";
  const auto before = (*lake_.table().snapshot())->version;
  ASSERT_TRUE(ask(lake_, question)->found);
  ASSERT_TRUE(lake_.erase({"backup"}).ok());
  const auto after = ask(lake_, question);
  ASSERT_TRUE(after.ok()) << after.status().to_string();
  for (const Citation& citation : after->citations) EXPECT_NE(citation.id, "backup");
  for (const search::Hit& hit : after->hits) EXPECT_NE(hit.id, "backup");
  EXPECT_EQ(after->answer.find("tern_dump"), std::string::npos);
  const auto then = ask(lake_, question, before);
  ASSERT_TRUE(then.ok()) << then.status().to_string();
  ASSERT_TRUE(then->found);
  EXPECT_EQ(then->citations.front().id, "backup");
  expect_clean(lake_);
}

TEST_F(Ask, OfTwoQuestionsTheMissingOneIsNamed) {
  const auto reply = ask(lake_, "which program writes a backup of a database, and who won the chess tournament?");
  ASSERT_TRUE(reply.ok()) << reply.status().to_string();
  ASSERT_TRUE(reply->found);
  ASSERT_EQ(reply->parts.size(), 2U);
  EXPECT_TRUE(reply->parts[0].found);
  EXPECT_EQ(reply->parts[0].markers.front(), 1U);
  EXPECT_FALSE(reply->parts[1].found);
  EXPECT_TRUE(reply->parts[1].markers.empty());
  EXPECT_NE(reply->reason.find("who won the chess tournament?"), std::string::npos) << reply->reason;
  EXPECT_NE(reply->answer.find("tern_dump"), std::string::npos);
  EXPECT_TRUE(ask(lake_, "which program writes a backup?")->parts.empty());
}

TEST(AskOfATable, TheRowIsShownUnderItsColumnsAndTheQuoteIsTheRow) {
  const auto encoder = encode::make_deterministic();
  TestLake lake(encoder.get());
  ASSERT_TRUE(lake.put({{"fees",
                         {"Mooring fees", "u/fees",
                          "| berth | fee in EUR |\n|---|---|\n| Ash | 14 |\n| Cedar | 27 |\n| Elder | 52 |\n"}}})
                  .ok());
  const auto reply = ask(lake, "what is the fee in EUR of the berth Cedar?");
  ASSERT_TRUE(reply.ok() && reply->found) << reply.status().to_string();
  ASSERT_EQ(reply->citations.size(), 1U);
  EXPECT_EQ(reply->citations[0].quote, "| Cedar | 27 |");
  EXPECT_EQ(reply->citations[0].columns->text, "| berth | fee in EUR |");
  EXPECT_EQ(reply->answer, "berth: Cedar, fee in EUR: 27 [1]");
}

std::string data_file(const TestLake& lake) {
  for (const auto& entry : std::filesystem::directory_iterator(lake.directory() + "/main/docs")) {
    if (entry.path().extension() == ".parquet") return entry.path().string();
  }
  return {};
}

TEST_F(Ask, WithholdsAQuoteWhoseFileIsNotWhatWasCommitted) {
  const std::string path = data_file(lake_);
  ASSERT_FALSE(path.empty());
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(20);
  const char byte = static_cast<char>(file.get() ^ 1);
  file.seekp(20);
  file.put(byte);
  file.close();
  const auto reply = ask(lake_, "which program writes a backup of a database?");
  ASSERT_TRUE(reply.ok()) << reply.status().to_string();
  EXPECT_FALSE(reply->found);
  EXPECT_TRUE(reply->answer.empty() && reply->citations.empty());
  ASSERT_FALSE(reply->withheld.empty());
  EXPECT_NE(reply->withheld.front().find("not those that were committed"), std::string::npos)
      << reply->withheld.front();
  const auto findings = lake_.table().check(lake_.connection(), {});
  EXPECT_TRUE(!findings.ok() || !findings->empty()) << "check finds it too";
}

// A segment that is whole and well placed, but says other words than the row.
TEST_F(Ask, WithholdsAQuoteThatOnlyTheIndexHas) {
  const auto snapshot = *lake_.table().snapshot();
  const delta::DataFile& file = snapshot->files.begin()->second;
  const auto analyzer = *text::make_analyzer("english");
  index::LexicalWriter writer;
  index::Occurrences occurrences;
  int64_t row = 0;
  for (const auto& [id, page] : pages()) {
    std::string body = page.body;
    if (const size_t at = body.find("tern_dump"); at != std::string::npos) body.replace(at, 9, "fake_dump");
    writer.begin_document({base::RowIndex(row++), id, page.title, page.uri});
    for (const document::Passage& p : index::passages_of(page.title, body)) {
      const std::string_view text = std::string_view(body).substr(p.start, p.end - p.start);
      occurrences.analyze(*analyzer, page.title, p.heading, text);
      writer.add_passage(p, text, occurrences.view());
    }
  }
  const base::Hash128& definition = lake_.indexer().lexical_definition_hash();
  const std::string segment = index::lexical_path("main/docs", definition, file);
  std::filesystem::remove(lake_.directory() + "/" + segment);
  ASSERT_TRUE(lake_.table().store().put(segment, writer.finish(definition, index::source_hash(file))).ok());

  const auto reply = ask(lake_, "which program writes a backup of a database?");
  ASSERT_TRUE(reply.ok()) << reply.status().to_string();
  EXPECT_EQ(reply->answer.find("fake_dump"), std::string::npos) << reply->answer;
  ASSERT_FALSE(reply->withheld.empty());
  EXPECT_NE(reply->withheld.front().find("is not what the index holds"), std::string::npos) << reply->withheld.front();
}

TEST_F(Ask, AFilterNarrowsTheEvidence) {
  const auto targets = *targets_of(lake_);
  const auto reply = ask({"which program writes a backup of a database?", search::Mode::hybrid, "id <> 'backup'", 10},
                         targets, lake_.environment(), lake_.connection(), {});
  ASSERT_TRUE(reply.ok()) << reply.status().to_string();
  for (const search::Hit& hit : reply->hits) EXPECT_NE(hit.id, "backup");
}

// What a lake holds in its first minutes.
TestRows notes() {
  return {
      {"backup",
       {"Backup schedule", "u/backup",
        "# Backup schedule\n\nThe file server is backed up every night at two o'clock. Full copies are made on "
        "Sundays. Old copies are kept for ninety days.\n"}},
      {"wifi",
       {"Wifi policy", "u/wifi",
        "# Wifi policy\n\nThe password of the guest network is changed on the first Monday of each month. Reception "
        "hands it out on a printed card.\n"}},
      {"meeting",
       {"Meeting of 12 March", "u/meeting",
        "# Meeting of 12 March\n\nThe release moves to the end of April because the importer is not ready. Priya "
        "writes the migration guide.\n"}}};
}

void expect_notes_answer(encode::Encoder* encoder) {
  TestLake lake(encoder);
  ASSERT_TRUE(lake.put(notes()).ok());
  const std::pair<const char*, const char*> answered[] = {{"when is the file server backed up?", "two o'clock"},
                                                          {"when is the guest password changed?", "first Monday"},
                                                          {"who writes the migration guide?", "Priya"},
                                                          {"how many days are old copies kept?", "ninety days"}};
  for (const auto& [question, words] : answered) {
    const auto reply = ask(lake, question);
    ASSERT_TRUE(reply.ok()) << reply.status().to_string();
    ASSERT_TRUE(reply->found) << question << ": " << reply->reason;
    EXPECT_NE(reply->citations.front().quote.find(words), std::string::npos) << question << ": " << reply->answer;
  }
  for (const char* question : {"how do I boil an egg?", "what is the capital of Mongolia?",
                               "how do I roll back a deployment in Kubernetes?", "how much does the printer cost?"}) {
    const auto reply = ask(lake, question);
    ASSERT_TRUE(reply.ok()) << reply.status().to_string();
    EXPECT_FALSE(reply->found) << question << ": " << reply->answer;
  }
}

// The sentence of another code is no answer, however near it is.
TEST(AskOfCodes, OneIsNotAnother) {
  TestLake lake(nullptr);
  ASSERT_TRUE(lake.put({{"e3", {"Errors", "u/errors", "# Errors\n\nError E3 means that the lid is open.\n"}},
                        {"release", {"News", "u/news", "# News\n\nRelease v3.5.9 brings new fonts.\n"}}})
                  .ok());
  for (const char* question : {"What does error E3 mean?", "\"What does error E3 mean?\"", "“What does error E3 mean?”",
                               "'What does error E3 mean?'", "what does release 3.5.9 bring?"}) {
    const auto reply = ask(lake, question);
    ASSERT_TRUE(reply.ok()) << reply.status().to_string();
    EXPECT_TRUE(reply->found) << question << ": " << reply->reason;
  }
  for (const char* question : {"What does error E7 mean?", "what does release 5.0.9 bring?"}) {
    const auto reply = ask(lake, question);
    ASSERT_TRUE(reply.ok()) << reply.status().to_string();
    EXPECT_FALSE(reply->found) << question << ": " << reply->answer;
  }
}

TEST(AskOfThreeNotes, ByWord) { expect_notes_answer(nullptr); }

TEST(Calibration, IsWhatAConfidenceIsMadeOf) {
  const encode::Calibration fitted{0.75, {0.25, 0.5, 1, -2, 4, -8}};
  Evidence evidence{0.5, 2, 0.25, 0.125, 1, 0};
  weigh(&evidence, &fitted);
  EXPECT_DOUBLE_EQ(evidence.confidence, 1 / (1 + std::exp(-(0.25 + 0.25 + 2 - 0.5 + 0.5 - 8))));
  const double by_meaning = evidence.confidence;
  weigh(&evidence, nullptr);
  EXPECT_NE(evidence.confidence, by_meaning);
  Evidence nearer = evidence;
  nearer.nearest = nearer.counterpart = 1;
  weigh(&nearer, nullptr);
  EXPECT_EQ(nearer.confidence, evidence.confidence) << "no cosine has a say";
}

TEST(Calibration, AReplyWithoutOneSaysSo) {
  const auto fitted = encode::make_deterministic(64, encode::Calibration{0.75, {9, 0, 0, 0, 0, 0}});
  const auto unfitted = encode::make_deterministic();
  for (const auto& [encoder, calibrated] : {std::pair(fitted.get(), true), std::pair(unfitted.get(), false),
                                            std::pair(static_cast<encode::Encoder*>(nullptr), true)}) {
    TestLake lake(encoder);
    ASSERT_TRUE(lake.put(notes()).ok());
    const auto reply = ask(lake, "when is the file server backed up?");
    ASSERT_TRUE(reply.ok()) << reply.status().to_string();
    EXPECT_TRUE(reply->found) << reply->reason;
    EXPECT_EQ(reply->calibrated, calibrated);
  }
}

#ifdef TARN_OPENVINO_MODULE
TEST(AskOfThreeNotes, WithTheModelThatShips) {
  const auto encoder = encode::make_encoder({TARN_MODEL_DIR, TARN_OPENVINO_MODULE, 2, "f32"});
  ASSERT_TRUE(encoder.ok()) << encoder.status().to_string();
  expect_notes_answer(encoder->get());
}
#endif

}  // namespace
}  // namespace tarn::answer
