#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "base/random.h"
#include "index/definition.h"
#include "index/lexical_segment.h"
#include "index/occurrences.h"
#include "index/vector_segment.h"

namespace tarn::index {
namespace {

using base::Hash128;
using base::PassageOrdinal;

const Hash128 kDefinition = base::hash128("definition"), kSource = base::hash128("source");

struct Row {
  std::string id, title, uri, body;
  std::vector<document::Anchor> anchors = {};
};

std::string table_of_boats() {
  std::string body = "| Boat | Berth |\n| --- | --- |\n";
  for (int i = 0; i < 100; ++i) body += fmt::format("| boat{0} | the {0}th one |\n", i);
  return body;
}

std::vector<Row> rows() {
  return {{"a", "Alpha", "u/a", "# Alpha\n\nFirst words here.\n\n## Beta\n\nMore [words](http://x/hidden) there.\n"},
          {"b", "Only a title", "u/b", ""},
          {"c", "", "u/c", std::string(40'000, 'x') + "\n\nlast one\n"},
          {"d", "Boats", "u/d", table_of_boats(), {{0, "page", "1"}, {700, "page", "2"}, {710, "sheet", "Quay"}}}};
}

std::string_view part(std::string_view body, uint64_t start, uint64_t end) { return body.substr(start, end - start); }

std::string lexical_bytes(const std::vector<Row>& all) {
  const auto analyzer = *text::make_analyzer("english");
  LexicalWriter writer;
  Occurrences occurrences;
  for (size_t i = 0; i < all.size(); ++i) {
    writer.begin_document({base::RowIndex(static_cast<int64_t>(i)), all[i].id, all[i].title, all[i].uri});
    for (const document::Passage& p : passages_of(all[i].title, all[i].body, all[i].anchors)) {
      const std::string_view text = part(all[i].body, p.start, p.end);
      occurrences.analyze(*analyzer, all[i].title, p.heading, text, part(all[i].body, p.context_start, p.context_end));
      writer.add_passage(p, text, occurrences.view());
    }
  }
  return writer.finish(kDefinition, kSource);
}

base::Result<std::shared_ptr<const LexicalSegment>> open_lexical(std::string_view bytes) {
  TARN_ASSIGN(auto container, Container::open(bytes, "x.seg", Part::lexical, kDefinition, kSource));
  return LexicalSegment::open(container);
}

TEST(LexicalSegment, GivesBackWhatWasWritten) {
  const std::string bytes = lexical_bytes(rows());
  const auto segment = open_lexical(bytes);
  ASSERT_TRUE(segment.ok()) << segment.status().to_string();
  ASSERT_EQ((*segment)->document_count(), 4u);
  for (uint32_t d = 0; d < 4; ++d) {
    const Row expected = rows()[d];
    const auto document = (*segment)->document(d);
    EXPECT_EQ(document.id, expected.id);
    EXPECT_EQ(document.title, expected.title);
    EXPECT_EQ(document.uri, expected.uri);
    EXPECT_EQ((*segment)->document_of_row(document.row), d);
    const auto passages = passages_of(expected.title, expected.body, expected.anchors);
    ASSERT_EQ(document.passage_end - document.first_passage, passages.size());
    for (size_t i = 0; i < passages.size(); ++i) {
      const PassageOrdinal p(document.first_passage + static_cast<uint32_t>(i));
      EXPECT_EQ((*segment)->heading(p), passages[i].heading);
      EXPECT_EQ(*(*segment)->anchors(p), passages[i].anchors);
      EXPECT_EQ(*(*segment)->text(p), part(expected.body, passages[i].start, passages[i].end));
      EXPECT_EQ(*(*segment)->context(p), part(expected.body, passages[i].context_start, passages[i].context_end));
    }
  }
  EXPECT_EQ((*segment)->document_of_row(base::RowIndex(4)), 4u);
  EXPECT_TRUE((*segment)->inverted().find("word").has_value());
  EXPECT_FALSE((*segment)->inverted().find("hidden").has_value()) << "a link's target is no text";
  const auto boats = (*segment)->document(3);
  ASSERT_GT(boats.passage_end - boats.first_passage, 2u);
  EXPECT_EQ(*(*segment)->context(PassageOrdinal(boats.passage_end - 1)), "| Boat | Berth |");
  uint32_t with_names = 0;
  for (PassageOrdinal p(boats.first_passage); p.value < boats.passage_end; p = p.next()) {
    bool named = false;
    (*segment)->inverted().passage_occurrences(
        p, [&](inverted::TermOrdinal term, uint32_t) { named |= (*segment)->inverted().term(term) == "berth"; });
    with_names += named;
  }
  EXPECT_EQ(with_names, boats.passage_end - boats.first_passage) << "every passage is found by its columns' names";
}

TEST(LexicalSegment, AnchorsAreASectionThatNeedNotBeThere) {
  const auto has_anchors = [](std::string_view bytes) {
    const auto container = Container::open(bytes, "x.seg", Part::lexical, kDefinition, kSource);
    return container.ok() && (*container)->has(SectionId::anchors);
  };
  const std::string with = lexical_bytes(rows());
  EXPECT_TRUE(has_anchors(with));
  std::vector<Row> bare = rows();
  for (Row& row : bare) row.anchors.clear();
  const std::string without = lexical_bytes(bare);
  EXPECT_FALSE(has_anchors(without)) << "a segment of documents without anchors is what it was before there were any";
  EXPECT_EQ(*(*open_lexical(without))->anchors(PassageOrdinal(0)), std::vector<document::Anchor>());
}

TEST(LexicalSegment, AnUnknownSectionIsPassedOver) {
  const std::string bytes = lexical_bytes(rows());
  const auto known = *Container::open(bytes, "x.seg", Part::lexical, kDefinition, kSource);
  std::vector<Section> sections{{static_cast<SectionId>(77), "of a later program"}};
  for (uint32_t id = 1; id <= 9; ++id) {
    if (known->has(static_cast<SectionId>(id))) {
      sections.push_back({static_cast<SectionId>(id), std::string(*known->section(static_cast<SectionId>(id)))});
    }
  }
  const std::string later = write_container(Part::lexical, kDefinition, kSource, sections);
  const auto segment = open_lexical(later);
  ASSERT_TRUE(segment.ok()) << segment.status().to_string();
  EXPECT_EQ((*segment)->passage_count(), (*open_lexical(bytes))->passage_count());
}

// D1: every truncation and every flipped bit is found, or does no harm.
TEST(LexicalSegment, FindsEveryTruncationAndFlippedByte) {
  std::vector<Row> small = rows();
  small.resize(2);
  small.push_back(rows().back());
  small.back().body.resize(1300);
  const std::string bytes = lexical_bytes(small);
  for (size_t cut = 0; cut < bytes.size(); ++cut) {
    EXPECT_EQ(open_lexical(std::string_view(bytes).substr(0, cut)).status().code(), base::Code::corruption) << cut;
  }
  const auto reference = *open_lexical(bytes);
  for (size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << (at % 8)));
    const auto segment = open_lexical(damaged);
    if (!segment.ok()) {
      EXPECT_EQ(segment.status().code(), base::Code::corruption);
      continue;
    }
    // Padding or a text block: what can be read is what was written, or says that it is damaged.
    for (uint32_t p = 0; p < (*segment)->passage_count(); ++p) {
      const auto text = (*segment)->text(PassageOrdinal(p));
      if (text.ok()) {
        EXPECT_EQ(*text, *reference->text(PassageOrdinal(p))) << at;
      } else {
        EXPECT_EQ(text.status().code(), base::Code::corruption);
      }
    }
  }
}

TEST(Container, RefusesAnotherFilesSegment) {
  const std::string bytes = lexical_bytes(rows());
  EXPECT_FALSE(Container::open(bytes, "x", Part::vector, kDefinition, kSource).ok());
  EXPECT_FALSE(Container::open(bytes, "x", Part::lexical, kSource, kSource).ok());
  EXPECT_FALSE(Container::open(bytes, "x", Part::lexical, kDefinition, kDefinition).ok());
}

// The bytes of the worked example in doc/format/segment.md.
std::string documented_example() {
  std::ifstream file(std::string(TARN_SOURCE_DIR) + "/doc/format/segment.md");
  std::stringstream all;
  all << file.rdbuf();
  const std::string text = all.str();
  std::string bytes;
  std::istringstream lines(text.substr(text.find("<!-- example -->")));
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("    ") || line.find(':') == std::string::npos) continue;
    std::istringstream hex(line.substr(line.find(':') + 1));
    for (std::string byte; hex >> byte && byte != "|";) {
      bytes.push_back(static_cast<char>(std::stoi(byte, nullptr, 16)));
    }
  }
  return bytes;
}

