// A segment's life: built with its file, taken over, merged, lost, damaged, rebuilt; files of writers that know nothing
// of segments.
#include <gtest/gtest.h>

#include <fstream>

#include "base/random.h"
#include "index/test_table.h"
#include "index/verify.h"

namespace tarn::index {
namespace {

namespace fs = std::filesystem;

std::string sections(base::Random& random, size_t count) {
  std::string body;
  for (size_t i = 0; i < count; ++i) {
    body += "## Part " + std::to_string(random.below(1'000'000)) + "\n\n";
    for (uint64_t w = 5 + random.below(20); w > 0; --w) body += "w" + std::to_string(random.below(60)) + " ";
    body += "\n\n";
    if (random.below(4) > 0) continue;
    body += "| w1 | n" + std::to_string(random.below(60)) + " |\n| --- | --- |\n";
    for (uint64_t rows = random.below(120); rows > 0; --rows) {
      body += "| w" + std::to_string(random.below(60)) + " | x |\n";
    }
    body += "\n";
  }
  return body;
}

TestRows some_rows(base::Random& random, int first, int count) {
  TestRows rows;
  for (int i = first; i < first + count; ++i) {
    const std::string id = "d" + std::to_string(i);
    rows[id] = {"Title " + id, "u/" + id, sections(random, 1 + random.below(3))};
  }
  return rows;
}

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
void write_file(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

class Life : public testing::Test {
 protected:
  std::vector<fs::path> segments(const std::string& part) {
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(table_.directory() + "/main/docs/_tarn")) {
      const std::string path = entry.path().string();
      if (entry.is_regular_file() && path.find("/" + part + "-") != std::string::npos &&
          path.find("lexicon-") == std::string::npos) {
        found.push_back(entry.path());
      }
    }
    std::sort(found.begin(), found.end());
    return found;
  }
  std::shared_ptr<const LiveSet> live() {
    const auto opened = LiveSet::open(table_.table(), table_.snapshot(), table_.indexer());
    EXPECT_TRUE(opened.ok()) << opened.status().to_string();
    return *opened;
  }
  void ensure() {
    const base::Status done = table_.indexer().ensure(table_.table(), *table_.snapshot(), true, {});
    ASSERT_TRUE(done.ok()) << done.to_string();
  }
  void expect_whole() {
    expect_clean(table_);
    const auto verified = verify(table_.table(), *table_.snapshot(), table_.indexer(), table_.connection(), {});
    ASSERT_TRUE(verified.ok()) << verified.status().to_string();
    EXPECT_EQ(verified->segments, static_cast<int64_t>(table_.snapshot()->files.size()));
    for (const auto& finding : verified->findings) ADD_FAILURE() << finding.where << ": " << finding.what;
    EXPECT_EQ(live()->lexical_coverage(), 1);
    EXPECT_EQ(live()->semantic_coverage(), 1);
    EXPECT_TRUE(live()->damaged().empty());
  }

  base::Random random_{7};
  std::unique_ptr<encode::Encoder> encoder_ = encode::make_deterministic();
  TestTable table_{encoder_.get()};
};

TEST_F(Life, AMergedSegmentIsByteForByteARebuiltOne) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(table_.put(some_rows(random_, i * 4, 6)).ok());
  ASSERT_TRUE(table_.erase({"d1", "d9", "d14"}).ok());
  const uint64_t encoded = table_.indexer().encoded_count();
  ASSERT_TRUE(table_.optimize().ok());
  EXPECT_EQ(table_.indexer().encoded_count(), encoded) << "a merge encodes nothing";
  ASSERT_EQ(table_.snapshot()->files.size(), 1u);
  expect_whole();

