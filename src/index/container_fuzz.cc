// Any bytes as a segment file of each part → opened and read to the end, or corruption; whole files with damage in them
// likewise.
#include <cstdint>
#include <cstring>
#include <string>

#include "base/bytes.h"
#include "index/lexical_segment.h"
#include "index/occurrences.h"
#include "index/vector_segment.h"

namespace {

using namespace tarn;
using namespace tarn::index;

const base::Hash128 kHash = base::hash128("fuzz");

std::string lexical_file() {
  const auto analyzer = *text::make_analyzer("standard");
  LexicalWriter writer;
  Occurrences occurrences;
  const std::string body = "one two three two";
  for (int64_t row = 0; row < 3; ++row) {
    const std::string id = "d" + std::to_string(row);
    writer.begin_document({base::RowIndex(row), id, "title", "uri"});
    occurrences.analyze(*analyzer, "title", {"head"}, body);
    document::Passage passage{{"head"}, 0, body.size()};
    passage.anchors = {{0, "page", "1"}, {2, "line", "7"}};
    writer.add_passage(passage, body, occurrences.view());
  }
  return writer.finish(kHash, kHash);
}

std::string vector_file() {
  const std::vector<uint16_t> halves(3 * 8, 0x3000);
  const std::vector<base::Hash128> hashes(3, kHash);
  return write_vector_segment(halves, 8, hashes, kHash, kHash);
}

void read_lexical(std::string_view bytes) {
  const auto container = Container::open(bytes, "fuzz", Part::lexical, kHash, kHash);
  if (!container.ok()) return;
  const auto segment = LexicalSegment::open(*container);
  if (!segment.ok()) return;
  for (uint32_t d = 0; d < (*segment)->document_count(); ++d) (void)(*segment)->document(d);
  for (base::PassageOrdinal p(0); p.value < (*segment)->passage_count(); p = p.next()) {
    (void)(*segment)->passage(p);
    (void)(*segment)->heading(p);
    (void)(*segment)->text(p);
    (void)(*segment)->anchors(p);
    (*segment)->inverted().passage_occurrences(
        p, [&](inverted::TermOrdinal term, uint32_t) { (void)(*segment)->inverted().term(term); });
  }
  (void)(*segment)->document_of_row(base::RowIndex(1));
}

void read_vector(std::string_view bytes) {
  const auto container = Container::open(bytes, "fuzz", Part::vector, kHash, kHash);
  if (!container.ok()) return;
  const auto segment = VectorSegment::open(*container);
  if (!segment.ok()) return;
  for (base::PassageOrdinal p(0); p.value < (*segment)->passage_count(); p = p.next()) {
    (void)(*segment)->input_hash(p);
    (void)(*segment)->vectors().row(p);
  }
}

// Every checksum made right again, so that damage gets past them to the readers behind.
std::string with_checksums(std::string bytes) {
  if (bytes.size() < 56) return bytes;
  const uint32_t count = base::load_le<uint32_t>(bytes.data() + 12);
  if (count > 64 || 56 + 32 * size_t{count} + 8 > bytes.size()) return bytes;
  for (uint32_t i = 0; i < count; ++i) {
    char* entry = bytes.data() + 56 + 32 * size_t{i};
    const uint64_t offset = base::load_le<uint64_t>(entry + 8), size = base::load_le<uint64_t>(entry + 16);
    if (offset > bytes.size() || size > bytes.size() - offset) continue;
    const uint64_t hash = base::hash64(std::string_view(bytes).substr(offset, size));
    std::memcpy(entry + 24, &hash, 8);
  }
  const size_t end = 56 + 32 * size_t{count};
  const uint64_t hash = base::hash64(std::string_view(bytes).substr(0, end));
  std::memcpy(bytes.data() + end, &hash, 8);
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::string files[2] = {lexical_file(), vector_file()};
  const std::string raw(reinterpret_cast<const char*>(data), size);
  read_lexical(raw);
  read_vector(raw);
  read_lexical(with_checksums(raw));
  read_vector(with_checksums(raw));
  for (const std::string& whole : files) {
    std::string damaged = whole;
    for (size_t i = 0; i + 3 <= size && i < 60; i += 3) {
      damaged[size_t(data[i] << 8 | data[i + 1]) % damaged.size()] = static_cast<char>(data[i + 2]);
    }
    for (const std::string& bytes : {damaged, with_checksums(damaged)}) {
      read_lexical(bytes);
      read_vector(bytes);
    }
  }
  return 0;
}
