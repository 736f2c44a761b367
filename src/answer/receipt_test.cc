// Receipts: what is written is read, the documented example, and every way in which a quote can stand.
#include "answer/receipt.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "answer/answer_lake_test.h"

namespace tarn::answer {
namespace {

using search::TestLake;

Receipt example() {
  Receipt receipt;
  receipt.program = "tarn 0.1.0";
  receipt.caller = "local";
  receipt.question = "what does tern_dump write?";
  receipt.answered_at = "2026-11-22T10:00:00Z";
  receipt.mode = "hybrid";
  receipt.analyzer = "english/1";
  receipt.encoder = "deterministic/1 dimensions=64";
  receipt.tables = {"main.docs@12 2026-11-22T09:00:00Z"};
  receipt.answer = "tern_dump writes a backup to a file. [1]";
  ReceiptQuote quote;
  quote.table = "main.docs";
  quote.version = 12;
  quote.id = "backup";
  quote.title = "Backup";
  quote.uri = "file:///docs/backup.md";
  quote.heading = {"Backup"};
  quote.start = 10;
  quote.end = 46;
  quote.quote = "tern_dump writes a backup to a file.";
  quote.body_hash = base::hash128("# Backup\n\ntern_dump writes a backup to a file.\n").hex();
  quote.file = "part-0.parquet";
  quote.anchor = {10, "line", "3"};
  receipt.quotes = {quote};
  return receipt;
}

void expect_equal(const Receipt& a, const Receipt& b) {
  EXPECT_EQ(a.caller, b.caller);
  EXPECT_EQ(std::tie(a.program, a.question, a.answered_at, a.mode, a.analyzer, a.encoder, a.tables, a.answer),
            std::tie(b.program, b.question, b.answered_at, b.mode, b.analyzer, b.encoder, b.tables, b.answer));
  ASSERT_EQ(a.quotes.size(), b.quotes.size());
  for (size_t i = 0; i < a.quotes.size(); ++i) {
    const ReceiptQuote &p = a.quotes[i], &q = b.quotes[i];
    EXPECT_EQ(
        std::tie(p.table, p.version, p.id, p.title, p.uri, p.heading, p.start, p.end, p.quote, p.body_hash, p.file),
        std::tie(q.table, q.version, q.id, q.title, q.uri, q.heading, q.start, q.end, q.quote, q.body_hash, q.file));
    EXPECT_EQ(p.anchor, q.anchor);
  }
}

TEST(Receipt, GivesBackWhatWasWritten) {
  Receipt receipt = example();
  receipt.question = "quotes \" and \\ and \n and \xC3\xA9?";
  receipt.quotes.push_back(receipt.quotes.front());
  receipt.quotes.back().heading = {};
  receipt.quotes.back().anchor.reset();
  const std::string bytes = write_receipt(receipt);
  const auto parsed = read_receipt(bytes);
  ASSERT_TRUE(parsed.ok()) << parsed.status().to_string();
  EXPECT_TRUE(parsed->unharmed);
  expect_equal(parsed->receipt, receipt);
  EXPECT_EQ(receipt_name(bytes).size(), 18u);
}

TEST(Receipt, TheDocumentedExampleIsWhatIsWrittenAndRead) {
  const std::string documented = between("doc/format/receipt.md", "```json\n", "```");
  EXPECT_EQ(documented, write_receipt(example()));
  const auto parsed = read_receipt(documented);
  ASSERT_TRUE(parsed.ok()) << parsed.status().to_string();
  EXPECT_TRUE(parsed->unharmed);
  expect_equal(parsed->receipt, example());
  EXPECT_NE(between("doc/format/receipt.md", "The file's name is `", "`").find(receipt_name(documented)),
            std::string::npos)
      << receipt_name(documented);
}

// As 0.1.0 wrote it.
TEST(Receipt, FormatOneIsReadForEver) {
  const std::string path = std::string(TARN_SOURCE_DIR) + "/src/answer/corpus/receipt_fuzz/format-1.json";
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  const auto parsed = read_receipt(bytes);
  ASSERT_TRUE(parsed.ok()) << parsed.status().to_string();
  EXPECT_TRUE(parsed->unharmed);
  Receipt expected = example();
  expected.caller.clear();
  expected.quotes.front().anchor.reset();
  expect_equal(parsed->receipt, expected);
}

TEST(Receipt, EveryChangedLetterIsFound) {
  const std::string bytes = write_receipt(example());
  for (size_t at = 0; at < bytes.size(); ++at) {
    if (bytes[at] == ' ' || bytes[at] == '\n') continue;  // blanks between members say nothing
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    const auto parsed = read_receipt(changed);
    if (!parsed.ok()) {
      EXPECT_TRUE(parsed.status().code() == base::Code::invalid_argument ||
                  parsed.status().code() == base::Code::unsupported);
    } else {
      EXPECT_FALSE(parsed->unharmed) << "byte " << at;
    }
  }
  for (size_t cut = 0; cut + 2 < bytes.size(); ++cut) EXPECT_FALSE(read_receipt(bytes.substr(0, cut)).ok()) << cut;
}

TEST(Receipt, RefusesOtherBytesAndLaterFormats) {
  for (const char* bytes : {"", "{}", "[]", "null", "{\"tarn_receipt\":1}"}) {
    EXPECT_EQ(read_receipt(bytes).status().code(), base::Code::invalid_argument) << bytes;
  }
  EXPECT_EQ(read_receipt("{\"tarn_receipt\":{\"format\":3}}").status().code(), base::Code::unsupported);
  // Nothing in it has the type that it should have.
  const auto odd =
      read_receipt("{\"tarn_receipt\":{\"format\":1,\"quotes\":[1,{\"start\":-5}],\"tables\":{}},\"hash\":3}");
  ASSERT_TRUE(odd.ok());
  EXPECT_FALSE(odd->unharmed);
}

// A table whose one page is answered from, and its receipt's quote.
class Verify : public testing::Test {
 protected:
  static constexpr const char* kFirst =
      "# Backup\n\nThe program tern_dump writes a backup of one database to a file.\n";