  const delta::DataFile file = table_.snapshot()->files.begin()->second;
  for (const std::string& path : {lexical_path("main/docs", table_.indexer().lexical_definition_hash(), file),
                                  vector_path("main/docs", table_.indexer().vector_definition_hash(), file)}) {
    const fs::path absolute = table_.directory() + "/" + path;
    const std::string merged = read_file(absolute);
    ASSERT_FALSE(merged.empty());
    fs::remove(absolute);
    ensure();
    EXPECT_TRUE(merged == read_file(absolute)) << path << ": a rebuild has other bytes";
  }
  expect_whole();
}

TEST_F(Life, RowsPutInOrderKeepTheirVectors) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(table_.put(some_rows(random_, i * 4, 6)).ok());
  const uint64_t encoded = table_.indexer().encoded_count();
  ASSERT_TRUE(table_.optimize("title").ok());
  EXPECT_EQ(table_.indexer().encoded_count(), encoded);
  ASSERT_EQ(table_.snapshot()->files.size(), 1u);
  expect_whole();
}

// What opens without a complaint and searches wrongly must not be; what is missing, cut or flipped counts as missing,
// shows in the coverage, is named, and is built again.
TEST_F(Life, ALostOrDamagedSegmentIsNamedAndBuiltAgain) {
  ASSERT_TRUE(table_.put(some_rows(random_, 0, 3)).ok());
  ASSERT_TRUE(table_.put(some_rows(random_, 3, 3)).ok());
  ASSERT_TRUE(table_.put(some_rows(random_, 6, 3)).ok());
  for (const std::string part : {"lexical", "vector"}) {
    const fs::path path = segments(part).front();
    const std::string bytes = read_file(path);
    struct Damage {
      std::string name, bytes;
    };
    std::vector<Damage> damages{{"empty", ""},
                                {"cut in half", bytes.substr(0, bytes.size() / 2)},
                                {"cut by one", bytes.substr(0, bytes.size() - 1)},
                                {"longer", bytes + "x"}};
    for (int i = 0; i < 20; ++i) {
      std::string flipped = bytes;
      const size_t at = random_.below(bytes.size());
      flipped[at] = static_cast<char>(flipped[at] ^ (1 << random_.below(8)));
      damages.push_back({"a bit flipped in byte " + std::to_string(at), flipped});
    }
    size_t noticed = 0;
    for (const Damage& damage : damages) {
      SCOPED_TRACE(part + " segment " + damage.name);
      write_file(path, damage.bytes);
      const auto damaged = live();
      const double coverage = part == "lexical" ? damaged->lexical_coverage() : damaged->semantic_coverage();
      if (coverage == 1) {
        // Padding, which says nothing, or a text block, which is verified when it is read: verify() reads all, and
        // names the file.
        const auto verified = verify(table_.table(), *table_.snapshot(), table_.indexer(), table_.connection(), {});
        ASSERT_TRUE(verified.ok());
        for (const auto& finding : verified->findings) {
          EXPECT_NE(finding.where.find(path.filename().string()), std::string::npos) << finding.where;
        }
        write_file(path, bytes);
        continue;
      }
      ++noticed;
      EXPECT_LT(coverage, 1);
      EXPECT_GT(coverage, 0) << "the other files' segments still serve";
      ASSERT_EQ(damaged->damaged().size(), 1u);
      EXPECT_NE(damaged->damaged().front().find(path.filename().string()), std::string::npos);
      ensure();
      EXPECT_TRUE(read_file(path) == bytes) << "built again as it was";
      EXPECT_EQ(live()->lexical_coverage(), 1);
      EXPECT_EQ(live()->semantic_coverage(), 1);
    }
    EXPECT_GE(noticed, 8u) << "cuts and most flips";
    fs::remove(path);
    const auto without = live();
    EXPECT_LT(part == "lexical" ? without->lexical_coverage() : without->semantic_coverage(), 1);
    EXPECT_TRUE(without->damaged().empty()) << "missing is not damaged";
    ensure();
    EXPECT_TRUE(read_file(path) == bytes);
  }
  expect_whole();
}

