// The line scanner against cmark-gfm, which is the reference: the same top-level headings on the same lines.
#include "document/markdown/block_scanner.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "document/document.h"
#include "document/markdown/random_markdown.h"

namespace tarn::document {
namespace {

struct Heading {
  int level = 0;
  int line = 0;  // from 1
  bool operator==(const Heading&) const = default;
};
void PrintTo(const Heading& h, std::ostream* out) { *out << "h" << h.level << " at line " << h.line; }

std::vector<Heading> by_cmark(const std::string& text) {
  cmark_gfm_core_extensions_ensure_registered();
  cmark_parser* parser = cmark_parser_new(CMARK_OPT_DEFAULT);
  cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension("table"));
  cmark_parser_feed(parser, text.data(), text.size());
  cmark_node* root = cmark_parser_finish(parser);
  std::vector<Heading> out;
  for (cmark_node* n = cmark_node_first_child(root); n; n = cmark_node_next(n)) {
    if (cmark_node_get_type(n) == CMARK_NODE_HEADING) {
      out.push_back({cmark_node_get_heading_level(n), cmark_node_get_start_line(n)});
    }
  }
  cmark_node_free(root);
  cmark_parser_free(parser);
  return out;
}

std::vector<Heading> by_scanner(const std::string& text) {
  std::vector<Heading> out;
  for (const Block& b : scan_blocks(text)) {
    if (b.kind != BlockKind::heading || b.depth > 0) continue;
    out.push_back({b.level, 1 + static_cast<int>(
                                    std::count(text.begin(), text.begin() + static_cast<ptrdiff_t>(b.start), '\n'))});
  }
  return out;
}

TEST(BlockScanner, FindsTheHeadingsThatCmarkFinds) {
  const uint64_t seed = 20261122;
  base::Random random(seed);
  for (int round = 0; round < 20'000; ++round) {
    const std::string text = random_markdown(&random, 1 + random.below(9));
    ASSERT_EQ(by_scanner(text), by_cmark(text)) << "seed " << seed << " round " << round << "\n" << text;
  }
}

TEST(BlockScanner, BlocksCoverEveryLineOnce) {
  const uint64_t seed = 7;
  base::Random random(seed);
  for (int round = 0; round < 5'000; ++round) {
    const std::string text = random_markdown(&random, 1 + random.below(20));
    uint64_t at = 0;
    for (const Block& b : scan_blocks(text)) {
      ASSERT_LE(at, b.start) << "seed " << seed << " round " << round << "\n" << text;
      ASSERT_LT(b.start, b.end) << text;
      ASSERT_TRUE(b.start == 0 || text[b.start - 1] == '\n') << text;
      ASSERT_TRUE(b.end == text.size() || text[b.end] == '\n') << text;
      ASSERT_EQ(text.substr(at, b.start - at).find_first_not_of(" \t\n"), std::string::npos)
          << "seed " << seed << " round " << round << " lost before " << b.start << "\n"
          << text;
      at = b.end;
    }
    ASSERT_EQ(text.substr(at).find_first_not_of(" \t\n"), std::string::npos) << text;
  }
}

TEST(BlockScanner, ReadsHeadings) {
  const std::string text = "# One #\n\n  Two\nlines\n---\n\n```\n# no heading\n```\n- # in a list\n\n###### Six\n";
  std::vector<std::string> words;
  for (const Block& b : scan_blocks(text)) {
    if (b.kind == BlockKind::heading && b.depth == 0) {
      words.push_back(text.substr(b.text_start, b.text_end - b.text_start));
    }
  }
  EXPECT_EQ(words, (std::vector<std::string>{"One", "Two\nlines", "Six"}));
}

TEST(BlockScanner, TwoHundredLevelsAreFlattened) {
  std::string text;
  for (int i = 0; i < 200; ++i) {
    text += std::string(static_cast<size_t>(i) * 2, ' ') + "- level " + std::to_string(i) + "\n";
  }
  text += "\n# After\n";
  const std::vector<Block> blocks = scan_blocks(text);
  int deepest = 0;
  for (const Block& b : blocks) deepest = std::max(deepest, b.depth);
  EXPECT_EQ(deepest, kMaxNesting);
  EXPECT_EQ(by_scanner(text), (std::vector<Heading>{{1, 202}}));
}

}  // namespace
}  // namespace tarn::document