  void SetUp() override {
    ASSERT_TRUE(
        lake_.put({{"backup", {"Backup", "u/backup", kFirst}}, {"other", {"Other", "u/o", "Other words.\n"}}}).ok());
    const auto targets = targets_of(lake_);
    ASSERT_TRUE(targets.ok());
    const Request request{"which program writes a backup of a database?", search::Mode::hybrid, "", 10};
    const auto reply = ask(request, *targets, lake_.environment(), lake_.connection(), {});
    ASSERT_TRUE(reply.ok()) << reply.status().to_string();
    ASSERT_TRUE(reply->found) << reply->reason;
    const Receipt made =
        make_receipt(request, *reply, *targets, lake_.environment(), "2026-11-22T10:00:00Z", "tarn", "local");
    const auto parsed = read_receipt(write_receipt(made));
    ASSERT_TRUE(parsed.ok());
    quote_ = parsed->receipt.quotes.front();
    ASSERT_EQ(quote_.id, "backup");
  }
  Standing standing() {
    CheckedFiles files;
    return standing(files);
  }
  Standing standing(CheckedFiles& files) { return verify_quote(quote_, &lake_.table(), files, lake_.connection()); }
  void put(const std::string& body) { ASSERT_TRUE(lake_.put({{"backup", {"Backup", "u/backup", body}}}).ok()); }

  std::unique_ptr<encode::Encoder> encoder_ = encode::make_deterministic();
  TestLake lake_{encoder_.get()};
  ReceiptQuote quote_;
};

TEST_F(Verify, StandsThenAndNow) {
  const Standing s = standing();
  EXPECT_EQ(s.then, Then::stands);
  EXPECT_EQ(s.now, Now::stands);
  EXPECT_EQ(s.note, "");
}

TEST_F(Verify, MovedChangedDeletedAndBack) {
  put(std::string("# Backup\n\nNew words come first.\n\n") + std::string(kFirst).substr(10));
  EXPECT_EQ(standing().now, Now::moved);
  put("# Backup\n\nThe program tern_dump writes nothing any more.\n");
  EXPECT_EQ(standing().now, Now::changed);
  ASSERT_TRUE(lake_.erase({"backup"}).ok());
  EXPECT_EQ(standing().now, Now::deleted);
  EXPECT_EQ(standing().then, Then::stands) << "the version it was read at still has it";
  put(kFirst);
  EXPECT_EQ(standing().now, Now::stands);
  EXPECT_EQ(standing().then, Then::stands);
}

TEST_F(Verify, ALyingReceiptIsAltered) {
  quote_.quote[0] = 'X';
  EXPECT_EQ(standing().then, Then::altered);
  EXPECT_EQ(standing().now, Now::changed);
  quote_.end = quote_.start + (uint64_t{1} << 40);
  EXPECT_EQ(standing().then, Then::altered);
  std::swap(quote_.start, quote_.end);
  EXPECT_EQ(standing().then, Then::altered);
}

TEST_F(Verify, AnotherBodyAroundTheSameWordsIsAltered) {
  quote_.body_hash = base::hash128("something else").hex();
  EXPECT_EQ(standing().then, Then::altered);
  EXPECT_EQ(standing().now, Now::stands);
}

TEST_F(Verify, AChangedDataFileIsAltered) {
  CheckedFiles files;
  EXPECT_EQ(standing(files).then, Then::stands);
  const std::string path = lake_.directory() + "/main/docs/" + quote_.file;
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(30);
  const char byte = static_cast<char>(file.get() ^ 4);
  file.seekp(30);
  file.put(byte);
  file.close();
  const Standing s = standing();
  EXPECT_EQ(s.then, Then::altered);
  EXPECT_NE(s.note.find("not those that were committed"), std::string::npos) << s.note;
  // Each file is hashed once for all quotes of a receipt: the one that was checked before it was damaged is not again.
  EXPECT_TRUE(files.check(lake_.table(), (*lake_.table().snapshot())->files.at(quote_.file)).ok());
}

TEST_F(Verify, WhatIsGoneIsUnreadable) {
  CheckedFiles files;
  EXPECT_EQ(verify_quote(quote_, nullptr, files, lake_.connection()).then, Then::unreadable);
  EXPECT_EQ(verify_quote(quote_, nullptr, files, lake_.connection()).now, Now::unreadable);
  std::filesystem::remove(lake_.directory() + "/main/docs/" + quote_.file);
  EXPECT_EQ(standing().then, Then::unreadable);
  EXPECT_EQ(standing().now, Now::unreadable);
  EXPECT_FALSE(standing().note.empty());
  quote_.version = 999;
  EXPECT_EQ(standing().then, Then::unreadable);
}

}  // namespace
}  // namespace tarn::answer
