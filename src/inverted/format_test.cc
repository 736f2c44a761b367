// The worked examples of doc/format/inverted.md and lexicon.md: read from the documents, decoded, and written again.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "inverted/lexicon.h"
#include "inverted/postings.h"
#include "inverted/query.h"

namespace tarn::inverted {
namespace {

// The bytes of the lines "    0000  54 41 …" of a document.
std::string example(const std::string& name) {
  std::ifstream in(std::string(TARN_SOURCE_DIR) + "/doc/format/" + name);
  std::string line, out;
  while (std::getline(in, line)) {
    if (line.size() < 12 || !line.starts_with("    ") || line.substr(8, 2) != "  " ||
        !std::isxdigit(static_cast<unsigned char>(line[4]))) {
      continue;
    }
    EXPECT_EQ(std::stoul(line.substr(4, 4), nullptr, 16), out.size()) << line;
    std::istringstream bytes(line.substr(10));
    std::string byte;
    while (bytes >> byte) out.push_back(static_cast<char>(std::stoul(byte, nullptr, 16)));
  }
  return out;
}

std::string dump(std::string_view bytes) {
  std::string out;
  char text[24];
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::snprintf(text, sizeof text, "%04zx ", i);
    if (i % 16 == 0) out += (i ? "\n    " : "    ") + std::string(text);
    std::snprintf(text, sizeof text, " %02x", static_cast<unsigned>(static_cast<unsigned char>(bytes[i])));
    out += text;
  }
  return out;
}

std::string first_segment() {
  Builder b;
  b.add_passage(std::vector<Occurrence>{{"the", 0}, {"quick", 1}, {"fox", 2}});
  b.add_passage(std::vector<Occurrence>{{"the", 0}, {"fox", 1}});
  b.add_passage(std::vector<Occurrence>{{"fox", 0}, {"fox", 1}});
  return b.finish();
}

std::string second_segment() {
  Builder b;
  b.add_passage(std::vector<Occurrence>{{"a", 0}, {"quick", 1}, {"quick", 2}, {"test", 3}});
  return b.finish();
}

TEST(Format, InvertedExample) {
  const std::string bytes = example("inverted.md");
  EXPECT_EQ(dump(bytes), dump(first_segment()));
  const auto reader = Reader::open(bytes, "inverted.md").value();
  EXPECT_EQ(reader->passage_count(), 3u);
  EXPECT_EQ(reader->total_length(), 7u);
  ASSERT_EQ(reader->term_count(), 3u);
  EXPECT_EQ(reader->term(TermOrdinal(0)), "fox");
  EXPECT_EQ(reader->term(TermOrdinal(1)), "quick");
  EXPECT_EQ(reader->find("the"), TermOrdinal(2));
  EXPECT_EQ(reader->document_frequency(TermOrdinal(0)), 3u);
  EXPECT_EQ(reader->document_frequency(TermOrdinal(1)), 1u);
  std::vector<std::pair<uint32_t, uint32_t>> got;
  reader->passage_occurrences(base::PassageOrdinal(0),
                              [&](TermOrdinal t, uint32_t position) { got.emplace_back(t.value, position); });
  EXPECT_EQ(got, (std::vector<std::pair<uint32_t, uint32_t>>{{2, 0}, {1, 1}, {0, 2}}));
}

TEST(Format, LexiconExample) {
  const std::string bytes = example("lexicon.md");
  const std::string segments[] = {first_segment(), second_segment()};
  const auto one = Reader::open(segments[0], "one").value(), two = Reader::open(segments[1], "two").value();
  const Reader* readers[] = {one.get(), two.get()};
  EXPECT_EQ(dump(bytes), dump(build_lexicon(readers)));
  const auto lexicon = Lexicon::open(bytes, "lexicon.md").value();
  std::vector<LexiconEntry> entries;
  EXPECT_EQ(lexicon->find("quick", &entries), 2u);
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[1].segment, 1u);
  EXPECT_EQ(entries[1].term.term, TermOrdinal(1));
  EXPECT_EQ(entries[1].term.impacts[0], (Impact{2, 4}));
}

}  // namespace
}  // namespace tarn::inverted
