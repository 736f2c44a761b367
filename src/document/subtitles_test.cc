#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "document/extracted_test.h"

namespace tarn::document {
namespace {

TEST(Subtitles, CuesAreSentencesWithTheirSeconds) {
  const Document d =
      doc("1\r\n00:00:01,000 --> 00:00:03,500\r\n<i>The tide</i>\r\nturns {\\an8}at\r\n\r\n2\r\n"
          "00:00:03,600 --> 00:00:05,000\r\nnoon.\r\n\r\n3\r\n00:01:10,000 --> 00:01:12,250\r\nIt is late.\r\n",
          "talk.srt");
  EXPECT_EQ(d.body, "The tide turns at noon.\n\nIt is late.\n");
  EXPECT_EQ(place_of(d, "tide"), "second 1");
  EXPECT_EQ(place_of(d, "late"), "second 70");
  EXPECT_EQ(d.extra["cues"].as_int(), 3);
  EXPECT_EQ(d.extra["seconds"].as_double(), 72.25);
}

TEST(Subtitles, WhoSpeaksAndWhatRollsOnIsKnown) {
  const Document d =
      doc("WEBVTT\nLanguage: en\n\nNOTE hidden words\n\n00:01.000 --> 00:02.000\n<v Ann>Ahoy.\n\n"
          "00:02.000 --> 00:03.000\n<v Bo>Ahoy &amp; well met.\n\n"
          "00:03.000 --> 00:04.000\nAhoy &amp; well met.\nCome aboard.\n",
          "a.vtt");
  EXPECT_EQ(d.body, "**Ann:** Ahoy.\n\n**Bo:** Ahoy & well met.\n\nCome aboard.\n");
  EXPECT_EQ(d.lang, "en");
  EXPECT_EQ(detect_type("talk", "WEBVTT\n\n"), "text/vtt");
  EXPECT_FALSE(extract("no cue here\n", "text/vtt", "a.vtt").ok());
}

TEST(Subtitles, MarksThatNeverEndAreText) {
  std::string bytes = "00:00:01,000 --> 00:00:02,000\n";
  while (bytes.size() < size_t{4} << 20) bytes += "<a{\\b";
  EXPECT_GT(extracted(bytes, "text/vtt", "a.vtt").body.size(), size_t{2} << 20);
}

}  // namespace
}  // namespace tarn::document
