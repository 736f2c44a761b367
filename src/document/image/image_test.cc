#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "document/extracted_test.h"

namespace tarn::document {
namespace {

using namespace std::string_literals;
using testing::HasSubstr;

std::string be(uint64_t value, int size) {
  std::string out;
  for (int i = size - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i));
  return out;
}

std::string le(uint64_t value, int size) {
  const std::string big = be(value, size);
  return {big.rbegin(), big.rend()};
}

// A directory of TIFF, little-endian: tag, type, count, value or place.
struct Entry {
  int tag, type;
  uint32_t count;
  std::string value;  // of four bytes; longer ones are put behind
};

std::string directory(const std::vector<Entry>& entries, size_t at, std::string* behind, size_t behind_at) {
  std::string out = le(entries.size(), 2);
  for (const Entry& e : entries) {
    out += le(static_cast<uint64_t>(e.tag), 2) + le(static_cast<uint64_t>(e.type), 2) + le(e.count, 4);
    if (e.value.size() <= 4) {
      out += e.value + std::string(4 - e.value.size(), '\0');
    } else {
      out += le(behind_at + behind->size(), 4);
      *behind += e.value;
    }
  }
  (void)at;
  return out + le(0, 4);
}

std::string ascii(const std::string& text) { return text + "\0"s; }

std::string exif() {
  std::string behind;
  constexpr size_t kBehind = 400, kExif = 200, kGps = 300;
  const std::string camera = ascii("Lens 7");
  std::string out = "II*\0"s + le(8, 4);
  out += directory({{0x10E, 2, 12, ascii("Quay at ebb")},
                    {0x10F, 2, 5, ascii("Acme ")},
                    {0x110, 2, 7, camera},
                    {0x112, 3, 1, le(6, 2)},
                    {0x8769, 4, 1, le(kExif, 4)},
                    {0x8825, 4, 1, le(kGps, 4)}},
                   8, &behind, kBehind);
  out.resize(kExif, '\0');
  out += directory({{0x9003, 2, 20, ascii("2024:05:01 10:00:00")}, {0x9286, 7, 17, "ASCII\0\0\0calm day."s}}, kExif,
                   &behind, kBehind);
  out.resize(kGps, '\0');
  out += directory({{1, 2, 2, ascii("N")},
                    {2, 5, 3, le(51, 4) + le(1, 4) + le(30, 4) + le(1, 4) + le(0, 4) + le(1, 4)},
                    {3, 2, 2, ascii("W")},
                    {4, 5, 3, le(1, 4) + le(2, 4) + le(0, 4) + le(1, 4) + le(0, 4) + le(1, 4)}},
                   kGps, &behind, kBehind);
  out.resize(kBehind, '\0');
  return out + behind;
}

std::string segment(int marker, const std::string& body) {
  return "\xFF" + be(static_cast<uint64_t>(marker), 1) + be(body.size() + 2, 2) + body;
}

std::string jpeg(const std::string& segments) {
  return "\xFF\xD8" + segments + segment(0xC0, "\x08" + be(600, 2) + be(800, 2) + "\3") + "\xFF\xDA";
}

std::string chunk(const std::string& type, const std::string& body) {
  return be(body.size(), 4) + type + body + be(0, 4);
}

std::string png(const std::string& chunks) {
  return "\x89PNG\r\n\x1A\n" + chunk("IHDR", be(320, 4) + be(200, 4) + "\x08\2\0\0\0"s) + chunks + chunk("IEND", "");
}

Document doc(const std::string& bytes, const std::string& name = "dir/quay.jpg") {
  EXPECT_THAT(detect_type(name, bytes), testing::StartsWith("image/"));
  return document::doc(std::string_view(bytes), name);
}

TEST(Image, WhatACameraWritesIsRead) {
  const Document d = doc(jpeg(segment(0xE1, "Exif\0\0"s + exif())));
  EXPECT_EQ(d.body, "Quay at ebb\n\ncomment: calm day.\n");
  const json::Value& p = d.extra["picture"];
  EXPECT_EQ(p["format"].as_string(), "JPEG");
  EXPECT_EQ(p["width"].as_int(), 600) << "it is turned";
  EXPECT_EQ(p["height"].as_int(), 800);
  EXPECT_EQ(p["orientation"].as_int(), 6);
  EXPECT_EQ(p["camera"].as_string(), "Acme Lens 7");
  EXPECT_EQ(p["latitude"].as_double(), 51.5);
  EXPECT_EQ(p["longitude"].as_double(), -0.5);
  EXPECT_EQ(p["taken"].as_string(), "2024-05-01T10:00:00");
  EXPECT_EQ(d.created_at_us, 1714557600000000);
  EXPECT_EQ(d.title, "quay");
}

TEST(Image, WhatPeopleWriteIsText) {
  const std::string xmp =
      "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF "
      "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
      "<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:xmp='http://ns.adobe.com/xap/1.0/' "
      "xmp:CreatorTool='Pen 1'>"
      "<dc:title><rdf:Alt><rdf:li xml:lang='de'>Kai</rdf:li><rdf:li xml:lang='x-default'>The "
      "quay</rdf:li></rdf:Alt></dc:title>"
      "<dc:subject><rdf:Bag><rdf:li>harbour</rdf:li><rdf:li>ebb</rdf:li></rdf:Bag></dc:subject>"
      "<dc:creator><rdf:Seq><rdf:li>Ann</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>"s;
  const auto set = [](int number, const std::string& words) {
    return "\x1C\2" + be(static_cast<uint64_t>(number), 1) + be(words.size(), 2) + words;
  };
  const std::string iptc = "\x1C\1\x5A\0\3\x1B%G"s + set(120, "Boats lie on mud.") + set(25, "ebb") + set(25, "mud");
  const std::string block = "Photoshop 3.0\0"s + "8BIM" + be(0x0404, 2) + "\0\0"s + be(iptc.size(), 4) + iptc;
  const Document d = doc(jpeg(segment(0xE1, xmp) + segment(0xED, block) + segment(0xFE, "by hand")));
  EXPECT_EQ(d.title, "The quay");
  EXPECT_EQ(d.author, "Ann");
  EXPECT_EQ(d.labels, (std::vector<std::string>{"harbour", "ebb", "mud"}));
  EXPECT_EQ(d.body, "The quay\n\nBoats lie on mud.\n\ncomment: by hand\n\nKeywords: harbour, ebb, mud\n");
  EXPECT_EQ(d.extra["picture"]["software"].as_string(), "Pen 1");
}

TEST(Image, TextsOfAPng) {
  // "tide" deflated by zlib.
  const std::string packed = "\x78\x9c\x2b\xc9\x4c\x49\x05\x00\x04\x43\x01\xa7"s;
  const Document d = doc(png(chunk("tEXt", "Title\0Caf\xE9"s) + chunk("zTXt", "parameters\0\0"s + packed) +
                             chunk("iTXt", "Comment\0\0\0de\0\0F\xC3\xBChrt"s)),
                         "a.png");
  EXPECT_EQ(d.body, "Caf\xC3\xA9\n\nparameters: tide\n\nComment: F\xC3\xBChrt\n");
  EXPECT_EQ(d.extra["picture"]["width"].as_int(), 320);
}

TEST(Image, SizesOfEachKind) {
  const auto size = [](const std::string& bytes) {
    const Document d = doc(bytes, "a.img");
    return d.extra["picture"]["format"].as_string() + " " + std::to_string(d.extra["picture"]["width"].as_int()) + "x" +
           std::to_string(d.extra["picture"]["height"].as_int()) + " " + d.body;
  };
  EXPECT_EQ(size("GIF89a" + le(10, 2) + le(20, 2) + "\0\0\0\x21\xFE\4calm\0\x3B"s), "GIF 10x20 comment: calm\n");
  EXPECT_EQ(size("RIFF" + le(30, 4) + "WEBPVP8X" + le(10, 4) + "\0\0\0\0"s + le(99, 3) + le(49, 3)), "WebP 100x50 ");
  std::string behind;
  EXPECT_EQ(size("II*\0"s + le(8, 4) + directory({{0x100, 3, 1, le(7, 2)}, {0x101, 4, 1, le(9, 4)}}, 8, &behind, 100)),
            "TIFF 7x9 ");
  EXPECT_EQ(size(be(24, 4) + "ftypheic" + std::string(12, '\0') + be(20, 4) + "ispe" + be(0, 4) + be(64, 4) +
                 be(64, 4) + be(20, 4) + "ispe" + be(0, 4) + be(4000, 4) + be(3000, 4)),
            "HEIC 4000x3000 ");
}

TEST(Image, EachMayBeCutAnywhere) {
  for (const std::string& whole :
       {jpeg(segment(0xE1, "Exif\0\0"s + exif())), png(chunk("iTXt", "Comment\0\0\0de\0\0F"s)),
        "GIF89a" + le(10, 2) + "\x21\xFE\4calm\0\x3B"s,
        "RIFF" + le(30, 4) + "WEBPVP8X" + le(10, 4) + std::string(10, '\1'),
        be(24, 4) + "ftypheic" + std::string(12, '\0') + "ispe", exif()}) {
    for (size_t cut = 0; cut <= whole.size(); ++cut) {
      EXPECT_TRUE(extract(whole.substr(0, cut), "image/png", "a").ok()) << cut;
    }
  }
}

TEST(Image, APictureWithoutWordsHasARowAndNoText) {
  const Document d = doc(png(""), "icons/dot.png");
  EXPECT_EQ(d.body, "");
  EXPECT_EQ(d.title, "dot");
  EXPECT_EQ(d.mime, "image/png");
}

TEST(Image, DamageIsToldAndWhatCameBeforeStays) {
  const std::string whole = png(chunk("tEXt", "Title\0Quay"s) + chunk("tEXt", "Comment\0more words here"s));
  const Document d = doc(whole.substr(0, whole.size() - 30), "a.png");
  EXPECT_THAT(d.body, HasSubstr("Quay"));
  EXPECT_EQ(d.extra["damaged"].as_string(), "its chunks are cut");
  EXPECT_TRUE(doc("\xFF\xD8\xFF"s, "a.jpg").extra.contains("damaged"));
  // A directory that names itself as the next one ends.
  std::string loop = exif();
  loop.replace(200 + 2 + 8, 4, le(8, 4));
  for (size_t cut = 0; cut < loop.size(); cut += 3) (void)doc(jpeg(segment(0xE1, "Exif\0\0"s + loop.substr(0, cut))));
}

TEST(Image, TextsThatAreNamedAgainAndAgainHaveALimit) {
  // A directory whose fields all name the same text as a comment, in a thousand segments.
  constexpr size_t kFields = 500, kText = 8 + 2 + kFields * 12 + 4;
  const std::string text = "ASCII\0\0\0"s + std::string(40'000, 'x');
  std::string tiff = "II*\0"s + le(8, 4) + le(kFields, 2);
  for (size_t i = 0; i < kFields; ++i) tiff += le(0x9286, 2) + le(7, 2) + le(text.size(), 4) + le(kText, 4);
  tiff += le(0, 4) + text;
  std::string segments;
  for (int i = 0; i < 1000; ++i) segments += segment(0xE1, "Exif\0\0"s + tiff);
  const Document d = doc(jpeg(segments));
  EXPECT_GT(d.body.size(), 1'000'000u);
  EXPECT_LT(d.body.size(), size_t{9} << 20);
}

}  // namespace
}  // namespace tarn::document