TEST_F(Life, AnotherEnginesFileGetsItsSegmentAtTheNextOpen) {
  ASSERT_TRUE(table_.put(some_rows(random_, 0, 2)).ok());
  ASSERT_TRUE(table_.put_by_another_engine(some_rows(random_, 2, 6)).ok());
  EXPECT_DOUBLE_EQ(live()->lexical_coverage(), 0.25);
  EXPECT_DOUBLE_EQ(live()->semantic_coverage(), 0.25);
  EXPECT_TRUE(live()->damaged().empty());
  ensure();
  expect_whole();
}

TEST_F(Life, EqualPassagesAreEncodedOnce) {
  const std::string section = "## Alpha\n\nFirst words here.\n\n", other = "## Beta\n\nOther words there.\n\n";
  ASSERT_TRUE(table_.put({{"a", {"T", "u/a", section + other}}}).ok());
  EXPECT_EQ(table_.indexer().encoded_count(), 2u);
  // One section changes: one passage is encoded, one taken over.
  ASSERT_TRUE(table_.put({{"a", {"T", "u/a", section + "## Beta\n\nChanged words there.\n\n"}}}).ok());
  EXPECT_EQ(table_.indexer().encoded_count(), 3u);
  EXPECT_EQ(table_.indexer().reused_count(), 1u);
  // The same passages under another id, and twice in one file: nothing or one more.
  ASSERT_TRUE(table_.put({{"b", {"T", "u/b", section}}, {"c", {"T", "u/c", section}}}).ok());
  EXPECT_EQ(table_.indexer().encoded_count(), 3u);
  ASSERT_TRUE(table_.put({{"d", {"N", "u/d", "New words.\n"}}, {"e", {"N", "u/e", "New words.\n"}}}).ok());
  EXPECT_EQ(table_.indexer().encoded_count(), 4u);
  // Another title is another input.
  ASSERT_TRUE(table_.put({{"f", {"Another", "u/f", section}}}).ok());
  EXPECT_EQ(table_.indexer().encoded_count(), 5u);
  // A lost vector part takes what it can from the live ones.
  fs::remove(segments("vector").front());
  ensure();
  expect_whole();
}

// The length is the definition's: another one means other segments, which check agrees with as well.
TEST_F(Life, TheDefinitionSaysHowLongPassagesAre) {
  std::string body;
  for (int i = 0; i < 60; ++i) body += "The berth of boat " + std::to_string(i) + " is free in spring. ";
  const TestRows rows{{"a", {"Berths", "u/a", body}}};
  TestTable shorter(encoder_.get(), 1, 300);
  ASSERT_TRUE(table_.put(rows).ok() && shorter.put(rows).ok());
  EXPECT_NE(shorter.indexer().lexical_definition_hash(), table_.indexer().lexical_definition_hash());
  EXPECT_NE(shorter.indexer().vector_definition_hash(), table_.indexer().vector_definition_hash());
  for (auto [table, most, least] : {std::tuple(&shorter, 300, 8U), std::tuple(&table_, 1100, 2U)}) {
    const auto snapshot = table->snapshot();
    const auto verified = verify(table->table(), *snapshot, table->indexer(), table->connection(), {});
    EXPECT_TRUE(verified.ok() && verified->findings.empty());
    const auto segment = *table->indexer().open_lexical(table->table(), snapshot->files.begin()->second);
    EXPECT_GE(segment->passage_count(), least);
    for (base::PassageOrdinal p(0); p.value < segment->passage_count(); p = p.next()) {
      EXPECT_LE(segment->passage(p).end - segment->passage(p).start, static_cast<uint64_t>(most));
    }
    EXPECT_LE(segment->passage_count(), least * 2);
  }
}

