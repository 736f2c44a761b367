// What comes back on the pages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "document/pdf/reading_test.h"
#include "json/value.h"

namespace tarn::document {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Pdf, RunningHeadsAndPageNumbersGo) {
  PdfWriter pdf;
  for (int p = 1; p <= 6; ++p) {
    pdf.page(text_at(72, 810, "Rules of the harbour, edition 4") + text_at(290, 30, std::to_string(p)) +
             lines_at(72, 700,
                      {"Page text " + std::string(1, static_cast<char>('a' + p)) + " is here and ends.",
                       "The year is 1998."}));
  }
  const Document d = read_whole(pdf.bytes());
  const size_t head = d.body.find("Rules of the harbour");
  ASSERT_NE(head, std::string::npos);
  EXPECT_EQ(d.body.find("Rules of the harbour", head + 1), std::string::npos) << d.body;
  EXPECT_THAT(d.body, Not(HasSubstr("\n\n3\n")));
  EXPECT_THAT(d.body, HasSubstr("1998"));
  EXPECT_EQ(json::write(d.extra["running_heads"]), R"(["Rules of the harbour, edition 4"])");
}

// A page of each of the notes, which differ in what `edge_lines` gives for it; the text below is the same.
std::string notes(int count, const std::function<std::string(int)>& edge_lines) {
  PdfWriter pdf;
  for (int p = 1; p <= count; ++p) pdf.page(edge_lines(p) + text_at(72, 500, "The keeper of the light signs for it."));
  return read_whole(pdf.bytes()).body;
}

TEST(Pdf, LinesAtTheEdgeWhoseNumbersVaryStay) {
  const std::vector<std::string> tons = {"118.20", "9,310.00", "44.95", "702.10", "12.00"};
  const std::vector<std::string> notes_of = {"2041", "2077", "2101", "2155", "2160"};
  const std::string body = notes(5, [&](int p) {
    const auto at = static_cast<size_t>(p - 1);
    return text_at(72, 810, "Freight note " + std::to_string(p) + "/2031", 13, "F2") +
           text_at(72, 790, "Note no. " + notes_of[at]) + text_at(72, 775, "Berth " + std::to_string(p)) +
           text_at(72, 60, "Landed: " + tons[at] + " tons") + text_at(72, 45, "2031-04-0" + std::to_string(p));
  });
  for (int p = 1; p <= 5; ++p) {
    const auto at = static_cast<size_t>(p - 1);
    for (const std::string& line : {"Freight note " + std::to_string(p) + "/2031", "no. " + notes_of[at],
                                    "Berth " + std::to_string(p), tons[at], "2031-04-0" + std::to_string(p)}) {
      EXPECT_THAT(body, HasSubstr(line));
    }
  }
}

TEST(Pdf, NumbersOfPagesGoHoweverTheyAreWritten) {
  static constexpr const char* kRoman[] = {"i", "ii", "iii", "iv", "v", "vi"};
  const std::vector<std::function<std::string(int)>> ways = {
      [](int p) { return std::to_string(p + 6); },
      [](int p) { return "- " + std::to_string(p) + " -"; },
      [](int p) { return "Page " + std::to_string(p) + " of 6"; },
      [](int p) { return "Seite " + std::to_string(p); },
      [](int p) { return std::to_string(p) + "/6"; },
      [](int p) { return std::string(kRoman[p - 1]); },
      [](int p) { return "Page " + std::string(kRoman[p - 1]); }};
  for (const auto& way : ways) {
    const std::string body = notes(6, [&](int p) { return text_at(280, 30, way(p)); });
    for (int p = 1; p <= 6; ++p) EXPECT_THAT(body, Not(HasSubstr("\n" + way(p) + "\n"))) << body;
  }
  const std::string dates = notes(6, [](int p) { return text_at(280, 30, std::to_string(p) + "/12"); });
  EXPECT_THAT(dates, HasSubstr("\n5/12\n"));
}

TEST(Pdf, AHeadWithThePagesNumberApartStaysOnce) {
  const std::string body = notes(6, [](int p) {
    return text_at(72, 810, "Tides and lights") + text_at(500, 810, std::to_string(p)) +
           text_at(72, 790, "Lantern " + std::to_string(p));
  });
  EXPECT_THAT(body, HasSubstr("Tides and lights 1"));
  EXPECT_THAT(body, Not(HasSubstr("Tides and lights 2")));
  EXPECT_THAT(body, HasSubstr("Lantern 5"));  // a number within the line is its own
  const std::string of_all = notes(6, [](int p) {
    return text_at(72, 810, "Tides and lights") + text_at(500, 810, std::to_string(p) + "/6") +
           text_at(72, 60, "Watch of the year") + text_at(500, 60, std::to_string(p) + "/12");
  });
  EXPECT_THAT(of_all, Not(HasSubstr("Tides and lights 2")));
  EXPECT_THAT(of_all, HasSubstr("Watch of the year 5/12"));
}

TEST(Pdf, ALineOfTheTextIsNoRunningHeadThoughItComesBack) {
  const std::string body = notes(4, [](int p) {
    return lines_at(
        72, 790,
        {"On watch " + std::string(static_cast<size_t>(p), 'x') + " the bell was rung by the", "mate of the ship."});
  });
  size_t ends = 0;
  for (size_t at = body.find("mate of"); at != std::string::npos; at = body.find("mate of", at + 1)) ++ends;
  EXPECT_EQ(ends, 4u) << body;
}

TEST(Pdf, ATitleThatComesBackHereAndThereIsNoRunningHead) {
  const std::string body = notes(11, [](int p) {
    return text_at(72, 810, "Lights of the coast") + (p % 5 == 1 ? text_at(72, 785, "Remarks", 10, "F2") : "");
  });
  size_t titles = 0, heads = 0;
  for (size_t at = body.find("Remarks"); at != std::string::npos; at = body.find("Remarks", at + 1)) ++titles;
  for (size_t at = body.find("Lights of"); at != std::string::npos; at = body.find("Lights of", at + 1)) ++heads;
  EXPECT_EQ(titles, 3u) << body;
  EXPECT_EQ(heads, 1u) << body;
}

TEST(Pdf, ATitleThatComesBackIsNoRunningHead) {
  const std::string body = notes(4, [](int) { return text_at(72, 790, "The channel", 18); });
  size_t titles = 0;
  for (size_t at = body.find("The channel"); at != std::string::npos; at = body.find("The channel", at + 1)) ++titles;
  EXPECT_EQ(titles, 4u) << body;
}

}  // namespace
}  // namespace tarn::document
