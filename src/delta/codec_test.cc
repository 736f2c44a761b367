// The small codecs beneath the log: base85, CRC-32, paths, deletion vectors, type names, statistics.

#include "base/bytes.h"
#include "base/example_test.h"
#include "base/random.h"
#include "base/status_test.h"
#include "delta/actions.h"
#include "delta/crc32.h"
#include "delta/deletion_vector.h"
#include "delta/path.h"
#include "delta/schema.h"
#include "delta/state_file.h"
#include "delta/statistics.h"
#include "delta/type_parser.h"
#include "delta/z85.h"
#include "duck/shared_test.h"
#include "store/scratch_test.h"

namespace tarn::delta {
namespace {

std::string from_hex(std::string_view hex) {
  std::string bytes;
  int high = -1;
  for (char c : hex) {
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) continue;
    if (high < 0) {
      high = digit;
    } else {
      bytes += static_cast<char>(high * 16 + digit);
      high = -1;
    }
  }
  return bytes;
}

TEST(Z85, AgreesWithItsRfc) {
  EXPECT_EQ(z85_encode(from_hex("864fd26fb559f75b")), "HelloWorld");
  EXPECT_EQ(take(z85_decode("HelloWorld")), from_hex("864fd26fb559f75b"));
  base::Random random(3);
  for (int i = 0; i < 200; ++i) {
    std::string bytes(random.below(40) * 4, '\0');
    for (char& b : bytes) b = static_cast<char>(random.next());
    EXPECT_EQ(take(z85_decode(z85_encode(bytes))), bytes);
  }
  for (const char* bad : {"1234", "12345\"", "%%%%%", "12\n45", "#####"}) EXPECT_FALSE(z85_decode(bad).ok()) << bad;
}

TEST(Crc32, AgreesWithTheCheckValue) { EXPECT_EQ(crc32("123456789"), 0xCBF43926U); }

TEST(Path, EncodesAndRefuses) {
  for (const char* path : {"part-1.parquet", "a b/c%d", "ü/é", "p=1/x y.parquet", "q#h?x", "\x01\xff"}) {
    EXPECT_EQ(take(decode_path(encode_path(path))), path);
    EXPECT_TRUE(is_local_path(encode_path(path))) << path;
  }
  EXPECT_EQ(take(decode_path("a%20b%2Fc")), "a b/c");
  for (const char* bad : {"%", "%2", "%zz", "a%"}) {
    EXPECT_EQ(decode_path(bad).status().code(), base::Code::corruption) << bad;
  }
  // S1: what leaves the table.
  for (const char* foreign :
       {"../x", "a/../../x", "/etc/passwd", "file:///etc/passwd", "s3://b/x", "%2e%2e/x", "..%2fx", "%2Fetc/passwd",
        "a/%2e%2e/b", "http://h/x", "s3a:x", "", "a//b", "./a", "x%00y", "C:/x"}) {
    EXPECT_FALSE(is_local_path(foreign)) << foreign;
  }
}

TEST(DeletionVector, NamesAreTheProtocols) {
  // The protocol's inline example holds an older form, big-endian throughout, that no engine reads: refused, not
  // misread.
  DeletionVector vector;
  vector.storage = "i";
  vector.path_or_inline = "wi5b=000010000siXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L";
  vector.size_bytes = 40;
  vector.cardinality = 6;
  const store::ScratchDirectory scratch;
  const auto store = take(store::open_local(scratch.path()));
  const auto old_form = read_deletion_vector(*store, "t", vector);
  EXPECT_EQ(old_form.status().code(), base::Code::corruption);
  EXPECT_NE(old_form.status().message().find("wrong magic number"), std::string::npos);
  vector = inline_deletion_vector(encode_rows({3, 4, 7, 11, 18, 29}), 6);
  EXPECT_EQ(take(read_deletion_vector(*store, "t", vector)), (RowList{3, 4, 7, 11, 18, 29}));
  vector.cardinality = 5;
  EXPECT_EQ(read_deletion_vector(*store, "t", vector).status().code(), base::Code::corruption);
  DeletionVector named;
  named.storage = "u";
  named.path_or_inline = "ab^-aqEH.-t@S}K{vb[*k^";
  named.offset = 4;
  EXPECT_EQ(take(deletion_vector_path(named)), "ab/deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin");
  EXPECT_EQ(take(encode_uuid("d2c639aa-8816-431a-aaf6-d3fe2512ff61")), "^-aqEH.-t@S}K{vb[*k^");
  EXPECT_EQ(named.unique_id(), "uab^-aqEH.-t@S}K{vb[*k^@4");
  named.path_or_inline = "../^-aqEH.-t@S}K{vb[*k^";
  EXPECT_EQ(deletion_vector_path(named).status().code(), base::Code::corruption);
  named.storage = "p";
  EXPECT_EQ(deletion_vector_path(named).status().code(), base::Code::permission_denied);
}

TEST(DeletionVector, ReadsTheDocumentsExample) {
  const std::string file = from_hex(base::example("delta.md", "deletion vector file, byte by byte"));
  const store::ScratchDirectory scratch;
  const auto store = take(store::open_local(scratch.path()));
  const std::string uuid = "00112233-4455-4677-8899-aabbccddeeff";
  ASSERT_OK(store->put("t/" + deletion_vector_file_name(uuid), file));
  DeletionVectorFile writer;
  DeletionVector first = writer.add(encode_rows({0, 2, 5}), 3),
                 second = writer.add(encode_rows({7, 8, 9, 10, 11, 12}), 6);
  EXPECT_EQ(writer.bytes(), file) << "what is written is what the document shows";
  first.path_or_inline = second.path_or_inline = take(encode_uuid(uuid));
  EXPECT_EQ(take(read_deletion_vector(*store, "t", first)), (RowList{0, 2, 5}));
  EXPECT_EQ(take(read_deletion_vector(*store, "t", second)), (RowList{7, 8, 9, 10, 11, 12}));
  // D1, D2: every flipped bit and every cut is noticed, unless it lies in what this vector does not read.
  for (size_t bit = 0; bit < file.size() * 8; ++bit) {
    std::string damaged = file;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    ASSERT_OK(store->put("t/" + deletion_vector_file_name(uuid), damaged));
    const bool both_fine =
        read_deletion_vector(*store, "t", first).ok() && read_deletion_vector(*store, "t", second).ok();
    EXPECT_FALSE(both_fine) << "bit " << bit;
  }
  for (size_t length = 0; length < file.size(); ++length) {
    ASSERT_OK(store->put("t/" + deletion_vector_file_name(uuid), file.substr(0, length)));
    EXPECT_FALSE(read_deletion_vector(*store, "t", second).ok()) << length;
  }
}

TEST(DeletionVector, RoundTripsAndRefusesDamage) {
  base::Random random(5);
  for (int i = 0; i < 60; ++i) {
    std::set<int64_t> rows;
    const uint64_t shape = random.below(4);
    const auto bound = uint64_t{1} << (shape == 0 ? 10 : shape == 1 ? 20 : 40);
    for (uint64_t k = random.below(3000); k > 0; --k) rows.insert(static_cast<int64_t>(random.below(bound)));
    for (int64_t k = 0; shape == 3 && k < 100'000; ++k) rows.insert(70'000 + k);
    const RowList list(rows.begin(), rows.end());
    const std::string bytes = encode_rows(list);
    EXPECT_EQ(take(decode_rows(bytes, "test")), list);
    // Damage is refused, or reads as some ascending list; it never crashes.
    std::string damaged = bytes;
    for (int k = 0; k < 4; ++k) damaged[random.below(damaged.size())] = static_cast<char>(random.next());
    const auto read = decode_rows(damaged, "test");
    if (read.ok()) {
      EXPECT_TRUE(std::is_sorted(read->begin(), read->end()));
    }
    for (const size_t cut : {size_t{0}, size_t{3}, size_t{4}, bytes.size() / 2, bytes.size() - 1}) {
      EXPECT_FALSE(decode_rows(std::string_view(bytes).substr(0, cut), "test").ok());
    }
  }
}

TEST(DeletionVector, RefusesBillionsOfRows) {
  // 32-bit bitmap with 65,536 run containers, each full: 4 G rows.
  std::string bytes;
  base::ByteWriter writer(&bytes);
  writer.fixed(uint32_t{1681511377});
  writer.fixed(uint64_t{1});
  writer.fixed(uint32_t{0});
  writer.fixed(uint32_t{12347U | (65535U << 16)});
  bytes.append(8192, '\xff');
  for (uint32_t k = 0; k < 65536; ++k) {
    writer.fixed(static_cast<uint16_t>(k));
    writer.fixed(uint16_t{65535});
  }
  const size_t header = 4 + 8192 + 65536 * 4 + 65536 * 4;
  for (uint32_t k = 0; k < 65536; ++k) writer.fixed(static_cast<uint32_t>(header + k * 6));
  for (uint32_t k = 0; k < 65536; ++k) {
    writer.fixed(uint16_t{1});
    writer.fixed(uint16_t{0});
    writer.fixed(uint16_t{65535});
  }
  const auto read = decode_rows(bytes, "test");
  EXPECT_EQ(read.status().code(), base::Code::exhausted) << read.status().to_string();
}

TEST(Types, ParseAndPrint) {
  for (const char* type :
       {"VARCHAR", "BIGINT", "DECIMAL(18,3)", "TIMESTAMP WITH TIME ZONE", "TIMESTAMP", "VARCHAR[]", "INTEGER[][]",
        "STRUCT(\"a\" INTEGER, \"b c\" VARCHAR[])", "MAP(VARCHAR, STRUCT(\"x\" DOUBLE[]))", "BLOB", "DATE"}) {
    EXPECT_EQ(take(duckdb_type(take(delta_type(type, "c")))), type);
  }
  EXPECT_EQ(json::write(take(delta_type("FLOAT[384]", "c"))),
            R"({"type":"array","elementType":"float","containsNull":true})");
  EXPECT_EQ(take(duckdb_type(take(delta_type("STRUCT(\"q\"\"t\" JSON)", "c")))), "STRUCT(\"q\"\"t\" VARCHAR)");
  for (const char* bad : {"", "STRUCT(", "STRUCT()", "MAP(VARCHAR)", "DECIMAL(", "DECIMAL(0,0)", "DECIMAL(39,1)",
                          "VARCHAR[", "VARCHAR x", "ENUM('a')", "\"", "(", "STRUCT(a)", "DECIMAL(1,2)"}) {
    EXPECT_FALSE(delta_type(bad, "c").ok()) << bad;
  }
  std::string deep = "INTEGER";
  for (int i = 0; i < 500; ++i) deep = "STRUCT(a " + deep + ")";
  EXPECT_EQ(delta_type(deep, "c").status().code(), base::Code::exhausted);
}

TEST(Statistics, AreThoseOfTheFormat) {
  std::vector<Field> schema = take(fields_of({{"i", "BIGINT"},
                                              {"s", "VARCHAR"},
                                              {"d", "DOUBLE"},
                                              {"n", "DOUBLE"},
                                              {"t", "TIMESTAMP WITH TIME ZONE"},
                                              {"ntz", "TIMESTAMP"},
                                              {"da", "DATE"},
                                              {"far", "DATE"},
                                              {"de", "DECIMAL(10,2)"},
                                              {"wide", "DECIMAL(38,2)"},
                                              {"st", "STRUCT(x INTEGER, y STRUCT(z VARCHAR))"},
                                              {"li", "INTEGER[]"},
                                              {"b", "BOOLEAN"}}));
  duck::ParquetFile written;
  written.row_count = 3;
  const auto column = [&](std::vector<std::string> path, const char* min, const char* max, int64_t nulls,
                          std::optional<bool> nan = {}) {
    duck::ColumnStats stats;
    stats.path = std::move(path);
    stats.min = min;
    stats.max = max;
    stats.null_count = nulls;
    stats.has_nan = nan;
    written.columns.push_back(stats);
  };
  column({"i"}, "-5", "9223372036854775807", 0);
  column({"s"}, "secret a", "secret b", 1);
  column({"d"}, "-0.0", "2.5", 0, false);
  column({"n"}, "1", "2", 0, true);
  column({"t"}, "2020-01-01 00:00:00+00", "2020-01-01 00:00:00.1234+00", 0);
  column({"ntz"}, "1969-12-31 23:59:59.999999", "2020-01-01 00:00:00", 0);
  column({"da"}, "2020-01-01", "2020-12-31", 0);
  column({"far"}, "0044-03-15 (BC)", "infinity", 0);
  column({"de"}, "-1.50", "12.34", 0);
  column({"wide"}, "1.00", "99999999999999999999.99", 0);
  column({"st", "x"}, "1", "2", 2);
  column({"st", "y", "z"}, "q", "q", 2);
  column({"li", "element"}, "1", "2", 0);
  column({"b"}, "0", "1", 0);
  Snapshot snapshot;
  snapshot.schema = schema;
  EXPECT_EQ(
      make_statistics(snapshot, written),
      R"({"numRecords":3,"minValues":{"i":-5,"d":0.0,"t":"2020-01-01T00:00:00.000000Z","ntz":"1969-12-31T23:59:59.999999","da":"2020-01-01",)"
      R"("de":-1.5,"st":{"x":1}},"maxValues":{"i":9223372036854775807,"d":2.5,"t":"2020-01-01T00:00:00.123400Z","ntz":"2020-01-01T00:00:00.000000",)"
      R"("da":"2020-12-31","de":12.34,"st":{"x":2}},"nullCount":{"i":0,"s":1,"d":0,"n":0,"t":0,"ntz":0,"da":0,"far":0,"de":0,"wide":0,)"
      R"("st":{"x":2,"y":{"z":2}},"b":0},"tightBounds":true})");
}

TEST(Statistics, LoosenKeepsEveryDigit) {
  EXPECT_EQ(loosen(R"({"numRecords":1,"maxValues":{"d":12345678901234567890.123456789},"tightBounds":true})"),
            R"({"numRecords":1,"maxValues":{"d":12345678901234567890.123456789},"tightBounds":false})");
  EXPECT_EQ(loosen(R"({"numRecords":1})"), R"({"tightBounds":false,"numRecords":1})");
  EXPECT_EQ(loosen("{}"), R"({"tightBounds":false})");
  EXPECT_EQ(loosen(R"({"minValues":{"tightBounds":true,"x\"{":[1,{}]}, "tightBounds" : true ,"n":"tightBounds"})"),
            R"({"minValues":{"tightBounds":true,"x\"{":[1,{}]}, "tightBounds" : false ,"n":"tightBounds"})");
}