// Lakes have segments under these hashes: what was hashed before a length was named is hashed the same.
TEST(Definition, OfTheLengthOfOldNamesNoLength) {
  EXPECT_EQ(lexical_definition("a/1", 1100), base::hash128("tarn lexical 2 passages 2 analyzer a/1"));
  EXPECT_EQ(vector_definition("e/1", 1100), base::hash128("tarn vector 2 passages 2 encoder e/1"));
  EXPECT_EQ(lexical_definition("a/1", 900), base::hash128("tarn lexical 2 passages 2 of 900 bytes analyzer a/1"));
  EXPECT_EQ(lexical_definition("a/1"), lexical_definition("a/1", kPassageBytes));
}

TEST_F(Life, ATableThatIsNoTextTableGetsNoSegments) {
  lake::CreateOptions create;
  create.schema = {{"id", json::Value("string"), true}, {"reading", json::Value("double"), true}};
  base::Random random(5);
  const auto made = lake::create_table({&table_.table().store(), &base::system_clock(), &random, &table_.indexer()},
                                       "main/sensors", create);
  ASSERT_TRUE(made.ok()) << made.status().to_string();
  auto change = (*made)->change(*(*made)->snapshot());
  ASSERT_TRUE(change->append(table_.connection(), "SELECT 'x' AS id, 1.5 AS reading", {}).ok());
  ASSERT_TRUE(change->commit({}).ok());
  EXPECT_FALSE(fs::exists(table_.directory() + "/main/sensors/_tarn"));
}

// What a data file says of places comes through building, merging and verifying; files from before there were any stay
// as they are.
TEST_F(Life, AnchorsComeFromTheRowsOfFilesThatHaveThem) {
  ASSERT_TRUE(table_.put({{"old", {"Old", "u/old", "an old row\n"}}}).ok());
  const auto row = [](const std::string& id, const std::string& anchors) {
    return "SELECT '" + id + "' AS id, 'T' AS title, 'u' AS uri, E'# T\n\none\n\n# U\n\ntwo three\n' AS body, " +
           anchors + " AS anchors";
  };
  const std::string of_another = "[{'start': 900::BIGINT, 'kind': 'page', 'value': '1'}]";  // and no place of this body
  ASSERT_TRUE(
      table_
          .append(
              row("new",
                  "[{'start': 5::BIGINT, 'kind': 'page', 'value': '1'}, {'start': 19, 'kind': 'page', 'value': '2'}]"))
          .ok());
  ASSERT_TRUE(table_.append(row("none", "NULL")).ok());
  ASSERT_TRUE(table_.append(row("odd", of_another)).ok());
  const auto expect_anchors = [&] {
    std::map<std::string, std::vector<std::vector<document::Anchor>>> found;
    const auto now = live();
    for (const auto& segment : now->segments()) {
      for (uint32_t d = 0; d < segment.lexical->document_count(); ++d) {
        const auto document = segment.lexical->document(d);
        for (base::PassageOrdinal p(document.first_passage); p.value < document.passage_end; p = p.next()) {
          found[std::string(document.id)].push_back(*segment.lexical->anchors(p));
        }
      }
    }
    ASSERT_EQ(found["new"].size(), 2u);
    const uint64_t second = passages_of("T", "# T\n\none\n\n# U\n\ntwo three\n")[1].start;
    EXPECT_EQ(found["new"][0], (std::vector<document::Anchor>{{5, "page", "1"}}));
    EXPECT_EQ(found["new"][1], (std::vector<document::Anchor>{{second, "page", "1"}, {19, "page", "2"}}));
    for (const char* id : {"old", "none", "odd"}) {
      for (const auto& anchors : found[id]) EXPECT_TRUE(anchors.empty()) << id;
    }
  };
  expect_anchors();
  expect_whole();
  ASSERT_TRUE(table_.optimize().ok());
  EXPECT_EQ(table_.snapshot()->files.size(), 1u);
  expect_anchors();
  expect_whole();
}

