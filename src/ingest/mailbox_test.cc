// Mailboxes in a folder: each message is a row of its own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/scratch_lake_test.h"

namespace tarn::ingest {
namespace {

using testing::HasSubstr;

std::string message(const std::string& id, const std::string& text, const std::string& more = "") {
  return "From a b\nFrom: ann@a.example\nSubject: s\n" + (id.empty() ? "" : "Message-ID: <" + id + ">\n") + more +
         "\n" + text + "\n\n";
}

class MailboxPullTest : public testing::Test {
 protected:
  void TearDown() override { lake.expect_clean(); }
  std::string uri(const std::string& id, const std::string& box = "inbox") const { return lake.uri(box) + "#" + id; }
  std::set<std::string> ids() {
    std::set<std::string> found;
    for (const auto& [u, row] : lake.rows()) found.insert(u.substr(u.find('#') + 1));
    return found;
  }
  ScratchLake lake;
};

using Ids = std::set<std::string>;

TEST_F(MailboxPullTest, EachMessageIsARowThatStays) {
  lake.folder.write("inbox", message("1@a", "one") + message("2@a", "two", "Status: O\n"));
  lake.folder.write("note.md", "calm");
  EXPECT_EQ(lake.pull().added, 3u);
  const std::string id = lake.rows().at(uri("2@a")).id;
  const uint64_t extracted = lake.extracted;
  PullReport again = lake.pull();
  EXPECT_EQ(again.commits, 0u);
  EXPECT_EQ(again.unchanged, 3u);
  // Beside a file that changed it is not looked at.
  lake.folder.write("note.md", "windy");
  again = lake.pull();
  EXPECT_EQ(again.changed, 1u) << said(again);
  EXPECT_EQ(again.deleted, 0u);
  // Read, answered, and one more came: the others are as they were.
  lake.folder.write("inbox", message("1@a", "one") + message("2@a", "two", "Status: RO\nX-Mozilla-Status: 1\n") +
                                 message("3@a", "three"));
  const PullReport appended = lake.pull();
  EXPECT_EQ(appended.added, 1u) << said(appended);
  EXPECT_EQ(appended.changed, 0u);
  EXPECT_EQ(lake.extracted, extracted + 2);
  EXPECT_EQ(lake.rows().at(uri("2@a")).id, id);
  // One is deleted by the mail program.
  lake.folder.write("inbox", message("2@a", "two") + message("3@a", "three"));
  EXPECT_EQ(lake.pull().deleted, 1u);
  EXPECT_EQ(lake.rows().count(uri("1@a")), 0u);
  EXPECT_EQ(lake.rows().at(uri("2@a")).id, id);
}

TEST_F(MailboxPullTest, ATruncatedMailboxIsNotBelieved) {
  std::string box;
  for (int i = 0; i < 24; ++i) box += message(std::to_string(i), "text " + std::to_string(i));
  lake.folder.write("inbox", box);
  lake.pull();
  lake.folder.write("inbox", box.substr(0, box.size() / 4));
  PullReport cut = lake.pull();
  EXPECT_EQ(cut.deleted, 0u);
  EXPECT_GE(cut.doubted, 16u);
  EXPECT_EQ(lake.rows().size(), 24u);
  // It waits, though the mailbox is as it was.
  EXPECT_EQ(lake.pull().doubted, cut.doubted);
  lake.request.believe_deletions = cut.doubted;
  EXPECT_EQ(lake.pull().deleted, cut.doubted);
  EXPECT_EQ(lake.rows().size(), 24u - cut.doubted);
}

TEST_F(MailboxPullTest, AMovedMailboxKeepsItsRows) {
  std::string box;
  for (int i = 0; i < 24; ++i) box += message(std::to_string(i), "text");
  lake.folder.write("inbox", box);
  lake.pull();
  const std::string id = lake.rows().at(uri("7")).id;
  lake.folder.rename("inbox", "old/box.mbox");
  const PullReport moved = lake.pull();
  EXPECT_EQ(moved.renamed, 24u) << said(moved);
  EXPECT_EQ(lake.rows().at(uri("7", "old/box.mbox")).id, id);
  EXPECT_EQ(lake.rows().size(), 24u);
}

TEST_F(MailboxPullTest, APartOfAMailboxKeepsItsRowAsAMessage) {
  // As it was when a mailbox was one item.
  lake.option("as", *json::parse(R"(["text:inbox"])"));
  lake.folder.write("inbox", message("1/x@a", "one"));
  lake.at_parts = [](std::string_view, const document::Sink& sink) -> base::Status {
    for (const char* part : {"1_x@a", "1_x@a/log.txt"}) {
      document::Document d;
      d.part = part;
      TARN_TRY(sink(std::move(d)));
    }
    return base::ok();
  };
  lake.pull();
  std::map<std::string, std::string> before, after;
  const auto by_part = [&](std::map<std::string, std::string>* out) {
    for (const auto& row : lake.select("main.docs", {"uri", "part", "id"})) {
      const auto text = [&](size_t i) { return std::get<std::string>(row[i].value); };
      (*out)[text(0).substr(text(0).find("/inbox")) + " " + text(1)] = text(2);
    }
  };
  by_part(&before);
  ASSERT_EQ(before.size(), 3u);
  lake.request.forget_options = true;
  lake.request.source.options = json::Value::object();
  lake.at_parts = [](std::string_view, const document::Sink& sink) -> base::Status {
    document::Document d;
    d.part = "log.txt";
    return sink(std::move(d));
  };
  lake.pull();
  by_part(&after);
  EXPECT_EQ(after.size(), 2u);
  EXPECT_EQ(after["/inbox#1/x@a "], before["/inbox 1_x@a"]);
  EXPECT_EQ(after["/inbox#1/x@a log.txt"], before["/inbox 1_x@a/log.txt"]);
}

TEST_F(MailboxPullTest, MessagesWithoutAnIdAndWithTheSameOne) {
  lake.folder.write("inbox", message("", "one") + message("", "two") + message("2@a", "same") + message("2@a", "same") +
                                 message("2@a", "another"));
  EXPECT_EQ(lake.pull().added, 4u);
  const auto all = ids();
  EXPECT_EQ(all.count("2@a"), 1u);
  lake.folder.write("inbox", message("", "zero") + message("", "one") + message("", "two") + message("2@a", "same") +
                                 message("2@a", "another"));
  const PullReport r = lake.pull();
  EXPECT_EQ(r.added, 1u) << said(r);
  EXPECT_EQ(r.changed + r.deleted, 0u);
}

TEST_F(MailboxPullTest, ABadMessageIsNamedByItsPlaceAndIdAndOthersStay) {
  const std::string first = message("1@a", "one");
  lake.folder.write("inbox",
                    first + message("2@a", "BAD") + message("3@a", std::string(5'000, 'x')) + message("4@a", "four"));
  lake.request.run.max_item_bytes = 2'000;
  const PullReport r = lake.pull();
  EXPECT_EQ(ids(), (Ids{"1@a", "4@a"}));
  ASSERT_EQ(r.rejects.size(), 2u);
  EXPECT_EQ(r.rejects[0].item, uri("2@a"));
  EXPECT_EQ(r.rejects[0].place, "byte " + std::to_string(first.size() + 9));
  EXPECT_THAT(r.rejects[1].reason, HasSubstr("max_item_bytes"));
  // They stay rejects where nothing changed, and when others did.
  EXPECT_EQ(lake.pull().rejected, 2u);
  lake.folder.write("note.md", "calm");
  EXPECT_EQ(lake.pull().rejected, 2u);
  EXPECT_EQ(lake.rejects().size(), 2u);
}

TEST_F(MailboxPullTest, AnAnswerIsReadAgainWhenWhatItAnswersIsGone) {
  const std::string answer = message("2@a", "two", "In-Reply-To: <1@a>\n");
  lake.folder.write("inbox", message("1@a", "one") + answer + message("3@a", "three"));
  lake.pull();
  lake.folder.write("inbox", answer + message("3@a", "three"));
  const PullReport r = lake.pull();
  EXPECT_EQ(r.changed, 1u) << said(r);
  EXPECT_EQ(r.deleted, 1u);
}

TEST_F(MailboxPullTest, AMailboxThatIsWrittenMeanwhileLosesNothing) {
  std::string box;
  for (int i = 0; i < 400; ++i) box += message(std::to_string(i), std::string(10'000, 'x'));
  lake.folder.write("inbox", box);
  lake.pull();
  EXPECT_EQ(lake.rows().size(), 400u);
  lake.folder.write("inbox", box + message("new", "x"));
  int reads = 0;
  lake.disk.before_read = [&](const std::string& path) {
    // Rewritten by the mail program, without its first half.
    if (path.ends_with("inbox") && ++reads == 4) lake.folder.write("inbox", box.substr(box.size() / 2), false);
  };
  EXPECT_EQ(lake.pull().deleted, 0u);
  lake.disk.before_read = nullptr;
  EXPECT_GE(lake.rows().size(), 400u);
}

TEST_F(MailboxPullTest, AMailboxThatCannotBeReadKeepsItsRows) {
  lake.folder.write("inbox", message("1@a", "one") + message("2@a", "two"));
  lake.pull();
  lake.folder.write("inbox", message("1@a", "one"));
  lake.disk.unreadable[lake.folder.at("inbox")] = base::Status(base::Code::io, "Input/output error");
  EXPECT_EQ(lake.pull().deleted, 0u);
  EXPECT_EQ(ids(), (Ids{"1@a", "2@a"}));
  lake.disk.unreadable.clear();
  EXPECT_EQ(lake.pull().deleted, 1u);
}

TEST_F(MailboxPullTest, AnEmptiedMailboxHasNoMessages) {
  for (const char* box : {"inbox", "old.mbox"}) {
    lake.folder.write(box, message("1@a", "one") + message("2@a", "two"));
    lake.pull();
    lake.folder.write(box, "");
    const PullReport emptied = lake.pull();
    EXPECT_EQ(emptied.deleted, 2u) << said(emptied);
    EXPECT_TRUE(lake.rows().empty());
    EXPECT_TRUE(lake.rejects().empty());
    EXPECT_EQ(lake.pull().commits, 0u);
    lake.folder.write(box, message("1@a", "one"));
    EXPECT_EQ(lake.pull().added, 1u);
    lake.folder.remove(box);
    EXPECT_EQ(lake.pull().deleted, 1u);
  }
}

TEST_F(MailboxPullTest, OneThatIsNoMailboxIsARejectAsLongAsItIsNone) {
  for (const std::string& what : {std::string("no line of it begins a message"), std::string("\0\1\2", 3)}) {
    lake.folder.write("inbox", message("1@a", "one") + message("2@a", "two"));
    lake.folder.write("new.mbox", what);
    lake.pull();
    lake.folder.write("inbox", what);
    EXPECT_EQ(lake.pull().rejected, 1u + (what[0] == 0)) << "a text is read as one";
    EXPECT_EQ(lake.pull().commits, 0u);
    lake.folder.write("note.md", "calm " + what.substr(0, 1));
    lake.pull();
    EXPECT_TRUE(lake.rejects().contains(lake.uri("new.mbox")));
    EXPECT_EQ(lake.rows().contains(uri("1@a")), what[0] == 0) << "what is damaged has its messages still";
    lake.folder.remove("new.mbox");
    lake.folder.write("inbox", message("2@a", "two"));
    lake.pull();
    EXPECT_TRUE(lake.rejects().empty());
    EXPECT_FALSE(lake.rows().contains(uri("1@a")));
    EXPECT_TRUE(lake.rows().contains(uri("2@a")));
  }
}

TEST_F(MailboxPullTest, AMailboxThatADirectoryReplacesIsGone) {
  lake.folder.write("inbox", message("1@a", "one") + message("2@a", "two"));
  lake.pull();
  lake.folder.remove("inbox");
  lake.folder.write("inbox/note.md", "calm");
  const PullReport r = lake.pull();
  EXPECT_EQ(r.deleted, 2u) << said(r);
  EXPECT_EQ(lake.rows().size(), 1u);
}

TEST_F(MailboxPullTest, AMessageThatIsCutIsReadAgain) {
  const std::string first = message("1@a", "one"), last = message("2@a", "two and three");
  lake.folder.write("inbox", first + last);
  lake.pull();
  const std::string id = lake.rows().at(uri("2@a")).id;
  lake.folder.write("inbox", first + last.substr(0, last.size() - 8));
  const PullReport r = lake.pull();
  EXPECT_EQ(r.changed, 1u) << said(r);
  EXPECT_EQ(lake.rows().at(uri("2@a")).id, id);
}

TEST_F(MailboxPullTest, AMovedMailboxThatIsWrittenMeanwhileLosesNothing) {
  std::string box;
  for (int i = 0; i < 400; ++i) box += message(std::to_string(i), std::string(10'000, 'x'));
  lake.folder.write("inbox", box);
  lake.pull();
  lake.folder.rename("inbox", "archive");
  int reads = 0;
  lake.disk.before_read = [&](const std::string& path) {
    if (path.ends_with("archive") && ++reads == 4) lake.folder.write("archive", box + message("new", "x"), false);
  };
  const PullReport r = lake.pull();
  lake.disk.before_read = nullptr;
  EXPECT_EQ(r.deleted, 0u) << said(r);
  EXPECT_EQ(ids().size(), 400u);
  EXPECT_EQ(lake.pull().doubted, 0u);
  EXPECT_EQ(lake.rows().size(), 401u);
}

TEST_F(MailboxPullTest, AMailboxThatTwoSourcesNameIsThereOnce) {
  lake.folder.write("sub/in box", message("1@a", "one") + message("2@a", "two"));
  lake.request.source.url = lake.folder.at("sub");
  lake.pull();
  const std::string id = lake.rows().at(uri("1@a", "sub/in box")).id;
  lake.request.source.url = lake.folder.path();
  EXPECT_EQ(lake.pull().taken_over, 2u);
  EXPECT_EQ(lake.rows().at(uri("1@a", "sub/in box")).id, id);
  lake.request.source.url = lake.folder.at("sub");
  const PullReport narrow = lake.pull();
  EXPECT_EQ(narrow.deleted + narrow.added, 0u) << said(narrow);
  EXPECT_EQ(lake.rows().size(), 2u);
}

TEST_F(MailboxPullTest, AKilledPullGoesOn) {
  std::string box;
  for (int i = 0; i < 30; ++i) box += message(std::to_string(i), "text " + std::to_string(i));
  lake.folder.write("inbox", box);
  lake.request.commit_every = 7;
  for (int stop = 1; stop < 5; ++stop) {
    int files = 0;
    lake.commits.at_file = [&] {
      if (++files == 2) lake.cancel->request();
    };
    EXPECT_FALSE(lake.try_pull().ok());
    lake.cancel = std::make_unique<base::Cancel>();
  }
  lake.commits.at_file = nullptr;
  lake.pull();
  EXPECT_EQ(lake.rows().size(), 30u);
}

}  // namespace
}  // namespace tarn::ingest