TEST(Container, TheDocumentedExampleIsWhatIsWrittenAndRead) {
  const std::string example = documented_example();
  const std::string written =
      write_container(Part::vector, kDefinition, kSource, {{SectionId::input_hashes, "0123456789abcdef"}});
  EXPECT_EQ(example, written) << [&] {
    std::string hex;
    for (size_t i = 0; i < written.size(); ++i) {
      if (i % 16 == 0) hex += fmt::format("\n    {:02x}:", i);
      hex += fmt::format(" {:02x}", static_cast<unsigned>(static_cast<uint8_t>(written[i])));
    }
    return hex;
  }();
  const auto container = Container::open(example, "example", Part::vector, kDefinition, kSource);
  ASSERT_TRUE(container.ok()) << container.status().to_string();
  EXPECT_EQ(*(*container)->section(SectionId::input_hashes), "0123456789abcdef");
}

TEST(VectorSegment, GivesBackRowsAndHashes) {
  std::vector<uint16_t> halves;
  std::vector<Hash128> hashes;
  base::Random random(3);
  for (int i = 0; i < 7; ++i) {
    hashes.push_back(base::hash128(std::to_string(i)));
    for (int d = 0; d < 24; ++d) halves.push_back(static_cast<uint16_t>(0x3000 + random.below(0x800)));
  }
  const std::string bytes = write_vector_segment(halves, 24, hashes, kDefinition, kSource);
  const auto container = Container::open(bytes, "x.seg", Part::vector, kDefinition, kSource);
  ASSERT_TRUE(container.ok());
  const auto segment = VectorSegment::open(*container);
  ASSERT_TRUE(segment.ok()) << segment.status().to_string();
  for (uint32_t p = 0; p < 7; ++p) {
    EXPECT_EQ((*segment)->input_hash(PassageOrdinal(p)), hashes[p]);
    const auto row = (*segment)->vectors().row(PassageOrdinal(p));
    EXPECT_TRUE(std::equal(row.begin(), row.end(), halves.begin() + p * 24));
  }
}