// With few and with many segments, by a lexicon or without: the same statistics as counting.
TEST_F(Life, StatisticsAreThoseOfTheLiveRows) {
  TestRows model;
  for (int i = 0; i < 8; ++i) {
    const TestRows rows = some_rows(random_, i * 3, 5);
    ASSERT_TRUE(table_.put(rows).ok());
    for (const auto& [id, row] : rows) model[id] = row;
    if (i % 2 == 1) {
      const std::string gone = model.begin()->first;
      ASSERT_TRUE(table_.erase({gone}).ok());
      model.erase(gone);
    }
    uint64_t passages = 0;
    std::map<std::string, uint64_t> frequency;
    for (const auto& [id, row] : model) {
      for (const document::Passage& p : passages_of(row.title, row.body)) {
        ++passages;
        std::map<std::string, int> terms;
        for (const std::string& text :
             {context_text(row.title, p.heading, row.body.substr(p.context_start, p.context_end - p.context_start)),
              searchable_text(row.body.substr(p.start, p.end - p.start))}) {
          table_.analyzer().analyze(text, [&](const text::Token& token) { ++terms[std::string(token.term)]; });
        }
        for (const auto& [term, count] : terms) ++frequency[term];
      }
    }
    const auto now = live();
    EXPECT_EQ(now->passage_count(), passages);
    for (const auto& [term, count] : frequency) {
      EXPECT_EQ(now->document_frequency(term), count) << term;
      inverted::Query query;
      query.clauses = {{inverted::Occur::should, {term}, {0}}};
      EXPECT_EQ(now->resolve(query).statistics.document_frequency[0][0], count) << term;
    }
  }
  expect_whole();
}

// The lexicon of the set before gives the next one: the same bytes as one that is built, whatever files came and went.
TEST_F(Life, ALexiconIsMadeOfTheOneBefore) {
  const auto open = [&](const LiveSet& set) {
    std::vector<delta::DataFile> files;
    std::vector<const inverted::Reader*> readers;
    for (const LiveSet::Segment& segment : set.segments()) {
      files.push_back(segment.file);
      readers.push_back(&segment.lexical->inverted());
    }
    return open_lexicon(table_.table().store(), table_.table().path(), table_.indexer().lexical_definition_hash(),
                        files, readers)
        .from;
  };
  const auto lexicons = [&] {
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(table_.directory() + "/main/docs/_tarn")) {
      if (entry.path().filename().string().starts_with("lexicon-")) found.push_back(entry.path());
    }
    return found;
  };
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(table_.put(some_rows(random_, i * 3, 3)).ok());
  EXPECT_EQ(open(*live()), LexiconFile::From::file) << "written when the live set was opened";
  for (int i = 0; i < 6; ++i) {
    // Rows that come, rows that change, and so a file that goes.
    ASSERT_TRUE(table_.put(some_rows(random_, 10 + i * 2, 4)).ok());
    if (i == 2) {
      ASSERT_TRUE(table_.erase({"d0", "d1", "d2"}).ok());
    }
    const auto before = lexicons();
    const auto now = live();
    std::vector<fs::path> added = lexicons();
    std::erase_if(added, [&](const fs::path& path) { return std::count(before.begin(), before.end(), path) > 0; });
    ASSERT_EQ(added.size(), 1u);
    fs::remove(added[0]);
    EXPECT_EQ(open(*now), LexiconFile::From::another_set);
    const std::string made = read_file(added[0]);
    for (const fs::path& path : lexicons()) fs::remove(path);
    EXPECT_EQ(open(*now), LexiconFile::From::segments);
    EXPECT_EQ(read_file(added[0]), made);
  }
  // One that is damaged, or is of quite another set, is passed over.
  ASSERT_TRUE(table_.put(some_rows(random_, 100, 3)).ok());
  std::string bytes = read_file(lexicons().at(0));
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  write_file(lexicons().at(0), bytes);
  EXPECT_EQ(live()->lexical_coverage(), 1);
  expect_whole();
}

}  // namespace
}  // namespace tarn::index