TEST(Actions, RefuseDamageWithTheLine) {
  EXPECT_TRUE(parse_actions("{\"unknown\":{\"x\":1}}\n\n{\"cdc\":{\"path\":\"x\"}}\r\n", "log").ok());
  for (
      const char* bad :
      {R"({"add":{"path":"x"}})", R"({"add":{"size":1}})", R"({"add":{"path":"%zz","size":"1"}})", R"([1])",
       R"({"add":)", R"({"remove":{}})", R"({"txn":{"appId":"a"}})", R"({"protocol":{}} {"protocol":{}})",
       R"({"add":{"path":"x","size":1,"deletionVector":{"storageType":"z"}}})",
       R"({"add":{"path":"x","size":1,"deletionVector":{"storageType":"u","pathOrInlineDv":"x","sizeInBytes":-1,"cardinality":1}}})",
       R"({"add":{"path":"x","size":-1}})", R"({"add":{"path":"x","size":1,"partitionValues":{"p":1}}})"}) {
    const auto parsed = parse_actions(std::string("{}\n") + bad + "\n", "NNN.json");
    EXPECT_EQ(parsed.status().code(), base::Code::corruption) << bad;
    EXPECT_NE(parsed.status().message().find("NNN.json line 2"), std::string::npos) << parsed.status().message();
  }
}