TEST(SearchableText, CodeIsTextAndMarkupIsNot) {
  const auto words = [](std::string_view text, std::string_view context = {}) {
    const std::string made = searchable_text(text, context);
    EXPECT_EQ(made.size(), text.size());
    std::istringstream in(made);
    std::string out;
    for (std::string word; in >> word;) out += (out.empty() ? "" : " ") + word;
    return out;
  };
  EXPECT_EQ(words("See [the *guide*](http://x/a_(b) \"now\") and ![pic](p.png)."),
            "See [the *guide*] \"now\" and ![pic] .");
  EXPECT_EQ(words("Call x[a](b, c) or `t[0](k)` here."), "Call x[a](b, c) or `t[0](k)` here.");
  EXPECT_EQ(words("A <span class=\"x\">mark</span>, a <name>, a <bean id=\"w\"/>."),
            "A mark</span>, a <name>, a <bean id=\"w\"/>.");
  EXPECT_EQ(words("<table><tr><td width=\"3\">in</td></tr></table>\n<img alt=\"otter logo\" src=\"hidden.png\">"),
            "in otter logo");
  const std::string code = "<a href=\"u\">v</a>\nh[k](z)";
  EXPECT_EQ(words("```xml\n" + code + "\n```\n\n<a href=\"u\">v</a>"),
            "```xml "
            "<a href=\"u\">v</a> h[k](z) ``` v</a>");
  EXPECT_EQ(words(code + "\n~~~\n\n[l](u)", "~~~ html"), "<a href=\"u\">v</a> h[k](z) ~~~ [l]");
  EXPECT_EQ(words("Text\n\n    <a href=\"u\">\n"), "Text <a href=\"u\">") << "indented";
}

TEST(EncoderInput, SaysTitleAndHeadingsOnce) {
  EXPECT_EQ(encoder_input("Guide", {{"Guide", "Install"}, 0, 0}, "## Install\n\nRun *it*."),
            "Guide > Install\nRun it.");
  EXPECT_EQ(encoder_input("", {{}, 0, 0}, "Plain."), "Plain.");
  EXPECT_EQ(encoder_input("Only", {{}, 0, 0}, ""), "Only");
}

TEST(EncoderInput, SaysTheColumnsNamesAndNoFence) {
  EXPECT_EQ(encoder_input("Boats", {{}, 0, 0}, "| Jay | 7 |\n| Kit | 8 |", "| Boat | Berth |"),
            "Boats\nBoat Berth\nJay 7\nKit 8");
  EXPECT_EQ(encoder_input("Run", {{}, 0, 0}, "echo *a*\n```\nDone *now*.", "```sh"), "Run\necho *a*\nDone now.");
}

}  // namespace
}  // namespace tarn::index
