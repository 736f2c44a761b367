#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "base/status_test.h"
#include "document/document.h"
#include "document/mail/header.h"

namespace tarn::document {
namespace {

using base::Code;
using testing::HasSubstr;

// By part.
std::map<std::string, Document> documents(const std::string& bytes, const std::string& name = "letter.eml") {
  std::map<std::string, Document> found;
  const auto done = read(bytes, detect_type(name, bytes.substr(0, 4096)), name, {}, [&](Document d) {
    const std::string part = d.part;
    found.emplace(part, std::move(d));
    return base::ok();
  });
  EXPECT_TRUE(done.ok()) << done.to_string();
  return found;
}

TEST(Mail, HeadersBecomeFields) {
  const Document d = documents(
      "Received: from a by b\r\nFrom: =?utf-8?q?Ann_M=C3=BCller?= <ann@a.example>\r\nTo: bo@a.example\r\nTo: "
      "cy@a.example\r\n"
      "Subject: =?iso-8859-1?B?Q2Fm6Q==?=\r\n =?iso-8859-1?q?_at_noon?=\r\nDate: Wed, 1 May 2024 06:10:00 +0200 "
      "(CEST)\r\n"
      "Message-ID: <3@a.example>\r\nIn-Reply-To: <2@a.example>\r\nReferences: <1@a.example>\r\n "
      "<2@a.example>\r\n\r\nYes.\r\n")[""];
  EXPECT_EQ(d.title, "Café at noon");
  EXPECT_EQ(d.author, "Ann Müller <ann@a.example>");
  EXPECT_EQ(d.created_at_us, 1714536600000000);
  EXPECT_EQ(d.extra["to"].as_string(), "bo@a.example, cy@a.example");
  EXPECT_EQ(d.extra["message_id"].as_string(), "3@a.example");
  EXPECT_EQ(d.extra["in_reply_to"].as_string(), "2@a.example");
  EXPECT_EQ(d.extra["thread"].as_string(), "1@a.example");
  EXPECT_EQ(d.extra["references"].items().size(), 2u);
  EXPECT_EQ(d.body, "Yes.\n");
  EXPECT_EQ(d.anchors, (std::vector<Anchor>{{0, "message part", "1"}}));
}

TEST(Mail, TextsAreDecodedByTheirEncodingAndCharset) {
  const std::string head = "From: a@a.example\nSubject: s\n";
  EXPECT_EQ(
      documents(head + "Content-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: base64\n\nxMEK\n")[""]
          .body,
      "да\n");
  EXPECT_EQ(documents(head + "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
                             "The tide tur=\nns at =C3=BCber=20\n")[""]
                .body,
            "The tide turns at über \n");
  EXPECT_EQ(documents(head +
                      "Content-Type: text/plain; format=flowed\n\nOne line \nthat goes on\n> quoted \n> too\nend\n")[""]
                .body,
            "One line that goes on\n> quoted too\nend\n");
}

const std::string kMixed =
    "From: a@a.example\nSubject: log\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"=out\"\n\nfor old "
    "programs\n"
    "--=out\nContent-Type: multipart/alternative; boundary=in\n\n--in\nContent-Type: text/plain\n\nHigh at "
    "noon.\n--in\n"
    "Content-Type: text/html\n\n<p>High at <b>noon</b>.</p>\n--in--\n--=out\nContent-Type: text/markdown; "
    "name=\"notes.md\"\n"
    "Content-Disposition: attachment; filename*0*=utf-8''tid; filename*1*=e%20log.md\n\n# Tides\n\nLow at "
    "six.\n--=out\n"
    "Content-Type: application/octet-stream; name=x.bin\nContent-Transfer-Encoding: base64\n\nAAAA\n--=out\n"
    "Content-Type: message/rfc822\n\nSubject: before\nFrom: b@a.example\n\nWhen?\n--=out--\n";

TEST(Mail, AttachmentsArePartsAndPlainTextIsPreferred) {
  auto all = documents(kMixed);
  EXPECT_EQ(all[""].body, "High at noon.\n");
  EXPECT_EQ(all[""].anchors[0].value, "1.1");
  EXPECT_EQ(all["tide log.md"].body, "# Tides\n\nLow at six.");
  EXPECT_EQ(all["x.bin"].extra["not_read"].as_string(), "its type is not read");
  EXPECT_EQ(all["before"].body, "When?\n");
  EXPECT_EQ(all["before"].author, "b@a.example");
  EXPECT_EQ(all[""].extra["attachments"].items().size(), 3u);
  EXPECT_EQ(all.size(), 4u);
}

TEST(Mail, HtmlIsTakenWhereItSaysMore) {
  const std::string rich =
      "<p>" + std::string(400, 'w') +
      "</p><table><tr><th>Port</th><th>Tide</th></tr><tr><td>Brest</td><td>06:10</td></tr></table>";
  EXPECT_THAT(documents("From: a@a.example\nSubject: s\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\nSee "
                        "HTML.\n--b\nContent-Type: text/html\n\n" +
                        rich)[""]
                  .body,
              HasSubstr("| Brest | 06:10 |"));
}

TEST(Mail, AMessageThatIsBadlyMadeIsReadAsFarAsItGoes) {
  EXPECT_EQ(
      documents(
          "From: a@a.example\nSubject: cut\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nkept\n--b\nContent-Ty")
          [""]
              .body,
      "kept\n\nContent-Ty\n");
  EXPECT_EQ(documents("From: a@a.example\nSubject: none\nContent-Type: multipart/mixed\n\nno boundary\n")[""].body,
            "no boundary\n");
  EXPECT_EQ(
      documents(
          "From: a@a.example\nSubject: odd\nDate: yesterday\nContent-Type: text/plain; charset=no-such\n\ncalm\n")[""]
          .extra["date"]
          .as_string(),
      "yesterday");
  EXPECT_EQ(extract("no header here\n", "message/rfc822", "a.eml").status().code(), Code::invalid_argument);
}

TEST(Mail, AnAttachedTextIsReadInTheCharacterSetThatItStates) {
  auto all = documents(
      "From: a@a.example\nSubject: s\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nSee below.\n--b\n"
      "Content-Type: text/plain; charset=koi8-r; name=log.txt\nContent-Transfer-Encoding: base64\n\nxMEK\n--b--\n");
  EXPECT_EQ(all["log.txt"].body, "да\n");
}

TEST(Mail, AFileAmongAlternativesIsAPart) {
  auto all = documents(
      "From: a@a.example\nSubject: s\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\nSee the log.\n--b\n"
      "Content-Type: text/x-amp-html\n\n<p>See the log.</p>\n--b\nContent-Type: application/pdf\n\nnone\n--b\n"
      "Content-Type: text/calendar\n\nSUMMARY:Tide\n--b--\n");
  EXPECT_EQ(all[""].body, "See the log.\n");
  EXPECT_EQ(all[""].extra["other_forms"].items().size(), 1u);
  EXPECT_TRUE(all.contains("part 3"));
  EXPECT_EQ(all["part 4"].body, "SUMMARY:Tide");
  EXPECT_EQ(all.size(), 3u);
}

TEST(Mail, AttachmentsBeyondTheLimitAreTold) {
  std::string letter = "From: a@a.example\nSubject: s\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nMany.\n";
  for (int i = 0; i < 1'002; ++i) letter += "--b\nContent-Type: text/plain; name=" + std::to_string(i) + ".txt\n\nx\n";
  auto all = documents(letter);
  EXPECT_EQ(all.size(), 1'002u);
  EXPECT_THAT(std::string(all["… (more attachments)"].extra["not_read"].as_string()), HasSubstr("kMaxAttachments"));
  for (int i = 0; i < 5'000; ++i) letter += "--b\n\nx\n";
  EXPECT_THAT(std::string(documents(letter)["… (more attachments)"].extra["not_read"].as_string()),
              HasSubstr("kMaxEntities"));
}

TEST(Mail, HeadersHaveLimits) {
  std::string_view rest;
  const std::string wide(2 * mail::kMaxFieldBytes, 'x');
  const std::string one = "Subject: " + wide + "\n " + wide + "\n\nbody";
  EXPECT_EQ(mail::parse_header(one, &rest).get("subject").size(), mail::kMaxFieldBytes);
  EXPECT_EQ(rest, "body");
  std::string many;
  for (size_t i = 0; i < mail::kMaxFields; ++i) many += "a: b\n";
  many += "dropped: c\n going on\n\nbody";
  const mail::Header header = mail::parse_header(many, &rest);
  EXPECT_EQ(header.fields.size(), mail::kMaxFields);
  EXPECT_EQ(header.fields.back().value, "b");
  EXPECT_EQ(rest, "body");
  const std::string boundary(1'000, 'b');
  EXPECT_EQ(documents("From: a@a.example\nSubject: s\nContent-Type: multipart/mixed; boundary=" + boundary + "\n\n--" +
                      boundary + "\n\ncalm\n")[""]
                .body,
            "--" + boundary + "\n\ncalm\n");
}

TEST(Mail, EncryptedTextIsRefused) {
  const std::string sealed =
      "From: a@a.example\nSubject: s\nContent-Type: multipart/encrypted; boundary=b\n\n--b\nContent-Type: "
      "application/pgp-encrypted\n\nVersion: 1\n--b--\n";
  EXPECT_EQ(extract(sealed, "message/rfc822", "a.eml").status().code(), Code::permission_denied);
}

TEST(Mail, DatesOfManyKinds) {
  EXPECT_EQ(mail::parse_date("1 May 24 06:10 GMT"), 1714543800000000);
  EXPECT_EQ(mail::parse_date("Wed May  1 06:10:00 2024"), 1714543800000000);
  EXPECT_EQ(mail::parse_date("Wed, 01-May-2024 01:10:00 EST"), 1714543800000000);
  EXPECT_EQ(mail::parse_date("soon"), std::nullopt);
  EXPECT_EQ(mail::parse_date("99 Foo 2024 25:99"), std::nullopt);
}

TEST(Mail, AMailboxHasItsMessagesAsParts) {
  auto all = documents(
      "From ann Wed May  1 06:10:00 2024\nFrom: ann@a.example\nSubject: one\nMessage-ID: <1@a/b>\n\n>From the "
      "pier.\nFrom here no line begins.\n\n"
      "From bo Wed May  1 07:10:00 2024\nFrom: bo@a.example\nSubject: two\n\nSecond.\n",
      "inbox");
  EXPECT_EQ(all[""].body, "- one (ann@a.example, )\n- two (bo@a.example, )\n");
  EXPECT_EQ(all[""].extra["messages"].as_int(), 2);
  EXPECT_EQ(all["1@a_b"].body, "From the pier.\nFrom here no line begins.\n");
  EXPECT_EQ(all["1@a_b"].title, "one");
  EXPECT_EQ(all.size(), 3u);
}

TEST(Mail, AnAnswerInAMailboxDoesNotSayAgainWhatItQuotes) {
  const std::string said =
      "The buoy off the pier drags its chain since the storm of last week, a cable east of where it "
      "lay.\n\nThe harbour master wants it moved before the regatta, and the boat of the pilots "
      "is in the yard until June, so that nobody can lift it until then.\n";
  const std::string first = "From: ann@a.example\nSubject: Buoy\nMessage-ID: <1@a.example>\n\n" + said;
  const std::string answer =
      "From: bo@a.example\nSubject: Re: Buoy\nMessage-ID: <2@a.example>\nIn-Reply-To: "
      "<1@a.example>\nContent-Type: text/html\n\n<p>Ask the yard.</p><div "
      "class=gmail_quote>Ann wrote:<blockquote type=cite><p>" +
      said.substr(0, said.find("\n\n")) + "</p><p>" + said.substr(said.find("The harbour")) +
      "</p></blockquote></div>\n";
  auto all = documents("From a b\n" + first + "\nFrom c d\n" + answer, "inbox");
  EXPECT_EQ(all["1@a.example"].body, said);
  EXPECT_EQ(all["2@a.example"].body, "Ask the yard.\n\nAnn wrote:\n\n> … (message 1@a.example)\n");
  EXPECT_EQ(all["2@a.example"].extra["quotes"].as_string(), "1@a.example");
  auto alone = documents("From c d\n" + answer, "inbox");
  EXPECT_THAT(alone["2@a.example"].body, HasSubstr("> The harbour master wants it moved"));
}

TEST(Mail, AMailboxWrittenByWindowsIsCutAtItsMessagesAlone) {
  const auto all = documents(
      "From ann Wed May  1 06:10:00 2024\r\nFrom: ann@a.example\r\nSubject: one\r\nMessage-ID: < >\r\n\r\nThe pilot "
      "wrote:\r\nFrom here on it is ours.\r\nNote: no message.\r\n\r\n"
      "From bo Wed May  1 07:10:00 2024\r\nFrom: bo@a.example\r\nSubject: two\r\nMessage-ID: <2@a>\r\n\r\nSecond.\r\n",
      "inbox");
  EXPECT_EQ(all.size(), 3u) << "the box and two messages, one without an id";
}

TEST(Mail, ItIsKnownByItsHeader) {
  const std::string head = "Return-Path: <a@a.example>\nFrom: a@a.example\nDate: x\n\n";
  EXPECT_EQ(detect_type("1714543800.M1P2.host:2,S", head), "message/rfc822");
  EXPECT_EQ(detect_type("1714543800.M1P2.host", head), "message/rfc822");
  EXPECT_EQ(detect_type("letter", head), "message/rfc822");
  EXPECT_EQ(detect_type("Inbox", "From a Wed May 1\nSubject: x\n"), "application/mbox");
  EXPECT_EQ(detect_type("essay", "From what I saw: the tide.\n"), "text/plain");
}

}  // namespace
}  // namespace tarn::document