TEST(StateFile, IsWhatTheFormatDocumentShows) {
  State state;
  Actions actions;
  actions.protocol = take(json::parse(R"({"minReaderVersion":1,"minWriterVersion":2})"));
  actions.metadata = take(json::parse(R"({"id":"i","schemaString":"{\"type\":\"struct\",\"fields\":[]}"})"));
  actions.transactions = {{"pull", 3, {}}};
  Add add;
  add.file.path = add.file.encoded_path = "a.parquet";
  add.file.size_bytes = 300;
  add.file.modified_ms = 1'700'000'000'000;
  add.file.stats = R"({"numRecords":2})";
  add.file.tags[std::string(kHashTag)] = "00112233445566778899aabbccddeeff";
  actions.adds = {add};
  ASSERT_TRUE(state.apply(actions).ok());
  state.version = base::Version(12);
  state.committed_at_us = 1'700'000'000'000'000;
  const std::string bytes = state_bytes(state, {1, 2});
  EXPECT_EQ(bytes, from_hex(base::example("state.md", "one transaction:")));
  EXPECT_TRUE(take(read_state(bytes, "example")).state->agrees_with(state));
}

TEST(Actions, WriteWhatTheyRead) {
  const std::string text =
      R"({"add":{"path":"a%20b","partitionValues":{"p":"1","q":null},"size":5,"modificationTime":7,"dataChange":false,"stats":"{}","tags":{"k":"v"},)"
      R"("deletionVector":{"storageType":"u","pathOrInlineDv":"x","offset":1,"sizeInBytes":2,"cardinality":3}}})"
      "\n"
      R"({"remove":{"path":"c","deletionTimestamp":9,"dataChange":true,"extendedFileMetadata":true,"partitionValues":{},"size":4}})"
      "\n"
      R"({"txn":{"appId":"s","version":3,"lastUpdated":8}})"
      "\n";
  const Actions actions = take(parse_actions(text, "log"));
  EXPECT_EQ(actions.adds.at(0).file.path, "a b");
  EXPECT_EQ(json::write(add_action(actions.adds[0])) + "\n" + json::write(remove_action(actions.removes.at(0))) + "\n" +
                json::write(transaction_action(actions.transactions.at(0))) + "\n",
            text);
}

}  // namespace
}  // namespace tarn::delta
